// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which file is what.
#include "compiler/import/Import.h"

#include "compiler/import/Hdf5Tree.h"
#include "compiler/import/NetConvert.h"
#include "compiler/import/NirConvert.h"

#include "llvm/ADT/StringRef.h"

namespace basalt::import {

bool isImportable(const std::string &path) {
  llvm::StringRef name = path;
  return name.ends_with(".nir") || name.ends_with(".net") || looksLikeHdf5(path);
}

Imported importFile(const std::string &path, const std::string &folder,
                    const ImportOptions &options) {
  Imported result;
  result.files.push_back(path);
  for (const InputFile &input : options.inputs)
    result.files.push_back(input.path);
  Report report;
  Hdf5Node root = readHdf5Tree(path);
  const Hdf5Node *layers = root.find("layer");
  bool isNet = layers && layers->isGroup() && !root.find("node");
  if (isNet && options.nir.isGiven())
    report.error("options --nir-... are for files of NIR, and this is one of lava-dl");
  if (!isNet && options.net.isGiven())
    report.error("options --net-... are for files of lava-dl, and this is none");
  Network network =
      isNet ? convertNet(root, path, options, report) : convertNir(root, path, options, report);
  if (!report.hasErrors())
    result.network = writeNetwork(network, folder);
  result.messages = report.messages();
  return result;
}

} // namespace basalt::import
