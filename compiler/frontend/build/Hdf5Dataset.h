// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What readers of HDF5 files share: identifiers that close themselves, opening a file, and reading
// the numbers of one dataset. Only for code that Isolated.h runs.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_HDF5DATASET_H
#define BASALT_COMPILER_FRONTEND_BUILD_HDF5DATASET_H

#include "compiler/frontend/build/ArrayFiles.h"

#include <hdf5.h>

namespace basalt::frontend {

/// An identifier of the library with what closes it.
class Hdf5Handle {
public:
  Hdf5Handle(hid_t id, herr_t (*close)(hid_t)) : id(id), close(close) {}
  Hdf5Handle(const Hdf5Handle &) = delete;
  Hdf5Handle &operator=(const Hdf5Handle &) = delete;
  ~Hdf5Handle() {
    if (id >= 0)
      close(id);
  }
  operator hid_t() const { return id; }

private:
  hid_t id;
  herr_t (*close)(hid_t);
};

/// Throws an rt::InputError with the usual reasons if `path` cannot be opened at all.
void checkReadable(const std::string &path);

/// Opens the file to be read; the library does not print errors and loads no code from elsewhere.
/// Throws rt::InputError.
hid_t openHdf5(const std::string &path);

/// Reads a dataset of numbers. `what` names it in errors (PartError); more than `maxBytes` are
/// refused, and so are data that are stored in other files.
rt::NpyArray readNumbers(hid_t dataset, const std::string &what, size_t maxBytes);

/// The extents of a dataset, of at most `maxBytes` in elements of `itemSize`; throws PartError.
std::vector<int64_t> readExtents(hid_t space, size_t itemSize, const std::string &what,
                                 size_t maxBytes);

/// Throws PartError if the data are in other files, or packed in a way that cannot be read.
void checkStorage(hid_t dataset, const std::string &what);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_HDF5DATASET_H
