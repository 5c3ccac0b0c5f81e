// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interpreter on whole networks: remote memory, messages, errors, control, recording.
#include "Running.h"

#include <gtest/gtest.h>

using namespace basalt;
using namespace basalt::interp;

/// The main example: `reader` sees `proc2.var` through a VarPort.
static std::string remoteMemory(const std::string &port) {
  return R"(
proc.process @P1 {
  proc.ref_port @ref : tensor<1xsi32>
  proc.model @m {
    proc.phase post_mgmt {
      %v = proc.read @ref : tensor<1xi32>
      %w = arith.extsi %v : tensor<1xi32> to tensor<1xi64>
      %t = proc.time_step : tensor<i64>
      proc.print "Value of var: {} at time step: {}"(%w, %t : tensor<1xi64>, tensor<i64>)
      %tt = num.broadcast %t : tensor<i64> to tensor<1xi64>
      %s = arith.addi %w, %tt : tensor<1xi64>
      %n = arith.trunci %s : tensor<1xi64> to tensor<1xi32>
      proc.write @ref, %n : tensor<1xi32>
    }
  }
}
proc.process @P2 {
  proc.var @var : tensor<1xsi32> = dense<5> : tensor<1xi32>
  )" + port +
         R"(
}
proc.network @net {
  proc.instance @proc1 of @P1
  proc.instance @proc2 of @P2
  proc.connect @proc1::@ref to @proc2::@var_port
  proc.alias @outer::@value to @proc2::@var
})";
}

static const char *const kFiveLines = "Value of var: [5] at time step: 1\n"
                                      "Value of var: [6] at time step: 2\n"
                                      "Value of var: [8] at time step: 3\n"
                                      "Value of var: [11] at time step: 4\n"
                                      "Value of var: [15] at time step: 5\n";

TEST(Interpreter, remoteMemory) {
  Outcome implicit = runNetwork(remoteMemory("proc.var_port @var_port of @var implicit"), 5);
  EXPECT_EQ(implicit.error, "");
  EXPECT_EQ(implicit.printed, kFiveLines);
  EXPECT_EQ(runNetwork(remoteMemory("proc.var_port @var_port of @var"), 5).printed, kFiveLines);
}

TEST(Interpreter, probesAndSets) {
  rt::RunOptions options = stages("2; set proc2.var=100; 1");
  options.print = false;
  options.probes = {"proc2.var", "proc2.var@post_mgmt", "outer.value"};
  options.gets = {"proc2.var"};
  Outcome outcome = runNetwork(remoteMemory("proc.var_port @var_port of @var implicit"), options);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.printed, "");
  // By default the value before others write it in post_mgmt.
  EXPECT_EQ(outcome.integers("proc2.var"), (std::vector<int64_t>{5, 6, 100}));
  EXPECT_EQ(outcome.integers("outer.value"), (std::vector<int64_t>{5, 6, 100}));
  EXPECT_EQ(outcome.integers("proc2.var@post_mgmt"), (std::vector<int64_t>{6, 8, 103}));
  EXPECT_EQ(outcome.integers("proc2.var.final"), (std::vector<int64_t>{103}));
}

TEST(Interpreter, initialValuesOfInstances) {
  Outcome outcome = runNetwork(R"(
proc.process @P {
  proc.var @v : tensor<2xui12> = dense<[1, -1]> : tensor<2xi12>
  proc.model @m { proc.phase host {
    %v = proc.get @v : tensor<2xi12>
    %w = arith.extui %v : tensor<2xi12> to tensor<2xi64>
    proc.print "{}"(%w : tensor<2xi64>)
  } }
}
proc.network @net {
  proc.instance @a of @P
  proc.instance @b of @P { proc.value @v = dense<7> : tensor<2xi12> }
})",
                               1);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.printed, "[   1 4095]\n[7 7]\n");
}

TEST(Interpreter, initAndHost) {
  Outcome outcome = runNetwork(R"(
proc.process @P {
  proc.model @m {
    proc.phase init { %t = proc.time_step : tensor<i64>  proc.print "init {}"(%t : tensor<i64>) }
    proc.phase spk { %t = proc.time_step : tensor<i64>  proc.print "spk {}"(%t : tensor<i64>) }
    proc.phase host { %t = proc.time_step : tensor<i64>  proc.print "host {}"(%t : tensor<i64>) }
  }
}
proc.network @net { proc.instance @a of @P })",
                               stages("2; 1"));
  EXPECT_EQ(outcome.printed, "init 0\nspk 1\nspk 2\nhost 2\nspk 3\nhost 3\n");
}

//===--- Control ---===//

static std::string oneProcess(const std::string &spk) {
  return "proc.process @P { proc.var @v : tensor<3xsi64> = dense<[10, 20, 30]> : tensor<3xi64>\n"
         "proc.model @m { proc.phase spk {\n" +
         spk +
         "\n} } }\n"
         "proc.network @net { proc.instance @p of @P }";
}

TEST(Interpreter, branchesAndLoops) {
  std::string ir = oneProcess(R"(
    %c0 = arith.constant 0 : i64
    %c1 = arith.constant 1 : i64
    %c4 = arith.constant 4 : i64
    %two = arith.constant dense<2> : tensor<i64>
    %zero = arith.constant dense<0> : tensor<i64>
    %sum = scf.for %k = %c0 to %c4 step %c1 iter_args(%acc = %zero) -> (tensor<i64>) : i64 {
      %t = num.from_scalar %k : i64 to tensor<i64>
      %n = arith.addi %acc, %t : tensor<i64>
      scf.yield %n : tensor<i64>
    }
    %t = proc.time_step : tensor<i64>
    %late = arith.cmpi sge, %t, %two : tensor<i64>
    %cond = num.item %late : tensor<i1> to i1
    %r = scf.if %cond -> (tensor<i64>) { scf.yield %sum : tensor<i64> } else { scf.yield %t : tensor<i64> }
    scf.if %cond { proc.print "late" }
    proc.print "{} {}"(%r, %late : tensor<i64>, tensor<i1>)
  )");
  EXPECT_EQ(runNetwork(ir, 2).printed, "1 False\nlate\n6 True\n");
}

TEST(Interpreter, loopToTheGreatestNumber) {
  std::string ir = oneProcess(R"(
    %from = arith.constant 9223372036854775800 : i64
    %to = arith.constant 9223372036854775807 : i64
    %step = arith.constant 5 : i64
    scf.for %k = %from to %to step %step : i64 {
      %t = num.from_scalar %k : i64 to tensor<i64>
      proc.print "{}"(%t : tensor<i64>)
    }
  )");
  EXPECT_EQ(runNetwork(ir, 1).printed, "9223372036854775800\n9223372036854775805\n");
}

TEST(Interpreter, pauseAndStop) {
  auto network = [](const std::string &control) {
    return oneProcess(
        "%t = proc.time_step : i64\n%two = arith.constant 2 : i64\n"
        "%c = arith.cmpi eq, %t, %two : i64\nscf.if %c { proc." +
        control +
        " }\n"
        "%tt = num.from_scalar %t : i64 to tensor<i64>\nproc.print \"{}\"(%tt : tensor<i64>)");
  };
  rt::RunOptions options = stages("3; 2");
  EXPECT_EQ(runNetwork(network("pause"), options).printed, "1\n2\n3\n4\n");
  EXPECT_EQ(runNetwork(network("stop"), options).printed, "1\n2\n");
}

//===--- Errors of a run ---===//

TEST(Interpreter, assertionNamesPlaceInstanceAndStep) {
  std::string ir =
      oneProcess("%t = proc.time_step : tensor<i64>\n%two = arith.constant dense<2> : tensor<i64>\n"
                 "%c = arith.cmpi slt, %t, %two : tensor<i64>\nproc.print \"step\"\n"
                 "proc.assert %c, \"too late\" : tensor<i1>");
  Outcome outcome = runNetwork(ir, 3);
  EXPECT_EQ(outcome.error,
            "net.mlir:7:1: error: assertion failed: too late (instance 'p', time step 2)");
  EXPECT_EQ(outcome.printed, "step\nstep\n");
  std::string bare = oneProcess(
      "%c = arith.constant dense<false> : tensor<i1>\nproc.assert %c, \"\" : tensor<i1>");
  EXPECT_EQ(runNetwork(bare, 1).error,
            "net.mlir:4:1: error: assertion failed (instance 'p', time step 1)");
}

TEST(Interpreter, indexOutOfRange) {
  std::string ir =
      oneProcess("%v = proc.get @v : tensor<3xi64>\n%t = proc.time_step : tensor<i64>\n"
                 "  %x = num.extract %v[%t : tensor<i64>] offsets [-9223372036854775808] sizes [1] "
                 "strides [1] drop [0] : tensor<3xi64> to tensor<i64>\n"
                 "proc.print \"{}\"(%x : tensor<i64>)");
  Outcome outcome = runNetwork(ir, 5);
  EXPECT_EQ(outcome.printed, "20\n30\n");
  EXPECT_EQ(outcome.error, "net.mlir:5:8: error: index 3 is out of range for an axis of extent 3 "
                           "(instance 'p', time step 3)");
}

TEST(Interpreter, placeOfInlinedCode) {
  std::string ir = oneProcess(
      "%c = arith.constant dense<false> : tensor<i1>\n"
      "proc.assert %c, \"x\" : tensor<i1> loc(callsite(\"model.yaml\":3:4 at \"net.yaml\":9:1))");
  EXPECT_EQ(runNetwork(ir, 1).error,
            "model.yaml:3:4: error: assertion failed: x (instance 'p', time step 1)");
}

TEST(Interpreter, rankOfPrintedValues) {
  std::string ir = oneProcess("%v = arith.constant dense<1> : tensor<1x1x1x1x1x1x1x1x1xi64>\n"
                              "proc.print \"{}\"(%v : tensor<1x1x1x1x1x1x1x1x1xi64>)");
  EXPECT_EQ(runNetwork(ir, 1).error, "net.mlir:4:1: error: cannot print a value of rank 9, "
                                     "expected at most 8 (instance 'p', time step 1)");
}

//===--- What is not resolved ---===//

TEST(Interpreter, refusesWhatIsNotResolved) {
  auto expect = [](const std::string &ir, const std::string &found) {
    std::string errors = creationErrors(ir);
    EXPECT_NE(errors.find("expected a resolved network, found " + found), std::string::npos)
        << errors;
  };
  expect("", "a module without exactly one network");
  expect("proc.process @P { proc.model @a {} proc.model @b {} } proc.network @n { proc.instance @p "
         "of @P }",
         "a process of several models");
  expect("proc.process @L {} proc.process @P { proc.model @a { proc.instance @l of @L } } "
         "proc.network @n { proc.instance @p of @P }",
         "a model of child instances");
  expect("proc.process @P { proc.model @a { proc.phase spk source \"v = 1\" {} } } proc.network @n "
         "{ proc.instance @p of @P }",
         "a phase that is still text");
  expect("proc.process @P { proc.var @v : tensor<!proc.named<\"num\">> = dense<1> : tensor<i64> } "
         "proc.network @n { proc.instance @p of @P }",
         "a type that is not known");
  expect("proc.process @P { proc.in_port @v : tensor<*xsi32> } proc.network @n { proc.instance @p "
         "of @P }",
         "a type that is not known");
  expect("proc.process @P { proc.var @v : tensor<2xsi32> = dense<1> : tensor<i32> } proc.network "
         "@n { proc.instance @p of @P }",
         "an initial value of another type than 'p.v'");
  expect("proc.process @P { proc.ref_port @r : tensor<si32> proc.var @v : tensor<si32> = dense<1> "
         ": tensor<i32> } proc.network @n { proc.instance @p of @P proc.connect @p::@r to @p::@v }",
         "a connection from RefPort to Var");
  expect("proc.process @P { proc.ref_port @r : tensor<si32> proc.model @m { proc.phase post_mgmt { "
         "%0 = proc.read @r : tensor<i32> } } } proc.network @n { proc.instance @p of @P }",
         "RefPort 'p.r', which is accessed but not connected");
  expect("proc.process @P { proc.ref_port @r : tensor<2xsi32> proc.var @v : tensor<1xsi32> = "
         "dense<1> : tensor<1xi32> proc.var_port @w of @v } proc.network @n { proc.instance @p of "
         "@P proc.connect @p::@r to @p::@w via [#proc.slice<[0], [1], [1]>] }",
         "a transform that reads cannot go back through");
  expect("proc.process @P { proc.out_port @o : tensor<si32> proc.model @m { proc.phase lrn { %0 = "
         "arith.constant dense<1> : tensor<i32> proc.send @o, %0 : tensor<i32> } } } proc.network "
         "@n { proc.instance @p of @P }",
         "a message that is not at the top level of spk");
  expect("proc.process @P { proc.out_port @o : tensor<2xsi32> } proc.network @n { proc.instance @p "
         "of @P proc.virtual_port @v = #proc.reshape<[1, 2]> of [@p::@o] }",
         "'proc.virtual_port'");
}
