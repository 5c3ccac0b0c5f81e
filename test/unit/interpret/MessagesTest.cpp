// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Messages in spk: who waits for whom, fan-in of several types, virtual ports on messages and
// remote accesses.
#include "Running.h"

#include <gtest/gtest.h>

using namespace basalt;
using namespace basalt::interp;

/// A process with one OutPort of the declared type that sends a constant.
static std::string sender(const std::string &name, const std::string &declared,
                          const std::string &value, const std::string &type) {
  return "proc.process @" + name + " { proc.out_port @s : " + declared +
         "\nproc.model @m { proc.phase spk { %c = arith.constant dense<" + value + "> : " + type +
         "  proc.send @s, %c : " + type + " } } }\n";
}

/// A process that prints what it receives, and remembers it.
static std::string receiver(const std::string &declared, const std::string &type) {
  return "proc.process @R { proc.in_port @in : " + declared +
         "\nproc.model @m { proc.phase spk { %v = proc.recv @in : " + type +
         "  proc.print \"{}\"(%v : " + type + ") } } }\n";
}

TEST(Messages, receiversWaitForSenders) {
  std::string ir = receiver("tensor<2xsi64>", "tensor<2xi64>") +
                   sender("S", "tensor<2xsi64>", "[4, 5]", "tensor<2xi64>") +
                   "proc.network @net { proc.instance @r of @R  proc.instance @s of @S  "
                   "proc.connect @s::@s to @r::@in }";
  rt::RunOptions options = stages("2");
  options.probes = {"s.s"};
  Outcome outcome = runNetwork(ir, options);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.printed, "[4 5]\n[4 5]\n");
  EXPECT_EQ(outcome.integers("s.s"), (std::vector<int64_t>{4, 5, 4, 5}));
}

TEST(Messages, unconnectedPortsReceiveZeros) {
  EXPECT_EQ(runNetwork(receiver("tensor<2xf32>", "tensor<2xf32>") +
                           "proc.network @net { proc.instance @r of @R }",
                       1)
                .printed,
            "[0. 0.]\n");
}

/// Two instances in a circle; `first` and `second` are what each does in spk.
static std::string circle(const std::string &first, const std::string &second) {
  auto process = [](const std::string &name, const std::string &code) {
    return "proc.process @" + name +
           " { proc.in_port @in : tensor<si64>  proc.out_port @out : tensor<si64>\nproc.var @x : "
           "tensor<si64> = dense<1> : tensor<i64>\nproc.model @m { proc.phase spk {\n%x = proc.get "
           "@x : tensor<i64>\n" +
           code + "\n} } }\n";
  };
  return process("A", first) + process("B", second) +
         "proc.network @net { proc.instance @a of @A  proc.instance @b of @B  proc.connect "
         "@a::@out to @b::@in  proc.connect @b::@out to @a::@in }";
}

static const char *const kSendFirst =
    "proc.print \"send x\"  proc.send @out, %x : tensor<i64>\n %r = proc.recv @in : tensor<i64>  "
    "proc.print \"x = {}\"(%r : tensor<i64>)  proc.set @x, %r : tensor<i64>";
static const char *const kReceiveFirst =
    "proc.print \"begin\"  %r = proc.recv @in : tensor<i64>  %s = arith.addi %r, %x : tensor<i64>  "
    "proc.send @out, %s : tensor<i64>  proc.print \"sent {}\"(%s : tensor<i64>)";

TEST(Messages, fragmentsTakeTurns) {
  Outcome outcome = runNetwork(circle(kReceiveFirst, kSendFirst), 2);
  EXPECT_EQ(outcome.error, "");
  // After each fragment the first process in the file that can go on does.
  EXPECT_EQ(outcome.printed, "begin\nsend x\nsent 2\nx = 2\nbegin\nsend x\nsent 3\nx = 3\n");
}

TEST(Messages, deadlockNamesWhoWaitsForWhom) {
  Outcome outcome = runNetwork(circle(kReceiveFirst, kReceiveFirst), 1);
  EXPECT_EQ(outcome.printed, "begin\nbegin\n");
  EXPECT_EQ(outcome.error,
            "net.mlir:5:26: error: no process can go on in spk: 'a' waits for a message from "
            "'b.out', 'b' waits for a message from 'a.out' (instance 'a', time step 1)");
}

//===--- Fan-in ---===//

namespace {
struct Sent {
  std::string declared, value, type;
};
} // namespace

/// What a port of a declared element type prints that receives scalars from these.
static std::string fanIn(const std::string &declared, const std::string &type,
                         const std::vector<Sent> &sources) {
  std::string processes = receiver("tensor<" + declared + ">", "tensor<" + type + ">"), network;
  for (size_t i = 0; i < sources.size(); ++i) {
    std::string number = std::to_string(i);
    processes += sender("S" + number, "tensor<" + sources[i].declared + ">", sources[i].value,
                        "tensor<" + sources[i].type + ">");
    network += "proc.instance @s" + number + " of @S" + number + "  proc.connect @s" + number +
               "::@s to @r::@in\n";
  }
  Outcome outcome =
      runNetwork(processes + "proc.network @net { proc.instance @r of @R\n" + network + "}", 1);
  EXPECT_EQ(outcome.error, "");
  return outcome.printed.substr(0, outcome.printed.find('\n'));
}

TEST(Messages, fanInOfIntegers) {
  Sent hundred{"si8", "100", "i8"}, minusOne{"si32", "-1", "i32"}, allOnes{"ui8", "-1", "i8"};
  EXPECT_EQ(fanIn("si64", "i64", {hundred, hundred}), "200");
  EXPECT_EQ(fanIn("si8", "i8", {hundred, hundred}), "-56"); // wraps
  EXPECT_EQ(fanIn("si64", "i64", {minusOne, hundred}), "99");
  EXPECT_EQ(fanIn("si64", "i64", {allOnes}), "255"); // an unsigned number
  EXPECT_EQ(fanIn("si64", "i64", {allOnes, allOnes}), "510");
}

TEST(Messages, fanInOfTruthValues) {
  Sent yes{"i1", "true", "i1"}, no{"i1", "false", "i1"}, spike{"ui1", "true", "i1"};
  Sent two{"si32", "2", "i32"}, minusTwo{"si32", "-2", "i32"};
  EXPECT_EQ(fanIn("i1", "i1", {yes, yes}), "True");
  EXPECT_EQ(fanIn("i1", "i1", {no, no}), "False");
  EXPECT_EQ(fanIn("si32", "i32", {yes, yes}), "1"); // `+` of bools is or
  EXPECT_EQ(fanIn("si32", "i32", {yes, two, yes}), "4");
  EXPECT_EQ(fanIn("si32", "i32", {spike, spike}), "2");               // spikes count
  EXPECT_EQ(fanIn("si32", "i32", {{"si1", "true", "i1"}, two}), "1"); // the bit of an i1 is -1
  EXPECT_EQ(fanIn("i1", "i1", {two}), "True");
  EXPECT_EQ(fanIn("i1", "i1", {two, minusTwo}), "False");
  EXPECT_EQ(fanIn("f64", "f64", {spike, yes}), "2.0");
}

TEST(Messages, fanInOfFloats) {
  Sent tenth{"f64", "0.1", "f64"}, fifth{"f64", "0.2", "f64"}, half{"f32", "0.5", "f32"},
      three{"si32", "3", "i32"};
  Sent great{"f64", "1.0e16", "f64"}, one{"f64", "1.0", "f64"}, minusGreat{"f64", "-1.0e16", "f64"};
  EXPECT_EQ(fanIn("f64", "f64", {tenth, fifth}), "0.30000000000000004");
  EXPECT_EQ(fanIn("f64", "f64", {half, tenth}), "0.6");
  EXPECT_EQ(fanIn("f32", "f32", {half, three}), "3.5");
  EXPECT_EQ(fanIn("f64", "f64", {three}), "3.0");
  EXPECT_EQ(fanIn("i1", "i1", {half}), "True");
  // In the order of the connections.
  EXPECT_EQ(fanIn("f64", "f64", {great, one, minusGreat}), "0.0");
  EXPECT_EQ(fanIn("f64", "f64", {great, minusGreat, one}), "1.0");
  // Integers meet a float in its precision: 2^24 + 1 is not a number of f32.
  EXPECT_EQ(fanIn("f64", "f64", {{"f32", "0.0", "f32"}, {"si32", "16777217", "i32"}}),
            "16777216.0");
}

//===--- Virtual ports ---===//

static std::string through(const std::string &via, const std::string &target) {
  std::string ir = receiver("tensor<" + target + "xsi64>", "tensor<" + target + "xi64>") +
                   sender("S", "tensor<2x3xsi64>", "[[1, 2, 3], [4, 5, 6]]", "tensor<2x3xi64>") +
                   "proc.network @net { proc.instance @s of @S  proc.instance @r of @R  "
                   "proc.connect @s::@s to @r::@in via [" +
                   via + "] }";
  Outcome outcome = runNetwork(ir, 1);
  EXPECT_EQ(outcome.error, "");
  return outcome.printed;
}

TEST(Messages, transforms) {
  EXPECT_EQ(through("#proc.reshape<[6]>", "6"), "[1 2 3 4 5 6]\n");
  EXPECT_EQ(through("#proc.transpose<[1, 0]>", "3x2"), "[[1 4]\n [2 5]\n [3 6]]\n");
  EXPECT_EQ(through("#proc.slice<[1, 2], [1, 2], [1, -2]>", "1x2"), "[[6 4]]\n");
  EXPECT_EQ(through("#proc.place<[1, 0], [3, 4]>", "3x4"), "[[0 0 0 0]\n [1 2 3 0]\n [4 5 6 0]]\n");
  EXPECT_EQ(through("#proc.transpose<[1, 0]>, #proc.reshape<[6]>, #proc.slice<[1], [3], [2]>", "3"),
            "[4 5 6]\n");
}

TEST(Messages, concatenation) {
  std::string ir =
      receiver("tensor<3xsi64>", "tensor<3xi64>") +
      sender("S", "tensor<2xsi64>", "[1, 2]", "tensor<2xi64>") +
      sender("T", "tensor<1xsi64>", "3", "tensor<1xi64>") +
      "proc.network @net { proc.instance @s of @S  proc.instance @t of @T  proc.instance @r of @R\n"
      "proc.connect @s::@s to @r::@in via [#proc.place<[0], [3]>]\n"
      "proc.connect @t::@s to @r::@in via [#proc.place<[2], [3]>] }";
  EXPECT_EQ(runNetwork(ir, 1).printed, "[1 2 3]\n");
}

TEST(Messages, remoteAccessesThroughTransforms) {
  // Reads see the Var as the RefPort has its shape; writes go the other way.
  std::string ir = R"(
proc.process @P {
  proc.ref_port @r : tensor<3x2xsi64>
  proc.model @m { proc.phase post_mgmt {
    %v = proc.read @r : tensor<3x2xi64>
    proc.print "{}"(%v : tensor<3x2xi64>)
    %w = arith.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi64>
    proc.write @r, %w : tensor<3x2xi64>
    %n = proc.read @r : tensor<3x2xi64>
    proc.print "{}"(%n : tensor<3x2xi64>)
  } }
}
proc.process @Q {
  proc.var @x : tensor<6xsi64> = dense<[10, 11, 12, 13, 14, 15]> : tensor<6xi64>
  proc.var_port @x_port of @x implicit
  proc.model @m { proc.phase host { %x = proc.get @x : tensor<6xi64>  proc.print "{}"(%x : tensor<6xi64>) } }
}
proc.network @net {
  proc.instance @p of @P
  proc.instance @q of @Q
  proc.connect @p::@r to @q::@x_port via [#proc.transpose<[1, 0]>, #proc.reshape<[6]>]
})";
  Outcome outcome = runNetwork(ir, 1);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.printed,
            "[[10 13]\n [11 14]\n [12 15]]\n[[1 2]\n [3 4]\n [5 6]]\n[1 3 5 2 4 6]\n");
}

TEST(Messages, remoteAccessesOfAnotherWidth) {
  // The RefPort is wider than the unsigned Var: a read is its number, a write wraps.
  std::string ir = R"(
proc.process @P {
  proc.ref_port @r : tensor<si32>
  proc.model @m { proc.phase post_mgmt {
    %v = proc.read @r : tensor<i32>
    %w = arith.constant dense<300> : tensor<i32>
    proc.write @r, %w : tensor<i32>
    %n = proc.read @r : tensor<i32>
    proc.print "{} {}"(%v, %n : tensor<i32>, tensor<i32>)
  } }
}
proc.process @Q { proc.var @x : tensor<ui8> = dense<-1> : tensor<i8>  proc.var_port @x_port of @x implicit }
proc.network @net { proc.instance @p of @P  proc.instance @q of @Q  proc.connect @p::@r to @q::@x_port })";
  Outcome outcome = runNetwork(ir, 1);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.printed, "255 44\n");
}
