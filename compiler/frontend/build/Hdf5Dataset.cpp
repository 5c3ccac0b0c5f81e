// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files are opened with everything closed that could lead out of them.
#include "compiler/frontend/build/Hdf5Dataset.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::frontend {

[[noreturn]] static void fail(const std::string &what, const std::string &problem) {
  throw PartError(what + " " + problem);
}

[[noreturn]] static void failDamaged(const std::string &what) {
  fail(what, "cannot be read; the file is damaged, or not complete");
}

void checkReadable(const std::string &path) {
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    rt::throwSystemError("cannot open '" + path + "'", errno);
  ::close(descriptor);
}

hid_t openHdf5(const std::string &path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // errors are ours to tell
  H5PLset_loading_state(0);                    // no code from elsewhere
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access, false, true); // not possible on all file systems
  hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
  if (file < 0)
    throw rt::InputError("'" + path + "' is not a readable HDF5 file" +
                         (H5Fis_hdf5(path.c_str()) > 0 ? "; it is damaged, or not complete" : ""));
  return file;
}

/// Data that are not in the file itself would not count for what depends on it.
void checkStorage(hid_t dataset, const std::string &what) {
  Hdf5Handle properties(H5Dget_create_plist(dataset), H5Pclose);
  if (H5Pget_layout(properties) == H5D_VIRTUAL || H5Pget_external_count(properties) > 0)
    fail(what, "is stored in other files, which is not supported");
  for (int i = 0, count = H5Pget_nfilters(properties); i < count; ++i) {
    unsigned flags = 0;
    size_t values = 0;
    char name[64] = "";
    H5Z_filter_t filter = H5Pget_filter2(properties, unsigned(i), &flags, &values, nullptr,
                                         sizeof(name), name, nullptr);
    if (H5Zfilter_avail(filter) <= 0)
      fail(what, "is packed by the filter '" +
                     (name[0] ? std::string(name) : std::to_string(filter)) +
                     "', which is not supported");
  }
}

std::vector<int64_t> readExtents(hid_t space, size_t itemSize, const std::string &what,
                                 size_t maxBytes) {
  if (H5Sget_simple_extent_type(space) == H5S_NULL)
    fail(what, "has no elements at all");
  int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0 || rank > 32)
    failDamaged(what);
  std::vector<hsize_t> extents(static_cast<size_t>(rank));
  if (rank > 0 && H5Sget_simple_extent_dims(space, extents.data(), nullptr) < 0)
    failDamaged(what);
  std::vector<int64_t> shape;
  size_t bytes = itemSize;
  bool tooLarge = false;
  for (hsize_t extent : extents) {
    tooLarge |= __builtin_mul_overflow(bytes, extent, &bytes) || extent > size_t(INT64_MAX);
    shape.push_back(int64_t(extent));
  }
  // An extent of 0 does not excuse the others.
  if (tooLarge || bytes > maxBytes)
    fail(what, "has a shape that is too large");
  return shape;
}

//===--- Types ---===//

/// What h5py makes of NumPy's bool: an enumeration of FALSE and TRUE.
static bool isBool(hid_t type) {
  if (H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2)
    return false;
  auto is = [&](const char *name, int8_t expected) {
    int8_t value = -1;
    return H5Tenum_valueof(type, name, &value) >= 0 && value == expected;
  };
  return is("FALSE", 0) && is("TRUE", 1);
}

static const char *nameOfClass(H5T_class_t kind) {
  switch (kind) {
  case H5T_STRING:
    return "strings";
  case H5T_COMPOUND:
    return "records";
  case H5T_ENUM:
    return "an enumeration";
  case H5T_REFERENCE:
    return "references";
  case H5T_VLEN:
    return "lists";
  case H5T_ARRAY:
    return "arrays";
  default:
    return "elements of an unusual type";
  }
}

/// Sets the kind of elements; returns the type to read them as.
static hid_t readType(hid_t type, const std::string &what, rt::NpyArray &array) {
  H5T_class_t kind = H5Tget_class(type);
  size_t size = H5Tget_size(type);
  if (kind == H5T_INTEGER && size <= 8) {
    bool isSigned = H5Tget_sign(type) == H5T_SGN_2;
    array.kind = isSigned ? 'i' : 'u';
    array.itemSize = 8;
    return isSigned ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
  }
  if (kind == H5T_FLOAT && size <= 8) {
    array.kind = 'f';
    array.itemSize = 8;
    return H5T_NATIVE_DOUBLE;
  }
  if (kind == H5T_ENUM && isBool(type)) {
    array.kind = 'b';
    array.itemSize = 1;
    return type;
  }
  bool isNumber = kind == H5T_INTEGER || kind == H5T_FLOAT;
  fail(what, "holds " +
                 (isNumber ? "numbers of " + std::to_string(8 * size) + " bits"
                           : std::string(nameOfClass(kind))) +
                 ", which is not supported; expected integers, floats of at most 64 bits or bool");
}

rt::NpyArray readNumbers(hid_t dataset, const std::string &what, size_t maxBytes) {
  Hdf5Handle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  if (type < 0)
    failDamaged(what);
  checkStorage(dataset, what);
  rt::NpyArray array;
  hid_t memory = readType(type, what, array);
  array.shape = readExtents(space, array.itemSize, what, maxBytes);
  size_t bytes = array.itemSize;
  for (int64_t extent : array.shape)
    bytes *= size_t(extent);
  array.data.resize(bytes);
  if (bytes > 0 && H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.data.data()) < 0)
    failDamaged(what);
  return array;
}

} // namespace basalt::frontend
