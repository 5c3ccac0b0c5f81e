// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays in files, as values of Vars and parameters.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_TENSORFILE_H
#define BASALT_COMPILER_FRONTEND_BUILD_TENSORFILE_H

#include "compiler/frontend/build/Constant.h"

namespace basalt::frontend {

/// The array that `{file: x.npy}`, `{file: x.npz, member: name}` or `{file: x.h5, dataset: /path}`
/// names, relative to the file that it stands in: i1, i64 or f64.
mlir::FailureOr<Constant> readTensorFile(const yaml::Node &node, DataFiles &files);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_TENSORFILE_H
