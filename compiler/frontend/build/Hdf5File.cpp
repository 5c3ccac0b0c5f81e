// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Datasets of HDF5 files. The library that reads them is known to crash on damaged files, so it
// does that in a process of its own (Isolated.h).
#include "compiler/frontend/build/ArrayFiles.h"
#include "compiler/frontend/build/Isolated.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <hdf5.h>
#include <unistd.h>

namespace basalt::frontend {

namespace {
/// An identifier of the library with what closes it.
class Handle {
public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id(id), close(close) {}
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  ~Handle() {
    if (id >= 0)
      close(id);
  }
  operator hid_t() const { return id; }

private:
  hid_t id;
  herr_t (*close)(hid_t);
};

/// Reads one dataset; a class for what its steps share.
class DatasetReader {
public:
  DatasetReader(const std::string &path, const std::string &dataset, size_t maxBytes)
      : path(path), dataset(dataset), maxBytes(maxBytes) {}
  rt::NpyArray read();

private:
  [[noreturn]] void fail(const std::string &what) const {
    throw PartError("'" + dataset + "' of '" + path + "' " + what);
  }
  [[noreturn]] void failDamaged() const {
    fail("cannot be read; the file is damaged, or not complete");
  }
  [[noreturn]] void failMissing(hid_t file) const;
  std::string onlyDataset(hid_t file) const;
  void checkStorage(hid_t set) const;
  void readShape(hid_t set, rt::NpyArray &array) const;
  /// Sets the kind of elements; returns the type to read them as.
  hid_t readType(hid_t type, rt::NpyArray &array) const;
  bool isBool(hid_t type) const;

  const std::string &path;
  std::string dataset;
  size_t maxBytes;
};
} // namespace

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

std::string DatasetReader::onlyDataset(hid_t file) const {
  std::vector<std::string> names = namesIn(file);
  if (names.size() == 1)
    return names.front();
  throw PartError("'" + path + "' has " + std::to_string(names.size()) +
                  " datasets, so 'dataset' must say which is meant" + describeNames("", names));
}

void DatasetReader::failMissing(hid_t file) const {
  std::vector<std::string> names = namesIn(file);
  std::string wanted = dataset.empty() || dataset[0] != '/' ? "/" + dataset : dataset;
  Handle object(H5Oopen(file, dataset.c_str(), H5P_DEFAULT), H5Oclose);
  bool isGroup = object >= 0 && H5Iget_type(object) == H5I_GROUP;
  throw PartError("'" + path + "' has " +
                  (isGroup ? "a group '" + dataset + "', but no dataset of this name"
                           : "no dataset '" + dataset + "'") +
                  describeNames(isGroup ? "" : wanted, names));
}

/// Data that are not in the file itself would not count for what depends on it.
void DatasetReader::checkStorage(hid_t set) const {
  Handle properties(H5Dget_create_plist(set), H5Pclose);
  if (H5Pget_layout(properties) == H5D_VIRTUAL || H5Pget_external_count(properties) > 0)
    fail("is stored in other files, which is not supported");
  for (int i = 0, count = H5Pget_nfilters(properties); i < count; ++i) {
    unsigned flags = 0;
    size_t values = 0;
    char name[64] = "";
    H5Z_filter_t filter = H5Pget_filter2(properties, unsigned(i), &flags, &values, nullptr,
                                         sizeof(name), name, nullptr);
    if (H5Zfilter_avail(filter) <= 0)
      fail("is packed by the filter '" + (name[0] ? std::string(name) : std::to_string(filter)) +
           "', which is not supported");
  }
}

void DatasetReader::readShape(hid_t set, rt::NpyArray &array) const {
  Handle space(H5Dget_space(set), H5Sclose);
  if (H5Sget_simple_extent_type(space) == H5S_NULL)
    fail("has no elements at all");
  int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0 || rank > 32)
    failDamaged();
  std::vector<hsize_t> extents(static_cast<size_t>(rank));
  if (rank > 0 && H5Sget_simple_extent_dims(space, extents.data(), nullptr) < 0)
    failDamaged();
  size_t bytes = array.itemSize;
  bool tooLarge = false;
  for (hsize_t extent : extents) {
    tooLarge |= __builtin_mul_overflow(bytes, extent, &bytes) || extent > size_t(INT64_MAX);
    array.shape.push_back(int64_t(extent));
  }
  // An extent of 0 does not excuse the others.
  if (tooLarge || bytes > maxBytes)
    fail("has a shape that is too large");
  array.data.resize(bytes);
}

//===--- Types ---===//

/// What h5py makes of NumPy's bool: an enumeration of FALSE and TRUE.
bool DatasetReader::isBool(hid_t type) const {
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

hid_t DatasetReader::readType(hid_t type, rt::NpyArray &array) const {
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
  fail("holds " +
       (isNumber ? "numbers of " + std::to_string(8 * size) + " bits"
                 : std::string(nameOfClass(kind))) +
       ", which is not supported; expected integers, floats of at most 64 bits or bool");
}

//===--- Reading ---===//

/// Links into other files are not followed.
static herr_t refuseExternalLink(const char *, const char *, const char *, const char *, unsigned *,
                                 hid_t, void *) {
  return -1;
}

rt::NpyArray DatasetReader::read() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // errors are ours to tell
  H5PLset_loading_state(0);                    // no code from elsewhere
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose), links(H5Pcreate(H5P_LINK_ACCESS), H5Pclose);
  H5Pset_file_locking(access, false, true); // not possible on all file systems
  H5Pset_elink_cb(links, refuseExternalLink, nullptr);
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose);
  if (file < 0)
    throw rt::InputError("'" + path + "' is not a readable HDF5 file" +
                         (H5Fis_hdf5(path.c_str()) > 0 ? "; it is damaged, or not complete" : ""));
  if (dataset.empty())
    dataset = onlyDataset(file);
  // Also a dataset's access takes the properties of links.
  Handle object(H5Oopen(file, dataset.c_str(), links), H5Oclose);
  if (object < 0 || H5Iget_type(object) != H5I_DATASET)
    failMissing(file);
  Handle type(H5Dget_type(object), H5Tclose);
  if (type < 0)
    failDamaged();
  checkStorage(object);
  rt::NpyArray array;
  hid_t memory = readType(type, array);
  readShape(object, array);
  if (!array.data.empty() &&
      H5Dread(object, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.data.data()) < 0)
    failDamaged();
  return array;
}

/// The usual reasons, in the usual words.
static void checkReadable(const std::string &path) {
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    rt::throwSystemError("cannot open '" + path + "'", errno);
  ::close(descriptor);
}

rt::NpyArray readHdf5(const std::string &path, const std::string &dataset, size_t maxBytes) {
  checkReadable(path);
  std::optional<rt::NpyArray> array =
      readIsolated([&] { return DatasetReader(path, dataset, maxBytes).read(); });
  if (!array)
    throw rt::InputError("'" + path + "' is not a readable HDF5 file; it is damaged");
  return *array;
}

} // namespace basalt::frontend
