// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalar operations as C++. Locals of an iN with N < 64 hold it sign-extended (see Types.h); each
// conversion keeps that.
#include "compiler/native/Scalars.h"

#include "compiler/native/Types.h"
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::native {

Value literal(OpBuilder &builder, Location loc, Type type, StringRef text) {
  return emitc::LiteralOp::create(builder, loc, type, text);
}

Value call(OpBuilder &builder, Location loc, StringRef callee, Type type, ValueRange operands) {
  auto op = emitc::CallOpaqueOp::create(builder, loc, type, callee, operands);
  op->setAttr(kPureAttr, builder.getUnitAttr());
  return op.getResult(0);
}

namespace {

/// Converts one operation; a struct only for what the cases share.
struct ScalarConversion {
  OpBuilder &builder;
  Operation *op;
  ValueRange operands;
  Widths &widths;
  Location loc = op->getLoc();
  Type original = op->getResult(0).getType();
  Type type = localType(original);

  Value convert();

private:
  Value convertInteger();
  Value convertFloat();
  Value convertCast();
  Value convertLibrary();
  Value convertMulShr(num::MulShrOp op);

  Value compareIntegers(arith::CmpIOp op);
  Value compareFloats(arith::CmpFOp op);
  Value compare(emitc::CmpPredicate predicate, Value a, Value b) {
    return emitc::CmpOp::create(builder, loc, builder.getI1Type(), predicate, a, b);
  }
  Value invert(Value condition) {
    return emitc::LogicalNotOp::create(builder, loc, builder.getI1Type(), condition);
  }
  Value castTo(Type to, Value value) { return emitc::CastOp::create(builder, loc, to, value); }
  Value castTo(StringRef to, Value value) {
    return castTo(opaque(builder.getContext(), to), value);
  }
  template <typename OpT> Value plain() {
    return OpT::create(builder, loc, type, operands[0], operands[1]);
  }
  Value wrapped(StringRef function);
  Value wrap(Value value);
  Value negateFloat(Value value);
  /// The integer types that C++ computes a plain operator in hold the result.
  template <typename OpT> Value arithmetic(StringRef function);
};

/// What storing a result in the type of `op` keeps of it.
Value ScalarConversion::wrap(Value value) {
  unsigned bits = original.getIntOrFloatBitWidth();
  if (value.getType().isInteger(32) && bits < 32 && bits != 1)
    return call(builder, loc, ("rt::wrap32<" + Twine(bits) + ">").str(), type, value);
  if (bits == 64)
    return value;
  return call(builder, loc, ("rt::wrap<" + Twine(bits) + ">").str(), type, value);
}

Value ScalarConversion::wrapped(StringRef function) {
  return wrap(call(builder, loc, function, builder.getI64Type(), operands));
}

template <typename OpT> Value ScalarConversion::arithmetic(StringRef function) {
  // Two literals would be computed in `int`.
  bool typed = !operands[0].getDefiningOp<emitc::LiteralOp>() ||
               !operands[1].getDefiningOp<emitc::LiteralOp>();
  if (typed && widths.isExact(op))
    return plain<OpT>();
  if (original.isInteger(32))
    return call(builder, loc, (function + "32").str(), type, operands);
  return wrapped(function);
}

Value ScalarConversion::negateFloat(Value value) {
  if (auto number = value.getDefiningOp<emitc::LiteralOp>()) {
    StringRef text = number.getValue(); // `--1.0` would be something else
    return literal(builder, loc, type, text.consume_front("-") ? text.str() : ("-" + text).str());
  }
  return emitc::UnaryMinusOp::create(builder, loc, type, value);
}

Value ScalarConversion::compareIntegers(arith::CmpIOp op) {
  using P = arith::CmpIPredicate;
  Value a = operands[0], b = operands[1];
  P predicate = op.getPredicate();
  bool isUnsigned =
      predicate == P::ult || predicate == P::ule || predicate == P::ugt || predicate == P::uge;
  bool isOrder = predicate != P::eq && predicate != P::ne;
  if (isOrder && op.getLhs().getType().isInteger(1)) {
    if (!isUnsigned)
      std::swap(a, b); // a set bit is -1
  } else if (isUnsigned) {
    a = castTo("uint64_t", a); // sign extension keeps the unsigned order
    b = castTo("uint64_t", b);
  }
  switch (predicate) {
  case P::eq:
    return compare(emitc::CmpPredicate::eq, a, b);
  case P::ne:
    return compare(emitc::CmpPredicate::ne, a, b);
  case P::slt:
  case P::ult:
    return compare(emitc::CmpPredicate::lt, a, b);
  case P::sle:
  case P::ule:
    return compare(emitc::CmpPredicate::le, a, b);
  case P::sgt:
  case P::ugt:
    return compare(emitc::CmpPredicate::gt, a, b);
  case P::sge:
  case P::uge:
    return compare(emitc::CmpPredicate::ge, a, b);
  }
  llvm_unreachable("covered switch");
}

/// An ordered comparison is C++'s own; an unordered one is the opposite of the opposite ordered
/// one.
Value ScalarConversion::compareFloats(arith::CmpFOp op) {
  using P = arith::CmpFPredicate;
  using C = emitc::CmpPredicate;
  Value a = operands[0], b = operands[1];
  auto both = [&](Value x, Value y) -> Value {
    return emitc::BitwiseAndOp::create(builder, loc, builder.getI1Type(), x, y);
  };
  auto either = [&](Value x, Value y) -> Value {
    return emitc::BitwiseOrOp::create(builder, loc, builder.getI1Type(), x, y);
  };
  auto different = [&] { return either(compare(C::lt, a, b), compare(C::gt, a, b)); };
  auto ordered = [&] { return both(compare(C::eq, a, a), compare(C::eq, b, b)); };
  switch (op.getPredicate()) {
  case P::OEQ:
    return compare(C::eq, a, b);
  case P::OGT:
    return compare(C::gt, a, b);
  case P::OGE:
    return compare(C::ge, a, b);
  case P::OLT:
    return compare(C::lt, a, b);
  case P::OLE:
    return compare(C::le, a, b);
  case P::ONE:
    return different();
  case P::UEQ:
    return invert(different());
  case P::UGT:
    return invert(compare(C::le, a, b));
  case P::UGE:
    return invert(compare(C::lt, a, b));
  case P::ULT:
    return invert(compare(C::ge, a, b));
  case P::ULE:
    return invert(compare(C::gt, a, b));
  case P::UNE:
    return compare(C::ne, a, b);
  case P::ORD:
    return ordered();
  case P::UNO:
    return invert(ordered());
  case P::AlwaysFalse:
    return literal(builder, loc, builder.getI1Type(), "false");
  case P::AlwaysTrue:
    return literal(builder, loc, builder.getI1Type(), "true");
  }
  llvm_unreachable("covered switch");
}

Value ScalarConversion::convertInteger() {
  bool isBit = original.isInteger(1), isNarrow = original.isInteger(32);
  return TypeSwitch<Operation *, Value>(op)
      .Case<arith::ConstantOp>(
          [&](auto op) { return literal(builder, loc, type, spellNumber(op.getValue())); })
      .Case<arith::AddIOp>([&](auto) {
        return isBit ? plain<emitc::BitwiseXorOp>() : arithmetic<emitc::AddOp>("rt::add");
      })
      .Case<arith::SubIOp>([&](auto) {
        return isBit ? plain<emitc::BitwiseXorOp>() : arithmetic<emitc::SubOp>("rt::sub");
      })
      .Case<arith::MulIOp>([&](auto) {
        return isBit ? plain<emitc::BitwiseAndOp>() : arithmetic<emitc::MulOp>("rt::mul");
      })
      .Case<arith::AndIOp>([&](auto) { return plain<emitc::BitwiseAndOp>(); })
      .Case<arith::OrIOp>([&](auto) { return plain<emitc::BitwiseOrOp>(); })
      .Case<arith::XOrIOp>([&](auto) { return plain<emitc::BitwiseXorOp>(); })
      .Case<arith::MaxSIOp>([&](auto) { // for i1 a set bit is -1
        return isBit ? plain<emitc::BitwiseAndOp>()
                     : call(builder, loc, isNarrow ? "rt::maxInt32" : "rt::maxInt", type, operands);
      })
      .Case<arith::MinSIOp>([&](auto) {
        return isBit ? plain<emitc::BitwiseOrOp>()
                     : call(builder, loc, isNarrow ? "rt::minInt32" : "rt::minInt", type, operands);
      })
      .Case<arith::CmpIOp>([&](auto op) { return compareIntegers(op); })
      .Case<arith::CmpFOp>([&](auto op) { return compareFloats(op); })
      .Default([](Operation *) { return Value(); });
}

Value ScalarConversion::convertFloat() {
  return TypeSwitch<Operation *, Value>(op)
      .Case<arith::AddFOp>([&](auto) { return plain<emitc::AddOp>(); })
      .Case<arith::SubFOp>([&](auto) { return plain<emitc::SubOp>(); })
      .Case<arith::MulFOp>([&](auto) { return plain<emitc::MulOp>(); })
      .Case<arith::DivFOp>([&](auto) { return plain<emitc::DivOp>(); })
      .Case<arith::NegFOp>([&](auto) { return negateFloat(operands[0]); })
      .Case<arith::MaximumFOp>(
          [&](auto) { return call(builder, loc, "rt::maxFloat", type, operands); })
      .Case<arith::MinimumFOp>(
          [&](auto) { return call(builder, loc, "rt::minFloat", type, operands); })
      .Case<arith::SelectOp>([&](auto) -> Value {
        // Of two literals C++ would make an int.
        Value first = operands[1];
        if (first.getDefiningOp<emitc::LiteralOp>() &&
            operands[2].getDefiningOp<emitc::LiteralOp>() && type.isInteger(64))
          first = castTo(type, first);
        return emitc::ConditionalOp::create(builder, loc, type, operands[0], first, operands[2]);
      })
      .Default([](Operation *) { return Value(); });
}

Value ScalarConversion::convertCast() {
  Type from = op->getNumOperands() ? op->getOperand(0).getType() : Type();
  return TypeSwitch<Operation *, Value>(op)
      .Case<arith::ExtSIOp>([&](auto) -> Value {
        if (from.isInteger(1)) // a set bit is -1
          return call(builder, loc, "rt::neg", type, castTo(builder.getI64Type(), operands[0]));
        // Narrowed by a mere cast, it was narrow before.
        auto narrowed = operands[0].getDefiningOp<emitc::CastOp>();
        if (narrowed && narrowed.getSource().getType() == type)
          return narrowed.getSource();
        return localType(from) == type ? operands[0] : castTo(type, operands[0]);
      })
      .Case<arith::ExtUIOp>([&](auto) -> Value {
        if (from.isInteger(1))
          return castTo(type, operands[0]);
        std::string mask = ("rt::mask<" + Twine(from.getIntOrFloatBitWidth()) + ">").str();
        return call(builder, loc, mask, type, operands[0]);
      })
      .Case<arith::TruncIOp>([&](auto op) -> Value {
        // Nothing is cut off if the value is narrow anyway.
        if (!original.isInteger(1) && widths.of(op.getIn()) <= original.getIntOrFloatBitWidth())
          return castTo(type, operands[0]);
        return wrap(operands[0]);
      })
      .Case<arith::SIToFPOp>([&](auto) -> Value {
        Value number = castTo(type, operands[0]);
        return from.isInteger(1) ? negateFloat(number) : number;
      })
      .Case<arith::ExtFOp, arith::TruncFOp>([&](auto) { return castTo(type, operands[0]); })
      .Case<num::ToIntOp>([&](auto) { return wrapped("rt::toInt"); })
      .Case<num::ItemOp, num::FromScalarOp>([&](auto) { return operands[0]; })
      .Default([](Operation *) { return Value(); });
}

/// A shift of a number of 32 bits in 32 bits.
static bool isNarrowShift(Operation *op) {
  return isa<num::ShiftOp>(op) && op->getResult(0).getType().isInteger(32);
}

/// A product that fits 64 bits is divided as C++ divides, toward zero; that vectorises.
Value ScalarConversion::convertMulShr(num::MulShrOp op) {
  if (op->hasAttr(kNarrowProductAttr))
    return call(builder, loc, "rt::mulShr32", type, operands);
  auto shift = operands[2].getDefiningOp<emitc::LiteralOp>();
  int64_t k;
  if (!shift || shift.getValue().getAsInteger(10, k) || k < 0 || k > 62 ||
      !original.isInteger(64) || !widths.isProductExact(op.getA(), op.getB()) ||
      (operands[0].getDefiningOp<emitc::LiteralOp>() &&
       operands[1].getDefiningOp<emitc::LiteralOp>()))
    return wrapped("rt::mulShr");
  Value divisor = literal(builder, loc, type, std::to_string(int64_t(1) << k));
  return emitc::DivOp::create(builder, loc, type, plain<emitc::MulOp>(), divisor);
}

Value ScalarConversion::convertLibrary() {
  if (auto product = dyn_cast<num::MulShrOp>(op))
    return convertMulShr(product);
  if (isNarrowShift(op))
    return call(builder, loc, "rt::shift32", type, operands);
  StringRef name = op->getName().getStringRef();
  StringRef integer = llvm::StringSwitch<StringRef>(name)
                          .Case("num.floordiv", "rt::floordiv")
                          .Case("num.mod", "rt::mod")
                          .Case("num.shift", "rt::shift")
                          .Case("num.powi", "rt::ipow")
                          .Case("num.absi", "rt::absInt")
                          .Case("num.signi", "rt::sign")
                          .Default("");
  if (!integer.empty())
    return wrapped(integer);
  StringRef number = llvm::StringSwitch<StringRef>(name)
                         .Case("num.floordivf", "rt::floorDivFloat")
                         .Case("num.modf", "rt::modFloat")
                         .Case("num.powf", "rt::powFloat")
                         .Case("num.absf", "rt::absFloat")
                         .Case("num.signf", "rt::signFloat")
                         .Case("num.floor", "rt::floorFloat")
                         .Case("num.ceil", "rt::ceilFloat")
                         .Case("num.round", "rt::roundEven")
                         .Case("num.trunc", "rt::truncFloat")
                         .Case("num.sqrt", "rt::sqrtFloat")
                         .Case("num.exp", "rt::expFloat")
                         .Case("num.log", "rt::logFloat")
                         .Case("num.sin", "rt::sinFloat")
                         .Case("num.cos", "rt::cosFloat")
                         .Case("num.tanh", "rt::tanhFloat")
                         .Default("");
  return number.empty() ? Value() : call(builder, loc, number, type, operands);
}

Value ScalarConversion::convert() {
  if (original.isIndex())
    return convertInteger();
  if (Value value = convertInteger())
    return value;
  if (Value value = convertFloat())
    return value;
  if (Value value = convertCast())
    return value;
  return convertLibrary();
}

} // namespace

/// Places of elements: counts in size_t, which wraps, so plain operators will do.
static Value convertIndex(OpBuilder &builder, Operation *op, ValueRange operands) {
  Location loc = op->getLoc();
  Type type = builder.getIndexType();
  return TypeSwitch<Operation *, Value>(op)
      .Case<arith::ConstantOp>(
          [&](auto op) { return literal(builder, loc, type, spellNumber(op.getValue())); })
      .Case<arith::IndexCastOp>([&](auto) { // of what is no place, nothing is used
        return emitc::CastOp::create(builder, loc, type, operands[0]);
      })
      .Case<arith::AddIOp>(
          [&](auto) { return emitc::AddOp::create(builder, loc, type, operands[0], operands[1]); })
      .Case<arith::SubIOp>(
          [&](auto) { return emitc::SubOp::create(builder, loc, type, operands[0], operands[1]); })
      .Case<arith::MulIOp>(
          [&](auto) { return emitc::MulOp::create(builder, loc, type, operands[0], operands[1]); })
      .Case<arith::DivUIOp>(
          [&](auto) { return emitc::DivOp::create(builder, loc, type, operands[0], operands[1]); })
      .Case<arith::RemUIOp>(
          [&](auto) { return emitc::RemOp::create(builder, loc, type, operands[0], operands[1]); })
      .Case<arith::SelectOp>([&](auto) {
        return emitc::ConditionalOp::create(builder, loc, type, operands[0], operands[1],
                                            operands[2]);
      })
      .Default([](Operation *) { return Value(); });
}

Value convertScalar(OpBuilder &builder, Operation *op, ValueRange operands, Widths &widths) {
  if (op->getNumResults() != 1)
    return {};
  if (op->getResult(0).getType().isIndex())
    return convertIndex(builder, op, operands);
  if (!op->getResult(0).getType().isIntOrFloat())
    return {};
  return ScalarConversion{builder, op, operands, widths}.convert();
}

} // namespace basalt::native
