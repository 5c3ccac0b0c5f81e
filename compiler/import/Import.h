// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files of trained networks as networks of Basalt.
#ifndef BASALT_COMPILER_IMPORT_IMPORT_H
#define BASALT_COMPILER_IMPORT_IMPORT_H

#include "compiler/import/Inputs.h"
#include "compiler/import/NetOptions.h"
#include "compiler/import/Network.h"
#include "compiler/import/NirOptions.h"
#include "compiler/import/Report.h"

namespace basalt::import {

struct ImportOptions {
  NirOptions nir;
  NetOptions net;
  std::vector<InputFile> inputs;

  bool isGiven() const { return nir.isGiven() || net.isGiven() || !inputs.empty(); }
};

/// What has become of a file; no network if the messages have an error.
struct Imported {
  NetworkText network;
  std::vector<Message> messages;
  std::vector<std::string> files; ///< that were read

  bool hasErrors() const { return network.yaml.empty(); }
};

/// Whether a file is one of those, by its name or by how it begins.
bool isImportable(const std::string &path);

/// Reads `path`; `folder` is where arrays of the text are said to be. Throws rt::InputError for a
/// file that cannot be read at all.
Imported importFile(const std::string &path, const std::string &folder,
                    const ImportOptions &options);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_IMPORT_H
