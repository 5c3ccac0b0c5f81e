// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where `print` goes. Not stdio: its errors are easily missed, and a run whose output was lost must
// not end with exit code 0.
#ifndef BASALT_RUNTIME_NATIVE_OUTPUT_H
#define BASALT_RUNTIME_NATIVE_OUTPUT_H

#include <string>

namespace basalt::rt {

/// A buffered stream of text.
class Output {
public:
  virtual ~Output();
  /// Appends `text`; throws InputError if what was buffered cannot be written.
  virtual void write(const std::string &text) = 0;
  /// Hands on what is buffered; throws InputError if it cannot be written.
  virtual void flush() = 0;
};

/// To an open file descriptor, which stays open.
class FileOutput final : public Output {
public:
  /// `name` is for error messages.
  FileOutput(int descriptor, std::string name);
  void write(const std::string &text) override;
  void flush() override;

private:
  int descriptor;
  std::string name;
  std::string buffer;
};

/// Into a string, for those who run a simulation inside their process.
class StringOutput final : public Output {
public:
  void write(const std::string &text) override { contents += text; }
  void flush() override {}
  const std::string &text() const { return contents; }

private:
  std::string contents;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_OUTPUT_H
