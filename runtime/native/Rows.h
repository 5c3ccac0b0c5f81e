// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In what form values go into .npy files: integers as int64, floats as float64, `bool` and `u1`
// as uint8.
#ifndef BASALT_RUNTIME_NATIVE_ROWS_H
#define BASALT_RUNTIME_NATIVE_ROWS_H

#include "runtime/native/Layout.h"
#include "runtime/native/Npy.h"

#include <limits>

namespace basalt::rt {

inline NpyWriter::Type fileType(Element element) {
  if (element.kind == Kind::Float)
    return NpyWriter::Type::Float64;
  bool truth = element.bits == 1 && element.kind != Kind::Signed;
  return truth ? NpyWriter::Type::UInt8 : NpyWriter::Type::Int64;
}

inline size_t fileElementSize(Element element) {
  return fileType(element) == NpyWriter::Type::UInt8 ? 1 : 8;
}

/// All NaN are the same one in files: sign and payload are the processor's and the C++ compiler's
/// affair.
inline double oneNaN(double value) {
  return value == value ? value : std::numeric_limits<double>::quiet_NaN();
}

/// Converts `count` elements at `data` to the form of the file.
inline void convertRow(Element element, const void *data, size_t count, char *row) {
  if (fileType(element) == NpyWriter::Type::UInt8) {
    std::memcpy(row, data, count);
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    if (element.kind == Kind::Float) {
      double value = oneNaN(loadFloat(element, data, i));
      std::memcpy(row + 8 * i, &value, 8);
    } else {
      int64_t value = loadInt(element, data, i);
      std::memcpy(row + 8 * i, &value, 8);
    }
  }
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_ROWS_H
