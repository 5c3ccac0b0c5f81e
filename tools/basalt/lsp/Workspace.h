// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The texts that the editor has open, and those of files around them.
#ifndef BASALT_TOOLS_BASALT_LSP_WORKSPACE_H
#define BASALT_TOOLS_BASALT_LSP_WORKSPACE_H

#include "tools/basalt/lsp/Document.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Chrono.h"

#include <map>

namespace basalt::lsp {

class Workspace {
public:
  explicit Workspace(std::string library) : library(std::move(library)) {}

  /// The one path of a file, whichever leads to it.
  static std::string canonical(llvm::StringRef path);

  /// Texts of the editor, which count more than files; paths are canonical.
  void open(const std::string &path, std::string text);
  void close(const std::string &path) { buffers.erase(path); }
  const std::map<std::string, std::unique_ptr<Document>> &opened() const { return buffers; }

  /// The text at a path, or null if there is none. Valid until the next change of a text.
  const Document *find(llvm::StringRef path);
  /// The file that an item of `import` names.
  const Document *findImport(const Document &importer, llvm::StringRef name);
  /// `document`, what it imports, and the standard library; the nearest first.
  std::vector<const Document *> visibleFrom(const Document &document);
  /// Names of the files of the library.
  std::vector<std::string> libraryNames() const;

private:
  struct Loaded {
    std::unique_ptr<Document> document;
    llvm::sys::TimePoint<> modified;
  };

  std::string library;
  std::map<std::string, std::unique_ptr<Document>> buffers;
  llvm::StringMap<Loaded> files;
};

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_WORKSPACE_H
