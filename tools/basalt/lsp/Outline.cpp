// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tree of symbols that an editor shows beside a text.
#include "tools/basalt/lsp/Features.h"

#include "llvm/ADT/StringSwitch.h"

using namespace basalt::lsp;
using llvm::StringRef;
namespace protocol = llvm::lsp;

static protocol::DocumentSymbol makeSymbol(const Document &document, const Entry &entry,
                                           protocol::SymbolKind kind) {
  constexpr size_t mostShown = 60;
  protocol::DocumentSymbol symbol(entry.key, kind, document.rangeOf(entry.whole),
                                  document.rangeOf(entry.keySpan));
  StringRef value = document.tree().value(entry);
  if (!entry.isBlock && !value.contains('\n'))
    symbol.detail = llvm::json::fixUTF8(value.take_front(mostShown));
  return symbol;
}

/// The children of the value at `section`, each as one symbol.
static void addAll(std::vector<protocol::DocumentSymbol> &symbols, const Document &document,
                   const Entry &entry, StringRef section, protocol::SymbolKind kind) {
  if (const Entry *found = entry.find(section))
    for (const auto &child : found->children)
      if (!child->key.empty())
        symbols.push_back(makeSymbol(document, *child, kind));
}

static void addNetwork(std::vector<protocol::DocumentSymbol> &symbols, const Document &document,
                       const Entry &owner) {
  const Entry *network = owner.find("network");
  if (!network)
    return;
  symbols.push_back(makeSymbol(document, *network, protocol::SymbolKind::Module));
  auto &children = symbols.back().children;
  addAll(children, document, *network, "instances", protocol::SymbolKind::Object);
  addAll(children, document, *network, "aliases", protocol::SymbolKind::Field);
}

static void addProcess(std::vector<protocol::DocumentSymbol> &symbols, const Document &document,
                       const Entry &process) {
  symbols.push_back(makeSymbol(document, process, protocol::SymbolKind::Class));
  auto &children = symbols.back().children;
  addAll(children, document, process, "params", protocol::SymbolKind::Constant);
  addAll(children, document, process, "vars", protocol::SymbolKind::Field);
  addAll(children, document, process, "ports", protocol::SymbolKind::Interface);
  const Entry *models = process.find("models");
  if (!models)
    return;
  for (const auto &model : models->children) {
    addAll(children, document, *model, "phases", protocol::SymbolKind::Method);
    addNetwork(children, document, *model);
  }
}

std::vector<protocol::DocumentSymbol> basalt::lsp::outline(const Document &document) {
  std::vector<protocol::DocumentSymbol> symbols;
  const Entry &root = document.tree().root();
  for (const auto &section : root.children) {
    if (section->key == "params")
      addAll(symbols, document, root, "params", protocol::SymbolKind::Constant);
    if (section->key == "records")
      addAll(symbols, document, root, "records", protocol::SymbolKind::Struct);
    if (section->key == "functions")
      symbols.push_back(makeSymbol(document, *section, protocol::SymbolKind::Function));
    if (section->key == "network")
      addNetwork(symbols, document, root);
    if (section->key == "run")
      symbols.push_back(makeSymbol(document, *section, protocol::SymbolKind::Event));
    if (section->key == "processes")
      for (const auto &process : section->children)
        if (!process->key.empty())
          addProcess(symbols, document, *process);
  }
  return symbols;
}
