// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sample program as an executable, as the compiler makes them.
#include "Sample.h"

int main(int argc, char **argv) { return basalt::rt::runMain(argc, argv, sample::kProgram); }
