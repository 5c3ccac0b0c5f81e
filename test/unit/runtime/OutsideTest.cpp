// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stored entries seen as a matrix: read, set, recorded.
#include "runtime/native/Outside.h"
#include "runtime/native/Error.h"
#include "runtime/native/Recorder.h"
#include "runtime/native/Rows.h"
#include "runtime/native/Run.h"
#include "runtime/native/Values.h"

#include "Support.h"

#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

using Ints = std::vector<int64_t>;

/// Entries of a matrix of 2 targets and 3 sources: the first source has two, the second none.
template <typename T> struct Net final : Simulation {
  std::vector<T> values;
  std::vector<int64_t> offsets{0, 2, 2, 4};
  std::vector<int32_t> targets;
  int64_t four = 4;
  Synapses synapses{{2, 3}, 1, 2};
  Limits limits{-100, 9, -100, 9};
  AliasInfo alias{"outer.w", "p.w"};
  StateInfo infos[3];

  Net(Element element, std::vector<T> given, std::vector<int32_t> places)
      : values(std::move(given)), targets(std::move(places)),
        infos{{"p.w", element, 1, &four, values.data(), false, &limits, &synapses},
              {"p.w.offsets", {Kind::Signed, 64}, 1, &four, offsets.data(), false},
              {"p.w.targets", {Kind::Signed, 32}, 1, &four, targets.data(), false}} {}

  Table<StateInfo> states() override { return {infos, 3}; }
  Table<PortInfo> ports() override { return {}; }
  Table<AliasInfo> aliases() override { return {&alias, 1}; }
  void init(Context &) override {}
  void step(Context &) override { values[3] += 1; }
  void host(Context &) override {}

  template <typename Number> std::vector<Number> read() {
    std::vector<Number> row(6, Number(77));
    readOutside(states(), 0, reinterpret_cast<char *>(row.data()));
    return row;
  }
  void set(const std::string &text) {
    std::vector<char> bytes = setValue(states(), 0, "p.w", text);
    ASSERT_EQ(bytes.size(), values.size() * sizeof(T));
    std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  std::string error(const std::string &text) {
    return errorOf([&] { setValue(states(), 0, "p.w", text); });
  }
};

constexpr Element i12 = {Kind::Signed, 12}, i8 = {Kind::Signed, 8}, truth = {Kind::Bool, 1},
                  f32 = {Kind::Float, 32}, f64 = {Kind::Float, 64};

TEST(Outside, EntriesAreAMatrix) {
  Net<int16_t> net(i12, {1, 2, -3, 4}, {0, 1, 0, 1});
  EXPECT_EQ(outsideShape(net.infos[0]), Ints({2, 3}));
  EXPECT_EQ(outsideShape(net.infos[1]), Ints({4}));
  EXPECT_EQ(net.read<int64_t>(), Ints({1, 0, -3, 2, 0, 4}));
}

TEST(Outside, EntriesAtOnePlaceAreAddedUp) {
  EXPECT_EQ(Net<int8_t>(i8, {100, 100, 1, 2}, {1, 1, 0, 1}).read<int64_t>(),
            Ints({0, 0, 1, 200, 0, 2}));
  EXPECT_EQ(Net<uint8_t>(truth, {1, 1, 0, 1}, {1, 1, 0, 1}).read<char>(),
            std::vector<char>({0, 0, 0, 1, 0, 1}));
  EXPECT_EQ(Net<double>(f64, {0.5, 0.25, 1, 2}, {1, 1, 0, 1}).read<double>(),
            std::vector<double>({0, 0, 1, 0.75, 0, 2}));
  // In the precision of the type.
  EXPECT_EQ(Net<float>(f32, {16777216, 1, 1, 2}, {1, 1, 0, 1}).read<double>(),
            std::vector<double>({0, 0, 1, 16777216, 0, 2}));
}

TEST(Outside, AMatrixStoredBySource) {
  // In memory 3 sources by 2 targets.
  struct BySource final : Simulation {
    std::vector<int16_t> values{1, 4, 2, 5, 3, 6};
    int64_t shape[2] = {3, 2};
    StateInfo info{"p.w", {Kind::Signed, 12}, 2, shape, values.data(), false, nullptr, nullptr,
                   true};
    Table<StateInfo> states() override { return {&info, 1}; }
    Table<PortInfo> ports() override { return {}; }
    Table<AliasInfo> aliases() override { return {}; }
    void init(Context &) override {}
    void step(Context &) override {}
    void host(Context &) override {}
  } net;
  EXPECT_EQ(outsideShape(net.info), Ints({2, 3}));
  Ints row(6);
  readOutside(net.states(), 0, reinterpret_cast<char *>(row.data()));
  EXPECT_EQ(row, Ints({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(outsidePlace(net.states(), 0, 0), 0u);
  EXPECT_EQ(outsidePlace(net.states(), 0, 1), 3u); // the 4
  EXPECT_EQ(outsidePlace(net.states(), 0, 4), 2u); // the 3
  std::vector<char> bytes = setValue(net.states(), 0, "p.w", "[[7, 8, 9], [10, 11, 12]]");
  std::memcpy(net.values.data(), bytes.data(), bytes.size());
  EXPECT_EQ(net.values, std::vector<int16_t>({7, 10, 8, 11, 9, 12}));
  EXPECT_EQ(
      errorOf([&] { setValue(net.states(), 0, "p.w", "[[1, 2], [3, 4], [5, 6]]"); }),
      "cannot set 'p.w': the value has the shape [3, 2], expected [2, 3] or what broadcasts to it");
}

TEST(Outside, SetsEntriesOnly) {
  Net<int16_t> net(i12, {1, 2, -3, 4}, {1, 0, 0, 1});
  net.set("[[5, 0, 6], [7, 0, 8]]");
  EXPECT_EQ(net.values, std::vector<int16_t>({7, 5, 6, 8}));
  net.set("0");
  EXPECT_EQ(net.values, std::vector<int16_t>({0, 0, 0, 0}));
  net.set("[3, 0, 4]");
  EXPECT_EQ(net.values, std::vector<int16_t>({3, 3, 4, 4}));
  Net<double> real(f64, {0, 0, 0, 0}, {1, 0, 0, 1});
  real.set("[[0.5, -0.0, 6], [7, 0, 8]]");
  EXPECT_EQ(real.values, std::vector<double>({7, 0.5, 6, 8}));
}

TEST(Outside, SetsThatDoNotFit) {
  Net<int16_t> net(i12, {1, 2, -3, 4}, {1, 0, 0, 1});
  EXPECT_EQ(net.error("3"), "cannot set 'p.w' to 3 at [0, 1]: it stores no entry there");
  EXPECT_EQ(net.error("[[0, 0, 0], [0, nan, 0]]"),
            "cannot set 'p.w' to nan at [1, 1]: it stores no entry there");
  EXPECT_EQ(net.error("[1, 2, 3, 4]"), "cannot set 'p.w': the value has the shape [4], expected "
                                       "[2, 3] or what broadcasts to it");
  EXPECT_EQ(net.error("[10, 0, 0]"), "cannot set 'p.w' to 10: its limits are -100..9");
  Net<int16_t> several(i12, {1, 2, -3, 4}, {1, 1, 0, 1});
  EXPECT_EQ(several.error("0"),
            "cannot set 'p.w': it has several entries at [1, 0], so a value for "
            "each place does not say what each entry is");
  for (size_t index : {1, 2}) {
    std::string name = net.infos[index].name;
    EXPECT_EQ(errorOf([&] { setValue(net.states(), index, name, "0"); }),
              "cannot set '" + name + "': it says where the entries of 'p.w' are, which is fixed");
  }
}

TEST(Outside, EntriesOutsideOfTheMatrixAreFound) {
  Net<int16_t> net(i12, {1, 2, -3, 4}, {0, 1, 0, 1});
  EXPECT_EQ(findBadEntries(net.states()), nullptr);
  net.targets[2] = 2;
  EXPECT_STREQ(findBadEntries(net.states()), "p.w");
  net.targets[2] = -1;
  EXPECT_STREQ(findBadEntries(net.states()), "p.w");
  net.targets[2] = 0;
  for (int64_t offset : {-1, 3, 5}) {
    net.offsets[1] = offset;
    EXPECT_STREQ(findBadEntries(net.states()), "p.w");
  }
}

TEST(Outside, RunsSeeTheMatrix) {
  TemporaryFolder folder;
  StringOutput output;
  Net<int16_t> net(i12, {1, 2, -3, 4}, {0, 1, 0, 1});
  std::vector<std::string> arguments{"--steps", "2",
                                     "--set",   "outer.w=[[1, 0, 2], [3, 0, 4]]",
                                     "--out",   folder / "out",
                                     "--probe", "outer.w",
                                     "--probe", "p.w@spk",
                                     "--get",   "p.w"};
  execute(net, parseArguments(arguments, "net").options, output);
  NpyArray probe = readNpy(folder / "out/outer.w.npy"),
           final = readNpy(folder / "out/p.w.final.npy");
  EXPECT_EQ(probe.shape, Ints({2, 2, 3}));
  EXPECT_EQ(probe.intAt(5), 5);
  EXPECT_EQ(probe.intAt(8), 2);
  EXPECT_EQ(final.shape, Ints({2, 3}));
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(final.intAt(i), Ints({1, 0, 2, 3, 0, 6})[i]);
}

} // namespace
