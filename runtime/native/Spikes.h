// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The spikes of the last steps of one population, in the order in which they were sent: what
// projections (Projection.h) deliver when it is due.
#ifndef BASALT_RUNTIME_NATIVE_SPIKES_H
#define BASALT_RUNTIME_NATIVE_SPIKES_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace basalt::rt {

/// A spike: its source, and the low bits of the step in which it was sent.
struct Spike {
  uint32_t source, step;
};

/// Spikes side by side, oldest first, those of one step in the order of their sources.
struct SpikeList {
  const Spike *spikes = nullptr;
  size_t count = 0;
};

class SpikeHistory {
public:
  /// Of `sources` neurons, below 2^32. Keeps the last `steps` steps.
  SpikeHistory(size_t sources, size_t steps);

  /// Keeps the spikes of `step`, which is later than all before: a byte a source, 0 or 1.
  void keep(int64_t step, const uint8_t *spikes);

  /// The spikes of the steps from `first` to `last` that have been kept, and still are.
  SpikeList between(int64_t first, int64_t last) const;

  /// The last step that was kept, 0 before the first.
  int64_t lastStep() const { return last; }
  /// The spikes kept so far, in all steps.
  uint64_t total() const { return kept; }
  /// Bytes that the lists take.
  size_t bytes() const { return spikes.size() * sizeof(Spike); }

private:
  /// Where the spikes of a step are, counted from the first ever.
  struct Row {
    int64_t step = 0;
    uint64_t first = 0, end = 0;
  };

  const Row &rowOf(int64_t step) const { return rows[size_t(step) % rows.size()]; }
  void makeRoom(uint64_t live);

  size_t sources;
  std::vector<Row> rows;
  std::vector<Spike> spikes; // from number `base` on
  uint64_t base = 0;
  int64_t last = 0;
  uint64_t kept = 0;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_SPIKES_H
