// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-remote-races: two processes that access one Var in one phase, at least one of them writing,
// with nothing that says who goes first. See Passes.td.
#include "compiler/schedule/Passes.h"
#include "compiler/schedule/RemoteAccesses.h"
#include "compiler/support/EmitWarning.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKREMOTERACES
#include "compiler/schedule/Passes.h.inc"

namespace {
struct CheckRemoteRaces : impl::CheckRemoteRacesBase<CheckRemoteRaces> {
  using Base::Base;
  void runOnOperation() override;

private:
  void report(const RemoteAccesses &remote, const VarInPhase &var,
              ArrayRef<RemoteAccesses::Pair> pairs);
};
} // namespace

void CheckRemoteRaces::report(const RemoteAccesses &remote, const VarInPhase &var,
                              ArrayRef<RemoteAccesses::Pair> pairs) {
  auto [a, b] = pairs.front();
  StringRef first = a->instance.getValue(), second = b->instance.getValue();
  InFlightDiagnostic diagnostic =
      strict ? a->op->emitError() : emitWarning(a->op->getLoc(), Warning::RemoteRace);
  diagnostic << "'" << first << "' ";
  if (a->writes == b->writes)
    diagnostic << "and '" << second << "' both write ";
  else
    diagnostic << (a->writes ? "writes" : "reads") << " and '" << second << "' "
               << (b->writes ? "writes" : "reads") << " ";
  diagnostic << remote.spell(var.state) << " in " << stringifyEnum(var.phase)
             << ", and nothing orders them; '" << first << "' goes first";
  if (pairs.size() > 1)
    diagnostic << " (and " << pairs.size() - 1 << " more such pairs)";
  diagnostic.attachNote(b->op->getLoc()) << "'" << second << "' does so here";
}

void CheckRemoteRaces::runOnOperation() {
  const auto &accesses = getAnalysis<StateAccesses>();
  bool isRacing = false;
  for (auto program : getOperation().getOps<step::ProgramOp>()) {
    RemoteAccesses remote(program, accesses);
    for (const VarInPhase &var : remote.all()) {
      SmallVector<RemoteAccesses::Pair> pairs = remote.unordered(var);
      if (pairs.empty())
        continue;
      report(remote, var, pairs);
      isRacing = true;
    }
  }
  if (isRacing && strict)
    return signalPassFailure();
  markAllAnalysesPreserved();
}

} // namespace basalt
