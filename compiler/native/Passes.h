// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the stage `native`; see Passes.td.
#ifndef BASALT_COMPILER_NATIVE_PASSES_H
#define BASALT_COMPILER_NATIVE_PASSES_H

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace basalt {

#define GEN_PASS_DECL
#include "compiler/native/NativePasses.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/native/NativePasses.h.inc"

} // namespace basalt

#endif // BASALT_COMPILER_NATIVE_PASSES_H
