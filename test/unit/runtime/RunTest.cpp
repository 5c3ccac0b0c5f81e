// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole runs of the sample program in this process: stages, sets, probes, gets, control, failures.
#include "runtime/native/Run.h"
#include "runtime/native/Error.h"
#include "runtime/native/Npy.h"

#include "Sample.h"
#include "Support.h"

#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

using Ints = std::vector<int64_t>;

/// Runs the sample with arguments; `folder` replaces "OUT".
struct RunTest : ::testing::Test {
  TemporaryFolder folder;
  StringOutput output;

  void run(std::vector<std::string> arguments) {
    for (std::string &argument : arguments)
      if (argument == "OUT")
        argument = folder / "out";
    NativeSimulation simulation(sample::kProgram);
    execute(simulation, parseArguments(arguments, "net").options, output);
  }
  std::string error(std::vector<std::string> arguments) {
    return errorOf([&] { run(std::move(arguments)); });
  }
  NpyArray result(const std::string &name) { return readNpy(folder / "out" + "/" + name); }
  Ints ints(const std::string &name) {
    NpyArray array = result(name);
    Ints values;
    for (size_t i = 0; i < array.size(); ++i)
      values.push_back(array.intAt(i));
    return values;
  }
  /// The value of a state at the end of a run.
  int64_t final(std::vector<std::string> arguments, const std::string &name) {
    arguments.insert(arguments.end(), {"--out", "OUT", "--get", name});
    run(arguments);
    return ints(name + ".final.npy").at(0);
  }
  std::vector<std::string> outFiles() {
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(folder / "out"))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(RunTest, Prints) {
  run({"--steps", "5"});
  EXPECT_EQ(output.text(), "x: [3 3] gain: 0.0 at: 2\nx: [10 10] gain: 0.0 at: 4\n");
}

TEST_F(RunTest, SetsAndPrinting) {
  run({"--steps", "2", "--set", "cell.gain=1", "--set", "cell.x=[5, -5]"});
  EXPECT_EQ(output.text(), "x: [ 8 -2] gain: 0.5 at: 2\n");
}

TEST_F(RunTest, NoPrint) {
  run({"--steps", "5", "--no-print"});
  EXPECT_EQ(output.text(), "");
}

TEST_F(RunTest, ProbesAndGets) {
  run({"--steps", "4", "--out", "OUT", "--probe", "cell.x", "--probe", "cell.s_out", "--probe",
       "cell.seen", "--probe", "cell.gain", "--get", "cell.seen", "--get", "cell.gain", "--set",
       "cell.gain=1", "--no-print"});
  EXPECT_EQ(outFiles(),
            std::vector<std::string>({"cell.gain.final.npy", "cell.gain.npy", "cell.s_out.npy",
                                      "cell.seen.final.npy", "cell.seen.npy", "cell.x.npy"}));
  NpyArray x = result("cell.x.npy");
  EXPECT_EQ(x.typeName(), "int64");
  EXPECT_EQ(x.shape, Ints({4, 2}));
  EXPECT_EQ(ints("cell.x.npy"), Ints({1, 1, 3, 3, 6, 6, 10, 10}));
  NpyArray s = result("cell.s_out.npy");
  EXPECT_EQ(s.typeName(), "uint8");
  EXPECT_EQ(s.shape, Ints({4, 2}));
  // Nothing is sent in even time steps; 6 is even.
  EXPECT_EQ(ints("cell.s_out.npy"), Ints({1, 1, 0, 0, 0, 0, 0, 0}));
  // After the owner's code (+1), before the other process (+100).
  EXPECT_EQ(result("cell.seen.npy").shape, Ints({4, 1}));
  EXPECT_EQ(ints("cell.seen.npy"), Ints({0, 1, 101, 102}));
  EXPECT_EQ(ints("cell.seen.final.npy"), Ints({202}));
  NpyArray gain = result("cell.gain.npy");
  EXPECT_EQ(gain.typeName(), "float64");
  EXPECT_EQ(gain.shape, Ints({4}));
  EXPECT_EQ(gain.floatAt(1), 0.5);
  EXPECT_EQ(gain.floatAt(3), 0.25);
  EXPECT_EQ(result("cell.gain.final.npy").shape, Ints({}));
}

TEST_F(RunTest, OtherMoments) {
  run({"--steps", "2", "--out", "OUT", "--probe", "cell.seen@spk", "--probe", "cell.seen@post_mgmt",
       "--probe", "cell.seen@lrn", "--probe", "cell.seen@pre_mgmt", "--probe", "cell.seen"});
  EXPECT_EQ(ints("cell.seen@spk.npy"), Ints({0, 0}));
  EXPECT_EQ(ints("cell.seen@pre_mgmt.npy"), Ints({0, 0}));
  EXPECT_EQ(ints("cell.seen@lrn.npy"), Ints({0, 0}));
  EXPECT_EQ(ints("cell.seen@post_mgmt.npy"), Ints({0, 101}));
  EXPECT_EQ(ints("cell.seen.npy"), Ints({0, 1}));
}

TEST_F(RunTest, ProbingChangesNothing) {
  run({"--steps", "7", "--set", "cell.gain=3"});
  std::string plain = output.text();
  output = {};
  run({"--steps", "7", "--set", "cell.gain=3", "--out", "OUT", "--probe", "cell.x", "--probe",
       "cell.s_out", "--probe", "cell.seen@lrn"});
  EXPECT_EQ(output.text(), plain);
}

TEST_F(RunTest, RepeatedProbesAndAliases) {
  run({"--steps", "1", "--out", "OUT", "--probe", "cell.x", "--probe", "cell.x", "--probe",
       "outer.x", "--set", "outer.x=[7, 8]", "--get", "outer.x"});
  EXPECT_EQ(outFiles(),
            std::vector<std::string>({"cell.x.npy", "outer.x.final.npy", "outer.x.npy"}));
  EXPECT_EQ(ints("outer.x.npy"), Ints({8, 9}));
  EXPECT_EQ(ints("cell.x.npy"), Ints({8, 9}));
}

TEST_F(RunTest, Stages) {
  run({"--stages", "2; set cell.x=[0, 100]; 2; set cell.at=1", "--out", "OUT", "--probe", "cell.x",
       "--get", "cell.at", "--get", "cell.inits", "--get", "cell.hosts"});
  EXPECT_EQ(ints("cell.x.npy"), Ints({1, 1, 3, 3, 3, 103, 7, 107})); // the time goes on
  EXPECT_EQ(ints("cell.inits.final.npy"), Ints({1}));                // once, with time step 0
  EXPECT_EQ(ints("cell.hosts.final.npy"), Ints({2}));
  EXPECT_EQ(ints("cell.at.final.npy"), Ints({1}));
}

TEST_F(RunTest, InitComesAfterTheSets) {
  EXPECT_EQ(final({"--stages", "set cell.inits=10; 1"}, "cell.inits"), 11);
}

TEST_F(RunTest, NoSteps) {
  EXPECT_EQ(final({"--steps", "0"}, "cell.inits"), 0);
  EXPECT_EQ(final({"--steps", "0"}, "cell.hosts"), 0);
  run({"--steps", "0", "--out", "OUT", "--probe", "cell.x"});
  EXPECT_EQ(result("cell.x.npy").shape, Ints({0, 2}));
}

TEST_F(RunTest, PauseEndsTheStage) {
  run({"--stages", "5; 2", "--set", "cell.pause_at=3", "--out", "OUT", "--probe", "cell.x", "--get",
       "cell.hosts"});
  EXPECT_EQ(result("cell.x.npy").shape, Ints({5, 2})); // three steps, then two
  EXPECT_EQ(ints("cell.hosts.final.npy"), Ints({2}));
}

TEST_F(RunTest, StopEndsTheRunAfterTheStep) {
  run({"--stages", "5; 2; set cell.at=1", "--set", "cell.stop_at=2", "--out", "OUT", "--probe",
       "cell.x", "--get", "cell.hosts", "--get", "cell.at"});
  EXPECT_EQ(result("cell.x.npy").shape, Ints({2, 2}));
  EXPECT_EQ(ints("cell.hosts.final.npy"), Ints({1}));
  EXPECT_EQ(ints("cell.at.final.npy"), Ints({0}));
  EXPECT_EQ(output.text(), "x: [3 3] gain: 0.0 at: 2\n"); // post_mgmt of that step ran
}

TEST_F(RunTest, FailuresNameThePlace) {
  EXPECT_EQ(
      error({"--steps", "9", "--set", "cell.fail_at=3"}),
      "net.yaml:12:5: error: assertion failed: the step is not 'fail_at' (instance 'cell', time "
      "step 3)");
  EXPECT_EQ(output.text(), "x: [3 3] gain: 0.0 at: 2\n");
  EXPECT_EQ(
      error({"--steps", "9", "--set", "cell.at=2"}),
      "net.yaml:14:9: error: index 2 is out of range for an axis of extent 2 (instance 'cell', "
      "time step 1)");
  EXPECT_EQ(
      error({"--steps", "9", "--set", "cell.at=-3"}),
      "net.yaml:14:9: error: index -3 is out of range for an axis of extent 2 (instance 'cell', "
      "time step 1)");
  EXPECT_EQ(error({"--steps", "9", "--set", "cell.at=-2"}), "none");
}

TEST_F(RunTest, AFailedRunLeavesNoFiles) {
  EXPECT_NE(error({"--steps", "9", "--set", "cell.fail_at=3", "--out", "OUT", "--probe", "cell.x",
                   "--get", "cell.x"}),
            "none");
  EXPECT_EQ(outFiles(), std::vector<std::string>());
}

TEST_F(RunTest, OptionsAreCheckedBeforeAnythingRuns) {
  auto refused = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--steps", "2", "--out", "OUT"});
    std::string text = error(arguments);
    EXPECT_EQ(output.text(), "") << "it ran";
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
    return text;
  };
  EXPECT_EQ(refused({"--probe", "cell.xx"}),
            "there is no Var or OutPort 'cell.xx'; did you mean 'cell.x'?");
  EXPECT_EQ(refused({"--probe", "cell.a_input"}), "there is no Var or OutPort 'cell.a_input'");
  EXPECT_EQ(refused({"--get", "cell.s_out"}), "'cell.s_out' is a port, and --get needs a Var");
  EXPECT_EQ(refused({"--get", "cell.hots"}),
            "there is no Var 'cell.hots'; did you mean 'cell.hosts'?");
  EXPECT_EQ(refused({"--get", "something.else"}), "there is no Var 'something.else'");
  EXPECT_EQ(refused({"--set", "cel.x=1"}), "there is no Var 'cel.x'; did you mean 'cell.x'?");
  EXPECT_EQ(refused({"--set", "cell.s_out=1"}), "'cell.s_out' is a port, and --set needs a Var");
  EXPECT_EQ(refused({"--set", "cell.x=0.5"}),
            "cannot set 'cell.x' to 0.5: its type i24 holds integers only");
  EXPECT_EQ(
      refused({"--probe", "cell.x@host"}),
      "the probe 'cell.x@host' names the phase 'host', expected spk, pre_mgmt, lrn or post_mgmt");
  EXPECT_EQ(
      refused({"--probe", "cell.s_out@spk"}),
      "the probe 'cell.s_out@spk' names a phase, but 'cell.s_out' is an OutPort, whose value is "
      "what it sends in a step");
  // Also what a later stage would set.
  EXPECT_EQ(
      error({"--stages", "2; set cell.x=[1, 2, 3]"}),
      "cannot set 'cell.x': the value has the shape [3], expected [2] or what broadcasts to it");
  EXPECT_EQ(output.text(), "");
}

TEST_F(RunTest, WhatIsMissing) {
  EXPECT_THROW(run({}), UsageError);
  EXPECT_THROW(run({"--steps", "1", "--probe", "cell.x"}), UsageError);
  EXPECT_THROW(run({"--steps", "1", "--get", "cell.x"}), UsageError);
}

TEST_F(RunTest, FoldersThatCannotBeUsed) {
  {
    NpyWriter file(folder / "file", NpyWriter::Type::UInt8);
    file.finish({0});
    file.publish();
  }
  std::string below = folder / "file" + "/out";
  EXPECT_EQ(error({"--steps", "2", "--out", below, "--probe", "cell.x"}),
            "cannot create the folder '" + below + "': Not a directory");
  std::filesystem::create_directories(folder / "out" + "/cell.x.npy");
  EXPECT_EQ(error({"--steps", "2", "--out", "OUT", "--probe", "cell.x"}),
            "cannot write '" + folder / "out" + "/cell.x.npy': it is a folder");
  EXPECT_EQ(output.text(), "");
}

} // namespace
