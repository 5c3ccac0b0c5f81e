// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// materialize-var-ports: connections from RefPorts to Vars get explicit VarPorts; see Passes.td.
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Scopes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_MATERIALIZEVARPORTS
#include "compiler/resolve/Passes.h.inc"

namespace {

/// The connections of one module.
class Materialization {
public:
  LogicalResult materialize(proc::ConnectOp connect);

private:
  proc::VarPortOp implicitPort(proc::VarOp var, Location loc);

  SymbolTableCollection tables; // of Vars only: the ports are added behind its back
};

struct MaterializeVarPortsPass : impl::MaterializeVarPortsBase<MaterializeVarPortsPass> {
  void runOnOperation() override {
    Materialization materialization;
    bool ok = true;
    for (Operation *scope : scopesOf(getOperation()))
      for (auto connect : bodyOf(scope).getOps<proc::ConnectOp>())
        ok &= succeeded(materialization.materialize(connect));
    if (!ok)
      signalPassFailure();
  }
};

} // namespace

/// The implicit VarPort of a Var, made for the first connection that needs it.
proc::VarPortOp Materialization::implicitPort(proc::VarOp var, Location loc) {
  auto process = cast<proc::ProcessOp>(var->getParentOp());
  for (auto port : process.getBody().getOps<proc::VarPortOp>())
    if (port.getImplicit() && port.getVar() == var.getSymName())
      return port;
  // After the declarations, before the model.
  Block &body = process.getBody().front();
  auto place = llvm::find_if(body, [](Operation &op) { return isa<proc::ModelOp>(op); });
  OpBuilder builder(process.getContext());
  auto port = proc::VarPortOp::create(builder, loc, (var.getSymName() + "_port").str(),
                                      var.getSymName(), /*implicit=*/true);
  SymbolTable(process).insert(port, place); // makes the name unique
  return port;
}

LogicalResult Materialization::materialize(proc::ConnectOp connect) {
  proc::End target = proc::lookupEnd(connect->getParentOp(), connect.getTargetAttr(), &tables);
  auto var = dyn_cast_or_null<proc::VarOp>(target.member);
  if (!var || !target.instance)
    return success();
  if (var.getNotShareable()) {
    InFlightDiagnostic error = connect.emitError()
                               << "Var '" << proc::spell(connect.getTargetAttr())
                               << "' is not shareable, so no RefPort can be connected to it";
    error.attachNote(var.getLoc()) << "'" << var.getSymName() << "' is declared here";
    return error;
  }
  proc::VarPortOp port = implicitPort(var, connect.getLoc());
  connect.setTargetAttr(SymbolRefAttr::get(target.instance.getSymNameAttr(),
                                           FlatSymbolRefAttr::get(port.getSymNameAttr())));
  return success();
}

} // namespace basalt
