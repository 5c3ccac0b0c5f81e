// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph of NIR as a network of the processes of lib/nir.yaml.
#ifndef BASALT_COMPILER_IMPORT_NIRCONVERT_H
#define BASALT_COMPILER_IMPORT_NIRCONVERT_H

#include "compiler/import/Hdf5Tree.h"
#include "compiler/import/Import.h"

namespace basalt::import {

/// `path` is the file that `root` was read from. The network makes no sense if the report has an
/// error.
Network convertNir(const Hdf5Node &root, const std::string &path, const ImportOptions &options,
                   Report &report);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIRCONVERT_H
