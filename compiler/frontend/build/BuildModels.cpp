// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models of a process type: phases and guards as text for the type checker, or a network of
// children.
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/yaml/Schema.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt::frontend {

FailureOr<DictionaryAttr> Builder::bindTypes(const yaml::Node *types) {
  if (!types)
    return DictionaryAttr();
  SmallVector<NamedAttribute> bindings;
  for (const yaml::Entry &entry : types->entries()) {
    if (proc::parseElement(context, entry.key()))
      return emitError(entry.keyLoc())
             << "'" << entry.key() << "' is a built-in type, which cannot be bound";
    Type type = proc::parseElement(context, entry.value->text());
    if (!type)
      return refuseType(entry.value->loc(), entry.value->text());
    bindings.push_back({StringAttr::get(context, entry.key()), TypeAttr::get(type)});
  }
  return DictionaryAttr::get(context, bindings);
}

/// Processes within processes: a bound of the stack.
static constexpr size_t maxHierarchy = 64;

static bool isGuardKey(StringRef key) { return key.ends_with("_guard"); }

LogicalResult Builder::buildPhases(proc::ModelOp model, const yaml::Node &phases) {
  OpBuilder builder = OpBuilder::atBlockEnd(&model.getBody().front());
  LogicalResult result = success();
  for (const yaml::Entry &entry : phases.entries()) {
    FailureOr<behaviour::Source> source =
        sourceOf(*entry.value, context, isGuardKey(entry.key()) ? "a guard" : "a behaviour");
    if (failed(source)) {
      result = failure();
      continue;
    }
    StringAttr text = builder.getStringAttr(source->text);
    Location loc = entry.value->textLoc();
    if (std::optional<proc::PhaseKind> phase = proc::symbolizePhaseKind(entry.key())) {
      proc::PhaseOp::create(builder, loc, *phase, text).getBody().emplaceBlock();
      continue;
    }
    proc::GuardKind guard = *proc::symbolizeGuardKind(entry.key());
    proc::GuardOp::create(builder, loc, guard, text).getBody().emplaceBlock();
    StringRef phase = guard == proc::GuardKind::Pre ? "pre_mgmt" : "post_mgmt";
    if (guard != proc::GuardKind::Lrn && !phases.find(phase))
      result = emitError(entry.keyLoc())
               << "'" << entry.key() << "' guards '" << phase << "', which is not there";
  }
  return result;
}

LogicalResult Builder::buildModel(Use &use, proc::ProcessOp process, const yaml::Node &node,
                                  StringRef name) {
  OpBuilder builder = OpBuilder::atBlockEnd(&process.getBody().front());
  auto texts = [&](StringRef key) -> ArrayAttr {
    const yaml::Node *list = node.find(key);
    if (!list)
      return {};
    SmallVector<StringRef> words;
    if (list->isScalar())
      words.push_back(list->text());
    for (const yaml::Node *item : list->items())
      words.push_back(item->text());
    return builder.getStrArrayAttr(words);
  };
  FailureOr<DictionaryAttr> types = bindTypes(node.find("types")),
                            limits = modelLimits(use, node.find("limits")),
                            expects = modelLimits(use, node.find("expects"));
  if (failed(types) || failed(limits) || failed(expects))
    return failure();
  auto model =
      proc::ModelOp::create(builder, node.loc(), builder.getStringAttr(name), texts("tags"),
                            texts("requires"), StringAttr(), *types, *limits, *expects);
  model.getBody().emplaceBlock();
  if (const yaml::Node *phases = node.find("phases"))
    return buildPhases(model, *phases);
  const yaml::Node *network = node.find("network");
  if (!network)
    return success();
  if (!building.insert(use.cls))
    return refuseUnfinished(use);
  if (building.size() > maxHierarchy) {
    building.remove(use.cls);
    return emitError(network->loc())
           << "processes contain each other more than " << maxHierarchy << " levels deep";
  }
  LogicalResult result = buildNetwork(model, *network, *use.env, use.cls);
  building.remove(use.cls);
  return result;
}

LogicalResult Builder::buildModels(Use &use, proc::ProcessOp process) {
  if (!use.cls->models)
    return success();
  LogicalResult result = success();
  llvm::StringMap<unsigned> taken;
  for (const yaml::Node *node : use.cls->models->items()) {
    const yaml::Node *tags = node->find("tags");
    std::string name =
        tags && !tags->items().empty() && yaml::isIdentifier(tags->items().front()->text())
            ? tags->items().front()->text().str()
        : node->find("network") ? "network"
                                : "model";
    // A model's name must differ from the members', since they share a symbol table.
    while (taken[name]++ || proc::lookupMember(process, name))
      name += "_";
    if (failed(buildModel(use, process, *node, name)))
      result = failure();
  }
  return result;
}

} // namespace basalt::frontend
