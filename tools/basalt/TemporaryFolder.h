// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A folder that is gone when its object is, or when a signal ends the process.
#ifndef BASALT_TOOLS_BASALT_TEMPORARYFOLDER_H
#define BASALT_TOOLS_BASALT_TEMPORARYFOLDER_H

#include <string>
#include <vector>

namespace basalt::driver {

class TemporaryFolder {
public:
  /// Below `parent`, or below the system's folder for such things. Throws rt::InputError.
  explicit TemporaryFolder(const std::string &parent = "");
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder() { remove(); }

  const std::string &path() const { return folder; }
  /// The path of a file in it, which will be removed with it.
  std::string file(const std::string &name);

  /// The folder now has another name and belongs to others.
  void release();
  void remove();

private:
  std::string folder;
  std::vector<std::string> files;
};

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_TEMPORARYFOLDER_H
