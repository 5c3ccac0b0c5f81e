// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Globals of a lowered program. See Memory.h.
#include "compiler/lower/Memory.h"

#include "dialect/proc/Types.h"

using namespace mlir;

namespace basalt::lower {

MemRefType memoryType(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return MemRefType::get({type.getNumElements()}, type.getElementType());
}

Memory::Memory(SymbolTable &symbols, step::ProgramOp program)
    : globals(program.getContext()), symbols(symbols) {
  globals.setInsertionPointAfter(program);
  Type flag = RankedTensorType::get({1}, globals.getI1Type());
  for (Operation &op : program.getBody().getOps()) {
    if (auto state = dyn_cast<step::StateOp>(op))
      add(op.getLoc(), state.getSymName(), memoryType(proc::valueType(state.getType())),
          globals.getUnitAttr(), false);
    else if (auto guard = dyn_cast<step::GuardOp>(op))
      add(op.getLoc(), guard.getSymName(), memoryType(flag), globals.getUnitAttr(), false);
  }
}

memref::GlobalOp Memory::add(Location loc, StringRef name, MemRefType type, Attribute value,
                             bool isConstant) {
  auto global = memref::GlobalOp::create(globals, loc, name, globals.getStringAttr("private"), type,
                                         value, isConstant, /*alignment=*/nullptr);
  symbols.insert(global); // makes the name unique
  return global;
}

Value Memory::address(OpBuilder &builder, Location loc, memref::GlobalOp global) {
  return memref::GetGlobalOp::create(builder, loc, global.getType(), global.getSymName());
}

Value Memory::get(OpBuilder &builder, Location loc, StringRef name) {
  return address(builder, loc, symbols.lookup<memref::GlobalOp>(name));
}

Value Memory::scratch(OpBuilder &builder, Location loc, Type type, StringRef instance) {
  auto name = (instance + ".scratch").str();
  auto global = add(loc, name, memoryType(type), builder.getUnitAttr(), false);
  buffers.insert(global.getSymNameAttr());
  return address(builder, loc, global);
}

bool Memory::isScratch(Value memory) const {
  auto global = memory.getDefiningOp<memref::GetGlobalOp>();
  return global && buffers.contains(global.getNameAttr().getAttr());
}

Value Memory::constant(OpBuilder &builder, Location loc, DenseElementsAttr value) {
  MemRefType type = memoryType(value.getType());
  auto flat =
      value.reshape(RankedTensorType::get(type.getShape(), value.getType().getElementType()));
  memref::GlobalOp &global = constants[flat];
  if (!global)
    global = add(loc, "constant", type, flat, true);
  return address(builder, loc, global);
}

} // namespace basalt::lower
