// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations in trees.
#include "tools/basalt/lsp/Symbols.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"

using namespace basalt::lsp;
using llvm::ArrayRef;
using llvm::StringRef;

/// As many classes are followed along `extends`.
static constexpr unsigned maxExtends = 32;

StringRef basalt::lsp::nameOf(SymbolKind kind) {
  switch (kind) {
  case SymbolKind::Process:
    return "process";
  case SymbolKind::Record:
    return "record";
  case SymbolKind::Parameter:
    return "parameter";
  case SymbolKind::Var:
    return "Var";
  case SymbolKind::InPort:
    return "InPort";
  case SymbolKind::OutPort:
    return "OutPort";
  case SymbolKind::RefPort:
    return "RefPort";
  case SymbolKind::VarPort:
    return "VarPort";
  case SymbolKind::Alias:
    return "alias";
  case SymbolKind::Instance:
    return "instance";
  case SymbolKind::Function:
    return "function";
  case SymbolKind::Local:
    return "local";
  case SymbolKind::File:
    return "file";
  }
  llvm_unreachable("all kinds are above");
}

/// Longer declarations are cut off.
static constexpr size_t mostShown = 120;

/// The value as it stands, on one line.
static std::string declarationOf(const Document &document, const Entry &entry) {
  std::string text;
  for (char c : document.tree().value(entry).take_front(2 * mostShown))
    if (c != '\n' || (!text.empty() && text.back() != ' '))
      text += c == '\n' ? ' ' : c;
  if (text.empty()) // a long form over several lines
    for (const auto &child : llvm::ArrayRef(entry.children).take_front(mostShown))
      text += (text.empty() ? "" : ", ") + child->key + ": " +
              document.tree().value(*child).take_front(mostShown).str();
  if (text.size() > mostShown)
    text = text.substr(0, mostShown) + "...";
  return llvm::json::fixUTF8(text);
}

/// The lines of a block without what they are all indented by.
static std::string dedent(StringRef block) {
  llvm::SmallVector<StringRef> lines;
  block.split(lines, '\n');
  size_t indent = StringRef::npos;
  for (StringRef line : lines)
    if (!line.trim().empty())
      indent = std::min(indent, line.find_first_not_of(' '));
  std::string text;
  for (StringRef line : lines)
    text += line.drop_front(std::min(indent, line.size())).str() + "\n";
  return StringRef(text).trim().str();
}

static std::string docOf(const Document &document, const Entry &entry) {
  const Entry &declared = document.tree().resolve(entry);
  const Entry *doc = declared.find("doc");
  return llvm::json::fixUTF8(doc ? dedent(document.tree().value(*doc)) : entry.comment);
}

static Symbol makeSymbol(SymbolKind kind, const Document &document, const Entry &entry) {
  return {kind,
          entry.key,
          &document,
          entry.keySpan,
          &entry,
          declarationOf(document, entry),
          docOf(document, entry)};
}

//===--- Classes ---===//

Class Symbols::findClass(const Document &from, StringRef section, StringRef name) {
  if (name.empty())
    return {};
  for (const Document *document : workspace.visibleFrom(from))
    if (const Entry *found = document->tree().find({section, name}))
      return {document, found};
  return {};
}

std::vector<Symbol> Symbols::classes(const Document &from, StringRef section) {
  std::vector<Symbol> result;
  llvm::StringMap<bool> seen;
  for (const Document *document : workspace.visibleFrom(from))
    if (const Entry *entries = document->tree().find({section}))
      for (const auto &entry : entries->children)
        if (!entry->key.empty() && seen.try_emplace(entry->key).second)
          result.push_back(symbolOf({document, entry.get()}));
  return result;
}

Symbol Symbols::symbolOf(const Class &cls) const {
  bool isRecord = cls.entry->parent && cls.entry->parent->key == "records";
  Symbol symbol =
      makeSymbol(isRecord ? SymbolKind::Record : SymbolKind::Process, *cls.document, *cls.entry);
  symbol.declaration.clear();
  return symbol;
}

//===--- Members ---===//

static SymbolKind portKind(const Document &document, const Entry &entry) {
  const Entry *direction = entry.find("direction");
  StringRef word = document.tree().value(direction ? *direction : entry);
  return llvm::StringSwitch<SymbolKind>(word.take_while(llvm::isAlpha))
      .Case("in", SymbolKind::InPort)
      .Case("ref", SymbolKind::RefPort)
      .Case("var", SymbolKind::VarPort)
      .Default(SymbolKind::OutPort);
}

void Symbols::addSection(std::vector<Symbol> &members, const Class &cls, StringRef section,
                         SymbolKind kind) const {
  const Entry *entries = cls.entry->find(section);
  if (!entries)
    return;
  llvm::StringSet<> seen;
  for (const Symbol &member : members)
    seen.insert(member.name);
  for (const auto &entry : cls.document->tree().resolve(*entries).children) {
    if (entry->key.empty() || !seen.insert(entry->key).second)
      continue;
    members.push_back(makeSymbol(kind, *cls.document, *entry));
    Symbol &symbol = members.back();
    symbol.owner = cls.entry->key;
    if (section == "ports")
      symbol.kind = portKind(*cls.document, *entry);
  }
}

void Symbols::addMembers(std::vector<Symbol> &members, const Class &cls, unsigned depth) {
  const Tree &tree = cls.document->tree();
  bool isRecord = cls.entry->parent && cls.entry->parent->key == "records";
  if (isRecord) {
    for (const auto &entry : cls.entry->children)
      if (entry->key != "doc" && entry->key != "extends" && entry->key != "limits") {
        members.push_back(makeSymbol(SymbolKind::Parameter, *cls.document, *entry));
        members.back().owner = cls.entry->key;
      }
  }
  addSection(members, cls, "params", SymbolKind::Parameter);
  addSection(members, cls, "vars", SymbolKind::Var);
  addSection(members, cls, "ports", SymbolKind::OutPort);
  if (const Entry *models = cls.entry->find("models"))
    for (const auto &model : tree.resolve(*models).children)
      if (const Entry *network = model->find("network"))
        addSection(members, {cls.document, &tree.resolve(*network)}, "aliases", SymbolKind::Alias);
  const Entry *base = cls.entry->find("extends");
  if (!base || depth == maxExtends)
    return;
  StringRef section = isRecord ? "records" : "processes";
  if (Class found = findClass(*cls.document, section, tree.value(*base)))
    addMembers(members, found, depth + 1);
}

std::vector<Symbol> Symbols::members(const Class &cls) {
  std::vector<Symbol> result;
  if (cls)
    addMembers(result, cls, 0);
  return result;
}

static std::optional<Symbol> findIn(std::vector<Symbol> symbols, StringRef name) {
  for (Symbol &symbol : symbols)
    if (symbol.name == name)
      return std::move(symbol);
  return std::nullopt;
}

std::optional<Symbol> Symbols::findMember(const Class &cls, StringRef name) {
  return findIn(members(cls), name);
}

std::vector<Symbol> Symbols::fileParameters(const Document &document) {
  std::vector<Symbol> result;
  addSection(result, {&document, &document.tree().root()}, "params", SymbolKind::Parameter);
  return result;
}

std::vector<Symbol> Symbols::functions(const Document &from) {
  std::vector<Symbol> result;
  for (const Document *document : workspace.visibleFrom(from)) {
    const Entry *entry = document->tree().root().find("functions");
    if (!entry)
      continue;
    StringRef text = document->tree().value(*entry);
    for (size_t at = 0; (at = text.find("fn ", at)) != StringRef::npos; at += 3) {
      bool isWord = at == 0 || text[at - 1] == '\n' || text[at - 1] == ' ' || text[at - 1] == ';';
      StringRef rest = text.substr(at + 3);
      StringRef name = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
      if (!isWord || name.empty())
        continue;
      size_t begin = entry->valueSpan.begin + at + 3;
      Symbol symbol{SymbolKind::Function, name.str(), document, {begin, begin + name.size()}};
      StringRef head = rest.take_front(mostShown).take_until(
          [](char c) { return c == '\n' || c == '{' || c == '='; });
      symbol.declaration = llvm::json::fixUTF8("fn " + head.rtrim().str());
      result.push_back(std::move(symbol));
    }
  }
  return result;
}

//===--- Networks ---===//

std::vector<Symbol> Symbols::instances(const Document &document, const Entry &network) {
  std::vector<Symbol> result;
  if (const Entry *entries = network.find("instances"))
    for (const auto &entry : document.tree().resolve(*entries).children)
      if (!entry->key.empty())
        result.push_back(makeSymbol(SymbolKind::Instance, document, *entry));
  return result;
}

Class Symbols::classOf(const Document &document, const Entry &instance) {
  const Entry &resolved = document.tree().resolve(instance);
  const Entry *cls = resolved.find("class");
  return findClass(document, "processes", document.tree().value(cls ? *cls : resolved));
}

Class Symbols::enclosingProcess(const Document &document, const Entry &entry) {
  for (const Entry *at = &entry; at->parent; at = at->parent)
    if (at->parent->key == "processes" && at->parent->parent && !at->parent->parent->parent)
      return {&document, at};
  return {};
}

const Entry *Symbols::enclosingNetwork(const Document &document, const Entry &entry) {
  for (const Entry *at = &entry; at->parent; at = at->parent)
    if (at->key == "network")
      return at;
  return document.tree().root().find("network");
}

std::optional<Symbol> Symbols::findPath(const Document &document, const Entry &at,
                                        ArrayRef<StringRef> names) {
  const Entry *network = enclosingNetwork(document, at);
  const Document *in = &document;
  if (!network || names.empty())
    return std::nullopt;
  std::optional<Symbol> instance = findIn(instances(*in, *network), names.front());
  if (!instance) // a member of the enclosing process
    return names.size() == 1 ? findMember(enclosingProcess(document, at), names.front())
                             : std::nullopt;
  for (size_t k = 1; k < names.size() && instance; ++k) {
    Class cls = classOf(*in, *instance->entry);
    if (!cls)
      return std::nullopt;
    if (std::optional<Symbol> member = findMember(cls, names[k]))
      return k + 1 == names.size() ? member : std::nullopt;
    // An instance within a hierarchical process, in whichever of its models.
    in = cls.document;
    instance.reset();
    const Entry *models = cls.entry->find("models");
    if (!models)
      return std::nullopt;
    for (const auto &model : in->tree().resolve(*models).children)
      if (const Entry *inner = model->find("network"); inner && !instance)
        instance = findIn(instances(*in, in->tree().resolve(*inner)), names[k]);
  }
  return instance;
}
