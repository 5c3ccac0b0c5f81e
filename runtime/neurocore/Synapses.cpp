// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packing and unpacking lists of synapses.
#include "runtime/neurocore/Synapses.h"

#include <algorithm>

using namespace basalt::nc;

//===-- Bits
//-------------------------------------------------------------------------------------===//

namespace {
class BitWriter {
public:
  explicit BitWriter(std::vector<uint64_t> &memory) : memory(memory) {}

  void put(uint64_t value, unsigned bits) {
    if (bits == 0)
      return;
    value &= ~uint64_t(0) >> (64 - bits);
    if (used == 0)
      memory.push_back(0);
    memory.back() |= value << used;
    unsigned room = 64 - used;
    if (bits > room)
      memory.push_back(value >> room);
    used = (used + bits) % 64;
  }
  /// Goes on at the next word.
  void align() { used = 0; }

private:
  std::vector<uint64_t> &memory;
  unsigned used = 0; // bits of the last word
};

class BitReader {
public:
  BitReader(const uint64_t *memory, uint64_t words) : memory(memory), end(words * 64) {}

  uint64_t get(unsigned bits) {
    if (bits == 0)
      return 0;
    uint64_t value = memory[at / 64] >> (at % 64);
    unsigned room = 64 - unsigned(at % 64);
    if (bits > room)
      value |= memory[at / 64 + 1] << room;
    at += bits;
    return value & (~uint64_t(0) >> (64 - bits));
  }
  uint64_t left() const { return end - at; }
  void align() { at = (at + 63) / 64 * 64; }
  bool restIsZero() { return at % 64 == 0 || memory[at / 64] >> (at % 64) == 0; }

private:
  const uint64_t *memory;
  uint64_t at = 0, end;
};
} // namespace

//===-- Formats
//----------------------------------------------------------------------------------===//

int64_t basalt::nc::leastWeight(const SynapseFormat &format) {
  if (format.sign == SignMode::Excitatory)
    return format.weightBits == 0 ? 1 : 0;
  if (format.weightBits == 0)
    return format.sign == SignMode::Inhibitory ? -1 : 1;
  return format.sign == SignMode::Mixed ? -(int64_t(1) << (format.weightBits - 1))
                                        : 1 - (int64_t(1) << format.weightBits);
}

int64_t basalt::nc::greatestWeight(const SynapseFormat &format) {
  if (format.sign == SignMode::Inhibitory)
    return format.weightBits == 0 ? -1 : 0;
  if (format.weightBits == 0)
    return 1;
  return (int64_t(1) << (format.sign == SignMode::Mixed ? format.weightBits - 1
                                                        : format.weightBits)) -
         1;
}

static unsigned entryBits(const SynapseFormat &format) {
  unsigned bits = format.weightBits + format.delayBits;
  if (format.kind == SynapseKind::Sparse)
    return bits + format.indexBits;
  return format.kind == SynapseKind::RunLength ? bits + format.skipBits : bits;
}

uint64_t basalt::nc::wordsOf(const SynapseFormat &format, uint64_t count) {
  auto words = [&](uint64_t entries, unsigned more) {
    return (entries * entryBits(format) + kChunkHeader + more + 63) / 64;
  };
  if (count == 0)
    return 0;
  unsigned start = format.kind == SynapseKind::Sparse ? 0 : format.indexBits;
  if (count <= kChunkSynapses)
    return words(count, start);
  uint64_t whole = count / kChunkSynapses, rest = count % kChunkSynapses;
  return words(kChunkSynapses, start) + (whole - 1) * words(kChunkSynapses, 0) +
         (rest ? words(rest, 0) : 0);
}

std::vector<Synapse> basalt::nc::entriesOf(const SynapseFormat &format,
                                           const std::vector<Synapse> &synapses) {
  if (format.kind == SynapseKind::Sparse || synapses.empty())
    return synapses;
  std::vector<Synapse> sorted = synapses, entries;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Synapse &a, const Synapse &b) { return a.index < b.index; });
  uint32_t most = format.kind == SynapseKind::Dense ? 0 : (1u << format.skipBits) - 1;
  for (const Synapse &synapse : sorted) {
    while (!entries.empty() && synapse.index > entries.back().index + 1 + most)
      entries.push_back({entries.back().index + 1 + most, 0, 0});
    entries.push_back(synapse);
  }
  return entries;
}

std::string basalt::nc::whyNot(const SynapseFormat &format, const std::vector<Synapse> &entries) {
  int64_t least = leastWeight(format), greatest = greatestWeight(format);
  for (size_t i = 0; i < entries.size(); ++i) {
    const Synapse &entry = entries[i];
    if (entry.weight < least || entry.weight > greatest)
      return "the weight " + std::to_string(entry.weight) + " is not in " + std::to_string(least) +
             ".." + std::to_string(greatest);
    if (entry.delay >> format.delayBits != 0)
      return "the delay " + std::to_string(entry.delay) + " needs more than " +
             std::to_string(format.delayBits) + " bits";
    bool isStored = format.kind == SynapseKind::Sparse || i == 0;
    if (isStored && uint64_t(entry.index) >> format.indexBits != 0)
      return "the index " + std::to_string(entry.index) + " needs more than " +
             std::to_string(format.indexBits) + " bits";
    if (format.kind == SynapseKind::Sparse || i == 0)
      continue;
    uint32_t next = entries[i - 1].index + 1;
    uint32_t most = format.kind == SynapseKind::Dense ? 0 : (1u << format.skipBits) - 1;
    if (entry.index < next || entry.index - next > most)
      return "the index " + std::to_string(entry.index) + " cannot follow " +
             std::to_string(next - 1);
  }
  return "";
}

//===-- Packing
//----------------------------------------------------------------------------------===//

ListPlace basalt::nc::packList(const SynapseFormat &format, unsigned number,
                               const std::vector<Synapse> &entries, std::vector<uint64_t> &memory) {
  uint32_t first = uint32_t(memory.size());
  BitWriter writer(memory);
  for (size_t i = 0; i < entries.size(); ++i) {
    const Synapse &entry = entries[i];
    if (i % kChunkSynapses == 0) {
      writer.align();
      writer.put(number, 4);
      writer.put(std::min(entries.size() - i, size_t(kChunkSynapses)) - 1, 6);
      if (i == 0 && format.kind != SynapseKind::Sparse)
        writer.put(entry.index, format.indexBits);
    }
    if (format.kind == SynapseKind::Sparse)
      writer.put(entry.index, format.indexBits);
    if (format.kind == SynapseKind::RunLength)
      writer.put(i == 0 ? 0 : entry.index - entries[i - 1].index - 1, format.skipBits);
    int64_t weight = format.sign == SignMode::Inhibitory ? -int64_t(entry.weight) : entry.weight;
    writer.put(uint64_t(weight), format.weightBits);
    writer.put(entry.delay, format.delayBits);
  }
  return {first, uint32_t(memory.size()) - first};
}

static int32_t weightOf(const SynapseFormat &format, uint64_t bits) {
  if (format.weightBits == 0)
    return format.sign == SignMode::Inhibitory ? -1 : 1;
  if (format.sign == SignMode::Inhibitory)
    return int32_t(-int64_t(bits));
  if (format.sign == SignMode::Excitatory)
    return int32_t(bits);
  return int32_t(int64_t(bits << (64 - format.weightBits)) >> (64 - format.weightBits));
}

std::string basalt::nc::unpackList(const Core &core, uint32_t word, uint32_t words,
                                   UnpackedList &list) {
  list.entries.clear();
  if (word > core.synapses.size() || words > core.synapses.size() - word)
    return "words " + std::to_string(word) + ".." + std::to_string(uint64_t(word) + words) +
           " of a synapse memory of " + std::to_string(core.synapses.size());
  BitReader reader(core.synapses.data() + word, words);
  uint64_t next = 0; // the index behind the last entry
  while (reader.left() > 0) {
    unsigned number = unsigned(reader.get(4));
    unsigned count = unsigned(reader.get(6)) + 1;
    if (number >= core.formats.size())
      return "format " + std::to_string(number) + ", where the core has " +
             std::to_string(core.formats.size());
    if (!list.entries.empty() && number != list.format)
      return "chunks of the formats " + std::to_string(list.format) + " and " +
             std::to_string(number);
    list.format = number;
    const SynapseFormat &format = core.formats[number];
    bool isSparse = format.kind == SynapseKind::Sparse;
    unsigned start = !isSparse && list.entries.empty() ? format.indexBits : 0;
    if (reader.left() < uint64_t(count) * entryBits(format) + start)
      return "a chunk of " + std::to_string(count) + " entries goes beyond the list";
    if (start)
      next = reader.get(start);
    for (unsigned i = 0; i < count; ++i) {
      if (isSparse)
        next = reader.get(format.indexBits);
      else if (format.kind == SynapseKind::RunLength)
        next += reader.get(format.skipBits);
      Synapse entry;
      entry.index = uint32_t(next++);
      entry.weight = weightOf(format, reader.get(format.weightBits));
      entry.delay = uint8_t(reader.get(format.delayBits));
      list.entries.push_back(entry);
    }
    if (!reader.restIsZero())
      return "bits behind a chunk that are not zero";
    reader.align();
    if (list.entries.size() > kMostNeurons * size_t(64))
      return "more than " + std::to_string(kMostNeurons * size_t(64)) + " entries";
  }
  return "";
}
