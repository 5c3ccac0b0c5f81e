// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Synapses by source, in the format that needs the fewest words: what placement counts and what
// images are written from, so that both mean the same.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_PROJECTIONS_H
#define BASALT_COMPILER_NEUROCORE_PLACE_PROJECTIONS_H

#include "dialect/neurocore/Neurocore.h"
#include "runtime/neurocore/Synapses.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace basalt::neurocore {

/// The synapses of one neurocore.synapses. Neurons are numbered as they stand: in the order of
/// their population, if it has one.
class Projection {
public:
  /// Reports weights and delays that no format of the target can hold.
  static llvm::FailureOr<Projection> make(SynapsesOp op, const nc::Target &target, int64_t neurons);

  SynapsesOp op;
  nc::SynapseFormat format; ///< but for the bits of indices, which depend on the group

  int64_t sourceCount() const { return int64_t(begins.size()) - 1; }
  int64_t entryCountOf(int64_t source) const {
    return begins[size_t(source) + 1] - begins[size_t(source)];
  }
  int64_t entryCount() const { return int64_t(entries.size() / kSynapseFields); }
  /// Entries of a source that lead to neurons first to first + count - 1: numbers of entries.
  std::pair<int64_t, int64_t> range(int64_t source, int64_t first, int64_t count) const;
  int32_t at(int64_t entry, SynapseField field) const {
    return entries[size_t(entry) * kSynapseFields + field];
  }
  /// How many entries lead to neurons first to first + count - 1.
  int64_t entriesTo(int64_t first, int64_t count) const {
    return ofTarget[size_t(first + count)] - ofTarget[size_t(first)];
  }
  /// Sources of the synapses of a neuron, ascending.
  llvm::ArrayRef<int32_t> sourcesAt(int64_t target) const {
    return llvm::ArrayRef(sources).slice(
        size_t(ofTarget[size_t(target)]),
        size_t(ofTarget[size_t(target) + 1] - ofTarget[size_t(target)]));
  }
  int64_t beginOf(int64_t source) const { return begins[size_t(source)]; }
  /// Calls `visit` with each part that a source reaches; `partOf` has those of neurons, each of
  /// which is a range of them.
  void visitParts(int64_t source, llvm::ArrayRef<unsigned> partOf,
                  llvm::function_ref<void(unsigned)> visit) const;
  /// As a list of a group that begins with neuron `first`, with weights as the format has them.
  std::vector<nc::Synapse> listOf(int64_t begin, int64_t end, int64_t first) const;
  /// The words of a list.
  uint64_t wordsOf(const nc::SynapseFormat &format, int64_t begin, int64_t end) const;
  /// Adds the words of each list that leads to neurons first to first + count - 1, in no particular
  /// order. Takes time in proportion to the synapses of these neurons.
  void addWords(const nc::SynapseFormat &format, int64_t first, int64_t count,
                std::vector<int64_t> &lists) const;
  /// The format for groups of so many neurons; nothing if there is none.
  std::optional<nc::SynapseFormat> formatFor(int64_t neurons, const nc::Target &target) const;

private:
  void reorder(PopulationOp source, PopulationOp target);
  void indexTargets(int64_t neurons);
  llvm::LogicalResult chooseWeights(const nc::Target &target);
  llvm::LogicalResult chooseKind(const nc::Target &target, int64_t neurons);

  llvm::ArrayRef<int32_t> entries;
  std::vector<int32_t> owned;    ///< the entries, if they are not as the attribute has them
  std::vector<int64_t> begins;   ///< of each source, and the end
  std::vector<int32_t> sources;  ///< of all entries, by their targets
  std::vector<int64_t> ofTarget; ///< where those of a target begin there, and the end
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_PROJECTIONS_H
