// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elements of values, and loops over elements. An element of a fused operation is computed from
// elements of its operands, right where it is needed.
#include "compiler/lower/Lowering.h"

using namespace mlir;

namespace basalt::lower {

bool sameMemory(Value a, Value b) {
  auto first = a.getDefiningOp<memref::GetGlobalOp>(),
       second = b.getDefiningOp<memref::GetGlobalOp>();
  return a == b || (first && second && first.getName() == second.getName());
}

//===--- Places ---===//

Value Lowering::constantIndex(Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value Lowering::linear(Location loc, const Index &index, ArrayRef<int64_t> shape) {
  if (index.linear)
    return index.linear;
  Value result = constantIndex(loc, 0);
  for (auto [axis, extent] : llvm::zip(index.axes, shape)) {
    Value scaled = builder.createOrFold<arith::MulIOp>(loc, result, constantIndex(loc, extent));
    result = builder.createOrFold<arith::AddIOp>(loc, scaled, axis);
  }
  return result;
}

Index Lowering::withAxes(Location loc, const Index &index, ArrayRef<int64_t> shape) {
  if (!index.linear || index.axes.size() == shape.size())
    return index;
  Index result{SmallVector<Value>(shape.size()), index.linear};
  Value rest = index.linear;
  for (size_t axis = shape.size(); axis-- > 0;) {
    Value extent = constantIndex(loc, shape[axis]);
    result.axes[axis] = builder.createOrFold<arith::RemUIOp>(loc, rest, extent);
    rest = builder.createOrFold<arith::DivUIOp>(loc, rest, extent);
  }
  return result;
}

void Lowering::forEach(Location loc, ArrayRef<int64_t> shape, bool axes,
                       llvm::function_ref<void(const Index &)> body) {
  OpBuilder::InsertionGuard guard(builder);
  int64_t count = ShapedType::getNumElements(shape);
  SmallVector<int64_t> extents(shape);
  if (!axes)
    extents = {count};
  Index index;
  for (int64_t extent : extents) {
    Value zero = constantIndex(loc, 0);
    if (extent == 1) {
      index.axes.push_back(zero);
      continue;
    }
    auto loop =
        scf::ForOp::create(builder, loc, zero, constantIndex(loc, extent), constantIndex(loc, 1));
    builder.setInsertionPointToStart(loop.getBody());
    index.axes.push_back(loop.getInductionVar());
  }
  if (!axes) {
    index.linear = index.axes.front();
    index.axes.clear();
  }
  body(index);
}

//===--- Elements ---===//

Value Lowering::element(Value value, const Index &index) {
  if (!isArray(value.getType()))
    return scalarOf(value);
  Location loc = value.getLoc();
  DenseElementsAttr constant = constants.lookup(value);
  if (constant && constant.isSplat())
    return arith::ConstantOp::create(builder, loc, constant.getSplatValue<TypedAttr>());
  if (Value array = constant ? memory.constant(builder, loc, constant) : arrays.lookup(value))
    return memref::LoadOp::create(builder, loc, array, linear(loc, index, shapeOf(value)));
  if (!index.linear)
    return computeElement(value.getDefiningOp(), index);
  Value &element = known[{value, index.linear}];
  if (!element) {
    Value computed = computeElement(value.getDefiningOp(), index);
    known[{value, index.linear}] = computed; // `element` may have moved
    return computed;
  }
  return element;
}

static SmallVector<Value> broadcastAxes(ArrayRef<Value> axes, ArrayRef<int64_t> from, Value zero) {
  SmallVector<Value> result(axes.take_back(from.size()));
  for (auto [axis, extent] : llvm::zip(result, from))
    if (extent == 1)
      axis = zero;
  return result;
}

Value Lowering::computeElement(Operation *op, const Index &index) {
  Location loc = op->getLoc();
  Value result = op->getResult(0), operand = op->getOperand(0);
  if (num::isElementwise(op)) {
    SmallVector<Value> operands;
    for (Value value : op->getOperands())
      operands.push_back(element(value, index));
    return scalarOp(op, operands);
  }
  if (!isArray(operand.getType()))
    return scalarOf(operand);
  if (isa<num::ReshapeOp>(op))
    return element(operand, {{}, linear(loc, index, shapeOf(result))});

  Index at = withAxes(loc, index, shapeOf(result));
  if (isa<num::BroadcastOp>(op))
    return element(operand,
                   {broadcastAxes(at.axes, shapeOf(operand), constantIndex(loc, 0)), Value()});
  if (auto transpose = dyn_cast<num::TransposeOp>(op)) {
    SmallVector<Value> axes(at.axes.size());
    for (auto [i, axis] : llvm::enumerate(transpose.getPermutation()))
      axes[axis] = at.axes[i];
    return element(operand, {axes, Value()});
  }
  auto extract = cast<num::ExtractOp>(op);
  return element(operand, wholeIndex(extract, offsetsOf(extract, shapeOf(operand)), at));
}

Value Lowering::scalarOp(Operation *op, ValueRange operands) {
  SmallVector<Type> types;
  for (Type type : op->getResultTypes())
    types.push_back(getElementTypeOrSelf(type));
  Operation *scalar =
      Operation::create(op->getLoc(), op->getName(), types, operands,
                        op->getDiscardableAttrDictionary(), op->getPropertiesStorage(), {}, 0);
  return builder.insert(scalar)->getResult(0);
}

bool Lowering::needsAxes(Value value) {
  Operation *op = value.getDefiningOp();
  if (!isArray(value.getType()) || arrays.contains(value) || constants.contains(value))
    return false;
  if (isa<num::BroadcastOp>(op))
    return isArray(op->getOperand(0).getType());
  if (isa<num::TransposeOp, num::ExtractOp>(op))
    return true;
  return !isa<num::ReshapeOp>(op) &&
         llvm::any_of(op->getOperands(), [&](Value operand) { return needsAxes(operand); });
}

bool Lowering::readsElsewhere(Value value, Value target, bool moved) {
  if (!isArray(value.getType()) || constants.contains(value))
    return false;
  if (Value array = arrays.lookup(value))
    return moved && sameMemory(array, target);
  Operation *op = value.getDefiningOp();
  moved |= isa<num::BroadcastOp, num::TransposeOp, num::ExtractOp>(op);
  return llvm::any_of(op->getOperands(),
                      [&](Value operand) { return readsElsewhere(operand, target, moved); });
}

//===--- Memory of values ---===//

Value Lowering::newScratch(Location loc, Type type) {
  return memory.scratch(builder, loc, type, instance);
}

Value Lowering::targetFor(Value value, Operation *producer) {
  if (step::SetOp set = accesses.directSet(value, producer))
    return memory.get(builder, producer->getLoc(), set.getState());
  return newScratch(producer->getLoc(), value.getType());
}

Value Lowering::memoryOf(Value value) {
  if (Value array = arrays.lookup(value))
    return array;
  DenseElementsAttr constant = constants.lookup(value);
  constexpr int64_t written = 16; // a longer run of one number is not spelled out
  if (constant && (!constant.isSplat() || constant.getNumElements() <= written))
    return memory.constant(builder, value.getLoc(), constant);
  Value buffer = newScratch(value.getLoc(), value.getType());
  storeInto(value.getLoc(), value, buffer);
  if (!constant)
    arrays[value] = buffer;
  return buffer;
}

Value Lowering::materialize(Value value, Value target) {
  storeInto(value.getLoc(), value, target);
  return arrays[value] = target;
}

void Lowering::storeInto(Location loc, Value value, Value target) {
  if (Value array = arrays.lookup(value); array && sameMemory(array, target))
    return;
  if (readsElsewhere(value, target))
    memoryOf(value);
  forEach(loc, shapeOf(value), needsAxes(value), [&](const Index &index) {
    Value computed = element(value, index);
    memref::StoreOp::create(builder, loc, computed, target, linear(loc, index, shapeOf(value)));
  });
}

} // namespace basalt::lower
