// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// States, their other names, and the ports that can be recorded or accessed.
#include "compiler/schedule/Builder.h"
#include "compiler/support/Hash.h"
#include "dialect/proc/Types.h"

using namespace mlir;

namespace basalt {

LogicalResult ProgramBuilder::buildState(Instance instance, proc::VarOp var, proc::ValueOp given) {
  Location loc = locate(var, instance);
  std::string name = instance.spell(var.getSymName());
  auto type = dyn_cast<RankedTensorType>(var.getType());
  ElementsAttr init = given ? given.getValue() : var.getInit().value_or(ElementsAttr());
  if (!type || !proc::isConcrete(type) || !init)
    return emitError(loc, "expected a resolved network, found the Var '")
           << name << "' without " << (init ? "a concrete type" : "an initial value");
  if (init.getShapedType() != proc::valueType(type)) {
    FailureOr<DenseElementsAttr> converted =
        proc::convertInitialValue(loc, "'" + name + "'", init, type);
    if (failed(converted))
      return failure();
    init = *converted;
  }
  symbols.insert(step::StateOp::create(
      builder, loc, name, type, init, var.getLimitsAttr(), sparseOf(instance, var), false,
      given ? given.getRuleAttr() : proc::RuleAttr(),
      given ? given.getDistributionAttr() : proc::DistributionAttr()));
  return success();
}

std::string nameOfKeyState(Instance instance) {
  std::string name = "random_key";
  while (proc::lookupMember(instance.process, name)) // a Var's name; the key gives way
    name += '_';
  return instance.spell(name);
}

/// A state rather than a constant: so instances differ in their data only and share their code.
void ProgramBuilder::buildKeyState(Instance instance) {
  if (!instance.model)
    return;
  WalkResult uses =
      instance.model->walk([](proc::InstanceKeyOp) { return WalkResult::interrupt(); });
  if (!uses.wasInterrupted())
    return;
  auto type = RankedTensorType::get(
      {}, IntegerType::get(builder.getContext(), 64, IntegerType::SignednessSemantics::Signed));
  auto key = DenseElementsAttr::get(cast<RankedTensorType>(proc::valueType(type)),
                                    keyOfText(instance.name()));
  symbols.insert(step::StateOp::create(builder, instance.op.getLoc(), nameOfKeyState(instance),
                                       type, key, proc::LimitsAttr(), proc::SparseAttr(), false,
                                       proc::RuleAttr(), proc::DistributionAttr()));
}

LogicalResult ProgramBuilder::buildStates() {
  for (Instance instance : network.instances) {
    llvm::DenseMap<StringAttr, proc::ValueOp> given;
    if (!instance.op.getValues().empty())
      for (auto value : instance.op.getValues().getOps<proc::ValueOp>())
        given[value.getVarAttr().getAttr()] = value;
    for (auto var : instance.process.getBody().getOps<proc::VarOp>())
      if (failed(buildState(instance, var, given.lookup(var.getSymNameAttr()))))
        return failure();
    buildKeyState(instance);
  }
  return success();
}

void ProgramBuilder::buildAliases() {
  for (auto alias : proc::NetworkOp(network.op).getBody().getOps<proc::AliasOp>())
    step::AliasOp::create(
        builder, alias.getLoc(), builder.getStringAttr(proc::spell(alias.getAlias())),
        FlatSymbolRefAttr::get(builder.getContext(), proc::spell(alias.getTarget())));
}

void ProgramBuilder::buildPorts() {
  for (Instance instance : network.instances)
    for (auto port : instance.process.getBody().getOps<proc::VarPortOp>())
      symbols.insert(step::VarPortOp::create(
          builder, locate(port, instance), builder.getStringAttr(instance.spell(port.getSymName())),
          refTo(instance, port.getVar()), port.getImplicitAttr()));
  for (Instance instance : network.instances)
    for (auto port : instance.process.getBody().getOps<proc::OutPortOp>())
      symbols.insert(step::PortOp::create(builder, locate(port, instance),
                                          instance.spell(port.getSymName()), port.getType()));
}

} // namespace basalt
