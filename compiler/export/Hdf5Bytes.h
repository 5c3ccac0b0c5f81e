// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tree as the bytes of an HDF5 file.
#ifndef BASALT_COMPILER_EXPORT_HDF5BYTES_H
#define BASALT_COMPILER_EXPORT_HDF5BYTES_H

#include "compiler/import/Hdf5Tree.h"

namespace basalt::exporter {

/// Groups, numbers (integers of 64 bits, or floats of 64 bits) and strings (UTF-8) in the form in
/// which h5py writes them: strings of variable length, arrays packed. The same tree gives the same
/// bytes. Throws rt::InputError if there is not enough memory.
std::string hdf5Bytes(const import::Hdf5Node &root);

/// Children for such a tree.
import::Hdf5Node makeGroup(std::string name);
import::Hdf5Node makeString(std::string name, std::string text);
/// Of the shape `shape`, whose product is the number of strings.
import::Hdf5Node makeStrings(std::string name, std::vector<int64_t> shape,
                             std::vector<std::string> strings);
import::Hdf5Node makeNumbers(std::string name, rt::NpyArray numbers);

} // namespace basalt::exporter

#endif // BASALT_COMPILER_EXPORT_HDF5BYTES_H
