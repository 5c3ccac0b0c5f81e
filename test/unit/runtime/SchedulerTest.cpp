// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which phases a step has: the traces of two processes P and Q that were observed with Lava
// (docs of LoihiProtocol leave them open).
#include "runtime/native/Error.h"
#include "runtime/native/Generated.h"
#include "runtime/native/Simulation.h"

#include "Support.h"

#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

struct Guards {
  bool pre, learn, post;
};

/// Two processes with constant guards that note which of their phases run.
struct Pair {
  Guards guards[2];
  std::string trace[2];

  template <bool Guards::*Guard> void run(const char *name) {
    for (int i = 0; i < 2; ++i)
      if (guards[i].*Guard)
        trace[i] += std::string(",") + name;
  }
};

/// What `create` of the next program returns; the tests own it.
Pair *current = nullptr;

Pair &pairOf(void *object) { return *static_cast<Pair *>(object); }

uint32_t guardsAfterSpk(void *object, Context &) {
  uint32_t result = 0;
  for (const Guards &g : pairOf(object).guards)
    result |= (g.learn ? kLearn : 0) | (g.learn && g.pre ? kPreManagement : 0);
  return result;
}

uint32_t guardsBeforePost(void *object, Context &) {
  return pairOf(object).guards[0].post || pairOf(object).guards[1].post ? kPostManagement : 0;
}

Program makeProgram() {
  Program program = {};
  program.contractVersion = kContractVersion;
  program.name = "pair";
  program.create = [] { return static_cast<void *>(current); };
  program.destroy = [](void *) {};
  program.spk = [](void *object, Context &) {
    for (std::string &trace : pairOf(object).trace)
      trace = "spk";
  };
  program.guardsAfterSpk = guardsAfterSpk;
  program.preManagement = [](void *o, Context &) { pairOf(o).run<&Guards::pre>("pre"); };
  program.learn = [](void *o, Context &) { pairOf(o).run<&Guards::learn>("lrn"); };
  program.guardsBeforePost = guardsBeforePost;
  program.postManagement = [](void *o, Context &) { pairOf(o).run<&Guards::post>("post"); };
  return program;
}

std::string trace(Guards p, Guards q, bool recording = false) {
  Pair pair = {{p, q}, {}};
  current = &pair;
  NativeSimulation simulation(makeProgram());
  Context ctx;
  ctx.recording = recording;
  simulation.step(ctx);
  return pair.trace[0] + "; " + pair.trace[1];
}

TEST(Scheduler, TracesOfLava) {
  EXPECT_EQ(trace({true, false, false}, {false, false, false}), "spk; spk");
  EXPECT_EQ(trace({true, true, true}, {false, false, false}), "spk,pre,lrn,post; spk");
  EXPECT_EQ(trace({true, true, false}, {true, false, true}), "spk,pre,lrn; spk,pre,post");
  EXPECT_EQ(trace({false, true, false}, {false, false, true}), "spk,lrn; spk,post");
  EXPECT_EQ(trace({false, false, true}, {true, false, false}), "spk,post; spk");
}

TEST(Scheduler, ConstantGuards) {
  Pair pair = {{{true, true, true}, {true, true, true}}, {}};
  current = &pair;
  Program program = makeProgram();
  program.guardsAfterSpk = program.guardsBeforePost = nullptr;
  auto traceWith = [&](uint32_t guards) {
    program.constantGuards = guards;
    NativeSimulation simulation(program);
    Context ctx;
    simulation.step(ctx);
    return pair.trace[0];
  };
  EXPECT_EQ(traceWith(0), "spk");
  EXPECT_EQ(traceWith(kLearn), "spk,lrn");
  EXPECT_EQ(traceWith(kPreManagement), "spk,pre,lrn"); // the one implies the other
  EXPECT_EQ(traceWith(kPostManagement), "spk,post");
  EXPECT_EQ(traceWith(kLearn | kPreManagement | kPostManagement), "spk,pre,lrn,post");
}

TEST(Scheduler, RecordingRunsPostManagementForItsProbes) {
  Pair pair = {};
  current = &pair;
  Program program = makeProgram();
  program.postManagement = [](void *o, Context &) { pairOf(o).trace[0] += ",probes"; };
  NativeSimulation simulation(program);
  Context ctx;
  simulation.step(ctx);
  EXPECT_EQ(pair.trace[0], "spk");
  ctx.recording = true;
  simulation.step(ctx);
  EXPECT_EQ(pair.trace[0], "spk,probes");
}

TEST(Scheduler, ProgramWithoutCode) {
  Program program = {};
  program.contractVersion = kContractVersion;
  program.create = [] { return static_cast<void *>(nullptr); };
  program.destroy = [](void *) {};
  NativeSimulation simulation(program);
  Context ctx;
  simulation.init(ctx);
  simulation.step(ctx);
  simulation.host(ctx);
  EXPECT_TRUE(simulation.states().empty() && simulation.ports().empty());
}

TEST(Scheduler, RefusesOtherContracts) {
  Program program = makeProgram();
  program.contractVersion = 77;
  EXPECT_EQ(errorOf([&] { NativeSimulation simulation(program); }),
            "the program was generated for version 77 of the run-time contract, but the run-time "
            "library has version " +
                std::to_string(kContractVersion));
}

TEST(Generated, ArraysFillWholeLines) {
  static_assert(sizeof(Array<int32_t, 1>) == 64 && sizeof(Array<int32_t, 16>) == 64 &&
                sizeof(Array<int32_t, 17>) == 128 && sizeof(Array<uint8_t, 0>) == 64 &&
                alignof(Array<double, 3>) == 64);
  Array<int32_t, 20> array{};
  array[int64_t(3)] = 7;
  array[4] = array[size_t(3)] + 1;
  const int32_t *pointer = array;
  EXPECT_EQ(pointer[3], 7);
  EXPECT_EQ(pointer[4], 8);
}

} // namespace
