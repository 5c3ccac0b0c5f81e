// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Synapses of rules in the memory of states: order, values, and what cannot be.
#include "runtime/native/Realise.h"
#include "runtime/native/Connectivity.h"
#include "runtime/native/DrawnValues.h"
#include "runtime/native/Progress.h"
#include "runtime/native/Rule.h"
#include "runtime/native/Team.h"

#include "Support.h"

#include <gtest/gtest.h>
#include <map>

using namespace basalt::rt;

namespace {

/// A sparse Var of floats and one of delays beside it.
struct Net final : Simulation {
  Rule rule;
  Distribution weights{DistributionKind::Normal}, delays{DistributionKind::Integers};
  int64_t capacity, sources;
  std::vector<int64_t> offsets;
  std::vector<int32_t> targets;
  std::vector<float> weightValues;
  std::vector<int8_t> delayValues;
  Synapses synapses;
  StateInfo infos[4];
  std::vector<size_t> changed;

  explicit Net(const Rule &given)
      : rule(given), capacity(synapseCapacity(rule)), sources(rule.sources + 1),
        offsets(size_t(sources), -1), targets(size_t(capacity), -1),
        weightValues(size_t(capacity), -1), delayValues(size_t(capacity), -1),
        synapses{{rule.targets, rule.sources}, 2, 3} {
    weights.first = 5;
    weights.second = 1;
    delays.low = 1;
    delays.high = 100;
    infos[0] = {"p.w", {Kind::Float, 32}, 1, &capacity, weightValues.data(), false};
    infos[1] = {"p.d", {Kind::Signed, 8}, 1, &capacity, delayValues.data(), false};
    infos[2] = {"p.w.offsets", {Kind::Signed, 64}, 1, &sources, offsets.data(), false};
    infos[3] = {"p.w.targets", {Kind::Signed, 32}, 1, &capacity, targets.data(), false};
    infos[0].synapses = infos[1].synapses = &synapses;
    infos[0].distribution = &weights;
    infos[1].distribution = &delays;
    infos[2].rule = infos[3].rule = &rule;
    for (int64_t i = 0; i < 4; ++i)
      infos[i].key = i;
  }

  Table<StateInfo> states() override { return {infos, 4}; }
  Table<PortInfo> ports() override { return {}; }
  Table<AliasInfo> aliases() override { return {}; }
  void init(Context &) override {}
  void step(Context &) override {}
  void host(Context &) override {}
  void written(size_t state) override { changed.push_back(state); }
};

Rule makeRule(RuleKind kind, int64_t number, double probability = 0) {
  return {kind, true, true, 40, 30, number, probability};
}

const Rule kRules[] = {
    makeRule(RuleKind::AllToAll, 0), makeRule(RuleKind::PairwiseBernoulli, 0, 0.2),
    makeRule(RuleKind::FixedTotalNumber, 700), makeRule(RuleKind::FixedIndegree, 11),
    makeRule(RuleKind::FixedOutdegree, 9)};

void make(Net &net) {
  realiseStates(net.states(), 1, nullptr, [](size_t) { return false; });
}

} // namespace

TEST(Realise, entriesGoBySourceThenIdentity) {
  for (const Rule &rule : kRules) {
    Net net(rule);
    net.realise(4);
    std::map<std::pair<int64_t, uint64_t>, int64_t> expected;
    forEachSynapse(
        rule, ruleKey(4, 2), 0, rule.targets,
        [&](int64_t source, int64_t target, uint64_t id) { expected[{source, id}] = target; });
    int64_t entry = 0, last = 0;
    ASSERT_EQ(net.offsets[0], 0);
    for (auto [place, target] : expected) {
      for (; last < place.first; ++last)
        ASSERT_EQ(net.offsets[size_t(last) + 1], entry);
      ASSERT_EQ(net.targets[size_t(entry)], target);
      double weight;
      int64_t delay;
      drawReals(net.weights, valueKey(4, 0), &place.second, 1, &weight);
      drawIntegers(net.delays, valueKey(4, 1), &place.second, 1, &delay);
      ASSERT_EQ(net.weightValues[size_t(entry)], float(weight));
      ASSERT_EQ(net.delayValues[size_t(entry)], delay);
      ++entry;
    }
    for (; last < rule.sources; ++last)
      ASSERT_EQ(net.offsets[size_t(last) + 1], entry);
    for (; entry < net.capacity; ++entry)
      ASSERT_EQ(net.targets[size_t(entry)], -1); // room that is not used
    EXPECT_EQ(net.changed, std::vector<size_t>({2, 3, 0, 1}));
  }
}

TEST(Realise, blocksComeOneAfterAnother) {
  std::vector<RuleBlock> parts = {{10, 5, {RuleKind::FixedIndegree, true, true, 30, 20, 4}},
                                  {0, 0, {RuleKind::PairwiseBernoulli, true, true, 40, 10, 0, 0.5}},
                                  {0, 20, {RuleKind::OneToOne, true, true, 10, 10}}};
  OwnedRule rule({RuleKind::Blocks, true, true, 40, 30}, parts);
  OwnedDistribution weights({DistributionKind::PerBlock}, {{DistributionKind::Normal, 100, 1},
                                                           {DistributionKind::Normal, 200, 1},
                                                           {DistributionKind::Constant, 300}});
  Net net(rule.rule);
  net.weights = weights.distribution;
  ASSERT_EQ(findBadDrawn(net.states()), nullptr);
  net.realise(4);
  int64_t entry = 0;
  for (int64_t source = 0; source < 30; ++source) {
    ASSERT_EQ(net.offsets[size_t(source)], entry);
    for (size_t i = 0; i < parts.size(); ++i) {
      const RuleBlock &part = parts[i];
      forEachSynapse(part.rule, blockKey(ruleKey(4, 2), int64_t(i)), 0, part.rule.targets,
                     [&](int64_t from, int64_t target, uint64_t id) {
                       if (from + part.source != source)
                         return;
                       ASSERT_EQ(net.targets[size_t(entry)], target + part.target);
                       double weight;
                       drawReals(weights.blocks[i], blockKey(valueKey(4, 0), int64_t(i)), &id, 1,
                                 &weight);
                       ASSERT_EQ(net.weightValues[size_t(entry++)], float(weight));
                     });
    }
  }
  EXPECT_EQ(net.offsets[30], entry);
  // Whoever makes some of the targets makes the same.
  size_t count = 0;
  for (int64_t low = 0; low < 40; low += 7)
    forEachSynapse(
        rule.rule, ruleKey(4, 2), low, std::min<int64_t>(low + 7, 40), [](int64_t) {},
        [&](int64_t source, int64_t target, uint64_t) {
          ++count;
          auto first = net.targets.begin() + net.offsets[size_t(source)],
               last = net.targets.begin() + net.offsets[size_t(source) + 1];
          ASSERT_NE(std::find(first, last, target), last);
        });
  EXPECT_EQ(int64_t(count), entry);
  net.weights.blockCount = 2;
  EXPECT_STREQ(findBadDrawn(net.states()), "p.w");
}

TEST(Realise, threadsMakeTheSame) {
  const Rule kLarge[] = {{RuleKind::FixedIndegree, true, true, 2000, 500, 40},
                         {RuleKind::PairwiseBernoulli, true, true, 2000, 500, 0, 0.1},
                         {RuleKind::FixedTotalNumber, true, false, 500, 900, 70000},
                         {RuleKind::FixedOutdegree, true, true, 500, 2000, 40},
                         {RuleKind::AllToAll, true, true, 300, 500}};
  std::vector<OwnedRule> rules;
  for (const Rule &rule : kLarge)
    rules.emplace_back(rule);
  rules.emplace_back(
      Rule{RuleKind::Blocks, true, true, 3000, 1000},
      std::vector<RuleBlock>{{900, 300, kLarge[0]}, {0, 10, kLarge[3]}, {0, 0, kLarge[1]}});
  rules.back().blocks[1].rule.targets = 400;
  rules.back().blocks[1].rule.sources = 900;
  for (const OwnedRule &rule : rules) {
    ASSERT_EQ(faultOf(rule.rule), nullptr);
    Net alone(rule.rule), shared(rule.rule);
    make(alone);
    Team team(3);
    realiseStates(shared.states(), 1, &team);
    EXPECT_EQ(alone.offsets, shared.offsets);
    EXPECT_EQ(alone.targets, shared.targets);
    EXPECT_EQ(alone.weightValues, shared.weightValues);
    EXPECT_EQ(alone.delayValues, shared.delayValues);
  }
}

TEST(Realise, happensOnce) {
  Net net(kRules[3]);
  net.realise(1);
  std::vector<int32_t> targets = net.targets;
  net.realise(2);
  EXPECT_EQ(net.targets, targets);
}

TEST(Realise, whatIsNotDrawnStays) {
  Net net(kRules[3]);
  net.infos[0].distribution = nullptr;
  net.realise(1);
  EXPECT_EQ(net.weightValues, std::vector<float>(size_t(net.capacity), -1));
  EXPECT_TRUE(isMadeByRule(net.states(), 0) && isMadeByRule(net.states(), 2));
  net.infos[2].rule = net.infos[3].rule = nullptr;
  EXPECT_FALSE(isMadeByRule(net.states(), 0));
}

TEST(Realise, numbersThatCannotBe) {
  Net net(kRules[3]);
  net.delays.high = 1000;
  EXPECT_EQ(errorOf([&] { make(net); }).substr(0, 20), "a draw for 'p.d' is ");
  EXPECT_NE(errorOf([&] {
              make(net);
            }).find("which its type i8 does not hold; give its distribution 'min' and 'max'"),
            std::string::npos);
  net.delays.least = 2000;
  EXPECT_EQ(errorOf([&] { make(net); }),
            "none of 1000 draws for 'p.d' was from 'min' to 'max' of its distribution; make the "
            "range wider");
  net.weights.first = 1e300;
  EXPECT_NE(errorOf([&] {
              make(net);
            }).find("a draw for 'p.w' is 1e+300, which its type f32 does not hold"),
            std::string::npos);
  net.weights.min = 1e301;
  EXPECT_NE(errorOf([&] { make(net); }).find("none of 1000 draws for 'p.w'"), std::string::npos);
}

TEST(Realise, whatIsLeftOutIsNotMade) {
  Net net(kRules[3]);
  EXPECT_TRUE(
      realiseStates(net.states(), 1, nullptr, [](size_t offsets) { return offsets == 2; }).empty());
  EXPECT_EQ(net.targets, std::vector<int32_t>(size_t(net.capacity), -1));
}

TEST(Realise, moreSynapsesThanThereIsRoomFor) {
  Net net(kRules[1]);
  net.capacity = 3;
  EXPECT_NE(errorOf([&] { make(net); }).find("synapses, for which there is no room"),
            std::string::npos);
}

TEST(Realise, rulesBelongToTheirStates) {
  Net net(kRules[3]);
  EXPECT_EQ(findBadDrawn(net.states()), nullptr);
  net.rule.sources = 31;
  EXPECT_STREQ(findBadDrawn(net.states()), "p.w");
  net.rule.sources = 30;
  net.rule.number = 12;
  EXPECT_STREQ(findBadDrawn(net.states()), "p.w");
  net.rule.number = 11;
  net.infos[3].rule = nullptr;
  EXPECT_STREQ(findBadDrawn(net.states()), "p.w");
  net.infos[2].rule = nullptr;
  EXPECT_STREQ(findBadDrawn(net.states()), "p.w"); // which is drawn
}

TEST(Realise, progressIsABar) {
  EXPECT_EQ(Progress::bar("making synapses", 1, 4),
            "making synapses [==========                              ] 25 %");
  EXPECT_EQ(Progress::bar("x", 9, 4), "x [" + std::string(40, '=') + "] 100 %");
  Progress quick("x", 2);
  quick.add(2);
}

TEST(Rule, faultsAreFound) {
  Rule rule{RuleKind::FixedIndegree, false, false, 7, 7, 6, 0};
  EXPECT_EQ(faultOf(rule), nullptr);
  rule.number = 7;
  EXPECT_STREQ(faultOf(rule), "there are not enough places for the number");
  rule.multapses = true;
  EXPECT_EQ(faultOf(rule), nullptr);
  rule.number = -1;
  EXPECT_STREQ(faultOf(rule), "the number is negative");
  rule.number = int64_t(1) << 40;
  EXPECT_STREQ(faultOf(rule), "the number is above 2^31 - 1");
  rule.number = 1;
  rule.probability = 2;
  EXPECT_STREQ(faultOf(rule), "the probability is not from 0 to 1");
  rule.targets = 8;
  EXPECT_STREQ(faultOf(rule), "there are not as many targets as sources");
  rule.targets = -8;
  EXPECT_STREQ(faultOf(rule), "the extents are not from 0 to 2^31 - 1");
  Rule whole{RuleKind::Blocks, true, true, 7, 7, 1};
  EXPECT_STREQ(faultOf(whole), "there are no blocks");
  RuleBlock block{0, 1, {RuleKind::OneToOne, true, true, 7, 7}};
  whole.blocks = &block;
  EXPECT_STREQ(faultOf(whole), "a block is not within the matrix");
  block.rule = whole;
  EXPECT_STREQ(faultOf(whole), "a block has blocks");
  rule.kind = RuleKind(9);
  EXPECT_STREQ(faultOf(rule), "there is no such rule");
  EXPECT_STREQ(faultOf({RuleKind::FixedOutdegree, false, true, 1, 1, 1, 0}),
               "there are not enough places for the number");
  EXPECT_STREQ(faultOf({RuleKind::OneToOne, true, true, 2, 3}),
               "there are not as many targets as sources");
}

TEST(Rule, capacitiesLeaveRoom) {
  Rule rule{RuleKind::PairwiseBernoulli, true, true, 1000, 1000, 0, 0.1};
  EXPECT_EQ(synapseCapacity(rule), 100000 + 3000 + 32);
  rule.probability = 1;
  EXPECT_EQ(synapseCapacity(rule), 1000000);
  rule.probability = 0;
  EXPECT_EQ(synapseCapacity(rule), 0);
}
