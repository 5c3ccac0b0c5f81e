// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls: the built-in functions and casts. Reductions are in TypeReductions.cpp, functions of the
// user in TypeFunctions.cpp, ports in TypePorts.cpp.
#include "compiler/frontend/typing/Record.h"
#include "compiler/frontend/typing/Typer.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

/// Functions of elements, and how many operands they take.
static const llvm::StringMap<size_t> &elementwiseFunctions() {
  static const llvm::StringMap<size_t> table = {
      {"abs", 1},   {"sign", 1},  {"sqrt", 1},  {"exp", 1},   {"log", 1},
      {"sin", 1},   {"cos", 1},   {"tanh", 1},  {"floor", 1}, {"ceil", 1},
      {"round", 1}, {"trunc", 1}, {"shift", 2}, {"clip", 3},  {"mulshr", 3}};
  return table;
}

static bool isReduction(StringRef name) {
  return llvm::is_contained({"sum", "prod", "any", "all", "mean"}, name);
}

//===--- Arguments ---===//

FailureOr<Typer::Arguments> Typer::typeArguments(const CallExpr &call, StringRef name,
                                                 bool allowStrings) {
  Arguments args{call, name, {}, {}};
  for (const Expr *arg : call.getArgs()) {
    FailureOr<Typed> typed = allowStrings ? typeExpr(*arg) : typeValue(*arg);
    if (failed(typed))
      return failure();
    args.positional.push_back(*typed);
  }
  for (const KeywordArg &keyword : call.getKeywords()) {
    FailureOr<Typed> typed = allowStrings ? typeExpr(*keyword.value) : typeValue(*keyword.value);
    if (failed(typed))
      return failure();
    if (!args.keywords.try_emplace(keyword.name, *typed, keyword.loc).second)
      return emitError(keyword.loc) << "'" << keyword.name << "' is given twice";
  }
  return args;
}

LogicalResult Typer::expectArguments(const Arguments &args, size_t least, size_t most,
                                     ArrayRef<StringRef> keywords) {
  size_t count = args.positional.size();
  if (count < least || count > most) {
    InFlightDiagnostic diagnostic = emitError(args.call.getLoc())
                                    << "'" << args.name << "' expects ";
    if (least == most)
      diagnostic << least;
    else
      diagnostic << least << " to " << most;
    return diagnostic << (most == 1 ? " argument" : " arguments") << ", found " << count;
  }
  for (const auto &keyword : args.keywords)
    if (!llvm::is_contained(keywords, keyword.getKey()))
      return emitError(keyword.getValue().second)
             << "'" << args.name << "' has no argument '" << keyword.getKey() << "'"
             << didYouMean(keyword.getKey(), keywords);
  return success();
}

//===--- Dispatch ---===//

FailureOr<Typed> Typer::typeCall(const CallExpr &call) {
  if (const auto *member = dyn_cast<MemberExpr>(call.getCallee())) {
    if (Attribute object = objectOf(*member->getBase()))
      return typeObjectCall(call, *member, object);
    return typePortCall(call, *member, /*isStatement=*/false);
  }
  StringRef name = call.getCalleeName();
  assert(!name.empty() && "the parser accepts calls of names and members only");
  if (const FunctionDecl *function = functions.find(name, call.getLoc())) {
    FailureOr<SmallVector<Typed>> results = inlineFunction(*function, call);
    if (failed(results))
      return failure();
    if (results->size() != 1)
      return emitError(call.getLoc())
             << "'" << name << "' returns " << results->size() << " values, expected one here";
    return results->front();
  }
  if (std::optional<FailureOr<Typed>> result = typeBuiltin(name, call))
    return *result;
  if (Type type = lookupType(name))
    return typeCast(call, name, type);
  SmallVector<StringRef> candidates{"where",  "argmin",  "argmax", "min",      "max",
                                    "sum",    "prod",    "any",    "all",      "mean",
                                    "zeros",  "ones",    "sat",    "roll",     "concat",
                                    "arange", "deliver", "conv2d", "transpose"};
  for (const auto &entry : elementwiseFunctions())
    candidates.push_back(entry.getKey());
  functions.list(candidates);
  return emitError(call.getLoc()) << "unknown function '" << name << "'"
                                  << didYouMean(name, candidates);
}

std::optional<FailureOr<Typed>> Typer::typeBuiltin(StringRef name, const CallExpr &call) {
  if (name == "where")
    return typeWhere(call);
  if (name == "sat")
    return typeSat(call);
  bool isElementwise = elementwiseFunctions().contains(name),
       isExtremum = name == "min" || name == "max";
  auto other = llvm::StringSwitch<FailureOr<Typed> (Typer::*)(const Arguments &)>(name)
                   .Cases({"zeros", "ones"}, &Typer::typeFill)
                   .Cases({"argmin", "argmax"}, &Typer::typeArgReduction)
                   .Case("roll", &Typer::typeRoll)
                   .Case("concat", &Typer::typeConcat)
                   .Case("transpose", &Typer::typeTranspose)
                   .Case("arange", &Typer::typeArange)
                   .Case("deliver", &Typer::typeDeliver)
                   .Case("conv2d", &Typer::typeConv2D)
                   .Default(isReduction(name) ? &Typer::typeReduction : nullptr);
  if (!isElementwise && !isExtremum && !other)
    return std::nullopt;
  if (isExtremum && call.getArgs().size() == 1 && call.getKeywords().empty())
    if (Attribute object = objectOf(*call.getArgs().front());
        object && objectKind(object) == ObjectKind::Drawn)
      return typeDrawnExtremum(call, name, object);
  FailureOr<Arguments> args = typeArguments(call, name, false);
  if (failed(args))
    return FailureOr<Typed>(failure());
  if (isElementwise)
    return typeElementwise(*args);
  if (isExtremum)
    return typeMinMax(*args);
  if (failed(refuseSparse(*args)))
    return FailureOr<Typed>(failure());
  return (this->*other)(*args);
}

//===--- where, sat, casts ---===//

FailureOr<Typed> Typer::typeWhere(const CallExpr &call) {
  ArrayRef<const Expr *> args = call.getArgs();
  if (args.size() != 3 || !call.getKeywords().empty())
    return emitError(call.getLoc())
           << "'where' expects 3 arguments, found " << args.size() + call.getKeywords().size();
  FailureOr<Typed> condition = typeValue(*args[0]);
  if (failed(condition))
    return failure();
  if (!condition->isBool())
    return emitError(args[0]->getLoc())
           << "'where' expects a bool condition, found " << describe(*condition);
  // A constant condition is its chosen branch; the other one is not looked at.
  if (std::optional<bool> chosen = constantBool(*condition); chosen && condition->shape().empty())
    return typeExpr(*args[*chosen ? 1 : 2]);
  FailureOr<Typed> yes = typeValue(*args[1]), no = typeValue(*args[2]);
  if (failed(yes) || failed(no))
    return failure();
  Location loc = call.getLoc();
  Type element = promote({*yes, *no}, true);
  Typed all[] = {*condition, convert(loc, *yes, element), convert(loc, *no, element)};
  if (failed(unifyShapes(loc, all, "the arguments of 'where'")))
    return failure();
  return Typed{emit.make<arith::SelectOp>(loc, all[0].value, all[1].value, all[2].value),
               {},
               yes->isWeak && no->isWeak,
               all[0].sparse};
}

Typed Typer::castTo(Location loc, const Typed &value, Type declared, bool saturating) {
  if (isa<FloatType>(declared))
    return {emit.toElement(loc, value.value, declared), {}, false};
  auto type = cast<IntegerType>(declared);
  bool isBool = type.isSignless();
  if (isBool && !saturating)
    return {emit.toElement(loc, value.value, emit.boolType()), {}, false};
  bool wasFloat = value.isFloat();
  Value integer =
      wasFloat
          ? emit.make<num::ToIntOp>(loc, emit.tensor(value.shape(), emit.intType()), value.value)
          : emit.toElement(loc, value.value, emit.intType());
  // A float out of range saturates at the range of the type, an integer wraps.
  if (wasFloat || saturating)
    return {emit.saturate(loc, integer, type), {}, false};
  if (type.getWidth() == 64)
    return {integer, {}, false};
  return {emit.widen(loc, emit.wrap(loc, integer, type), type), {}, false};
}

FailureOr<Typed> Typer::typeCast(const CallExpr &call, StringRef name, Type declared) {
  FailureOr<Arguments> args = typeArguments(call, name, false);
  if (failed(args) || failed(expectArguments(*args, 1, 1)))
    return failure();
  const Typed &value = args->positional.front();
  Typed result = castTo(call.getLoc(), value, declared, /*saturating=*/false);
  result.sparse = value.sparse;
  return result;
}

FailureOr<Typed> Typer::typeSat(const CallExpr &call) {
  ArrayRef<const Expr *> args = call.getArgs();
  const auto *name = args.size() == 2 ? dyn_cast<NameExpr>(args[1]) : nullptr;
  auto type = name ? dyn_cast_or_null<IntegerType>(lookupType(name->getName())) : IntegerType();
  if (!type || type.isSignless() || !call.getKeywords().empty())
    return emitError(call.getLoc(),
                     "'sat' expects a number and an integer type, as in 'sat(x, i24)'");
  FailureOr<Typed> value = typeValue(*args[0]);
  if (failed(value))
    return failure();
  Typed result = castTo(call.getLoc(), *value, type, /*saturating=*/true);
  result.sparse = value->sparse;
  return result;
}

//===--- Functions of elements ---===//

/// A function that is another op for integers and floats; integers are left as they are where
/// `IntOp` is void.
template <typename IntOp, typename FloatOp>
static Value unaryByType(Emitter &emit, Location loc, Value value, bool isFloat) {
  if (isFloat)
    return emit.make<FloatOp>(loc, value);
  if constexpr (std::is_void_v<IntOp>)
    return value;
  else
    return emit.make<IntOp>(loc, value);
}

static Value applyUnary(Emitter &emit, Location loc, StringRef name, Value value, bool isFloat) {
  if (name == "abs")
    return unaryByType<num::AbsIOp, num::AbsFOp>(emit, loc, value, isFloat);
  if (name == "sign")
    return unaryByType<num::SignIOp, num::SignFOp>(emit, loc, value, isFloat);
  if (name == "floor")
    return unaryByType<void, num::FloorOp>(emit, loc, value, isFloat);
  if (name == "ceil")
    return unaryByType<void, num::CeilOp>(emit, loc, value, isFloat);
  if (name == "round")
    return unaryByType<void, num::RoundOp>(emit, loc, value, isFloat);
  if (name == "trunc")
    return unaryByType<void, num::TruncOp>(emit, loc, value, isFloat);
  if (name == "sqrt")
    return emit.make<num::SqrtOp>(loc, value);
  if (name == "exp")
    return emit.make<num::ExpOp>(loc, value);
  if (name == "log")
    return emit.make<num::LogOp>(loc, value);
  if (name == "sin")
    return emit.make<num::SinOp>(loc, value);
  if (name == "cos")
    return emit.make<num::CosOp>(loc, value);
  return emit.make<num::TanhOp>(loc, value);
}

static bool isFloatOnly(StringRef name) {
  return llvm::is_contained({"sqrt", "exp", "log", "sin", "cos", "tanh"}, name);
}

FailureOr<Typed> Typer::typeElementwise(const Arguments &args) {
  size_t count = elementwiseFunctions().lookup(args.name);
  if (failed(expectArguments(args, count, count)))
    return failure();
  Location loc = args.call.getLoc();
  SmallVector<Typed> values(args.positional);
  Type element = promote(values, false);
  bool isInteger = args.name == "shift" || args.name == "mulshr";
  if (isInteger && isa<FloatType>(element))
    return emitError(loc) << "'" << args.name << "' expects integers, found "
                          << describe(*llvm::find_if(values,
                                                     [](const Typed &v) { return v.isFloat(); }));
  if (isFloatOnly(args.name) && !isa<FloatType>(element))
    element = emit.doubleType();
  bool isWeak = llvm::all_of(values, [](const Typed &value) { return value.isWeak; });
  for (Typed &value : values)
    value = convert(loc, value, element);
  if (failed(unifyShapes(loc, values, ("the arguments of '" + args.name + "'").str())))
    return failure();
  if (args.name == "shift")
    return Typed{emit.make<num::ShiftOp>(loc, values[0].value, values[1].value),
                 {},
                 isWeak,
                 values[0].sparse};
  if (args.name == "mulshr")
    return Typed{emit.make<num::MulShrOp>(loc, values[0].value, values[1].value, values[2].value),
                 {},
                 isWeak,
                 values[0].sparse};
  if (args.name == "clip") {
    bool isFloat = isa<FloatType>(element);
    Value low = isFloat ? emit.make<arith::MaximumFOp>(loc, values[0].value, values[1].value)
                        : emit.make<arith::MaxSIOp>(loc, values[0].value, values[1].value);
    return Typed{isFloat ? emit.make<arith::MinimumFOp>(loc, low, values[2].value)
                         : emit.make<arith::MinSIOp>(loc, low, values[2].value),
                 {},
                 isWeak,
                 values[0].sparse};
  }
  return Typed{applyUnary(emit, loc, args.name, values[0].value, isa<FloatType>(element)),
               {},
               isWeak,
               values[0].sparse};
}

FailureOr<Typed> Typer::typeMinMax(const Arguments &args) {
  if (args.positional.size() == 1)
    return typeReduction(args);
  if (failed(expectArguments(args, 1, 16)))
    return failure();
  Location loc = args.call.getLoc();
  Typed result = args.positional.front();
  for (Typed next : ArrayRef(args.positional).drop_front()) {
    Type element = promote({result, next}, false);
    if (failed(unify(loc, result, next, element, ("the arguments of '" + args.name + "'").str())))
      return failure();
    bool isMax = args.name == "max", isFloat = isa<FloatType>(element);
    Value a = result.value, b = next.value;
    Value value = isFloat ? (isMax ? emit.make<arith::MaximumFOp>(loc, a, b)
                                   : emit.make<arith::MinimumFOp>(loc, a, b))
                          : (isMax ? emit.make<arith::MaxSIOp>(loc, a, b)
                                   : emit.make<arith::MinSIOp>(loc, a, b));
    result = {value, {}, result.isWeak && next.isWeak, result.sparse};
  }
  return result;
}

} // namespace basalt::frontend
