// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the user has pinned, as a module that is to become a network of neurons has it
// (neurocore.pins).
#ifndef BASALT_COMPILER_NEUROCORE_LOWER_PINSOF_H
#define BASALT_COMPILER_NEUROCORE_LOWER_PINSOF_H

#include "runtime/neurocore/Target.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"

#include <vector>

namespace basalt::neurocore {

/// An instance, where it has to stand, and the place in the text that says so.
struct Pin {
  mlir::StringAttr instance;
  int64_t chip;
  llvm::SmallVector<int64_t> cores; ///< none: all of the chip
  mlir::Location loc;
};

std::vector<Pin> pinsOf(mlir::ModuleOp module);
void setPins(mlir::ModuleOp module, llvm::ArrayRef<Pin> pins);

/// Reports pins to chips and cores that the target does not have.
llvm::LogicalResult checkPins(llvm::ArrayRef<Pin> pins, const nc::Target &target);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_LOWER_PINSOF_H
