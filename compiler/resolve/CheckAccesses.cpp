// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-accesses: where behaviours use ports; see Passes.td.
#include "compiler/resolve/Checks.h"
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Scopes.h"
#include "compiler/support/EmitWarning.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKACCESSES
#include "compiler/resolve/Passes.h.inc"

namespace {

/// Checks the code of one process.
class CodeCheck {
public:
  LogicalResult run(proc::ModelOp model);

private:
  LogicalResult check(proc::GuardOp guard);
  LogicalResult check(proc::PhaseOp phase);
  LogicalResult checkAccess(Operation *access, proc::PhaseKind phase);
  LogicalResult checkMessage(Operation *message, proc::PhaseOp phase);

  /// The first recv or send of each port.
  llvm::StringMap<Operation *> messages;
};

/// Checks that what is used is connected, and the other way around.
class UseCheck {
public:
  LogicalResult run(Operation *scope);

private:
  LogicalResult checkRefPorts(proc::InstanceOp instance, proc::ProcessOp process);
  LogicalResult checkSent(proc::ConnectOp connect);
  void warnOfUnread(proc::ConnectOp connect);

  SymbolTableCollection tables;
  llvm::DenseSet<Operation *> unread; // of which that has been said
  llvm::DenseSet<Attribute> connected;
};

struct CheckAccessesPass : impl::CheckAccessesBase<CheckAccessesPass> {
  void runOnOperation() override;

private:
  void warnOfIdlePreMgmt();
};

} // namespace

/// The port of a recv, send, read or write.
static StringRef portOf(Operation *op) {
  return op->getAttrOfType<FlatSymbolRefAttr>("port").getValue();
}

/// The op as the user writes it: `a_in.recv()`.
static std::string spellUse(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::string>(op)
      .Case([](proc::RecvOp recv) { return (recv.getPort() + ".recv()").str(); })
      .Case([](proc::ReadOp read) { return (read.getPort() + ".read()").str(); })
      .Case([](proc::SendOp send) { return (send.getPort() + ".send(...)").str(); })
      .Case([](proc::WriteOp write) { return (write.getPort() + ".write(...)").str(); })
      .Case([](proc::SetOp set) { return (set.getVar() + " = ...").str(); })
      .Default([](Operation *other) { return (other->getName().stripDialect() + "(...)").str(); });
}

//===--- Code ---===//

LogicalResult CodeCheck::run(proc::ModelOp model) {
  bool ok = true;
  for (Operation &op : model.getBody().getOps()) {
    if (auto guard = dyn_cast<proc::GuardOp>(op))
      ok &= succeeded(check(guard));
    if (auto phase = dyn_cast<proc::PhaseOp>(op))
      ok &= succeeded(check(phase));
  }
  return success(ok);
}

LogicalResult CodeCheck::check(proc::GuardOp guard) {
  bool ok = true;
  guard.walk([&](Operation *op) {
    if (!isa<proc::SetOp, proc::RecvOp, proc::SendOp, proc::ReadOp, proc::WriteOp, proc::PrintOp,
             proc::AssertOp, proc::PauseOp, proc::StopOp>(op))
      return;
    op->emitError() << "'" << spellUse(op) << "' in " << proc::stringifyGuardKind(guard.getKind())
                    << ": a guard may look at Vars, parameters and time_step only";
    ok = false;
  });
  return success(ok);
}

LogicalResult CodeCheck::check(proc::PhaseOp phase) {
  bool ok = true;
  phase.walk([&](Operation *op) {
    if (isa<proc::ReadOp, proc::WriteOp>(op))
      ok &= succeeded(checkAccess(op, phase.getKind()));
    if (isa<proc::RecvOp, proc::SendOp>(op))
      ok &= succeeded(checkMessage(op, phase));
  });
  return success(ok);
}

LogicalResult CodeCheck::checkAccess(Operation *access, proc::PhaseKind phase) {
  if (phase == proc::PhaseKind::PreMgmt || phase == proc::PhaseKind::PostMgmt ||
      phase == proc::PhaseKind::Host)
    return success();
  return access->emitError() << "'" << spellUse(access) << "' in "
                             << proc::stringifyPhaseKind(phase)
                             << ": RefPorts can be accessed in management phases only (pre_mgmt, "
                                "post_mgmt, host)";
}

LogicalResult CodeCheck::checkMessage(Operation *message, proc::PhaseOp phase) {
  std::string use = spellUse(message);
  if (phase.getKind() != proc::PhaseKind::Spk)
    return message->emitError() << "'" << use << "' in "
                                << proc::stringifyPhaseKind(phase.getKind())
                                << ": messages are sent and received in spk only";
  if (message->getParentOp() != phase)
    return message->emitError()
           << "'" << use << "' under an `if` or `for`: a port is used at the top level of spk"
           << (isa<proc::SendOp>(message) ? "; send `where(c, x, 0)` to send nothing" : "");
  auto [first, inserted] = messages.insert({portOf(message), message});
  if (inserted)
    return success();
  InFlightDiagnostic error = message->emitError()
                             << "'" << portOf(message) << "' is "
                             << (isa<proc::SendOp>(message) ? "sent on" : "received from")
                             << " twice in a time step; once is possible";
  error.attachNote(first->second->getLoc()) << "the first time is here";
  return error;
}

//===--- Use ---===//

/// Whether all code of the process is there; text may use anything.
static bool isTyped(proc::ProcessOp process) {
  return !process
              .walk([](Operation *op) {
                auto phase = dyn_cast<proc::PhaseOp>(op);
                return phase && phase.getSource() ? WalkResult::interrupt() : WalkResult::advance();
              })
              .wasInterrupted();
}

LogicalResult UseCheck::run(Operation *scope) {
  for (auto connect : bodyOf(scope).getOps<proc::ConnectOp>())
    connected.insert(connect.getSourceAttr());
  for (auto port : bodyOf(scope).getOps<proc::VirtualPortOp>())
    connected.insert(port.getSources().begin(), port.getSources().end());
  bool ok = true;
  for (auto instance : bodyOf(scope).getOps<proc::InstanceOp>())
    ok &= succeeded(checkRefPorts(instance, proc::lookupProcess(instance, &tables)));
  for (auto connect : bodyOf(scope).getOps<proc::ConnectOp>()) {
    ok &= succeeded(checkSent(connect));
    warnOfUnread(connect);
  }
  return success(ok);
}

LogicalResult UseCheck::checkRefPorts(proc::InstanceOp instance, proc::ProcessOp process) {
  llvm::StringMap<Operation *> used;
  process.walk([&](Operation *op) {
    if (isa<proc::ReadOp, proc::WriteOp>(op))
      used.insert({portOf(op), op});
  });
  bool ok = true;
  for (auto port : process.getBody().getOps<proc::RefPortOp>()) {
    auto ref = SymbolRefAttr::get(instance.getSymNameAttr(),
                                  FlatSymbolRefAttr::get(port.getSymNameAttr()));
    Operation *use = used.lookup(port.getSymName());
    if (!use || connected.contains(ref))
      continue;
    InFlightDiagnostic error = instance.emitError() << "RefPort '" << proc::spell(ref)
                                                    << "' is used, but connected to nothing";
    error.attachNote(use->getLoc()) << "it is used here";
    ok = false;
  }
  return success(ok);
}

/// Whether an op of `process` uses `port`, in its only model.
template <typename Use> static bool usesPort(proc::ProcessOp process, StringRef port) {
  return process
      .walk([&](Use use) {
        return use.getPort() == port ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

LogicalResult UseCheck::checkSent(proc::ConnectOp connect) {
  proc::End source = proc::lookupEnd(connect->getParentOp(), connect.getSourceAttr(), &tables);
  auto port = dyn_cast_or_null<proc::OutPortOp>(source.member);
  if (!port || !source.instance)
    return success();
  auto process = cast<proc::ProcessOp>(port->getParentOp());
  if (hierarchicalModel(process) || !isTyped(process))
    return success();
  if (usesPort<proc::SendOp>(process, port.getSymName()))
    return success();
  InFlightDiagnostic error = connect.emitError()
                             << "OutPort '" << proc::spell(connect.getSourceAttr())
                             << "' is connected, but its process never sends on it, so '"
                             << proc::spell(connect.getTargetAttr()) << "' would wait for ever";
  error.attachNote(port.getLoc()) << "'" << port.getSymName() << "' is declared here";
  return error;
}

/// What is not received is lost, which seldom is meant.
void UseCheck::warnOfUnread(proc::ConnectOp connect) {
  proc::End target = proc::lookupEnd(connect->getParentOp(), connect.getTargetAttr(), &tables);
  auto port = dyn_cast_or_null<proc::InPortOp>(target.member);
  if (!port || !target.instance)
    return;
  auto process = cast<proc::ProcessOp>(port->getParentOp());
  if (hierarchicalModel(process) || !isTyped(process) ||
      usesPort<proc::RecvOp>(process, port.getSymName()) || !unread.insert(port).second)
    return;
  InFlightDiagnostic warning = emitWarning(connect.getLoc(), Warning::UnreadPort);
  warning << "InPort '" << proc::spell(connect.getTargetAttr())
          << "' is connected, but its process never receives from it, so what '"
          << proc::spell(connect.getSourceAttr()) << "' sends is lost";
  warning.attachNote(port.getLoc()) << "'" << port.getSymName() << "' is declared here";
}

//===--- Pass ---===//

static bool isFalse(proc::GuardOp guard) {
  return !guard.getSource() &&
         matchPattern(guard.getBody().front().getTerminator()->getOperand(0), m_Zero());
}

/// pre_mgmt takes place only in steps in which some lrn_guard holds; what is false for these
/// parameters never does.
void CheckAccessesPass::warnOfIdlePreMgmt() {
  SmallVector<proc::PhaseOp> idle;
  SmallVector<proc::GuardOp> on, off;
  getOperation().walk([&](Operation *op) {
    if (auto guard = dyn_cast<proc::GuardOp>(op); guard && guard.getKind() == proc::GuardKind::Lrn)
      (isFalse(guard) ? off : on).push_back(guard);
    auto phase = dyn_cast<proc::PhaseOp>(op);
    if (phase && phase.getKind() == proc::PhaseKind::PreMgmt)
      idle.push_back(phase);
  });
  if (!on.empty() || !rootNetwork(getOperation()))
    return;
  for (proc::PhaseOp phase : idle) {
    InFlightDiagnostic warning = emitWarning(phase.getLoc(), Warning::PhaseNeverRuns);
    if (off.empty()) {
      warning << "pre_mgmt never runs: no process in the network has a lrn_guard";
      continue;
    }
    warning << "pre_mgmt never runs: the lrn_guard of each process in the network is false";
    warning.attachNote(off.front().getLoc()) << "such as this one";
  }
}

LogicalResult checkCode(ModuleOp module) {
  bool ok = true;
  for (auto process : module.getOps<proc::ProcessOp>())
    for (auto model : process.getBody().getOps<proc::ModelOp>())
      ok &= succeeded(CodeCheck().run(model));
  return success(ok);
}

void CheckAccessesPass::runOnOperation() {
  bool ok = succeeded(checkCode(getOperation()));
  for (Operation *scope : scopesOf(getOperation()))
    ok &= succeeded(UseCheck().run(scope));
  if (!ok)
    return signalPassFailure();
  warnOfIdlePreMgmt();
}

} // namespace basalt
