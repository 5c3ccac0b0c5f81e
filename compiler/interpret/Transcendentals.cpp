// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See
// LICENSE. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp, log and the like, by the one implementation of the run-time library.
#include "compiler/interpret/Families.h"

#include "dialect/num/Num.h"
#include "runtime/native/Power.h"
#include "runtime/native/Transcendental.h"

using namespace mlir;

namespace basalt::interp {

std::optional<Tensor> evaluateTranscendentals(Operation *op, Inputs &inputs) {
  if (isa<num::ExpOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::expFloat(a); });
  if (isa<num::LogOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::logFloat(a); });
  if (isa<num::SinOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::sinFloat(a); });
  if (isa<num::CosOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::cosFloat(a); });
  if (isa<num::TanhOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::tanhFloat(a); });
  if (isa<num::PowFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return rt::powFloat(a, b); });
  return std::nullopt;
}

} // namespace basalt::interp
