// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types of the declarations of one use of a class: names of extents are bound to what is given,
// then shapes are evaluated. What is not known yet stays open, for connections to give.
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/build/Generator.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt::frontend {

//===--- Names of extents ---===//

/// The name that a part of a shape consists of, perhaps behind a star, or null.
static const behaviour::NameExpr *nameOf(const behaviour::Expr *expr) {
  if (const auto *star = dyn_cast<behaviour::StarExpr>(expr))
    expr = star->getOperand();
  return dyn_cast<behaviour::NameExpr>(expr);
}

/// That name if nothing has bound it yet.
static const behaviour::NameExpr *unboundName(const behaviour::Expr *expr, const Environment &env) {
  const behaviour::NameExpr *name = nameOf(expr);
  return name && !env.contains(name->getName()) ? name : nullptr;
}

/// Axes that a part of a shape takes, if it is not a star that is left to bind.
static FailureOr<size_t> axesOf(const behaviour::Expr *expr, Environment &env) {
  if (unboundName(expr, env))
    return 1;
  if (const auto *star = dyn_cast<behaviour::StarExpr>(expr))
    expr = star->getOperand();
  FailureOr<Constant> known = env.evaluate(*expr);
  if (failed(known))
    return failure();
  if (!known->isNumber() || known->shape().empty())
    return 1;
  return known->elements().getNumElements();
}

/// Axes of a value of shape `shape` that each part of the pattern takes.
FailureOr<SmallVector<size_t>> Builder::matchShape(Use &use, const ValueDecl &decl,
                                                   const Constant &value) {
  SmallVector<size_t> lengths;
  size_t fixed = 0;
  size_t *star = nullptr;
  lengths.reserve(decl.shape->size());
  for (const behaviour::Expr *expr : *decl.shape) {
    const behaviour::NameExpr *name = unboundName(expr, *use.env);
    if (name && isa<behaviour::StarExpr>(expr)) {
      if (star)
        return emitError(expr->getLoc(), "a shape can have only one '*'");
      star = &lengths.emplace_back(0);
      continue;
    }
    FailureOr<size_t> length = axesOf(expr, *use.env);
    if (failed(length))
      return failure();
    lengths.push_back(*length);
    fixed += *length;
  }
  size_t rank = value.shape().size();
  if (star && rank >= fixed) {
    *star = rank - fixed;
    return lengths;
  }
  if (fixed == rank)
    return lengths;
  InFlightDiagnostic diagnostic =
      emitError(value.loc) << "'" << decl.name << "' of '" << use.path << "' has " << fixed
                           << (star         ? " axes or more"
                               : fixed == 1 ? " axis"
                                            : " axes")
                           << ", but the value has shape " << proc::spellShape(value.shape());
  diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
  return diagnostic;
}

/// Binds names of extents that are not known otherwise to the extents of a given value.
LogicalResult Builder::bindShapeNames(Use &use, const ValueDecl &decl, const Constant &value) {
  auto isUnbound = [&](const behaviour::Expr *expr) { return unboundName(expr, *use.env); };
  if (value.shape().empty() || llvm::none_of(*decl.shape, isUnbound))
    return success();
  FailureOr<SmallVector<size_t>> lengths = matchShape(use, decl, value);
  if (failed(lengths))
    return failure();
  Type i64 = IntegerType::get(context, 64);
  ArrayRef<int64_t> rest = value.shape();
  for (auto [expr, length] : llvm::zip(*decl.shape, *lengths)) {
    ArrayRef<int64_t> extents = rest.take_front(length);
    rest = rest.drop_front(length);
    const behaviour::NameExpr *name = isUnbound(expr);
    if (!name)
      continue;
    Attribute bound = IntegerAttr::get(i64, length == 1 ? extents.front() : 0);
    if (isa<behaviour::StarExpr>(expr))
      bound = DenseElementsAttr::get(RankedTensorType::get({static_cast<int64_t>(length)}, i64),
                                     extents);
    use.env->define(name->getName(), Constant{bound, value.loc, true});
    use.structural.push_back(name->getName().str());
  }
  return success();
}

LogicalResult Builder::bindShapeNames(Use &use) {
  LogicalResult result = success();
  for (const ValueDecl &decl : use.cls->values) {
    // The number of the entries is a part of the type, so their matrix is known before any
    // connection.
    const ValueDecl *pattern = use.cls->findPattern(decl);
    bool binds = pattern ? pattern == &decl && use.env->contains(decl.name)
                         : decl.shape && use.given.contains(decl.name);
    const yaml::Node *node = nodeOf(use, decl);
    // A random value takes the shape that it finds.
    bool isShapeless = node && (isGenerator(*node) || (isRule(*node) && !node->find("shape")));
    if (!binds || isShapeless)
      continue;
    FailureOr<Constant> value = use.env->get(decl.name, use.loc);
    if (failed(value) || failed(bindShapeNames(use, decl, *value)))
      result = failure();
  }
  return result;
}

//===--- Shapes ---===//

namespace {
/// A shape with the names of what is open.
struct OpenShape {
  SmallVector<int64_t> extents;
  SmallVector<Attribute> names; ///< as in proc.var
  bool isOpen = false;
  bool isUnranked = false;
};
} // namespace

static FailureOr<OpenShape> evaluateShape(ArrayRef<const behaviour::Expr *> shape,
                                          const llvm::StringSet<> &starredNames, Environment &env) {
  OpenShape result;
  mlir::Builder attributes(env.getContext());
  for (const behaviour::Expr *expr : shape) {
    if (const behaviour::NameExpr *name = unboundName(expr, env)) {
      bool isSpliced = isa<behaviour::StarExpr>(expr) || starredNames.contains(name->getName());
      if (isSpliced && result.isUnranked)
        return emitError(expr->getLoc(), "a shape can have only one '*'");
      result.isOpen = true;
      result.isUnranked |= isSpliced;
      result.extents.push_back(ShapedType::kDynamic);
      result.names.push_back(attributes.getStringAttr((isSpliced ? "*" : "") + name->getName()));
      continue;
    }
    size_t known = result.extents.size();
    if (failed(env.appendExtents(*expr, result.extents)))
      return failure();
    for (int64_t extent : ArrayRef(result.extents).drop_front(known))
      result.names.push_back(attributes.getStringAttr(Twine(extent)));
  }
  return result;
}

/// The tensor type of a declaration.
FailureOr<Type>
Builder::declaredType(Use &use, StringRef typeName,
                      const std::optional<SmallVector<const behaviour::Expr *>> &shape,
                      ArrayRef<int64_t> otherwise, ArrayAttr &shapeNames) {
  Type element = proc::parseElement(context, typeName);
  if (!element)
    element = proc::NamedType::get(context, typeName);
  if (!shape)
    return Type(RankedTensorType::get(otherwise, element));
  FailureOr<OpenShape> open = evaluateShape(*shape, use.cls->starredNames, *use.env);
  if (failed(open) ||
      (!shape->empty() && failed(checkShape(shape->front()->getLoc(), open->extents))))
    return failure();
  if (open->isOpen)
    shapeNames = ArrayAttr::get(context, open->names);
  if (open->isUnranked)
    return Type(UnrankedTensorType::get(element));
  return Type(RankedTensorType::get(open->extents, element));
}

/// The type of a parameter or Var; without a declared shape it has that of its value.
FailureOr<Type> Builder::declaredValueType(Use &use, const ValueDecl &decl, ArrayAttr &names) {
  if (const ValueDecl *pattern = use.cls->findPattern(decl))
    return declaredType(use, decl.typeName, pattern->shape, {}, names);
  SmallVector<int64_t> otherwise;
  if (!decl.shape && use.env->contains(decl.name)) {
    FailureOr<Constant> value = use.env->get(decl.name, use.loc);
    if (failed(value))
      return failure();
    llvm::append_range(otherwise, value->shape());
  }
  return declaredType(use, decl.typeName, decl.shape, otherwise, names);
}

//===--- Random values ---===//

const yaml::Node *Builder::nodeOf(const Use &use, const ValueDecl &decl) {
  auto given = use.given.find(decl.name);
  return given == use.given.end() ? decl.initNode : given->second->value;
}

/// A random value of the declared shape, which other values must have bound.
FailureOr<Constant> Builder::generatedValue(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                            Environment &scope) {
  const ValueDecl *pattern = use.cls->findPattern(decl);
  if (pattern && pattern != &decl && use.env->contains(pattern->name)) {
    FailureOr<Constant> entries = use.env->get(pattern->name, node.loc());
    if (failed(entries))
      return failure();
    if (entries->drawn)
      return drawnValue(node, *entries, scope);
    if (use.listed.contains(pattern->name)) {
      Type element = proc::parseElement(context, decl.typeName);
      auto type = RankedTensorType::get(entries->elements().getType().getShape(),
                                        element ? element : Float64Type::get(context));
      return generate(node, use.path + "." + decl.name.str(), type, scope, files);
    }
  }
  ArrayAttr names;
  FailureOr<Type> type =
      declaredType(use, decl.typeName, pattern ? pattern->shape : decl.shape, {}, names);
  if (failed(type))
    return failure();
  std::string name = use.path + "." + decl.name.str();
  auto tensor = dyn_cast<RankedTensorType>(*type);
  if (!tensor || !tensor.hasStaticShape()) {
    InFlightDiagnostic diagnostic = emitError(node.loc())
                                    << "the shape of '" << name
                                    << "' must be known, because its value is random";
    diagnostic.attachNote(decl.loc) << "declared as " << proc::spellType(*type)
                                    << "; no other value or parameter gives the shape";
    return diagnostic;
  }
  return generate(node, name, tensor, scope, files);
}

LogicalResult Builder::declareTypes(Use &use) {
  // The place in the declaration does not say which instance makes it wrong.
  ScopedDiagnosticHandler addInstance(context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      diagnostic.attachNote(use.loc) << "in this instance";
    return failure(); // not handled yet
  });
  for (const ValueDecl &decl : use.cls->values) {
    FailureOr<Type> type = Type();
    ArrayAttr names;
    proc::SparseAttr sparse;
    if (decl.isVar)
      type = storesEntries(use, decl) ? sparseType(use, decl, sparse)
                                      : declaredValueType(use, decl, names);
    if (failed(type)) // others would only repeat it
      return failure();
    use.valueTypes.push_back(*type);
    use.valueSparse.push_back(sparse);
    use.valueShapeNames.push_back(names);
  }
  for (const PortDecl &port : use.cls->ports) {
    FailureOr<Type> type = Type();
    ArrayAttr names;
    if (port.kind != behaviour::PortKind::Var &&
        failed(type = declaredType(use, port.typeName, port.shape, {}, names)))
      return failure();
    use.portTypes.push_back(*type);
    use.portShapeNames.push_back(names);
  }
  return success();
}

//===--- Typed parameters ---===//

/// The value of a parameter with a declared type: exact, of that type and shape.
FailureOr<Constant> Builder::typedParameter(Use &use, const ValueDecl &decl, Constant value) {
  if (decl.typeName == "rule" || decl.typeName == kRecordType)
    return value;
  ArrayAttr names;
  FailureOr<Type> type = declaredValueType(use, decl, names);
  if (failed(type))
    return failure();
  auto tensor = dyn_cast<RankedTensorType>(*type);
  if (!tensor || !proc::isConcrete(tensor))
    return emitError(decl.loc) << "the type of the parameter '" << decl.name
                               << "' is not known: " << proc::spellType(*type);
  return convertExactly(value, tensor, "'" + decl.name.str() + "' of '" + use.path + "'");
}

} // namespace basalt::frontend
