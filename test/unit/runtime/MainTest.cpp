// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The sample program as users meet it: a process with arguments, streams and an exit code.
#include "runtime/native/InitialData.h"

#include "Support.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/wait.h>

using namespace basalt::rt;

namespace {

std::string readText(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct MainTest : ::testing::Test {
  TemporaryFolder folder;
  std::string program = BASALT_TEST_SAMPLE;
  std::string out, err;

  /// Runs the program through the shell; returns the exit code.
  int run(const std::string &arguments) {
    std::string command = program + " " + arguments;
    if (arguments.find('>') == std::string::npos)
      command += " >" + folder / "out.txt";
    int status = std::system((command + " 2>" + folder / "err.txt").c_str());
    out = readText(folder / "out.txt");
    err = readText(folder / "err.txt");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  InitialContents contents() {
    static const double gain = 8;
    static const int32_t x = 100;
    InitialContents result;
    result.defaults = {"--steps", "2"};
    for (const char *name : {"cell.x", "cell.gain", "cell.seen", "cell.inits", "cell.hosts",
                             "cell.pause_at", "cell.stop_at", "cell.fail_at", "cell.at"})
      result.states.push_back({name, InitialValue::Zeros, nullptr, 0});
    result.states[0] = {"cell.x", InitialValue::Repeated, &x, sizeof(x)};
    result.states[1] = {"cell.gain", InitialValue::Whole, &gain, sizeof(gain)};
    return result;
  }
};

TEST_F(MainTest, Done) {
  EXPECT_EQ(run("--steps 2"), 0);
  EXPECT_EQ(out, "x: [3 3] gain: 0.0 at: 2\n");
  EXPECT_EQ(err, "");
}

TEST_F(MainTest, FailedRun) {
  EXPECT_EQ(run("--steps 9 --set cell.fail_at=3"), 1);
  EXPECT_EQ(out, "x: [3 3] gain: 0.0 at: 2\n");
  EXPECT_EQ(err,
            "net.yaml:12:5: error: assertion failed: the step is not 'fail_at' (instance 'cell', "
            "time step 3)\n");
}

TEST_F(MainTest, WrongInput) {
  EXPECT_EQ(run("--steps 9 --set cell.x=abc"), 1);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, "error: cannot set 'cell.x' to 'abc': expected a number, found 'abc'\n");
}

TEST_F(MainTest, Usage) {
  EXPECT_EQ(run(""), 2);
  EXPECT_EQ(err, "error: the number of time steps is not given; use --steps N\n");
  EXPECT_EQ(run("--stepz 9"), 2);
  EXPECT_EQ(err.find("error: "), 0u);
  EXPECT_EQ(run("--help"), 0);
  EXPECT_NE(out.find("--probe NAME[@PHASE]"), std::string::npos) << out;
  EXPECT_EQ(run("--version"), 0);
  EXPECT_EQ(out, "net (Basalt, run-time contract " + std::to_string(kContractVersion) + ")\n");
}

TEST_F(MainTest, DataInAFile) {
  writeInitialData(folder / "net.data", contents());
  EXPECT_EQ(run("--data " + folder / "net.data"), 0);
  EXPECT_EQ(out, "x: [103 103] gain: 4.0 at: 2\n");
  EXPECT_EQ(run("--steps 4 --set cell.gain=1 --data " + folder / "net.data"), 0);
  EXPECT_EQ(out, "x: [103 103] gain: 0.5 at: 2\nx: [110 110] gain: 0.25 at: 4\n");
  EXPECT_EQ(run("--data " + folder / "none"), 1);
  EXPECT_EQ(err, "error: cannot open '" + folder / "none" + "': No such file or directory\n");
}

TEST_F(MainTest, DataBehindTheProgram) {
  std::string copy = folder / "sim";
  std::filesystem::copy_file(program, copy);
  appendInitialData(copy, contents());
  program = copy;
  EXPECT_EQ(run(""), 0);
  EXPECT_EQ(out, "x: [103 103] gain: 4.0 at: 2\n");
}

TEST_F(MainTest, UnusableDefaults) {
  InitialContents wrong = contents();
  wrong.defaults = {"--step"};
  writeInitialData(folder / "net.data", wrong);
  EXPECT_EQ(run("--data " + folder / "net.data"), 1);
  EXPECT_EQ(err.find("error: the default options of the program cannot be used: "), 0u) << err;
}

TEST_F(MainTest, LostOutputIsAnError) {
  if (std::filesystem::exists("/dev/full")) {
    EXPECT_EQ(run("--steps 2 >/dev/full"), 1);
    EXPECT_EQ(err, "error: cannot write to standard output: No space left on device\n");
  }
  // The reader of the pipe is gone before the first line is written.
  std::string script = "(" + program + " --steps 200000; echo $? >" + folder / "code" + ") 2>" +
                       folder / "err.txt" + " | true";
  EXPECT_EQ(std::system(script.c_str()), 0);
  // The shell waits for the last command only.
  for (int i = 0; i < 500 && readText(folder / "code").empty(); ++i)
    std::system("sleep 0.01");
  EXPECT_EQ(readText(folder / "code"), "1\n");
  EXPECT_EQ(readText(folder / "err.txt"), "error: cannot write to standard output: Broken pipe\n");
}

} // namespace
