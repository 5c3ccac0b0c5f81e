// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The child process reads everything, the parent makes a tree of the bytes that it sends.
#include "compiler/import/Hdf5Tree.h"

#include "compiler/frontend/build/Bytes.h"
#include "compiler/frontend/build/Hdf5Dataset.h"
#include "compiler/frontend/build/Isolated.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <cstdio>

namespace basalt::import {

using frontend::ByteReader;
using frontend::ByteWriter;
using frontend::Hdf5Handle;
using frontend::PartError;

static const Hdf5Node *findIn(const std::vector<Hdf5Node> &nodes, const std::string &wanted) {
  auto it = std::find_if(nodes.begin(), nodes.end(),
                         [&](const Hdf5Node &node) { return node.name == wanted; });
  return it == nodes.end() ? nullptr : &*it;
}

const Hdf5Node *Hdf5Node::find(const std::string &wanted) const { return findIn(children, wanted); }

const Hdf5Node *Hdf5Node::findAttribute(const std::string &wanted) const {
  return findIn(attributes, wanted);
}

bool looksLikeHdf5(const std::string &path) {
  static const std::string signature = "\x89HDF\r\n\x1a\n";
  std::FILE *file = std::fopen(path.c_str(), "rb");
  if (!file)
    return false;
  char start[8] = {};
  size_t count = std::fread(start, 1, sizeof(start), file);
  std::fclose(file);
  return signature == std::string(start, count);
}

//===--- The child ---===//

namespace {
/// Reads a file into a tree; a class for its limits.
class TreeReader {
public:
  TreeReader(const std::string &file, const Hdf5Limits &limits)
      : file(file), limits(limits), bytesLeft(limits.bytes) {}

  void readGroup(hid_t group, Hdf5Node &node, size_t depth);

private:
  void readChild(hid_t group, const std::string &name, Hdf5Node &node, size_t depth);
  void readDataset(hid_t dataset, Hdf5Node &node);
  void readAttributes(hid_t object, Hdf5Node &node);
  void readAttribute(hid_t attribute, Hdf5Node &node);
  /// `read` reads into memory of a type; datasets and attributes do that with functions of their
  /// own.
  template <typename Read>
  void readStrings(hid_t type, hid_t space, Hdf5Node &node, const Read &read);
  void count(const Hdf5Node &node);
  std::string quote(const Hdf5Node &node) const { return "'" + node.path + "' of '" + file + "'"; }
  void refuseExtent() const {
    throw rt::InputError("'" + file + "' has more than " + std::to_string(limits.objects) +
                         " groups and datasets, which is not supported");
  }

  const std::string &file;
  const Hdf5Limits &limits;
  size_t bytesLeft;
  size_t objects = 0;
};
} // namespace

void TreeReader::count(const Hdf5Node &node) {
  if (++objects > limits.objects)
    refuseExtent();
  size_t bytes = node.numbers.data.size();
  for (const std::string &text : node.strings)
    bytes += text.size() + sizeof(text);
  if (bytes > bytesLeft)
    throw rt::InputError("'" + file + "' holds more than " + std::to_string(limits.bytes) +
                         " bytes, which is not supported");
  bytesLeft -= bytes;
}

/// Text of a file as messages and comments can show it: UTF-8, and nothing that moves a cursor.
static std::string printable(const char *text, size_t size) {
  std::string result = llvm::json::fixUTF8({text, size});
  for (char &c : result)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      c = '?';
  return result;
}

static herr_t noteName(hid_t, const char *name, const H5L_info_t *, void *names) {
  static_cast<std::vector<std::string> *>(names)->push_back(name);
  return 0;
}

void TreeReader::readGroup(hid_t group, Hdf5Node &node, size_t depth) {
  if (depth > limits.depth)
    throw rt::InputError("groups of '" + file + "' are nested deeper than " +
                         std::to_string(limits.depth) + ": '" + node.path + "'");
  H5G_info_t info;
  if (H5Gget_info(group, &info) < 0)
    throw rt::InputError(quote(node) + " cannot be read; the file is damaged, or not complete");
  if (info.nlinks > limits.objects)
    refuseExtent();
  readAttributes(group, node);
  std::vector<std::string> names;
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, noteName, &names) < 0)
    throw rt::InputError(quote(node) + " cannot be read; the file is damaged, or not complete");
  for (const std::string &name : names) {
    Hdf5Node &child = node.children.emplace_back();
    child.name = printable(name.data(), name.size());
    child.path = (node.path == "/" ? "" : node.path) + "/" + child.name;
    readChild(group, name, child, depth);
  }
}

void TreeReader::readChild(hid_t group, const std::string &name, Hdf5Node &node, size_t depth) {
  H5L_info_t link;
  if (H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) < 0)
    throw rt::InputError(quote(node) + " cannot be read; the file is damaged, or not complete");
  if (link.type != H5L_TYPE_HARD)
    throw rt::InputError(quote(node) + " is a link" +
                         (link.type == H5L_TYPE_EXTERNAL ? " into another file" : "") +
                         ", which is not supported");
  Hdf5Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose);
  switch (object < 0 ? H5I_BADID : H5Iget_type(object)) {
  case H5I_GROUP:
    count(node);
    return readGroup(object, node, depth + 1);
  case H5I_DATASET:
    readDataset(object, node);
    readAttributes(object, node);
    return count(node);
  default:
    node.kind = Hdf5Node::Kind::Unreadable;
    node.problem = quote(node) + " is neither a group nor a dataset, or the file is damaged";
    return count(node);
  }
}

void TreeReader::readDataset(hid_t dataset, Hdf5Node &node) {
  Hdf5Handle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  try {
    if (type >= 0 && H5Tget_class(type) == H5T_STRING) {
      frontend::checkStorage(dataset, quote(node));
      return readStrings(type, space, node, [&](hid_t memory, void *data) {
        return H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
      });
    }
    node.numbers = frontend::readNumbers(dataset, quote(node), bytesLeft);
    node.kind = Hdf5Node::Kind::Numbers;
  } catch (const PartError &error) {
    node.kind = Hdf5Node::Kind::Unreadable;
    node.problem = error.what();
  }
}

template <typename Read>
void TreeReader::readStrings(hid_t type, hid_t space, Hdf5Node &node, const Read &read) {
  bool isVariable = H5Tis_variable_str(type) > 0;
  size_t size = isVariable ? sizeof(char *) : H5Tget_size(type);
  node.numbers.shape = frontend::readExtents(space, size, quote(node), bytesLeft);
  size_t elements = 1;
  for (int64_t extent : node.numbers.shape)
    elements *= size_t(extent);
  std::vector<char> data(elements * size);
  Hdf5Handle memory(H5Tcopy(type), H5Tclose);
  if (elements > 0 && read(memory, data.data()) < 0)
    throw PartError(quote(node) + " cannot be read; the file is damaged, or not complete");
  for (size_t i = 0; i < elements; ++i) {
    const char *place = data.data() + i * size;
    if (isVariable) {
      const char *text = nullptr;
      std::memcpy(static_cast<void *>(&text), place, sizeof(char *));
      // Soon this process ends, so nothing is freed.
      node.strings.push_back(text ? printable(text, std::strlen(text)) : "");
    } else {
      node.strings.push_back(printable(place, strnlen(place, size)));
    }
  }
  node.kind = Hdf5Node::Kind::Strings;
}

static herr_t noteAttribute(hid_t, const char *name, const H5A_info_t *, void *names) {
  static_cast<std::vector<std::string> *>(names)->push_back(name);
  return 0;
}

void TreeReader::readAttributes(hid_t object, Hdf5Node &node) {
  std::vector<std::string> names;
  hsize_t start = 0;
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &start, noteAttribute, &names) < 0)
    return;
  for (const std::string &name : names) {
    Hdf5Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
    Hdf5Node &read = node.attributes.emplace_back();
    read.name = printable(name.data(), name.size());
    read.path = node.path + "@" + read.name;
    readAttribute(attribute, read);
    count(read);
  }
}

void TreeReader::readAttribute(hid_t attribute, Hdf5Node &node) {
  Hdf5Handle type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  node.kind = Hdf5Node::Kind::Unreadable;
  node.problem = quote(node) + " is an attribute of an unusual type";
  H5T_class_t kind = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
  try {
    if (kind == H5T_STRING)
      return readStrings(type, space, node, [&](hid_t memory, void *data) {
        return H5Aread(attribute, memory, data);
      });
    if (kind != H5T_INTEGER && kind != H5T_FLOAT)
      return;
    node.numbers.shape = frontend::readExtents(space, sizeof(double), quote(node), bytesLeft);
    size_t elements = 1;
    for (int64_t extent : node.numbers.shape)
      elements *= size_t(extent);
    node.numbers.data.resize(elements * sizeof(double));
    if (H5Aread(attribute, H5T_NATIVE_DOUBLE, node.numbers.data.data()) >= 0)
      node.kind = Hdf5Node::Kind::Numbers;
  } catch (const PartError &error) {
    node.problem = error.what();
  }
}

//===--- From process to process ---===//

static void write(ByteWriter &writer, const Hdf5Node &node) {
  writer.value(node.kind);
  writer.string(node.name);
  writer.string(node.path);
  writer.string(node.problem);
  writer.array(node.numbers);
  writer.value(uint64_t(node.strings.size()));
  for (const std::string &text : node.strings)
    writer.string(text);
  for (const std::vector<Hdf5Node> *list : {&node.children, &node.attributes}) {
    writer.value(uint64_t(list->size()));
    for (const Hdf5Node &child : *list)
      write(writer, child);
  }
}

static void read(ByteReader &reader, Hdf5Node &node) {
  node.kind = reader.value<Hdf5Node::Kind>();
  node.name = reader.string();
  node.path = reader.string();
  node.problem = reader.string();
  node.numbers = reader.array();
  for (auto count = reader.value<uint64_t>(); count > 0; --count)
    node.strings.push_back(reader.string());
  for (std::vector<Hdf5Node> *list : {&node.children, &node.attributes})
    for (auto count = reader.value<uint64_t>(); count > 0; --count)
      read(reader, list->emplace_back());
}

/// The library goes round in damaged files for ever.
static unsigned long secondsFor(const std::string &path) {
  constexpr unsigned long least = 10, bytesPerSecond = 20'000'000;
  uint64_t size = 0;
  if (llvm::sys::fs::file_size(path, size))
    return least;
  return std::min(frontend::maxReadSeconds, least + size / bytesPerSecond);
}

Hdf5Node readHdf5Tree(const std::string &path, const Hdf5Limits &limits) {
  frontend::checkReadable(path);
  auto readAll = [&] {
    Hdf5Handle file(frontend::openHdf5(path), H5Fclose),
        top(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose);
    Hdf5Node root;
    root.path = "/";
    TreeReader(path, limits).readGroup(top, root, 0);
    ByteWriter writer;
    write(writer, root);
    return writer.take();
  };
  std::optional<std::string> bytes = frontend::readIsolated(readAll, secondsFor(path));
  if (!bytes)
    throw rt::InputError("'" + path + "' is not a readable HDF5 file; it is damaged");
  ByteReader reader(*bytes);
  Hdf5Node root;
  read(reader, root);
  return root;
}

} // namespace basalt::import
