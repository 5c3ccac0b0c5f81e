// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much memory there is, from files as the system has them, and how much a run says it takes.
#include "runtime/native/Memory.h"
#include "runtime/native/Error.h"

#include "Sample.h"
#include "Support.h"

#include <fstream>
#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

/// Files of a system, in a folder that stands for its root.
struct MachineTest : ::testing::Test {
  TemporaryFolder root;

  void write(const std::string &path, const std::string &text) {
    std::string whole = root / path;
    std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
    std::ofstream(whole) << text;
  }
  MemoryLimit available() { return availableMemory(0, root.path()); }

  void SetUp() override {
    write("proc/meminfo", "MemTotal:       8000 kB\nMemAvailable:   5000 kB\nSwapFree:  1000 kB\n");
  }
};

TEST(SizeText, Units) {
  EXPECT_EQ(sizeText(0), "0 B");
  EXPECT_EQ(sizeText(1023), "1023 B");
  EXPECT_EQ(sizeText(1024), "1.0 KiB");
  EXPECT_EQ(sizeText(1536 * 1024), "1.5 MiB");
  EXPECT_EQ(sizeText(uint64_t(12) << 30), "12.0 GiB");
  EXPECT_EQ(sizeText(uint64_t(5) << 40), "5.0 TiB");
}

TEST_F(MachineTest, WhatIsFree) {
  EXPECT_EQ(available().bytes, 6000u * 1024);
  EXPECT_EQ(available().reason, "what the machine has free");
}

TEST_F(MachineTest, ControlGroupsUpToTheFirst) {
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/b/memory.max", "max\n");
  write("sys/fs/cgroup/a/b/memory.current", "100\n");
  EXPECT_EQ(available().bytes, 6000u * 1024);
  write("sys/fs/cgroup/a/memory.max", "3000000\n");
  write("sys/fs/cgroup/a/memory.current", "1000000\n");
  EXPECT_EQ(available().bytes, 2000000u);
  EXPECT_EQ(available().reason, "what a control group leaves");
  // What files take gives way.
  write("sys/fs/cgroup/a/memory.stat", "anon 500000\ninactive_file 400000\n");
  EXPECT_EQ(available().bytes, 2400000u);
  write("sys/fs/cgroup/memory.max", "50\n");
  write("sys/fs/cgroup/memory.current", "60\n");
  EXPECT_EQ(available().bytes, 0u);
}

TEST_F(MachineTest, ControlGroupsOfVersion1) {
  write("proc/self/cgroup", "4:cpu,cpuacct:/x\n3:memory:/job\n0::/\n");
  write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "3000000\n");
  write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "1000000\n");
  write("sys/fs/cgroup/memory/job/memory.stat", "inactive_file 7\ntotal_inactive_file 200000\n");
  EXPECT_EQ(available().bytes, 2200000u);
}

TEST(Memory, NothingIsKnown) {
  TemporaryFolder empty;
  EXPECT_EQ(availableMemory(0, empty.path()).bytes, kNoMemoryLimit);
}

std::string check(const std::vector<std::string> &arguments) {
  NativeSimulation simulation(sample::kProgram);
  return errorOf([&] { checkMemory(simulation, parseArguments(arguments, "net").options); });
}

TEST(Memory, OfARun) {
  EXPECT_EQ(check({"--steps", "1"}), "none");
  EXPECT_EQ(check({"--steps", "1", "--memory-limit", "1M"}), "none");
  EXPECT_EQ(check({"--steps", "1", "--memory-limit", "none"}), "none");
  size_t states = 2 * 4 + 8 + 2 + 5 * 4 + 2, all = sizeof(sample::Net);
  EXPECT_EQ(check({"--steps", "1", "--memory-limit", "0"}),
            "the run needs about " + sizeText(all) +
                " of memory, but 0 B are available (the limit of --memory-limit)" + "\n     " +
                sizeText(all - states) + "  messages and other working memory" + "\n        " +
                sizeText(states) + "  cell  states" +
                "\nto run it nevertheless, use --memory-limit none");
  // Rows of probes, and the largest get.
  std::string recorded = check({"--steps", "1", "--memory-limit", "0", "--probe", "cell.x",
                                "--probe", "cell.s_out", "--get", "cell.gain", "--get", "cell.x"});
  EXPECT_NE(recorded.find("18 B  rows of probes"), std::string::npos) << recorded;
  EXPECT_NE(recorded.find("16 B  rows of gets"), std::string::npos) << recorded;
}

TEST(Memory, EqualPartsAreOne) {
  std::vector<MemoryPart> parts = {
      {"a", "states", 5}, {"b", "states", 20}, {"a", "states", 7}, {"c", "states", 0}};
  sortMemory(parts);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].owner, "b");
  EXPECT_EQ(parts[1].bytes, 12u);
}

} // namespace
