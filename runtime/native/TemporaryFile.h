// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files under construction do not outlive the process, also when a signal ends it.
#ifndef BASALT_RUNTIME_NATIVE_TEMPORARYFILE_H
#define BASALT_RUNTIME_NATIVE_TEMPORARYFILE_H

#include <string>

namespace basalt::rt {

/// The name of a file that is removed with this object, and when SIGHUP, SIGINT or SIGTERM ends the
/// process before that.
class TemporaryFile {
public:
  TemporaryFile() = default;
  TemporaryFile(const TemporaryFile &) = delete;
  TemporaryFile &operator=(const TemporaryFile &) = delete;
  ~TemporaryFile();

  /// Takes over a file that has just been made.
  void adopt(std::string path);
  const std::string &path() const { return name; }
  /// The file stays, or has another name now.
  void release();

private:
  std::string name;
  struct PendingRemoval *pending = nullptr;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_TEMPORARYFILE_H
