// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops that name a Var or port of the enclosing process.
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Proc.h"
#include "dialect/proc/Types.h"

using namespace mlir;

namespace basalt::proc {

/// Checks that `name` is a MemberT of the enclosing process and `type` the value type of its
/// declaration under the enclosing model.
template <typename MemberT>
static LogicalResult verifyAccess(Operation *op, FlatSymbolRefAttr name, Type type,
                                  SymbolTableCollection &tables, StringRef kind) {
  auto model = op->getParentOfType<ModelOp>();
  if (!model)
    return op->emitOpError("must stand in a proc.model");
  auto member =
      dyn_cast_or_null<MemberT>(tables.lookupSymbolIn(model->getParentOp(), name.getAttr()));
  if (!member)
    return op->emitOpError("refers to '")
           << name.getValue() << "', which is no " << kind << " of this process";
  Type expected = valueType(model.bind(member.getType()));
  if (type != expected)
    return op->emitOpError("has a value of type ")
           << type << ", but the " << kind << " '" << name.getValue() << "' has " << expected;
  return success();
}

LogicalResult GetOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyAccess<VarOp>(*this, getVarAttr(), getType(), tables, "Var");
}
LogicalResult SetOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyAccess<VarOp>(*this, getVarAttr(), getValue().getType(), tables, "Var");
}
LogicalResult RecvOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyAccess<InPortOp>(*this, getPortAttr(), getType(), tables, "InPort");
}
LogicalResult SendOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyAccess<OutPortOp>(*this, getPortAttr(), getValue().getType(), tables, "OutPort");
}
LogicalResult ReadOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyAccess<RefPortOp>(*this, getPortAttr(), getType(), tables, "RefPort");
}
LogicalResult WriteOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyAccess<RefPortOp>(*this, getPortAttr(), getValue().getType(), tables, "RefPort");
}

} // namespace basalt::proc
