// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef BASALT_RUNTIME_NATIVE_TRANSCENDENTAL_H
#define BASALT_RUNTIME_NATIVE_TRANSCENDENTAL_H
#endif // BASALT_RUNTIME_NATIVE_TRANSCENDENTAL_H
