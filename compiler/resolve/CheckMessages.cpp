// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-messages: spikes that are lost where they meet. See Passes.td.
#include "compiler/resolve/Passes.h"
#include "compiler/support/EmitWarning.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Transforms.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKMESSAGES
#include "compiler/resolve/Passes.h.inc"

static bool isBool(Operation *port) {
  return getElementTypeOrSelf(proc::declaredType(port)).isSignlessInteger(1);
}

/// Whether a message has a place of its own in what is received, as a part of a `concat`.
static bool isPlaced(proc::ConnectOp connect) {
  return connect.getVia() && llvm::any_of(*connect.getVia(), llvm::IsaPred<proc::PlaceAttr>);
}

/// A port for numbers is given bools only. `true + true` is true, so they are not counted. (If the
/// port is bool itself, check-connections has a remark.)
static void checkBools(ArrayRef<proc::ConnectOp> connects, SymbolTableCollection &tables) {
  auto network = cast<proc::NetworkOp>(connects.front()->getParentOp());
  auto memberOf = [&](SymbolRefAttr ref) { return proc::lookupEnd(network, ref, &tables).member; };
  bool areBools = llvm::all_of(connects, [&](proc::ConnectOp connect) {
    return isBool(memberOf(connect.getSourceAttr())) && !isPlaced(connect);
  });
  if (connects.size() < 2 || !areBools)
    return;
  proc::ConnectOp first = connects[0], second = connects[1];
  if (isBool(memberOf(second.getTargetAttr())))
    return;
  InFlightDiagnostic diagnostic = emitWarning(second.getLoc(), Warning::BoolFanIn);
  diagnostic << "'" << proc::spell(second.getTargetAttr())
             << "' adds up messages of ports of type bool, of which several in one step count 1; "
                "those of ports of type u1 would be counted";
  diagnostic.attachNote(first.getLoc()) << "the first of them is connected here";
}

namespace {
struct CheckMessages : impl::CheckMessagesBase<CheckMessages> {
  void runOnOperation() override {
    SymbolTableCollection tables;
    for (auto network : getOperation().getOps<proc::NetworkOp>()) {
      llvm::MapVector<Attribute, SmallVector<proc::ConnectOp>> byTarget;
      for (auto connect : network.getBody().getOps<proc::ConnectOp>())
        if (isa<proc::InPortOp>(proc::lookupEnd(network, connect.getTargetAttr(), &tables).member))
          byTarget[connect.getTargetAttr()].push_back(connect);
      for (auto &[target, connects] : byTarget)
        checkBools(connects, tables);
    }
    markAllAnalysesPreserved();
  }
};
} // namespace

} // namespace basalt
