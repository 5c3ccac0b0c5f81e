// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Records, learning rules and their parts, and loops over lists: what is there at compile time and
// leaves only the values that are taken of it. An argument that is not picked is not looked at.
#include "compiler/frontend/behaviour/Rule.h"
#include "compiler/frontend/typing/Record.h"
#include "compiler/frontend/typing/Typer.h"
#include "compiler/support/Suggest.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

/// Bodies of loops over lists in one behaviour: loops in loops multiply.
static constexpr size_t maxUnrolled = 10000;

//===--- What an object is ---===//

bool isObject(Attribute value) { return isa_and_nonnull<DictionaryAttr, ArrayAttr>(value); }

ObjectKind objectKind(Attribute object) {
  if (isa<ArrayAttr>(object))
    return ObjectKind::List;
  auto keys = cast<DictionaryAttr>(object);
  if (keys.contains(record::className))
    return ObjectKind::Record;
  if (keys.contains(record::products))
    return ObjectKind::Rule;
  if (keys.contains(record::shape))
    return ObjectKind::Drawn;
  return keys.contains(record::factors) ? ObjectKind::Product : ObjectKind::Factor;
}

std::string describeObject(Attribute object) {
  switch (objectKind(object)) {
  case ObjectKind::Record: {
    auto name = cast<DictionaryAttr>(object).getAs<StringAttr>(record::className);
    return "a record of '" + name.str() + "'";
  }
  case ObjectKind::Rule:
    return "a learning rule";
  case ObjectKind::Product:
    return "a product of a rule";
  case ObjectKind::Factor:
    return "a factor of a product";
  case ObjectKind::Drawn:
    return "a value that is drawn when a run starts";
  case ObjectKind::List:
    return "a list";
  }
  llvm_unreachable("unknown kind of object");
}

static int64_t integerIn(Attribute object, StringRef key) {
  return cast<DictionaryAttr>(object).getAs<IntegerAttr>(key).getInt();
}

static StringRef textIn(Attribute object, StringRef key) {
  return cast<DictionaryAttr>(object).getAs<StringAttr>(key).getValue();
}

/// The bits that Loihi's learning engine has for a variable.
static int64_t bitsOf(StringRef variable) {
  if (variable.ends_with("0"))
    return 1;
  return variable.size() == 1 ? 9 : 7;
}

//===--- Members ---===//

Attribute Typer::objectOf(const Expr &expr) {
  if (const auto *name = dyn_cast<NameExpr>(&expr)) {
    if (Local *local = findLocal(name->getName()))
      return local->value.object;
    if (frame().function)
      return {};
    Meaning meaning = names.lookup(name->getName(), name->getLoc());
    return isObject(meaning.constant) ? meaning.constant : Attribute();
  }
  const auto *member = dyn_cast<MemberExpr>(&expr);
  Attribute base = member ? objectOf(*member->getBase()) : Attribute();
  auto entries = dyn_cast_or_null<DictionaryAttr>(base);
  Attribute value = entries ? entries.get(member->getMember()) : Attribute();
  return isObject(value) ? value : Attribute();
}

/// `min` and `max` of values that are drawn: the least and greatest that can be, since nobody knows
/// which will.
FailureOr<Typed> Typer::typeDrawnExtremum(const CallExpr &call, StringRef name, Attribute object) {
  Attribute bound =
      cast<DictionaryAttr>(object).get(name == "max" ? record::greatest : record::least);
  if (!bound)
    return emitError(call.getLoc())
           << "what is drawn has no " << (name == "max" ? "upper" : "lower")
           << " bound; give the distribution a '" << name << "'";
  return typeConstant(call.getLoc(), Meaning{Meaning::Constant, bound, true, nullptr});
}

/// What the user may ask of an object.
static SmallVector<StringRef> membersOf(Attribute object) {
  switch (objectKind(object)) {
  case ObjectKind::Record: {
    SmallVector<StringRef> names;
    for (NamedAttribute entry : cast<DictionaryAttr>(object))
      names.push_back(entry.getName());
    return names;
  }
  case ObjectKind::Rule:
    return {record::products};
  case ObjectKind::Product:
    return {record::factors, record::mantissa, record::exponent, record::uk};
  case ObjectKind::Factor:
    return {"bits"};
  case ObjectKind::Drawn:
    return {record::shape};
  case ObjectKind::List:
    return {"size"};
  }
  llvm_unreachable("unknown kind of object");
}

FailureOr<Typed> Typer::typeObjectMember(const MemberExpr &expr, Attribute object) {
  StringRef name = expr.getMember();
  SmallVector<StringRef> known = membersOf(object);
  if (!llvm::is_contained(known, name))
    return emitError(expr.getMemberLoc())
           << describeObject(object) << " has no '" << name << "'" << didYouMean(name, known);
  Location loc = expr.getLoc();
  if (auto list = dyn_cast<ArrayAttr>(object))
    return Typed{emit.constantInt(loc, static_cast<int64_t>(list.size())), {}, true};
  if (objectKind(object) == ObjectKind::Factor)
    return Typed{emit.constantInt(loc, bitsOf(textIn(object, record::variable))), {}, true};
  Attribute value = cast<DictionaryAttr>(object).get(name);
  if (!value)
    return emitError(expr.getMemberLoc())
           << "the dependency of this product is '" << textIn(object, record::dependency)
           << "', which has no 'uk'";
  return typeConstant(loc, Meaning{Meaning::Constant, value, !isa<ElementsAttr>(value), nullptr});
}

//===--- Calls ---===//

FailureOr<Typed> Typer::typeObjectCall(const CallExpr &call, const MemberExpr &callee,
                                       Attribute object) {
  StringRef name = callee.getMember();
  ObjectKind kind = objectKind(object);
  if (kind == ObjectKind::Product && name == "dependency")
    return typeDependency(call, object);
  if (kind == ObjectKind::Product && name == "value")
    return typeProduct(call, object);
  if (kind == ObjectKind::Factor && name == "value")
    return typeFactor(call, object);
  if ((kind == ObjectKind::Rule || kind == ObjectKind::Product) && name == "uses")
    return typeUses(call, object);
  InFlightDiagnostic diagnostic = emitError(callee.getMemberLoc())
                                  << describeObject(object) << " has no '" << name << "(...)'";
  if (kind == ObjectKind::Product)
    diagnostic << "; it has 'dependency(...)', 'value(...)' and 'uses(...)'";
  if (kind == ObjectKind::Factor)
    diagnostic << "; it has 'value(...)'";
  if (kind == ObjectKind::Rule)
    diagnostic << "; it has 'uses(...)'";
  return diagnostic;
}

/// Arguments of a choice are given by name, and only names that can be chosen.
static LogicalResult checkChoices(const CallExpr &call, StringRef what,
                                  ArrayRef<StringRef> choices) {
  if (!call.getArgs().empty())
    return emitError(call.getArgs().front()->getLoc())
           << "'" << what << "' takes its arguments by name, as in '" << choices.front() << "=...'";
  for (const KeywordArg &keyword : call.getKeywords())
    if (!llvm::is_contained(choices, keyword.name))
      return emitError(keyword.loc) << "'" << what << "' has no argument '" << keyword.name
                                    << "'; it has '" << llvm::join(choices, "', '") << "'";
  return success();
}

FailureOr<Typed> Typer::typeChoice(const CallExpr &call, StringRef what, StringRef chosen) {
  for (const KeywordArg &keyword : call.getKeywords())
    if (keyword.name == chosen)
      return typeValue(*keyword.value);
  return emitError(call.getLoc()) << "the product has '" << chosen << "', for which '" << what
                                  << "' has no argument";
}

FailureOr<Typed> Typer::typeDependency(const CallExpr &call, Attribute product) {
  if (failed(checkChoices(call, "dependency", {"x0", "y0", "u"})))
    return failure();
  return typeChoice(call, "dependency", textIn(product, record::dependency));
}

/// `sgn(w - 1)` of the arguments that are given for variables.
FailureOr<Typed> Typer::typeFactor(const CallExpr &call, Attribute factor) {
  if (failed(checkChoices(call, "value", ruleVariables())))
    return failure();
  Location loc = call.getLoc();
  FailureOr<Typed> value = typeChoice(call, "value", textIn(factor, record::variable));
  if (succeeded(value) && value->isBool())
    value->value = emit.toElement(loc, value->value, emit.intType());
  auto entries = cast<DictionaryAttr>(factor);
  if (Attribute plus = entries.get(record::plus); plus && succeeded(value)) {
    FailureOr<Typed> addend = typeConstant(loc, Meaning{Meaning::Constant, plus, true, nullptr});
    value = binary(loc, BinaryOp::Add, *value, *addend);
  }
  if (failed(value) || !entries.contains(record::sign))
    return value;
  value->value = value->isFloat() ? emit.make<num::SignFOp>(loc, value->value)
                                  : emit.make<num::SignIOp>(loc, value->value);
  return value;
}

/// All of a product but its dependency.
FailureOr<Typed> Typer::typeProduct(const CallExpr &call, Attribute product) {
  if (failed(checkChoices(call, "value", ruleVariables())))
    return failure();
  Location loc = call.getLoc();
  double scale = std::ldexp(static_cast<double>(integerIn(product, record::mantissa)),
                            static_cast<int>(integerIn(product, record::exponent)));
  std::optional<Typed> result;
  if (scale != 1)
    result = Typed{emit.constantFloat(loc, scale), {}, true};
  for (Attribute factor : cast<DictionaryAttr>(product).getAs<ArrayAttr>(record::factors)) {
    FailureOr<Typed> value = typeFactor(call, factor);
    if (failed(value))
      return failure();
    if (result)
      value = binary(loc, BinaryOp::Mul, *result, *value);
    if (failed(value))
      return failure();
    result = *value;
  }
  return result ? *result : Typed{emit.constantFloat(loc, 1), {}, true};
}

/// Whether a variable is the dependency or a factor of a product.
static bool productUses(Attribute product, StringRef variable) {
  if (textIn(product, record::dependency) == variable)
    return true;
  return llvm::any_of(
      cast<DictionaryAttr>(product).getAs<ArrayAttr>(record::factors),
      [&](Attribute factor) { return textIn(factor, record::variable) == variable; });
}

/// `rule.uses("x1")`, also of a product.
FailureOr<Typed> Typer::typeUses(const CallExpr &call, Attribute object) {
  FailureOr<Arguments> args = typeArguments(call, "uses", /*allowStrings=*/true);
  if (failed(args) || failed(expectArguments(*args, 1, 1)))
    return failure();
  std::optional<std::string> name = args->positional.front().text;
  SmallVector<StringRef> variables(ruleVariables());
  variables.push_back("u");
  if (!name || !llvm::is_contained(variables, *name))
    return emitError(call.getArgs().front()->getLoc())
           << "'uses' expects the name of a variable of rules, one of '"
           << llvm::join(variables, "', '") << "'";
  bool isUsed = objectKind(object) == ObjectKind::Product
                    ? productUses(object, *name)
                    : llvm::any_of(cast<DictionaryAttr>(object).getAs<ArrayAttr>(record::products),
                                   [&](Attribute product) { return productUses(product, *name); });
  return Typed{emit.constantBool(call.getLoc(), isUsed), {}, false};
}

//===--- Loops over lists ---===//

/// The parts of a list that is known at compile time: objects, or parts of a tensor along its first
/// axis. Nothing if it is no such list.
std::optional<SmallVector<Typed>> Typer::partsOf(Location loc, const Typed &list) {
  SmallVector<Typed> parts;
  if (auto objects = dyn_cast_or_null<ArrayAttr>(list.object)) {
    for (Attribute object : objects)
      parts.push_back(*typeConstant(loc, Meaning{Meaning::Constant, object, false, nullptr}));
    return parts;
  }
  std::optional<DenseElementsAttr> constant =
      list.value && !list.sparse ? constantOf(list.value) : std::nullopt;
  if (!constant || list.shape().empty())
    return std::nullopt;
  auto values = llvm::to_vector(constant->getValues<Attribute>());
  int64_t count = list.shape().front();
  RankedTensorType type = emit.tensor(list.shape().drop_front(), list.element());
  size_t size = type.getNumElements();
  for (int64_t k = 0; k < count; ++k) {
    auto part = DenseElementsAttr::get(type, ArrayRef(values).slice(k * size, size));
    parts.push_back(Typed{emit.constant(loc, part), {}, false});
  }
  return parts;
}

/// `for p in rule.products { }`: the body once for each part.
LogicalResult Typer::typeForList(const ForStmt &stmt) {
  const Expr &iterable = *stmt.getIterable();
  FailureOr<Typed> list = typeExpr(iterable);
  if (failed(list))
    return failure();
  std::optional<SmallVector<Typed>> parts = partsOf(iterable.getLoc(), *list);
  if (!parts)
    return emitError(iterable.getLoc())
           << "a loop goes over 'range(start, stop)' or over a list that is known at compile time, "
              "found "
           << describe(*list);
  for (const Typed &part : *parts) {
    if (++unrolledBodies > maxUnrolled)
      return emitError(stmt.getLoc())
             << "loops over lists have more than " << maxUnrolled << " bodies here";
    frame().scopes.emplace_back();
    LogicalResult result = declare(stmt.getVariable(), part);
    if (succeeded(result))
      result = typeBlock(*stmt.getBody());
    frame().scopes.pop_back();
    if (failed(result))
      return failure(); // the others would only repeat the error
  }
  return success();
}

} // namespace basalt::frontend
