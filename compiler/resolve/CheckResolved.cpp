// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-resolved: what interpreter and scheduler rely on; see Passes.td.
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Scopes.h"
#include "compiler/resolve/Sources.h"
#include "dialect/proc/Types.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKRESOLVED
#include "compiler/resolve/Passes.h.inc"

namespace {

class ResolvedCheck {
public:
  LogicalResult run(ModuleOp module);

private:
  LogicalResult check(proc::ProcessOp process);
  LogicalResult checkMember(Operation *member);
  LogicalResult checkModel(proc::ModelOp model);
  LogicalResult checkNetwork(proc::NetworkOp network);
  LogicalResult checkValue(Operation *op, Type declared, ElementsAttr value);
  LogicalResult checkValues(proc::InstanceOp instance);
  LogicalResult checkConnect(proc::ConnectOp connect);

  SymbolTableCollection tables;
};

struct CheckResolvedPass : impl::CheckResolvedBase<CheckResolvedPass> {
  void runOnOperation() override {
    if (failed(ResolvedCheck().run(getOperation())))
      signalPassFailure();
  }
};

} // namespace

/// Starts a report of something that a pass before should have done or refused.
static InFlightDiagnostic broken(Operation *op) {
  return op->emitError() << "internal error: after resolve, ";
}

LogicalResult ResolvedCheck::check(proc::ProcessOp process) {
  auto models = process.getBody().getOps<proc::ModelOp>();
  if (!models.empty() && std::next(models.begin()) != models.end())
    return broken(process) << "process '" << process.getSymName() << "' has several models";
  bool ok = true;
  for (Operation &op : process.getBody().getOps()) {
    if (auto model = dyn_cast<proc::ModelOp>(op))
      ok &= succeeded(checkModel(model));
    else
      ok &= succeeded(checkMember(&op));
  }
  return success(ok);
}

LogicalResult ResolvedCheck::checkMember(Operation *member) {
  Type type = proc::declaredType(member);
  if (type && !proc::isConcrete(type))
    return broken(member) << proc::kindOf(member) << " '"
                          << SymbolTable::getSymbolName(member).getValue()
                          << "' has no concrete type";
  auto var = dyn_cast<proc::VarOp>(member);
  return var && var.getInit() ? checkValue(var, type, *var.getInit()) : success();
}

LogicalResult ResolvedCheck::checkValue(Operation *op, Type declared, ElementsAttr value) {
  if (value.getShapedType() != proc::valueType(declared))
    return broken(op) << "an initial value has the type " << value.getShapedType()
                      << ", not the value type of " << declared;
  return success();
}

LogicalResult ResolvedCheck::checkModel(proc::ModelOp model) {
  if (model.isHierarchical())
    return broken(model) << "a hierarchical model is left";
  for (Operation &code : model.getBody().getOps())
    if (code.hasAttr("source"))
      return broken(&code) << "code is still text";
  return success();
}

LogicalResult ResolvedCheck::checkValues(proc::InstanceOp instance) {
  proc::ProcessOp process = proc::lookupProcess(instance, &tables);
  llvm::StringSet<> given;
  for (auto value : instance.getValues().getOps<proc::ValueOp>()) {
    given.insert(value.getVar());
    Operation *var = proc::lookupMember(process, value.getVar(), &tables);
    if (failed(checkValue(value, proc::declaredType(var), value.getValue())))
      return failure();
  }
  for (auto var : process.getBody().getOps<proc::VarOp>())
    if (!var.getInit() && !given.contains(var.getSymName()))
      return broken(instance) << "Var '" << instance.getSymName() << "." << var.getSymName()
                              << "' has no initial value";
  return success();
}

LogicalResult ResolvedCheck::checkConnect(proc::ConnectOp connect) {
  Operation *network = connect->getParentOp();
  proc::End source = proc::lookupEnd(network, connect.getSourceAttr(), &tables),
            target = proc::lookupEnd(network, connect.getTargetAttr(), &tables);
  bool message = isa<proc::OutPortOp>(source.member) && isa<proc::InPortOp>(target.member);
  bool access = isa<proc::RefPortOp>(source.member) && isa<proc::VarPortOp>(target.member);
  if (!message && !access)
    return broken(connect) << "a connection goes from " << proc::kindOf(source.member) << " to "
                           << proc::kindOf(target.member);
  auto typeOf = [](const proc::End &end) { return proc::outsideType(end.member); };
  FailureOr<proc::PartialShape> shape =
      SourceShapes(network, typeOf, tables, /*report=*/true).of(connect);
  if (failed(shape) || *shape != partialShape(typeOf(target)))
    return broken(connect) << "the shapes of a connection differ";
  return success();
}

LogicalResult ResolvedCheck::checkNetwork(proc::NetworkOp network) {
  bool ok = true;
  for (Operation &op : network.getBody().getOps()) {
    if (auto instance = dyn_cast<proc::InstanceOp>(op))
      ok &= succeeded(checkValues(instance));
    else if (auto connect = dyn_cast<proc::ConnectOp>(op))
      ok &= succeeded(checkConnect(connect));
    else if (!isa<proc::AliasOp>(op))
      ok &= succeeded(LogicalResult(broken(&op) << "'" << op.getName() << "' is left"));
  }
  return success(ok);
}

LogicalResult ResolvedCheck::run(ModuleOp module) {
  bool ok = true;
  for (auto process : module.getOps<proc::ProcessOp>())
    ok &= succeeded(check(process));
  auto networks = llvm::to_vector(module.getOps<proc::NetworkOp>());
  if (networks.size() > 1)
    return broken(networks[1]) << "there are several networks";
  if (ok && !networks.empty())
    ok = succeeded(checkNetwork(networks.front()));
  return success(ok);
}

} // namespace basalt
