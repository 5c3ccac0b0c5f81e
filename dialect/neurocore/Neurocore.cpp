// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the neurocore dialect, and the names of microcode.
#include "dialect/neurocore/Neurocore.h"

#include "runtime/neurocore/Image.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

#include "dialect/neurocore/NeurocoreDialect.cpp.inc"

#define GET_OP_CLASSES
#include "dialect/neurocore/NeurocoreOps.cpp.inc"

namespace basalt::neurocore {

void NeurocoreDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialect/neurocore/NeurocoreOps.cpp.inc"
      >();
}

std::optional<uint8_t> operandNamed(StringRef name) {
  for (unsigned operand = 0; operand < 64; ++operand)
    if (nc::operandText(uint8_t(operand)) == name)
      return uint8_t(operand);
  return std::nullopt;
}

std::optional<nc::Op> opNamed(StringRef name) {
  for (unsigned op = 0; op < nc::kOps; ++op)
    if (name == nc::infoOf(nc::Op(op)).name)
      return nc::Op(op);
  return std::nullopt;
}

std::optional<nc::Round> roundNamed(StringRef name) {
  return llvm::StringSwitch<std::optional<nc::Round>>(name)
      .Case("floor", nc::Round::Floor)
      .Case("tz", nc::Round::TowardZero)
      .Case("nearest", nc::Round::Nearest)
      .Default(std::nullopt);
}

std::optional<nc::StoreMode> storeNamed(StringRef name) {
  return llvm::StringSwitch<std::optional<nc::StoreMode>>(name)
      .Case("wrap", nc::StoreMode::Wrap)
      .Case("wrap_up", nc::StoreMode::WrapUp)
      .Case("saturate", nc::StoreMode::Saturate)
      .Case("saturate_symmetric", nc::StoreMode::SaturateSymmetric)
      .Default(std::nullopt);
}

ArrayRef<int32_t> wordsOf(DenseIntElementsAttr values, std::vector<int32_t> &storage) {
  auto count = size_t(values.getNumElements());
  if (values.isSplat() || count == 0) {
    storage.assign(count, count ? values.getSplatValue<int32_t>() : 0);
    return storage;
  }
  return {reinterpret_cast<const int32_t *>(values.getRawData().data()), count};
}

/// The integers behind raw data.
template <typename T> static SmallVector<int64_t> widened(ArrayRef<char> raw) {
  ArrayRef<T> numbers(reinterpret_cast<const T *>(raw.data()), raw.size() / sizeof(T));
  return SmallVector<int64_t>(numbers.begin(), numbers.end());
}

SmallVector<int64_t> integersOf(ElementsAttr values, bool isSigned) {
  SmallVector<int64_t> result;
  auto dense = cast<DenseIntElementsAttr>(values);
  auto valueOf = [&](const APInt &value) {
    bool extend = isSigned && value.getBitWidth() > 1;
    return extend ? value.getSExtValue() : int64_t(value.getZExtValue());
  };
  if (dense.isSplat())
    return {valueOf(dense.getSplatValue<APInt>())};
  // The usual ones, without an APInt for each.
  unsigned bits = dense.getElementType().getIntOrFloatBitWidth();
  if (bits == 32)
    return isSigned ? widened<int32_t>(dense.getRawData()) : widened<uint32_t>(dense.getRawData());
  if (bits == 64)
    return widened<int64_t>(dense.getRawData());
  result.reserve(dense.getNumElements());
  for (const APInt &value : dense.getValues<APInt>())
    result.push_back(valueOf(value));
  return result;
}

} // namespace basalt::neurocore
