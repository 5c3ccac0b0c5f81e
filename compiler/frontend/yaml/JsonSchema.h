// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- JsonSchema.h - the keys of the language for editors ----------------===//
#ifndef BASALT_COMPILER_FRONTEND_YAML_JSONSCHEMA_H
#define BASALT_COMPILER_FRONTEND_YAML_JSONSCHEMA_H

#include "llvm/Support/JSON.h"

namespace basalt::frontend::yaml {

/// The tables of LanguageSchema.cpp as a JSON Schema (draft 7, which editors know best). It accepts
/// what checkDocument accepts, and little else.
llvm::json::Value jsonSchema();

} // namespace basalt::frontend::yaml

#endif // BASALT_COMPILER_FRONTEND_YAML_JSONSCHEMA_H
