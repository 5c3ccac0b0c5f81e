// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Initial values of processes that have models of both kinds, with code and hierarchical.
#ifndef BASALT_DIALECT_PROC_PASSEDON_H
#define BASALT_DIALECT_PROC_PASSEDON_H

#include "llvm/ADT/StringRef.h"

namespace basalt::proc {

/// Marks a `proc.value` that hierarchical models of its process pass on to their children. Only a
/// model with code needs the value itself, so it goes when a hierarchical one is selected; without
/// the mark it would have no effect then, which is an error.
constexpr llvm::StringLiteral kPassedOn = "proc.passed_on";

} // namespace basalt::proc

#endif // BASALT_DIALECT_PROC_PASSEDON_H
