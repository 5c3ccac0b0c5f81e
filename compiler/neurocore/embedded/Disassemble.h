// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects of embedded programs as text.
#ifndef BASALT_COMPILER_NEUROCORE_EMBEDDED_DISASSEMBLE_H
#define BASALT_COMPILER_NEUROCORE_EMBEDDED_DISASSEMBLE_H

#include "llvm/Support/LogicalResult.h"
#include <string>
#include <string_view>

namespace basalt::neurocore {

/// The code of `object`, of which readObject has found nothing wrong: functions by their names,
/// instructions with their addresses, and the place in the user's files wherever it changes.
/// Constants that stand behind the code are data. On failure `*error` says why.
llvm::FailureOr<std::string> disassemble(std::string_view object, std::string *error);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_EMBEDDED_DISASSEMBLE_H
