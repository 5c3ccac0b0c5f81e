// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The language server for networks in YAML.
#ifndef BASALT_TOOLS_BASALT_LSP_SERVER_H
#define BASALT_TOOLS_BASALT_LSP_SERVER_H

#include "tools/basalt/lsp/Check.h"

namespace basalt::lsp {

/// Serves an editor on standard input and output until it says `exit` or goes away. Returns the
/// exit code that the protocol wants: 0 after `shutdown`, else 1.
int serve(const std::string &library, const Checker &checker);

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_SERVER_H
