// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/Environment.h"
#include "compiler/frontend/behaviour/Parser.h"
#include "compiler/frontend/typing/Typer.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;

namespace basalt::frontend {

void Environment::define(StringRef name, Location loc, Evaluate evaluate) {
  items.try_emplace(name.str(), Item{Item::Pending, loc, std::move(evaluate), std::nullopt});
}

void Environment::define(StringRef name, Constant value) {
  Location loc = value.loc;
  items.try_emplace(name.str(), Item{Item::Done, loc, {}, std::move(value)});
}

void Environment::redefine(StringRef name, Constant value) {
  items.erase(name.str());
  define(name, std::move(value));
}

FailureOr<Constant> Environment::get(StringRef name, Location use) {
  auto it = items.find(name.str());
  assert(it != items.end() && "get of a name that is not defined");
  Item &item = it->second;
  if (item.state == Item::Done)
    return *item.value;
  if (item.state == Item::Failed)
    return failure();
  if (item.state == Item::Evaluating) {
    InFlightDiagnostic diagnostic = emitError(item.loc) << "'" << name << "' depends on itself";
    diagnostic.attachNote(use) << "used here";
    item.state = Item::Failed;
    return diagnostic;
  }
  item.state = Item::Evaluating;
  FailureOr<Constant> value = item.evaluate();
  if (failed(value) || item.state == Item::Failed) {
    item.state = Item::Failed;
    return failure();
  }
  item.state = Item::Done;
  item.value = *value;
  return value;
}

FailureOr<Constant> Environment::evaluate(const behaviour::Expr &expr) {
  // The ops of the expression fold as they are built; the block only holds the constants.
  mlir::Block scratch;
  OpBuilder builder(context);
  builder.setInsertionPointToStart(&scratch);
  FailureOr<Typed> typed = Typer(builder, Place::Constant, *this, functions).typeExpr(expr);
  if (failed(typed))
    return failure();
  return constantFrom(*typed, expr.getLoc());
}

FailureOr<Constant> Environment::evaluate(StringRef text, FileLineColLoc loc) {
  behaviour::AstContext ast;
  auto expr = behaviour::parseExpression(
      {text, context, loc.getFilename().getValue(), loc.getLine(), loc.getColumn()}, ast);
  if (failed(expr))
    return failure();
  return evaluate(**expr);
}

Meaning Environment::lookup(StringRef name, Location use) {
  if (!contains(name))
    return {};
  FailureOr<Constant> value = get(name, use);
  if (failed(value))
    return {Meaning::Poisoned, {}, false, nullptr};
  return {Meaning::Constant, value->value, value->isWeak, nullptr};
}

void Environment::list(SmallVectorImpl<StringRef> &names) {
  for (const auto &item : items)
    names.push_back(item.first);
}

} // namespace basalt::frontend
