// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the texts declare, and what a name means where it stands.
#ifndef BASALT_TOOLS_BASALT_LSP_SYMBOLS_H
#define BASALT_TOOLS_BASALT_LSP_SYMBOLS_H

#include "tools/basalt/lsp/Workspace.h"

#include <optional>

namespace basalt::lsp {

enum class SymbolKind {
  Process,
  Record,
  Parameter,
  Var,
  InPort,
  OutPort,
  RefPort,
  VarPort,
  Alias,
  Instance,
  Function,
  Local, ///< of a behaviour
  File,  ///< that is imported
};

/// Something with a name, and where it is declared.
struct Symbol {
  SymbolKind kind;
  std::string name;
  const Document *document;
  Span place;                   ///< of the name
  const Entry *entry = nullptr; ///< what declares it, if that is YAML
  std::string declaration = {}; ///< as it stands
  std::string doc = {};
  std::string owner = {}; ///< the process or record that it belongs to
};

/// A process or record, or nothing.
struct Class {
  const Document *document = nullptr;
  const Entry *entry = nullptr;
  explicit operator bool() const { return entry; }
};

/// "Var", "InPort", "process", ...
llvm::StringRef nameOf(SymbolKind kind);

/// Looks names up. Everything is asked of the texts anew, which are small.
class Symbols {
public:
  explicit Symbols(Workspace &workspace) : workspace(workspace) {}

  /// The class of that name in a section, `processes` or `records`, as `from` sees it.
  Class findClass(const Document &from, llvm::StringRef section, llvm::StringRef name);
  /// All of them; of equal names the nearest.
  std::vector<Symbol> classes(const Document &from, llvm::StringRef section);
  Symbol symbolOf(const Class &cls) const;

  /// Parameters, Vars, ports and aliases, also those taken over; own ones first.
  std::vector<Symbol> members(const Class &cls);
  std::optional<Symbol> findMember(const Class &cls, llvm::StringRef name);

  std::vector<Symbol> functions(const Document &from);
  /// Of a network: its instances by name.
  std::vector<Symbol> instances(const Document &document, const Entry &network);
  /// The class of an instance.
  Class classOf(const Document &document, const Entry &instance);
  /// The process that `entry` stands in, or nothing.
  static Class enclosingProcess(const Document &document, const Entry &entry);
  /// The network that `entry` stands in; for what stands in none the root network, or null.
  static const Entry *enclosingNetwork(const Document &document, const Entry &entry);
  /// `lif.v` or `layer.lif.v` as seen in a network; the last name of `names`.
  std::optional<Symbol> findPath(const Document &document, const Entry &at,
                                 llvm::ArrayRef<llvm::StringRef> names);
  /// Parameters of the file itself.
  std::vector<Symbol> fileParameters(const Document &document);

private:
  void addSection(std::vector<Symbol> &members, const Class &cls, llvm::StringRef section,
                  SymbolKind kind) const;
  void addMembers(std::vector<Symbol> &members, const Class &cls, unsigned depth);

  Workspace &workspace;
};

/// What stands at a place: the symbol and the word for it.
struct Found {
  Symbol symbol;
  Span word;
  /// Of a path such as `layer.lif.v` what comes before its last name; else empty.
  std::string instance = {};
};

/// What the word at `offset` means; nothing if that is not known.
std::optional<Found> findSymbol(Symbols &symbols, Workspace &workspace, const Document &document,
                                size_t offset);

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_SYMBOLS_H
