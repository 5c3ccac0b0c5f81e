// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy's .npy files: read whole, and written as a stream of rows. A file from elsewhere is
// untrusted input; a file of ours appears whole or not at all.
#ifndef BASALT_RUNTIME_NATIVE_NPY_H
#define BASALT_RUNTIME_NATIVE_NPY_H

#include "runtime/native/WholeFile.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace basalt::rt {

/// An array read from a file, row-major whatever the order in the file was.
struct NpyArray {
  /// 'b' truth value, 'i' signed, 'u' unsigned, 'f' float.
  char kind = 'f';
  unsigned itemSize = 8; // bytes: 1, 2, 4, 8
  std::vector<int64_t> shape;
  std::vector<char> data;

  size_t size() const { return data.size() / itemSize; }
  /// The element `i`; `intAt` for kinds b, i, u (an unsigned one beyond int64_t wraps), `floatAt`
  /// for f.
  int64_t intAt(size_t i) const;
  double floatAt(size_t i) const;
  /// As NumPy calls it: `int64`, `bool`.
  std::string typeName() const;
};

/// Reads `path`; throws InputError that names the file and what is wrong with it. Files with more
/// than `maxBytes` of data are refused.
NpyArray readNpy(const std::string &path, size_t maxBytes = size_t(1) << 36);

/// The same from memory; `name` stands for the file in messages.
NpyArray parseNpy(const char *bytes, size_t size, const std::string &name,
                  size_t maxBytes = size_t(1) << 36);

/// Writes an .npy file under a temporary name beside `path`, and renames it in the end. Unless it
/// is published it leaves nothing behind.
class NpyWriter {
public:
  enum class Type { Int64, Float64, UInt8 };

  /// Creates the temporary file; throws InputError if that is not possible or `path` is a folder.
  NpyWriter(std::string path, Type type);

  /// Appends elements, row-major, in the type of the file.
  void write(const void *data, size_t bytes);
  /// Completes the temporary file; `shape` is that of all that was written. What can fail because
  /// of its size has failed then.
  void finish(const std::vector<int64_t> &shape);
  /// After `finish`: gives the file its name.
  void publish();

private:
  void flush();

  WholeFile file;
  Type type;
  std::vector<char> buffer;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_NPY_H
