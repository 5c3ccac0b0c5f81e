// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SHA-256 (FIPS 180-4), so that who loads images needs no other library.
#ifndef BASALT_RUNTIME_NEUROCORE_SHA256_H
#define BASALT_RUNTIME_NEUROCORE_SHA256_H

#include <string>
#include <string_view>

namespace basalt::nc {

/// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_SHA256_H
