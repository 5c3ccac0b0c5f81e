// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the editor shows of a name: its declaration, and its type, shape and value in the network.
#include "tools/basalt/lsp/Features.h"
#include "tools/basalt/lsp/SchemaAt.h"

#include "llvm/ADT/STLExtras.h"

using namespace basalt::lsp;
namespace protocol = llvm::lsp;

/// More instances are counted, not listed.
static constexpr size_t mostListed = 6;

/// `FILE:LINE:COLUMN` as the compiler says it.
static std::string placeOf(const Symbol &symbol) {
  llvm::StringRef before = symbol.document->text().take_front(symbol.place.begin);
  size_t line = before.count('\n') + 1, column = before.size() - (before.rfind('\n') + 1) + 1;
  return symbol.document->path().str() + ":" + std::to_string(line) + ":" + std::to_string(column);
}

static std::string spell(const Instantiated &known) {
  std::string text = known.type.empty() ? "" : "`" + known.type + "`";
  if (!known.value.empty())
    text += (text.empty() ? "`" : " = `") + known.value + "`";
  return text;
}

/// In the instance that is meant, or in all of them, those that are alike together.
static std::string describeInstances(const Found &found, llvm::ArrayRef<Instantiated> known) {
  for (const Instantiated &one : known)
    if (!found.instance.empty() && one.instance == found.instance)
      return "\n\n" + spell(one);
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const Instantiated &one : known) {
    std::string text = spell(one);
    auto same = llvm::find_if(groups, [&](const auto &group) { return group.first == text; });
    if (same == groups.end())
      same = groups.insert(groups.end(), {text, {}});
    same->second.push_back(one.instance);
  }
  std::string text;
  for (const auto &[type, instances] : llvm::ArrayRef(groups).take_front(mostListed)) {
    if (type.empty())
      continue;
    text += "\n- " + type + " in ";
    for (auto [k, instance] : llvm::enumerate(llvm::ArrayRef(instances).take_front(mostListed)))
      text += (k ? ", `" : "`") + instance + "`";
    if (instances.size() > mostListed)
      text += " and " + std::to_string(instances.size() - mostListed) + " more";
  }
  return text.empty() ? "" : "\n" + text;
}

static std::string describe(const Found &found, const Reports &reports, Symbols &symbols) {
  const Symbol &symbol = found.symbol;
  std::string text = nameOf(symbol.kind).str() + " `" + symbol.name;
  if (symbol.kind == SymbolKind::Function || symbol.kind == SymbolKind::Local)
    text = nameOf(symbol.kind).str() + " `" + symbol.declaration;
  else if (!symbol.declaration.empty())
    text += ": " + symbol.declaration;
  text += "`";
  if (!symbol.owner.empty())
    text += " of `" + symbol.owner + "`";
  std::vector<Instantiated> known;
  for (const auto &[file, report] : reports)
    if (auto it = report.members.find(placeOf(symbol)); it != report.members.end())
      llvm::append_range(known, it->second);
  text += describeInstances(found, known);
  std::string doc = symbol.doc;
  if (symbol.kind == SymbolKind::Instance)
    if (Class cls = symbols.classOf(*symbol.document, *symbol.entry))
      doc = symbols.symbolOf(cls).doc;
  return text + (doc.empty() ? "" : "\n\n" + doc);
}

/// The parameters, Vars and ports of a process.
static std::string listMembers(const Symbol &symbol, Symbols &symbols) {
  std::string text;
  for (const Symbol &member : symbols.members({symbol.document, symbol.entry}))
    text += "\n" + nameOf(member.kind).str() + " " + member.name +
            (member.declaration.empty() ? "" : ": " + member.declaration);
  return text.empty() ? "" : "\n\n```" + text + "\n```";
}

std::optional<protocol::Hover> basalt::lsp::hover(Workspace &workspace, const Reports &reports,
                                                  const Document &document, size_t offset) {
  Symbols symbols(workspace);
  std::string text;
  Span word = document.wordAt(offset);
  const Entry &entry = document.tree().at(offset);
  const frontend::yaml::KeySpec *key =
      entry.keySpan.contains(offset) && !entry.key.empty() ? keyAt(entry) : nullptr;
  if (key) {
    text = "`" + key->name.str() + "`: " + key->doc.str();
  } else if (std::optional<Found> found = findSymbol(symbols, workspace, document, offset)) {
    word = found->word;
    text = describe(*found, reports, symbols);
    if (found->symbol.kind == SymbolKind::Process || found->symbol.kind == SymbolKind::Record)
      text += listMembers(found->symbol, symbols);
  }
  if (text.empty())
    return std::nullopt;
  protocol::Hover result(document.rangeOf(word));
  result.contents.kind = protocol::MarkupKind::Markdown;
  result.contents.value = llvm::json::fixUTF8(text);
  return result;
}
