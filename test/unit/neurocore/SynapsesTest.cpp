// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lists of synapses, packed and unpacked.
#include "runtime/neurocore/Synapses.h"

#include <gtest/gtest.h>
#include <random>
#include <set>

using namespace basalt::nc;

namespace {
SynapseFormat randomFormat(std::mt19937 &random) {
  SynapseFormat format;
  format.kind = SynapseKind(random() % 3);
  format.sign = SignMode(random() % 3);
  format.weightBits = uint8_t(random() % 17);
  format.delayBits = uint8_t(random() % 7);
  format.indexBits = uint8_t(8 + random() % 13);
  format.skipBits = format.kind == SynapseKind::RunLength ? uint8_t(1 + random() % 8) : uint8_t(0);
  return format;
}

std::vector<Synapse> randomSynapses(const SynapseFormat &format, std::mt19937 &random) {
  std::set<uint32_t> indices;
  size_t count = random() % 200;
  for (size_t i = 0; i < count; ++i)
    indices.insert(uint32_t(random() % (1u << 8)));
  int64_t least = leastWeight(format), most = greatestWeight(format);
  std::vector<Synapse> synapses;
  for (uint32_t index : indices)
    synapses.push_back({index, int32_t(least + int64_t(random() % uint64_t(most - least + 1))),
                        uint8_t(random() % (1u << format.delayBits))});
  return synapses;
}

TEST(Synapses, RoundTrip) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    Core core;
    core.formats.resize(16);
    unsigned number = random() % 16;
    SynapseFormat &format = core.formats[number] = randomFormat(random);
    std::vector<Synapse> synapses = randomSynapses(format, random);
    std::vector<Synapse> entries = entriesOf(format, synapses);
    if (format.weightBits == 0 && entries.size() != synapses.size()) {
      EXPECT_NE(whyNot(format, entries), ""); // a gap needs a weight of zero
      continue;
    }
    ASSERT_EQ(whyNot(format, entries), "");
    core.synapses.resize(random() % 3);
    ListPlace place = packList(format, number, entries, core.synapses);
    ASSERT_EQ(place.words, wordsOf(format, entries.size()));
    UnpackedList list;
    ASSERT_EQ(unpackList(core, place.word, place.words, list), "");
    ASSERT_EQ(list.entries, entries);
    if (!entries.empty())
      ASSERT_EQ(list.format, number);
  }
}

TEST(Synapses, WordsAsPublished) {
  // Sparse entries in chunks of at most 64, each rounded up to words with a header of 10 bits.
  SynapseFormat format;
  format.indexBits = 10;
  EXPECT_EQ(wordsOf(format, 1), 1u);
  EXPECT_EQ(wordsOf(format, 3), 1u);
  EXPECT_EQ(wordsOf(format, 4), 2u);
  EXPECT_EQ(wordsOf(format, 64), 19u);
  EXPECT_EQ(wordsOf(format, 65), 20u);
  format.kind = SynapseKind::Dense;
  EXPECT_EQ(wordsOf(format, 256), 36u);
}

TEST(Synapses, GapsHaveZeroWeights) {
  SynapseFormat format;
  format.kind = SynapseKind::RunLength;
  format.skipBits = 2;
  std::vector<Synapse> entries = entriesOf(format, {{9, 5, 0}, {1, 3, 0}});
  EXPECT_EQ(entries, (std::vector<Synapse>{{1, 3, 0}, {5, 0, 0}, {9, 5, 0}}));
  format.kind = SynapseKind::Dense;
  EXPECT_EQ(entriesOf(format, {{3, 5, 0}, {1, 3, 0}}),
            (std::vector<Synapse>{{1, 3, 0}, {2, 0, 0}, {3, 5, 0}}));
}

TEST(Synapses, WhyNot) {
  SynapseFormat format;
  format.indexBits = 6;
  EXPECT_EQ(whyNot(format, {{0, 128, 0}}), "the weight 128 is not in -128..127");
  EXPECT_EQ(whyNot(format, {{64, 0, 0}}), "the index 64 needs more than 6 bits");
  EXPECT_EQ(whyNot(format, {{0, 0, 1}}), "the delay 1 needs more than 0 bits");
  format.sign = SignMode::Inhibitory;
  EXPECT_EQ(whyNot(format, {{0, 1, 0}}), "the weight 1 is not in -255..0");
  format.kind = SynapseKind::Dense;
  EXPECT_EQ(whyNot(format, {{3, 0, 0}, {5, 0, 0}}), "the index 5 cannot follow 3");
}

TEST(Synapses, BadLists) {
  Core core;
  UnpackedList list;
  core.formats.resize(1);
  core.formats[0].indexBits = 6;
  core.synapses = {0x3f0, 0, 5};
  EXPECT_EQ(unpackList(core, 1, 3, list), "words 1..4 of a synapse memory of 3");
  EXPECT_EQ(unpackList(core, 2, 1, list), "format 5, where the core has 1");
  EXPECT_EQ(unpackList(core, 0, 2, list), "a chunk of 64 entries goes beyond the list");
  core.synapses = {uint64_t(1) << 40};
  EXPECT_EQ(unpackList(core, 0, 1, list), "bits behind a chunk that are not zero");
  core.formats.resize(2);
  core.synapses = {0, 1};
  EXPECT_EQ(unpackList(core, 0, 2, list), "chunks of the formats 0 and 1");
}
} // namespace
