// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The spikes of the last steps of one population, a list a step: what projections (Projection.h)
// deliver when it is due.
#ifndef BASALT_RUNTIME_NATIVE_SPIKES_H
#define BASALT_RUNTIME_NATIVE_SPIKES_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace basalt::rt {

/// The sources that spiked in a step, in increasing order.
struct SpikeList {
  const uint32_t *sources = nullptr;
  size_t count = 0;
};

class SpikeHistory {
public:
  /// Of `sources` neurons, below 2^32. Keeps the last `steps` steps.
  SpikeHistory(size_t sources, size_t steps);

  /// Keeps the spikes of `step`, which is later than all before: a byte a source, 0 or 1.
  void keep(int64_t step, const uint8_t *spikes);

  /// The spikes of `step`; none if it has not been kept, or is no longer.
  SpikeList at(int64_t step) const {
    if (step <= 0)
      return {};
    const Row &row = rows[size_t(step) % rows.size()];
    return row.step == step ? SpikeList{row.sources.get(), row.count} : SpikeList{};
  }

  /// The last step that was kept, 0 before the first.
  int64_t lastStep() const { return last; }
  /// The spikes kept so far, in all steps.
  uint64_t total() const { return kept; }
  /// Bytes that the lists take at most.
  size_t bytes() const { return rows.size() * (sources + 64) * sizeof(uint32_t); }

private:
  struct Row {
    int64_t step = 0;
    size_t count = 0;
    std::unique_ptr<uint32_t[]> sources; // room for all; untouched memory costs nothing
  };

  size_t sources;
  std::vector<Row> rows;
  int64_t last = 0;
  uint64_t kept = 0;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_SPIKES_H
