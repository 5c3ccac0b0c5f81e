// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What may be written next: keys and words of the language, names of the program.
#include "tools/basalt/lsp/Features.h"
#include "tools/basalt/lsp/SchemaAt.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace basalt;
using namespace basalt::lsp;
using basalt::frontend::yaml::KeySpec;
using basalt::frontend::yaml::Schema;
using basalt::frontend::yaml::ValueSpec;
using llvm::StringRef;
namespace protocol = llvm::lsp;

namespace {
/// One question.
class Completer {
public:
  Completer(Workspace &workspace, const Document &document, size_t offset)
      : workspace(workspace), symbols(workspace), document(document), offset(offset),
        entry(document.tree().at(offset)) {}
  protocol::CompletionList complete();

private:
  void add(StringRef label, protocol::CompletionItemKind kind, StringRef detail = "",
           StringRef doc = "", StringRef suffix = "");
  void add(const Symbol &symbol, StringRef suffix = "");
  void addAll(llvm::ArrayRef<Symbol> symbols, StringRef suffix = "") {
    for (const Symbol &symbol : symbols)
      add(symbol, suffix);
  }
  bool isAtKey() const;
  void addKeys(const Entry &mapping);
  void addChoices();
  void addEnds();
  void addCode();
  void addByValue();

  Workspace &workspace;
  Symbols symbols;
  const Document &document;
  size_t offset;
  const Entry &entry;
  protocol::CompletionList result;
  llvm::StringSet<> labels; // of the result
};
} // namespace

void Completer::add(StringRef label, protocol::CompletionItemKind kind, StringRef detail,
                    StringRef doc, StringRef suffix) {
  if (label.empty() || !labels.insert(label).second)
    return;
  protocol::CompletionItem item(llvm::json::fixUTF8(label), kind, "");
  item.detail = llvm::json::fixUTF8(detail);
  item.insertText = item.label + suffix.str();
  item.insertTextFormat = protocol::InsertTextFormat::PlainText;
  if (!doc.empty())
    item.documentation =
        protocol::MarkupContent{protocol::MarkupKind::PlainText, llvm::json::fixUTF8(doc)};
  result.items.push_back(std::move(item));
}

static protocol::CompletionItemKind kindOf(SymbolKind kind) {
  switch (kind) {
  case SymbolKind::Process:
    return protocol::CompletionItemKind::Class;
  case SymbolKind::Record:
    return protocol::CompletionItemKind::Struct;
  case SymbolKind::Parameter:
    return protocol::CompletionItemKind::Constant;
  case SymbolKind::Function:
    return protocol::CompletionItemKind::Function;
  case SymbolKind::InPort:
  case SymbolKind::OutPort:
  case SymbolKind::RefPort:
  case SymbolKind::VarPort:
    return protocol::CompletionItemKind::Interface;
  default:
    return protocol::CompletionItemKind::Variable;
  }
}

void Completer::add(const Symbol &symbol, StringRef suffix) {
  std::string detail = nameOf(symbol.kind).str();
  if (!symbol.declaration.empty())
    detail += " " + symbol.declaration;
  add(symbol.name, kindOf(symbol.kind), detail, symbol.doc, suffix);
}

/// Half a key, or where one may begin.
bool Completer::isAtKey() const {
  if (!entry.key.empty() && entry.keySpan.contains(offset))
    return true;
  if (entry.isFlow && entry.valueSpan.contains(offset) &&
      document.tree().value(entry).starts_with("{"))
    return true;
  size_t line = document.text().take_front(offset).rfind('\n') + 1;
  StringRef before = document.text().slice(line, offset).ltrim(" -");
  bool isWord = llvm::all_of(before, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  return isWord && !entry.isBlock;
}

void Completer::addKeys(const Entry &mapping) {
  for (const Schema *schema : schemasAt(mapping))
    for (const KeySpec &key : schema->keys)
      if (const Entry *there = mapping.find(key.name); !there || there == &entry)
        add(key.name, protocol::CompletionItemKind::Property, "", key.doc, ": ");
  // Arguments of an instance.
  if (mapping.parent && mapping.parent->key == "instances")
    for (const Symbol &member : symbols.members(symbols.classOf(document, mapping)))
      if (member.kind == SymbolKind::Parameter || member.kind == SymbolKind::Var)
        add(member, ": ");
}

/// Words that the language knows for this value.
void Completer::addChoices() {
  const ValueSpec *spec = specAt(entry);
  if (!spec)
    return;
  for (StringRef choice : spec->choices)
    add(choice, protocol::CompletionItemKind::EnumMember);
  if (spec->kinds == frontend::yaml::KindBool || spec->kinds == frontend::yaml::KindFlag)
    for (StringRef word : {"true", "false"})
      add(word, protocol::CompletionItemKind::EnumMember);
}

/// Instances, and, behind a dot, what the instance has.
void Completer::addEnds() {
  Span word = document.wordAt(offset);
  llvm::SmallVector<StringRef> names;
  while (word.begin > 0 && document.text()[word.begin - 1] == '.') {
    Span before = document.wordAt(word.begin - 1);
    word = {before.begin, before.begin};
    names.insert(names.begin(), document.tree().textOf({before.begin, before.end}).rtrim('.'));
  }
  if (!names.empty()) {
    std::optional<Symbol> instance = symbols.findPath(document, entry, names);
    if (!instance || instance->kind != SymbolKind::Instance)
      return;
    for (const Symbol &member :
         symbols.members(symbols.classOf(*instance->document, *instance->entry)))
      if (member.kind != SymbolKind::Parameter)
        add(member);
    return;
  }
  if (const Entry *network = Symbols::enclosingNetwork(document, entry))
    addAll(symbols.instances(document, *network));
  for (const Symbol &member : symbols.members(Symbols::enclosingProcess(document, entry)))
    if (member.kind != SymbolKind::Parameter)
      add(member);
}

/// In behaviours and expressions.
void Completer::addCode() {
  Span word = document.wordAt(offset);
  Class process = Symbols::enclosingProcess(document, entry);
  if (word.begin > 0 && document.text()[word.begin - 1] == '.') {
    Span before = document.wordAt(word.begin - 1);
    std::optional<Symbol> port =
        symbols.findMember(process, document.tree().textOf({before.begin, word.begin - 1}));
    if (port && port->kind == SymbolKind::InPort)
      add("recv()", protocol::CompletionItemKind::Method);
    if (port && port->kind == SymbolKind::OutPort)
      add("send", protocol::CompletionItemKind::Method);
    if (port && port->kind == SymbolKind::RefPort)
      for (StringRef method : {"read()", "write"})
        add(method, protocol::CompletionItemKind::Method);
    return;
  }
  addAll(symbols.members(process));
  addAll(symbols.fileParameters(document));
  addAll(symbols.functions(document));
}

void Completer::addByValue() {
  llvm::SmallVector<StringRef> path = pathOf(entry);
  auto above = [&](size_t k) { return k < path.size() ? path[path.size() - 1 - k] : StringRef(); };
  StringRef key = entry.isItem ? above(1) : above(0);
  addChoices();
  if (key == "import") {
    for (const std::string &name : workspace.libraryNames())
      add(name, protocol::CompletionItemKind::File);
    return;
  }
  if (above(1) == "instances" || (key == "class" && above(2) == "instances"))
    return addAll(symbols.classes(document, "processes"));
  if (key == "class")
    return addAll(symbols.classes(document, "records"));
  if (key == "extends")
    return addAll(symbols.classes(document, path[0] == "records" ? "records" : "processes"));
  if (key == "connections" || above(1) == "aliases" || key == "probes" || key == "get")
    return addEnds();
  bool isCode = entry.isBlock || key.ends_with("_guard") || above(1) == "vars" ||
                above(1) == "ports" || document.tree().value(entry).starts_with("$");
  if (isCode)
    addCode();
}

protocol::CompletionList Completer::complete() {
  // What is being written is an entry already, but where nothing is.
  size_t line = document.text().take_front(offset).rfind('\n') + 1;
  bool isBlank = document.text().slice(line, offset).trim().empty();
  bool isOpen = entry.isFlow && document.tree().value(entry).starts_with("{");
  if (isAtKey())
    addKeys(isBlank || isOpen || !entry.parent || entry.isItem ? entry : *entry.parent);
  if (result.items.empty()) // an item of a list may be either
    addByValue();
  return std::move(result);
}

protocol::CompletionList basalt::lsp::complete(Workspace &workspace, const Document &document,
                                               size_t offset) {
  return Completer(workspace, document, offset).complete();
}
