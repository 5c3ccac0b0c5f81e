// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of the user: inlined where they are called, so they are generic in types and shapes.
#include "compiler/frontend/typing/Typer.h"
#include "compiler/support/Suggest.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

/// Calls within calls; recursion is refused, so this only bounds very long chains.
static constexpr size_t maxCallDepth = 64;

static constexpr size_t maxCallNotes = 6;
/// Inlined calls in one behaviour: calls of calls multiply.
static constexpr size_t maxInlinedCalls = 10000;

static SmallVector<StringRef> namesOf(ArrayRef<FunctionParam> params) {
  SmallVector<StringRef> names;
  for (const FunctionParam &param : params)
    names.push_back(param.name);
  return names;
}

static bool isRequired(const FunctionParam &param) { return !param.defaultValue; }

/// The argument for one parameter; nothing if it is missing.
FailureOr<std::optional<Typed>> Typer::argumentFor(const FunctionParam &param, size_t position,
                                                   const Arguments &args) {
  auto keyword = args.keywords.find(param.name);
  bool isKeyword = keyword != args.keywords.end();
  if (position < args.positional.size()) {
    if (isKeyword)
      return emitError(keyword->second.second) << "'" << param.name << "' is given twice";
    return std::optional<Typed>(args.positional[position]);
  }
  if (isKeyword)
    return std::optional<Typed>(keyword->second.first);
  if (!param.defaultValue)
    return std::optional<Typed>();
  FailureOr<Typed> typed = typeExpr(*param.defaultValue);
  if (failed(typed))
    return failure();
  return std::optional<Typed>(*typed);
}

LogicalResult Typer::bindParameters(const FunctionDecl &function, const CallExpr &call,
                                    Scope &scope) {
  FailureOr<Arguments> args = typeArguments(call, function.getName(), /*allowStrings=*/true);
  if (failed(args))
    return failure();
  ArrayRef<FunctionParam> params = function.getParams();
  // The parameters that are missing are named one by one, so there may be too few arguments here.
  ScopedDiagnosticHandler addDeclaration(call.getLoc().getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      diagnostic.attachNote(function.getNameLoc())
          << "'" << function.getName() << "' is declared here";
    return failure(); // not handled yet
  });
  bool areTooMany = args->positional.size() > params.size();
  size_t least = areTooMany ? llvm::count_if(params, isRequired) : 0;
  if (failed(expectArguments(*args, least, params.size(), namesOf(params))))
    return failure();
  for (auto [position, param] : llvm::enumerate(params)) {
    FailureOr<std::optional<Typed>> value = argumentFor(param, position, *args);
    if (failed(value))
      return failure();
    if (!*value)
      return emitError(call.getLoc())
             << "the argument '" << param.name << "' of '" << function.getName() << "' is missing";
    scope.locals.try_emplace(param.name, Local{**value, param.loc});
  }
  return success();
}

FailureOr<SmallVector<Typed>> Typer::typeFunctionBody(const FunctionDecl &function,
                                                      const CallExpr &call, Scope parameters) {
  // An error within the function says which calls led there: the last few, and the first.
  bool isOutermost = frames.size() == 1;
  ScopedDiagnosticHandler addCall(call.getLoc().getContext(), [&](Diagnostic &diagnostic) {
    bool isShown =
        isOutermost || static_cast<size_t>(llvm::range_size(diagnostic.getNotes())) < maxCallNotes;
    if (isShown && diagnostic.getSeverity() == DiagnosticSeverity::Error)
      diagnostic.attachNote(call.getLoc()) << "in this call of '" << function.getName() << "'";
    return failure(); // not handled yet
  });
  frames.emplace_back();
  frame().function = &function;
  frame().scopes.push_back(std::move(parameters));
  LogicalResult typed = typeBlock(*function.getBody());
  std::optional<SmallVector<Typed>> returned = std::move(frame().returned);
  frames.pop_back();
  if (failed(typed))
    return failure();
  if (!returned)
    return emitError(function.getNameLoc())
           << "'" << function.getName() << "' ends without a return";
  return *returned;
}

FailureOr<SmallVector<Typed>> Typer::inlineFunction(const FunctionDecl &function,
                                                    const CallExpr &call) {
  for (const Frame &outer : frames)
    if (outer.function == &function)
      return emitError(call.getLoc())
             << "'" << function.getName() << "' calls itself; functions cannot be recursive";
  if (frames.size() > maxCallDepth)
    return emitError(call.getLoc(), "functions call each other too deeply");
  if (tooManyCalls)
    return failure();
  if (++inlinedCalls > maxInlinedCalls) {
    tooManyCalls = true;
    return emitError(call.getLoc())
           << "more than " << maxInlinedCalls << " calls of functions are inlined here";
  }
  Scope parameters;
  if (failed(bindParameters(function, call, parameters)))
    return failure();
  return typeFunctionBody(function, call, std::move(parameters));
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
