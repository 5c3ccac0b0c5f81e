// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What leaves the compiler for the native target: C++ text, and the data that go with it.
#ifndef BASALT_TOOLS_BASALT_NATIVEPROGRAM_H
#define BASALT_TOOLS_BASALT_NATIVEPROGRAM_H

#include "tools/basalt/Session.h"

#include "runtime/native/InitialData.h"

namespace basalt::driver {

struct NativeProgram {
  std::string cpp;
  /// Initial values of all states, and the options of the `run:` section.
  rt::InitialContents initial;
  /// What `initial` points into.
  std::vector<std::vector<char>> storage;
};

/// Takes the session to its last IR and fills `program`. What is not kDone has been reported.
rt::ExitCode makeNativeProgram(Session &session, NativeProgram &program);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_NATIVEPROGRAM_H
