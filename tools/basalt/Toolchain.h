// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Toolchain.h - from C++ text to machine code ------------------------===//
//
// Finds the C++ compiler and the run-time library, and calls the one with the other. Errors are
// rt::InputError: a compiler that is missing or fails is nothing that Basalt could repair.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_TOOLS_BASALT_TOOLCHAIN_H
#define BASALT_TOOLS_BASALT_TOOLCHAIN_H

#include "tools/basalt/Arguments.h"

#include <string>
#include <vector>

namespace basalt::driver {

enum class BinaryKind { Executable, Library };

class Toolchain {
public:
  explicit Toolchain(const NativeArguments &arguments);

  /// Changes if machine code may: compiler, its flags, the CPU, the runtime, Basalt itself. Cheap:
  /// no program is started.
  std::string identity() const;

  /// Compiles the file `source` and links it with the runtime to the file `output`.
  void build(const std::string &source, const std::string &output, BinaryKind kind) const;

private:
  std::vector<std::string> flags(BinaryKind kind) const;

  std::string compiler; // its path
  std::string includeFolder, runtime;
  bool debug;
};

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_TOOLCHAIN_H
