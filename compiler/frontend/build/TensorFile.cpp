// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads arrays with readers that throw; compiled with exceptions.
#include "compiler/frontend/build/TensorFile.h"
#include "compiler/frontend/build/ArrayFiles.h"
#include "compiler/support/Hash.h"
#include "compiler/support/Suggest.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace basalt::frontend {

/// Larger arrays do not fit the IR yet, which holds them whole.
static constexpr size_t maxArrayBytes = size_t(1) << 31;

static FailureOr<Constant> toConstant(const rt::NpyArray &array, Location loc) {
  MLIRContext *context = loc.getContext();
  size_t count = array.size();
  if (array.kind == 'f') {
    std::vector<double> values(count);
    for (size_t i = 0; i < count; ++i)
      values[i] = array.floatAt(i);
    return Constant{
        DenseElementsAttr::get(RankedTensorType::get(array.shape, Float64Type::get(context)),
                               ArrayRef<double>(values)),
        loc, true};
  }
  std::vector<int64_t> values(count);
  for (size_t i = 0; i < count; ++i) {
    values[i] = array.intAt(i);
    if (array.kind == 'u' && values[i] < 0)
      return emitError(loc) << "element " << i << " does not fit in 64 bits with a sign";
  }
  if (array.kind != 'b')
    return Constant{
        DenseElementsAttr::get(RankedTensorType::get(array.shape, IntegerType::get(context, 64)),
                               ArrayRef<int64_t>(values)),
        loc, true};
  SmallVector<bool> flags(values.begin(), values.end());
  return Constant{
      DenseElementsAttr::get(RankedTensorType::get(array.shape, IntegerType::get(context, 1)),
                             ArrayRef<bool>(flags)),
      loc, true};
}

std::string describeNames(const std::string &name, const std::vector<std::string> &names) {
  if (names.empty())
    return "; it has none";
  constexpr size_t shown = 8;
  std::string text = "; it has ";
  for (size_t i = 0; i < std::min(names.size(), shown); ++i)
    text += (i ? ", '" : "'") + names[i] + "'";
  if (names.size() > shown)
    text += " and " + std::to_string(names.size() - shown) + " more";
  return text + didYouMean(name, llvm::to_vector_of<StringRef>(names));
}

/// The path that a node names, relative to the file that it stands in.
static std::string pathOf(const yaml::Node &node) {
  SmallString<128> path(node.text());
  if (!llvm::sys::path::is_absolute(path)) {
    path = llvm::sys::path::parent_path(node.loc().getFilename().getValue());
    llvm::sys::path::append(path, node.text());
  }
  return path.str().str();
}

static rt::NpyArray readArray(const yaml::Node &node, const std::string &path) {
  const yaml::Node *member = node.find("member"), *dataset = node.find("dataset");
  if (dataset)
    return readHdf5(path, dataset->text().str(), maxArrayBytes);
  if (member)
    return readNpz(path, member->text().str(), maxArrayBytes);
  StringRef suffix = llvm::sys::path::extension(path);
  if (suffix == ".h5" || suffix == ".hdf5")
    return readHdf5(path, "", maxArrayBytes);
  return suffix == ".npz" ? readNpz(path, "", maxArrayBytes) : rt::readNpy(path, maxArrayBytes);
}

FailureOr<Constant> readTensorFile(const yaml::Node &node, DataFiles &files) {
  const yaml::Node &file = *node.find("file"), *member = node.find("member"),
                   *dataset = node.find("dataset");
  if (member && dataset)
    return emitError(dataset->loc(), "a file has members (.npz) or datasets (HDF5), not both");
  const yaml::Node *part = member ? member : dataset;
  std::string path = pathOf(file);
  if (files.inMemory)
    if (auto it = files.inMemory->find(file.text().str()); it != files.inMemory->end())
      return toConstant(it->second, file.loc());
  try {
    rt::NpyArray array = readArray(node, path);
    std::string error;
    FailureOr<std::string> hash = sha256HexOfFile(path, &error);
    if (failed(hash))
      return emitError(file.loc()) << error;
    files.read.emplace_back(path, *hash);
    return toConstant(array, file.loc());
  } catch (const PartError &error) {
    return emitError((part ? part : &file)->loc()) << error.what();
  } catch (const rt::InputError &error) {
    return emitError(file.loc()) << error.what();
  }
}

} // namespace basalt::frontend
