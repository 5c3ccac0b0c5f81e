// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How elements lie in memory (see Element in Contract.h): sizes, and single elements read and
// written. For whoever handles values of any type; generated code knows its types and does not need
// it.
#ifndef BASALT_RUNTIME_NATIVE_LAYOUT_H
#define BASALT_RUNTIME_NATIVE_LAYOUT_H

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Contract.h"

#include <cstring>
#include <string>

namespace basalt::rt {

/// Bytes of an element in memory.
constexpr size_t storageSize(Element element) {
  if (element.kind == Kind::Float)
    return element.bits / 8;
  return element.bits <= 8 ? 1 : element.bits <= 16 ? 2 : element.bits <= 32 ? 4 : 8;
}

/// Elements of a value with these extents. The compiler has checked that it fits.
inline size_t elementCount(uint8_t rank, const int64_t *shape) {
  size_t count = 1;
  for (uint8_t i = 0; i < rank; ++i)
    count *= size_t(shape[i]);
  return count;
}

/// Bytes of a state in memory.
inline size_t stateBytes(const StateInfo &state) {
  return elementCount(state.rank, state.shape) * storageSize(state.element);
}

/// The element `i` of an integer or truth value.
inline int64_t loadInt(Element element, const void *data, size_t i) {
  int64_t value = 0;
  switch (storageSize(element)) {
  case 1:
    value = static_cast<const int8_t *>(data)[i];
    break;
  case 2:
    value = static_cast<const int16_t *>(data)[i];
    break;
  case 4:
    value = static_cast<const int32_t *>(data)[i];
    break;
  default:
    value = static_cast<const int64_t *>(data)[i];
  }
  if (element.kind != Kind::Signed)
    return mask(value, element.bits);
  return element.bits == 1 ? -value : value; // one signed bit is 0 or -1, held as 0 or 1
}

/// The element `i` of a float value.
inline double loadFloat(Element element, const void *data, size_t i) {
  return element.bits == 32 ? double(static_cast<const float *>(data)[i])
                            : static_cast<const double *>(data)[i];
}

/// Stores an integer or truth value, wrapped to the width of the element.
inline void storeInt(Element element, void *data, size_t i, int64_t value) {
  value = wrap(value, element.bits); // sign-extended also for unsigned ones
  switch (storageSize(element)) {
  case 1:
    static_cast<int8_t *>(data)[i] = int8_t(value);
    break;
  case 2:
    static_cast<int16_t *>(data)[i] = int16_t(value);
    break;
  case 4:
    static_cast<int32_t *>(data)[i] = int32_t(value);
    break;
  default:
    static_cast<int64_t *>(data)[i] = value;
  }
}

inline void storeFloat(Element element, void *data, size_t i, double value) {
  if (element.bits == 32)
    static_cast<float *>(data)[i] = float(value);
  else
    static_cast<double *>(data)[i] = value;
}

/// The type as it is written in a network: `i16`, `u1`, `bool`, `f64`.
inline std::string typeName(Element element) {
  if (element.kind == Kind::Bool)
    return "bool";
  char letter = element.kind == Kind::Signed ? 'i' : element.kind == Kind::Unsigned ? 'u' : 'f';
  return letter + std::to_string(int(element.bits));
}

/// The least and greatest integer that the element holds.
constexpr int64_t leastInt(Element element) {
  return element.kind == Kind::Signed ? int64_t(~uint64_t(0) << (element.bits - 1)) : 0;
}
constexpr int64_t greatestInt(Element element) {
  int valueBits = element.kind == Kind::Signed ? element.bits - 1 : element.bits;
  return valueBits >= 63 ? INT64_MAX : (int64_t(1) << valueBits) - 1;
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_LAYOUT_H
