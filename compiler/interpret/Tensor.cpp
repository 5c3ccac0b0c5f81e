// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors, and their conversion from and to constants.
#include "compiler/interpret/Tensor.h"

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
    : element(valueElement(elementType)), extents(shape), count(ShapedType::getNumElements(shape)),
      bits(element.getIntOrFloatBitWidth()), hasReals(isa<FloatType>(element)),
      elements(std::make_shared<Elements>()) {
  assert((element.isF32() || element.isF64() || element.isInteger()) && "not an element type");
  if (hasReals)
    elements->reals.resize(count);
  else
    elements->integers.resize(count);
}

/// The integers behind raw data, without an APInt for each; false for widths that are rare.
static bool takeRaw(ArrayRef<char> raw, unsigned bits, std::vector<int64_t> &into) {
  auto take = [&](auto zero) {
    using Number = decltype(zero);
    auto *numbers = reinterpret_cast<const Number *>(raw.data());
    std::copy(numbers, numbers + into.size(), into.begin());
    return true;
  };
  switch (bits) {
  case 8:
    return take(int8_t());
  case 16:
    return take(int16_t());
  case 32:
    return take(int32_t());
  case 64:
    return take(int64_t());
  default:
    return false;
  }
}

Tensor Tensor::fromAttr(ElementsAttr value) {
  Tensor result(value.getElementType(), value.getShapedType().getShape());
  int64_t i = 0;
  if (result.isFloat()) {
    for (const llvm::APFloat &real : value.getValues<llvm::APFloat>())
      result.setReal(i++, real.convertToDouble());
    return result;
  }
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (dense && dense.isSplat()) {
    int64_t number = dense.getSplatValue<llvm::APInt>().getSExtValue();
    std::vector<int64_t> &integers = result.elements->integers;
    std::fill(integers.begin(), integers.end(), rt::wrap(number, int(result.bits)));
    return result;
  }
  if (dense && takeRaw(dense.getRawData(), result.bits, result.elements->integers))
    return result;
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
    for (double real : elements->reals)
      values.emplace_back(isSingle() ? llvm::APFloat(static_cast<float>(real))
                                     : llvm::APFloat(real));
    return DenseElementsAttr::get(type(), values);
  }
  const std::vector<int64_t> &integers = elements->integers;
  auto narrowed = [&](auto zero) {
    using Number = decltype(zero);
    return DenseElementsAttr::get(
        type(), ArrayRef<Number>(std::vector<Number>(integers.begin(), integers.end())));
  };
  // The usual ones, without an APInt for each.
  if (bits == 64)
    return DenseElementsAttr::get(type(), ArrayRef(integers));
  if (bits == 32)
    return narrowed(int32_t());
  std::vector<llvm::APInt> values;
  values.reserve(count);
  for (int64_t integer : integers)
    values.emplace_back(width(), static_cast<uint64_t>(integer), /*isSigned=*/true,
                        /*implicitTrunc=*/true);
  return DenseElementsAttr::get(type(), values);
}

RankedTensorType Tensor::type() const { return RankedTensorType::get(extents, element); }

void Tensor::copy(int64_t i, const Tensor &from, int64_t j) {
  assert(element == from.element && "copies between element types");
  if (hasReals)
    own().reals[i] = from.elements->reals[j];
  else
    own().integers[i] = from.elements->integers[j];
}

bool Tensor::truth() const {
  assert(count == 1 && element.isInteger(1) && "not a condition");
  return integer(0) != 0;
}

bool Tensor::operator==(const Tensor &other) const {
  if (element != other.element || extents != other.extents)
    return false;
  for (int64_t i = 0; i < count; ++i)
    if (hasReals ? llvm::bit_cast<uint64_t>(real(i)) != llvm::bit_cast<uint64_t>(other.real(i))
                 : integer(i) != other.integer(i))
      return false;
  return true;
}

} // namespace basalt::interp
