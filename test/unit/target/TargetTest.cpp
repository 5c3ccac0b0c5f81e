// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Targets: the table of fields, canonical text, contradictions.
#include "LoadTarget.h"

#include "runtime/neurocore/Mesh.h"

#include <algorithm>

using namespace basalt;
using neurocore::load;
using neurocore::LoadedTarget;

TEST(Target, EveryNumberThatComesWithBasaltSaysWhereItIsFrom) {
  for (const std::string &name : neurocore::listTargets()) {
    nc::Target target = load(name).target;
    EXPECT_EQ(target.name, name);
    for (const nc::Field &field : nc::fields()) {
      ASSERT_EQ(target.provenance.count(field.path), 1U) << name << " " << field.path;
      const nc::Provenance &provenance = target.provenance[field.path];
      EXPECT_TRUE(provenance.status == nc::Status::Assumed || !provenance.source.empty())
          << name << " " << field.path;
    }
    for (const nc::CostTable &table : target.costs)
      for (const auto &[quantity, cost] : table.costs)
        EXPECT_FALSE(cost.provenance.source.empty()) << name << " " << quantity;
  }
}

TEST(Target, ReadsWhatIsPublished) {
  nc::Target one = load("loihi1-like").target, two = load("loihi2-like").target;
  EXPECT_EQ(one.core.neurons, 1024);
  EXPECT_EQ(one.core.synapseWords, 16384);
  EXPECT_EQ(one.weights.exponent.low, -8);
  EXPECT_EQ(one.weights.bits, (std::vector<int64_t>{1, 2, 3, 4, 5, 6, 8}));
  EXPECT_EQ(one.neuron.kinds, uint32_t(nc::NeuronCuba));
  EXPECT_EQ(one.weights.negativeExponent, nc::NegativeExponent::PerWeight);
  EXPECT_EQ(two.core.neurons, 8192);
  EXPECT_TRUE(two.weights.chained);
  EXPECT_EQ(two.program.features, uint32_t(nc::FeatureWide | nc::FeatureRandom | nc::FeatureTable));
  EXPECT_EQ(two.chipCount(), 8);
  EXPECT_EQ(two.coreCount(), 1024);
  EXPECT_EQ(two.largestWeightBits(), 8);
  EXPECT_EQ(one.costs.size(), 2U);
}

TEST(Target, SlotsOfDelays) {
  nc::Target one = load("loihi1-like").target, two = load("loihi2-like").target;
  EXPECT_EQ(one.slotsFor(0), 8); // at the least
  EXPECT_EQ(one.slotsFor(6), 8); // two more than the delay
  EXPECT_EQ(one.slotsFor(7), 16);
  EXPECT_EQ(one.slotsFor(62), 64);
  EXPECT_EQ(one.slotsFor(63), 0);
  EXPECT_EQ(two.slotsFor(0), 1);
  EXPECT_EQ(two.slotsFor(1), 2);
  EXPECT_EQ(two.slotsFor(63), 64);
  EXPECT_EQ(two.slotsFor(64), 0);
  EXPECT_EQ(two.slotsFor(-1), 0);
}

TEST(Target, CanonicalTextComesBack) {
  for (const std::string &name : neurocore::listTargets()) {
    LoadedTarget loaded = load(name);
    std::string error;
    auto again = nc::parseCanonicalText(loaded.canonical, &error);
    ASSERT_TRUE(again) << error;
    EXPECT_EQ(nc::canonicalText(*again), loaded.canonical);
    EXPECT_EQ(loaded.sha256.size(), 64U);
  }
  // A limit is part of the identity.
  nc::Target target = load("tiny").target;
  std::string before = nc::canonicalText(target);
  ++target.core.neurons;
  EXPECT_NE(nc::canonicalText(target), before);
}

/// What parsing the text of `tiny` says when `from` is `to` in it.
static std::string errorWith(const std::string &from, const std::string &to) {
  std::string text = load("tiny").canonical, error;
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  EXPECT_FALSE(nc::parseCanonicalText(text, &error));
  return error;
}

TEST(Mesh, RoutesGoAlongRowsFirst) {
  nc::Target target = load("loihi2-like").target; // 4 x 2 chips of 8 x 4 routers with 4 cores each
  nc::Mesh mesh(target);
  int64_t from = mesh.routerOf(0, 0), to = mesh.routerOf(5, 4 * (8 + 2)); // x 10, y 5
  nc::Hops hops = mesh.hops(from, to);
  EXPECT_EQ(hops.x, 10);
  EXPECT_EQ(hops.y, 5);
  std::vector<int64_t> there = mesh.route(from, to), back = mesh.route(to, from);
  EXPECT_EQ(int64_t(there.size()), hops.all());
  EXPECT_EQ(there[0], 0);           // from the first router to the east
  EXPECT_EQ(there[9], 6 * 9);       // the last of the row
  EXPECT_EQ(there[10], 6 * 10 + 2); // then to the south
  EXPECT_EQ(back[0], 6 * (5 * 32 + 10) + 1);
  for (int64_t link : back)
    EXPECT_EQ(std::count(there.begin(), there.end(), link), 0); // each direction is a link
  EXPECT_TRUE(mesh.route(from, from).empty());
  EXPECT_EQ(mesh.linkCount(), 2 * (31 * 8 + 32 * 7));
}

TEST(Target, OtherTextIsRefused) {
  EXPECT_EQ(errorWith("basalt-target 1", "basalt-target 2"),
            "target: the text is of a version that is not known");
  EXPECT_EQ(errorWith("neurons\t16\t", "neurons\t0\t"),
            "target: line 26: expected an integer from 1 to 1048576 for 'core.neurons', found 0");
  EXPECT_EQ(errorWith("neurons\t16\t", "neurons\tx\t"),
            "target: line 26: 'x' is no value of 'core.neurons'");
  EXPECT_EQ(errorWith("neurons\t16\t", "neurons\t016\t"),
            "target: the text is not in the canonical form");
  EXPECT_EQ(errorWith("core.neurons", "core.nerves"),
            "target: line 26: unknown field 'core.nerves'");
  EXPECT_EQ(errorWith("16\tassumed", "16\trumoured"), "target: line 26: unknown status 'rumoured'");
  EXPECT_EQ(errorWith("field\tcore.neurons", "felt\tcore.neurons"),
            "target: line 26: unknown entry 'felt'");
  EXPECT_EQ(errorWith("synop_dense_ns\t0.37", "synop_dense_ns\tnan"),
            "target: line 86: 'nan' is no cost");
  EXPECT_EQ(errorWith("synop_dense_ns", "synop_dense_as"),
            "target: line 86: unknown cost 'synop_dense_as'");
  EXPECT_EQ(errorWith("chip.cores\t4", "chip.cores\t5"),
            "target: 'chip.cores': there are places for 4 cores at the routers");
  std::string error;
  EXPECT_FALSE(nc::parseCanonicalText(std::string(2 << 20, 'x'), &error));
  EXPECT_EQ(error, "target: 2097152 bytes are too many");
  EXPECT_FALSE(nc::parseCanonicalText("", nullptr));
  EXPECT_FALSE(nc::parseCanonicalText("basalt-target 1\n", nullptr));
}

/// Every prefix and every change of one byte is refused, or is a target that prints itself.
TEST(Target, DamagedTextIsRefused) {
  std::string text = load("tiny").canonical;
  for (size_t i = 0; i < text.size(); i += 7) {
    // Without the lines of a cost table it can be another target.
    if (auto target = nc::parseCanonicalText(text.substr(0, i), nullptr)) {
      EXPECT_EQ(nc::canonicalText(*target), text.substr(0, i));
    }
    std::string changed = text;
    changed[i] ^= 1 << (i % 8);
    if (auto target = nc::parseCanonicalText(changed, nullptr)) {
      EXPECT_EQ(nc::canonicalText(*target), changed);
    }
  }
}

/// The paths of what is wrong after `change`.
template <typename Change> static std::vector<std::string> contradictionsOf(Change change) {
  nc::Target target = load("tiny").target;
  change(target);
  std::vector<std::string> paths;
  for (const nc::Contradiction &contradiction : nc::contradictions(target))
    paths.push_back(contradiction.path);
  return paths;
}

TEST(Target, Contradictions) {
  using Paths = std::vector<std::string>;
  EXPECT_EQ(contradictionsOf([](nc::Target &) {}), Paths{});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.chip.cores = 5; }), Paths{"chip.cores"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.embedded.fuel = 0; }), Paths{"embedded.count"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.core.synapseWords = 1024; }), Paths{});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.core.synapseWords = 1025; }),
            Paths{"core.synapse_words"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.core.stateBytes = 8193; }),
            Paths{"core.state_bytes"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.core.neurons = 64; }), Paths{});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.core.neurons = 65; }),
            Paths{"synapses.index_bits"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.synapses.skipBits.clear(); }),
            Paths{"synapses.kinds"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) {
              t.synapses.kinds = nc::KindDense;
              t.synapses.indexBits.clear();
            }),
            Paths{"synapses.kinds"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.weights.bits = {0}; }), Paths{"weights.bits"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.weights.signModes = 0; }),
            Paths{"weights.sign_modes"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.chip.phases = nc::PhaseHost; }),
            Paths{"chip.phases"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.neuron.biasBits = 0; }), Paths{"neuron.kinds"});
  EXPECT_EQ(contradictionsOf(
                [](nc::Target &t) { t.weights.negativeExponent = nc::NegativeExponent::None; }),
            Paths{"weights.exponent"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.spikes.payloadBits = 1; }),
            Paths{"spikes.signed"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.accumulators.delayMost = 8; }),
            Paths{"accumulators.delay_most"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.accumulators.slotsLeast = 3; }),
            Paths{"accumulators.slots_least"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.accumulators.slotsTotal = 0; }),
            Paths{"accumulators.slots_total"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.neuron.uBits = 0; }), Paths{"neuron.kinds"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.program.path = 0; }), Paths{"neuron.kinds"});
  EXPECT_EQ(contradictionsOf([](nc::Target &t) { t.neuron.kinds = nc::NeuronCuba; }),
            Paths{"program.words"});
}
