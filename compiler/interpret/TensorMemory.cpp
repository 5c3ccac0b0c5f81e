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
  for (int64_t i = 0; i < result.size(); ++i) {
    if (result.isFloat())
      result.setReal(i, rt::loadFloat(element, data, i));
    else
      result.setInteger(i, rt::loadInt(element, data, i));
  }
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

} // namespace basalt::interp
