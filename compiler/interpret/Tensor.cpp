// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors, and their conversion from and to constants.
#include "compiler/interpret/Tensor.h"

#include "runtime/native/Arithmetic.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt::interp {

/// Values have no signedness, and an index is a number of 64 bits.
static Type valueElement(Type type) {
  if (type.isIndex())
    return IntegerType::get(type.getContext(), 64);
  if (auto integer = dyn_cast<IntegerType>(type))
    return IntegerType::get(type.getContext(), integer.getWidth());
  return type;
}

static ArrayRef<int64_t> shapeOf(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return tensor.getShape();
  return {};
}

Tensor::Tensor(Type type) : Tensor(getElementTypeOrSelf(type), shapeOf(type)) {}

Tensor::Tensor(Type elementType, ArrayRef<int64_t> shape)
    : element(valueElement(elementType)), extents(shape), count(ShapedType::getNumElements(shape)) {
  assert((element.isF32() || element.isF64() || element.isInteger()) && "not an element type");
  if (isFloat())
    reals.resize(count);
  else
    integers.resize(count);
}

Tensor Tensor::fromAttr(ElementsAttr value) {
  Tensor result(value.getElementType(), value.getShapedType().getShape());
  int64_t i = 0;
  if (result.isFloat()) {
    for (const llvm::APFloat &real : value.getValues<llvm::APFloat>())
      result.setReal(i++, real.convertToDouble());
    return result;
  }
  for (const llvm::APInt &bits : value.getValues<llvm::APInt>())
    result.setInteger(i++, bits.getSExtValue());
  return result;
}

Tensor Tensor::fromScalarAttr(TypedAttr value) {
  Tensor result(value.getType());
  if (auto real = dyn_cast<FloatAttr>(value))
    result.setReal(0, real.getValue().convertToDouble());
  else
    result.setInteger(0, cast<IntegerAttr>(value).getValue().getSExtValue());
  return result;
}

DenseElementsAttr Tensor::toAttr() const {
  if (isFloat()) {
    std::vector<llvm::APFloat> values;
    values.reserve(count);
    for (double real : reals)
      values.emplace_back(isSingle() ? llvm::APFloat(static_cast<float>(real))
                                     : llvm::APFloat(real));
    return DenseElementsAttr::get(type(), values);
  }
  std::vector<llvm::APInt> values;
  values.reserve(count);
  for (int64_t integer : integers)
    values.emplace_back(width(), static_cast<uint64_t>(integer), /*isSigned=*/true,
                        /*implicitTrunc=*/true);
  return DenseElementsAttr::get(type(), values);
}

RankedTensorType Tensor::type() const { return RankedTensorType::get(extents, element); }

int64_t Tensor::zeroExtended(int64_t i) const {
  return rt::mask(integers[i], static_cast<int>(width()));
}

int64_t Tensor::signExtended(int64_t i) const { return width() == 1 ? -integers[i] : integers[i]; }

void Tensor::setInteger(int64_t i, int64_t value) {
  integers[i] = rt::wrap(value, static_cast<int>(width()));
}

void Tensor::setReal(int64_t i, double value) {
  reals[i] = isSingle() ? static_cast<float>(value) : value;
}

void Tensor::copy(int64_t i, const Tensor &from, int64_t j) {
  assert(element == from.element && "copies between element types");
  if (isFloat())
    reals[i] = from.reals[j];
  else
    integers[i] = from.integers[j];
}

bool Tensor::truth() const {
  assert(count == 1 && element.isInteger(1) && "not a condition");
  return integers[0] != 0;
}

bool Tensor::operator==(const Tensor &other) const {
  if (element != other.element || extents != other.extents || integers != other.integers)
    return false;
  for (size_t i = 0; i < reals.size(); ++i)
    if (llvm::bit_cast<uint64_t>(reals[i]) != llvm::bit_cast<uint64_t>(other.reals[i]))
      return false;
  return true;
}

} // namespace basalt::interp
