// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-fan-in: bools that meet are no longer counted; see Passes.td.
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Scopes.h"
#include "compiler/support/EmitWarning.h"
#include "dialect/proc/Transforms.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKFANIN
#include "compiler/resolve/Passes.h.inc"

namespace {
struct CheckFanInPass : impl::CheckFanInBase<CheckFanInPass> {
  void runOnOperation() override;
};
} // namespace

static bool isBool(Operation *port) {
  Type type = proc::outsideType(port);
  return type && getElementTypeOrSelf(type).isSignlessInteger(1);
}

static Operation *memberOf(SymbolRefAttr ref, proc::NetworkOp network,
                           SymbolTableCollection &tables) {
  return proc::lookupEnd(network, ref, &tables).member;
}

/// Checks an InPort by the first two of its connections, with which its sum begins.
static void check(proc::ConnectOp first, proc::ConnectOp second, proc::NetworkOp network,
                  SymbolTableCollection &tables) {
  Operation *target = memberOf(second.getTargetAttr(), network, tables);
  if (!isa<proc::InPortOp>(target))
    return;
  std::string name = "'" + proc::spell(second.getTargetAttr()) + "'";
  StringRef counts = "; ports of the type u1 count";
  if (isBool(memberOf(first.getSourceAttr(), network, tables)) &&
      isBool(memberOf(second.getSourceAttr(), network, tables)))
    emitWarning(second.getLoc(), Warning::BoolFanIn)
        << name << " receives the bools of '" << proc::spell(first.getSourceAttr()) << "' and of '"
        << proc::spell(second.getSourceAttr())
        << "': they are ORed, not summed, so what comes from both at once counts "
           "only once"
        << counts;
  else if (isBool(target))
    emitWarning(second.getLoc(), Warning::BoolFanIn)
        << name
        << " is bool and has several sources: it is whether their sum is not "
           "zero, not how many there are"
        << counts;
}

void CheckFanInPass::runOnOperation() {
  proc::NetworkOp network = rootNetwork(getOperation());
  if (!network)
    return;
  llvm::MapVector<Attribute, SmallVector<proc::ConnectOp, 2>> byTarget;
  for (auto connect : network.getBody().getOps<proc::ConnectOp>()) {
    std::optional<ArrayAttr> via = connect.getVia();
    // Parts of a concat lie side by side.
    if (!via || llvm::none_of(*via, llvm::IsaPred<proc::PlaceAttr>))
      byTarget[connect.getTargetAttr()].push_back(connect);
  }
  SymbolTableCollection tables;
  for (auto &[ref, connects] : byTarget)
    if (connects.size() >= 2)
      check(connects[0], connects[1], network, tables);
}

} // namespace basalt
