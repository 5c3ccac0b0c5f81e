// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What programs that were made through the LLVM dialect are run with; only for tests. llvm_path.py
// writes the rest: the tables of each program.
#ifndef BASALT_TEST_LLVM_HOST_H
#define BASALT_TEST_LLVM_HOST_H

#include "runtime/native/Generated.h"

namespace rt = basalt::rt;

/// That of the phase that runs.
extern rt::Context *context;

/// The main program: initial values are in the program's memory, options on the command line.
int runHost(int argc, char **argv, const rt::Program &program);

#endif // BASALT_TEST_LLVM_HOST_H
