// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/typing/Emitter.h"
#include "compiler/frontend/typing/Record.h"
#include "dialect/num/Num.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt::frontend {

//===--- What is known of a value ---===//

std::string describe(const Typed &typed) {
  if (typed.isString())
    return "a string";
  if (typed.object)
    return describeObject(typed.object);
  if (!typed.value)
    return "no value";
  Type element = typed.element();
  std::string text = typed.isBool() ? "bool" : typed.isInt() ? "i64" : proc::spellElement(element);
  if (typed.seenShape().empty())
    return text;
  std::string type = proc::spellType(typed.type().clone(typed.seenShape()));
  return (typed.sparse ? "sparse " : "") + text + type.substr(type.find('['));
}

std::optional<DenseElementsAttr> constantOf(Value value) {
  return value ? interp::constantOf(value) : std::nullopt;
}

std::optional<int64_t> constantInt(const Typed &typed) {
  if (typed.isSymbolic() || typed.sparse || !typed.isInt() || typed.type().getNumElements() != 1)
    return std::nullopt;
  std::optional<DenseElementsAttr> constant = constantOf(typed.value);
  if (!constant)
    return std::nullopt;
  return (*constant->getValues<llvm::APInt>().begin()).getSExtValue();
}

std::optional<bool> constantBool(const Typed &typed) {
  if (typed.isSymbolic() || typed.sparse || !typed.isBool() || typed.type().getNumElements() != 1)
    return std::nullopt;
  std::optional<DenseElementsAttr> constant = constantOf(typed.value);
  if (!constant)
    return std::nullopt;
  return *constant->getValues<bool>().begin();
}

std::optional<SmallVector<int64_t>> broadcastShapes(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  SmallVector<int64_t> result(std::max(a.size(), b.size()));
  for (size_t k = 0; k < result.size(); ++k) {
    int64_t x = k < a.size() ? a[a.size() - 1 - k] : 1, y = k < b.size() ? b[b.size() - 1 - k] : 1;
    if (x != y && x != 1 && y != 1)
      return std::nullopt;
    result[result.size() - 1 - k] = x == 1 ? y : x;
  }
  return result;
}

//===--- Emission ---===//

Value Emitter::fold(Operation *op) {
  if (std::optional<DenseElementsAttr> folded = interp::foldToConstant(op, foldLimit)) {
    Location loc = op->getLoc();
    op->erase();
    return constant(loc, *folded);
  }
  return op->getResult(0);
}

Value Emitter::constant(Location loc, DenseElementsAttr value) {
  return arith::ConstantOp::create(builder, loc, value);
}
Value Emitter::constantInt(Location loc, int64_t value) {
  return constant(loc, DenseElementsAttr::get(tensor({}, intType()), value));
}
Value Emitter::constantFloat(Location loc, double value, Type type) {
  type = type ? type : doubleType();
  return constant(loc,
                  DenseElementsAttr::get(tensor({}, type), Attribute(FloatAttr::get(type, value))));
}
Value Emitter::constantBool(Location loc, bool value) {
  return constant(loc, DenseElementsAttr::get(tensor({}, boolType()), value));
}
Value Emitter::counting(Location loc, int64_t start, int64_t count) {
  auto values = llvm::to_vector(llvm::seq<int64_t>(start, start + count));
  return constant(loc,
                  DenseElementsAttr::get(tensor({count}, intType()), ArrayRef<int64_t>(values)));
}

Value Emitter::toElement(Location loc, Value value, Type element) {
  auto type = cast<RankedTensorType>(value.getType());
  Type from = type.getElementType();
  if (from == element)
    return value;
  Type result = type.clone(element);
  if (from.isInteger(1)) {
    if (element.isInteger(64))
      return make<arith::ExtUIOp>(loc, result, value);
    return toElement(loc, toElement(loc, value, intType()), element);
  }
  if (element.isInteger(1)) {
    Value zero = constant(loc, DenseElementsAttr::get(type, builder.getZeroAttr(from)));
    if (isa<FloatType>(from))
      return make<arith::CmpFOp>(loc, arith::CmpFPredicate::UNE, value, zero);
    return make<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, value, zero);
  }
  if (from.isInteger(64))
    return make<arith::SIToFPOp>(loc, result, value);
  assert(isa<FloatType>(from) && isa<FloatType>(element) &&
         "float to integer is a cast of its own");
  if (from.isF32())
    return make<arith::ExtFOp>(loc, result, value);
  return make<arith::TruncFOp>(loc, result, value);
}

Value Emitter::broadcast(Location loc, Value value, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getShape() == shape)
    return value;
  return make<num::BroadcastOp>(loc, type.clone(shape), value);
}

Value Emitter::reshape(Location loc, Value value, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getShape() == shape)
    return value;
  return make<num::ReshapeOp>(loc, type.clone(shape), value);
}

Value Emitter::widen(Location loc, Value stored, Type declared) {
  auto integer = dyn_cast<IntegerType>(declared);
  if (!integer || integer.isSignless() || integer.getWidth() == 64)
    return stored;
  Type result = cast<RankedTensorType>(stored.getType()).clone(intType());
  if (integer.isUnsigned())
    return make<arith::ExtUIOp>(loc, result, stored);
  return make<arith::ExtSIOp>(loc, result, stored);
}

Value Emitter::wrap(Location loc, Value value, IntegerType declared) {
  auto type = cast<RankedTensorType>(value.getType());
  unsigned from = type.getElementTypeBitWidth(), to = declared.getWidth();
  Type result = type.clone(IntegerType::get(builder.getContext(), to));
  if (from == to)
    return value;
  if (from < to)
    return make<arith::ExtUIOp>(loc, result, value); // a bool
  return make<arith::TruncIOp>(loc, result, value);
}

Value Emitter::saturate(Location loc, Value value, IntegerType declared) {
  unsigned width = declared.getWidth();
  bool isUnsigned = declared.isUnsigned() || declared.isSignless();
  llvm::APInt low =
      isUnsigned ? llvm::APInt::getMinValue(width) : llvm::APInt::getSignedMinValue(width);
  llvm::APInt high =
      isUnsigned ? llvm::APInt::getMaxValue(width) : llvm::APInt::getSignedMaxValue(width);
  auto bound = [&](llvm::APInt limit) {
    limit = isUnsigned ? limit.zext(64) : limit.sext(64);
    return constant(loc, DenseElementsAttr::get(cast<RankedTensorType>(value.getType()), limit));
  };
  if (width == 64)
    return value;
  return make<arith::MinSIOp>(loc, make<arith::MaxSIOp>(loc, value, bound(low)), bound(high));
}

} // namespace basalt::frontend
