// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the stage `lower`; see Passes.td.
#ifndef BASALT_COMPILER_LOWER_PASSES_H
#define BASALT_COMPILER_LOWER_PASSES_H

#include "dialect/rt/Rt.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/Pass.h"

namespace basalt {

#define GEN_PASS_DECL
#include "compiler/lower/LowerPasses.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/lower/LowerPasses.h.inc"

} // namespace basalt

#endif // BASALT_COMPILER_LOWER_PASSES_H
