// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program as the compiler would emit it, by hand: the tests run it in their process, and
// SampleMain.cpp makes an executable of it. It includes only what generated code includes.
//
//   process Cell, instance cell:
//     vars: x: i24[2] = 0, gain: f64 = 1, seen: i16 = 0, inits: i32, hosts: i32
//           pause_at, stop_at, fail_at: i32 (a time step; 0: never), at: i16 (an index)
//     ports: s_out: out u1[2]
//     spk: x += time_step; s_out.send(x % 2 == 1) in odd time steps; assert time_step != fail_at
//     post_mgmt (guard: time_step is even): gain = gain / 2; print
//   and the other process adds 100 to `seen` in post_mgmt, after its owner has added 1 and it was
//   probed
#ifndef BASALT_TEST_UNIT_RUNTIME_SAMPLE_H
#define BASALT_TEST_UNIT_RUNTIME_SAMPLE_H

#include "runtime/native/Generated.h"

namespace sample {

namespace rt = basalt::rt;

inline const rt::Site kAssert = {"net.yaml", 12, 5, "cell"};
inline const rt::Site kIndex = {"net.yaml", 14, 9, "cell"};

struct Net {
  rt::Array<int32_t, 2> x;
  rt::Array<double, 1> gain;
  rt::Array<int16_t, 1> seen;
  rt::Array<int32_t, 1> inits, hosts, pauseAt, stopAt, failAt;
  rt::Array<int16_t, 1> at;
  rt::Array<uint8_t, 2> s;
  rt::StateInfo states[9];
  rt::PortInfo ports[1];

  void init(rt::Context &ctx) { inits[0] += 1 + int32_t(ctx.timeStep); }

  void spk(rt::Context &ctx) {
    for (int i = 0; i < 2; ++i)
      x[i] = int32_t(rt::wrap<24>(rt::add(x[i], ctx.timeStep)));
    if (ctx.timeStep % 2) {
      for (int i = 0; i < 2; ++i)
        s[i] = uint8_t(rt::mask<1>(x[i]));
      rt::recordPort(ctx, 0, s);
    }
    rt::check(ctx, ctx.timeStep != failAt[0], kAssert, "the step is not 'fail_at'");
    x[rt::index(ctx, at[0], 2, kIndex)] += 0;
    if (ctx.timeStep == pauseAt[0])
      rt::pause(ctx);
    if (ctx.timeStep == stopAt[0])
      rt::stop(ctx);
  }

  static bool postGuard(rt::Context &ctx) { return ctx.timeStep % 2 == 0; }

  void postManagement(rt::Context &ctx) {
    bool guard = postGuard(ctx);
    if (guard) {
      gain[0] = gain[0] / 2;
      seen[0] = int16_t(rt::wrap<16>(rt::add(seen[0], 1)));
    }
    rt::recordState(ctx, 2);
    if (guard) {
      seen[0] = int16_t(rt::wrap<16>(rt::add(seen[0], 100)));
      rt::print(ctx, "x: {} gain: {} at: {}", rt::view<int32_t>(x, 2), rt::scalar(gain[0]),
                rt::scalar(ctx.timeStep));
    }
  }
};

inline size_t states(void *object, const rt::StateInfo **infos) {
  static const int64_t two[] = {2}, one[] = {1};
  auto &net = *static_cast<Net *>(object);
  const rt::Element i32 = {rt::Kind::Signed, 32}, i16 = {rt::Kind::Signed, 16};
  const rt::StateInfo table[] = {
      {"cell.x", {rt::Kind::Signed, 24}, 1, two, net.x, false},
      {"cell.gain", {rt::Kind::Float, 64}, 0, nullptr, net.gain, false},
      {"cell.seen", i16, 1, one, net.seen, true},
      {"cell.inits", i32, 0, nullptr, net.inits, false},
      {"cell.hosts", i32, 0, nullptr, net.hosts, false},
      {"cell.pause_at", i32, 0, nullptr, net.pauseAt, false},
      {"cell.stop_at", i32, 0, nullptr, net.stopAt, false},
      {"cell.fail_at", i32, 0, nullptr, net.failAt, false},
      {"cell.at", i16, 0, nullptr, net.at, false},
  };
  for (size_t i = 0; i < 9; ++i)
    net.states[i] = table[i];
  *infos = net.states;
  return 9;
}

inline size_t ports(void *object, const rt::PortInfo **infos) {
  static const int64_t two[] = {2};
  auto &net = *static_cast<Net *>(object);
  net.ports[0] = {"cell.s_out", {rt::Kind::Unsigned, 1}, 1, two};
  *infos = net.ports;
  return 1;
}

template <void (Net::*Method)(rt::Context &)> void call(void *object, rt::Context &ctx) {
  (static_cast<Net *>(object)->*Method)(ctx);
}

inline const rt::AliasInfo kAliases[] = {{"outer.x", "cell.x"}};

/// By names, so that a new field of the contract is one that this program has nothing for.
inline rt::Program makeProgram() {
  rt::Program result = {};
  result.contractVersion = rt::kContractVersion;
  result.name = "net";
  result.create = rt::createObject<Net>;
  result.destroy = rt::destroyObject<Net>;
  result.size = sizeof(Net);
  result.states = states;
  result.ports = ports;
  result.aliases = kAliases;
  result.aliasCount = 1;
  result.init = call<&Net::init>;
  result.spk = call<&Net::spk>;
  result.guardsBeforePost = [](void *, rt::Context &ctx) -> uint32_t {
    return Net::postGuard(ctx) ? rt::kPostManagement : 0;
  };
  result.postManagement = call<&Net::postManagement>;
  result.host = [](void *object, rt::Context &) { static_cast<Net *>(object)->hosts[0] += 1; };
  return result;
}

inline const rt::Program kProgram = makeProgram();

} // namespace sample

#endif // BASALT_TEST_UNIT_RUNTIME_SAMPLE_H
