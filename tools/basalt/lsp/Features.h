// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The answers to an editor's questions, one file each. All of them are made from texts as they are,
// half written or not; what the compiler has found out is in reports, which may be older.
#ifndef BASALT_TOOLS_BASALT_LSP_FEATURES_H
#define BASALT_TOOLS_BASALT_LSP_FEATURES_H

#include "tools/basalt/lsp/Check.h"
#include "tools/basalt/lsp/Symbols.h"

namespace basalt::lsp {

/// What checks have found, by the file that was checked.
using Reports = std::map<std::string, Report>;

/// Where what stands at `offset` is declared. (Definition.cpp)
std::optional<llvm::lsp::Location> definition(Workspace &workspace, const Document &document,
                                              size_t offset);

/// (Hover.cpp)
std::optional<llvm::lsp::Hover> hover(Workspace &workspace, const Reports &reports,
                                      const Document &document, size_t offset);

/// The processes, networks and members of a text. (Outline.cpp)
std::vector<llvm::lsp::DocumentSymbol> outline(const Document &document);

/// What may be written at `offset`. (Completion.cpp)
llvm::lsp::CompletionList complete(Workspace &workspace, const Document &document, size_t offset);

/// The errors and warnings of all reports that are about a file. (Diagnostics.cpp)
std::vector<llvm::lsp::Diagnostic> diagnosticsOf(Workspace &workspace, const Reports &reports,
                                                 llvm::StringRef file);

/// The URI of a file; nothing for a path that has none.
std::optional<llvm::lsp::URIForFile> uriOf(llvm::StringRef path);

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_FEATURES_H
