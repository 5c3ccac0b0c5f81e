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
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace basalt::neurocore {

/// Synapses of a source: entries begin to end - 1, whose targets count from neuron `base`.
struct EntryRange {
  int64_t begin = 0, end = 0, base = 0;

  bool empty() const { return begin == end; }
  int64_t size() const { return end - begin; }
};

/// Where a core has the list of a source: sources with equal `list` have one in common.
struct CoreList {
  struct Key {
    int64_t begin = 0, end = 0; ///< entries
    int64_t index = 0;          ///< of the first one, in the list

    bool operator==(const Key &other) const {
      return begin == other.begin && end == other.end && index == other.index;
    }
  } list;
  int64_t base = 0; ///< of the in-axon
};

} // namespace basalt::neurocore

template <> struct llvm::DenseMapInfo<basalt::neurocore::CoreList::Key> {
  using Key = basalt::neurocore::CoreList::Key;
  static Key getEmptyKey() { return {-1, 0, 0}; }
  static Key getTombstoneKey() { return {-2, 0, 0}; }
  static unsigned getHashValue(const Key &key) {
    return unsigned(llvm::hash_combine(key.begin, key.end, key.index));
  }
  static bool isEqual(const Key &a, const Key &b) { return a == b; }
};

namespace basalt::neurocore {

/// Something about each list of a projection on a core.
template <typename T> using ListMap = llvm::DenseMap<CoreList::Key, T>;

/// The list of a source on a core.
struct SourceList {
  int64_t source = 0;
  int64_t word = 0, words = 0; ///< from the first list of the projection on
  int64_t base = 0;            ///< of the in-axon
  bool isNew = true;           ///< false: a source before has the same one
};

/// The synapses of one neurocore.synapses. Neurons are numbered as they stand: in the order of
/// their population, if it has one. Then lists are shared only if it looks the same from each base.
class Projection {
public:
  /// Reports weights and delays that no format of the target can hold.
  static llvm::FailureOr<Projection> make(SynapsesOp op, const nc::Target &target, int64_t neurons);

  SynapsesOp op;
  nc::SynapseFormat format; ///< but for the bits of indices, which depend on the group

  /// Whether sources have lists in common.
  bool isShared() const { return !places.empty(); }
  /// Of shared lists: what all bases are a multiple of; 0 if all are 0.
  int64_t stepOfBases() const;
  int64_t sourceCount() const {
    return isShared() ? int64_t(places.size() / 2) : int64_t(begins.size()) - 1;
  }
  /// The synapses of a source.
  EntryRange all(int64_t source) const;
  /// Those that lead to neurons first to first + count - 1.
  EntryRange range(int64_t source, int64_t first, int64_t count) const;
  /// A number of an entry; its target counts from the base of the range.
  int32_t at(int64_t entry, SynapseField field) const {
    return entries[size_t(entry) * kSynapseFields + field];
  }
  /// All synapses.
  int64_t entryCount() const { return ofTarget.back(); }
  /// How many synapses lead to neurons first to first + count - 1.
  int64_t entriesTo(int64_t first, int64_t count) const {
    return ofTarget[size_t(first + count)] - ofTarget[size_t(first)];
  }
  /// Sources that lead to neurons first to first + count - 1, ascending; of shared lists perhaps
  /// others between them.
  std::vector<int64_t> sourcesOf(int64_t first, int64_t count) const;
  /// Sources of the synapses of a neuron, ascending; of lists that are not shared.
  llvm::ArrayRef<int32_t> sourcesAt(int64_t target) const {
    return llvm::ArrayRef(sources).slice(size_t(ofTarget[size_t(target)]),
                                         size_t(entriesTo(target, 1)));
  }
  /// Calls `visit` with each part that a source reaches and its synapses there, perhaps more than
  /// once if parts are not ranges of neurons; `partOf` has those of neurons.
  void visitParts(int64_t source, llvm::ArrayRef<unsigned> partOf,
                  llvm::function_ref<void(unsigned, const EntryRange &)> visit) const;
  /// The list of a group that begins with neuron `first`, for a range that is not empty.
  CoreList listOf(const EntryRange &range, int64_t first) const;
  /// Its synapses, with weights as the format has them.
  std::vector<nc::Synapse> synapsesOf(const CoreList::Key &list) const;
  /// Its words.
  uint64_t wordsOf(const nc::SynapseFormat &format, int64_t begin, int64_t end) const;
  /// Calls `visit` with the list of each source that leads to neurons first to first + count - 1,
  /// sources ascending. Takes time in proportion to the synapses of these neurons, or to their
  /// sources if lists are shared.
  void visitLists(const nc::SynapseFormat &format, int64_t first, int64_t count,
                  llvm::function_ref<void(const SourceList &)> visit) const;
  /// The format for groups of so many neurons; nothing if there is none.
  std::optional<nc::SynapseFormat> formatFor(int64_t neurons, const nc::Target &target) const;

private:
  void expand();
  void reorder(PopulationOp source, PopulationOp target);
  bool reorderLists(llvm::ArrayRef<int32_t> sourcePlaces, llvm::ArrayRef<int32_t> targetPlaces);
  void indexLists(int64_t lists);
  void indexTargets(int64_t neurons);
  void indexReach();
  llvm::LogicalResult chooseWeights(const nc::Target &target);
  llvm::LogicalResult chooseKind(const nc::Target &target, int64_t neurons);
  int64_t indicesOf(int64_t neurons) const;

  llvm::ArrayRef<int32_t> entries;
  std::vector<int32_t> owned; ///< the entries, if they are not as the attribute has them
  std::vector<std::array<int32_t, kSynapseFields>> inOrder; ///< the same, sorted
  llvm::ArrayRef<int32_t> places; ///< of each source: list and base; none: it has one of its own
  std::vector<int32_t> ownedPlaces;
  std::vector<int64_t> begins;   ///< of each list, and the end
  int64_t bases = 0;             ///< what the base of an in-axon is less than
  int64_t span = 0;              ///< how many neurons the longest list spans
  std::vector<int64_t> ofTarget; ///< how many synapses lead to the targets before each one
  std::vector<int32_t> sources;  ///< of all synapses, by their targets; none if lists are shared
  /// Of shared lists: the last neuron that any of the sources up to each one reaches, and the first
  /// one that any from it on does.
  std::vector<int32_t> lastUpTo, firstFrom;
};

/// Where the lists of a projection stand on a core: one behind the other, each once.
class ListAddresses {
public:
  /// The list of the next source, whose synapses there are `range`; the group begins with neuron
  /// `first`.
  SourceList place(const Projection &projection, const nc::SynapseFormat &format, int64_t source,
                   const EntryRange &range, int64_t first);

private:
  ListMap<int64_t> known; ///< none if lists are not shared
  int64_t next = 0;
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_PROJECTIONS_H
