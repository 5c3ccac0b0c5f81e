// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses of states that are elsewhere: read before, write after. The program's own copy is never
// trusted from one access to the next.
#include "compiler/neurocore/embedded/Embedded.h"

#include "dialect/rt/Rt.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
struct Exposing {
  const llvm::StringSet<> &remotes;
  OpBuilder builder;

  void fetch(Operation *before, StringRef state) {
    if (!remotes.contains(state))
      return;
    builder.setInsertionPoint(before);
    rtop::FetchOp::create(builder, before->getLoc(), state, state);
  }
  void publish(Operation *after, StringRef state) {
    if (!remotes.contains(state))
      return;
    builder.setInsertionPointAfter(after);
    rtop::PublishOp::create(builder, after->getLoc(), state, state);
  }
};
} // namespace

void exposeRemotes(step::ProgramOp program, const llvm::StringSet<> &remotes) {
  Exposing exposing{remotes, OpBuilder(program.getContext())};
  SmallVector<Operation *> accesses;
  program.walk([&](Operation *op) {
    if (isa<step::GetOp, step::SetOp, step::UpdateOp>(op))
      accesses.push_back(op);
  });
  for (Operation *op : accesses) {
    if (auto get = dyn_cast<step::GetOp>(op)) {
      exposing.fetch(op, get.getState());
    } else if (auto set = dyn_cast<step::SetOp>(op)) {
      exposing.publish(op, set.getState());
    } else {
      auto states = cast<step::UpdateOp>(op).getStates().getAsRange<FlatSymbolRefAttr>();
      for (FlatSymbolRefAttr state : states) {
        exposing.fetch(op, state.getValue());
        exposing.publish(op, state.getValue());
      }
    }
  }
}

} // namespace basalt::neurocore
