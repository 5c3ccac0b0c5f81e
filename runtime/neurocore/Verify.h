// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether an image can run: every index is in its table, every place in its memory, every program
// ends, and nothing is more than the target has. An image that passes cannot make the emulator
// leave its own memory.
#ifndef BASALT_RUNTIME_NEUROCORE_VERIFY_H
#define BASALT_RUNTIME_NEUROCORE_VERIFY_H

#include "runtime/neurocore/Image.h"
#include "runtime/neurocore/Resources.h"

namespace basalt::nc {

/// What is wrong, with the table, index, value and limit: `cores[0].groups[2].layout is 7, expected
/// less than 3`; or nothing.
std::string verifyImage(const Image &image);

/// What stands on a core, as the resource function wants it. The core has been verified.
CoreUse useOf(const Image &image, const Core &core);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_VERIFY_H
