// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether the two ends of a connection fit each other: kinds, shapes, element types.
#ifndef BASALT_COMPILER_RESOLVE_FIT_H
#define BASALT_COMPILER_RESOLVE_FIT_H

#include "compiler/resolve/Sources.h"

namespace basalt {

/// Checks the kinds of both ends against the table of section 4 of the language. The error names
/// both ends, their kinds, and what is allowed.
llvm::LogicalResult checkKinds(proc::ConnectOp connect, const Origin &source,
                               const proc::End &target);

/// Adds what explains a shape to an error about the connection.
using Explain = llvm::function_ref<void(mlir::Diagnostic &)>;

/// Checks shapes and element types of both ends as far as `typeOf` knows them; reports at the
/// connection, with both declarations as notes.
llvm::LogicalResult checkTypes(proc::ConnectOp connect, TypeOfEnd typeOf,
                               mlir::SymbolTableCollection &tables, Explain explain);

/// Whether a RefPort reaches a Var although their shapes differ: (1,) and () are both one element.
bool reachesOneElement(const Origin &source, const proc::End &target,
                       const proc::PartialShape &from, const proc::PartialShape &to);

/// Whether the shapes agree wherever both are known.
bool shapesAgree(const proc::PartialShape &a, const proc::PartialShape &b);

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_FIT_H
