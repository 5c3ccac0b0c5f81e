// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lists of synapses in the memory of a core, words of 64 bits, bits from the lowest on.
//
// A list begins at a word and is a row of chunks, each of which begins at a word: a header (number
// of the format: 4 bits, number of entries less one: 6) and up to 64 entries. The first chunk of a
// dense or run-length list has, behind its header, the index at which it starts.
//   sparse      {index, weight, delay}
//   dense       {weight, delay}, for consecutive indices
//   run length  {skip, weight, delay}: the index is that many beyond the next one
#ifndef BASALT_RUNTIME_NEUROCORE_SYNAPSES_H
#define BASALT_RUNTIME_NEUROCORE_SYNAPSES_H

#include "runtime/neurocore/Image.h"

namespace basalt::nc {

struct Synapse {
  uint32_t index = 0; ///< the neuron is InAxon::base + index
  int32_t weight = 0; ///< without the exponent
  uint8_t delay = 0;

  bool operator==(const Synapse &other) const {
    return index == other.index && weight == other.weight && delay == other.delay;
  }
};

inline constexpr unsigned kChunkSynapses = 64;
/// The header of a chunk, in bits.
inline constexpr unsigned kChunkHeader = 10;

/// The least and greatest weight of a format.
int64_t leastWeight(const SynapseFormat &format);
int64_t greatestWeight(const SynapseFormat &format);

/// The entries of a list with these synapses: they, with weights of zero in the gaps that a dense
/// or run-length list cannot leave out. Ascending in index for these kinds.
std::vector<Synapse> entriesOf(const SynapseFormat &format, const std::vector<Synapse> &synapses);

/// The words of a list of `count` entries.
uint64_t wordsOf(const SynapseFormat &format, uint64_t count);

/// Why a format cannot hold the entries; nothing if it can.
std::string whyNot(const SynapseFormat &format, const std::vector<Synapse> &entries);

/// Appends the list to the memory of a core and returns where it is. The format holds the entries.
struct ListPlace {
  uint32_t word, words;
};
ListPlace packList(const SynapseFormat &format, unsigned number,
                   const std::vector<Synapse> &entries, std::vector<uint64_t> &memory);

/// A list as it stands in memory.
struct UnpackedList {
  unsigned format = 0; ///< in Core::formats
  std::vector<Synapse> entries;
};

/// Unpacks a list of unknown origin. Returns what is wrong, or nothing.
std::string unpackList(const Core &core, uint32_t word, uint32_t words, UnpackedList &list);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_SYNAPSES_H
