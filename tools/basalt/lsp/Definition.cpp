// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where names are declared.
#include "tools/basalt/lsp/Features.h"

using namespace basalt::lsp;
namespace protocol = llvm::lsp;

std::optional<protocol::URIForFile> basalt::lsp::uriOf(llvm::StringRef path) {
  llvm::Expected<protocol::URIForFile> uri = protocol::URIForFile::fromFile(path);
  if (uri)
    return *uri;
  llvm::consumeError(uri.takeError());
  return std::nullopt;
}

std::optional<protocol::Location> basalt::lsp::definition(Workspace &workspace,
                                                          const Document &document, size_t offset) {
  Symbols symbols(workspace);
  std::optional<Found> found = findSymbol(symbols, workspace, document, offset);
  if (!found)
    return std::nullopt;
  const Symbol &symbol = found->symbol;
  std::optional<protocol::URIForFile> uri = uriOf(symbol.document->path());
  if (!uri)
    return std::nullopt;
  return protocol::Location(*uri, symbol.document->rangeOf(symbol.place));
}
