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

// This name is also in mlir.
using behaviour::Block;

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
        const auto *member = dyn_cast<MemberExpr>(call.getCallee());
        if (member && !objectOf(*member->getBase()))
          return typePortCall(call, *member, /*isStatement=*/true);
        if (failed(typeCall(call)))
          return failure();
        return emitError(call.getLoc(), "the result of this call is not used");
      });
}

//===--- let ---===//

static std::string countOf(size_t count, StringRef what) {
  return std::to_string(count) + " " + what.str() + (count == 1 ? "" : "s");
}

/// `let a, b = f(x)`: as many values as there are names.
LogicalResult Typer::typeLetCall(const LetStmt &stmt,
                                 MutableArrayRef<std::optional<Typed>> values) {
  const auto *call = dyn_cast<CallExpr>(stmt.getValues().front());
  const FunctionDecl *function =
      call ? functions.find(call->getCalleeName(), call->getLoc()) : nullptr;
  if (!function)
    return emitError(stmt.getLoc())
           << "expected " << values.size() << " values, or a function that returns as many";
  FailureOr<SmallVector<Typed>> returned = inlineFunction(*function, *call);
  if (failed(returned))
    return failure();
  if (returned->size() != values.size())
    return emitError(stmt.getLoc())
           << "'" << function->getName() << "' returns " << countOf(returned->size(), "value")
           << ", expected one for each of the " << countOf(values.size(), "name");
  llvm::copy(*returned, values.begin());
  return success();
}

LogicalResult Typer::typeLet(const LetStmt &stmt) {
  SmallVector<std::optional<Typed>> values(stmt.getNames().size());
  LogicalResult result = success();
  if (stmt.getNames().size() > 1 && stmt.getValues().size() == 1)
    result = typeLetCall(stmt, values);
  else
    for (auto [value, expr] : llvm::zip(values, stmt.getValues())) {
      FailureOr<Typed> typed = typeExpr(*expr);
      if (failed(typed))
        result = failure();
      else
        value = *typed;
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

/// `i32[3]` for a part of a Var that is declared so, although its value is an i64.
static std::string describeOld(const Typed &old, Type declared) {
  if (!declared)
    return describe(old);
  return (old.sparse ? "sparse " : "") +
         proc::spellType(RankedTensorType::get(old.seenShape(), declared));
}

FailureOr<Typed> Typer::likeOld(Location loc, const Typed &value, const Typed &old,
                                const Twine &what, Type declared) {
  auto mismatch = [&] {
    return emitError(loc) << what << " is " << describeOld(old, declared) << ", but the value is "
                          << describe(value);
  };
  if (value.isSymbolic() || old.isSymbolic()) {
    if (value.isString() && old.isString())
      return value;
    if (old.object)
      return emitError(loc) << what << " is " << describe(old) << ", which cannot be assigned";
    return mismatch();
  }
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(value.seenShape(), old.seenShape());
  if (!joint || ArrayRef(*joint) != old.seenShape())
    return mismatch() << "; the shape " << proc::spellShape(value.seenShape())
                      << " does not broadcast to " << proc::spellShape(old.seenShape());
  if (value.isFloat() && !old.isFloat())
    return mismatch() << "; a float needs a cast, such as '"
                      << proc::spellElement(declared ? declared : old.element()) << "(...)'";
  if (old.isBool() && !value.isBool())
    return mismatch() << "; compare with 0 to get a bool";
  FailureOr<Typed> fitted = fitEntries(loc, value, old.sparse, what);
  if (failed(fitted))
    return failure();
  Typed result = convert(loc, *fitted, old.element());
  result.value = emit.broadcast(loc, result.value, old.shape());
  result.isWeak = false;
  return result;
}

FailureOr<Typed> Typer::typeAssigned(const AssignStmt &stmt, const Typed &old, Type declared) {
  if (stmt.getIndex()) {
    if (old.isSymbolic())
      return emitError(stmt.getLoc()) << describe(old) << " cannot be indexed";
    return replacePart(stmt, old, declared);
  }
  FailureOr<Typed> value = typeExpr(*stmt.getValue());
  if (failed(value) || !stmt.getOp())
    return value;
  if (value->isSymbolic() || old.isSymbolic())
    return emitError(stmt.getValue()->getLoc())
           << "expected a number, found " << describe(value->isSymbolic() ? *value : old);
  return binary(stmt.getOpLoc(), *stmt.getOp(), old, *value);
}

LogicalResult Typer::assignLocal(const AssignStmt &stmt, const Typed &old) {
  StringRef name = stmt.getVariable()->getName();
  FailureOr<Typed> value = typeAssigned(stmt, old, {});
  if (failed(value))
    return failure();
  FailureOr<Typed> fitted = likeOld(stmt.getValue()->getLoc(), *value, old, "'" + name + "'");
  if (failed(fitted))
    return failure();
  Local *local = findLocal(name);
  // Strings are no values of a program, so there is nothing that could hold one or the other.
  if (fitted->isString() && frame().runtimeDepth > local->runtimeDepth)
    return emitError(stmt.getLoc()) << "the string '" << name
                                    << "' cannot depend on a condition that is not known at "
                                       "compile time";
  local->value = *fitted;
  return success();
}

LogicalResult Typer::assignVar(const AssignStmt &stmt) {
  const NameExpr &variable = *stmt.getVariable();
  FailureOr<proc::VarOp> var = varNamed(variable);
  if (failed(var) || failed(requireEffects(stmt.getLoc(), "an assignment to a Var")))
    return failure();
  RankedTensorType declared = declaredTypeOf(*var);
  bool needsOld = stmt.getIndex() || stmt.getOp();
  Typed old = needsOld ? readVar(variable.getLoc(), *var) : Typed{};
  FailureOr<Typed> value = typeAssigned(stmt, old, declared.getElementType());
  if (failed(value))
    return failure();
  FailureOr<Value> stored =
      store(stmt.getValue()->getLoc(), *value, declared, "the Var '" + variable.getName() + "'",
            var->getSparse().value_or(proc::SparseAttr()));
  if (failed(stored))
    return failure();
  proc::SetOp::create(emit.builder, stmt.getLoc(), variable.getName(), *stored);
  return success();
}

LogicalResult Typer::typeAssign(const AssignStmt &stmt) {
  Local *local = findLocal(stmt.getVariable()->getName());
  if (!local)
    return assignVar(stmt);
  if (local->isPoisoned)
    return failure();
  Typed old = local->value; // a copy: the table of locals may grow meanwhile
  return assignLocal(stmt, old);
}

FailureOr<Value> Typer::store(Location loc, const Typed &value, RankedTensorType declared,
                              const Twine &what, proc::SparseAttr sparse) {
  Type element = declared.getElementType();
  ArrayRef<int64_t> shape = sparse ? sparse.getShape() : declared.getShape();
  auto mismatch = [&] {
    return emitError(loc) << what << " is " << (sparse ? "sparse " : "")
                          << proc::spellType(declared.clone(shape)) << ", but the value is "
                          << describe(value);
  };
  if (value.isSymbolic())
    return mismatch();
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(value.seenShape(), shape);
  if (!joint || ArrayRef(*joint) != shape)
    return mismatch() << "; the shape " << proc::spellShape(value.seenShape())
                      << " does not broadcast to " << proc::spellShape(shape);
  FailureOr<Typed> fitted = fitEntries(loc, value, sparse, what);
  if (failed(fitted))
    return failure();
  if (isa<FloatType>(element)) {
    Value real = emit.toElement(loc, fitted->value, element);
    return emit.broadcast(loc, real, declared.getShape());
  }
  if (value.isFloat())
    return mismatch() << "; a float needs a cast, such as '" << proc::spellElement(element)
                      << "(...)'";
  auto integer = cast<IntegerType>(element);
  if (integer.isSignless() && !value.isBool())
    return mismatch() << "; compare with 0 to get a bool";
  return emit.broadcast(loc, emit.wrap(loc, fitted->value, integer), declared.getShape());
}

//===--- print and assert ---===//

FailureOr<Typed> Typer::typeCondition(const Expr &expr, StringRef what) {
  FailureOr<Typed> condition = typeValue(expr);
  if (failed(condition))
    return failure();
  condition = toDense(expr.getLoc(), *condition);
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
  StringRef message = stmt.getMessage() ? stmt.getMessage()->getValue() : "";
  if (std::optional<bool> constant = constantBool(*condition)) {
    if (*constant)
      return success();
    if (frame().runtimeDepth == 0)
      return emitError(stmt.getLoc())
             << "this assertion never holds" << (message.empty() ? "" : ": ") << message;
  }
  if (place != Place::Phase)
    return emitError(stmt.getLoc(), "an assertion cannot stand here");
  proc::AssertOp::create(emit.builder, stmt.getLoc(), condition->value, message);
  return success();
}

/// A format, cut at its `{}`, or nothing if braces do not pair up. `{{` and `}}` are braces.
static std::optional<SmallVector<std::string>> splitFormat(StringRef format) {
  SmallVector<std::string> parts(1);
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '{' && format[i] != '}') {
      parts.back() += format[i];
      continue;
    }
    StringRef two = format.substr(i, 2);
    if (two != "{}" && two != "{{" && two != "}}")
      return std::nullopt;
    if (two == "{}")
      parts.emplace_back();
    else
      parts.back() += two;
    ++i;
  }
  return parts;
}

/// A string as a part of a format.
static std::string asFormat(StringRef text) {
  std::string format;
  for (char c : text)
    format.append(c == '{' || c == '}' ? 2 : 1, c);
  return format;
}

LogicalResult Typer::typePrint(const PrintStmt &stmt) {
  if (failed(requireEffects(stmt.getLoc(), "'print'")))
    return failure();
  std::optional<SmallVector<std::string>> parts = splitFormat(stmt.getFormat()->getValue());
  SmallVector<Value> values;
  SmallVector<std::string> fields; // a string is known now, and becomes a part of the format
  LogicalResult result = success();
  for (const Expr *arg : stmt.getArgs()) {
    FailureOr<Typed> value = typeExpr(*arg);
    if (failed(value) ||
        (!value->isString() && failed(value = expectNumber(arg->getLoc(), *value)))) {
      result = failure();
      continue;
    }
    fields.push_back(value->isString() ? asFormat(*value->text) : "{}");
    if (!value->isString())
      values.push_back(toDense(arg->getLoc(), *value).value);
  }
  if (!parts)
    return emitError(stmt.getFormat()->getLoc(),
                     "expected '{}' in the format; braces themselves are written '{{' and '}}'");
  if (parts->size() - 1 != stmt.getArgs().size())
    return emitError(stmt.getFormat()->getLoc())
           << "the format has " << parts->size() - 1 << " '{}', found "
           << countOf(stmt.getArgs().size(), "value");
  if (failed(result))
    return failure();
  std::string format = parts->front();
  for (auto [field, part] : llvm::zip(fields, ArrayRef(*parts).drop_front()))
    format += field + part;
  proc::PrintOp::create(emit.builder, stmt.getLoc(), format, values);
  return success();
}

} // namespace basalt::frontend
