// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of a run.
#include "runtime/native/Options.h"
#include "runtime/native/Error.h"

#include "Support.h"

#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

RunOptions parse(const std::vector<std::string> &arguments) {
  return parseArguments(arguments, "net").options;
}

std::string usageError(const std::vector<std::string> &arguments) {
  try {
    parse(arguments);
  } catch (const UsageError &error) {
    return error.what();
  }
  return "none";
}

TEST(Options, EveryOption) {
  RunOptions options = parse({"--steps",        "7",
                              "--out",          "results",
                              "--no-print",     "--probe",
                              "lif.v",          "--probe=lif.s_out@spk",
                              "--get",          "sink.data",
                              "--set",          "lif.w=[[1, 2], [3, -4]]",
                              "--set",          "lif.v=-0.5",
                              "--seed",         "99",
                              "--threads",      "3",
                              "--data",         "net.data",
                              "--profile",      "--check-finite",
                              "--memory-limit", "1.5G"});
  ASSERT_TRUE(options.stages);
  ASSERT_EQ(options.stages->size(), 1u);
  EXPECT_EQ((*options.stages)[0].steps, 7);
  EXPECT_EQ(options.out, "results");
  EXPECT_EQ(options.print, false);
  EXPECT_EQ(options.probes, std::vector<std::string>({"lif.v", "lif.s_out@spk"}));
  EXPECT_EQ(options.gets, std::vector<std::string>({"sink.data"}));
  ASSERT_EQ(options.sets.size(), 2u);
  EXPECT_EQ(options.sets[0].name, "lif.w");
  EXPECT_EQ(options.sets[0].value, "[[1, 2], [3, -4]]");
  EXPECT_EQ(options.sets[1].value, "-0.5");
  EXPECT_EQ(options.seed, 99u);
  EXPECT_EQ(options.threads, 3u);
  EXPECT_EQ(options.data, "net.data");
  EXPECT_EQ(options.profile, kTableAlone);
  EXPECT_TRUE(options.checkFinite);
  EXPECT_EQ(options.memoryLimit, uint64_t(3) << 29);
  EXPECT_EQ(parse({"--profile=trace.json"}).profile, "trace.json");
}

TEST(Options, MemoryLimits) {
  EXPECT_EQ(parseMemoryLimit("none"), kNoMemoryLimit);
  EXPECT_EQ(parseMemoryLimit("0"), 0u);
  EXPECT_EQ(parseMemoryLimit("100"), 100u);
  EXPECT_EQ(parseMemoryLimit("2K"), 2048u);
  EXPECT_EQ(parseMemoryLimit("512M"), uint64_t(512) << 20);
  EXPECT_EQ(parseMemoryLimit("2T"), uint64_t(2) << 40);
  for (const char *text : {"", "M", "-1", "1Q", "1 G", "nan", "inf", "1e12T", "none "})
    EXPECT_EQ(errorOf([&] { parseMemoryLimit(text); }),
              std::string("expected a size as 512M or 1.5G (K, M, G or T), or none, found '") +
                  text + "'");
}

TEST(Options, NothingGiven) {
  RunOptions options = parse({});
  EXPECT_FALSE(options.stages || options.out || options.print || options.seed || options.threads ||
               options.data || options.checkFinite || options.memoryLimit);
  EXPECT_TRUE(options.profile.empty() && options.probes.empty() && options.gets.empty() &&
              options.sets.empty());
}

TEST(Options, Errors) {
  EXPECT_NE(usageError({"--steps", "-3"}).find("expected a number of time steps, found '-3'"),
            std::string::npos);
  EXPECT_NE(usageError({"--steps", "1e3"}).find("found '1e3'"), std::string::npos);
  EXPECT_NE(usageError({"--steps", "99999999999999999999"}).find("expected a number of time steps"),
            std::string::npos);
  EXPECT_NE(usageError({"--set", "lif.v"}).find("expected NAME=VALUE to set a Var, found 'lif.v'"),
            std::string::npos);
  EXPECT_NE(usageError({"--stepps", "3"}), "none");
  EXPECT_NE(usageError({"net.yaml"}), "none");
  EXPECT_NE(usageError({"--steps"}), "none");
  EXPECT_NE(usageError({"--seed", "x"}), "none");
  EXPECT_NE(usageError({"--steps", "3", "--stages", "3"}), "none");
  for (const char *threads : {"0", "-1", "1025", "x", "2.5", ""})
    EXPECT_NE(usageError({"--threads", threads})
                  .find(std::string("expected a number of threads from 1 to 1024, found '") +
                        threads + "'"),
              std::string::npos)
        << threads;
}

TEST(Options, HelpAndVersion) {
  CommandLine help = parseArguments({"--help"}, "net");
  ASSERT_TRUE(help.message);
  for (const char *word :
       {"--steps", "--stages", "--out", "--no-print", "--probe", "--get", "--set", "--seed",
        "--threads", "--data", "--version", "--profile", "--check-finite", "--memory-limit SIZE"})
    EXPECT_NE(help.message->find(word), std::string::npos) << word;
  CommandLine version = parseArguments({"--version"}, "net");
  EXPECT_EQ(version.message,
            "net (Basalt, run-time contract " + std::to_string(kContractVersion) + ")\n");
}

TEST(Options, Stages) {
  std::vector<StageItem> stages = parseStages(" 10; set lif.w = [1, 2] ;20;");
  ASSERT_EQ(stages.size(), 3u);
  EXPECT_EQ(stages[0].steps, 10);
  ASSERT_TRUE(stages[1].set);
  EXPECT_EQ(stages[1].set->name, "lif.w");
  EXPECT_EQ(stages[1].set->value, "[1, 2]");
  EXPECT_EQ(stages[2].steps, 20);
  EXPECT_EQ(formatStages(stages), "10; set lif.w=[1, 2]; 20");

  StageItem odd;
  odd.set = SetRequest{"a.b", "@C:\\x;y.npy"};
  std::vector<StageItem> again = parseStages(formatStages({odd}));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].set->value, "@C:\\x;y.npy");

  EXPECT_EQ(errorOf([] { parseStages("10; many"); }),
            "expected a number of time steps, found 'many'");
  EXPECT_EQ(errorOf([] { parseStages("set x"); }), "expected NAME=VALUE to set a Var, found 'x'");
}

TEST(Options, GivenOnesWinOverDefaults) {
  RunOptions defaults = parse({"--stages", "3; 4", "--out", "a", "--set", "p.x=1", "--probe", "p.x",
                               "--no-print", "--seed", "5", "--threads", "2"});
  RunOptions merged =
      mergeOptions(defaults, parse({"--steps", "9", "--set", "p.x=2", "--print", "--get", "p.x"}));
  ASSERT_EQ(merged.stages->size(), 1u);
  EXPECT_EQ((*merged.stages)[0].steps, 9);
  EXPECT_EQ(merged.out, "a");
  EXPECT_EQ(merged.print, true);
  EXPECT_EQ(merged.seed, 5u);
  EXPECT_EQ(merged.threads, 2u);
  ASSERT_EQ(merged.sets.size(), 2u); // in this order, so that the later one holds
  EXPECT_EQ(merged.sets[1].value, "2");
  EXPECT_EQ(merged.probes.size(), 1u);
  EXPECT_EQ(merged.gets.size(), 1u);
  EXPECT_EQ(mergeOptions(defaults, parse({})).stages->size(), 2u);
  defaults = parse({"--profile=a.json", "--check-finite", "--memory-limit", "1K"});
  merged = mergeOptions(defaults, parse({"--profile", "--memory-limit", "2K"}));
  EXPECT_EQ(merged.profile, kTableAlone);
  EXPECT_TRUE(merged.checkFinite);
  EXPECT_EQ(merged.memoryLimit, 2048u);
  EXPECT_EQ(mergeOptions(defaults, parse({})).profile, "a.json");
}

} // namespace
