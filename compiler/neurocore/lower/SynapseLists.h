// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Synapses source by source. Sources that reach their targets in the same way, but from another
// neuron on, as those of a convolution do, have one list.
#ifndef BASALT_COMPILER_NEUROCORE_LOWER_SYNAPSELISTS_H
#define BASALT_COMPILER_NEUROCORE_LOWER_SYNAPSELISTS_H

#include "dialect/neurocore/Neurocore.h"

#include "mlir/IR/Builders.h"

namespace basalt::neurocore {

class SynapseLists {
public:
  /// As neurocore.synapses has it: `Source` is the number of the list, targets count from the
  /// first.
  using Entry = std::array<int32_t, kSynapseFields>;

  /// Adds the next source, with the neurons that it leads to; their order is sorted, `Source` does
  /// not count.
  void addSource(std::vector<Entry> &entries);

  llvm::ArrayRef<Entry> entries() const { return all; }
  /// The same with the bits of `mask` of each weight, without what is then 0.
  SynapseLists masked(int32_t mask) const;

  /// The attributes of neurocore.synapses; no lists if each source has one of its own.
  mlir::DenseIntElementsAttr entriesAttr(mlir::Builder &builder);
  mlir::DenseIntElementsAttr listsAttr(mlir::Builder &builder) const;

private:
  struct Place {
    int32_t list = -1, base = 0;
  };
  bool isShared() const;
  void giveToSources();
  llvm::ArrayRef<Entry> list(size_t number) const {
    return llvm::ArrayRef<Entry>(all).slice(begins[number], begins[number + 1] - begins[number]);
  }

  std::vector<Entry> all;
  std::vector<size_t> begins = {0}; ///< of each list, and the end
  std::vector<Place> places;        ///< of each source
  llvm::DenseMap<uint64_t, llvm::SmallVector<int32_t, 1>> byHash;
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_LOWER_SYNAPSELISTS_H
