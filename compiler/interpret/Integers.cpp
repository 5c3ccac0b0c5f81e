// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise arithmetic and comparison of integers: in 64 bits, total, wrapped to the result's
// type.
#include "compiler/interpret/Families.h"

#include "dialect/num/Num.h"
#include "runtime/native/Arithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::interp {

using IntFunction = int64_t (*)(int64_t, int64_t);

/// The function of an operation whose result is the same for all views of its operands' bits.
static IntFunction wrappingFunction(Operation *op) {
  return llvm::TypeSwitch<Operation *, IntFunction>(op)
      .Case([](arith::AddIOp) { return rt::add; })
      .Case([](arith::SubIOp) { return rt::sub; })
      .Case([](arith::MulIOp) { return rt::mul; })
      .Case([](arith::AndIOp) { return +[](int64_t a, int64_t b) { return a & b; }; })
      .Case([](arith::OrIOp) { return +[](int64_t a, int64_t b) { return a | b; }; })
      .Case([](arith::XOrIOp) { return +[](int64_t a, int64_t b) { return a ^ b; }; })
      .Case([](num::FloorDivOp) { return rt::floordiv; })
      .Case([](num::ModOp) { return rt::mod; })
      .Case([](num::ShiftOp) { return rt::shift; })
      .Case([](num::PowIOp) { return rt::ipow; })
      .Case([](num::AbsIOp) { return +[](int64_t a, int64_t) { return rt::absInt(a); }; })
      .Case([](num::SignIOp) { return +[](int64_t a, int64_t) { return rt::sign(a); }; })
      .Default([](Operation *) { return nullptr; });
}

static bool compareSigned(arith::CmpIPredicate predicate, int64_t a, int64_t b) {
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return a == b;
  case arith::CmpIPredicate::ne:
    return a != b;
  case arith::CmpIPredicate::slt:
    return a < b;
  case arith::CmpIPredicate::sle:
    return a <= b;
  case arith::CmpIPredicate::sgt:
    return a > b;
  case arith::CmpIPredicate::sge:
    return a >= b;
  default:
    llvm_unreachable("an unsigned predicate");
  }
}

static bool compareUnsigned(arith::CmpIPredicate predicate, uint64_t a, uint64_t b) {
  switch (predicate) {
  case arith::CmpIPredicate::ult:
    return a < b;
  case arith::CmpIPredicate::ule:
    return a <= b;
  case arith::CmpIPredicate::ugt:
    return a > b;
  case arith::CmpIPredicate::uge:
    return a >= b;
  default:
    llvm_unreachable("a signed predicate");
  }
}

static Tensor compare(arith::CmpIOp op, Inputs &inputs) {
  arith::CmpIPredicate predicate = op.getPredicate();
  bool isUnsigned =
      predicate == arith::CmpIPredicate::ult || predicate == arith::CmpIPredicate::ule ||
      predicate == arith::CmpIPredicate::ugt || predicate == arith::CmpIPredicate::uge;
  return makeIntegers(op, [&](int64_t i) -> int64_t {
    if (isUnsigned)
      return compareUnsigned(predicate, inputs[0].zeroExtended(i), inputs[1].zeroExtended(i));
    return compareSigned(predicate, inputs[0].signExtended(i), inputs[1].signExtended(i));
  });
}

std::optional<Tensor> evaluateIntegers(Operation *op, Inputs &inputs) {
  if (IntFunction function = wrappingFunction(op)) {
    const Tensor &a = inputs[0], &b = inputs[inputs.operands.size() - 1];
    return makeIntegers(op, [&](int64_t i) { return function(a.integer(i), b.integer(i)); });
  }
  if (auto compareOp = dyn_cast<arith::CmpIOp>(op))
    return compare(compareOp, inputs);
  // Signed operations of arith: the 1 of an i1 is -1 to them.
  if (isa<arith::MaxSIOp>(op))
    return makeIntegers(op, [&](int64_t i) {
      return rt::maxInt(inputs[0].signExtended(i), inputs[1].signExtended(i));
    });
  if (isa<arith::MinSIOp>(op))
    return makeIntegers(op, [&](int64_t i) {
      return rt::minInt(inputs[0].signExtended(i), inputs[1].signExtended(i));
    });
  if (isa<num::MulShrOp>(op))
    return makeIntegers(op, [&](int64_t i) {
      return rt::mulShr(inputs[0].integer(i), inputs[1].integer(i), inputs[2].integer(i));
    });
  return std::nullopt;
}

} // namespace basalt::interp
