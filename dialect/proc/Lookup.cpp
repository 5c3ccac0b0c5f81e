// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "dialect/proc/Lookup.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::proc {

static Operation *lookupIn(Operation *table, StringAttr name, SymbolTableCollection *tables) {
  return tables ? tables->lookupSymbolIn(table, name) : SymbolTable::lookupSymbolIn(table, name);
}

ProcessOp lookupProcess(InstanceOp instance, SymbolTableCollection *tables) {
  auto module = instance->getParentOfType<ModuleOp>();
  if (!module)
    return {};
  return dyn_cast_or_null<ProcessOp>(lookupIn(module, instance.getProcessAttr().getAttr(), tables));
}

Operation *lookupMember(ProcessOp process, StringRef name, SymbolTableCollection *tables) {
  Operation *member = lookupIn(process, StringAttr::get(process.getContext(), name), tables);
  return isa_and_nonnull<ModelOp>(member) ? nullptr : member;
}

End lookupEnd(Operation *scope, SymbolRefAttr ref, SymbolTableCollection *tables) {
  ArrayRef<FlatSymbolRefAttr> nested = ref.getNestedReferences();
  Operation *root = lookupIn(scope, ref.getRootReference(), tables);
  if (nested.size() == 1) {
    auto instance = dyn_cast_or_null<InstanceOp>(root);
    ProcessOp process = instance ? lookupProcess(instance, tables) : ProcessOp();
    if (!process)
      return {};
    return {instance, lookupMember(process, nested.front().getValue(), tables)};
  }
  if (!nested.empty())
    return {};
  if (isa_and_nonnull<VirtualPortOp>(root))
    return {{}, root};
  auto model = dyn_cast<ModelOp>(scope);
  if (!model)
    return {};
  return {{}, lookupMember(cast<ProcessOp>(model->getParentOp()), ref.getRootReference(), tables)};
}

StringRef kindOf(Operation *member) {
  return llvm::TypeSwitch<Operation *, StringRef>(member)
      .Case([](VarOp) { return "Var"; })
      .Case([](InPortOp) { return "InPort"; })
      .Case([](OutPortOp) { return "OutPort"; })
      .Case([](RefPortOp) { return "RefPort"; })
      .Case([](VarPortOp) { return "VarPort"; })
      .Case([](VirtualPortOp) { return "virtual port"; })
      .Case([](ParamOp) { return "parameter"; })
      .Default([](Operation *) { return "member"; });
}

std::string spell(SymbolRefAttr ref) {
  std::string text = ref.getRootReference().str();
  for (FlatSymbolRefAttr part : ref.getNestedReferences())
    text += "." + part.getValue().str();
  return text;
}

Type declaredType(Operation *member) {
  return llvm::TypeSwitch<Operation *, Type>(member)
      .Case<VarOp, InPortOp, OutPortOp, RefPortOp>([](auto op) { return op.getType(); })
      .Case([](VarPortOp port) {
        VarOp var = varOf(port);
        return var ? var.getType() : Type();
      })
      .Default([](Operation *) { return Type(); });
}

Type outsideType(Operation *member) { return outsideType(member, declaredType(member)); }

Type outsideType(Operation *member, Type type) {
  if (auto port = dyn_cast<VarPortOp>(member))
    member = varOf(port);
  auto var = dyn_cast_or_null<VarOp>(member);
  if (!var || !var.getSparse())
    return type;
  return RankedTensorType::get(var.getSparse()->getShape(), getElementTypeOrSelf(type));
}

std::string messageOfLostEntry(StringRef var) {
  return "a number is written to the sparse Var '" + var.str() + "' where it has no entry";
}

VarOp varOf(VarPortOp port) {
  return dyn_cast_or_null<VarOp>(
      SymbolTable::lookupSymbolIn(port->getParentOp(), port.getVarAttr().getAttr()));
}

ModelOp modelOf(ProcessOp process) {
  auto models = process.getBody().getOps<ModelOp>();
  return models.empty() ? ModelOp() : *models.begin();
}

std::optional<GuardKind> guardKindOf(PhaseKind phase) {
  switch (phase) {
  case PhaseKind::PreMgmt:
    return GuardKind::Pre;
  case PhaseKind::Lrn:
    return GuardKind::Lrn;
  case PhaseKind::PostMgmt:
    return GuardKind::Post;
  case PhaseKind::Init:
  case PhaseKind::Spk:
  case PhaseKind::Host:
    return std::nullopt;
  }
  llvm_unreachable("all phases are above");
}

PhaseOp phaseOf(ModelOp model, PhaseKind kind) {
  for (PhaseOp phase : model.getBody().getOps<PhaseOp>())
    if (phase.getKind() == kind)
      return phase;
  return {};
}

GuardOp guardOf(ModelOp model, GuardKind kind) {
  for (GuardOp guard : model.getBody().getOps<GuardOp>())
    if (guard.getKind() == kind)
      return guard;
  return {};
}

} // namespace basalt::proc
