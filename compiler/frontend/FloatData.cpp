// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/FloatData.h"
#include "compiler/support/EmitWarning.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt::frontend {

void warnOfFloatData(Location loc, const Twine &name, ElementsAttr given, Type declared) {
  auto integer = dyn_cast<IntegerType>(getElementTypeOrSelf(declared));
  if (!integer || integer.isSignless() || !isa<FloatType>(given.getElementType()))
    return;
  emitWarning(loc, Warning::FloatData)
      << "'" << name << "' is " << proc::spellElement(integer)
      << ", but is given floats; they are whole numbers, which it holds as integers";
}

} // namespace basalt::frontend
