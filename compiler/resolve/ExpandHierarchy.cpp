// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// expand-hierarchy: one flat network of leaf processes; see Passes.td.
#include "compiler/resolve/FlatEnds.h"
#include "compiler/resolve/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_EXPANDHIERARCHY
#include "compiler/resolve/Passes.h.inc"

namespace {

/// Writes the flat network at the end of the root network, from the tree of instances.
class Expansion {
public:
  Expansion(proc::NetworkOp network, InstanceNode &root)
      : root(root), builder(OpBuilder::atBlockEnd(&network.getBody().front())) {}
  LogicalResult run();

private:
  LogicalResult addInstances(InstanceNode &node, std::optional<Location> caller);
  LogicalResult addConnections(InstanceNode &node, std::optional<Location> caller);
  LogicalResult addConnection(InstanceNode &node, proc::ConnectOp connect,
                              std::optional<Location> caller);
  void addAliases(InstanceNode &node, std::optional<Location> caller);
  void addConnect(SymbolRefAttr source, SymbolRefAttr target, ArrayRef<Attribute> via,
                  Location loc);

  InstanceNode &root;
  OpBuilder builder;
  FlatEnds ends;
};

struct ExpandHierarchyPass : impl::ExpandHierarchyBase<ExpandHierarchyPass> {
  void runOnOperation() override;

private:
  LogicalResult checkNoVirtualPorts();
};

} // namespace

/// Where something of a model stands, and for which instance.
static Location inlinedLoc(Location loc, std::optional<Location> caller) {
  return caller ? Location(CallSiteLoc::get(loc, *caller)) : loc;
}

static Location instanceLoc(InstanceNode &node, std::optional<Location> caller) {
  Location loc = node.instance.getLoc();
  if (!caller)
    return loc;
  return NameLoc::get(StringAttr::get(loc.getContext(), node.path), CallSiteLoc::get(loc, *caller));
}

LogicalResult Expansion::run() {
  if (failed(addInstances(root, std::nullopt)) || failed(addConnections(root, std::nullopt)))
    return failure();
  addAliases(root, std::nullopt);
  return success();
}

LogicalResult Expansion::addInstances(InstanceNode &node, std::optional<Location> caller) {
  for (const auto &child : node.children) {
    Location loc = instanceLoc(*child, caller);
    proc::InstanceOp instance = child->instance;
    if (child->isLeaf()) {
      auto copy = cast<proc::InstanceOp>(builder.clone(*instance));
      copy.setSymName(child->path);
      copy->setLoc(loc);
      copy.getValues().walk([&](Operation *op) { op->setLoc(inlinedLoc(op->getLoc(), caller)); });
      continue;
    }
    for (auto value : instance.getValues().getOps<proc::ValueOp>())
      return value.emitError() << "the value for '" << child->nameOf(value.getVar())
                               << "' reaches no child: the model of '"
                               << child->process.getSourceName().value_or(instance.getProcess())
                               << "' has to pass it on";
    if (failed(addInstances(*child, loc)))
      return failure();
  }
  return success();
}

LogicalResult Expansion::addConnections(InstanceNode &node, std::optional<Location> caller) {
  for (auto connect : llvm::to_vector(bodyOf(node.scope).getOps<proc::ConnectOp>()))
    if (failed(addConnection(node, connect, caller)))
      return failure();
  for (const auto &child : node.children)
    if (!child->isLeaf() && failed(addConnections(*child, instanceLoc(*child, caller))))
      return failure();
  return success();
}

/// Each flat connection is made where its InPort or RefPort of a leaf stands; the others are steps
/// on its way.
LogicalResult Expansion::addConnection(InstanceNode &node, proc::ConnectOp connect,
                                       std::optional<Location> caller) {
  auto leafPort = [&](SymbolRefAttr ref) -> Operation * {
    InstanceNode *child =
        ref.getNestedReferences().empty() ? nullptr : node.child(ref.getRootReference());
    return child && child->isLeaf() ? proc::lookupMember(child->process, ref.getLeafReference())
                                    : nullptr;
  };
  auto flatRef = [&](SymbolRefAttr ref) {
    return FlatEnd{node.child(ref.getRootReference()), ref.getLeafReference(), {}}.ref();
  };
  Location loc = inlinedLoc(connect.getLoc(), caller);
  if (isa_and_nonnull<proc::InPortOp>(leafPort(connect.getTargetAttr()))) {
    SmallVector<FlatEnd> sources;
    ends.sourcesOf(node, connect, sources);
    for (const FlatEnd &source : sources)
      addConnect(source.ref(), flatRef(connect.getTargetAttr()), source.via, loc);
  } else if (isa_and_nonnull<proc::RefPortOp>(leafPort(connect.getSourceAttr()))) {
    FailureOr<FlatEnd> target = ends.targetOf(node, connect);
    if (failed(target))
      return failure();
    addConnect(flatRef(connect.getSourceAttr()), target->ref(), target->via, loc);
  }
  return success();
}

void Expansion::addConnect(SymbolRefAttr source, SymbolRefAttr target, ArrayRef<Attribute> via,
                           Location loc) {
  proc::ConnectOp::create(builder, loc, source, target,
                          via.empty() ? ArrayAttr() : builder.getArrayAttr(via));
}

void Expansion::addAliases(InstanceNode &node, std::optional<Location> caller) {
  for (const auto &child : node.children) {
    if (child->isLeaf())
      continue;
    Location loc = instanceLoc(*child, caller);
    auto addAlias = [&](StringAttr name, const std::optional<FlatEnd> &inner) {
      if (inner)
        proc::AliasOp::create(builder, loc, FlatEnd{child.get(), name, {}}.ref(), inner->ref());
    };
    for (auto var : child->process.getBody().getOps<proc::VarOp>())
      addAlias(var.getSymNameAttr(), ends.varOf(*child, var.getSymNameAttr()));
    for (auto port : child->process.getBody().getOps<proc::OutPortOp>())
      addAlias(port.getSymNameAttr(), ends.outPortOf(*child, port.getSymNameAttr()));
    addAliases(*child, loc);
  }
}

LogicalResult ExpandHierarchyPass::checkNoVirtualPorts() {
  WalkResult found = getOperation().walk([&](proc::VirtualPortOp port) {
    port.emitError() << "virtual port '" << port.getSymName()
                     << "' is left; resolve-virtual-ports has to run before";
    return WalkResult::interrupt();
  });
  return failure(found.wasInterrupted());
}

void ExpandHierarchyPass::runOnOperation() {
  proc::NetworkOp network = rootNetwork(getOperation());
  if (!network)
    return;
  if (failed(checkRecursion(getOperation())))
    return signalPassFailure();
  std::unique_ptr<InstanceNode> root = buildInstanceTree(network);
  if (llvm::all_of(root->children, [](const auto &child) { return child->isLeaf(); }))
    return; // flat already
  if (failed(checkNoVirtualPorts()))
    return signalPassFailure();
  SmallVector<Operation *> old;
  for (Operation &op : network.getBody().front())
    old.push_back(&op);
  if (failed(Expansion(network, *root).run()))
    return signalPassFailure();
  for (Operation *op : old)
    op->erase();
  eraseUnusedProcesses(getOperation());
}

} // namespace basalt
