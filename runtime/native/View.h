// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A light description of a value in memory, for printing. Generated code builds these on the stack,
// so the header includes nothing but the contract.
#ifndef BASALT_RUNTIME_NATIVE_VIEW_H
#define BASALT_RUNTIME_NATIVE_VIEW_H

#include "runtime/native/Contract.h"

namespace basalt::rt {

/// The highest rank of a value.
inline constexpr unsigned kMaxRank = 8;

/// A value of `rank` axes, row-major. A single element may be held inside: then `data` is null and
/// the bytes behind the extents, at `shape[rank]`, are the value, so that no view refers to a
/// temporary.
struct View {
  const void *data;
  Element element;
  uint8_t rank;
  int64_t shape[kMaxRank + 1];
};

/// Where the first element of `view` is.
inline const void *dataOf(const View &view) {
  return view.data ? view.data : view.shape + view.rank;
}

namespace detail {
/// The element type that the C++ type `T` stands for: uint8_t and bool are truth values.
template <typename T> struct ElementOf {
  static constexpr Element value = {T(-1) < T(0) ? Kind::Signed : Kind::Unsigned,
                                    uint8_t(8 * sizeof(T))};
};
template <> struct ElementOf<bool> {
  static constexpr Element value = {Kind::Bool, 1};
};
template <> struct ElementOf<uint8_t> {
  static constexpr Element value = {Kind::Bool, 1};
};
template <> struct ElementOf<float> {
  static constexpr Element value = {Kind::Float, 32};
};
template <> struct ElementOf<double> {
  static constexpr Element value = {Kind::Float, 64};
};
} // namespace detail

/// A view of the array at `data` with the given extents.
template <typename T, typename... Extents> inline View view(const T *data, Extents... extents) {
  static_assert(sizeof...(extents) <= kMaxRank, "the rank of a value is at most 8");
  return {data, detail::ElementOf<T>::value, uint8_t(sizeof...(extents)), {int64_t(extents)...}};
}

/// A view that holds `value` as the one element of an array of which every extent is 1.
template <typename T, typename... Extents> inline View single(T value, Extents... extents) {
  static_assert(sizeof...(extents) <= kMaxRank, "the rank of a value is at most 8");
  View result = {
      nullptr, detail::ElementOf<T>::value, uint8_t(sizeof...(extents)), {int64_t(extents)...}};
  __builtin_memcpy(result.shape + sizeof...(extents), &value, sizeof(T));
  return result;
}

/// A view that holds `value`.
template <typename T> inline View scalar(T value) { return single(value); }

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_VIEW_H
