// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files that appear whole or not at all.
#ifndef BASALT_RUNTIME_NATIVE_WHOLEFILE_H
#define BASALT_RUNTIME_NATIVE_WHOLEFILE_H

#include "runtime/native/TemporaryFile.h"

#include <cstddef>
#include <string>

namespace basalt::rt {

/// A file that is written under a temporary name beside its own, and renamed in the end. Unless it
/// is published it leaves nothing behind. What fails is an InputError that names the file.
class WholeFile {
public:
  /// Creates the temporary file; fails if that is not possible or `path` is a folder.
  explicit WholeFile(std::string path);
  WholeFile(const WholeFile &) = delete;
  WholeFile &operator=(const WholeFile &) = delete;
  ~WholeFile();

  void write(const char *data, size_t bytes);
  /// What is written next is at the start of the file.
  void rewind();
  /// Nothing more is written. What can fail because of the size has failed then.
  void close();
  /// After `close`: gives the file its name.
  void publish();

private:
  std::string path;
  TemporaryFile temporary;
  int descriptor = -1;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_WHOLEFILE_H
