// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowering of step.update to a call of the kernel's function, or, for one element, to the kernel's
// code.
//
// The arguments of the function are declared to be distinct memory (`__restrict`), so an input that
// is one of the states that are updated is copied first. Two inputs may be the same memory: nobody
// writes it meanwhile.
#include "compiler/lower/KernelNames.h"
#include "compiler/lower/Lowering.h"

using namespace mlir;

namespace basalt::lower {

static std::string resultName(Value result, unsigned position) {
  if (result.hasOneUse())
    if (auto set = dyn_cast<step::SetOp>(*result.user_begin()))
      return localName(set.getState());
  return "out" + std::to_string(position);
}

Value Lowering::updateInput(step::UpdateOp op, Value input) {
  Value array = memoryOf(input);
  for (auto name : op.getStates().getAsRange<FlatSymbolRefAttr>()) {
    if (!sameMemory(array, memory.get(builder, op.getLoc(), name.getValue())))
      continue;
    Value copy = newScratch(op.getLoc(), input.getType());
    storeInto(op.getLoc(), input, copy);
    return copy;
  }
  return array;
}

void Lowering::inlineUpdate(step::UpdateOp op, step::KernelOp kernel) {
  Location loc = op.getLoc();
  Value zero = constantIndex(loc, 0);
  SmallVector<Value> states, arguments;
  for (auto name : op.getStates().getAsRange<FlatSymbolRefAttr>()) {
    states.push_back(memory.get(builder, loc, name.getValue()));
    arguments.push_back(memref::LoadOp::create(builder, loc, states.back(), zero));
  }
  for (Value input : op.getInputs())
    arguments.push_back(scalarOf(input));
  SmallVector<Value> yielded = inlineKernel(builder, kernel, arguments);
  for (auto [state, value] : llvm::zip(states, yielded))
    memref::StoreOp::create(builder, loc, value, state, zero);
  for (auto [result, value] :
       llvm::zip(op.getResults(), ArrayRef(yielded).drop_front(states.size())))
    scalars[result] = value;
}

void Lowering::lowerUpdate(step::UpdateOp op) {
  Location loc = op.getLoc();
  step::KernelOp kernel = kernels.of(op);
  int64_t count = ShapedType::getNumElements(op.getExtent());
  if (count == 1)
    return inlineUpdate(op, kernel);

  KernelUse use{kernel, unsigned(op.getStates().size()), {}, {}};
  SmallVector<Value> arrayArguments, scalarArguments;
  for (auto name : op.getStates().getAsRange<FlatSymbolRefAttr>()) {
    use.names.push_back(localName(name.getValue()));
    arrayArguments.push_back(memory.get(builder, loc, name.getValue()));
  }
  for (auto [i, input] : llvm::enumerate(op.getInputs())) {
    DenseElementsAttr constant = constants.lookup(input);
    bool isScalar = !isArray(input.getType()) || (constant && constant.isSplat());
    use.scalarInputs.push_back(isScalar);
    use.names.push_back(inputName(input, i));
    if (isScalar)
      scalarArguments.push_back(element(input, {}));
    else
      arrayArguments.push_back(updateInput(op, input));
  }
  for (auto [i, result] : llvm::enumerate(op.getResults())) {
    use.names.push_back(resultName(result, i));
    arrays[result] = targetFor(result, op);
    arrayArguments.push_back(arrays[result]);
  }
  SmallVector<Value> arguments{constantIndex(loc, count)};
  for (Value array : arrayArguments) {
    Type element = cast<MemRefType>(array.getType()).getElementType();
    arguments.push_back(memref::CastOp::create(
        builder, loc, MemRefType::get({ShapedType::kDynamic}, element), array));
  }
  llvm::append_range(arguments, scalarArguments);
  func::CallOp::create(builder, loc, kernels.get(use), arguments);
}

} // namespace basalt::lower
