// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writing to file descriptors with every error noticed.
#include "runtime/native/Output.h"

#include "runtime/native/Error.h"

#include <cerrno>
#include <unistd.h>

using namespace basalt::rt;

/// One system call for about this much text.
static constexpr size_t kBufferSize = 1 << 16;

Output::~Output() = default;

FileOutput::FileOutput(int descriptor, std::string name)
    : descriptor(descriptor), name(std::move(name)) {}

void FileOutput::write(const std::string &text) {
  buffer += text;
  if (buffer.size() >= kBufferSize)
    flush();
}

void FileOutput::flush() {
  size_t done = 0;
  while (done < buffer.size()) {
    ssize_t count = ::write(descriptor, buffer.data() + done, buffer.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0) {
      int error = errno;
      buffer.clear(); // else whoever handles the error would fail on it again
      throwSystemError("cannot write to " + name, error);
    }
    done += size_t(count);
  }
  buffer.clear();
}
