// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Limits of parameters and Vars: `#proc.limits`, or an array of the values that are allowed.
#ifndef BASALT_DIALECT_PROC_LIMITS_H
#define BASALT_DIALECT_PROC_LIMITS_H

#include "dialect/proc/Proc.h"

#include <optional>
#include <string>

namespace basalt::proc {

/// As the user writes it: `0..4095`, `1..`, `[UNIT, RELU]`.
std::string spellLimit(mlir::Attribute limit);

/// What both allow; either may be null, which allows everything.
LimitsAttr intersect(LimitsAttr a, LimitsAttr b);

/// A range as the run-time contract has it: for integers and for floats, open ends are the
/// extremes.
struct Bounds {
  int64_t low, high;
  double lowFloat, highFloat;
};
Bounds boundsOf(LimitsAttr limits);

/// The first part of `value` (IntegerAttr, FloatAttr, StringAttr or ElementsAttr) that `limit` does
/// not allow, as text, with the indices of an element (`withPlace`), or nothing. `isUnsigned` says
/// how the bits of integer elements are read.
std::optional<std::string> findOutside(mlir::Attribute value, mlir::Attribute limit,
                                       bool isUnsigned = false, bool withPlace = true);

/// Reports, at `loc`, that `found` of `name` of the instance `path` is outside its limits.
mlir::InFlightDiagnostic emitOutside(mlir::Location loc, llvm::StringRef name, llvm::StringRef path,
                                     llvm::StringRef found, mlir::Attribute limit);

} // namespace basalt::proc

#endif // BASALT_DIALECT_PROC_LIMITS_H
