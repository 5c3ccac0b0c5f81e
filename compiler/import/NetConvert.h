// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A .net file of lava-dl as a network of the library's processes.
#ifndef BASALT_COMPILER_IMPORT_NETCONVERT_H
#define BASALT_COMPILER_IMPORT_NETCONVERT_H

#include "compiler/import/Hdf5Tree.h"
#include "compiler/import/Import.h"

namespace basalt::import {

/// As convertNir.
Network convertNet(const Hdf5Node &root, const std::string &path, const ImportOptions &options,
                   Report &report);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NETCONVERT_H
