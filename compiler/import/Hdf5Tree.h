// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An HDF5 file as a tree in memory. Such files are untrusted: links, depth, number of objects and
// sizes are limited, and the library reads in a process of its own.
#ifndef BASALT_COMPILER_IMPORT_HDF5TREE_H
#define BASALT_COMPILER_IMPORT_HDF5TREE_H

#include "runtime/native/Npy.h"

#include <string>
#include <vector>

namespace basalt::import {

/// A group, a dataset or an attribute.
struct Hdf5Node {
  enum class Kind : uint8_t { Group, Numbers, Strings, Unreadable };

  Kind kind = Kind::Group;
  std::string name;
  std::string path;                 ///< from the root of the file, `/node/nodes/lif/tau`
  std::vector<Hdf5Node> children;   ///< of a group, by name
  std::vector<Hdf5Node> attributes; ///< by name
  rt::NpyArray numbers;             ///< of Numbers; of Strings it has the shape alone
  std::vector<std::string> strings; ///< of Strings, row-major
  std::string problem;              ///< of Unreadable: an error message

  bool isGroup() const { return kind == Kind::Group; }
  /// The child or attribute of that name, or null.
  const Hdf5Node *find(const std::string &wanted) const;
  const Hdf5Node *findAttribute(const std::string &wanted) const;
};

/// What a file may have at most; tests make it small.
struct Hdf5Limits {
  size_t depth = 32;
  size_t objects = 100'000;
  size_t bytes = size_t(1) << 31;
};

/// Whether the file begins as HDF5 files do.
bool looksLikeHdf5(const std::string &path);

/// Reads all of the file; throws rt::InputError. A dataset that has what cannot be read is no error
/// unless somebody asks for it.
Hdf5Node readHdf5Tree(const std::string &path, const Hdf5Limits &limits = {});

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_HDF5TREE_H
