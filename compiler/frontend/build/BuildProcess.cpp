// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a class and what an instance gives for it to a process type. Uses that give the same
// structure share one.
#include "compiler/frontend/TypeBehaviours.h"
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/typing/Emitter.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/SmallString.h"

using namespace mlir;

namespace basalt::frontend {

//===--- Classes ---===//

FailureOr<const ProcessClass *> Builder::parseClass(ClassSource &source) {
  if (source.state == ClassSource::Done)
    return source.parsed.get();
  if (source.state == ClassSource::Failed)
    return failure();
  const yaml::Entry &entry = *source.entry;
  if (source.state == ClassSource::Parsing)
    return emitError(entry.keyLoc()) << "'" << entry.key() << "' extends itself";
  source.state = ClassSource::Parsing;
  const ProcessClass *base = nullptr;
  if (const yaml::Node *extends = entry.value->find("extends")) {
    FailureOr<const ProcessClass *> found = findClass(extends->text(), extends->loc());
    if (failed(found)) {
      source.state = ClassSource::Failed;
      return failure();
    }
    base = *found;
  }
  auto parsed = parseProcessClass(entry.key(), entry.keyLoc(), *entry.value, base, ast);
  source.state = failed(parsed) ? ClassSource::Failed : ClassSource::Done;
  if (failed(parsed))
    return failure();
  source.parsed = std::move(*parsed);
  return source.parsed.get();
}

FailureOr<const ProcessClass *> Builder::findClass(StringRef name, Location use) {
  auto it = classes.find(name);
  if (it != classes.end())
    return parseClass(it->second);
  SmallVector<StringRef> names;
  for (const auto &entry : classes)
    names.push_back(entry.getKey());
  llvm::sort(names);
  return emitError(use) << "unknown process '" << name << "'" << didYouMean(name, names);
}

LogicalResult Builder::parseClasses() {
  SmallVector<ClassSource *> inOrder;
  for (auto &entry : classes)
    inOrder.push_back(&entry.second);
  llvm::sort(inOrder, [](const ClassSource *a, const ClassSource *b) {
    return a->entry->key() < b->entry->key();
  });
  LogicalResult result = success();
  for (ClassSource *source : inOrder)
    if (failed(parseClass(*source)))
      result = failure();
  return result;
}

bool Builder::isHierarchical(const ProcessClass &cls) {
  return cls.models && llvm::any_of(cls.models->items(), [](const yaml::Node *model) {
           return model->find("network") != nullptr;
         });
}

//===--- What is given ---===//

LogicalResult Builder::collectGiven(Use &use, const yaml::Node &node, Environment &outer) {
  LogicalResult result = success();
  for (const yaml::Entry &entry : node.entries()) {
    if (entry.key() == "class")
      continue;
    if (use.cls->findValue(entry.key())) {
      use.given[entry.key()] = &entry;
      const yaml::Node *value = entry.value;
      use.env->define(entry.key(), value->loc(), [this, value, &outer]() -> FailureOr<Constant> {
        return readConstant(*value, outer, files);
      });
      continue;
    }
    result = failure();
    InFlightDiagnostic diagnostic = emitError(entry.keyLoc());
    if (use.cls->findPort(entry.key()))
      diagnostic << "'" << entry.key() << "' is a port of '" << use.cls->name
                 << "', which takes no value";
    else {
      SmallVector<StringRef> names;
      for (const ValueDecl &decl : use.cls->values)
        names.push_back(decl.name);
      diagnostic << "'" << use.cls->name << "' has no parameter or Var '" << entry.key() << "'"
                 << didYouMean(entry.key(), names);
    }
    diagnostic.attachNote(use.cls->loc) << "'" << use.cls->name << "' is declared here";
  }
  return result;
}

FailureOr<Constant> Builder::defaultOf(const ValueDecl &decl, Environment &env) {
  if (decl.text)
    return Constant{StringAttr::get(context, *decl.text), decl.initLoc, true};
  if (decl.initNode)
    return readConstant(*decl.initNode, env, files);
  return env.evaluate(*decl.init);
}

void Builder::defineDefaults(Use &use) {
  for (const ValueDecl &decl : use.cls->values)
    if (!decl.isRequired)
      use.env->define(decl.name, decl.initLoc,
                      [this, &use, &decl] { return defaultOf(decl, *use.env); });
}

bool Builder::isLiteral(const ValueDecl &decl) {
  const behaviour::Expr *init = decl.init;
  if (const auto *minus = dyn_cast_or_null<behaviour::UnaryExpr>(init))
    init = minus->getOperand();
  return isa_and_nonnull<behaviour::IntLiteral, behaviour::FloatLiteral, behaviour::BoolLiteral>(
      init);
}

//===--- Shapes ---===//

/// Binds names of extents that are not known otherwise to the extents of a given value.
LogicalResult Builder::bindShapeNames(Use &use, const ValueDecl &decl, const Constant &value) {
  ArrayRef<int64_t> shape = value.shape();
  ArrayRef<const behaviour::Expr *> pattern = *decl.shape;
  auto unbound = [&](const behaviour::Expr *expr) -> const behaviour::NameExpr * {
    if (const auto *star = dyn_cast<behaviour::StarExpr>(expr))
      expr = star->getOperand();
    const auto *name = dyn_cast<behaviour::NameExpr>(expr);
    return name && !use.env->contains(name->getName()) ? name : nullptr;
  };
  if (shape.empty() || llvm::none_of(pattern, unbound))
    return success();
  SmallVector<size_t>
      lengths; // axes that each part of the pattern takes; the star's is what is left
  size_t fixed = 0;
  std::optional<size_t> star;
  for (auto [position, expr] : llvm::enumerate(pattern)) {
    size_t length = 1;
    if (isa<behaviour::StarExpr>(expr)) {
      if (star)
        return emitError(expr->getLoc(), "a shape can have only one '*'");
      star = position;
      length = 0;
    } else if (!unbound(expr)) {
      FailureOr<Constant> known = use.env->evaluate(*expr);
      if (failed(known))
        return failure();
      length = known->isString()        ? 1
               : known->shape().empty() ? 1
                                        : known->elements().getNumElements();
    }
    lengths.push_back(length);
    fixed += length;
  }
  if (star && shape.size() >= fixed)
    lengths[*star] = shape.size() - fixed;
  else if (fixed != shape.size()) {
    InFlightDiagnostic diagnostic = emitError(value.loc)
                                    << "'" << decl.name << "' of '" << use.path << "' has " << fixed
                                    << (star         ? " axes or more"
                                        : fixed == 1 ? " axis"
                                                     : " axes")
                                    << ", but the value has shape " << proc::spellShape(shape);
    diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
    return diagnostic;
  }
  size_t axis = 0;
  for (auto [expr, length] : llvm::zip(pattern, lengths)) {
    if (const behaviour::NameExpr *name = unbound(expr)) {
      ArrayRef<int64_t> extents = shape.slice(axis, length);
      Attribute bound =
          isa<behaviour::StarExpr>(expr)
              ? Attribute(
                    DenseElementsAttr::get(RankedTensorType::get({static_cast<int64_t>(length)},
                                                                 IntegerType::get(context, 64)),
                                           extents))
              : Attribute(IntegerAttr::get(IntegerType::get(context, 64), extents.front()));
      use.env->define(name->getName(), Constant{bound, value.loc, true});
      use.structural.push_back(name->getName().str());
    }
    axis += length;
  }
  return success();
}

LogicalResult Builder::bindShapeNames(Use &use) {
  LogicalResult result = success();
  for (const ValueDecl &decl : use.cls->values) {
    if (!decl.shape || !use.given.contains(decl.name))
      continue;
    FailureOr<Constant> value = use.env->get(decl.name, use.loc);
    if (failed(value) || failed(bindShapeNames(use, decl, *value)))
      result = failure();
  }
  return result;
}

/// The tensor type of a declaration. Extents that no name binds are left open, for connections to
/// give.
FailureOr<Type>
Builder::declaredType(Use &use, StringRef typeName,
                      const std::optional<SmallVector<const behaviour::Expr *>> &shape,
                      ArrayRef<int64_t> otherwise, ArrayAttr &shapeNames) {
  Type element = proc::parseElement(context, typeName);
  if (!element)
    element = proc::NamedType::get(context, typeName);
  if (!shape)
    return Type(RankedTensorType::get(otherwise, element));
  mlir::Builder attributes(context);
  SmallVector<int64_t> extents;
  SmallVector<Attribute> names;
  bool isOpen = false, isUnranked = false;
  for (const behaviour::Expr *expr : *shape) {
    const auto *star = dyn_cast<behaviour::StarExpr>(expr);
    const behaviour::Expr *inner = star ? star->getOperand() : expr;
    const auto *name = dyn_cast<behaviour::NameExpr>(inner);
    if (name && !use.env->contains(name->getName())) {
      isOpen = true;
      bool isSpliced = star || use.cls->starredNames.contains(name->getName());
      isUnranked |= isSpliced;
      extents.push_back(ShapedType::kDynamic);
      names.push_back(attributes.getStringAttr((isSpliced ? "*" : "") + name->getName()));
      continue;
    }
    FailureOr<Constant> value = use.env->evaluate(*inner);
    if (failed(value))
      return failure();
    auto integers = value->isString() ? DenseElementsAttr() : value->elements();
    if (!integers || !integers.getElementType().isInteger(64) || value->shape().size() > 1)
      return emitError(inner->getLoc(), "an extent must be an integer, or a list of integers");
    for (const llvm::APInt &extent : integers.getValues<llvm::APInt>()) {
      if (extent.isNegative())
        return emitError(inner->getLoc())
               << "the extent " << extent.getSExtValue() << " is negative";
      extents.push_back(extent.getSExtValue());
      names.push_back(attributes.getStringAttr(Twine(extent.getSExtValue())));
    }
  }
  int64_t count = 1;
  for (int64_t extent : extents)
    if (!ShapedType::isDynamic(extent) && extent > 0) {
      if (count > (int64_t(1) << 40) / extent)
        return emitError(shape->front()->getLoc())
               << "the shape " << proc::spellShape(extents) << " is too large";
      count *= extent;
    }
  if (isOpen)
    shapeNames = attributes.getArrayAttr(names);
  if (isUnranked)
    return Type(UnrankedTensorType::get(element));
  return Type(RankedTensorType::get(extents, element));
}

LogicalResult Builder::declareTypes(Use &use) {
  LogicalResult result = success();
  for (const ValueDecl &decl : use.cls->values) {
    use.valueTypes.emplace_back();
    use.valueShapeNames.emplace_back();
    if (!decl.isVar)
      continue;
    SmallVector<int64_t> otherwise;
    bool isKnown = use.env->contains(decl.name);
    if (!decl.shape && isKnown) {
      FailureOr<Constant> value = use.env->get(decl.name, use.loc);
      if (failed(value)) {
        result = failure();
        continue;
      }
      otherwise.assign(value->shape().begin(), value->shape().end());
    }
    FailureOr<Type> type =
        declaredType(use, decl.typeName, decl.shape, otherwise, use.valueShapeNames.back());
    if (failed(type))
      result = failure();
    else
      use.valueTypes.back() = *type;
  }
  for (const PortDecl &port : use.cls->ports) {
    use.portTypes.emplace_back();
    use.portShapeNames.emplace_back();
    if (port.kind == behaviour::PortKind::Var)
      continue;
    FailureOr<Type> type =
        declaredType(use, port.typeName, port.shape, {}, use.portShapeNames.back());
    if (failed(type))
      result = failure();
    else
      use.portTypes.back() = *type;
  }
  return result;
}

//===--- Parameters ---===//

/// The value of a parameter with a declared type: exact, of that type and shape.
FailureOr<Constant> Builder::typedParameter(Use &use, const ValueDecl &decl, Constant value) {
  ArrayAttr names;
  SmallVector<int64_t> otherwise(value.shape());
  FailureOr<Type> type = declaredType(use, decl.typeName, decl.shape, otherwise, names);
  if (failed(type))
    return failure();
  auto tensor = dyn_cast<RankedTensorType>(*type);
  if (!tensor || !proc::isConcrete(tensor))
    return emitError(decl.loc) << "the type of the parameter '" << decl.name
                               << "' is not known: " << proc::spellType(*type);
  if (value.isString())
    return emitError(value.loc) << "'" << decl.name << "' of '" << use.path << "' is "
                                << proc::spellType(tensor) << ", found a string";
  auto exact = proc::convertInitialValue(value.loc, "'" + decl.name + "' of '" + use.path + "'",
                                         value.elements(), tensor);
  if (failed(exact))
    return failure();
  mlir::Block scratch;
  OpBuilder builder(context);
  builder.setInsertionPointToStart(&scratch);
  Emitter emit(builder);
  Value widened = emit.widen(value.loc, emit.constant(value.loc, *exact), tensor.getElementType());
  return Constant{*constantOf(widened), value.loc, false};
}

LogicalResult Builder::checkLimit(Use &use, StringRef name, const Constant &value) {
  auto it = use.cls->limits.find(name);
  if (it == use.cls->limits.end())
    return success();
  const yaml::Node &limit = *it->second;
  auto refuse = [&](StringRef found) {
    InFlightDiagnostic diagnostic = emitError(value.loc)
                                    << "'" << name << "' of '" << use.path << "' is " << found
                                    << ", which is outside its limits";
    diagnostic.attachNote(limit.loc()) << "the limits of '" << name << "' are declared here";
    return diagnostic;
  };
  if (limit.isSequence()) {
    std::string found;
    if (auto text = dyn_cast<StringAttr>(value.value))
      found = text.str();
    else
      llvm::raw_string_ostream(found) << value.value;
    bool isListed = llvm::any_of(limit.items(), [&](const yaml::Node *item) {
      return item->text() == found || item->text() == StringRef(found).split(' ').first;
    });
    return isListed ? success() : LogicalResult(refuse("'" + found + "'"));
  }
  FailureOr<behaviour::Source> source = sourceOf(limit, context, "a limit");
  if (failed(source))
    return failure();
  auto parsed = behaviour::parseLimit(*source, ast);
  if (failed(parsed))
    return failure();
  if (value.isString())
    return refuse("a string");
  auto toDouble = [](Attribute element) {
    auto integer = dyn_cast<IntegerAttr>(element);
    return integer ? static_cast<double>(integer.getInt())
                   : cast<FloatAttr>(element).getValueAsDouble();
  };
  for (const behaviour::Expr *bound : {parsed->lower, parsed->upper}) {
    if (!bound)
      continue;
    FailureOr<Constant> edge = use.env->evaluate(*bound);
    if (failed(edge))
      return failure();
    if (edge->isString() || !edge->shape().empty())
      return emitError(bound->getLoc(), "a limit must be a number");
    double limitValue = toDouble(*edge->elements().getValues<Attribute>().begin());
    for (Attribute element : value.elements().getValues<Attribute>()) {
      double number = toDouble(element);
      if (bound == parsed->lower ? number >= limitValue : number <= limitValue)
        continue;
      SmallString<16> text;
      llvm::APFloat(number).toString(text);
      return refuse(text);
    }
  }
  return success();
}

LogicalResult Builder::checkParameters(Use &use) {
  LogicalResult result = success();
  for (const ValueDecl &decl : use.cls->values) {
    if (!use.env->contains(decl.name)) {
      // Vars of hierarchical processes are those of children, or have no storage at all.
      if (decl.isVar && isHierarchical(*use.cls))
        continue;
      InFlightDiagnostic diagnostic = emitError(use.loc)
                                      << "the " << (decl.isVar ? "Var" : "parameter") << " '"
                                      << decl.name << "' of '" << use.path << "' must be given";
      diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here, without a value";
      result = failure();
      continue;
    }
    FailureOr<Constant> value = use.env->get(decl.name, use.loc);
    if (failed(value) || failed(checkLimit(use, decl.name, *value))) {
      result = failure();
      continue;
    }
    if (decl.isVar && value->isString()) {
      result = emitError(value->loc) << "'" << decl.name << "' of '" << use.path
                                     << "' is a Var, which holds numbers, found a string";
    }
  }
  return result;
}

//===--- The process type ---===//

std::string Builder::keyOf(Use &use) {
  std::string key;
  llvm::raw_string_ostream out(key);
  out << use.cls->name;
  auto add = [&](StringRef name) {
    FailureOr<Constant> value =
        use.env->contains(name) ? use.env->get(name, use.loc) : FailureOr<Constant>();
    if (succeeded(value))
      out << ';' << name << '=' << value->value << (value->isWeak ? "" : "!");
  };
  for (StringRef name : use.structural)
    add(name);
  if (isHierarchical(*use.cls))
    for (const ValueDecl &decl : use.cls->values)
      add(decl.name);
  for (Type type : use.valueTypes)
    out << ';' << type;
  for (Type type : use.portTypes)
    out << ';' << type;
  return key;
}

LogicalResult Builder::buildMembers(Use &use, proc::ProcessOp process) {
  OpBuilder builder = OpBuilder::atBlockEnd(&process.getBody().front());
  LogicalResult result = success();
  for (StringRef name : use.structural)
    proc::ParamOp::create(builder, use.env->get(name, use.loc)->loc, builder.getStringAttr(name),
                          use.env->get(name, use.loc)->value);
  for (auto [decl, type, shapeNames] :
       llvm::zip(use.cls->values, use.valueTypes, use.valueShapeNames)) {
    if (!decl.isVar)
      continue;
    ElementsAttr init;
    if (isLiteral(decl)) {
      FailureOr<Constant> value = defaultOf(decl, *use.env);
      if (failed(value))
        return failure();
      init = value->elements();
      if (proc::isConcrete(type)) {
        auto converted = proc::convertInitialValue(decl.initLoc, "the Var '" + decl.name + "'",
                                                   init, cast<RankedTensorType>(type));
        if (failed(converted)) {
          result = failure();
          continue;
        }
        init = *converted;
      }
    }
    proc::VarOp::create(builder, decl.loc, builder.getStringAttr(decl.name), TypeAttr::get(type),
                        init, decl.isShareable ? UnitAttr() : builder.getUnitAttr(), shapeNames);
  }
  for (auto [port, type, shapeNames] :
       llvm::zip(use.cls->ports, use.portTypes, use.portShapeNames)) {
    StringAttr name = builder.getStringAttr(port.name);
    switch (port.kind) {
    case behaviour::PortKind::In:
      proc::InPortOp::create(builder, port.loc, name, TypeAttr::get(type), shapeNames);
      break;
    case behaviour::PortKind::Out:
      proc::OutPortOp::create(builder, port.loc, name, TypeAttr::get(type), shapeNames);
      break;
    case behaviour::PortKind::Ref:
      proc::RefPortOp::create(builder, port.loc, name, TypeAttr::get(type), shapeNames);
      break;
    case behaviour::PortKind::Var: {
      const ValueDecl *var = use.cls->findValue(port.varName);
      bool isAlias = !var && use.cls->aliases.contains(port.varName);
      if (!isAlias && (!var || !var->isVar)) {
        SmallVector<StringRef> names;
        for (const ValueDecl &decl : use.cls->values)
          if (decl.isVar)
            names.push_back(decl.name);
        result = emitError(port.varLoc) << "'" << use.cls->name << "' has no Var '" << port.varName
                                        << "'" << didYouMean(port.varName, names);
        continue;
      }
      if (var && !var->isShareable) {
        InFlightDiagnostic diagnostic = emitError(port.varLoc)
                                        << "the Var '" << var->name
                                        << "' is not shareable, so it can have no VarPort";
        diagnostic.attachNote(var->loc) << "declared here";
        result = failure();
        continue;
      }
      proc::VarPortOp::create(builder, port.loc, name,
                              FlatSymbolRefAttr::get(context, port.varName), UnitAttr());
      break;
    }
    }
  }
  return result;
}

FailureOr<proc::ProcessOp> Builder::buildProcess(Use &use) {
  std::string key = keyOf(use);
  if (auto it = built.find(key); it != built.end())
    return it->second ? FailureOr<proc::ProcessOp>(it->second) : FailureOr<proc::ProcessOp>();
  unsigned &count = nameCounts[use.cls->name];
  std::string name = use.cls->name.str() + (count ? "_" + std::to_string(count) : "");
  ++count;
  // Before the network; a process whose children need processes of their own comes before those.
  OpBuilder builder(context);
  builder.setInsertionPoint(module.getBody(), llvm::find_if(*module.getBody(), [](Operation &op) {
                              return isa<proc::NetworkOp>(op);
                            }));
  auto process = proc::ProcessOp::create(
      builder, use.cls->loc, name, count > 1 ? builder.getStringAttr(use.cls->name) : StringAttr());
  process.getBody().emplaceBlock();
  built[key] = {};
  if (failed(buildMembers(use, process)) || failed(buildModels(use, process)) ||
      failed(typeBehaviours(process)))
    return failure();
  built[key] = process;
  return process;
}

} // namespace basalt::frontend
