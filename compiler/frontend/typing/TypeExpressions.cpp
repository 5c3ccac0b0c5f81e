// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names, literals and the dispatch over expressions.
#include "compiler/frontend/typing/Record.h"
#include "compiler/frontend/typing/Typer.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

// This name is also in mlir.
using behaviour::StringLiteral;

FailureOr<Typed> Typer::typeExpr(const Expr &expr) {
  return llvm::TypeSwitch<const Expr *, FailureOr<Typed>>(&expr)
      .Case([&](const IntLiteral *e) {
        return Typed{emit.constantInt(e->getLoc(), e->getValue()), {}, true};
      })
      .Case([&](const FloatLiteral *e) {
        return Typed{emit.constantFloat(e->getLoc(), e->getValue()), {}, true};
      })
      .Case([&](const BoolLiteral *e) {
        return Typed{emit.constantBool(e->getLoc(), e->getValue()), {}, false};
      })
      .Case([&](const StringLiteral *e) { return Typed{{}, e->getValue().str(), false}; })
      .Case([&](const NameExpr *e) { return typeName(*e); })
      .Case([&](const UnaryExpr *e) { return typeUnary(*e); })
      .Case([&](const BinaryExpr *e) { return typeBinary(*e); })
      .Case([&](const CompareExpr *e) { return typeCompare(*e); })
      .Case([&](const LogicalExpr *e) { return typeLogical(*e); })
      .Case([&](const CallExpr *e) { return typeCall(*e); })
      .Case([&](const MemberExpr *e) { return typeMember(*e); })
      .Case([&](const IndexExpr *e) { return typeIndex(*e); })
      .Case([&](const ListExpr *e) { return typeList(*e); })
      .Default([](const Expr *) -> FailureOr<Typed> {
        llvm_unreachable("the parser accepts '*' in shapes only, which are no expressions");
      });
}

FailureOr<Typed> Typer::typeValue(const Expr &expr) {
  FailureOr<Typed> typed = typeExpr(expr);
  return failed(typed) ? typed : expectNumber(expr.getLoc(), *typed);
}

FailureOr<Typed> Typer::expectNumber(Location loc, const Typed &typed) {
  if (typed.isString())
    return emitError(loc, "expected a number, found a string; strings can only be compared");
  if (typed.object && objectKind(typed.object) == ObjectKind::Drawn)
    return emitError(loc) << "expected a number, found " << describe(typed)
                          << "; only its 'shape', 'min' and 'max' are known before";
  if (typed.object)
    return emitError(loc) << "expected a number, found " << describe(typed)
                          << ", which exists at compile time only";
  return typed;
}

//===--- Names ---===//

Typer::Local *Typer::findLocal(StringRef name) {
  for (Scope &scope : llvm::reverse(frame().scopes))
    if (auto it = scope.locals.find(name); it != scope.locals.end())
      return &it->second;
  return nullptr;
}

LogicalResult Typer::declare(const NameDecl &name, const std::optional<Typed> &value) {
  std::optional<Location> earlier;
  if (Local *local = findLocal(name.name))
    earlier = local->loc;
  else if (!frame().function) {
    Meaning meaning = names.lookup(name.name, name.loc);
    if (meaning.kind == Meaning::Member)
      earlier = meaning.member->getLoc();
    else if (meaning.kind != Meaning::Unknown)
      return emitError(name.loc) << "'" << name.name
                                 << "' is a parameter already; 'let' hides nothing";
  }
  bool failedBefore = !value;
  frame().scopes.back().locals.try_emplace(
      name.name, Local{value.value_or(Typed{}), name.loc, failedBefore, frame().runtimeDepth});
  if (!earlier)
    return success();
  InFlightDiagnostic diagnostic =
      emitError(name.loc) << "'" << name.name << "' is declared already; 'let' hides nothing";
  diagnostic.attachNote(*earlier) << "declared here";
  return diagnostic;
}

LogicalResult Typer::unknownName(Location loc, StringRef name) {
  if (frame().function && (name == "time_step" || names.lookup(name, loc).kind != Meaning::Unknown))
    return emitError(loc) << "a function sees nothing but its arguments; pass '" << name
                          << "' as one";
  SmallVector<StringRef> candidates;
  for (Scope &scope : frame().scopes)
    for (auto &local : scope.locals)
      candidates.push_back(local.getKey());
  if (!frame().function)
    names.list(candidates);
  functions.list(candidates);
  for (StringRef builtin : {"time_step", "true", "false", "pi", "inf"})
    candidates.push_back(builtin);
  return emitError(loc) << "unknown name '" << name << "'" << didYouMean(name, candidates);
}

FailureOr<Typed> Typer::typeName(const NameExpr &expr) {
  StringRef name = expr.getName();
  Location loc = expr.getLoc();
  if (Local *local = findLocal(name)) {
    if (local->isPoisoned)
      return failure();
    return local->value;
  }
  if (!frame().function) {
    Meaning meaning = names.lookup(name, loc);
    if (meaning.kind == Meaning::Poisoned)
      return failure();
    if (meaning.kind == Meaning::Constant)
      return typeConstant(loc, meaning);
    if (auto var = dyn_cast_or_null<proc::VarOp>(meaning.member))
      return readVar(loc, var);
    if (meaning.kind == Meaning::Member)
      return emitError(loc) << "'" << name << "' is "
                            << (isa<proc::InPortOp, proc::OutPortOp>(meaning.member) ? "an " : "a ")
                            << proc::kindOf(meaning.member)
                            << ", which has no value of its own; use "
                            << (isa<proc::InPortOp>(meaning.member)    ? "'.recv()'"
                                : isa<proc::OutPortOp>(meaning.member) ? "'.send(value)'"
                                : isa<proc::RefPortOp>(meaning.member)
                                    ? "'.read()' or '.write(value)'"
                                    : "the name of its Var");
  }
  if (name == "time_step" && !frame().function && place != Place::Constant) {
    return Typed{
        proc::TimeStepOp::create(emit.builder, loc, emit.tensor({}, emit.intType())), {}, false};
  }
  if (name == "pi" || name == "inf")
    return Typed{emit.constantFloat(loc, name == "pi" ? M_PI : INFINITY), {}, true};
  return unknownName(loc, name);
}

FailureOr<Typed> Typer::typeConstant(Location loc, const Meaning &meaning) {
  if (auto text = dyn_cast<StringAttr>(meaning.constant))
    return Typed{{}, text.str(), false};
  if (isObject(meaning.constant))
    return Typed{{}, {}, false, {}, meaning.constant};
  if (auto real = dyn_cast<FloatAttr>(meaning.constant))
    return Typed{emit.constantFloat(loc, real.getValueAsDouble()), {}, meaning.isWeak};
  if (auto integer = dyn_cast<IntegerAttr>(meaning.constant)) {
    if (integer.getType().isInteger(1))
      return Typed{emit.constantBool(loc, integer.getValue().getBoolValue()), {}, false};
    return Typed{emit.constantInt(loc, integer.getInt()), {}, meaning.isWeak};
  }
  return Typed{emit.constant(loc, cast<DenseElementsAttr>(meaning.constant)),
               {},
               meaning.isWeak,
               meaning.sparse};
}

RankedTensorType Typer::declaredTypeOf(Operation *member) {
  Type type = proc::declaredType(member);
  if (auto named = dyn_cast<proc::NamedType>(getElementTypeOrSelf(type)))
    if (Type bound = names.lookupType(named.getName()))
      type = cast<RankedTensorType>(type).clone(bound);
  return cast<RankedTensorType>(type);
}

Typed Typer::readVar(Location loc, proc::VarOp var) {
  RankedTensorType declared = declaredTypeOf(var);
  Value stored =
      proc::GetOp::create(emit.builder, loc, proc::valueType(declared), var.getSymName());
  return {emit.widen(loc, stored, declared.getElementType()),
          {},
          false,
          var.getSparse().value_or(proc::SparseAttr())};
}

FailureOr<proc::VarOp> Typer::varNamed(const NameExpr &expr) {
  Meaning meaning = frame().function ? Meaning() : names.lookup(expr.getName(), expr.getLoc());
  if (auto var = dyn_cast_or_null<proc::VarOp>(meaning.member))
    return var;
  if (meaning.kind == Meaning::Poisoned)
    return failure();
  if (meaning.kind == Meaning::Constant)
    return emitError(expr.getLoc())
           << "'" << expr.getName() << "' is a parameter, which is constant; a Var can be assigned";
  if (meaning.kind == Meaning::Member)
    return emitError(expr.getLoc())
           << "'" << expr.getName() << "' is a port; "
           << (isa<proc::RefPortOp>(meaning.member) ? "use '.write(value)'" : "use '.send(value)'");
  if (expr.getName() == "time_step")
    return emitError(expr.getLoc(), "'time_step' cannot be assigned");
  return LogicalResult(unknownName(expr.getLoc(), expr.getName()));
}

Type Typer::lookupType(StringRef name) {
  if (Type type = proc::parseElement(emit.builder.getContext(), name))
    return type;
  return names.lookupType(name);
}

//===--- Members and lists ---===//

FailureOr<Typed> Typer::typeMember(const MemberExpr &expr) {
  if (Attribute object = objectOf(*expr.getBase()))
    return typeObjectMember(expr, object);
  if (expr.getMember() != "shape") {
    if (isRandom(*expr.getBase()))
      return emitError(expr.getLoc(), "a random draw is a call, as in 'random.normal(0, 1)'");
    return emitError(expr.getMemberLoc())
           << "unknown attribute '" << expr.getMember() << "'; values have 'shape'";
  }
  FailureOr<Typed> base = typeValue(*expr.getBase());
  if (failed(base))
    return failure();
  SmallVector<int64_t> shape(base->seenShape());
  auto type = emit.tensor({static_cast<int64_t>(shape.size())}, emit.intType());
  return Typed{emit.constant(expr.getLoc(), DenseElementsAttr::get(type, ArrayRef<int64_t>(shape))),
               {},
               true};
}

/// `[a, b, c]`: elements of one shape, stacked along a new first axis.
FailureOr<Typed> Typer::typeList(const ListExpr &expr) {
  Location loc = expr.getLoc();
  SmallVector<Typed> elements;
  for (const Expr *element : expr.getElements()) {
    FailureOr<Typed> typed = typeValue(*element);
    if (failed(typed))
      return failure();
    elements.push_back(toDense(element->getLoc(), *typed));
  }
  if (elements.empty())
    return emitError(loc, "an empty list has no type");
  Type element = promote(elements, true);
  bool isWeak = llvm::all_of(elements, [](const Typed &typed) { return typed.isWeak; });
  for (auto [typed, expr] : llvm::zip(elements, expr.getElements()))
    if (typed.shape() != elements.front().shape())
      return emitError(expr->getLoc())
             << "the elements of a list have one shape; this is " << describe(typed)
             << ", the first is " << describe(elements.front());
  SmallVector<int64_t> shape(elements.front().shape());
  shape.insert(shape.begin(), elements.size());
  RankedTensorType type = emit.tensor(shape, element);
  Value result =
      emit.constant(loc, DenseElementsAttr::get(type, emit.builder.getZeroAttr(element)));
  SmallVector<int64_t> offsets(shape.size(), 0), sizes(shape), strides(shape.size(), 1), dropped{0};
  sizes.front() = 1;
  for (auto [position, typed] : llvm::enumerate(elements)) {
    offsets.front() = position;
    result = emit.make<num::InsertOp>(loc, type, convert(loc, typed, element).value, result,
                                      ValueRange(), offsets, sizes, strides, dropped);
  }
  return Typed{result, {}, isWeak};
}

} // namespace basalt::frontend
