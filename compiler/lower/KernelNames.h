// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What arguments of the functions of kernels are called.
#ifndef BASALT_COMPILER_LOWER_KERNELNAMES_H
#define BASALT_COMPILER_LOWER_KERNELNAMES_H

#include "dialect/step/Step.h"

namespace basalt::lower {

/// `lif1.v` is `v` in a kernel.
inline std::string localName(llvm::StringRef state) {
  return state.substr(state.find_last_of('.') + 1).str();
}

inline std::string inputName(mlir::Value input, unsigned position) {
  if (auto get = input.getDefiningOp<step::GetOp>())
    return localName(get.getState());
  return "in" + std::to_string(position);
}

} // namespace basalt::lower

#endif // BASALT_COMPILER_LOWER_KERNELNAMES_H
