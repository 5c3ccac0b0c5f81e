// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writing beside, then renaming.
#include "runtime/native/WholeFile.h"

#include "runtime/native/Error.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace basalt::rt;

WholeFile::WholeFile(std::string target) : path(std::move(target)) {
  struct stat info;
  if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode))
    throw InputError("cannot write '" + path + "': it is a folder");
  for (int attempt = 0; descriptor < 0; ++attempt) {
    std::string name = path + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0)
      temporary.adopt(std::move(name));
    else if (errno != EEXIST)
      throwSystemError("cannot write '" + path + "'", errno);
  }
}

WholeFile::~WholeFile() {
  if (descriptor >= 0)
    ::close(descriptor);
}

void WholeFile::write(const char *data, size_t bytes) {
  while (bytes > 0) {
    ssize_t count = ::write(descriptor, data, bytes);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      throwSystemError("cannot write '" + path + "'", errno);
    data += count;
    bytes -= size_t(count);
  }
}

void WholeFile::rewind() {
  if (::lseek(descriptor, 0, SEEK_SET) != 0)
    throwSystemError("cannot write '" + path + "'", errno);
}

void WholeFile::close() {
  // Some file systems report a full disk only when the file is closed.
  if (::close(std::exchange(descriptor, -1)) != 0)
    throwSystemError("cannot write '" + path + "'", errno);
}

void WholeFile::publish() {
  if (std::rename(temporary.path().c_str(), path.c_str()) != 0)
    throwSystemError("cannot write '" + path + "'", errno);
  temporary.release();
}
