// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors from and to memory in the layout of the run-time library, so that recording, sets and
// initial data are the same for the interpreter and for generated programs.
#include "compiler/interpret/Tensor.h"

#include "runtime/native/Layout.h"

using namespace mlir;

namespace basalt::interp {

rt::Element storageElement(Type element) {
  auto width = static_cast<uint8_t>(element.getIntOrFloatBitWidth());
  if (isa<FloatType>(element))
    return {rt::Kind::Float, width};
  auto integer = cast<IntegerType>(element);
  if (integer.isUnsigned())
    return {rt::Kind::Unsigned, width};
  if (integer.isSignless() && width == 1)
    return {rt::Kind::Bool, 1};
  return {rt::Kind::Signed, width};
}

size_t storageSize(RankedTensorType declared) {
  return static_cast<size_t>(declared.getNumElements()) *
         rt::storageSize(storageElement(declared.getElementType()));
}

Tensor loadTensor(RankedTensorType declared, const void *data) {
  Tensor result(declared);
  rt::Element element = storageElement(declared.getElementType());
  if (!result.isFloat())
    result.setIntegers([&](int64_t i) { return rt::loadInt(element, data, i); });
  for (int64_t i = 0; result.isFloat() && i < result.size(); ++i)
    result.setReal(i, rt::loadFloat(element, data, i));
  return result;
}

void storeTensor(const Tensor &value, RankedTensorType declared, void *data) {
  assert(value.shape() == declared.getShape() && "stores a value of another shape");
  rt::Element element = storageElement(declared.getElementType());
  for (int64_t i = 0; i < value.size(); ++i) {
    if (value.isFloat())
      rt::storeFloat(element, data, i, value.real(i));
    else
      rt::storeInt(element, data, i, value.integer(i));
  }
}

/// Whether constants of the type have their elements where memory has them, too.
static bool isSameInMemory(RankedTensorType declared) {
  rt::Element element = storageElement(declared.getElementType());
  return element.bits >= 8 && element.bits == 8 * rt::storageSize(element);
}

DenseElementsAttr loadAttr(RankedTensorType declared, const void *data) {
  if (!isSameInMemory(declared) || declared.getNumElements() == 0)
    return loadTensor(declared, data).toAttr();
  return DenseElementsAttr::getFromRawBuffer(
      Tensor(declared.getElementType(), {}).type().clone(declared.getShape()),
      ArrayRef(static_cast<const char *>(data), storageSize(declared)));
}

void storeAttr(ElementsAttr value, RankedTensorType declared, void *data) {
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense || dense.isSplat() || !isSameInMemory(declared))
    return storeTensor(Tensor::fromAttr(value), declared, data);
  llvm::copy(dense.getRawData(), static_cast<char *>(data));
}

} // namespace basalt::interp
