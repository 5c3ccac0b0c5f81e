// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-deadlocks: processes that wait for each other's messages, or for each other's Vars. See
// Passes.td.
#include "compiler/schedule/Cycles.h"
#include "compiler/schedule/Order.h"
#include "compiler/schedule/Passes.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKDEADLOCKS
#include "compiler/schedule/Passes.h.inc"

namespace {

/// Looks for messages that nobody can be the first to send.
class MessageCheck {
public:
  explicit MessageCheck(const Network &network);
  LogicalResult run();

private:
  /// A message on a cycle, and the fragment that waits for it.
  struct Hop {
    Message message;
    Fragment receiver;
    Fragment sender;
  };

  WaitGraph waits() const;
  SmallVector<Hop> hopsOf(ArrayRef<unsigned> cycle) const;
  void emitCycle(ArrayRef<Hop> hops) const;

  const Network &network;
  SmallVector<Fragment> fragments; // of all instances, in the order of the file
  llvm::DenseMap<PortKey, unsigned> senders;
};

struct CheckDeadlocks : impl::CheckDeadlocksBase<CheckDeadlocks> {
  void runOnOperation() override;
};

} // namespace

/// `a -> b -> a`; of a long cycle the first and the last, the notes have all.
static std::string spellCycle(ArrayRef<StringRef> names) {
  constexpr size_t kShown = 16;
  std::string text;
  for (auto [at, name] : llvm::enumerate(names)) {
    if (names.size() > kShown && at == kShown / 2)
      text += "... (" + std::to_string(names.size() - kShown) + " more) -> ";
    if (names.size() <= kShown || at < kShown / 2 || at >= names.size() - kShown / 2)
      text += (name + " -> ").str();
  }
  return text + names.front().str();
}

//===--- Messages ---===//

MessageCheck::MessageCheck(const Network &network) : network(network) {
  for (unsigned i = 0; i < network.instances.size(); ++i)
    llvm::append_range(fragments, cutFragments(network, i));
  for (auto [number, fragment] : llvm::enumerate(fragments))
    if (proc::SendOp send = fragment.send)
      senders[{fragment.instance, send.getPortAttr().getAttr()}] = number;
}

/// A fragment waits for the one before it in its process and for those that send what it receives.
WaitGraph MessageCheck::waits() const {
  WaitGraph graph(fragments.size());
  for (auto [number, fragment] : llvm::enumerate(fragments)) {
    if (number != 0 && fragments[number - 1].instance == fragment.instance)
      graph[number].push_back(number - 1);
    if (proc::RecvOp recv = fragment.recv)
      for (const Message &message :
           network.messagesTo({fragment.instance, recv.getPortAttr().getAttr()}))
        if (auto sender = senders.find(message.key()); sender != senders.end())
          graph[number].push_back(sender->second);
  }
  return graph;
}

/// The messages of a cycle of fragments, in their direction, beginning with the first sender in the
/// file.
SmallVector<MessageCheck::Hop> MessageCheck::hopsOf(ArrayRef<unsigned> cycle) const {
  SmallVector<Hop> hops;
  for (auto [at, number] : llvm::enumerate(cycle)) {
    const Fragment &receiver = fragments[number];
    unsigned next = cycle[(at + 1) % cycle.size()];
    if (next + 1 == number && fragments[next].instance == receiver.instance)
      continue; // comes before in the process itself
    proc::RecvOp recv = receiver.recv;
    auto messages = network.messagesTo({receiver.instance, recv.getPortAttr().getAttr()});
    auto *found = llvm::find_if(messages, [&](const Message &message) {
      auto sender = senders.find(message.key());
      return sender != senders.end() && sender->second == next;
    });
    if (found != messages.end())
      hops.push_back({*found, receiver, fragments[next]});
  }
  std::reverse(hops.begin(), hops.end());
  auto *first = llvm::min_element(
      hops, [](const Hop &a, const Hop &b) { return a.message.sender < b.message.sender; });
  std::rotate(hops.begin(), first, hops.end());
  return hops;
}

void MessageCheck::emitCycle(ArrayRef<Hop> hops) const {
  proc::ConnectOp first = hops.front().message.connect;
  InFlightDiagnostic error =
      first.emitError("processes feed each other within a time step, in the cycle ");
  auto names =
      llvm::map_to_vector(hops, [&](const Hop &hop) { return network.nameOf(hop.message.sender); });
  error << spellCycle(names)
        << ": every process on it receives before it sends; insert a connection process, such as "
           "Dense, which sends before it receives";
  for (auto [at, hop] : llvm::enumerate(hops)) {
    Instance sender = network.instances[hop.message.sender];
    Instance receiver = network.instances[hop.receiver.instance];
    proc::OutPortOp outPort = hop.message.port;
    proc::RecvOp recv = hop.receiver.recv;
    proc::SendOp send = hops[(at + 1) % hops.size()].sender.send;
    error.attachNote(proc::ConnectOp(hop.message.connect).getLoc())
        << "'" << sender.spell(outPort.getSymName()) << "' feeds '"
        << receiver.spell(recv.getPort()) << "' by this connection";
    error.attachNote(recv.getLoc()) << "'" << receiver.name() << "' waits here for what '"
                                    << receiver.spell(recv.getPort()) << "' receives";
    error.attachNote(send.getLoc())
        << "and sends on '" << receiver.spell(send.getPort()) << "' only afterwards, here";
  }
}

LogicalResult MessageCheck::run() {
  SmallVector<SmallVector<unsigned>> cycles = findCycles(waits());
  for (ArrayRef<unsigned> cycle : cycles)
    emitCycle(hopsOf(cycle));
  return success(cycles.empty());
}

//===--- Vars ---===//

/// Reports a cycle of instances that wait for each other in a phase.
static void emitCycle(const Network &network, const PhaseWaits &phase, proc::PhaseKind kind,
                      ArrayRef<unsigned> cycle) {
  auto accessOf = [&](size_t hop) {
    unsigned owner = cycle[(hop + 1) % cycle.size()];
    return *llvm::find_if(phase.accesses.at(cycle[hop]),
                          [&](const Access &access) { return access.remote->owner == owner; });
  };
  proc::ConnectOp first = accessOf(0).remote->connect;
  InFlightDiagnostic error = first.emitError("processes wait for each other in ");
  auto names =
      llvm::map_to_vector(cycle, [&](unsigned instance) { return network.nameOf(instance); });
  error << stringifyEnum(kind) << ", in the cycle " << spellCycle(names)
        << ": the owner of a Var runs before those that access it; move one of the accesses to "
           "another phase, or send a message instead";
  for (size_t hop = 0; hop < cycle.size(); ++hop) {
    Access access = accessOf(hop);
    proc::VarOp var = access.remote->var;
    Instance owner = network.instances[access.remote->owner];
    auto port = access.op->getAttrOfType<FlatSymbolRefAttr>("port");
    error.attachNote(proc::ConnectOp(access.remote->connect).getLoc())
        << "'" << network.instances[cycle[hop]].spell(port.getValue()) << "' leads to '"
        << owner.spell(var.getSymName()) << "' by this connection";
    error.attachNote(access.op->getLoc())
        << "'" << network.nameOf(cycle[hop]) << "' " << (access.write ? "writes" : "reads") << " '"
        << owner.spell(var.getSymName()) << "' here, so it waits for '" << owner.name() << "'";
  }
}

static LogicalResult checkPhase(const Network &network, proc::PhaseKind kind) {
  FailureOr<PhaseWaits> phase = waitsOf(network, kind);
  if (failed(phase))
    return failure();
  WaitGraph graph(network.instances.size());
  for (auto &[instance, owners] : phase->waits)
    graph[instance].assign(owners.begin(), owners.end());
  SmallVector<SmallVector<unsigned>> cycles = findCycles(graph);
  for (ArrayRef<unsigned> cycle : cycles)
    emitCycle(network, *phase, kind, cycle);
  return success(cycles.empty());
}

void CheckDeadlocks::runOnOperation() {
  FailureOr<Network> network = Network::build(getOperation());
  if (failed(network))
    return signalPassFailure();
  bool ok = succeeded(MessageCheck(*network).run());
  for (auto kind : {proc::PhaseKind::PreMgmt, proc::PhaseKind::PostMgmt, proc::PhaseKind::Host})
    ok &= succeeded(checkPhase(*network, kind));
  if (!ok)
    signalPassFailure();
}

} // namespace basalt
