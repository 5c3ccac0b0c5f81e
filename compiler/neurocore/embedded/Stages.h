// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The way of an embedded program from the LLVM dialect to a linked object, step by step. A step
// that fails puts the reason into `*error`.
#ifndef BASALT_COMPILER_NEUROCORE_EMBEDDED_STAGES_H
#define BASALT_COMPILER_NEUROCORE_EMBEDDED_STAGES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/LogicalResult.h"
#include <string>
#include <vector>

namespace basalt::neurocore {

/// A relocatable object, and how much stack the deepest call of its functions can need.
struct Relocatable {
  llvm::SmallVector<char, 0> bytes;
  uint32_t stackBytes = 0;
};

/// Translates, links with the support library, optimises for size, and makes an object. `keep` has
/// the names that the linked program must have.
llvm::FailureOr<Relocatable> generateObject(mlir::ModuleOp module, llvm::ArrayRef<std::string> keep,
                                            std::string *error);

/// A linked program and the addresses of its symbols.
struct Linked {
  std::vector<uint8_t> bytes;
  llvm::StringMap<uint32_t> symbols;
  uint32_t memoryBytes = 0, codeBytes = 0, dataBytes = 0;
};

/// Gives everything in `object` its place above a stack of `stackBytes`; what none of `keep` needs
/// is left out.
llvm::FailureOr<Linked> linkProgram(llvm::ArrayRef<char> object, uint32_t stackBytes,
                                    llvm::ArrayRef<std::string> keep, std::string *error);

/// The line table of the linked program `bytes`, as the section kLineSection has it.
std::string lineTableOf(llvm::ArrayRef<uint8_t> bytes);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_EMBEDDED_STAGES_H
