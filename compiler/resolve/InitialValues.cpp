// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversion of initial values, once the types of their Vars are concrete.
#include "compiler/resolve/InitialValues.h"
#include "compiler/frontend/FloatData.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/PassedOn.h"
#include "dialect/proc/Types.h"

using namespace mlir;

namespace basalt {

/// `value` in the value type of `declared`; as it is while that is not concrete.
static FailureOr<ElementsAttr> convert(Location loc, const Twine &what, ElementsAttr value,
                                       Type declared) {
  auto type = dyn_cast<RankedTensorType>(declared);
  if (!type || !proc::isConcrete(type) || value.getShapedType() == proc::valueType(type))
    return value;
  // Bits of the value type already: only the shape is to be filled, and read as signed they all
  // fit.
  auto integer = dyn_cast<IntegerType>(type.getElementType());
  if (integer && integer.getWidth() > 1 && integer.getWidth() < 64 &&
      value.getElementType() == proc::valueType(integer))
    type = type.clone(IntegerType::get(type.getContext(), integer.getWidth(), IntegerType::Signed));
  FailureOr<DenseElementsAttr> converted = proc::convertInitialValue(loc, what, value, type);
  if (failed(converted))
    return failure();
  return ElementsAttr(*converted);
}

LogicalResult convertDeclaredValues(proc::ProcessOp process) {
  StringRef name = process.getSourceName().value_or(process.getSymName());
  bool ok = true;
  for (auto var : process.getBody().getOps<proc::VarOp>()) {
    if (!var.getInit())
      continue;
    FailureOr<ElementsAttr> value = convert(var.getLoc(), "'" + name + "." + var.getSymName() + "'",
                                            *var.getInit(), var.getType());
    ok &= succeeded(value);
    if (succeeded(value))
      var.setInitAttr(*value);
  }
  return success(ok);
}

LogicalResult convertGivenValues(proc::InstanceOp instance) {
  if (instance.getValues().empty())
    return success();
  proc::ProcessOp process = proc::lookupProcess(instance);
  bool ok = true;
  for (auto given : instance.getValues().getOps<proc::ValueOp>()) {
    auto var = cast<proc::VarOp>(proc::lookupMember(process, given.getVar()));
    FailureOr<ElementsAttr> value =
        convert(given.getLoc(), "'" + instance.getSymName() + "." + given.getVar() + "'",
                given.getValue(), var.getType());
    ok &= succeeded(value);
    if (failed(value))
      continue;
    frontend::warnOfFloatData(given.getLoc(), instance.getSymName() + "." + given.getVar(),
                              given.getValue(), var.getType());
    given.setValueAttr(*value);
  }
  return success(ok);
}

void settlePassedOnValues(proc::InstanceOp instance) {
  if (instance.getValues().empty())
    return;
  proc::ModelOp model = proc::modelOf(proc::lookupProcess(instance));
  bool isHierarchical = model && model.isHierarchical();
  for (auto value : llvm::make_early_inc_range(instance.getValues().getOps<proc::ValueOp>()))
    if (value->removeDiscardableAttr(proc::kPassedOn) && isHierarchical)
      value.erase();
  if (instance.getValues().front().empty())
    instance.getValues().front().erase();
}

} // namespace basalt
