// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// basalt-sample-image FILE CORES FIRST SECOND DELAYS SEED: writes a network of LIF neurons that was
// made by hand, for tests of commands that read images and for measurements of the emulator.
#include "TestImages.h"
#include "runtime/native/Run.h"
#include "runtime/neurocore/ImageFile.h"

#include <cstdio>
#include <cstdlib>

using namespace basalt;

int main(int argc, char **argv) {
  if (argc != 7) {
    std::fprintf(stderr, "usage: basalt-sample-image FILE CORES FIRST SECOND DELAYS SEED\n");
    return 2;
  }
  auto number = [&](int i) { return unsigned(std::strtoul(argv[i], nullptr, 10)); };
  return rt::reportErrors([&] {
    nc::test::LifNet net = nc::test::randomNet(number(3), number(4), number(5) != 0, number(6));
    nc::writeImageFile(argv[1], net.build(number(2)));
    return 0;
  });
}
