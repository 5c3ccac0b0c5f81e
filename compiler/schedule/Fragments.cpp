// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cutting spk code into fragments.
#include "compiler/schedule/Order.h"

using namespace mlir;

namespace basalt {

/// Constants are made again in each fragment that uses them, so alone they are nothing to run.
static bool isIdle(const Fragment &fragment) {
  return llvm::all_of(fragment.ops,
                      [](Operation *op) { return op->hasTrait<OpTrait::ConstantLike>(); });
}

SmallVector<Fragment> cutFragments(const Network &network, unsigned instance) {
  SmallVector<Fragment> fragments;
  Instance self = network.instances[instance];
  proc::PhaseOp phase = self.phase(proc::PhaseKind::Spk);
  if (!phase)
    return fragments;

  Fragment current{instance, {}, {}, {}};
  auto cut = [&] {
    if (!isIdle(current))
      fragments.push_back(current);
    current = {instance, {}, {}, {}};
  };
  for (Operation &op : phase.getBody().front()) {
    if (auto recv = dyn_cast<proc::RecvOp>(op)) {
      cut();
      current.recv = recv;
    }
    current.ops.push_back(&op);
    if (auto send = dyn_cast<proc::SendOp>(op)) {
      current.send = send;
      cut();
    }
  }
  cut();
  return fragments;
}

} // namespace basalt
