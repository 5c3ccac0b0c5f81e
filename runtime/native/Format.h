// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values as text, as `str` of Python 3 and NumPy 2 shows them: the users of Basalt come from there
// and compare outputs.
#ifndef BASALT_RUNTIME_NATIVE_FORMAT_H
#define BASALT_RUNTIME_NATIVE_FORMAT_H

#include "runtime/native/View.h"

#include <string>

namespace basalt::rt {

/// `str(value)`: `5`, `0.5`, `True`, `[0.1 0.2]`; at most 75 columns a line, `...` beyond 1000
/// elements.
std::string formatValue(const View &value);

/// `format` with each `{}` replaced by the next operand; `{{` and `}}` are braces.
std::string formatText(const char *format, const View *operands, size_t count);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_FORMAT_H
