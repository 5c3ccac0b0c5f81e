// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The static order of spk: what a simulator would find by running processes that block on messages,
// found once.
#include "compiler/schedule/Order.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

using namespace mlir;

namespace basalt {

namespace {

class FragmentOrder {
public:
  explicit FragmentOrder(const Network &network) : network(network) {
    for (unsigned i = 0; i < network.instances.size(); ++i)
      fragments.push_back(cutFragments(network, i));
    next.assign(fragments.size(), 0);
  }

  LogicalResult checkAllSent();
  FailureOr<SmallVector<Fragment>> run();

private:
  /// A message that an instance waits for.
  struct Wait {
    unsigned receiver;
    proc::RecvOp recv;
    Message message;
  };

  bool isDone(unsigned instance) const { return next[instance] == fragments[instance].size(); }
  /// The first message that the next fragment lacks.
  std::optional<Wait> waitOf(unsigned instance) const;
  /// Makes an instance runnable, or notes what it waits for.
  void enqueue(unsigned instance);
  void runNext(unsigned instance);
  LogicalResult emitCycle();

  const Network &network;
  SmallVector<SmallVector<Fragment>> fragments; // by instance
  SmallVector<size_t> next;                     // fragment, by instance
  llvm::DenseSet<PortKey> sent;
  llvm::DenseMap<PortKey, SmallVector<unsigned>> waiting;
  std::set<unsigned> runnable;
  SmallVector<Fragment> order;
};

} // namespace

LogicalResult FragmentOrder::checkAllSent() {
  llvm::DenseSet<PortKey> sends, reported;
  for (const auto &list : fragments)
    for (Fragment fragment : list)
      if (fragment.send)
        sends.insert({fragment.instance, fragment.send.getPortAttr().getAttr()});
  for (Message message : network.messages()) {
    if (sends.contains(message.key()) || !reported.insert(message.key()).second)
      continue;
    Instance sender = network.instances[message.sender];
    InFlightDiagnostic error = message.connect.emitError("OutPort '")
                               << sender.spell(message.port.getSymName())
                               << "' is connected but never sent on";
    if (sender.model)
      error.attachNote(sender.model.getLoc()) << "no send in the spk code of this model";
    else
      error.attachNote(sender.op.getLoc()) << "'" << sender.name() << "' has no behaviour";
  }
  return success(reported.empty());
}

std::optional<FragmentOrder::Wait> FragmentOrder::waitOf(unsigned instance) const {
  Fragment fragment = fragments[instance][next[instance]];
  if (!fragment.recv)
    return std::nullopt;
  for (Message message : network.messagesTo({instance, fragment.recv.getPortAttr().getAttr()}))
    if (!sent.contains(message.key()))
      return Wait{instance, fragment.recv, message};
  return std::nullopt;
}

void FragmentOrder::enqueue(unsigned instance) {
  if (isDone(instance))
    return;
  if (std::optional<Wait> wait = waitOf(instance))
    waiting[wait->message.key()].push_back(instance);
  else
    runnable.insert(instance);
}

void FragmentOrder::runNext(unsigned instance) {
  Fragment fragment = fragments[instance][next[instance]++];
  order.push_back(fragment);
  enqueue(instance);
  if (!fragment.send)
    return;
  PortKey port{instance, fragment.send.getPortAttr().getAttr()};
  sent.insert(port);
  SmallVector<unsigned> woken = std::move(waiting[port]);
  for (unsigned receiver : woken)
    enqueue(receiver);
}

FailureOr<SmallVector<Fragment>> FragmentOrder::run() {
  for (unsigned i = 0; i < fragments.size(); ++i)
    enqueue(i);
  while (!runnable.empty()) {
    unsigned first = *runnable.begin();
    runnable.erase(runnable.begin());
    runNext(first);
  }
  for (unsigned i = 0; i < fragments.size(); ++i)
    if (!isDone(i))
      return emitCycle();
  return std::move(order);
}

/// Everybody who is not done waits for somebody who is not done; so following the waits comes
/// round.
LogicalResult FragmentOrder::emitCycle() {
  SmallVector<Wait> cycle;
  llvm::DenseMap<unsigned, size_t> seen;
  unsigned at = 0;
  while (isDone(at))
    ++at;
  while (seen.try_emplace(at, cycle.size()).second) {
    cycle.push_back(*waitOf(at));
    at = cycle.back().message.sender;
  }
  cycle.erase(cycle.begin(), cycle.begin() + seen[at]);
  // In the direction of the messages, beginning with the first sender in the file.
  std::reverse(cycle.begin(), cycle.end());
  std::rotate(cycle.begin(),
              std::min_element(
                  cycle.begin(), cycle.end(),
                  [](const Wait &a, const Wait &b) { return a.message.sender < b.message.sender; }),
              cycle.end());

  InFlightDiagnostic error =
      cycle.front().message.connect.emitError("processes feed each other within a time step: ");
  for (const Wait &hop : cycle)
    error << network.nameOf(hop.message.sender) << " -> ";
  error << network.nameOf(cycle.front().message.sender)
        << "; every process on it receives before it sends; insert a connection process, which "
           "sends first";
  for (Wait &hop : cycle) {
    Instance sender = network.instances[hop.message.sender];
    Instance receiver = network.instances[hop.receiver];
    error.attachNote(hop.recv.getLoc())
        << "'" << receiver.name() << "' waits here for what '"
        << sender.spell(hop.message.port.getSymName()) << "' sends to '"
        << receiver.spell(hop.recv.getPort()) << "'";
    error.attachNote(hop.message.connect.getLoc()) << "by this connection";
  }
  return failure();
}

FailureOr<SmallVector<Fragment>> orderFragments(const Network &network) {
  FragmentOrder order(network);
  if (failed(order.checkAllSent()))
    return failure();
  return order.run();
}

} // namespace basalt
