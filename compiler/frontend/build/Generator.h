// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Given values that are drawn: `{random: normal, mean: 0, std: 1}`.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_GENERATOR_H
#define BASALT_COMPILER_FRONTEND_BUILD_GENERATOR_H

#include "compiler/frontend/build/Constant.h"

namespace basalt::frontend {

/// Whether `node` gives a random value.
bool isGenerator(const yaml::Node &node);

/// The value that the generator `node` draws for `path` (`layer.lif.v`): i64 or f64 of the given
/// shape, keyed by the seed of the run, the path and the place of the element. Its parameters are
/// evaluated in `scope`.
mlir::FailureOr<Constant> generate(const yaml::Node &node, llvm::StringRef path,
                                   llvm::ArrayRef<int64_t> shape, Environment &scope,
                                   DataFiles &files);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_GENERATOR_H
