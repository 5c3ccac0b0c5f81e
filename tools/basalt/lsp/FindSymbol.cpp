// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a word means is decided by the keys above it: `class:` names a process, connections name
// ports, behaviours name members.
#include "tools/basalt/lsp/Symbols.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace basalt::lsp;
using llvm::StringRef;

namespace {
/// One question.
class Finder {
public:
  Finder(Symbols &symbols, Workspace &workspace, const Document &document, size_t offset)
      : symbols(symbols), workspace(workspace), document(document),
        entry(document.tree().at(offset)), path(pathOf(entry)), word(document.wordAt(offset)),
        isKey(!entry.key.empty() && entry.keySpan.contains(offset)) {}

  std::optional<Found> find();

private:
  std::optional<Symbol> findByKey();
  std::optional<Symbol> findByValue();
  std::optional<Symbol> findInCode();
  std::optional<Symbol> findLocal();
  std::optional<Symbol> findPath();
  std::optional<Symbol> findClass(StringRef section);

  StringRef name() const { return document.tree().textOf(word); }
  /// The k-th key from the innermost, 0 is the entry's own; empty if there is none.
  StringRef above(size_t k) const { return k < path.size() ? path[path.size() - 1 - k] : ""; }
  bool isBelow(StringRef key) const { return llvm::is_contained(path, key); }
  /// The names that lead to the word: `layer`, `lif`, `v` for `layer.lif.v`.
  llvm::SmallVector<StringRef> dottedNames() const;

  Symbols &symbols;
  Workspace &workspace;
  const Document &document;
  const Entry &entry;
  llvm::SmallVector<StringRef> path;
  Span word;
  bool isKey;
};
} // namespace

llvm::SmallVector<StringRef> Finder::dottedNames() const {
  llvm::SmallVector<StringRef> names{name()};
  Span at = word;
  while (at.begin > 0 && document.text()[at.begin - 1] == '.') {
    at = document.wordAt(at.begin - 1);
    at.end = std::min(at.end, word.begin);
    if (at.begin == at.end)
      break;
    names.insert(names.begin(), document.tree().textOf(at));
    at = {at.begin, at.begin};
  }
  return names;
}

std::optional<Symbol> Finder::findClass(StringRef section) {
  Class found = symbols.findClass(document, section, name());
  return found ? std::optional(symbols.symbolOf(found)) : std::nullopt;
}

std::optional<Symbol> Finder::findPath() {
  return symbols.findPath(document, entry, dottedNames());
}

/// A key that the user chose: where it is declared, or what it gives a value to.
std::optional<Symbol> Finder::findByKey() {
  if (above(1) == "processes" || above(1) == "records")
    return findClass(above(1));
  if (above(1) == "instances")
    return symbols.findPath(document, entry, {name()});
  if (above(1) == "set") // `run: {set: {lif.v: 1}}`
    return findPath();
  if (above(2) == "instances") // an argument
    return symbols.findMember(symbols.classOf(document, *entry.parent), name());
  if (Class process = Symbols::enclosingProcess(document, entry))
    return symbols.findMember(process, name());
  if (path.size() == 2 && above(1) == "params")
    for (Symbol &symbol : symbols.fileParameters(document))
      if (symbol.name == name())
        return std::move(symbol);
  if (path.size() == 3 && path[0] == "records")
    return symbols.findMember(symbols.findClass(document, "records", path[1]), name());
  return std::nullopt;
}

/// Whether the name behind `before` is declared there, as in `let x`, `let a, x`, `for x` and
/// `fn f(x`.
static bool isDeclaredAfter(StringRef before) {
  size_t statement = before.find_last_of(";{");
  before = before.substr(statement == StringRef::npos ? 0 : statement + 1).trim();
  bool isLet = (before == "let" || before.starts_with("let ")) && !before.contains('=');
  bool isArgument = before.starts_with("fn ") && before.contains('(') && !before.contains(')');
  return isLet || isArgument || before == "for";
}

/// A name that a behaviour declares: the last one before the word.
std::optional<Symbol> Finder::findLocal() {
  constexpr size_t longestLine = 500;
  std::optional<Symbol> found;
  for (size_t begin = entry.valueSpan.begin; begin < word.end;) {
    size_t end = std::min(document.text().find('\n', begin), document.text().size());
    StringRef line = document.text().slice(begin, end);
    if (line.ltrim().starts_with("fn "))
      found.reset(); // of another function
    size_t at = line.size() > longestLine ? StringRef::npos : line.find(name());
    for (; at != StringRef::npos && begin + at < word.end; at = line.find(name(), at + 1)) {
      Span here = document.wordAt(begin + at);
      bool isWhole = here.begin == begin + at && here.end - here.begin == name().size();
      if (isWhole && isDeclaredAfter(line.take_front(at)))
        found = Symbol{SymbolKind::Local, name().str(),
                       &document,         here,
                       nullptr,           llvm::json::fixUTF8(line.trim())};
    }
    begin = end + 1;
  }
  return found;
}

/// In behaviours, declarations and expressions.
std::optional<Symbol> Finder::findInCode() {
  if (std::optional<Symbol> local = entry.isBlock ? findLocal() : std::nullopt)
    return local;
  if (Class process = Symbols::enclosingProcess(document, entry))
    if (std::optional<Symbol> member = symbols.findMember(process, name()))
      return member;
  std::vector<Symbol> visible = symbols.fileParameters(document);
  llvm::append_range(visible, symbols.functions(document));
  for (Symbol &symbol : visible)
    if (symbol.name == name())
      return std::move(symbol);
  return std::nullopt;
}

std::optional<Symbol> Finder::findByValue() {
  StringRef key = entry.isItem ? above(1) : above(0);
  if (key == "import") {
    const Document *file = workspace.findImport(document, document.tree().value(entry));
    word = entry.valueSpan;
    return file ? std::optional(Symbol{SymbolKind::File, file->path().str(), file, {0, 0}})
                : std::nullopt;
  }
  if (key == "extends")
    return findClass(path[0] == "records" ? "records" : "processes");
  if (key == "class") {
    bool isInstance = above(2) == "instances";
    return findClass(isInstance ? "processes" : "records");
  }
  if (above(1) == "instances")
    return findClass("processes");
  if (key == "connections" || above(1) == "aliases" || key == "probes" || key == "get")
    return findPath();
  return findInCode();
}

std::optional<Found> Finder::find() {
  // Of a path that is a key or an item the word is a part.
  bool isNumber = word.begin < word.end && llvm::isDigit(document.text()[word.begin]);
  if (word.begin == word.end || isNumber || !entry.parent)
    return std::nullopt;
  std::optional<Symbol> symbol = isKey ? findByKey() : findByValue();
  if (!symbol)
    return std::nullopt;
  llvm::SmallVector<StringRef> names = dottedNames();
  names.pop_back();
  return Found{std::move(*symbol), word, llvm::join(names, ".")};
}

std::optional<Found> basalt::lsp::findSymbol(Symbols &symbols, Workspace &workspace,
                                             const Document &document, size_t offset) {
  return Finder(symbols, workspace, document, std::min(offset, document.text().size())).find();
}
