// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One dataset of an HDF5 file. The library that reads them is known to crash on damaged files, so
// it does that in a process of its own (Isolated.h).
#include "compiler/frontend/build/ArrayFiles.h"
#include "compiler/frontend/build/Bytes.h"
#include "compiler/frontend/build/Hdf5Dataset.h"
#include "compiler/frontend/build/Isolated.h"

namespace basalt::frontend {

//===--- What there is ---===//

/// Notes the datasets of a file; enough of them to say what there is.
static herr_t noteDataset(hid_t, const char *name, const H5O_info_t *info, void *names) {
  constexpr size_t enough = 1000;
  auto &list = *static_cast<std::vector<std::string> *>(names);
  if (info->type == H5O_TYPE_DATASET)
    list.push_back(std::string("/") + name);
  return list.size() >= enough;
}

static std::vector<std::string> namesIn(hid_t file) {
  std::vector<std::string> names;
  H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, noteDataset, &names, H5O_INFO_BASIC);
  return names;
}

static std::string onlyDataset(hid_t file, const std::string &path) {
  std::vector<std::string> names = namesIn(file);
  if (names.size() == 1)
    return names.front();
  throw PartError("'" + path + "' has " + std::to_string(names.size()) +
                  " datasets, so 'dataset' must say which is meant" + describeNames("", names));
}

[[noreturn]] static void failMissing(hid_t file, const std::string &path,
                                     const std::string &dataset) {
  std::vector<std::string> names = namesIn(file);
  std::string wanted = dataset.empty() || dataset[0] != '/' ? "/" + dataset : dataset;
  Hdf5Handle object(H5Oopen(file, dataset.c_str(), H5P_DEFAULT), H5Oclose);
  bool isGroup = object >= 0 && H5Iget_type(object) == H5I_GROUP;
  throw PartError("'" + path + "' has " +
                  (isGroup ? "a group '" + dataset + "', but no dataset of this name"
                           : "no dataset '" + dataset + "'") +
                  describeNames(isGroup ? "" : wanted, names));
}

//===--- Reading ---===//

/// Links into other files are not followed.
static herr_t refuseExternalLink(const char *, const char *, const char *, const char *, unsigned *,
                                 hid_t, void *) {
  return -1;
}

static rt::NpyArray readDataset(const std::string &path, std::string dataset, size_t maxBytes) {
  Hdf5Handle file(openHdf5(path), H5Fclose), links(H5Pcreate(H5P_LINK_ACCESS), H5Pclose);
  H5Pset_elink_cb(links, refuseExternalLink, nullptr);
  if (dataset.empty())
    dataset = onlyDataset(file, path);
  // Also a dataset's access takes the properties of links.
  Hdf5Handle object(H5Oopen(file, dataset.c_str(), links), H5Oclose);
  if (object < 0 || H5Iget_type(object) != H5I_DATASET)
    failMissing(file, path, dataset);
  return readNumbers(object, "'" + dataset + "' of '" + path + "'", maxBytes);
}

rt::NpyArray readHdf5(const std::string &path, const std::string &dataset, size_t maxBytes) {
  checkReadable(path);
  std::optional<std::string> bytes = readIsolated([&] {
    ByteWriter writer;
    writer.array(readDataset(path, dataset, maxBytes));
    return writer.take();
  });
  if (!bytes)
    throw rt::InputError("'" + path + "' is not a readable HDF5 file; it is damaged");
  return ByteReader(*bytes).array();
}

} // namespace basalt::frontend
