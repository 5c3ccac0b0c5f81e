// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An embedded processor whose programs are functions of the test, by address.
#ifndef BASALT_TEST_UNIT_NEUROCORE_FAKECPU_H
#define BASALT_TEST_UNIT_NEUROCORE_FAKECPU_H

#include "runtime/neurocore/Embedded.h"

#include <functional>
#include <map>

namespace basalt::nc::test {

using FakeFunction = std::function<int64_t(Environment &, EmbeddedCpu &)>;
std::map<uint32_t, FakeFunction> &fakeFunctions();

} // namespace basalt::nc::test

#endif // BASALT_TEST_UNIT_NEUROCORE_FAKECPU_H
