// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows connections and aliases to the leaves.
#include "compiler/resolve/FlatEnds.h"

using namespace mlir;

namespace basalt {

SymbolRefAttr FlatEnd::ref() const {
  MLIRContext *context = member.getContext();
  return SymbolRefAttr::get(context, leaf->path, FlatSymbolRefAttr::get(member));
}

const FlatEnds::Index &FlatEnds::indexOf(Operation *scope) {
  auto [found, inserted] = indices.try_emplace(scope);
  Index &index = found->second;
  if (!inserted)
    return index;
  for (Operation &op : bodyOf(scope)) {
    if (auto connect = dyn_cast<proc::ConnectOp>(op)) {
      index.byTarget[connect.getTargetAttr()].push_back(connect);
      index.bySource.insert({connect.getSourceAttr(), connect});
    } else if (auto alias = dyn_cast<proc::AliasOp>(op)) {
      index.aliases.insert({alias.getAliasAttr(), alias.getTargetAttr()});
    }
  }
  return index;
}

/// Splits `@instance::@member`; the instance is null for a member of the enclosing process.
static std::pair<InstanceNode *, StringAttr> split(InstanceNode &node, SymbolRefAttr ref) {
  if (ref.getNestedReferences().empty())
    return {nullptr, ref.getRootReference()};
  return {node.child(ref.getRootReference()), ref.getLeafReference()};
}

static SymbolRefAttr refOf(InstanceNode &node, StringAttr member) {
  return SymbolRefAttr::get(node.instance.getSymNameAttr(), FlatSymbolRefAttr::get(member));
}

static void appendVia(proc::ConnectOp connect, SmallVectorImpl<Attribute> &via) {
  if (connect.getVia())
    llvm::append_range(via, *connect.getVia());
}

//===--- Messages: from the target back to the sources ---===//

void FlatEnds::sourcesOf(InstanceNode &node, proc::ConnectOp connect,
                         SmallVectorImpl<FlatEnd> &sources) {
  auto [child, member] = split(node, connect.getSourceAttr());
  if (child && child->isLeaf()) {
    FlatEnd &source = sources.emplace_back(FlatEnd{child, member, {}});
    appendVia(connect, source.via);
    return;
  }
  // An InPort of the enclosing process, or an OutPort of a hierarchical one: what is connected to
  // it on its other side.
  InstanceNode &other = child ? *child : *node.parent;
  SymbolRefAttr target =
      child ? SymbolRefAttr(FlatSymbolRefAttr::get(member)) : refOf(node, member);
  size_t first = sources.size();
  // A copy, as a deeper level may make the table grow.
  SmallVector<proc::ConnectOp, 1> connects = indexOf(other.scope).byTarget.lookup(target);
  for (proc::ConnectOp inner : connects)
    sourcesOf(other, inner, sources);
  for (size_t i = first; i < sources.size(); ++i)
    appendVia(connect, sources[i].via);
}

//===--- Accesses: from the RefPort on to the Var ---===//

/// `stuck` says where it ends if it does not reach a Var.
std::optional<FlatEnd> FlatEnds::followTo(InstanceNode &node, SymbolRefAttr target,
                                          std::string &stuck) {
  auto [child, member] = split(node, target);
  if (!child)
    return followOut(node, member, stuck);
  if (child->isLeaf())
    return FlatEnd{child, member, {}};
  return followInto(*child, member, stuck);
}

std::optional<FlatEnd> FlatEnds::followConnect(InstanceNode &node, proc::ConnectOp connect,
                                               std::string &stuck) {
  std::optional<FlatEnd> end = followTo(node, connect.getTargetAttr(), stuck);
  if (!end)
    return end;
  SmallVector<Attribute> via;
  appendVia(connect, via);
  end->via.insert(end->via.begin(), via.begin(), via.end());
  return end;
}

/// A Var or VarPort of a hierarchical process.
std::optional<FlatEnd> FlatEnds::followInto(InstanceNode &child, StringAttr member,
                                            std::string &stuck) {
  Operation *op = proc::lookupMember(child.process, member);
  if (auto port = dyn_cast<proc::VarPortOp>(op)) {
    if (auto forward = indexOf(child.scope).bySource.lookup(FlatSymbolRefAttr::get(member)))
      return followConnect(child, forward, stuck);
    member = port.getVarAttr().getAttr();
  }
  const Index &index = indexOf(child.scope);
  if (SymbolRefAttr target = index.aliases.lookup(FlatSymbolRefAttr::get(member)))
    return followTo(child, target, stuck);
  // A VarPort that is forwarded says which Var of a child its own Var is.
  for (auto port : child.process.getBody().getOps<proc::VarPortOp>())
    if (port.getVarAttr().getAttr() == member)
      if (auto forward =
              indexOf(child.scope).bySource.lookup(FlatSymbolRefAttr::get(port.getSymNameAttr())))
        return followConnect(child, forward, stuck);
  stuck = "Var '" + child.nameOf(member) +
          "' of a hierarchical process, which is no alias of a child's Var";
  return std::nullopt;
}

/// A RefPort or Var of the process around the scope of `node`.
std::optional<FlatEnd> FlatEnds::followOut(InstanceNode &node, StringAttr member,
                                           std::string &stuck) {
  if (!isa<proc::RefPortOp>(proc::lookupMember(node.process, member)))
    return followInto(node, member, stuck);
  InstanceNode &outer = *node.parent;
  if (auto connect = indexOf(outer.scope).bySource.lookup(refOf(node, member)))
    return followConnect(outer, connect, stuck);
  stuck = "RefPort '" + node.nameOf(member) + "', which is not connected";
  return std::nullopt;
}

FailureOr<FlatEnd> FlatEnds::targetOf(InstanceNode &node, proc::ConnectOp connect) {
  std::string stuck;
  if (std::optional<FlatEnd> end = followConnect(node, connect, stuck))
    return *end;
  auto source = split(node, connect.getSourceAttr());
  return connect.emitError() << "RefPort '" << source.first->nameOf(source.second)
                             << "' never reaches a Var: its chain of connections ends at " << stuck;
}

std::optional<FlatEnd> FlatEnds::varOf(InstanceNode &node, StringAttr name) {
  std::string stuck;
  std::optional<FlatEnd> end = followInto(node, name, stuck);
  if (!end)
    return end;
  // The chain may end at a VarPort of the leaf.
  if (auto port = dyn_cast<proc::VarPortOp>(proc::lookupMember(end->leaf->process, end->member)))
    end->member = port.getVarAttr().getAttr();
  return end;
}

std::optional<FlatEnd> FlatEnds::outPortOf(InstanceNode &node, StringAttr name) {
  SmallVector<FlatEnd> sources;
  SmallVector<proc::ConnectOp, 1> connects =
      indexOf(node.scope).byTarget.lookup(FlatSymbolRefAttr::get(name));
  for (proc::ConnectOp connect : connects)
    sourcesOf(node, connect, sources);
  if (sources.size() != 1 || !sources.front().via.empty())
    return std::nullopt;
  return sources.front();
}

} // namespace basalt
