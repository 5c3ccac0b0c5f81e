// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/TypeBehaviours.h"
#include "compiler/frontend/behaviour/Parser.h"
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace basalt::frontend {

namespace {
/// The functions of a module, parsed.
struct ParsedFunctions {
  behaviour::AstContext ast;
  Functions byName;
};
} // namespace

/// The text and the place that an op's location says it starts at.
static behaviour::Source sourceOf(Operation *op, StringRef text) {
  auto place = op->getLoc()->findInstanceOf<FileLineColLoc>();
  if (!place)
    return {text, op->getContext(), "<text>", 1, 1};
  return {text, op->getContext(), place.getFilename().getValue(), place.getLine(),
          place.getColumn()};
}

static LogicalResult parseModuleFunctions(ModuleOp module, ParsedFunctions &functions) {
  for (proc::FunctionsOp op : module.getOps<proc::FunctionsOp>()) {
    behaviour::Source source = sourceOf(op, op.getText());
    SmallVector<StringRef> imports;
    if (std::optional<ArrayAttr> given = op.getImports())
      llvm::append_range(imports, given->getAsValueRange<StringAttr>());
    functions.byName.addFile(source.file, imports);
    auto parsed = behaviour::parseFunctions(source, functions.ast);
    if (failed(parsed))
      return failure();
    for (const behaviour::FunctionDecl *function : *parsed)
      functions.byName.add(source.file, function);
  }
  return success();
}

static bool isConcreteUnder(proc::ProcessOp process, proc::ModelOp model) {
  for (Operation &op : process.getBody().getOps())
    if (isa<proc::VarOp, proc::InPortOp, proc::OutPortOp, proc::RefPortOp>(op))
      if (!proc::isConcrete(model.bind(cast<TypeAttr>(op.getAttr("type")).getValue())))
        return false;
  return true;
}

/// Removes value code whose result is not used, e.g. of a mask that was typed to see what it is.
static void removeUnused(Region &region) {
  SmallVector<Operation *> ops;
  region.walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops)) {
    bool isPure = isMemoryEffectFree(op) || isa<proc::GetOp>(op);
    if (op->use_empty() && isPure && op->getNumRegions() == 0 &&
        !op->hasTrait<OpTrait::IsTerminator>())
      op->erase();
  }
}

static LogicalResult typePhase(proc::PhaseOp phase, Names &names, const Functions &functions) {
  behaviour::AstContext ast;
  auto block = behaviour::parseBlock(sourceOf(phase, *phase.getSource()), ast);
  if (failed(block))
    return failure();
  OpBuilder builder = OpBuilder::atBlockEnd(&phase.getBody().front());
  Typer typer(builder, Place::Phase, names, functions);
  auto model = cast<proc::ModelOp>(phase->getParentOp());
  typer.drawsOf = (model.getSymName() + "." + stringifyEnum(phase.getKind())).str();
  if (failed(typer.typePhase(**block))) {
    phase.getBody().front().clear(); // still text
    return failure();
  }
  phase.removeSourceAttr();
  removeUnused(phase.getBody());
  return success();
}

static LogicalResult typeGuard(proc::GuardOp guard, Names &names, const Functions &functions) {
  behaviour::AstContext ast;
  auto expr = behaviour::parseExpression(sourceOf(guard, *guard.getSource()), ast);
  if (failed(expr))
    return failure();
  OpBuilder builder = OpBuilder::atBlockEnd(&guard.getBody().front());
  FailureOr<Value> condition = Typer(builder, Place::Guard, names, functions).typeGuard(**expr);
  if (failed(condition)) {
    guard.getBody().front().clear();
    return failure();
  }
  proc::YieldOp::create(builder, guard.getLoc(), *condition);
  guard.removeSourceAttr();
  removeUnused(guard.getBody());
  return success();
}

LogicalResult typeBehaviours(proc::ProcessOp process) {
  std::optional<ParsedFunctions> functions;
  LogicalResult result = success();
  for (proc::ModelOp model : process.getBody().getOps<proc::ModelOp>()) {
    if (!isConcreteUnder(process, model))
      continue;
    ProcessNames names(process, model);
    for (Operation &op : llvm::make_early_inc_range(model.getBody().getOps())) {
      auto phase = dyn_cast<proc::PhaseOp>(op);
      auto guard = dyn_cast<proc::GuardOp>(op);
      if (!(phase && phase.getSource()) && !(guard && guard.getSource()))
        continue;
      if (!functions &&
          failed(parseModuleFunctions(process->getParentOfType<ModuleOp>(), functions.emplace())))
        return failure();
      if (failed(phase ? typePhase(phase, names, functions->byName)
                       : typeGuard(guard, names, functions->byName)))
        result = failure();
    }
  }
  return result;
}

} // namespace basalt::frontend
