// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values as a string of bytes, for the way from one process to another: native order and sizes.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_BYTES_H
#define BASALT_COMPILER_FRONTEND_BUILD_BYTES_H

#include "runtime/native/Npy.h"

#include <cstring>
#include <string>
#include <type_traits>

namespace basalt::frontend {

class ByteWriter {
public:
  template <typename T> void value(T value) {
    static_assert(std::is_trivially_copyable_v<T>);
    text.append(reinterpret_cast<const char *>(&value), sizeof(value));
  }
  void bytes(const void *data, size_t size) {
    value(uint64_t(size));
    text.append(static_cast<const char *>(data), size);
  }
  void string(const std::string &value) { bytes(value.data(), value.size()); }
  void array(const rt::NpyArray &array) {
    value(array.kind);
    value(array.itemSize);
    bytes(array.shape.data(), array.shape.size() * sizeof(int64_t));
    bytes(array.data.data(), array.data.size());
  }

  std::string take() { return std::move(text); }

private:
  std::string text;
};

/// Reads what a ByteWriter has written, in the same order; once that fails, everything is 0 or
/// empty.
class ByteReader {
public:
  explicit ByteReader(const std::string &text) : next(text.data()), end(next + text.size()) {}

  template <typename T> T value() {
    T result{};
    if (const char *data = skip(sizeof(T)))
      std::memcpy(&result, data, sizeof(T));
    return result;
  }
  template <typename Container> Container container() {
    using Element = typename Container::value_type;
    auto size = value<uint64_t>();
    const char *data = skip(size);
    Container result(data ? size / sizeof(Element) : 0, Element());
    if (!result.empty())
      std::memcpy(result.data(), data, result.size() * sizeof(Element));
    return result;
  }
  std::string string() { return container<std::string>(); }
  rt::NpyArray array() {
    rt::NpyArray result;
    result.kind = value<char>();
    result.itemSize = value<unsigned>();
    result.shape = container<std::vector<int64_t>>();
    result.data = container<std::vector<char>>();
    return result;
  }

private:
  const char *skip(uint64_t size) {
    if (size > uint64_t(end - next)) {
      next = end;
      return nullptr;
    }
    next += size;
    return next - size;
  }

  const char *next, *end;
};

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_BYTES_H
