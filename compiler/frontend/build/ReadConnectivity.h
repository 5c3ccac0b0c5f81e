// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules of connectivity as YAML gives them: `{rule: fixed_indegree, indegree: 1000}`.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_READCONNECTIVITY_H
#define BASALT_COMPILER_FRONTEND_BUILD_READCONNECTIVITY_H

#include "compiler/frontend/build/Constant.h"
#include "runtime/native/Rule.h"

namespace basalt::frontend {

/// The rule of a matrix with that many targets and sources; not `from_list`. What cannot be met is
/// reported.
mlir::FailureOr<rt::OwnedRule> readRule(const yaml::Node &node, llvm::ArrayRef<int64_t> shape,
                                        Environment &scope, DataFiles &files);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_READCONNECTIVITY_H
