// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The synapses of a core while it runs: lists unpacked into arrays of targets and weights, and what
// spikes at the in-axons add to accumulators.
#ifndef BASALT_RUNTIME_NEUROCORE_DELIVERY_H
#define BASALT_RUNTIME_NEUROCORE_DELIVERY_H

#include "runtime/neurocore/Machine.h"

namespace basalt::nc {

/// Spikes of a source (an output of a group, an injector) that come to a core: of the neurons first
/// + i, i < count, at in-axon axon + i.
struct Incoming {
  const std::vector<Spike> *spikes = nullptr;
  uint32_t first = 0, count = 0, axon = 0;
  uint32_t source = kNone; ///< the core that they come from; kNone: an injector
  uint64_t arrived = 0;    ///< spikes, so far
};

class CoreSynapses {
public:
  /// The core has been verified; `groups` are its own and stay where they are.
  CoreSynapses(const Core &core, std::vector<GroupState> &groups);

  /// Adds what the spikes of `step` bring, for step + 1 and later.
  void deliver(Incoming &incoming, int64_t step, Counters &counters);

  /// The number of the list that begins at `word`.
  uint32_t listAt(uint32_t word) const;
  uint32_t entryCount(uint32_t list) const { return lists[list].count; }
  uint32_t targetOf(uint32_t list, uint32_t entry) const;
  int32_t weightOf(uint32_t list, uint32_t entry) const;
  uint8_t delayOf(uint32_t list, uint32_t entry) const;
  /// False if the format of the list does not hold the value.
  bool setWeight(uint32_t list, uint32_t entry, int64_t weight);
  bool setDelay(uint32_t list, uint32_t entry, int64_t delay);
  const SynapseFormat &formatOf(uint32_t list) const { return formats[lists[list].format]; }

private:
  /// A list: `count` entries; weights, targets and delays begin at these places of the arrays of
  /// their widths.
  struct List {
    uint32_t word = 0, count = 0;
    uint32_t words = 0;            // in memory
    uint8_t format = 0, width = 0; // 0: int8_t, 1: int16_t, 2: int32_t
    uint8_t exponent = 0;
    bool isGraded = false;
    bool isDense = false; // targets are first, first + 1, ..., whatever the format
    bool isShort = false; // targets have 16 bits
    bool isDelayed = false;
    bool isShared = false;        // several axons lead to it
    uint32_t first = 0, last = 0; // targets
    uint64_t delays = 0;          // a bit for each delay that occurs
    size_t weights = 0, targets = 0, delayPlace = 0;
  };
  struct Axon {
    uint32_t list = kNone, base = 0;
    Ring *ring = nullptr;
  };

  void addList(const Core &core, uint32_t word, uint32_t words);
  void spike(const Axon &axon, int32_t payload, int64_t step, Counters &counters);
  template <typename A>
  void add(const List &list, const Axon &axon, A *cells, A scale, int64_t step);
  template <typename A, typename W>
  void addWeights(const List &list, const Axon &axon, A *cells, const W *weights, A scale,
                  int64_t step);
  template <typename A, typename W, typename T>
  void scatter(const List &list, const Axon &axon, A *cells, const W *weights, const T *targets,
               A scale, int64_t step);
  void touch(const List &list, const Axon &axon, int64_t step);

  std::vector<SynapseFormat> formats;
  std::vector<List> lists; // ascending in `word`
  std::vector<Axon> axons;
  std::vector<int8_t> weights8;
  std::vector<int16_t> weights16;
  std::vector<int32_t> weights32;
  std::vector<uint16_t> targets16;
  std::vector<uint32_t> targets32;
  std::vector<uint8_t> delays;
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_DELIVERY_H
