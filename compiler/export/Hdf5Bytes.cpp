// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file is made in memory, so that it can be written whole or not at all.
#include "compiler/export/Hdf5Bytes.h"

#include "compiler/frontend/build/Hdf5Dataset.h"

#include <algorithm>

namespace basalt::exporter {

using frontend::Hdf5Handle;
using import::Hdf5Node;

Hdf5Node makeGroup(std::string name) {
  Hdf5Node node;
  node.name = std::move(name);
  return node;
}

Hdf5Node makeStrings(std::string name, std::vector<int64_t> shape,
                     std::vector<std::string> strings) {
  Hdf5Node node = makeGroup(std::move(name));
  node.kind = Hdf5Node::Kind::Strings;
  node.numbers.shape = std::move(shape);
  node.strings = std::move(strings);
  return node;
}

Hdf5Node makeString(std::string name, std::string text) {
  return makeStrings(std::move(name), {}, {std::move(text)});
}

Hdf5Node makeNumbers(std::string name, rt::NpyArray numbers) {
  Hdf5Node node = makeGroup(std::move(name));
  node.kind = Hdf5Node::Kind::Numbers;
  node.numbers = std::move(numbers);
  return node;
}

/// What the library does without complaint unless memory is short.
static void check(bool isDone) {
  if (!isDone)
    throw rt::InputError("there is not enough memory for the file that is to be written");
}

/// How an array is stored: numbers in one packed piece, as NIR's own writer has them.
static void setStorage(hid_t properties, const Hdf5Node &node) {
  // What is written at another time must be the same file.
  H5Pset_obj_track_times(properties, false);
  constexpr size_t most = size_t(1) << 30; // HDF5 has no pieces of 4 GiB or more
  bool isPacked = node.kind == Hdf5Node::Kind::Numbers && !node.numbers.shape.empty() &&
                  !node.numbers.data.empty() && node.numbers.data.size() <= most;
  if (!isPacked)
    return;
  std::vector<hsize_t> piece(node.numbers.shape.begin(), node.numbers.shape.end());
  constexpr unsigned usualLevel = 4;
  check(H5Pset_chunk(properties, int(piece.size()), piece.data()) >= 0 &&
        H5Pset_deflate(properties, usualLevel) >= 0);
}

static void writeDataset(hid_t group, const Hdf5Node &node) {
  const rt::NpyArray &numbers = node.numbers;
  bool isText = node.kind == Hdf5Node::Kind::Strings, isFloat = numbers.kind == 'f';
  std::vector<hsize_t> extents(numbers.shape.begin(), numbers.shape.end());
  Hdf5Handle space(extents.empty() ? H5Screate(H5S_SCALAR)
                                   : H5Screate_simple(int(extents.size()), extents.data(), nullptr),
                   H5Sclose);
  Hdf5Handle type(H5Tcopy(isText ? H5T_C_S1 : isFloat ? H5T_IEEE_F64LE : H5T_STD_I64LE), H5Tclose);
  if (isText)
    check(H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0);
  Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  setStorage(properties, node);
  Hdf5Handle dataset(
      H5Dcreate2(group, node.name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
      H5Dclose);
  check(dataset >= 0);
  std::vector<const char *> texts;
  for (const std::string &text : node.strings)
    texts.push_back(text.c_str());
  const void *data = isText ? static_cast<const void *>(texts.data()) : numbers.data.data();
  bool isEmpty = isText ? texts.empty() : numbers.data.empty();
  if (!isEmpty)
    check(H5Dwrite(dataset,
                   isText    ? hid_t(type)
                   : isFloat ? H5T_NATIVE_DOUBLE
                             : H5T_NATIVE_INT64,
                   H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
}

static void writeChildren(hid_t group, const Hdf5Node &node) {
  for (const Hdf5Node &child : node.children) {
    if (!child.isGroup()) {
      writeDataset(group, child);
      continue;
    }
    Hdf5Handle inner(H5Gcreate2(group, child.name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                     H5Gclose);
    check(inner >= 0);
    writeChildren(inner, child);
  }
}

std::string hdf5Bytes(const Hdf5Node &root) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr size_t growth = size_t(1) << 20;
  check(H5Pset_fapl_core(access, growth, /*backing_store=*/false) >= 0);
  Hdf5Handle file(H5Fcreate("memory", H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose);
  check(file >= 0);
  {
    Hdf5Handle top(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose);
    writeChildren(top, root);
  }
  check(H5Fflush(file, H5F_SCOPE_LOCAL) >= 0);
  ssize_t size = H5Fget_file_image(file, nullptr, 0);
  check(size > 0);
  std::string bytes(size_t(size), '\0');
  check(H5Fget_file_image(file, bytes.data(), bytes.size()) == size);
  return bytes;
}

} // namespace basalt::exporter
