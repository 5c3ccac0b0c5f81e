// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise arithmetic and comparison of floats: IEEE, in the precision of the operands.
#include "compiler/interpret/Families.h"

#include "dialect/num/Num.h"
#include "runtime/native/Arithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace basalt::interp {

/// The four results that a comparison of floats can have.
enum Relation : unsigned { kEqual = 1, kGreater = 2, kLess = 4, kUnordered = 8 };

static unsigned relationOf(double a, double b) {
  if (a == b)
    return kEqual;
  if (a < b)
    return kLess;
  return a > b ? kGreater : kUnordered;
}

/// The relations for which a predicate holds. The numbers of the predicates are these bits in MLIR
/// as in LLVM, but that is nowhere promised.
static unsigned admitted(arith::CmpFPredicate predicate) {
  switch (predicate) {
  case arith::CmpFPredicate::AlwaysFalse:
    return 0;
  case arith::CmpFPredicate::OEQ:
    return kEqual;
  case arith::CmpFPredicate::OGT:
    return kGreater;
  case arith::CmpFPredicate::OGE:
    return kGreater | kEqual;
  case arith::CmpFPredicate::OLT:
    return kLess;
  case arith::CmpFPredicate::OLE:
    return kLess | kEqual;
  case arith::CmpFPredicate::ONE:
    return kLess | kGreater;
  case arith::CmpFPredicate::ORD:
    return kLess | kGreater | kEqual;
  case arith::CmpFPredicate::UEQ:
    return kUnordered | kEqual;
  case arith::CmpFPredicate::UGT:
    return kUnordered | kGreater;
  case arith::CmpFPredicate::UGE:
    return kUnordered | kGreater | kEqual;
  case arith::CmpFPredicate::ULT:
    return kUnordered | kLess;
  case arith::CmpFPredicate::ULE:
    return kUnordered | kLess | kEqual;
  case arith::CmpFPredicate::UNE:
    return kUnordered | kLess | kGreater;
  case arith::CmpFPredicate::UNO:
    return kUnordered;
  case arith::CmpFPredicate::AlwaysTrue:
    return kUnordered | kLess | kGreater | kEqual;
  }
  llvm_unreachable("an unknown predicate");
}

static std::optional<Tensor> evaluateBinary(Operation *op, Inputs &inputs) {
  if (isa<arith::AddFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return a + b; });
  if (isa<arith::SubFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return a - b; });
  if (isa<arith::MulFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return a * b; });
  if (isa<arith::DivFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return a / b; });
  if (isa<arith::MaximumFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return rt::maxFloat(a, b); });
  if (isa<arith::MinimumFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return rt::minFloat(a, b); });
  if (isa<num::FloorDivFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return rt::floorDivFloat(a, b); });
  if (isa<num::ModFOp>(op))
    return mapReals(op, inputs, [](auto a, auto b) { return rt::modFloat(a, b); });
  return std::nullopt;
}

static std::optional<Tensor> evaluateUnary(Operation *op, Inputs &inputs) {
  if (isa<arith::NegFOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return -a; });
  if (isa<num::AbsFOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::absFloat(a); });
  if (isa<num::SignFOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::signFloat(a); });
  if (isa<num::FloorOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::floorFloat(a); });
  if (isa<num::CeilOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::ceilFloat(a); });
  if (isa<num::RoundOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::roundEven(a); });
  if (isa<num::TruncOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::truncFloat(a); });
  if (isa<num::SqrtOp>(op))
    return mapReals(op, inputs, [](auto a, auto) { return rt::sqrtFloat(a); });
  return std::nullopt;
}

std::optional<Tensor> evaluateFloats(Operation *op, Inputs &inputs) {
  if (auto compare = dyn_cast<arith::CmpFOp>(op)) {
    unsigned relations = admitted(compare.getPredicate());
    return makeIntegers(op, [&](int64_t i) -> int64_t {
      return (relations & relationOf(inputs[0].real(i), inputs[1].real(i))) != 0;
    });
  }
  if (std::optional<Tensor> result = evaluateBinary(op, inputs))
    return result;
  return evaluateUnary(op, inputs);
}

} // namespace basalt::interp
