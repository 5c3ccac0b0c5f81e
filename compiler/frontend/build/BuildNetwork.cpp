// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instances, initial values and aliases of a network.
#include "compiler/frontend/FloatData.h"
#include "compiler/frontend/build/Builder.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/ScopeExit.h"

using namespace mlir;

namespace basalt::frontend {

/// The initial values of an instance: those given for it, and defaults that depend on its
/// parameters.
LogicalResult Builder::buildValues(Use &use, proc::InstanceOp instance, proc::ProcessOp process) {
  LogicalResult result = success();
  for (auto [decl, type] : llvm::zip(use.cls->values, use.valueTypes)) {
    bool isGiven = use.given.contains(decl.name);
    if (!decl.isVar || (!isGiven && (decl.isRequired || isLiteral(decl))))
      continue;
    // In a hierarchical model the child's initial value counts; this one reaches it only if the
    // network passes it on.
    bool isPassedOn = !isGiven || use.cls->expressionWords.contains(decl.name);
    if (!hasStorage(*use.cls)) {
      if (!isPassedOn) {
        InFlightDiagnostic diagnostic = emitError(use.given[decl.name]->keyLoc())
                                        << "a value for the Var '" << decl.name
                                        << "' of the hierarchical process '" << use.cls->name
                                        << "' has no effect";
        diagnostic.attachNote(decl.loc)
            << "pass it on to the child: '" << decl.name << ": $" << decl.name << "'";
        result = failure();
      }
      continue;
    }
    FailureOr<Constant> value = use.env->get(decl.name, use.loc);
    if (failed(value)) {
      result = failure();
      continue;
    }
    ElementsAttr elements = value->elements();
    if (proc::isConcrete(type)) {
      auto converted =
          proc::convertInitialValue(value->loc, "the Var '" + decl.name + "' of '" + use.path + "'",
                                    elements, cast<RankedTensorType>(type));
      if (failed(converted)) {
        result = failure();
        continue;
      }
      if (isGiven)
        warnOfFloatData(value->loc, use.path + "." + decl.name, elements, type);
      elements = *converted;
    }
    addValue(instance, decl.name, *value, elements, isHierarchical(*use.cls) && isPassedOn);
  }
  buildPatternValues(use, instance);
  return result;
}

/// Instances share one name space with the ports and Vars of the process.
static LogicalResult checkInstanceName(const yaml::Entry &entry, const ProcessClass *own) {
  if (!own)
    return success();
  const PortDecl *port = own->findPort(entry.key());
  const ValueDecl *var = own->findValue(entry.key());
  if (!port && !(var && var->isVar))
    return success();
  InFlightDiagnostic diagnostic = emitError(entry.keyLoc())
                                  << "the instance '" << entry.key() << "' has the name of a "
                                  << (port ? "port" : "Var") << " of '" << own->name << "'";
  diagnostic.attachNote(port ? port->loc : var->loc) << "declared here";
  return diagnostic;
}

/// Gives parameters with a declared type values of that type.
LogicalResult Builder::convertParameters(Use &use) {
  for (const ValueDecl &decl : use.cls->values) {
    if (decl.isVar || decl.typeName.empty())
      continue;
    FailureOr<Constant> value = use.env->get(decl.name, use.loc);
    if (failed(value) || failed(value = typedParameter(use, decl, *value)))
      return failure();
    use.env->redefine(decl.name, *value);
  }
  return success();
}

LogicalResult Builder::buildInstance(Operation *scope, const yaml::Entry &entry, Environment &env,
                                     const ProcessClass *own, Waiting &waiting) {
  const yaml::Node &node = *entry.value;
  const yaml::Node &className = node.isMapping() ? *node.find("class") : node;
  if (failed(checkInstanceName(entry, own)))
    return failure();
  FailureOr<const ProcessClass *> cls = classes.find(className.text(), className.loc());
  if (failed(cls))
    return failure();
  Use use{*cls,
          entry.keyLoc(),
          (path.empty() ? "" : path + ".") + entry.key().str(),
          std::make_unique<Environment>(context, functions),
          {},
          {},
          {},
          {},
          {},
          {},
          {}};
  for (const ValueDecl &decl : use.cls->values)
    if (!decl.isVar && use.cls->structuralWords.contains(decl.name))
      use.structural.push_back(decl.name.str());
  LogicalResult given = node.isMapping() ? collectGiven(use, node, env) : success();
  defineDefaults(use);
  if (failed(given) || failed(bindShapeNames(use)))
    return failure();
  if (lacksExtents(use)) {
    if (!waiting.connections)
      waiting.connections = parseConnections(waiting.network);
    bindFromConnections(use, entry.key(), scope, *waiting.connections, env);
    waiting.waits = waiting.mayWait && lacksExtents(use);
    if (waiting.waits)
      return success();
  }
  if (failed(checkParameters(use)) || failed(convertParameters(use)) || failed(declareTypes(use)))
    return failure();
  std::string outerPath = std::exchange(path, use.path);
  llvm::scope_exit restore([&] { path = outerPath; });
  ScopedDiagnosticHandler addInstance(context, [&](Diagnostic &diagnostic) {
    noteInstance(diagnostic, use.loc);
    return failure(); // not handled yet
  });
  FailureOr<proc::ProcessOp> process = buildProcess(use);
  if (failed(process))
    return failure();
  OpBuilder builder = OpBuilder::atBlockEnd(&scope->getRegion(0).front());
  auto instance = proc::InstanceOp::create(builder, use.loc, entry.key(), process->getSymName());
  return buildValues(use, instance, *process);
}

/// The Var of a child that an alias stands for.
FailureOr<SymbolRefAttr> Builder::aliasTarget(proc::ModelOp model, const yaml::Node &node) {
  FailureOr<behaviour::Source> source = sourceOf(node, context, "an alias");
  if (failed(source))
    return failure();
  auto end = behaviour::parseMemberPath(*source, ast);
  if (failed(end))
    return failure();
  FailureOr<SymbolRefAttr> target = memberRef(model, *end);
  if (failed(target))
    return failure();
  Operation *member = proc::lookupEnd(model, *target).member;
  if (!isa<proc::VarOp>(member) || end->instance.empty())
    return emitError(end->span.loc) << "an alias must name a Var of a child, found the "
                                    << proc::kindOf(member) << " '" << proc::spell(*target) << "'";
  return target;
}

/// Aliases share one name space with the instances of the network and the ports of the process.
static LogicalResult checkAliasName(const yaml::Entry &entry, proc::ModelOp model,
                                    Operation *outer) {
  Operation *instance = SymbolTable::lookupSymbolIn(model, entry.key());
  if (!isa_and_nonnull<proc::InstanceOp>(instance))
    instance = nullptr;
  if (!instance && (!outer || isa<proc::VarOp>(outer)))
    return success();
  InFlightDiagnostic diagnostic = emitError(entry.keyLoc())
                                  << "the alias '" << entry.key() << "' has the name of "
                                  << (instance ? "an instance" : "a parameter or port");
  diagnostic.attachNote(instance ? instance->getLoc() : outer->getLoc()) << "declared here";
  return diagnostic;
}

/// `aliases: {v: lif.v}`: a Var of this process is a Var of a child; declared by the alias if it is
/// not declared otherwise.
LogicalResult Builder::buildAlias(Operation *scope, const yaml::Entry &entry) {
  auto model = dyn_cast<proc::ModelOp>(scope);
  if (!model)
    return emitError(entry.keyLoc(), "an alias can only stand in the network of a process");
  FailureOr<SymbolRefAttr> target = aliasTarget(model, *entry.value);
  if (failed(target))
    return failure();
  auto var = cast<proc::VarOp>(proc::lookupEnd(scope, *target).member);
  auto process = cast<proc::ProcessOp>(model->getParentOp());
  Operation *outer = proc::lookupMember(process, entry.key());
  if (failed(checkAliasName(entry, model, outer)))
    return failure();
  OpBuilder builder(context);
  if (!outer) {
    builder.setInsertionPoint(model);
    auto shapeNames = var.getShapeNamesAttr();
    proc::VarOp::create(builder, entry.keyLoc(), builder.getStringAttr(entry.key()),
                        TypeAttr::get(proc::outsideType(var)), ElementsAttr(),
                        var.getNotShareable() ? builder.getUnitAttr() : UnitAttr(), shapeNames,
                        var.getLimitsAttr(), proc::SparseAttr());
  }
  builder.setInsertionPointToEnd(&model.getBody().front());
  proc::AliasOp::create(builder, entry.keyLoc(), SymbolRefAttr::get(context, entry.key()), *target);
  return success();
}

LogicalResult Builder::buildNetwork(Operation *scope, const yaml::Node &network, Environment &env,
                                    const ProcessClass *own) {
  LogicalResult result = success();
  if (network.find("instances"))
    result = buildInstances(scope, network, env, own);
  if (const yaml::Node *aliases = network.find("aliases"))
    for (const yaml::Entry &entry : aliases->entries())
      if (failed(buildAlias(scope, entry)))
        result = failure();
  if (const yaml::Node *connections = network.find("connections"))
    for (const yaml::Node *connection : connections->items())
      if (failed(buildConnection(scope, *connection, env)))
        result = failure();
  return result;
}

} // namespace basalt::frontend
