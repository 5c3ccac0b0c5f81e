// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/Constant.h"
#include "compiler/frontend/build/Environment.h"
#include "compiler/frontend/build/Records.h"
#include "compiler/frontend/build/TensorFile.h"
#include "compiler/frontend/typing/Emitter.h"
#include "compiler/frontend/typing/Record.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt::frontend {

ArrayRef<int64_t> Constant::shape() const {
  if (sparse)
    return sparse.getShape();
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return dense.getType().getShape();
  return {};
}

bool Constant::isNumber() const { return !isString() && !isObject(value) && !drawn; }

std::string describe(const Constant &value) {
  if (value.isString())
    return "a string";
  if (isObject(value.value))
    return describeObject(value.value);
  if (value.drawn)
    return "a value that is drawn when a run starts";
  auto type = value.elements().getType();
  return proc::spellType(type.clone(type.getElementType()));
}

DenseElementsAttr Constant::elements() const {
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return dense;
  return DenseElementsAttr::get(RankedTensorType::get({}, cast<TypedAttr>(value).getType()), value);
}

FailureOr<Constant> constantFrom(const Typed &typed, Location loc) {
  if (typed.isString())
    return Constant{StringAttr::get(loc.getContext(), *typed.text), loc, true};
  if (typed.object)
    return Constant{typed.object, loc};
  std::optional<DenseElementsAttr> constant = constantOf(typed.value);
  if (!constant)
    return emitError(loc, "this value is not known at compile time");
  if (!typed.shape().empty() || !typed.isWeak)
    return Constant{*constant, loc, typed.isWeak};
  return Constant{*constant->getValues<Attribute>().begin(), loc, true};
}

FailureOr<Constant> convertExactly(const Constant &value, RankedTensorType type, StringRef what) {
  if (!value.isNumber())
    return emitError(value.loc) << what << " is " << proc::spellType(type) << ", found "
                                << describe(value);
  auto exact = proc::convertInitialValue(value.loc, what, value.elements(), type);
  if (failed(exact))
    return failure();
  mlir::Block scratch;
  OpBuilder builder(type.getContext());
  builder.setInsertionPointToStart(&scratch);
  Emitter emit(builder);
  Value widened = emit.widen(value.loc, emit.constant(value.loc, *exact), type.getElementType());
  return Constant{*constantOf(widened), value.loc, false};
}

static FailureOr<Constant> readScalar(const yaml::Node &node, Environment &scope) {
  Builder builder(scope.getContext());
  Location loc = node.loc();
  if (std::optional<bool> flag = node.asBool())
    return Constant{builder.getBoolAttr(*flag), loc, false};
  if (node.isInt()) {
    if (std::optional<int64_t> integer = node.asInt())
      return Constant{builder.getI64IntegerAttr(*integer), loc, true};
    return emitError(loc) << "the integer " << node.text() << " does not fit in 64 bits";
  }
  if (node.isFloat())
    return Constant{builder.getF64FloatAttr(*node.asFloat()), loc, true};
  if (!node.isExpression())
    return Constant{builder.getStringAttr(node.text()), loc, true};
  if (!node.hasExactText())
    return emitError(loc, "an expression must stand on one line, without escapes");
  return scope.evaluate(node.text().drop_front(), node.textLoc(1));
}

/// A list: all items have one shape; whole numbers unless one is a float.
static FailureOr<Constant> readList(const yaml::Node &node, Environment &scope, DataFiles &files) {
  SmallVector<Constant> items;
  for (const yaml::Node *child : node.items()) {
    FailureOr<Constant> item = readConstant(*child, scope, files);
    if (failed(item))
      return failure();
    if (!item->isNumber())
      return emitError(item->loc) << "expected a number, found " << describe(*item)
                                  << "; a list holds numbers";
    if (!items.empty() && item->shape() != items.front().shape()) {
      InFlightDiagnostic diagnostic =
          emitError(item->loc, "the items of a list must have one shape");
      diagnostic.attachNote(items.front().loc) << "the first item stands here";
      return diagnostic;
    }
    items.push_back(*item);
  }
  MLIRContext *context = scope.getContext();
  Builder builder(context);
  Type element =
      items.empty() ? Type(builder.getI64Type()) : items.front().elements().getElementType();
  for (const Constant &item : items) {
    Type type = item.elements().getElementType();
    if (isa<FloatType>(type) || (element.isInteger(1) && !type.isInteger(1)))
      element = isa<FloatType>(element) ? element : type;
  }
  SmallVector<int64_t> shape{static_cast<int64_t>(items.size())};
  if (!items.empty())
    llvm::append_range(shape, items.front().shape());
  SmallVector<Attribute> elements;
  for (const Constant &item : items)
    for (Attribute value : item.elements().getValues<Attribute>()) {
      auto integer = dyn_cast<IntegerAttr>(value);
      if (integer && integer.getType() != element) {
        int64_t number =
            integer.getType().isInteger(1) ? integer.getValue().getZExtValue() : integer.getInt();
        value = isa<FloatType>(element)
                    ? Attribute(builder.getF64FloatAttr(static_cast<double>(number)))
                    : Attribute(builder.getI64IntegerAttr(number));
      }
      elements.push_back(value);
    }
  return Constant{DenseElementsAttr::get(RankedTensorType::get(shape, element), elements),
                  node.loc(), true};
}

static FailureOr<Constant> readMapping(const yaml::Node &node, Environment &scope,
                                       DataFiles &files) {
  if (node.find("file"))
    return readTensorFile(node, files);
  if (node.find("class"))
    return files.records->read(node, scope, files);
  if (!node.find("random") && !node.find("rule"))
    return emitError(node.loc(),
                     "a mapping is a value if it has 'class', 'file', 'random' or 'rule'");
  if (node.find("random"))
    return emitError(node.loc(),
                     "a random value cannot stand here; it can be the value of a Var or "
                     "parameter");
  return emitError(node.loc(),
                   "a connection rule cannot stand here; it can be the value of a sparse Var");
}

FailureOr<Constant> readConstant(const yaml::Node &node, Environment &scope, DataFiles &files) {
  if (node.isScalar())
    return readScalar(node, scope);
  if (node.isSequence())
    return readList(node, scope, files);
  return readMapping(node, scope, files);
}

} // namespace basalt::frontend
