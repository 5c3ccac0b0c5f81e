// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scopes and the tree of instances.
#include "compiler/resolve/Scopes.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt {

proc::NetworkOp rootNetwork(ModuleOp module) {
  auto networks = module.getOps<proc::NetworkOp>();
  return networks.empty() ? proc::NetworkOp() : *networks.begin();
}

proc::ModelOp hierarchicalModel(proc::ProcessOp process) {
  proc::ModelOp model = proc::modelOf(process);
  return model && model.isHierarchical() ? model : proc::ModelOp();
}

Block &bodyOf(Operation *scope) { return scope->getRegion(0).front(); }

SmallVector<Operation *> scopesOf(ModuleOp module) {
  SmallVector<Operation *> scopes;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<proc::NetworkOp>(op))
      scopes.push_back(op);
    if (auto model = dyn_cast<proc::ModelOp>(op); model && model.isHierarchical())
      scopes.push_back(op);
    return isa<ModuleOp, proc::ProcessOp>(op) ? WalkResult::advance() : WalkResult::skip();
  });
  return scopes;
}

/// Adds the processes of the instances below `op`, whichever models they stand in.
static void addUsed(Operation *op, SymbolTableCollection &tables,
                    llvm::SetVector<proc::ProcessOp> &used) {
  op->walk([&](proc::InstanceOp instance) {
    if (proc::ProcessOp process = proc::lookupProcess(instance, &tables))
      used.insert(process);
  });
}

void eraseUnusedProcesses(ModuleOp module) {
  proc::NetworkOp network = rootNetwork(module);
  if (!network)
    return;
  SymbolTableCollection tables;
  llvm::SetVector<proc::ProcessOp> used;
  addUsed(network, tables, used);
  for (size_t i = 0; i < used.size(); ++i) {
    proc::ProcessOp process = used[i];
    addUsed(process, tables, used);
  }
  for (auto process : llvm::make_early_inc_range(module.getOps<proc::ProcessOp>()))
    if (!used.contains(process))
      process.erase();
}

//===--- Recursion ---===//

namespace {
/// Depth-first search for a process on its own path; counts instances on the way back.
class RecursionSearch {
public:
  LogicalResult visit(Operation *scope);

private:
  LogicalResult visit(proc::InstanceOp instance);
  LogicalResult report(proc::ProcessOp process);

  SymbolTableCollection tables;
  SmallVector<std::pair<proc::ProcessOp, proc::InstanceOp>> path;
  /// Number of leaves below the hierarchical processes that have been visited.
  llvm::DenseMap<proc::ProcessOp, uint64_t> sizes;
};
} // namespace

/// A few lines of nested processes can mean more instances than any machine holds.
static constexpr uint64_t maxInstances = 10'000'000;

LogicalResult RecursionSearch::visit(Operation *scope) {
  uint64_t size = 0;
  for (auto instance : bodyOf(scope).getOps<proc::InstanceOp>()) {
    if (failed(visit(instance)))
      return failure();
    auto below = sizes.find(proc::lookupProcess(instance, &tables));
    size += below == sizes.end() ? 1 : below->second;
    if (size > maxInstances)
      return instance.emitError() << "the network has more than " << maxInstances
                                  << " instances of leaf processes, counted up to here";
  }
  if (!path.empty())
    sizes[path.back().first] = size;
  return success();
}

LogicalResult RecursionSearch::visit(proc::InstanceOp instance) {
  proc::ProcessOp process = proc::lookupProcess(instance, &tables);
  proc::ModelOp model = process ? hierarchicalModel(process) : proc::ModelOp();
  if (!model || sizes.contains(process))
    return success();
  bool onPath = llvm::is_contained(llvm::make_first_range(path), process);
  path.push_back({process, instance});
  if (onPath)
    return report(process);
  if (failed(visit(model)))
    return failure();
  path.pop_back();
  return success();
}

LogicalResult RecursionSearch::report(proc::ProcessOp process) {
  InFlightDiagnostic error = emitError(path.back().second.getLoc())
                             << "process '" << process.getSymName() << "' contains itself";
  auto step = llvm::find_if(path, [&](auto &entry) { return entry.first == process; });
  for (auto &[through, instance] : llvm::make_range(std::next(step), std::prev(path.end())))
    error.attachNote(instance.getLoc())
        << "through '" << instance.getSymName() << "' of '" << instance.getProcess() << "'";
  return error;
}

LogicalResult checkRecursion(ModuleOp module) {
  proc::NetworkOp network = rootNetwork(module);
  return network ? RecursionSearch().visit(network) : success();
}

//===--- Instances ---===//

InstanceNode *InstanceNode::child(StringRef name) const { return byName.lookup(name); }

std::string InstanceNode::nameOf(StringRef member) const {
  return path.empty() ? member.str() : path + "." + member.str();
}

std::unique_ptr<InstanceNode> buildInstanceTree(proc::NetworkOp network) {
  SymbolTableCollection tables;
  auto root = std::make_unique<InstanceNode>();
  root->scope = network;
  SmallVector<InstanceNode *> work{root.get()};
  while (!work.empty()) {
    InstanceNode *node = work.pop_back_val();
    for (auto instance : bodyOf(node->scope).getOps<proc::InstanceOp>()) {
      auto child = std::make_unique<InstanceNode>();
      child->parent = node;
      child->path = node->nameOf(instance.getSymName());
      child->instance = instance;
      child->process = proc::lookupProcess(instance, &tables);
      child->scope = hierarchicalModel(child->process);
      if (child->scope)
        work.push_back(child.get());
      node->byName[instance.getSymName()] = child.get();
      node->children.push_back(std::move(child));
    }
  }
  return root;
}

} // namespace basalt
