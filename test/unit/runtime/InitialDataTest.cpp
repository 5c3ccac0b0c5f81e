// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The container of initial data: what is written is read, and nothing damaged is believed.
#include "runtime/native/InitialData.h"
#include "runtime/native/Error.h"

#include "Support.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

using namespace basalt::rt;

namespace {

std::string readText(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void writeText(const std::string &path, const std::string &text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Three states and values for them.
struct Fixture : ::testing::Test {
  int16_t v[4] = {9, 9, 9, 9};
  double w[3] = {9, 9, 9};
  uint8_t flag[1] = {1};
  int64_t four = 4, three = 3;
  StateInfo infos[3] = {{"lif.v", {Kind::Signed, 12}, 1, &four, v, false},
                        {"lif.w", {Kind::Float, 64}, 1, &three, w, false},
                        {"lif.flag", {Kind::Bool, 1}, 0, nullptr, flag, false}};
  Table<StateInfo> states{infos, 3};

  int16_t initialV[4] = {1, -2, 3, -4};
  double initialW = 0.5;
  uint8_t initialFlag = 0;
  InitialContents contents;
  TemporaryFolder folder;

  Fixture() {
    contents.defaults = {"--steps", "5", "--set", "lif.v=[1; 2]", ""};
    contents.states = {{"lif.v", InitialValue::Whole, initialV, sizeof(initialV)},
                       {"lif.w", InitialValue::Repeated, &initialW, sizeof(initialW)},
                       {"lif.flag", InitialValue::Whole, &initialFlag, 1}};
  }

  void expectInitial() {
    EXPECT_EQ(std::vector<int16_t>(v, v + 4), std::vector<int16_t>({1, -2, 3, -4}));
    EXPECT_EQ(std::vector<double>(w, w + 3), std::vector<double>({0.5, 0.5, 0.5}));
    EXPECT_EQ(flag[0], 0);
  }
  std::string applyError() {
    std::string path = folder / "x.data";
    writeInitialData(path, contents);
    return errorOf([&] { InitialData::fromFile(path).apply(states); });
  }
};

using InitialDataTest = Fixture;

TEST_F(InitialDataTest, FileOfItsOwn) {
  writeInitialData(folder / "net.data", contents);
  EXPECT_EQ(folder.files(), std::vector<std::string>({"net.data"}));
  InitialData data = InitialData::fromFile(folder / "net.data");
  EXPECT_EQ(data.defaults(), contents.defaults);
  data.apply(states);
  expectInitial();
}

TEST_F(InitialDataTest, BehindAnExecutable) {
  writeText(folder / "sim", "some program of odd length");
  EXPECT_TRUE(InitialData::fromExecutable(folder / "sim").empty());
  appendInitialData(folder / "sim", contents);
  InitialData data = InitialData::fromExecutable(folder / "sim");
  EXPECT_FALSE(data.empty());
  EXPECT_EQ(data.defaults(), contents.defaults);
  data.apply(states);
  expectInitial();
}

TEST_F(InitialDataTest, EmptyOneLeavesStatesAlone) {
  InitialData().apply(states);
  EXPECT_EQ(v[0], 9);
  contents.states[0] = {"lif.v", InitialValue::Zeros, nullptr, 0};
  EXPECT_EQ(applyError(), "none");
  EXPECT_EQ(v[0], 9); // Zeros means: as the program was created
  EXPECT_EQ(w[0], 0.5);
}

TEST_F(InitialDataTest, OfAnotherProgram) {
  std::string prefix = "the initial data in '" + folder / "x.data" + "' are of another program: ";
  contents.states[0].name = "lif.u";
  EXPECT_EQ(applyError(), prefix + "found the state 'lif.u', expected 'lif.v'");
  contents.states[0].name = "lif.v";
  contents.states[0].size = 6;
  EXPECT_EQ(applyError(), prefix + "the value of 'lif.v' does not have its size");
  contents.states[0].size = 8;
  contents.states[1].mode = InitialValue::Mode(7);
  EXPECT_EQ(applyError(), prefix + "the value of 'lif.w' does not have its size");
  contents.states.resize(1);
  EXPECT_EQ(applyError(), prefix + "found 1 states, expected 3");
}

TEST_F(InitialDataTest, RulesAndDistributions) {
  Rule rule{RuleKind::FixedIndegree, false, true, 7, 7, 3, 0};
  Distribution distribution{DistributionKind::Normal};
  distribution.first = 2;
  distribution.second = 0.5;
  distribution.max = 4;
  distribution.least = -3;
  std::string ruleText = bytesOf(rule, 11), distributionText = bytesOf(distribution, -12);
  contents.states[0] = {"lif.v", InitialValue::ByRule, ruleText.data(), ruleText.size()};
  contents.states[1] = {"lif.w", InitialValue::Drawn, distributionText.data(),
                        distributionText.size()};
  EXPECT_EQ(applyError(), "none");
  EXPECT_EQ(v[0], 9);
  EXPECT_EQ(w[0], 9);
  auto values = InitialData::fromFile(folder / "x.data").drawnValues();
  ASSERT_EQ(values.size(), 2U);
  EXPECT_EQ(values[0].first, 0U);
  EXPECT_EQ(values[0].second.key, 11);
  ASSERT_TRUE(values[0].second.rule && values[1].second.distribution);
  EXPECT_EQ(bytesOf(values[0].second.rule->rule, 11), ruleText);
  EXPECT_EQ(values[1].second.key, -12);
  EXPECT_EQ(bytesOf(values[1].second.distribution->distribution, -12), distributionText);
}

TEST_F(InitialDataTest, BlocksOfRules) {
  Rule one{RuleKind::FixedIndegree, false, true, 7, 7, 3, 0},
      other{RuleKind::PairwiseBernoulli, true, true, 2, 5, 0, 0.5};
  OwnedRule rule({RuleKind::Blocks, true, true, 10, 20}, {{3, 13, one}, {0, 0, other}});
  OwnedDistribution distribution({DistributionKind::PerBlock},
                                 {{DistributionKind::Poisson, 2}, {DistributionKind::Constant, 4}});
  std::string ruleText = bytesOf(rule.rule, 1), text = bytesOf(distribution.distribution, 2);
  std::optional<DrawnValue> read = readRule(ruleText);
  ASSERT_TRUE(read);
  DrawnValue moved = std::move(*read);
  EXPECT_EQ(bytesOf(moved.rule->rule, 1), ruleText);
  std::optional<DrawnValue> drawn = readDistribution(text);
  ASSERT_TRUE(drawn);
  EXPECT_EQ(bytesOf(drawn->distribution->distribution, 2), text);
  // A block too few, one outside, one with blocks, and parts of what has none.
  EXPECT_FALSE(readRule(ruleText.substr(0, ruleText.size() - 72)));
  EXPECT_FALSE(readRule(bytesOf(OwnedRule(rule.rule, {{4, 13, one}}).rule, 1)));
  EXPECT_FALSE(readRule(bytesOf(OwnedRule(rule.rule, {{0, 0, rule.rule}}).rule, 1)));
  EXPECT_FALSE(readRule(bytesOf(one, 1) + std::string(72, '\0')));
  EXPECT_FALSE(readDistribution(bytesOf({DistributionKind::Normal}, 1) + std::string(72, '\0')));
  EXPECT_FALSE(readDistribution(text + bytesOf({DistributionKind::PerBlock}, 1).substr(8)));
}

TEST_F(InitialDataTest, DamagedRulesAreNotBelieved) {
  auto error = [&](InitialValue::Mode mode, const std::string &text) {
    contents.states[0] = {"lif.v", mode, text.data(), text.size()};
    writeInitialData(folder / "x.data", contents);
    return errorOf([&] { InitialData::fromFile(folder / "x.data").drawnValues(); });
  };
  std::string damaged = "the initial data in '" + folder / "x.data" +
                        "' are damaged: the rule of 'lif.v' cannot be used";
  Rule rule{RuleKind::FixedTotalNumber, true, false, 3, 4, 12, 0};
  std::string text = bytesOf(rule, 1);
  EXPECT_EQ(error(InitialValue::ByRule, text), "none");
  EXPECT_EQ(error(InitialValue::ByRule, text.substr(1)), damaged);
  EXPECT_EQ(error(InitialValue::Drawn, text), damaged);
  text[8] = 17; // the kind
  EXPECT_EQ(error(InitialValue::ByRule, text), damaged);
  rule.number = 13;
  EXPECT_EQ(error(InitialValue::ByRule, bytesOf(rule, 1)), damaged);
  Distribution distribution{DistributionKind::Uniform};
  EXPECT_EQ(error(InitialValue::Drawn, bytesOf(distribution, 1)), "none");
  distribution.second = __builtin_nan("");
  EXPECT_EQ(error(InitialValue::Drawn, bytesOf(distribution, 1)), damaged);
  text = bytesOf(Distribution{DistributionKind::Uniform}, 1);
  text[8] = 9;
  EXPECT_EQ(error(InitialValue::Drawn, text), damaged);
}

TEST_F(InitialDataTest, TruncationIsNoticed) {
  writeInitialData(folder / "net.data", contents);
  std::string whole = readText(folder / "net.data");
  for (size_t size = 0; size < whole.size(); size += 7) {
    writeText(folder / "cut", whole.substr(0, size));
    std::string error = errorOf([&] { InitialData::fromFile(folder / "cut"); });
    EXPECT_EQ(error.find("'" + folder / "cut" + "' has no usable initial data: "), 0u) << error;
  }
}

TEST_F(InitialDataTest, DamagedNumbersAreNotBelieved) {
  writeInitialData(folder / "net.data", contents);
  const std::string whole = readText(folder / "net.data");
  // Whatever byte is wrong, nothing outside the file is touched (the sanitizers watch), and the
  // only way to fail is an InputError.
  int refused = 0;
  for (size_t i = 0; i < whole.size(); i += 3) { // all of a number's bytes over the numbers
    std::string damaged = whole;
    damaged[i] = '\x7f';
    writeText(folder / "bad", damaged);
    try {
      InitialData::fromFile(folder / "bad").apply(states);
    } catch (const InputError &error) {
      EXPECT_NE(std::string(error.what()).find("initial data"), std::string::npos);
      ++refused;
    }
  }
  EXPECT_GT(refused, 20);
  std::string damaged = whole, contract = std::to_string(kContractVersion);
  damaged[8] = 9;
  writeText(folder / "bad", damaged);
  EXPECT_EQ(errorOf([&] { InitialData::fromFile(folder / "bad"); }),
            "'" + folder / "bad" + "' has no usable initial data: it has version 9." + contract +
                ", expected 2." + contract);
  damaged[0] ^= 1;
  writeText(folder / "bad", damaged);
  EXPECT_EQ(errorOf([&] { InitialData::fromFile(folder / "bad"); }),
            "'" + folder / "bad" + "' has no usable initial data: it does not start as such");
}

TEST_F(InitialDataTest, EntriesOutsideOfTheirMatrix) {
  Synapses synapses{{1, 3}, 0, 0}; // the offsets would go down to -2
  infos[1].synapses = &synapses;
  EXPECT_EQ(applyError(), "the initial data in '" + folder / "x.data" +
                              "' are damaged: entries of 'lif.w' are outside of its matrix");
}

TEST_F(InitialDataTest, TrailerWithAWrongSize) {
  writeText(folder / "sim", "x");
  appendInitialData(folder / "sim", contents);
  std::string bytes = readText(folder / "sim");
  bytes[bytes.size() - 10] = '\x7f';
  writeText(folder / "sim", bytes);
  EXPECT_EQ(errorOf([&] { InitialData::fromExecutable(folder / "sim"); }),
            "'" + folder / "sim" + "' has no usable initial data: it is truncated or damaged");
}

TEST_F(InitialDataTest, FilesThatCannotBeUsed) {
  EXPECT_EQ(errorOf([&] { InitialData::fromFile(folder / "none"); }),
            "cannot open '" + folder / "none" + "': No such file or directory");
  EXPECT_EQ(errorOf([&] { InitialData::fromFile(folder.path()); }),
            "'" + folder.path() +
                "' has no usable initial data: it is not a file that can be mapped");
  EXPECT_EQ(
      errorOf([&] { writeInitialData(folder / "none" + "/x", contents); }).find("cannot write"),
      0u);
}

} // namespace
