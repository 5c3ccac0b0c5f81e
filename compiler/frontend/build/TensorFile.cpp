// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads arrays with the runtime's reader, which throws; compiled with exceptions.
#include "compiler/frontend/build/TensorFile.h"
#include "compiler/support/Hash.h"
#include "runtime/native/Error.h"
#include "runtime/native/Npy.h"

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

FailureOr<Constant> readTensorFile(const yaml::Node &path, DataFiles &files) {
  FileLineColLoc loc = path.loc();
  SmallString<128> name(path.text());
  if (!llvm::sys::path::is_absolute(name)) {
    name = llvm::sys::path::parent_path(loc.getFilename().getValue());
    llvm::sys::path::append(name, path.text());
  }
  try {
    rt::NpyArray array = rt::readNpy(name.str().str(), maxArrayBytes);
    std::string error;
    FailureOr<std::string> hash = sha256HexOfFile(name, &error);
    if (failed(hash))
      return emitError(loc) << error;
    files.read.emplace_back(name.str().str(), *hash);
    return toConstant(array, loc);
  } catch (const rt::InputError &error) {
    return emitError(loc) << error.what();
  }
}

} // namespace basalt::frontend
