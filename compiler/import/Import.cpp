// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which file is what.
#include "compiler/import/Import.h"

#include "compiler/import/Hdf5Tree.h"
#include "compiler/import/NirConvert.h"

#include "llvm/ADT/StringRef.h"

namespace basalt::import {

bool isImportable(const std::string &path) {
  llvm::StringRef name = path;
  return name.ends_with(".nir") || looksLikeHdf5(path);
}

Imported importFile(const std::string &path, const std::string &folder,
                    const ImportOptions &options) {
  Imported result;
  result.files.push_back(path);
  for (const InputFile &input : options.inputs)
    result.files.push_back(input.path);
  Report report;
  Hdf5Node root = readHdf5Tree(path);
  Network network = convertNir(root, path, options, report);
  if (!report.hasErrors())
    result.network = writeNetwork(network, folder);
  result.messages = report.messages();
  return result;
}

} // namespace basalt::import
