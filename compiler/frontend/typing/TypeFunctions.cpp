// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of the user: inlined where they are called, so they are generic in types and shapes.
#include "compiler/frontend/typing/Typer.h"
#include "compiler/support/Suggest.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

// These names are also in mlir.
using behaviour::Block;
using behaviour::StringLiteral;

/// Calls within calls; recursion is refused, so this only bounds very long chains.
static constexpr size_t maxCallDepth = 64;

LogicalResult Typer::bindParameters(const FunctionDecl &function, const CallExpr &call,
                                    Scope &scope) {
  FailureOr<Arguments> args = typeArguments(call, function.getName(), /*allowStrings=*/true);
  if (failed(args))
    return failure();
  ArrayRef<FunctionParam> params = function.getParams();
  SmallVector<StringRef> paramNames;
  for (const FunctionParam &param : params)
    paramNames.push_back(param.name);
  size_t given = args->positional.size();
  if (given > params.size() || failed(expectArguments(*args, 0, params.size(), paramNames))) {
    InFlightDiagnostic note = mlir::emitRemark(function.getNameLoc())
                              << "'" << function.getName() << "' is declared here";
    return failure();
  }
  for (auto [position, param] : llvm::enumerate(params)) {
    auto keyword = args->keywords.find(param.name);
    bool isKeyword = keyword != args->keywords.end();
    if (isKeyword && position < given)
      return emitError(keyword->second.second) << "'" << param.name << "' is given twice";
    std::optional<Typed> value;
    if (position < given)
      value = args->positional[position];
    else if (isKeyword)
      value = keyword->second.first;
    else if (param.defaultValue) {
      FailureOr<Typed> typed = typeExpr(*param.defaultValue);
      if (failed(typed))
        return failure();
      value = *typed;
    }
    if (!value) {
      InFlightDiagnostic diagnostic = emitError(call.getLoc())
                                      << "the argument '" << param.name << "' of '"
                                      << function.getName() << "' is missing";
      diagnostic.attachNote(param.loc) << "declared here";
      return diagnostic;
    }
    scope.locals.try_emplace(param.name, Local{*value, param.loc});
  }
  return success();
}

FailureOr<SmallVector<Typed>> Typer::inlineFunction(const FunctionDecl &function,
                                                    const CallExpr &call) {
  for (const Frame &outer : frames)
    if (outer.function == &function)
      return emitError(call.getLoc())
             << "'" << function.getName() << "' calls itself; functions cannot be recursive";
  if (frames.size() > maxCallDepth)
    return emitError(call.getLoc(), "functions call each other too deeply");
  Scope parameters;
  if (failed(bindParameters(function, call, parameters)))
    return failure();
  frames.emplace_back();
  frame().function = &function;
  frame().scopes.push_back(std::move(parameters));
  LogicalResult typed = typeBlock(*function.getBody());
  std::optional<SmallVector<Typed>> returned = std::move(frame().returned);
  frames.pop_back();
  if (failed(typed)) {
    mlir::emitRemark(call.getLoc()) << "in this call of '" << function.getName() << "'";
    return failure();
  }
  if (!returned)
    return emitError(function.getNameLoc())
           << "'" << function.getName() << "' ends without a return";
  return *returned;
}

LogicalResult Typer::typeReturn(const ReturnStmt &stmt) {
  if (frame().runtimeDepth > 0)
    return emitError(
        stmt.getLoc(),
        "a return cannot depend on a condition that is not known at compile time; use 'where'");
  SmallVector<Typed> values;
  for (const Expr *expr : stmt.getValues()) {
    FailureOr<Typed> value = typeExpr(*expr);
    if (failed(value))
      return failure();
    values.push_back(*value);
  }
  frame().returned = std::move(values);
  return success();
}

} // namespace basalt::frontend
