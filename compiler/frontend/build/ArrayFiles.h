// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Readers of files that hold several arrays. Such files are untrusted input. All errors are
// exceptions; these headers know nothing of MLIR.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_ARRAYFILES_H
#define BASALT_COMPILER_FRONTEND_BUILD_ARRAYFILES_H

#include "runtime/native/Error.h"
#include "runtime/native/Npy.h"

#include <string>
#include <vector>

namespace basalt::frontend {

/// The file is fine, but what is asked of it is not in there or of no use.
class PartError : public rt::InputError {
  using rt::InputError::InputError;
};

/// `; it has 'a', 'b' and 3 more; did you mean 'b'?`: what to say of `name` which is not among
/// `names`.
std::string describeNames(const std::string &name, const std::vector<std::string> &names);

/// The array `member` (with or without `.npy`) of the .npz file `path`; the only one if `member` is
/// empty. Throws PartError, or rt::InputError for the file as a whole. More than `maxBytes` of data
/// are refused.
rt::NpyArray readNpz(const std::string &path, const std::string &member, size_t maxBytes);

/// The dataset at the path `dataset` of the HDF5 file `path`; likewise. What crashes the HDF5
/// library is an error of the file.
rt::NpyArray readHdf5(const std::string &path, const std::string &dataset, size_t maxBytes);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_ARRAYFILES_H
