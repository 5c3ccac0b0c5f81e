// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the stage `llvm`; see Passes.td.
#ifndef BASALT_COMPILER_LLVM_PASSES_H
#define BASALT_COMPILER_LLVM_PASSES_H

#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace basalt {

#define GEN_PASS_DECL
#include "compiler/llvm/LLVMPasses.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/llvm/LLVMPasses.h.inc"

} // namespace basalt

#endif // BASALT_COMPILER_LLVM_PASSES_H
