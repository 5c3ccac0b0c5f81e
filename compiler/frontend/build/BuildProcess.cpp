// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a class and what an instance gives for it to a process type. Uses that give the same
// structure share one.
#include "compiler/frontend/TypeBehaviours.h"
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/build/Generator.h"
#include "compiler/frontend/build/Records.h"
#include "compiler/frontend/typing/Emitter.h"
#include "compiler/frontend/typing/Record.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/SmallString.h"

using namespace mlir;

namespace basalt::frontend {

bool Builder::isHierarchical(const ProcessClass &cls) {
  return cls.models && llvm::any_of(cls.models->items(), [](const yaml::Node *model) {
           return model->find("network") != nullptr;
         });
}

bool Builder::hasStorage(const ProcessClass &cls) {
  return !cls.models || llvm::any_of(cls.models->items(), [](const yaml::Node *model) {
    return !model->find("network");
  });
}

//===--- What is given ---===//

LogicalResult Builder::collectGiven(Use &use, const yaml::Node &node, Environment &outer) {
  LogicalResult result = success();
  for (const yaml::Entry &entry : node.entries()) {
    if (entry.key() == "class")
      continue;
    if (const ValueDecl *decl = use.cls->findValue(entry.key())) {
      use.given[entry.key()] = &entry;
      const yaml::Node *value = entry.value;
      use.env->define(entry.key(), value->loc(), [this, value, decl, &use, &outer] {
        if (decl->typeName == "rule")
          return files.records->readRule(*value, outer, *use.env);
        return storedEntries(use, *decl, givenValue(use, *decl, *value, outer));
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
  if (decl.typeName == "rule")
    return files.records->defaultRule(decl, env);
  if (decl.text)
    return Constant{StringAttr::get(context, *decl.text), decl.initLoc, true};
  if (decl.initNode)
    return readConstant(*decl.initNode, env, files);
  return env.evaluate(*decl.init);
}

/// What `node` gives, before it is brought to the entries of a sparse Var.
FailureOr<Constant> Builder::givenValue(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                        Environment &scope) {
  if (isGenerator(node))
    return generatedValue(use, decl, node, scope);
  if (isRule(node))
    return ruleValue(use, decl, node, scope);
  if (node.isMapping() && node.find("blocks"))
    return valueOfBlocks(use, decl, node, scope);
  return readConstant(node, scope, files);
}

void Builder::defineDefaults(Use &use) {
  for (const ValueDecl &decl : use.cls->values)
    if (!decl.isRequired)
      use.env->define(decl.name, decl.initLoc, [this, &use, &decl] {
        return storedEntries(use, decl,
                             decl.initNode ? givenValue(use, decl, *decl.initNode, *use.env)
                                           : defaultOf(decl, *use.env));
      });
}

bool Builder::isLiteral(const ValueDecl &decl) {
  const behaviour::Expr *init = decl.init;
  if (const auto *minus = dyn_cast_or_null<behaviour::UnaryExpr>(init))
    init = minus->getOperand();
  return isa_and_nonnull<behaviour::IntLiteral, behaviour::FloatLiteral, behaviour::BoolLiteral>(
      init);
}

//===--- Parameters ---===//

/// What is required must be given.
LogicalResult Builder::checkRequired(Use &use, const ValueDecl &decl) {
  // Vars of hierarchical processes are those of children, or have no storage at all.
  if (use.env->contains(decl.name) || (decl.isVar && isHierarchical(*use.cls)))
    return success();
  InFlightDiagnostic diagnostic = emitError(use.loc)
                                  << "the " << (decl.isVar ? "Var" : "parameter") << " '"
                                  << decl.name << "' of '" << use.path << "' must be given";
  diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here, without a value";
  return diagnostic;
}

/// A value is what its declaration says, as far as that is known without the instance's types.
LogicalResult Builder::checkValue(Use &use, const ValueDecl &decl) {
  FailureOr<Constant> value = use.env->get(decl.name, use.loc);
  if (failed(value))
    return failure();
  if (decl.isVar && !value->isNumber() && !value->drawn)
    return emitError(value->loc) << "'" << decl.name << "' of '" << use.path
                                 << "' is a Var, which holds numbers, found " << describe(*value);
  if (decl.typeName == kRecordType &&
      !(isObject(value->value) && objectKind(value->value) == ObjectKind::Record))
    return emitError(value->loc) << "'" << decl.name << "' of '" << use.path
                                 << "' must be a record, such as {class: Name}, found "
                                 << describe(*value);
  // Before others, such as extents, are computed from it.
  Type element = decl.isVar ? proc::parseElement(context, decl.typeName) : Type();
  if (isa_and_nonnull<IntegerType>(element) && isa<FloatType>(value->elements().getElementType()) &&
      failed(proc::convertInitialValue(
          value->loc, "the Var '" + decl.name + "' of '" + use.path + "'", value->elements(),
          RankedTensorType::get(value->elements().getType().getShape(), element))))
    return failure();
  return checkLimit(use, decl, *value);
}

LogicalResult Builder::checkParameters(Use &use) {
  LogicalResult result = success();
  auto check = [&](const ValueDecl &decl, bool isGiven) {
    bool isDue = use.env->contains(decl.name) && use.given.contains(decl.name) == isGiven;
    if (isDue && failed(checkValue(use, decl)))
      result = failure();
  };
  for (const ValueDecl &decl : use.cls->values) {
    if (failed(checkRequired(use, decl)))
      result = failure();
    check(decl, /*isGiven=*/true);
  }
  // What follows from a wrong value would only repeat it.
  if (succeeded(result))
    for (const ValueDecl &decl : use.cls->values)
      check(decl, /*isGiven=*/false);
  return result;
}

//===--- The process type ---===//

std::string Builder::keyOf(Use &use) {
  std::string key;
  llvm::raw_string_ostream out(key);
  out << fileOf(use.cls->loc) << ':' << use.cls->name; // names are unique within a file
  auto add = [&](StringRef name) {
    FailureOr<Constant> value =
        use.env->contains(name) ? use.env->get(name, use.loc) : FailureOr<Constant>();
    if (succeeded(value))
      out << ';' << name << '=' << value->value << (value->isWeak ? "" : "!") << value->rule
          << value->drawn;
  };
  for (StringRef name : use.structural)
    add(name);
  for (const ValueDecl &decl : use.cls->values)
    if (decl.isVar && use.cls->limitWords.contains(decl.name))
      add(decl.name);
  if (isHierarchical(*use.cls))
    for (const ValueDecl &decl : use.cls->values) {
      add(decl.name);
      if (decl.isSparse)
        for (const std::string &name : {offsetsName(decl.name), targetsName(decl.name)})
          add(name);
    }
  for (Type type : use.valueTypes)
    out << ';' << type;
  for (Type type : use.portTypes)
    out << ';' << type;
  for (proc::SparseAttr sparse : use.valueSparse)
    if (sparse)
      out << ';' << sparse;
  return key;
}

/// A process type that has no op yet either is wrong, which has been reported, or is being built.
LogicalResult Builder::refuseUnfinished(Use &use) {
  if (!building.contains(use.cls))
    return failure();
  InFlightDiagnostic diagnostic = emitError(use.loc)
                                  << "the process '" << use.cls->name << "' contains itself";
  for (const ProcessClass *outer : building)
    if (outer != use.cls)
      diagnostic.attachNote(outer->loc) << "by way of '" << outer->name << "'";
  return diagnostic;
}

FailureOr<proc::ProcessOp> Builder::buildProcess(Use &use) {
  std::string key = keyOf(use);
  if (auto it = built.find(key); it != built.end())
    return it->second ? FailureOr<proc::ProcessOp>(it->second)
                      : FailureOr<proc::ProcessOp>(refuseUnfinished(use));
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
  if (failed(buildMembers(use, process)))
    return failure();
  // What is wrong within it does not hide what is wrong with its connections.
  if (failed(buildModels(use, process)) || failed(typeBehaviours(process)))
    foundErrors = true;
  built[key] = process;
  return process;
}

} // namespace basalt::frontend
