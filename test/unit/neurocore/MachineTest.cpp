// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Neuron programs against models written out here, and single instructions against 64-bit integers.
#include "runtime/neurocore/Machine.h"
#include "runtime/native/Arithmetic.h"
#include "runtime/native/Random.h"

#include <gtest/gtest.h>
#include <random>

using namespace basalt;
using namespace basalt::nc;

namespace {
/// A group with its program, run step by step.
class Model {
public:
  Model(uint32_t count, const std::string &text) {
    group.count = count;
    group.program = 0;
    std::string error;
    auto words = assemble(text, &error);
    EXPECT_TRUE(words) << error;
    image.programs.push_back({"model", words.value_or(std::vector<uint32_t>{0}), {}});
    image.layouts.emplace_back();
    group.accumulators.emplace_back();
    group.outputs.push_back({"s_out", 32, true});
  }

  Model &slot(uint8_t bits, StoreMode store = StoreMode::Wrap, bool isSigned = true) {
    image.layouts[0].slots.push_back({"s", bits, isSigned, store});
    group.state.emplace_back();
    return *this;
  }
  Model &constants(const std::vector<int32_t> &values) {
    for (int32_t value : values)
      group.constants.push_back({"k", value});
    return *this;
  }

  void start() {
    ProgramFacts facts;
    auto error = verifyProgram(image.programs[0].words, group, image.layouts[0], facts);
    ASSERT_FALSE(error) << error->word << ": " << error->message;
    state = std::make_unique<GroupState>(image, group);
    scratch = makeScratch();
  }
  void input(unsigned port, uint32_t neuron, int64_t value) {
    Ring &ring = state->accumulators[port];
    ring.set(ring.slotOf(info.step + 1), neuron, value);
  }
  void step() {
    ++info.step;
    state->run(info, *scratch, counters);
  }
  /// What was sent, by neuron.
  std::vector<int32_t> sent(unsigned port = 0) {
    std::vector<int32_t> result(group.count);
    for (Spike spike : state->spikes[port])
      result[spike.source] = spike.payload;
    return result;
  }

  Image image;
  Group group;
  std::unique_ptr<GroupState> state;
  ScratchPointer scratch{nullptr, [](Scratch *) {}};
  StepInfo info;
  Counters counters;
};

int64_t wrap24(int64_t x) { return rt::wrap<24>(x); }
int64_t clip24(int64_t x) {
  return std::max(-((int64_t(1) << 23) - 1), std::min((int64_t(1) << 23) - 1, x));
}
int64_t tz12(int64_t a, int64_t b) { return rt::mulShr(a, b, 12); }

/// Random input of about a third of the neurons, with pauses so that some chunks become idle.
void randomInput(Model &model, std::mt19937 &random, int step, int64_t scale,
                 std::vector<std::vector<int64_t>> &inputs) {
  for (unsigned port = 0; port < inputs.size(); ++port)
    for (uint32_t i = 0; i < model.group.count; ++i) {
      bool active = step % 40 < 12 && random() % 3 == 0;
      inputs[port][i] = active ? int64_t(random() % uint64_t(2 * scale)) - scale : 0;
      model.input(port, i, inputs[port][i]);
    }
}

const char *const kLif = "MULS s0, s0, k0, 12, tz; SHL r0, a0, 6; ADD s0, s0, r0;"
                         "MULS r1, s1, k1, 12, tz; ADD r1, r1, s0; ADD s1, r1, k2;"
                         "GT r2, s1, k3; SEL s1, 0, s1; SPK 0, r2";

TEST(Machine, Lif) {
  constexpr uint32_t kCount = 601;
  Model model(kCount, kLif);
  int32_t du = 400, dv = 200, bias = 30, vth = 12 << 6;
  model.slot(24).slot(24, StoreMode::SaturateSymmetric);
  model.constants({4096 - (du + 1), 4096 - dv, bias, vth}).start();
  std::mt19937 random(2);
  std::vector<std::vector<int64_t>> inputs(1, std::vector<int64_t>(kCount));
  std::vector<int64_t> u(kCount), v(kCount);
  unsigned spikes = 0;
  for (int t = 0; t < 200; ++t) {
    randomInput(model, random, t, t % 2 ? 200 : 1 << 18, inputs);
    model.step();
    std::vector<int32_t> sent = model.sent();
    for (uint32_t i = 0; i < kCount; ++i) {
      u[i] = wrap24(tz12(u[i], 4096 - (du + 1)) + inputs[0][i] * 64);
      v[i] = clip24(tz12(v[i], 4096 - dv) + u[i] + bias);
      bool spike = v[i] > vth;
      v[i] = spike ? 0 : v[i];
      spikes += spike;
      ASSERT_EQ(model.state->state[0].get(i), u[i]) << t << " " << i;
      ASSERT_EQ(model.state->state[1].get(i), v[i]) << t << " " << i;
      ASSERT_EQ(sent[i], spike) << t << " " << i;
    }
  }
  EXPECT_GT(spikes, 1000u);
}

TEST(Machine, LifThatRestsIsIdle) {
  Model model(1000, kLif);
  model.slot(24).slot(24, StoreMode::SaturateSymmetric).constants({3000, 4000, 0, 640}).start();
  model.input(0, 300, 5);
  for (int t = 0; t < 200; ++t)
    model.step();
  EXPECT_GT(model.counters.idle, 150000u);
  uint64_t updates = model.counters.updates;
  model.input(0, 700, 100);
  model.step();
  EXPECT_EQ(model.counters.updates - updates, 256u);
  EXPECT_EQ(model.state->state[0].get(700), 6400);
}

TEST(Machine, FixedCompartmentIsThatProgram) {
  Model model(100, kLif);
  model.slot(24).slot(24, StoreMode::SaturateSymmetric).constants({4096 - 101, 4096 - 50, 7, 640});
  model.start();
  Group fixed = model.group;
  fixed.program = kNone;
  fixed.constants.clear();
  fixed.cuba.push_back({100, 50, 10, 7});
  GroupState other(model.image, fixed);
  std::mt19937 random(3);
  std::vector<std::vector<int64_t>> inputs(1, std::vector<int64_t>(100));
  for (int t = 0; t < 100; ++t) {
    randomInput(model, random, t, 300, inputs);
    Ring &ring = other.accumulators[0];
    for (uint32_t i = 0; i < 100; ++i)
      ring.set(ring.slotOf(t + 1), i, inputs[0][i]);
    model.step();
    other.run(model.info, *model.scratch, model.counters);
    for (uint32_t i = 0; i < 100; ++i)
      ASSERT_EQ(model.state->state[1].get(i), other.state[1].get(i));
    ASSERT_EQ(model.state->spikes[0].size(), other.spikes[0].size());
  }
}

TEST(Machine, TernaryLif) {
  Model model(77, "MULS s0, s0, k0, 12, tz; SHL r0, a0, 6; ADD s0, s0, r0;"
                  "MULS r1, s1, k1, 12, tz; ADD s1, r1, s0; GT r2, s1, k2; LT r3, s1, k3;"
                  "SUB r2, r2, r3; EQ _, r2, 0; SEL s1, s1, 0; SPK 0, r2");
  model.slot(24).slot(24, StoreMode::SaturateSymmetric).constants({3500, 3900, 640, -960}).start();
  std::mt19937 random(4);
  std::vector<std::vector<int64_t>> inputs(1, std::vector<int64_t>(77));
  std::vector<int64_t> u(77), v(77);
  int up = 0, down = 0;
  for (int t = 0; t < 300; ++t) {
    randomInput(model, random, t, 40, inputs);
    model.step();
    std::vector<int32_t> sent = model.sent();
    for (uint32_t i = 0; i < 77; ++i) {
      u[i] = wrap24(tz12(u[i], 3500) + inputs[0][i] * 64);
      v[i] = clip24(tz12(v[i], 3900) + u[i]);
      int s = v[i] > 640 ? 1 : v[i] < -960 ? -1 : 0;
      if (s != 0)
        v[i] = 0;
      up += s > 0;
      down += s < 0;
      ASSERT_EQ(model.state->state[1].get(i), v[i]);
      ASSERT_EQ(sent[i], s);
    }
  }
  EXPECT_GT(up, 100);
  EXPECT_GT(down, 100);
}

TEST(Machine, ResonateAndFire) {
  Model model(50, "MULS r0, s0, k0, 12, tz; MULS r1, s1, k1, 12, tz; SUB r0, r0, r1;"
                  "MULS r2, s0, k1, 12, tz; MULS r3, s1, k0, 12, tz; ADD r2, r2, r3;"
                  "SHL r4, a0, 6; ADD r0, r0, r4; SHL r4, a1, 6; ADD r2, r2, r4;"
                  "MOV r5, s1; MOV s0, r0; MOV s1, r2; GE r6, s1, 0; LT r7, r5, 0; AND r6, r6, r7;"
                  "GT r7, s0, k2; AND r6, r6, r7; SPK 0, r6");
  model.group.accumulators.emplace_back();
  model.slot(24, StoreMode::SaturateSymmetric).slot(24, StoreMode::SaturateSymmetric);
  model.constants({3900, 1100, 500}).start();
  std::mt19937 random(5);
  std::vector<std::vector<int64_t>> inputs(2, std::vector<int64_t>(50));
  std::vector<int64_t> re(50), im(50);
  int spikes = 0;
  for (int t = 0; t < 300; ++t) {
    randomInput(model, random, t, t < 150 ? 100 : 1 << 17, inputs);
    model.step();
    std::vector<int32_t> sent = model.sent();
    for (uint32_t i = 0; i < 50; ++i) {
      int64_t newRe = clip24(tz12(re[i], 3900) - tz12(im[i], 1100) + inputs[0][i] * 64);
      int64_t newIm = clip24(tz12(re[i], 1100) + tz12(im[i], 3900) + inputs[1][i] * 64);
      bool spike = newIm >= 0 && im[i] < 0 && newRe > 500;
      re[i] = newRe;
      im[i] = newIm;
      spikes += spike;
      ASSERT_EQ(model.state->state[0].get(i), re[i]);
      ASSERT_EQ(model.state->state[1].get(i), im[i]);
      ASSERT_EQ(sent[i], spike);
    }
  }
  EXPECT_GT(spikes, 50);
}

// The same program with a skip, with predicates and with selections.
TEST(Machine, SigmaDeltaInThreeForms) {
  const std::string head = "ADD s0, s0, a0; ADD r0, s0, k0; MAX r0, r0, 0; SUB r1, r0, s1;"
                           "MOV s1, r0; ADD s2, s2, r1; ABS r2, s2; ";
  const std::string forms[] = {
      "GE _, r2, k1; SEL r3, s2, 0; SEL s2, 0, s2; SAR r3, r3, 2; SPK 0, r3",
      "GE r4, r2, k1; SKNC 3; SAR r3, s2, 2; MOV s2, 0; SPK 0, r3; HALT",
      "GE r4, r2, k1; MOV r3, 0; ?SAR r3, s2, 2; ?MOV s2, 0; ?SPK 0, r3",
  };
  for (const std::string &form : forms) {
    Model model(300, head + form);
    model.slot(32).slot(32).slot(32).constants({5, 64}).start();
    std::mt19937 random(6);
    std::vector<std::vector<int64_t>> inputs(1, std::vector<int64_t>(300));
    std::vector<int64_t> sigma(300), last(300), residue(300);
    int messages = 0;
    for (int t = 0; t < 100; ++t) {
      randomInput(model, random, t, 100, inputs);
      model.step();
      std::vector<int32_t> sent = model.sent();
      for (uint32_t i = 0; i < 300; ++i) {
        sigma[i] += inputs[0][i];
        int64_t act = std::max<int64_t>(sigma[i] + 5, 0);
        residue[i] += act - last[i];
        last[i] = act;
        int64_t out = 0;
        if (std::abs(residue[i]) >= 64) {
          out = residue[i] >> 2;
          residue[i] = 0;
        }
        messages += out != 0;
        ASSERT_EQ(model.state->state[2].get(i), residue[i]) << form;
        ASSERT_EQ(sent[i], out) << form;
      }
    }
    EXPECT_GT(messages, 500);
  }
}

//===-- Single instructions
//----------------------------------------------------------------------===//

/// One instruction on operands p0 and p1 (32 bits), or s1 and s2 (64 bits), into s0.
std::vector<int64_t> evaluate(const std::string &text, bool wide, const std::vector<int64_t> &a,
                              const std::vector<int64_t> &b) {
  Model model(uint32_t(a.size()), text);
  uint8_t bits = wide ? 64 : 32;
  model.slot(bits).slot(bits).slot(bits);
  model.group.state[1].all = a;
  model.group.state[2].all = b;
  model.start();
  model.step();
  std::vector<int64_t> result;
  for (uint32_t i = 0; i < a.size(); ++i)
    result.push_back(model.state->state[0].get(i));
  return result;
}

std::vector<int64_t> interesting(bool wide, uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> values;
  int top = wide ? 63 : 31;
  for (int i = 0; i < 400; ++i) {
    int64_t value = int64_t(random()) >> (random() % 64);
    switch (random() % 8) {
    case 0:
      value = -(int64_t(uint64_t(1) << (unsigned(top) & 63)) & INT64_MAX) - (wide ? 1 : 0);
      break;
    case 1:
      value = (int64_t(1) << (top - 1)) - 1 + (int64_t(1) << (top - 1));
      break;
    case 2:
      value = int64_t(random() % 5) - 2;
      break;
    }
    values.push_back(wide ? value : rt::wrap<32>(value));
  }
  return values;
}

void expectOp(const std::string &text, bool wide,
              const std::function<int64_t(int64_t, int64_t)> &expected) {
  std::string form = text;
  if (wide)
    form.insert(form.find(' '), ".d");
  std::vector<int64_t> a = interesting(wide, 7), b = interesting(wide, 8);
  std::vector<int64_t> result = evaluate(form, wide, a, b);
  for (size_t i = 0; i < a.size(); ++i) {
    int64_t value = expected(a[i], b[i]);
    ASSERT_EQ(result[i], wide ? value : rt::wrap<32>(value)) << form << " " << a[i] << " " << b[i];
  }
}

TEST(Machine, Arithmetic) {
  for (bool wide : {false, true}) {
    expectOp("ADD s0, s1, s2", wide, [](int64_t x, int64_t y) { return rt::add(x, y); });
    expectOp("SUB s0, s1, s2", wide, [](int64_t x, int64_t y) { return rt::sub(x, y); });
    expectOp("NEG s0, s1", wide, [](int64_t x, int64_t) { return rt::neg(x); });
    expectOp("ABS s0, s1", wide, [](int64_t x, int64_t) { return rt::absInt(x); });
    expectOp("MIN s0, s1, s2", wide, [](int64_t x, int64_t y) { return std::min(x, y); });
    expectOp("MAX s0, s1, s2", wide, [](int64_t x, int64_t y) { return std::max(x, y); });
    expectOp("AND s0, s1, s2", wide, [](int64_t x, int64_t y) { return x & y; });
    expectOp("OR s0, s1, s2", wide, [](int64_t x, int64_t y) { return x | y; });
    expectOp("XOR s0, s1, s2", wide, [](int64_t x, int64_t y) { return x ^ y; });
    expectOp("GT s0, s1, s2", wide, [](int64_t x, int64_t y) { return x > y; });
    expectOp("GE s0, s1, s2", wide, [](int64_t x, int64_t y) { return x >= y; });
    expectOp("LT s0, s1, s2", wide, [](int64_t x, int64_t y) { return x < y; });
    expectOp("EQ s0, s1, s1", wide, [](int64_t, int64_t) { return 1; });
    expectOp("LDI s0, -70000", wide, [](int64_t, int64_t) { return -70000; });
    expectOp("MOV s0, 1", wide, [](int64_t, int64_t) { return 1; });
  }
}

TEST(Machine, Products) {
  for (bool wide : {false, true})
    for (int shift : {0, 1, 12, 31}) {
      std::string text = "MULS s0, s1, s2, " + std::to_string(shift);
      expectOp(text + ", tz", wide, [=](int64_t x, int64_t y) { return rt::mulShr(x, y, shift); });
      __extension__ typedef __int128 Wide;
      auto exact = [=](int64_t x, int64_t y) { return Wide(x) * y; };
      expectOp(text, wide, [=](int64_t x, int64_t y) { return int64_t(exact(x, y) >> shift); });
      expectOp(text + ", near", wide, [=](int64_t x, int64_t y) {
        Wide amount = exact(x, y) < 0 ? -exact(x, y) : exact(x, y);
        amount = (amount + (shift ? Wide(1) << (shift - 1) : 0)) >> shift;
        return int64_t(exact(x, y) < 0 ? -amount : amount);
      });
    }
}

TEST(Machine, Shifts) {
  auto toZero = [](int64_t x, int64_t k) {
    if (k < 0)
      return rt::shr(x, k);
    return x < 0 && x != INT64_MIN ? -rt::shr(-x, k)
           : x < 0                 ? rt::mulShr(x, 1, std::min<int64_t>(k, 100))
                                   : rt::shr(x, k);
  };
  for (bool wide : {false, true})
    for (int imm : {0, 3, 31}) {
      std::string amount = std::to_string(imm);
      expectOp("SHL s0, s1, " + amount, wide, [=](int64_t x, int64_t) { return rt::shl(x, imm); });
      expectOp("SAR s0, s1, " + amount, wide, [=](int64_t x, int64_t) { return rt::shr(x, imm); });
      expectOp("SRZ s0, s1, " + amount, wide, [=](int64_t x, int64_t) { return toZero(x, imm); });
      expectOp("SHL s0, s1, s2+" + amount, wide,
               [=](int64_t x, int64_t k) { return rt::shl(x, rt::add(k, imm)); });
      expectOp("SAR s0, s1, s2+" + amount, wide,
               [=](int64_t x, int64_t k) { return rt::shr(x, rt::add(k, imm)); });
      expectOp("SRZ s0, s1, s2+" + amount, wide,
               [=](int64_t x, int64_t k) { return toZero(x, rt::add(k, imm)); });
    }
}

TEST(Machine, Widths) {
  for (bool wide : {false, true})
    for (int bits : {1, 7, 24, 32, 50, 64}) {
      if (!wide && bits > 32)
        continue;
      int64_t most = int64_t((uint64_t(1) << (bits - 1)) - 1);
      std::string n = std::to_string(bits);
      expectOp("WRAP s0, s1, " + n, wide, [=](int64_t x, int64_t) {
        return int64_t(uint64_t(x) << (64 - bits)) >> (64 - bits);
      });
      expectOp("SAT s0, s1, " + n, wide,
               [=](int64_t x, int64_t) { return std::max(-most - 1, std::min(most, x)); });
      expectOp("SATS s0, s1, " + n, wide,
               [=](int64_t x, int64_t) { return std::max(-most, std::min(most, x)); });
    }
}

TEST(Machine, StoresOfEachMode) {
  struct Case {
    uint8_t bits;
    bool isSigned;
    StoreMode mode;
    int64_t value, stored;
  };
  const Case cases[] = {
      {8, true, StoreMode::Wrap, 200, -56},
      {8, false, StoreMode::Wrap, 300, 44},
      {8, false, StoreMode::Wrap, -1, 255},
      {8, true, StoreMode::Saturate, -300, -128},
      {8, true, StoreMode::SaturateSymmetric, -300, -127},
      {8, true, StoreMode::WrapUp, 128, 128},
      {8, true, StoreMode::WrapUp, -128, 128},
      {8, true, StoreMode::WrapUp, 129, -127},
      {8, true, StoreMode::WrapUp, 511, -1},
      {32, true, StoreMode::WrapUp, int64_t(1) << 30, int64_t(1) << 30},
      {8, false, StoreMode::Saturate, 300, 255},
      {8, false, StoreMode::Saturate, -5, 0},
      {32, false, StoreMode::Wrap, -1, 0xffffffff},
      {1, false, StoreMode::Wrap, 3, 1},
      {40, true, StoreMode::Saturate, int64_t(1) << 45, (int64_t(1) << 39) - 1},
  };
  for (const Case &test : cases) {
    Model model(20, "MOV.d s0, s1");
    model.slot(test.bits, test.mode, test.isSigned).slot(64);
    model.group.state[1].all = {test.value};
    model.start();
    model.step();
    EXPECT_EQ(model.state->state[0].get(19), test.stored) << int(test.bits) << " " << test.value;
  }
}

TEST(Machine, PairsAndWords) {
  // The sum does not fit a word; its low half, its shifted value and a word as a pair.
  Model model(20, "ADD.d r2, p0, p0; MOV s0, r2; SAR.d r4, r2, 4; MOV s1, r4; MOV r6, p0;"
                  "ADD.d s2, r6, r2; GT.d r8, r2, p0; MOV s3, r8");
  model.slot(32).slot(32).slot(64).slot(32);
  model.group.parameters.push_back({"p", 32, true, {{0x70000000}}});
  model.start();
  model.step();
  EXPECT_EQ(model.state->state[0].get(3), int32_t(0xe0000000));
  EXPECT_EQ(model.state->state[1].get(3), 0x0e000000);
  EXPECT_EQ(model.state->state[2].get(3), 3LL * 0x70000000);
  EXPECT_EQ(model.state->state[3].get(3), 1);
}

TEST(Machine, BranchesMaskWhatIsSkipped) {
  // c differs between neurons; both sides send, at different words.
  Model model(40,
              "GT r0, p0, 1; MOV r1, p0; SKNC 2; ADD r1, r1, r1; JMP 1; NEG r1, r1;"
              "LT _, r1, 0; ?ADD r1, r1, 1; SKNC 1; SPK 0, r1; GE _, r1, 0; SKNC 1; SPKA 1, r1");
  model.group.outputs.push_back({"other", 8, true});
  std::vector<int64_t> values;
  for (int i = 0; i < 40; ++i)
    values.push_back(i % 5);
  model.group.parameters.push_back({"p", 8, true, {values}});
  model.start();
  model.step();
  std::vector<int32_t> low = model.sent(0), high = model.sent(1);
  for (int i = 0; i < 40; ++i) {
    int p = i % 5, r = p > 1 ? p + p : -p;
    r += r < 0;
    EXPECT_EQ(low[size_t(i)], r < 0 ? r : 0) << i;
    EXPECT_EQ(high[size_t(i)], r >= 0 ? r : 0) << i;
  }
  EXPECT_EQ(model.state->spikes[1].size(), 40u); // those of zero, too
}

TEST(Machine, TimersStepAndDraws) {
  Model model(300, "MOV s0, step; MOV s1, timers; RND.d s2, 0; RND s3, 0");
  model.slot(32).slot(8, StoreMode::Wrap, false).slot(64).slot(32);
  model.group.timers = {{"a", 3, 1}, {"b", 1, 0}, {"c", 5, 7}};
  model.group.sites.push_back({77, 88});
  model.group.firstElement = 1000;
  model.start();
  model.info.seed = 9;
  for (int t = 1; t < 12; ++t) {
    model.step();
    EXPECT_EQ(model.state->state[0].get(299), t);
    EXPECT_EQ(model.state->state[1].get(0), (t % 3 == 1) + 2);
    int64_t bits = rt::randomBits(rt::randomKey(77, int64_t(9), int64_t(88), int64_t(t)), 1299);
    EXPECT_EQ(model.state->state[2].get(299), bits);
    EXPECT_EQ(model.state->state[3].get(299), int32_t(bits));
  }
  EXPECT_EQ(model.counters.idle, 0u);
}

TEST(Machine, DrawsGoByTheNumbersThatNeuronsHave) {
  Model model(3, "RND s0, 0");
  model.slot(32);
  model.group.sites.push_back({77, 88});
  model.group.elements = {5, 1000, 2};
  model.start();
  model.info.seed = 9;
  model.step();
  auto key = rt::randomKey(77, int64_t(9), int64_t(88), int64_t(1));
  for (uint32_t i = 0; i < 3; ++i)
    EXPECT_EQ(model.state->state[0].get(i),
              int32_t(rt::randomBits(key, uint64_t(model.group.elements[i]))));
}

//===-- Verification
//-----------------------------------------------------------------------------===//

std::string verify(const std::string &text) {
  Model model(1, text);
  model.slot(24).constants({1});
  ProgramFacts facts;
  auto error =
      verifyProgram(model.image.programs[0].words, model.group, model.image.layouts[0], facts);
  return error ? std::to_string(error->word) + ": " + error->message : "";
}

TEST(VerifyProgram, Refuses) {
  EXPECT_EQ(verify("MOV s0, r1"), "0: r1 is read, but not defined on all paths");
  EXPECT_EQ(verify("MOV s1, 0"), "0: operand s1, where the group has 1 state");
  EXPECT_EQ(verify("MOV s0, p0"), "0: operand p0, where the group has 0 parameters");
  EXPECT_EQ(verify("MOV s0, k1"), "0: operand k1, where the group has 1 constant");
  EXPECT_EQ(verify("MOV s0, a1"), "0: operand a1, where the group has 1 accumulator");
  EXPECT_EQ(verify("MOV a0, s0"), "0: a0 cannot be written");
  EXPECT_EQ(verify("SEL s0, s0, 0"), "0: c is read, but not defined on all paths");
  EXPECT_EQ(verify("SPK 1, s0"), "0: output 1, where the group has 1 output");
  EXPECT_EQ(verify("SPK 0, s0; SPK 0, s0"), "1: output 0 is used twice on one path");
  EXPECT_EQ(verify("JMP 2; HALT"), "0: a branch to word 3 of a program of 2");
  EXPECT_EQ(verify("JMP 1; HALT; HALT"), "1: nothing leads to this word");
  EXPECT_EQ(verify("RND s0, 0"), "0: random site 0, where the group has 0 sites");
  EXPECT_EQ(verify("MOV.d r1, s0"), "0: the pair r1 is not at an even register");
  EXPECT_EQ(verify("MOV.d r0, s0; MOV s0, r1"), "1: r1 is read, but is the high half of a pair");
  EXPECT_EQ(verify("MOV.d r0, s0; MOV r1, s0; MOV s0, r0"),
            "2: r0 is read, but not defined on all paths");
  EXPECT_EQ(verify("GT _, s0, 0; ?MOV r0, 1; MOV s0, r0"),
            "1: r0 is written where c holds, but is not defined elsewhere");
  EXPECT_EQ(verify("GT _, s0, 0; SKNC 1; MOV r0, 1; MOV s0, r0"),
            "3: r0 is read, but not defined on all paths");
  EXPECT_EQ(verify("GT _, s0, 0; SKNC 2; MOV r0, 1; JMP 1; MOV.d r0, 1; MOV s0, r0"),
            "5: r0 is read, but not defined on all paths");
}

TEST(VerifyProgram, Accepts) {
  Model model(1, "GT _, s0, 0; SKNC 2; MOV r0, 1; JMP 1; MOV r0, 0; MOV s0, r0; SPK 0, r0");
  model.slot(24);
  ProgramFacts facts;
  auto error =
      verifyProgram(model.image.programs[0].words, model.group, model.image.layouts[0], facts);
  ASSERT_FALSE(error) << error->message;
  EXPECT_EQ(facts.longestPath, 6u);
  EXPECT_EQ(facts.longestWrites, 1u);
  EXPECT_EQ(facts.registers, 1u);
  EXPECT_TRUE(facts.branches);
  EXPECT_FALSE(facts.timed);
}

TEST(VerifyProgram, SizeAndUnknownWords) {
  Group group;
  StateLayout layout;
  ProgramFacts facts;
  EXPECT_EQ(verifyProgram({}, group, layout, facts)->message,
            "a program of 0 words, expected 1 to 4096");
  EXPECT_EQ(verifyProgram({0xffffffff}, group, layout, facts)->message,
            "no instruction has this word");
}
} // namespace
