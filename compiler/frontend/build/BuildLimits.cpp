// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `limits:` of processes and models. Those of a process are checked as soon as values are given;
// those of a model when it has been selected.
#include "compiler/frontend/build/Builder.h"
#include "dialect/proc/Limits.h"
#include "dialect/proc/Rules.h"

using namespace mlir;

namespace basalt::frontend {

/// A number, or null for an open end.
static FailureOr<Attribute> boundOf(const behaviour::Expr *bound, Environment &env) {
  if (!bound)
    return Attribute();
  FailureOr<Constant> value = env.evaluate(*bound);
  if (failed(value))
    return failure();
  if (!value->isNumber() || !value->shape().empty())
    return emitError(bound->getLoc(), "a limit must be a number");
  Attribute number = *value->elements().getValues<Attribute>().begin();
  if (auto integer = dyn_cast<IntegerAttr>(number); integer && integer.getType().isInteger(64))
    return number;
  if (isa<FloatAttr>(number))
    return number;
  return emitError(bound->getLoc(), "a limit must be a number");
}

FailureOr<Attribute> readLimit(const yaml::Node &node, Environment &env, DataFiles &files) {
  MLIRContext *context = env.getContext();
  if (node.isSequence()) {
    SmallVector<Attribute> allowed;
    for (const yaml::Node *item : node.items()) {
      FailureOr<Constant> value = readConstant(*item, env, files);
      if (failed(value))
        return failure();
      allowed.push_back(value->value);
    }
    return Attribute(ArrayAttr::get(context, allowed));
  }
  FailureOr<behaviour::Source> source = sourceOf(node, context, "a limit");
  if (failed(source))
    return failure();
  behaviour::AstContext ast;
  auto parsed = behaviour::parseLimit(*source, ast);
  if (failed(parsed))
    return failure();
  FailureOr<Attribute> low = boundOf(parsed->lower, env), high = boundOf(parsed->upper, env);
  if (failed(low) || failed(high))
    return failure();
  return Attribute(proc::LimitsAttr::get(context, *low, *high));
}

FailureOr<Attribute> Builder::limitOf(Use &use, const ValueDecl &decl, const yaml::Node &node) {
  if (node.isSequence() && decl.isVar)
    return emitError(node.loc()) << "the Var '" << decl.name
                                 << "' can only be limited by a range, such as 0..9";
  return readLimit(node, *use.env, files);
}

LogicalResult Builder::checkLimit(Use &use, const ValueDecl &decl, const Constant &value) {
  auto it = use.cls->limits.find(decl.name);
  if (it == use.cls->limits.end())
    return success();
  FailureOr<Attribute> limit = limitOf(use, decl, *it->second);
  if (failed(limit))
    return failure();
  bool isDrawn = value.drawn && value.drawn.getKind() != proc::DistributionKind::Constant;
  std::optional<std::string> found =
      isDrawn ? proc::findOutside(value.drawn, *limit)
              : proc::findOutside(value.value, *limit, /*isUnsigned=*/false, !value.sparse);
  if (!found)
    return success();
  InFlightDiagnostic diagnostic = proc::emitOutside(value.loc, decl.name, use.path, *found, *limit);
  diagnostic.attachNote(it->second->loc())
      << "the limits of '" << decl.name << "' are declared here";
  return diagnostic;
}

/// What the process says about a Var; null if nothing.
FailureOr<proc::LimitsAttr> Builder::limitsOfVar(Use &use, const ValueDecl &decl) {
  auto it = use.cls->limits.find(decl.name);
  if (it == use.cls->limits.end())
    return proc::LimitsAttr();
  FailureOr<Attribute> limit = limitOf(use, decl, *it->second);
  if (failed(limit))
    return failure();
  return cast<proc::LimitsAttr>(*limit);
}

FailureOr<DictionaryAttr> Builder::modelLimits(Use &use, const yaml::Node *limits) {
  if (!limits)
    return DictionaryAttr();
  SmallVector<NamedAttribute> result;
  for (const yaml::Entry &entry : limits->entries()) {
    FailureOr<Attribute> limit = limitOf(use, *use.cls->findValue(entry.key()), *entry.value);
    if (failed(limit))
      return failure();
    result.push_back({StringAttr::get(context, entry.key()), *limit});
  }
  return DictionaryAttr::get(context, result);
}

} // namespace basalt::frontend
