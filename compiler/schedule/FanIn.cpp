// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sum that an InPort receives. It promotes as the language's `+` does: bool and bool is or; a
// bool counts 0 or 1 beside numbers; integers add in 64 bits; a float makes all floats, f64 wins
// over f32. The one conversion to the port's type comes last.
#include "compiler/schedule/Connections.h"

#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace basalt {

namespace {

/// The four types of values in behaviours, each wider than the one before it.
enum class Domain { Bool, Int, F32, F64 };

Domain domainOf(Type declaredElement) {
  if (declaredElement.isF64())
    return Domain::F64;
  if (declaredElement.isF32())
    return Domain::F32;
  return declaredElement.isSignlessInteger(1) ? Domain::Bool : Domain::Int;
}

class FanIn {
public:
  FanIn(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  /// A message in the type in which the language computes.
  Value widen(Value value, Type declaredElement);
  Value convert(Value value, Domain from, Domain to);
  Value add(Value a, Value b, Domain domain);
  /// From a domain to a declared type.
  Value narrow(Value value, Domain from, RankedTensorType declared);

private:
  Type typed(Value value, Type element) {
    return cast<RankedTensorType>(value.getType()).clone(element);
  }
  Value zero(Type type) {
    return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(builder.getZeroAttr(type)));
  }
  Value isNotZero(Value value, Domain domain);

  OpBuilder &builder;
  Location loc;
};

} // namespace

Value FanIn::widen(Value value, Type declaredElement) {
  if (domainOf(declaredElement) != Domain::Int)
    return value;
  Type type = typed(value, builder.getI64Type());
  if (value.getType() == type)
    return value;
  if (declaredElement.isSignedInteger())
    return arith::ExtSIOp::create(builder, loc, type, value);
  return arith::ExtUIOp::create(builder, loc, type, value);
}

Value FanIn::convert(Value value, Domain from, Domain to) {
  if (from == to)
    return value;
  if (from == Domain::Bool)
    return convert(arith::ExtUIOp::create(builder, loc, typed(value, builder.getI64Type()), value),
                   Domain::Int, to);
  Type type = typed(value, to == Domain::F64 ? Type(builder.getF64Type()) : builder.getF32Type());
  if (from == Domain::Int)
    return arith::SIToFPOp::create(builder, loc, type, value);
  if (from == Domain::F32)
    return arith::ExtFOp::create(builder, loc, type, value);
  return arith::TruncFOp::create(builder, loc, type, value);
}

Value FanIn::add(Value a, Value b, Domain domain) {
  if (domain == Domain::Bool)
    return arith::OrIOp::create(builder, loc, a, b);
  if (domain == Domain::Int)
    return arith::AddIOp::create(builder, loc, a, b);
  return arith::AddFOp::create(builder, loc, a, b);
}

Value FanIn::isNotZero(Value value, Domain domain) {
  if (domain == Domain::Int)
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, value,
                                 zero(value.getType()));
  // NaN is not zero: unordered or not equal.
  return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, value,
                               zero(value.getType()));
}

Value FanIn::narrow(Value value, Domain from, RankedTensorType declared) {
  Domain to = domainOf(declared.getElementType());
  if (to == Domain::Bool)
    return from == Domain::Bool ? value : isNotZero(value, from);
  value = convert(value, from, to);
  Type type = proc::valueType(declared);
  if (value.getType() == type)
    return value;
  return arith::TruncIOp::create(builder, loc, type, value);
}

Value sumOf(OpBuilder &builder, Location loc, ArrayRef<Summand> messages, RankedTensorType port) {
  Type type = proc::valueType(port);
  if (messages.empty())
    return arith::ConstantOp::create(builder, loc, cast<TypedAttr>(builder.getZeroAttr(type)));
  auto elementOf = [](const Summand &message) {
    return cast<RankedTensorType>(message.declared).getElementType();
  };
  if (messages.size() == 1 && elementOf(messages.front()) == port.getElementType())
    return messages.front().value;

  FanIn fanIn(builder, loc);
  Domain domain = domainOf(elementOf(messages.front()));
  Value sum = fanIn.widen(messages.front().value, elementOf(messages.front()));
  for (const Summand &message : messages.drop_front()) {
    Domain other = domainOf(elementOf(message)), common = std::max(domain, other);
    Value value = fanIn.widen(message.value, elementOf(message));
    sum =
        fanIn.add(fanIn.convert(sum, domain, common), fanIn.convert(value, other, common), common);
    domain = common;
  }
  return fanIn.narrow(sum, domain, port);
}

} // namespace basalt
