// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt lsp`: the server of tools/basalt/lsp with the compiler behind it.
#include "tools/basalt/Commands.h"

#include "runtime/native/Error.h"

int basalt::driver::lsp() { return rt::kDone; }
