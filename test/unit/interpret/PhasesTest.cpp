// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which phases a time step has, and who runs when in them.
#include "Running.h"

#include <gtest/gtest.h>

using namespace basalt;
using namespace basalt::interp;

/// A process that prints its name and the phase in each phase that it has code for.
static std::string talker(const std::string &name, const std::string &phases,
                          const std::string &extra = "") {
  std::string code;
  for (size_t begin = 0; begin < phases.size();) {
    size_t end = phases.find(' ', begin);
    std::string phase = phases.substr(begin, end - begin);
    code += "proc.phase " + phase + " { proc.print \"" + name + " " + phase + "\" }\n";
    begin = end == std::string::npos ? end : end + 1;
  }
  return "proc.process @" + name + " { proc.model @m {\n" + code + extra + "} }\n";
}

static std::string guard(const std::string &kind, bool value) {
  return "proc.guard " + kind + " { %c = arith.constant dense<" + (value ? "true" : "false") +
         "> : tensor<i1>  proc.yield %c : tensor<i1> }\n";
}

static const char *const kNetwork =
    "proc.network @net { proc.instance @p of @P  proc.instance @q of @Q }";

/// The phases that P and Q run in one step, with the given guards of each (pre, lrn, post).
static std::string phasesOf(const std::vector<bool> &p, const std::vector<bool> &q) {
  auto guards = [](const std::vector<bool> &given) {
    return guard("pre_guard", given[0]) + guard("lrn_guard", given[1]) +
           guard("post_guard", given[2]);
  };
  std::string all = "spk pre_mgmt lrn post_mgmt";
  Outcome outcome =
      runNetwork(talker("P", all, guards(p)) + talker("Q", all, guards(q)) + kNetwork, 1);
  EXPECT_EQ(outcome.error, "");
  return outcome.printed;
}

TEST(Phases, guardsOfLavasTable) {
  EXPECT_EQ(phasesOf({1, 0, 0}, {0, 0, 0}), "P spk\nQ spk\n");
  EXPECT_EQ(phasesOf({1, 1, 1}, {0, 0, 0}), "P spk\nQ spk\nP pre_mgmt\nP lrn\nP post_mgmt\n");
  EXPECT_EQ(phasesOf({1, 1, 0}, {1, 0, 1}),
            "P spk\nQ spk\nP pre_mgmt\nQ pre_mgmt\nP lrn\nQ post_mgmt\n");
  EXPECT_EQ(phasesOf({0, 1, 0}, {0, 0, 1}), "P spk\nQ spk\nP lrn\nQ post_mgmt\n");
  EXPECT_EQ(phasesOf({0, 0, 1}, {1, 0, 0}), "P spk\nQ spk\nP post_mgmt\n");
  // The process that asks for pre-management must want both itself.
  EXPECT_EQ(phasesOf({1, 0, 0}, {0, 1, 0}), "P spk\nQ spk\nQ lrn\n");
}

TEST(Phases, codeWithoutGuardRuns) {
  EXPECT_EQ(
      runNetwork(talker("P", "pre_mgmt lrn post_mgmt") + talker("Q", "spk") + kNetwork, 1).printed,
      "Q spk\nP pre_mgmt\nP lrn\nP post_mgmt\n");
  // Nobody wants to learn, so there is no pre-management.
  EXPECT_EQ(runNetwork(talker("P", "pre_mgmt") + talker("Q", "spk") + kNetwork, 1).printed,
            "Q spk\n");
  // lrn_guard may stand without lrn.
  EXPECT_EQ(
      runNetwork(talker("P", "pre_mgmt", guard("lrn_guard", true)) + talker("Q", "spk") + kNetwork,
                 1)
          .printed,
      "Q spk\nP pre_mgmt\n");
}

TEST(Phases, guardsSeeWhatPhasesBeforeThemDid) {
  // Each guard holds if the phase before has counted `v` up.
  auto counting = [](const std::string &phase) {
    return "proc.phase " + phase + " { proc.print \"" + phase +
           "\"\n %v = proc.get @v : tensor<i64>  %one = arith.constant dense<1> : tensor<i64>  %w "
           "= arith.addi %v, %one : tensor<i64>  proc.set @v, %w : tensor<i64> }\n";
  };
  auto expects = [](const std::string &kind, int value) {
    return "proc.guard " + kind + " { %v = proc.get @v : tensor<i64>  %k = arith.constant dense<" +
           std::to_string(value) +
           "> : tensor<i64>  %c = arith.cmpi eq, %v, %k : tensor<i64>  proc.yield %c : tensor<i1> "
           "}\n";
  };
  std::string ir =
      "proc.process @P { proc.var @v : tensor<si64> = dense<0> : tensor<i64>\nproc.model @m {\n" +
      counting("spk") + counting("pre_mgmt") + counting("lrn") + counting("post_mgmt") +
      expects("pre_guard", 1) + expects("lrn_guard", 1) + expects("post_guard", 3) +
      "} }\nproc.network @net { proc.instance @p of @P }";
  // In the second step no guard holds: v has gone beyond.
  EXPECT_EQ(runNetwork(ir, 2).printed, "spk\npre_mgmt\nlrn\npost_mgmt\nspk\n");
}

//===--- Remote accesses ---===//

/// `x = next.read() + 1` in post_mgmt, as the chain of owners needs it.
static const char *const kStage = R"(
proc.process @Stage {
  proc.ref_port @next : tensor<si64>
  proc.var @x : tensor<si64> = dense<0> : tensor<i64>
  proc.var_port @x_port of @x implicit
  proc.model @m { proc.phase post_mgmt {
    %n = proc.read @next : tensor<i64>
    %one = arith.constant dense<1> : tensor<i64>
    %s = arith.addi %n, %one : tensor<i64>
    proc.set @x, %s : tensor<i64>
    proc.print "{}"(%s : tensor<i64>)
  } }
}
)";

TEST(Phases, chainsSettleWithinThePhase) {
  std::string ir = std::string(kStage) + R"(
proc.process @Clock {
  proc.var @x : tensor<si64> = dense<0> : tensor<i64>
  proc.var_port @x_port of @x implicit
  proc.model @m { proc.phase post_mgmt { %t = proc.time_step : tensor<i64>  proc.set @x, %t : tensor<i64> } }
}
proc.network @net {
  proc.instance @a of @Stage
  proc.instance @b of @Stage
  proc.instance @c of @Stage
  proc.instance @clock of @Clock
  proc.connect @a::@next to @b::@x_port
  proc.connect @b::@next to @c::@x_port
  proc.connect @c::@next to @clock::@x_port
})";
  Outcome outcome = runNetwork(ir, 2);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.printed, "2\n3\n4\n3\n4\n5\n");
}

TEST(Phases, circleOfOwnersIsAnError) {
  std::string ir = std::string(kStage) + R"(
proc.network @net {
  proc.instance @a of @Stage
  proc.instance @b of @Stage
  proc.connect @a::@next to @b::@x_port
  proc.connect @b::@next to @a::@x_port
})";
  EXPECT_EQ(runNetwork(ir, 1).error,
            "net.mlir:6:19: error: no process can go on in post_mgmt: 'a' waits for 'b', 'b' waits "
            "for 'a' (instance 'a', time step 1)");
}

TEST(Phases, ownVarThroughARefPortIsNoCircle) {
  std::string ir =
      std::string(kStage) +
      "proc.network @net { proc.instance @a of @Stage  proc.connect @a::@next to @a::@x_port }";
  EXPECT_EQ(runNetwork(ir, 3).printed, "1\n2\n3\n");
}

TEST(Phases, guardsDoNotChangeTheOrder) {
  // @a waits for @owner even in a step in which @owner is not admitted, so @b comes first.
  std::string ir = R"(
proc.process @A {
  proc.ref_port @r : tensor<si64>
  proc.model @m { proc.phase post_mgmt { proc.print "a"  %0 = proc.read @r : tensor<i64> } }
}
proc.process @B { proc.model @m { proc.phase post_mgmt { proc.print "b" } } }
proc.process @Owner {
  proc.var @x : tensor<si64> = dense<0> : tensor<i64>
  proc.var_port @x_port of @x implicit
  proc.model @m {
    proc.phase post_mgmt { proc.print "owner" }
)" + guard("post_guard", false) +
                   R"(
  }
}
proc.network @net {
  proc.instance @a of @A
  proc.instance @b of @B
  proc.instance @owner of @Owner
  proc.connect @a::@r to @owner::@x_port
})";
  EXPECT_EQ(runNetwork(ir, 1).printed, "b\na\n");
}

TEST(Phases, probeBetweenOwnerAndAccessors) {
  // The owner counts up in post_mgmt, then another process writes -1.
  std::string ir = R"(
proc.process @W {
  proc.ref_port @r : tensor<si8>
  proc.model @m { proc.phase post_mgmt { %c = arith.constant dense<-1> : tensor<i8>  proc.write @r, %c : tensor<i8> } }
}
proc.process @Owner {
  proc.var @x : tensor<si8> = dense<10> : tensor<i8>
  proc.var_port @x_port of @x implicit
  proc.model @m { proc.phase post_mgmt {
    %x = proc.get @x : tensor<i8>  %one = arith.constant dense<1> : tensor<i8>
    %y = arith.addi %x, %one : tensor<i8>  proc.set @x, %y : tensor<i8>
  } }
}
proc.network @net {
  proc.instance @w of @W
  proc.instance @o of @Owner
  proc.connect @w::@r to @o::@x_port
})";
  rt::RunOptions options = stages("2");
  options.probes = {"o.x", "o.x@spk"};
  options.gets = {"o.x"};
  Outcome outcome = runNetwork(ir, options);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.integers("o.x"), (std::vector<int64_t>{11, 0}));
  EXPECT_EQ(outcome.integers("o.x@spk"), (std::vector<int64_t>{10, -1}));
  EXPECT_EQ(outcome.integers("o.x.final"), (std::vector<int64_t>{-1}));
}
