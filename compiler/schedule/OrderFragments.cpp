// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The static order of spk: what a simulator would find by running processes that block on messages,
// found once.
#include "compiler/schedule/Order.h"

#include "llvm/ADT/DenseSet.h"

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

  FailureOr<SmallVector<Fragment>> run();

private:
  bool isDone(unsigned instance) const { return next[instance] == fragments[instance].size(); }
  /// The first message that the next fragment lacks.
  std::optional<Message> waitOf(unsigned instance) const;
  /// Makes an instance runnable, or notes what it waits for.
  void enqueue(unsigned instance);
  void runNext(unsigned instance);

  const Network &network;
  SmallVector<SmallVector<Fragment>> fragments; // by instance
  SmallVector<size_t> next;                     // fragment, by instance
  llvm::DenseSet<PortKey> sent;
  llvm::DenseMap<PortKey, SmallVector<unsigned>> waiting;
  std::set<unsigned> runnable;
  SmallVector<Fragment> order;
};

} // namespace

std::optional<Message> FragmentOrder::waitOf(unsigned instance) const {
  Fragment fragment = fragments[instance][next[instance]];
  if (!fragment.recv)
    return std::nullopt;
  for (Message message : network.messagesTo({instance, fragment.recv.getPortAttr().getAttr()}))
    if (!sent.contains(message.key()))
      return message;
  return std::nullopt;
}

void FragmentOrder::enqueue(unsigned instance) {
  if (isDone(instance))
    return;
  if (std::optional<Message> message = waitOf(instance))
    waiting[message->key()].push_back(instance);
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
      return emitDeadlock(network.instances[i].op);
  return std::move(order);
}

FailureOr<SmallVector<Fragment>> orderFragments(const Network &network) {
  return FragmentOrder(network).run();
}

} // namespace basalt
