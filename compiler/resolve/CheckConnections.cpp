// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-connections: whether the ends of each connection fit; see Passes.td. The rules for two ends
// are in Fit.cpp; here are those that concern several connections, Vars and aliases.
#include "compiler/resolve/Checks.h"
#include "compiler/resolve/Fit.h"
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Scopes.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKCONNECTIONS
#include "compiler/resolve/Passes.h.inc"

namespace {

/// Checks one scope.
class ScopeCheck {
public:
  explicit ScopeCheck(Operation *scope) : scope(scope) {}
  LogicalResult run();

private:
  bool isBroken(SymbolRefAttr source);
  LogicalResult check(proc::VirtualPortOp port);
  LogicalResult check(proc::ConnectOp connect);
  LogicalResult check(proc::AliasOp alias);
  LogicalResult checkDuplicate(proc::ConnectOp connect);
  LogicalResult checkOneTarget(proc::ConnectOp connect, const Origin &source);
  LogicalResult checkVar(proc::ConnectOp connect, const proc::End &target);
  LogicalResult checkFed(proc::ConnectOp connect, const Origin &source);

  Operation *scope;
  SymbolTableCollection tables;
  llvm::DenseMap<Attribute, proc::ConnectOp> byEnds, bySource;
  llvm::DenseMap<Attribute, proc::AliasOp> aliases;
  llvm::DenseSet<Operation *> broken; // virtual ports that have been reported
};

struct CheckConnectionsPass : impl::CheckConnectionsBase<CheckConnectionsPass> {
  void runOnOperation() override {
    if (succeeded(checkConnections(getOperation())))
      return;
    (void)checkCode(getOperation());
    signalPassFailure();
  }
};

} // namespace

LogicalResult checkConnections(ModuleOp module) {
  bool ok = true;
  for (Operation *scope : scopesOf(module))
    ok &= succeeded(ScopeCheck(scope).run());
  return success(ok);
}

LogicalResult ScopeCheck::run() {
  bool ok = true;
  for (auto alias : bodyOf(scope).getOps<proc::AliasOp>())
    if (isa<proc::ModelOp>(scope)) // those of the flat network were made by expand-hierarchy
      ok &= succeeded(check(alias));
  for (auto port : bodyOf(scope).getOps<proc::VirtualPortOp>()) {
    auto ref = FlatSymbolRefAttr::get(port.getSymNameAttr());
    if (!isBroken(ref) && failed(check(port)))
      broken.insert(port);
  }
  for (auto connect : bodyOf(scope).getOps<proc::ConnectOp>())
    if (!isBroken(connect.getSourceAttr()))
      ok &= succeeded(check(connect));
  return success(ok && broken.empty());
}

/// Whether `source` is seen through a virtual port that has been reported: all that is said of it
/// would only repeat that.
bool ScopeCheck::isBroken(SymbolRefAttr source) {
  if (broken.empty())
    return false;
  FailureOr<SmallVector<Origin>> origins = originsOf(scope, source, tables);
  return failed(origins) || llvm::any_of(*origins, [&](const Origin &origin) {
           return llvm::any_of(llvm::make_first_range(origin.through),
                               [&](proc::VirtualPortOp port) { return broken.contains(port); });
         });
}

static Type declaredTypeOf(const proc::End &end) {
  Type type = proc::outsideType(end.member);
  return type ? type : NoneType::get(end.member->getContext());
}

static void explainNothing(Diagnostic &) {}

//===--- Virtual ports ---===//

LogicalResult ScopeCheck::check(proc::VirtualPortOp port) {
  auto ref = FlatSymbolRefAttr::get(port.getSymNameAttr());
  FailureOr<SmallVector<Origin>> origins = originsOf(scope, ref, tables);
  if (failed(origins))
    return failure();
  bool messages = isa<proc::InPortOp, proc::OutPortOp>(origins->front().end.member);
  for (const Origin &origin : *origins) {
    Operation *member = origin.end.member;
    bool isMessage = isa<proc::InPortOp, proc::OutPortOp>(member);
    if (!isMessage && !isa<proc::RefPortOp, proc::VarPortOp>(member))
      return port.emitError() << "'" << proc::spell(origin.ref) << "' is a " << proc::kindOf(member)
                              << "; only ports can be seen through a transform";
    if (isMessage != messages)
      return port.emitError() << "concat of '" << proc::spell(origins->front().ref) << "' ("
                              << proc::kindOf(origins->front().end.member) << ") and '"
                              << proc::spell(origin.ref) << "' (" << proc::kindOf(member)
                              << ") mixes messages and references";
    if (!isMessage && !proc::isInvertible(port.getTransform()))
      return port.emitError() << "a " << proc::kindOf(member) << " such as '"
                              << proc::spell(origin.ref)
                              << "' can be seen through reshape, flatten and transpose only, since "
                                 "what is read goes back through them; found "
                              << proc::spellTransform(port.getTransform());
  }
  return SourceShapes(scope, declaredTypeOf, tables, true).of(ref);
}

//===--- Connections ---===//

LogicalResult ScopeCheck::check(proc::ConnectOp connect) {
  FailureOr<SmallVector<Origin>> origins = originsOf(scope, connect.getSourceAttr(), tables);
  if (failed(origins) || failed(checkDuplicate(connect)))
    return failure();
  proc::End target = proc::lookupEnd(scope, connect.getTargetAttr(), &tables);
  for (const Origin &origin : *origins)
    if (failed(checkKinds(connect, origin, target)) || failed(checkOneTarget(connect, origin)) ||
        failed(checkFed(connect, origin)))
      return failure();
  if (failed(checkVar(connect, target)))
    return failure();
  return checkTypes(connect, declaredTypeOf, tables, explainNothing);
}

LogicalResult ScopeCheck::checkDuplicate(proc::ConnectOp connect) {
  Attribute via = connect.getViaAttr();
  SmallVector<Attribute> ends{connect.getSourceAttr(), connect.getTargetAttr()};
  if (via)
    ends.push_back(via);
  auto [first, inserted] = byEnds.insert({ArrayAttr::get(connect.getContext(), ends), connect});
  if (inserted)
    return success();
  InFlightDiagnostic error = connect.emitError() << "'" << proc::spell(connect.getSourceAttr())
                                                 << "' is already connected to '"
                                                 << proc::spell(connect.getTargetAttr()) << "'";
  error.attachNote(first->second.getLoc()) << "the first connection is here";
  return error;
}

LogicalResult ScopeCheck::checkOneTarget(proc::ConnectOp connect, const Origin &source) {
  if (!isa<proc::RefPortOp, proc::VarPortOp>(source.end.member))
    return success();
  auto [first, inserted] = bySource.insert({source.ref, connect});
  if (inserted || first->second == connect)
    return success();
  InFlightDiagnostic error = connect.emitError()
                             << "a " << proc::kindOf(source.end.member) << " has one target, but '"
                             << proc::spell(source.ref) << "' is connected to '"
                             << proc::spell(first->second.getTargetAttr()) << "' and to '"
                             << proc::spell(connect.getTargetAttr()) << "'";
  error.attachNote(first->second.getLoc()) << "the first connection is here";
  return error;
}

LogicalResult ScopeCheck::checkVar(proc::ConnectOp connect, const proc::End &target) {
  auto var = dyn_cast<proc::VarOp>(target.member);
  if (!var || !var.getNotShareable())
    return success();
  InFlightDiagnostic error = connect.emitError()
                             << "Var '" << proc::spell(connect.getTargetAttr())
                             << "' is not shareable, so no RefPort can be connected to it";
  error.attachNote(var.getLoc()) << "'" << var.getSymName() << "' is declared here";
  return error;
}

/// Whether something in a hierarchical process leads to its OutPort.
LogicalResult ScopeCheck::checkFed(proc::ConnectOp connect, const Origin &source) {
  auto port = dyn_cast<proc::OutPortOp>(source.end.member);
  if (!port || !source.end.instance)
    return success();
  proc::ModelOp model = hierarchicalModel(cast<proc::ProcessOp>(port->getParentOp()));
  if (!model)
    return success();
  auto ref = FlatSymbolRefAttr::get(port.getSymNameAttr());
  if (llvm::any_of(bodyOf(model).getOps<proc::ConnectOp>(),
                   [&](proc::ConnectOp inner) { return inner.getTargetAttr() == ref; }))
    return success();
  InFlightDiagnostic error = connect.emitError()
                             << "OutPort '" << proc::spell(source.ref)
                             << "' is connected, but nothing in its process leads to it";
  error.attachNote(port.getLoc()) << "'" << port.getSymName() << "' is declared here";
  error.attachNote(model.getLoc()) << "this network has no connection to it";
  return error;
}

//===--- Aliases ---===//

LogicalResult ScopeCheck::check(proc::AliasOp alias) {
  proc::End own = proc::lookupEnd(scope, alias.getAliasAttr(), &tables),
            target = proc::lookupEnd(scope, alias.getTargetAttr(), &tables);
  std::string name = proc::spell(alias.getAliasAttr()), to = proc::spell(alias.getTargetAttr());
  if (own.instance || !isa<proc::VarOp>(own.member))
    return alias.emitError() << "expected a Var of the enclosing process as alias, found '" << name
                             << "' (" << proc::kindOf(own.member) << ")";
  if (!target.instance || !isa<proc::VarOp>(target.member))
    return alias.emitError() << "alias '" << name << "' must be a Var of an instance, found '" << to
                             << "' (" << proc::kindOf(target.member) << ")";
  auto [first, inserted] = aliases.insert({alias.getAliasAttr(), alias});
  if (!inserted) {
    InFlightDiagnostic error = alias.emitError()
                               << "'" << name << "' is already an alias of '"
                               << proc::spell(first->second.getTargetAttr()) << "'";
    error.attachNote(first->second.getLoc()) << "the first alias is here";
    return error;
  }
  auto outer = cast<proc::VarOp>(own.member), inner = cast<proc::VarOp>(target.member);
  Type a = proc::outsideType(outer), b = proc::outsideType(inner);
  bool named = isa<proc::NamedType>(getElementTypeOrSelf(a)) ||
               isa<proc::NamedType>(getElementTypeOrSelf(b));
  if ((named || getElementTypeOrSelf(a) == getElementTypeOrSelf(b)) &&
      shapesAgree(partialShape(a), partialShape(b)) &&
      (!inner.getNotShareable() || outer.getNotShareable()))
    return success();
  InFlightDiagnostic error = alias.emitError();
  if (inner.getNotShareable() && !outer.getNotShareable())
    error << "alias '" << name << "' is shareable, but '" << to << "' is not";
  else
    error << "alias '" << name << "' is " << proc::spellType(a) << ", but '" << to << "' is "
          << proc::spellType(b);
  error.attachNote(outer.getLoc()) << "'" << name << "' is declared here";
  error.attachNote(inner.getLoc()) << "'" << to << "' is declared here";
  return error;
}

} // namespace basalt
