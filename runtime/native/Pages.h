// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory by the page, for what is large.
#ifndef BASALT_RUNTIME_NATIVE_PAGES_H
#define BASALT_RUNTIME_NATIVE_PAGES_H

#include <cstddef>
#include <utility>

namespace basalt::rt {

/// Memory for many elements: whole pages, huge ones where the system has them, zero at first and
/// not touched before it is used. Throws std::bad_alloc.
class Pages {
public:
  Pages() = default;
  explicit Pages(size_t bytes);
  /// Takes over what release() gave.
  Pages(char *first, size_t bytes) : first(first), bytes(bytes) {}
  Pages(Pages &&other) noexcept { swap(other); }
  Pages &operator=(Pages &&other) noexcept { return swap(other), *this; }
  ~Pages();

  char *data() const { return first; }
  size_t size() const { return bytes; }
  /// Whoever asks for the memory owns it now.
  char *release() { return std::exchange(first, nullptr); }

private:
  void swap(Pages &other) noexcept {
    std::swap(first, other.first);
    std::swap(bytes, other.bytes);
  }

  char *first = nullptr;
  size_t bytes = 0;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_PAGES_H
