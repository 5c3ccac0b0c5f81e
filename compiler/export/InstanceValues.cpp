// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value stands at the instance, else at its process.
#include "compiler/export/InstanceValues.h"

#include <cassert>

namespace basalt::exporter {

Shape shapeOf(mlir::Type type) {
  llvm::ArrayRef<int64_t> shape = llvm::cast<mlir::ShapedType>(type).getShape();
  return {shape.begin(), shape.end()};
}

static rt::NpyArray toArray(mlir::DenseElementsAttr elements) {
  Shape shape = shapeOf(elements.getType());
  bool isFloat = llvm::isa<mlir::FloatType>(elements.getElementType());
  if (!isFloat) {
    std::vector<int64_t> values;
    bool isTruth = elements.getElementType().isInteger(1);
    for (const llvm::APInt &value : elements.getValues<llvm::APInt>())
      values.push_back(isTruth ? int64_t(value.getZExtValue()) : value.getSExtValue());
    return import::makeArray(std::move(shape), values);
  }
  std::vector<double> values;
  for (const llvm::APFloat &value : elements.getValues<llvm::APFloat>())
    values.push_back(value.convertToDouble());
  return import::makeArray(std::move(shape), values);
}

static std::optional<rt::NpyArray> toArray(mlir::Attribute value) {
  if (auto elements = llvm::dyn_cast<mlir::DenseElementsAttr>(value))
    return toArray(elements);
  if (auto integer = llvm::dyn_cast<mlir::IntegerAttr>(value))
    return import::makeArray({}, std::vector<int64_t>{integer.getInt()});
  if (auto number = llvm::dyn_cast<mlir::FloatAttr>(value))
    return import::makeArray({}, std::vector<double>{number.getValueAsDouble()});
  return std::nullopt;
}

std::optional<rt::NpyArray> InstanceValues::find(llvm::StringRef name) {
  for (auto value : instance.getOps<proc::ValueOp>()) {
    if (value.getVar() == name) {
      assert(!value.getRule() && !value.getDistribution() && "these are of sparse Vars");
      return toArray(mlir::Attribute(value.getValue()));
    }
  }
  mlir::Operation *member = proc::lookupMember(process, name);
  if (auto var = llvm::dyn_cast_or_null<proc::VarOp>(member))
    return var.getInit() ? toArray(mlir::Attribute(*var.getInit())) : std::nullopt;
  if (auto param = llvm::dyn_cast_or_null<proc::ParamOp>(member))
    return toArray(param.getValue());
  return std::nullopt;
}

/// As NumPy does it: axes of `array` are the last ones of `shape`, or have one element.
static rt::NpyArray broadcast(const rt::NpyArray &array, const Shape &shape) {
  size_t missing = shape.size() - array.shape.size();
  std::vector<double> values(size_t(import::elementsOf(shape)));
  for (size_t i = 0; i < values.size(); ++i) {
    size_t rest = i, from = 0, stride = 1;
    for (size_t axis = shape.size(); axis-- > 0;) {
      size_t index = rest % size_t(shape[axis]);
      rest /= size_t(shape[axis]);
      if (axis < missing)
        continue;
      auto extent = size_t(array.shape[axis - missing]);
      from += extent == 1 ? 0 : index * stride;
      stride *= extent;
    }
    values[i] = import::numberAt(array, from);
  }
  return import::makeArray(shape, values);
}

std::optional<rt::NpyArray> InstanceValues::floats(llvm::StringRef name, const Shape &shape) {
  std::optional<rt::NpyArray> array = find(name);
  if (!array)
    return std::nullopt;
  assert(array->shape.size() <= shape.size() && "its process would not compute with it");
  return broadcast(*array, shape);
}

std::vector<int64_t> InstanceValues::integers(llvm::StringRef name, size_t count) {
  std::optional<rt::NpyArray> array = find(name);
  std::vector<int64_t> result;
  for (size_t i = 0; array && i < count; ++i)
    result.push_back(int64_t(import::numberAt(*array, array->size() == 1 ? 0 : i)));
  return result;
}

std::string InstanceValues::word(llvm::StringRef name) {
  auto param = llvm::dyn_cast_or_null<proc::ParamOp>(proc::lookupMember(process, name));
  auto text = param ? llvm::dyn_cast<mlir::StringAttr>(param.getValue()) : nullptr;
  return text ? text.str() : "";
}

bool InstanceValues::isAll(llvm::StringRef name, double value) {
  std::optional<rt::NpyArray> array = find(name);
  for (size_t i = 0; array && i < array->size(); ++i)
    if (import::numberAt(*array, i) != value)
      return false;
  return array.has_value();
}

} // namespace basalt::exporter
