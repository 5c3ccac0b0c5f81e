// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which keys of the language may stand in a place.
#ifndef BASALT_TOOLS_BASALT_LSP_SCHEMAAT_H
#define BASALT_TOOLS_BASALT_LSP_SCHEMAAT_H

#include "compiler/frontend/yaml/Schema.h"
#include "tools/basalt/lsp/Tree.h"

namespace basalt::lsp {

/// What a value is by the keys that lead to it; null where anything may stand.
const frontend::yaml::ValueSpec *specAt(const Entry &entry);

/// The mappings that a value may be; several where a key of theirs tells them apart.
llvm::SmallVector<const frontend::yaml::Schema *> schemasAt(const Entry &entry);

/// The key of the language that `entry` is, or null if the user chose it.
const frontend::yaml::KeySpec *keyAt(const Entry &entry);

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_SCHEMAAT_H
