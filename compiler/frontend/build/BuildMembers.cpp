// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations of a process type: parameters, Vars and ports.
#include "compiler/frontend/build/Builder.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt::frontend {

/// The default of a Var if it is the same for all uses, else null. In the type of the Var if that
/// is known.
FailureOr<ElementsAttr> Builder::literalInit(Use &use, const ValueDecl &decl, Type type) {
  if (!isLiteral(decl))
    return ElementsAttr();
  FailureOr<Constant> value = defaultOf(decl, *use.env);
  if (failed(value))
    return failure();
  if (!proc::isConcrete(type))
    return ElementsAttr(value->elements());
  auto converted = proc::convertInitialValue(decl.initLoc, "the Var '" + decl.name + "'",
                                             value->elements(), cast<RankedTensorType>(type));
  if (failed(converted))
    return failure();
  return ElementsAttr(*converted);
}

LogicalResult Builder::buildVarPort(Use &use, OpBuilder &builder, const PortDecl &port) {
  const ValueDecl *var = use.cls->findValue(port.varName);
  bool isAlias = !var && use.cls->aliases.contains(port.varName);
  if (!isAlias && (!var || !var->isVar)) {
    SmallVector<StringRef> names;
    for (const ValueDecl &decl : use.cls->values)
      if (decl.isVar)
        names.push_back(decl.name);
    return emitError(port.varLoc) << "'" << use.cls->name << "' has no Var '" << port.varName << "'"
                                  << didYouMean(port.varName, names);
  }
  if (var && !var->isShareable) {
    InFlightDiagnostic diagnostic = emitError(port.varLoc)
                                    << "the Var '" << var->name
                                    << "' is not shareable, so it can have no VarPort";
    diagnostic.attachNote(var->loc) << "declared here";
    return diagnostic;
  }
  proc::VarPortOp::create(builder, port.loc, builder.getStringAttr(port.name),
                          FlatSymbolRefAttr::get(context, port.varName), UnitAttr());
  return success();
}

LogicalResult Builder::buildPort(Use &use, OpBuilder &builder, const PortDecl &port, Type type,
                                 ArrayAttr shapeNames) {
  if (port.kind == behaviour::PortKind::Var)
    return buildVarPort(use, builder, port);
  StringAttr name = builder.getStringAttr(port.name);
  TypeAttr declared = TypeAttr::get(type);
  if (port.kind == behaviour::PortKind::In)
    proc::InPortOp::create(builder, port.loc, name, declared, shapeNames);
  else if (port.kind == behaviour::PortKind::Out)
    proc::OutPortOp::create(builder, port.loc, name, declared, shapeNames);
  else
    proc::RefPortOp::create(builder, port.loc, name, declared, shapeNames);
  return success();
}

LogicalResult Builder::buildVar(Use &use, OpBuilder &builder, const ValueDecl &decl, Type type,
                                ArrayAttr shapeNames, proc::SparseAttr sparse) {
  FailureOr<proc::LimitsAttr> limits = limitsOfVar(use, decl);
  FailureOr<ElementsAttr> init = literalInit(use, decl, type);
  if (failed(limits) || failed(init))
    return failure();
  proc::VarOp::create(builder, decl.loc, builder.getStringAttr(decl.name), TypeAttr::get(type),
                      *init, decl.isShareable ? UnitAttr() : builder.getUnitAttr(), shapeNames,
                      *limits, sparse);
  if (sparse && decl.isSparse)
    buildPattern(use, builder, decl);
  return success();
}

LogicalResult Builder::buildMembers(Use &use, proc::ProcessOp process) {
  OpBuilder builder = OpBuilder::atBlockEnd(&process.getBody().front());
  for (StringRef name : use.structural) {
    FailureOr<Constant> value = use.env->get(name, use.loc);
    if (failed(value))
      return failure();
    proc::ParamOp::create(builder, value->loc, builder.getStringAttr(name), value->value);
  }
  LogicalResult result = success();
  for (auto [decl, type, names, sparse] :
       llvm::zip(use.cls->values, use.valueTypes, use.valueShapeNames, use.valueSparse))
    if (decl.isVar && failed(buildVar(use, builder, decl, type, names, sparse)))
      result = failure();
  for (auto [port, type, names] : llvm::zip(use.cls->ports, use.portTypes, use.portShapeNames))
    if (failed(buildPort(use, builder, port, type, names)))
      result = failure();
  return result;
}

} // namespace basalt::frontend
