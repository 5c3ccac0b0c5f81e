// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Given values that are drawn: `{random: normal, mean: 0, std: 1}`.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_GENERATOR_H
#define BASALT_COMPILER_FRONTEND_BUILD_GENERATOR_H

#include "compiler/frontend/build/Constant.h"
#include "runtime/native/Distribution.h"

namespace basalt::frontend {

/// Whether `node` gives a random value.
bool isGenerator(const yaml::Node &node);

/// Whether `node` gives a rule of connectivity (BuildConnectivity.cpp).
bool isRule(const yaml::Node &node);

/// The distribution that `node` describes; its parameters are evaluated in `scope`.
mlir::FailureOr<rt::Distribution> readDistribution(const yaml::Node &node, Environment &scope,
                                                   DataFiles &files);

/// The value that the generator `node` draws for `path` (`layer.lif.v`), keyed by the seed of the
/// run, the path and the place of the element: i64 for an integer `type` and for distributions of
/// whole numbers, else f64.
mlir::FailureOr<Constant> generate(const yaml::Node &node, llvm::StringRef path,
                                   mlir::RankedTensorType type, Environment &scope,
                                   DataFiles &files);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_GENERATOR_H
