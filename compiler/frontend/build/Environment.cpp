// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/Environment.h"
#include "compiler/frontend/behaviour/Parser.h"
#include "compiler/frontend/typing/Typer.h"

#include "compiler/frontend/typing/Record.h"
#include "dialect/proc/Rules.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ScopeExit.h"

using namespace mlir;

namespace basalt::frontend {

/// A name may depend on a name that depends on a name: so often, and as long as the expressions
/// together leave the stack with room for one more.
static constexpr unsigned maxDepth = 50;
static constexpr ptrdiff_t maxStack = ptrdiff_t(1) << 20;
/// More elements are refused: a Var of so many does not fit the memory of any machine that we know.
static constexpr int64_t maxElements = int64_t(1) << 36;
static constexpr size_t maxRank = 32;

void Environment::define(StringRef name, Location loc, Evaluate evaluate) {
  items.try_emplace(name.str(), Item{Item::Pending, loc, std::move(evaluate), std::nullopt});
}

void Environment::define(StringRef name, Constant value) {
  Location loc = value.loc;
  items.try_emplace(name.str(), Item{Item::Done, loc, {}, value});
}

void Environment::redefine(StringRef name, Constant value) {
  items.erase(name.str());
  define(name, value);
}

FailureOr<Constant> Environment::get(StringRef name, Location use) {
  auto it = items.find(name.str());
  assert(it != items.end() && "get of a name that is not defined");
  Item &item = it->second;
  if (item.state == Item::Done)
    return *item.value;
  if (item.state == Item::Failed)
    return failure();
  return evaluate(name, item, use);
}

FailureOr<Constant> Environment::evaluate(StringRef name, Item &item, Location use) {
  if (item.state == Item::Evaluating) {
    item.state = Item::Failed;
    InFlightDiagnostic diagnostic = emitError(item.loc) << "'" << name << "' depends on itself";
    diagnostic.attachNote(use) << "used here";
    return diagnostic;
  }
  item.state = Item::Evaluating;
  const char *here = static_cast<const char *>(__builtin_frame_address(0));
  if (depth == 0)
    stackBase = here;
  if (depth >= maxDepth || stackBase - here > maxStack) {
    item.state = Item::Failed;
    return emitError(use) << "names depend on each other too deeply: '" << name
                          << "' is one too many";
  }
  ++depth;
  llvm::scope_exit leave([&] { --depth; });
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
  // A name alone passes on also what is not known yet.
  if (const auto *name = dyn_cast<behaviour::NameExpr>(&expr); name && contains(name->getName()))
    if (FailureOr<Constant> value = get(name->getName(), expr.getLoc());
        succeeded(value) && value->drawn) {
      value->loc = expr.getLoc();
      return value;
    }
  // The ops of the expression fold as they are built; the block only holds the constants.
  mlir::Block scratch;
  OpBuilder builder(context);
  builder.setInsertionPointToStart(&scratch);
  Typer typer(builder, Place::Constant, *this, functions);
  FailureOr<Typed> typed = typer.typeExpr(expr);
  if (failed(typed))
    return failure();
  return constantFrom(typer.toDense(expr.getLoc(), *typed), expr.getLoc());
}

FailureOr<Constant> Environment::evaluate(StringRef text, FileLineColLoc loc) {
  behaviour::AstContext ast;
  auto expr = behaviour::parseExpression(
      {text, context, loc.getFilename().getValue(), loc.getLine(), loc.getColumn()}, ast);
  if (failed(expr))
    return failure();
  return evaluate(**expr);
}

/// What expressions know of values that are drawn when a run starts.
static Attribute drawnObject(const Constant &value) {
  mlir::Builder builder(value.value.getContext());
  DenseElementsAttr elements = value.elements();
  Attribute least, greatest;
  if (value.drawn.getKind() != proc::DistributionKind::Constant) {
    proc::LimitsAttr support = proc::supportOf(value.drawn);
    least = support.getLow();
    greatest = support.getHigh();
  } else if (elements.getNumElements() > 0) {
    least = greatest = elements.getSplatValue<Attribute>();
  } else {
    least = greatest = builder.getI64IntegerAttr(0);
  }
  SmallVector<NamedAttribute> entries{
      builder.getNamedAttr(record::shape, builder.getI64TensorAttr(value.shape()))};
  if (least)
    entries.push_back(builder.getNamedAttr(record::least, least));
  if (greatest)
    entries.push_back(builder.getNamedAttr(record::greatest, greatest));
  return builder.getDictionaryAttr(entries);
}

Meaning Environment::lookup(StringRef name, Location use) {
  if (!contains(name))
    return {};
  FailureOr<Constant> value = get(name, use);
  if (failed(value))
    return {Meaning::Poisoned, {}, false, nullptr};
  if (value->drawn)
    return {Meaning::Constant, drawnObject(*value), false, nullptr};
  return {Meaning::Constant, value->value, value->isWeak, nullptr, value->sparse};
}

LogicalResult Environment::appendExtents(const behaviour::Expr &expr,
                                         SmallVectorImpl<int64_t> &extents) {
  const auto *star = dyn_cast<behaviour::StarExpr>(&expr);
  const behaviour::Expr &inner = star ? *star->getOperand() : expr;
  FailureOr<Constant> value = evaluate(inner);
  if (failed(value))
    return failure();
  // A name that stands alone is wrong where it gets its value.
  const auto *name = dyn_cast<behaviour::NameExpr>(&inner);
  auto item = name ? items.find(name->getName().str()) : items.end();
  auto refuse = [&](const Twine &found) -> LogicalResult {
    bool isGiven = item != items.end() && item->second.value;
    InFlightDiagnostic diagnostic = emitError(isGiven ? item->second.value->loc : inner.getLoc())
                                    << found;
    if (isGiven)
      diagnostic.attachNote(inner.getLoc()) << "of this extent";
    return diagnostic;
  };
  auto integers = value->isNumber() ? value->elements() : DenseElementsAttr();
  if (!integers || !integers.getElementType().isInteger(64) || value->shape().size() > 1)
    return refuse("an extent must be an integer, or a list of integers, found " + describe(*value));
  for (const llvm::APInt &extent : integers.getValues<llvm::APInt>()) {
    if (extent.isNegative())
      return refuse("the extent " + Twine(extent.getSExtValue()) + " is negative");
    extents.push_back(extent.getSExtValue());
  }
  return success();
}

LogicalResult checkShape(Location loc, ArrayRef<int64_t> extents) {
  if (extents.size() > maxRank)
    return emitError(loc) << "a shape of " << extents.size() << " axes; at most " << maxRank
                          << " are possible";
  int64_t count = 1;
  for (int64_t extent : extents) {
    if (ShapedType::isDynamic(extent) || extent == 0)
      continue;
    if (count > maxElements / extent)
      return emitError(loc) << "the shape " << proc::spellShape(extents) << " is too large";
    count *= extent;
  }
  return success();
}

void Environment::list(SmallVectorImpl<StringRef> &names) {
  for (const auto &item : items)
    if (!StringRef(item.first).contains('.')) // what a sparse Var is made of is no name of the user
      names.push_back(item.first);
}

} // namespace basalt::frontend
