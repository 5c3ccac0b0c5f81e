// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What several tests of the run-time library need.
#ifndef BASALT_TEST_UNIT_RUNTIME_SUPPORT_H
#define BASALT_TEST_UNIT_RUNTIME_SUPPORT_H

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

/// A folder that exists as long as the object.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "basalt-test-XXXXXX";
    if (!::mkdtemp(pattern.data()))
      throw std::runtime_error("no temporary folder");
    folder = pattern;
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  std::string path() const { return folder.string(); }
  std::string operator/(const std::string &name) const { return (folder / name).string(); }
  /// The names in it, sorted.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

private:
  std::filesystem::path folder;
};

/// The text of the exception that `body` throws; "none" if it does not.
template <typename Body> std::string errorOf(Body body) {
  try {
    body();
  } catch (const std::exception &error) {
    return error.what();
  }
  return "none";
}

#endif // BASALT_TEST_UNIT_RUNTIME_SUPPORT_H
