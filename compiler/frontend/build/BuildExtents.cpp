// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Extents that only connections say. How many synapses a rule makes is a part of the process type,
// so an instance that has one waits for those that it is connected with, if nothing else says how
// many targets and sources there are. All other extents are left to `infer-types`.
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/build/Generator.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Transforms.h"
#include "dialect/proc/Types.h"

using namespace mlir;

namespace basalt::frontend {

/// The name that a part of a shape consists of, if nothing has bound it yet.
static std::optional<StringRef> unboundName(const behaviour::Expr *expr, const Environment &env) {
  const auto *name = dyn_cast<behaviour::NameExpr>(expr);
  if (!name || env.contains(name->getName()))
    return std::nullopt;
  return name->getName();
}

bool Builder::lacksExtents(Use &use) {
  return llvm::any_of(use.cls->values, [&](const ValueDecl &decl) {
    const yaml::Node *node = decl.isSparse ? nodeOf(use, decl) : nullptr;
    return node && isRule(*node) && !node->find("shape") &&
           llvm::any_of(*decl.shape, [&](const behaviour::Expr *expr) {
             return unboundName(expr, *use.env).has_value();
           });
  });
}

//===--- What connections say ---===//

/// The shape of a port or Var, as far as it is known.
static proc::PartialShape shapeOfMember(Operation *scope, const behaviour::ConnectionEnd &end) {
  Operation *process = nullptr;
  if (!end.instance.empty()) {
    auto instance =
        dyn_cast_or_null<proc::InstanceOp>(SymbolTable::lookupSymbolIn(scope, end.instance));
    process = instance ? proc::lookupProcess(instance) : nullptr;
  } else if (isa<proc::ModelOp>(scope)) {
    process = scope->getParentOp();
  }
  Operation *member =
      process ? proc::lookupMember(cast<proc::ProcessOp>(process), end.member) : nullptr;
  Type declared = member ? proc::declaredType(member) : Type();
  auto type = declared ? dyn_cast<RankedTensorType>(proc::outsideType(member, declared))
                       : RankedTensorType();
  return type ? proc::PartialShape(llvm::to_vector(type.getShape())) : std::nullopt;
}

/// The shape of an end with its virtual ports.
proc::PartialShape Builder::shapeOfEnd(Operation *scope, const behaviour::ConnectionEnd &end,
                                       Environment &env) {
  auto ignore = [](const Twine &) {};
  proc::PartialShape shape;
  if (end.isConcat()) {
    SmallVector<proc::PartialShape> parts;
    for (const behaviour::ConnectionEnd *part : end.parts)
      parts.push_back(shapeOfEnd(scope, *part, env));
    FailureOr<SmallVector<int64_t>> axis = SmallVector<int64_t>{0};
    if (end.axis)
      axis = constantInts(end.axis, env);
    if (failed(axis) || axis->size() != 1)
      return std::nullopt;
    shape = proc::concatShape(axis->front(), parts, ignore).value_or(std::nullopt);
  } else {
    shape = shapeOfMember(scope, end);
  }
  for (const behaviour::Transform &transform : end.transforms) {
    FailureOr<Attribute> attribute = transformAttr(transform, env);
    if (failed(attribute))
      return std::nullopt;
    shape = proc::transformShape(*attribute, shape, ignore).value_or(std::nullopt);
  }
  return shape;
}

/// Binds names in the declared shape of a port, whose shape is `known`.
void Builder::bindPort(Use &use, StringRef name, const proc::PartialShape &known, Location loc) {
  const PortDecl *port = use.cls->findPort(name);
  if (!port || !port->shape || !known || port->shape->size() != known->size())
    return;
  for (auto [expr, extent] : llvm::zip(*port->shape, *known)) {
    std::optional<StringRef> unbound = unboundName(expr, *use.env);
    if (!unbound || ShapedType::isDynamic(extent) || use.cls->starredNames.contains(*unbound))
      continue;
    use.env->define(*unbound,
                    Constant{IntegerAttr::get(IntegerType::get(context, 64), extent), loc, true});
    use.structural.push_back(unbound->str());
  }
}

/// Binds what a connection says of the ports of the instance `name`.
void Builder::bindFromConnection(Use &use, StringRef name, Operation *scope,
                                 const behaviour::Connection &connection, Environment &env) {
  auto isOwn = [&](const behaviour::ConnectionEnd *end) {
    return !end->isConcat() && end->instance == name;
  };
  for (const behaviour::ConnectionEnd *target : connection.destinations)
    for (const behaviour::ConnectionEnd *source : connection.sources) {
      if (isOwn(target))
        bindPort(use, target->member, shapeOfEnd(scope, *source, env), connection.loc);
      if (!isOwn(source))
        continue;
      proc::PartialShape shape = shapeOfMember(scope, *target);
      for (const behaviour::Transform &transform : llvm::reverse(source->transforms)) {
        FailureOr<Attribute> attribute = transformAttr(transform, env);
        shape = succeeded(attribute) ? proc::shapeBefore(*attribute, shape) : std::nullopt;
      }
      bindPort(use, source->member, shape, connection.loc);
    }
}

void Builder::bindFromConnections(Use &use, StringRef name, Operation *scope,
                                  ArrayRef<behaviour::Connection> connections, Environment &env) {
  // What is wrong is reported when the connections are built.
  ScopedDiagnosticHandler ignore(context, [](Diagnostic &) { return success(); });
  for (const behaviour::Connection &connection : connections)
    bindFromConnection(use, name, scope, connection, env);
}

//===--- Instances that wait ---===//

/// The connections of a network that can be parsed.
SmallVector<behaviour::Connection> Builder::parseConnections(const yaml::Node &network) {
  ScopedDiagnosticHandler ignore(context, [](Diagnostic &) { return success(); });
  SmallVector<behaviour::Connection> result;
  if (const yaml::Node *connections = network.find("connections"))
    for (const yaml::Node *node : connections->items()) {
      FailureOr<behaviour::Source> source = sourceOf(*node, context, "a connection");
      if (failed(source))
        continue;
      if (auto connection = behaviour::parseConnection(*source, ast); succeeded(connection))
        result.push_back(*connection);
    }
  return result;
}

LogicalResult Builder::buildInstances(Operation *scope, const yaml::Node &network, Environment &env,
                                      const ProcessClass *own) {
  LogicalResult result = success();
  SmallVector<const yaml::Entry *> waiting;
  for (const yaml::Entry &entry : network.find("instances")->entries())
    waiting.push_back(&entry);
  std::optional<SmallVector<behaviour::Connection>> connections;
  bool hasWaited = false;
  for (bool mayWait = true; !waiting.empty();) {
    SmallVector<const yaml::Entry *> left;
    for (const yaml::Entry *entry : waiting) {
      Waiting wait{network, connections, mayWait, false};
      if (failed(buildInstance(scope, *entry, env, own, wait))) {
        broken[scope].insert(entry->key());
        result = failure();
      }
      if (wait.waits)
        left.push_back(entry);
    }
    hasWaited |= !left.empty();
    mayWait = left.size() < waiting.size(); // else nobody can say more
    waiting = std::move(left);
  }
  if (!hasWaited)
    return result;
  // In the order of the file again.
  Block &block = scope->getRegion(0).front();
  for (const yaml::Entry &entry : network.find("instances")->entries())
    if (Operation *instance = SymbolTable::lookupSymbolIn(scope, entry.key()))
      instance->moveBefore(&block, block.end());
  return result;
}

} // namespace basalt::frontend
