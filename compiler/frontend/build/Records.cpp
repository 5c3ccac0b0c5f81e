// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/Records.h"
#include "compiler/frontend/typing/Record.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Limits.h"
#include "dialect/proc/Types.h"

#include "llvm/ADT/ScopeExit.h"

using namespace mlir;

namespace basalt::frontend {

/// Records within records: a bound of the stack, since each has expressions of its own.
static constexpr unsigned maxNesting = 5;

//===--- Rules ---===//

FailureOr<Constant> Records::readRule(const behaviour::Source &source, Environment &names) {
  behaviour::AstContext tree;
  FailureOr<behaviour::Rule> parsed = behaviour::parseRule(source, tree);
  if (failed(parsed))
    return failure();
  FailureOr<Attribute> rule = buildRule(*parsed, names, rounded);
  if (failed(rule))
    return failure();
  return Constant{*rule, parsed->loc};
}

FailureOr<Constant> Records::readRule(const yaml::Node &node, Environment &outer,
                                      Environment &names) {
  if (node.isExpression() && node.hasExactText()) {
    FailureOr<Constant> value = outer.evaluate(node.text().drop_front(), node.textLoc(1));
    if (failed(value) || (isObject(value->value) && objectKind(value->value) == ObjectKind::Rule))
      return value;
    return emitError(node.loc()) << "expected a learning rule, found " << describe(*value);
  }
  if (!node.isScalar())
    return emitError(node.loc(), "a learning rule is a text, as in 'x0 * y1 - 2 * y0 * x1'");
  FailureOr<behaviour::Source> source = sourceOf(node, context, "a rule");
  if (failed(source))
    return failure();
  return readRule(*source, names);
}

FailureOr<Constant> Records::defaultRule(const ValueDecl &decl, Environment &names) {
  if (decl.initNode)
    return readRule(*decl.initNode, names, names);
  auto place = cast<FileLineColLoc>(decl.initLoc);
  return readRule(
      {*decl.text, context, place.getFilename().getValue(), place.getLine(), place.getColumn()},
      names);
}

//===--- Values ---===//

/// A value in the type that its parameter declares, if it does.
static FailureOr<Constant> convertTo(const ValueDecl &decl, const Constant &value,
                                     Environment &env) {
  if (decl.typeName.empty() || decl.typeName == "rule")
    return value;
  if (decl.typeName == kRecordType) {
    if (isObject(value.value) && objectKind(value.value) == ObjectKind::Record)
      return value;
    return emitError(value.loc) << "'" << decl.name
                                << "' must be a record, such as {class: Name}, found "
                                << describe(value);
  }
  Type element = proc::parseElement(env.getContext(), decl.typeName);
  if (!element)
    return LogicalResult(refuseType(decl.loc, decl.typeName));
  SmallVector<int64_t> extents(value.shape());
  if (decl.shape) {
    extents.clear();
    for (const behaviour::Expr *extent : *decl.shape)
      if (failed(env.appendExtents(*extent, extents)))
        return failure();
    if (failed(checkShape(decl.loc, extents)))
      return failure();
  }
  return convertExactly(value, RankedTensorType::get(extents, element),
                        "'" + decl.name.str() + "'");
}

LogicalResult Records::defineGiven(const ProcessClass &cls, const yaml::Node &node,
                                   Environment &env, Environment &outer, DataFiles &files) {
  LogicalResult result = success();
  for (const yaml::Entry &entry : node.entries()) {
    if (entry.key() == record::className)
      continue;
    const ValueDecl *decl = cls.findValue(entry.key());
    const yaml::Node *value = entry.value;
    if (decl) {
      env.define(entry.key(), value->loc(),
                 [this, decl, value, &env, &outer, &files]() -> FailureOr<Constant> {
                   if (decl->typeName == "rule")
                     return readRule(*value, outer, env);
                   FailureOr<Constant> read = readConstant(*value, outer, files);
                   return failed(read) ? read : convertTo(*decl, *read, env);
                 });
      continue;
    }
    SmallVector<StringRef> names;
    for (const ValueDecl &other : cls.values)
      names.push_back(other.name);
    InFlightDiagnostic diagnostic = emitError(entry.keyLoc())
                                    << "the record '" << cls.name << "' has no parameter '"
                                    << entry.key() << "'" << didYouMean(entry.key(), names);
    diagnostic.attachNote(cls.loc) << "'" << cls.name << "' is declared here";
    result = failure();
  }
  return result;
}

FailureOr<Constant> Records::defaultOf(const ValueDecl &decl, Environment &env, DataFiles &files) {
  if (decl.typeName == "rule")
    return defaultRule(decl, env);
  if (decl.text)
    return Constant{StringAttr::get(context, *decl.text), decl.initLoc, true};
  FailureOr<Constant> value =
      decl.initNode ? readConstant(*decl.initNode, env, files) : env.evaluate(*decl.init);
  return failed(value) ? value : convertTo(decl, *value, env);
}

LogicalResult Records::checkLimit(const ProcessClass &cls, const ValueDecl &decl,
                                  const Constant &value, Environment &env, DataFiles &files) {
  auto it = cls.limits.find(decl.name);
  if (it == cls.limits.end())
    return success();
  FailureOr<Attribute> limit = readLimit(*it->second, env, files);
  if (failed(limit))
    return failure();
  std::optional<std::string> found = proc::findOutside(value.value, *limit);
  if (!found)
    return success();
  InFlightDiagnostic diagnostic = proc::emitOutside(value.loc, decl.name, cls.name, *found, *limit);
  diagnostic.attachNote(it->second->loc())
      << "the limits of '" << decl.name << "' are declared here";
  return diagnostic;
}

/// The `uk` of the products of a rule, or -1.
static int64_t epochOf(Attribute rule) {
  for (Attribute product : cast<DictionaryAttr>(rule).getAs<ArrayAttr>(record::products))
    if (auto uk = cast<DictionaryAttr>(product).getAs<IntegerAttr>(record::uk))
      return uk.getInt();
  return -1;
}

/// All rules of a record have one `u`, since they share an epoch.
static LogicalResult checkEpochs(ArrayRef<std::pair<StringRef, Constant>> values) {
  const std::pair<StringRef, Constant> *first = nullptr;
  for (const auto &entry : values) {
    Attribute value = entry.second.value;
    if (!isObject(value) || objectKind(value) != ObjectKind::Rule || epochOf(value) < 0)
      continue;
    if (!first)
      first = &entry;
    if (epochOf(value) == epochOf(first->second.value))
      continue;
    InFlightDiagnostic diagnostic = emitError(entry.second.loc)
                                    << "the rules of a record have one 'u': '" << entry.first
                                    << "' has 'u" << epochOf(value) << "', '" << first->first
                                    << "' has 'u" << epochOf(first->second.value) << "'";
    diagnostic.attachNote(first->second.loc) << "the other one is here";
    return diagnostic;
  }
  return success();
}

LogicalResult Records::checkGiven(const ProcessClass &cls, const yaml::Node &node,
                                  const Environment &env) {
  LogicalResult result = success();
  for (const ValueDecl &decl : cls.values) {
    if (env.contains(decl.name))
      continue;
    InFlightDiagnostic diagnostic = emitError(node.loc())
                                    << "the parameter '" << decl.name << "' of the record '"
                                    << cls.name << "' must be given";
    diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here, without a value";
    result = failure();
  }
  return result;
}

/// Whether a place can be within a node that starts at `start`.
static bool isBelow(Location loc, Location start) {
  auto place = loc->findInstanceOf<FileLineColLoc>(),
       first = start->findInstanceOf<FileLineColLoc>();
  return place && first && place.getFilename() == first.getFilename() &&
         place.getLine() >= first.getLine();
}

FailureOr<Constant> Records::read(const yaml::Node &node, Environment &outer, DataFiles &files) {
  const yaml::Node &className = *node.find(record::className);
  FailureOr<const ProcessClass *> found = classes.find(className.text(), className.loc());
  if (failed(found))
    return failure();
  if (nesting >= maxNesting)
    return emitError(node.loc()) << "records contain each other more than " << maxNesting
                                 << " levels deep";
  ++nesting;
  llvm::scope_exit leave([&] { --nesting; });
  const ProcessClass &cls = **found;
  // Defaults stand in the declaration, which does not say which record they make wrong.
  ScopedDiagnosticHandler addUse(context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error &&
        !isBelow(diagnostic.getLocation(), node.loc()))
      diagnostic.attachNote(className.loc()) << "in this record";
    return failure(); // not handled yet
  });
  Environment env(context, functions);
  LogicalResult result = defineGiven(cls, node, env, outer, files);
  for (const ValueDecl &decl : cls.values)
    if (!decl.isRequired)
      env.define(decl.name, decl.initLoc, [&] { return defaultOf(decl, env, files); });
  if (failed(result) || failed(checkGiven(cls, node, env)))
    return failure();
  SmallVector<std::pair<StringRef, Constant>> values;
  SmallVector<NamedAttribute> entries{
      {StringAttr::get(context, record::className), StringAttr::get(context, cls.name)}};
  for (const ValueDecl &decl : cls.values) {
    FailureOr<Constant> value = env.get(decl.name, node.loc());
    if (failed(value) || failed(checkLimit(cls, decl, *value, env, files))) {
      result = failure();
      continue;
    }
    values.emplace_back(decl.name, *value);
    entries.push_back({StringAttr::get(context, decl.name), value->value});
  }
  if (failed(result) || failed(checkEpochs(values)))
    return failure();
  return Constant{DictionaryAttr::get(context, entries), node.loc()};
}

} // namespace basalt::frontend
