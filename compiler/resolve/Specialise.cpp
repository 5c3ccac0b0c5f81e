// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies of processes for instances whose types differ.
#include "compiler/resolve/Specialise.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt {

namespace {

/// What makes a version of a process: types of its declarations, and versions of its children.
struct Version {
  SmallVector<std::pair<StringAttr, Type>> types;
  SmallVector<std::pair<StringAttr, StringAttr>> children; // instance to process
  /// Names of extents; they follow from the types.
  SmallVector<std::pair<StringAttr, Attribute>> extents;
  StringAttr name;

  bool sameAs(const Version &other) const {
    return types == other.types && children == other.children;
  }
};

class Specialiser {
public:
  Specialiser(ModuleOp module, const InferenceState &state) : symbols(module), state(state) {}

  /// The name of the process of the node's version. Children first, since they are part of it.
  StringAttr visit(InstanceNode &node);
  SmallVector<std::pair<StringAttr, StringAttr>> visitChildren(InstanceNode &node);
  /// Makes the copies.
  void apply();

private:
  StringAttr freshName(proc::ProcessOp process);

  SymbolTable symbols;
  const InferenceState &state;
  llvm::MapVector<Operation *, SmallVector<Version>> versions;
  llvm::DenseSet<StringAttr> taken;
};

} // namespace

SmallVector<std::pair<StringAttr, StringAttr>> Specialiser::visitChildren(InstanceNode &node) {
  SmallVector<std::pair<StringAttr, StringAttr>> children;
  for (const auto &child : node.children)
    children.push_back({child->instance.getSymNameAttr(), visit(*child)});
  return children;
}

StringAttr Specialiser::visit(InstanceNode &node) {
  Version version;
  version.children = visitChildren(node);
  for (Operation &member : node.process.getBody().getOps())
    if (member.hasAttr("type"))
      version.types.push_back({SymbolTable::getSymbolName(&member), state.typeOf(node, &member)});
  SmallVector<Version> &known = versions[node.process];
  for (const Version &other : known)
    if (other.sameAs(version))
      return other.name;
  version.extents = state.extents(node);
  version.name = known.empty() ? node.process.getSymNameAttr() : freshName(node.process);
  known.push_back(version);
  return version.name;
}

StringAttr Specialiser::freshName(proc::ProcessOp process) {
  for (unsigned i = 1;; ++i) {
    auto name = StringAttr::get(process.getContext(), process.getSymName() + "_" + Twine(i));
    if (!symbols.lookup(name) && taken.insert(name).second)
      return name;
  }
}

static void setChildren(Operation *scope, ArrayRef<std::pair<StringAttr, StringAttr>> children) {
  auto instances = bodyOf(scope).getOps<proc::InstanceOp>();
  for (auto [instance, child] : llvm::zip_equal(instances, children))
    instance.setProcessAttr(FlatSymbolRefAttr::get(child.second));
}

/// Names of extents become parameters, as those that a given value binds: behaviours see them.
static void addExtents(proc::ProcessOp process, const Version &version) {
  OpBuilder builder = OpBuilder::atBlockBegin(&process.getBody().front());
  for (auto [name, value] : version.extents) {
    Operation *other = SymbolTable::lookupSymbolIn(process, name);
    if (other && !isa<proc::ModelOp>(other))
      continue;
    if (other) { // a model, which nobody asks for by name any more
      std::string free = name.str() + "_";
      while (SymbolTable::lookupSymbolIn(process, free))
        free += '_';
      SymbolTable::setSymbolName(other, free);
    }
    proc::ParamOp::create(builder, process.getLoc(), name, value);
  }
}

static void write(proc::ProcessOp process, const Version &version) {
  auto next = version.types.begin();
  for (Operation &member : process.getBody().getOps())
    if (member.hasAttr("type"))
      member.setAttr("type", TypeAttr::get((next++)->second));
  addExtents(process, version);
  if (proc::ModelOp model = hierarchicalModel(process))
    setChildren(model, version.children);
}

void Specialiser::apply() {
  for (auto &[op, known] : versions) {
    auto process = cast<proc::ProcessOp>(op);
    Operation *after = process;
    // The copies first: the process itself becomes the first version.
    for (const Version &version : llvm::drop_begin(known)) {
      proc::ProcessOp copy = process.clone();
      copy.setSourceName(process.getSourceName().value_or(process.getSymName()));
      copy.setSymNameAttr(version.name);
      symbols.insert(copy, std::next(after->getIterator()));
      write(copy, version);
      after = copy;
    }
    write(process, known.front());
  }
}

void specialise(ModuleOp module, InstanceNode &root, const InferenceState &state) {
  Specialiser specialiser(module, state);
  auto children = specialiser.visitChildren(root);
  setChildren(root.scope, children);
  specialiser.apply();
}

} // namespace basalt
