// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statements without regions: let, assignments, print, assert; and what may be stored in a Var.
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

// These names are also in mlir.
using behaviour::Block;
using behaviour::StringLiteral;

LogicalResult Typer::typePhase(const Block &block) { return typeBlock(block); }

FailureOr<Value> Typer::typeGuard(const Expr &expr) {
  FailureOr<Typed> condition = typeCondition(expr, "a guard");
  if (failed(condition))
    return failure();
  return condition->value;
}

LogicalResult Typer::typeBlock(const Block &block) {
  LogicalResult result = success();
  for (const Stmt *stmt : block.getStatements()) {
    if (frame().returned) {
      return emitError(stmt->getLoc(), "this statement comes after a return");
    }
    if (failed(typeStmt(*stmt)))
      result = failure(); // go on: later statements may have errors of their own
  }
  return result;
}

LogicalResult Typer::typeStmt(const Stmt &stmt) {
  return llvm::TypeSwitch<const Stmt *, LogicalResult>(&stmt)
      .Case([&](const LetStmt *s) { return typeLet(*s); })
      .Case([&](const AssignStmt *s) { return typeAssign(*s); })
      .Case([&](const IfStmt *s) { return typeIf(*s); })
      .Case([&](const ForStmt *s) { return typeFor(*s); })
      .Case([&](const ReturnStmt *s) { return typeReturn(*s); })
      .Case([&](const AssertStmt *s) { return typeAssert(*s); })
      .Case([&](const PrintStmt *s) { return typePrint(*s); })
      .Case([&](const ControlStmt *s) -> LogicalResult {
        if (failed(requireEffects(s->getLoc(), s->getControl() == ControlKind::Pause ? "'pause()'"
                                                                                     : "'stop()'")))
          return failure();
        if (s->getControl() == ControlKind::Pause)
          proc::PauseOp::create(emit.builder, s->getLoc());
        else
          proc::StopOp::create(emit.builder, s->getLoc());
        return success();
      })
      .Case([&](const CallStmt *s) -> LogicalResult {
        const CallExpr &call = *s->getCall();
        if (const auto *member = dyn_cast<MemberExpr>(call.getCallee()))
          return typePortCall(call, *member, /*isStatement=*/true);
        if (failed(typeCall(call)))
          return failure();
        return emitError(call.getLoc(), "the result of this call is not used");
      });
}

//===--- let ---===//

LogicalResult Typer::typeLet(const LetStmt &stmt) {
  SmallVector<std::optional<Typed>> values(stmt.getNames().size());
  LogicalResult result = success();
  const auto *call =
      stmt.getValues().size() == 1 ? dyn_cast<CallExpr>(stmt.getValues().front()) : nullptr;
  auto function = call ? functions.find(call->getCalleeName()) : functions.end();
  if (stmt.getNames().size() > 1 && stmt.getValues().size() == 1) {
    if (function == functions.end()) {
      result = emitError(stmt.getLoc()) << "expected " << stmt.getNames().size()
                                        << " values, or a function that returns as many";
    } else {
      FailureOr<SmallVector<Typed>> returned = inlineFunction(*function->second, *call);
      if (succeeded(returned) && returned->size() == values.size())
        llvm::copy(*returned, values.begin());
      else
        result = failed(returned) ? failure()
                                  : LogicalResult(emitError(stmt.getLoc())
                                                  << "'" << function->getKey() << "' returns "
                                                  << returned->size() << " values, but there are "
                                                  << values.size() << " names");
    }
  } else {
    for (auto [position, expr] : llvm::enumerate(stmt.getValues())) {
      FailureOr<Typed> typed = typeExpr(*expr);
      if (failed(typed))
        result = failure();
      else
        values[position] = *typed;
    }
  }
  // Declared even if the value is wrong, so that uses of the name give no further errors.
  for (auto [name, value] : llvm::zip(stmt.getNames(), values)) {
    if (value)
      value->isWeak = false;
    if (failed(declare(name, value)))
      result = failure();
  }
  return result;
}

//===--- Assignments ---===//

FailureOr<Typed> Typer::likeOld(Location loc, const Typed &value, const Typed &old,
                                StringRef name) {
  auto mismatch = [&] {
    return emitError(loc) << "'" << name << "' is " << describe(old) << ", but the value is "
                          << describe(value);
  };
  if (value.isString() || old.isString()) {
    if (value.isString() && old.isString())
      return value;
    return mismatch();
  }
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(value.shape(), old.shape());
  if (!joint || ArrayRef(*joint) != old.shape())
    return mismatch() << "; the shapes do not fit";
  if (value.isFloat() && !old.isFloat())
    return mismatch() << "; a float needs a cast, such as 'i64(...)'";
  if (old.isBool() && !value.isBool())
    return mismatch() << "; compare with 0 to get a bool";
  Typed result = convert(loc, value, old.element());
  result.value = emit.broadcast(loc, result.value, old.shape());
  result.isWeak = false;
  return result;
}

FailureOr<Typed> Typer::typeAssigned(const AssignStmt &stmt, const Typed &old) {
  if (stmt.getIndex()) {
    if (old.isString())
      return emitError(stmt.getLoc(), "a string cannot be indexed");
    FailureOr<std::optional<Typed>> mask = typeMask(stmt.getIndex()->getItems(), old.shape());
    if (failed(mask))
      return failure();
    return *mask ? replaceMasked(stmt, old, **mask) : replacePart(stmt, old);
  }
  FailureOr<Typed> value = typeExpr(*stmt.getValue());
  if (failed(value) || !stmt.getOp())
    return value;
  if (value->isString() || old.isString())
    return emitError(stmt.getValue()->getLoc(), "expected a number, found a string");
  return binary(stmt.getOpLoc(), *stmt.getOp(), old, *value);
}

LogicalResult Typer::typeAssign(const AssignStmt &stmt) {
  const NameExpr &variable = *stmt.getVariable();
  if (Local *local = findLocal(variable.getName())) {
    if (local->isPoisoned)
      return failure();
    Typed old = local->value;
    FailureOr<Typed> value = typeAssigned(stmt, old);
    if (failed(value))
      return failure();
    FailureOr<Typed> fitted = likeOld(stmt.getValue()->getLoc(), *value, old, variable.getName());
    if (failed(fitted))
      return failure();
    if (!fitted->isString() && fitted->shape() != old.shape())
      return emitError(stmt.getLoc()) << "'" << variable.getName() << "' keeps its shape";
    findLocal(variable.getName())->value = *fitted;
    return success();
  }
  FailureOr<proc::VarOp> var = varNamed(variable);
  if (failed(var) || failed(requireEffects(stmt.getLoc(), "an assignment to a Var")))
    return failure();
  bool needsOld = stmt.getIndex() || stmt.getOp();
  Typed old = needsOld ? readVar(variable.getLoc(), *var) : Typed{};
  FailureOr<Typed> value = typeAssigned(stmt, old);
  if (failed(value))
    return failure();
  FailureOr<Value> stored = store(stmt.getValue()->getLoc(), *value, declaredTypeOf(*var),
                                  "the Var '" + variable.getName() + "'");
  if (failed(stored))
    return failure();
  proc::SetOp::create(emit.builder, stmt.getLoc(), variable.getName(), *stored);
  return success();
}

FailureOr<Value> Typer::store(Location loc, const Typed &value, RankedTensorType declared,
                              const Twine &what) {
  Type element = declared.getElementType();
  auto mismatch = [&] {
    return emitError(loc) << what << " is " << proc::spellType(declared) << ", but the value is "
                          << describe(value);
  };
  if (value.isString())
    return mismatch();
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(value.shape(), declared.getShape());
  if (!joint || ArrayRef(*joint) != declared.getShape())
    return mismatch() << "; the shape " << proc::spellShape(value.shape())
                      << " does not broadcast to " << proc::spellShape(declared.getShape());
  if (isa<FloatType>(element)) {
    Value real = emit.toElement(loc, value.value, element);
    return emit.broadcast(loc, real, declared.getShape());
  }
  if (value.isFloat())
    return mismatch() << "; a float needs a cast, such as '" << proc::spellElement(element)
                      << "(...)'";
  auto integer = cast<IntegerType>(element);
  if (integer.isSignless() && !value.isBool())
    return mismatch() << "; compare with 0 to get a bool";
  return emit.broadcast(loc, emit.wrap(loc, value.value, integer), declared.getShape());
}

//===--- print and assert ---===//

FailureOr<Typed> Typer::typeCondition(const Expr &expr, StringRef what) {
  FailureOr<Typed> condition = typeValue(expr);
  if (failed(condition))
    return failure();
  if (!condition->isBool())
    return emitError(expr.getLoc())
           << what << " must be bool, found " << describe(*condition) << "; compare with 0";
  if (condition->type().getNumElements() != 1)
    return emitError(expr.getLoc()) << what << " must have one element, found "
                                    << describe(*condition) << "; use 'any(...)' or 'all(...)'";
  condition->value = emit.reshape(expr.getLoc(), condition->value, {});
  return condition;
}

LogicalResult Typer::typeAssert(const AssertStmt &stmt) {
  FailureOr<Typed> condition = typeCondition(*stmt.getCondition(), "the condition of 'assert'");
  if (failed(condition))
    return failure();
  StringRef message = stmt.getMessage() ? stmt.getMessage()->getValue() : "assertion does not hold";
  if (std::optional<bool> constant = constantBool(*condition)) {
    if (*constant)
      return success();
    if (frame().runtimeDepth == 0)
      return emitError(stmt.getLoc()) << "this assertion never holds: " << message;
  }
  if (place != Place::Phase)
    return emitError(stmt.getLoc(), "an assertion cannot stand here");
  proc::AssertOp::create(emit.builder, stmt.getLoc(), condition->value, message);
  return success();
}

/// Number of `{}` in a format, or nothing if braces do not pair up. `{{` and `}}` are braces.
static std::optional<size_t> countFields(StringRef format) {
  size_t count = 0;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '{' && format[i] != '}')
      continue;
    StringRef two = format.substr(i, 2);
    if (two != "{}" && two != "{{" && two != "}}")
      return std::nullopt;
    count += two == "{}";
    ++i;
  }
  return count;
}

LogicalResult Typer::typePrint(const PrintStmt &stmt) {
  if (failed(requireEffects(stmt.getLoc(), "'print'")))
    return failure();
  SmallVector<Value> values;
  LogicalResult result = success();
  for (const Expr *arg : stmt.getArgs()) {
    FailureOr<Typed> value = typeValue(*arg);
    if (failed(value))
      result = failure();
    else
      values.push_back(value->value);
  }
  std::optional<size_t> fields = countFields(stmt.getFormat()->getValue());
  if (!fields)
    return emitError(stmt.getFormat()->getLoc(),
                     "expected '{}' in the format; braces themselves are written '{{' and '}}'");
  if (*fields != stmt.getArgs().size())
    return emitError(stmt.getFormat()->getLoc())
           << "the format has " << *fields << " '{}', but there are " << stmt.getArgs().size()
           << " values";
  if (succeeded(result))
    proc::PrintOp::create(emit.builder, stmt.getLoc(), stmt.getFormat()->getValue(), values);
  return result;
}

} // namespace basalt::frontend
