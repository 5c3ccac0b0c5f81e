// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images that run: against a model written out here, over different numbers of cores and threads,
// and with embedded processes that reach into neurons.
#include "runtime/neurocore/Emulator.h"
#include "FakeCpu.h"
#include "TestImages.h"
#include "runtime/native/Arithmetic.h"
#include "runtime/native/Error.h"
#include "runtime/native/Npy.h"
#include "runtime/native/Run.h"
#include "runtime/neurocore/ImageFile.h"
#include "runtime/neurocore/Synapses.h"
#include "runtime/neurocore/Verify.h"

#include <gtest/gtest.h>

using namespace basalt;
using namespace basalt::nc;
using namespace basalt::nc::test;

namespace {
//===-- Against a model
//--------------------------------------------------------------------------===//

/// The network of TestImages, step by step and without cores.
class Reference {
public:
  explicit Reference(const LifNet &net) : net(net) {
    for (const LifNet::Layer &layer : net.layers) {
      u.push_back(layer.u);
      v.push_back(layer.v);
      input.emplace_back(layer.count * 8, 0); // by step mod 8
      spikes.emplace_back(layer.count, 0);
      vth.push_back(layer.vth);
    }
  }
  void step() {
    ++time;
    for (size_t k = 0; k < net.layers.size(); ++k) {
      const LifNet::Layer &layer = net.layers[k];
      for (uint32_t i = 0; i < layer.count; ++i) {
        int64_t &a = input[k][size_t(time % 8) * layer.count + i];
        u[k][i] = rt::wrap<24>(rt::mulShr(u[k][i], 4096 - (layer.du + 1), 12) + a * 64);
        v[k][i] = rt::mulShr(v[k][i], 4096 - layer.dv, 12) + u[k][i] + layer.bias[i];
        v[k][i] = std::max<int64_t>(-8388607, std::min<int64_t>(8388607, v[k][i]));
        spikes[k][i] = v[k][i] > vth[k] * 64;
        if (spikes[k][i])
          v[k][i] = 0;
        a = 0;
      }
    }
    for (const LifNet::Connection &connection : net.connections) {
      uint32_t sources = net.layers[connection.from].count,
               targets = net.layers[connection.to].count;
      for (uint32_t i = 0; i < targets; ++i)
        for (uint32_t j = 0; j < sources; ++j) {
          size_t at = size_t(i) * sources + j;
          int64_t delay = connection.delays.empty() ? 0 : connection.delays[at];
          if (spikes[connection.from][j])
            input[connection.to][size_t((time + 1 + delay) % 8) * targets + i] +=
                connection.weights[at];
        }
    }
  }
  const LifNet &net;
  int64_t time = 0;
  std::vector<std::vector<int64_t>> u, v, input, spikes;
  std::vector<int64_t> vth;
};

size_t stateOf(rt::Simulation &simulation, const std::string &name) {
  for (size_t i = 0; i < simulation.states().size(); ++i)
    if (simulation.states()[i].name == name)
      return i;
  ADD_FAILURE() << name;
  return 0;
}

std::vector<int64_t> valuesOf(rt::Simulation &simulation, const std::string &name) {
  size_t index = stateOf(simulation, name);
  simulation.refresh(index);
  const rt::StateInfo &state = simulation.states()[index];
  size_t count = 1;
  for (uint8_t i = 0; i < state.rank; ++i)
    count *= size_t(state.shape[i]);
  const auto *data = static_cast<const int32_t *>(state.data);
  return {data, data + count};
}

void setTo(rt::Simulation &simulation, const std::string &name, size_t element, int32_t value) {
  size_t index = stateOf(simulation, name);
  simulation.refresh(index);
  static_cast<int32_t *>(simulation.states()[index].data)[element] = value;
  simulation.written(index);
}

TEST(Emulator, EqualsTheModel) {
  for (bool delays : {false, true})
    for (unsigned cores : {1u, 3u, 16u})
      for (unsigned threads : {1u, 3u}) {
        LifNet net = randomNet(70, 30, delays, 5);
        Image image = net.build(cores);
        ASSERT_EQ(verifyImage(image), "");
        Emulator emulator(image, threads);
        Reference reference(net);
        rt::Context ctx;
        emulator.init(ctx);
        uint64_t spikes = 0;
        for (int t = 0; t < 60; ++t) {
          if (t == 30) { // between stages
            setTo(emulator, "one.vth", 0, 7);
            reference.vth[0] = 7;
            setTo(emulator, "two.v", 3, -777);
            reference.v[1][3] = -777;
          }
          emulator.steps(ctx, 1);
          reference.step();
          for (unsigned k : {0u, 1u}) {
            std::string name = k == 0 ? "one" : "two";
            ASSERT_EQ(valuesOf(emulator, name + ".u"), reference.u[k]) << t;
            ASSERT_EQ(valuesOf(emulator, name + ".v"), reference.v[k]) << t;
            std::vector<int64_t> next(net.layers[k].count);
            for (size_t i = 0; i < next.size(); ++i)
              next[i] = reference.input[k][size_t((reference.time + 1) % 8) * next.size() + i];
            ASSERT_EQ(valuesOf(emulator, name + ".a_in"), next) << t;
            for (int64_t spike : reference.spikes[k])
              spikes += uint64_t(spike);
          }
        }
        Counters all;
        for (unsigned i = 0; i < cores; ++i)
          all.add(emulator.countersOf(i));
        EXPECT_EQ(all.spikes, spikes);
        EXPECT_GT(all.spikes, 500u);
        EXPECT_GT(all.synapses, 10000u);
      }
}

TEST(Emulator, WeightsAreRead) {
  LifNet net = randomNet(20, 10, false, 2);
  Image image = net.build(3);
  Emulator emulator(image);
  std::vector<int64_t> weights = valuesOf(emulator, "forth.weights");
  EXPECT_EQ(weights, std::vector<int64_t>(net.connections[0].weights.begin(),
                                          net.connections[0].weights.end()));
  setTo(emulator, "forth.weights", 57, -128);
  EXPECT_EQ(valuesOf(emulator, "forth.weights")[57], -128);
  try {
    setTo(emulator, "forth.weights", 57, 128);
    FAIL();
  } catch (const rt::InputError &error) {
    EXPECT_STREQ(error.what(), "cannot set 'forth.weights': synapses hold -128 to 127, not 128");
  }
}

TEST(Emulator, TransformsOfConstants) {
  Image image = randomNet(20, 10, false, 2).build(3);
  Emulator emulator(image);
  EXPECT_EQ(valuesOf(emulator, "one.vth"), std::vector<int64_t>{20});
  EXPECT_EQ(valuesOf(emulator, "one.du"), std::vector<int64_t>{1000});
  setTo(emulator, "one.du", 0, 4095);
  EXPECT_EQ(valuesOf(emulator, "one.du"), std::vector<int64_t>{4095});
}

TEST(Emulator, RunOptionsAreThoseOfASimulator) {
  Image image = randomNet(20, 10, false, 2).build(3);
  Emulator emulator(image);
  rt::RunOptions options;
  options.stages = rt::parseStages("4; set one.vth=1; 3");
  options.out = testing::TempDir() + "emulator";
  options.probes = {"one.v", "one.s_out", "two.a_in@spk"};
  options.gets = {"forth.weights"};
  options.sets = {{"two.u", "5"}};
  rt::StringOutput output;
  rt::execute(emulator, options, output);
  rt::NpyArray v = rt::readNpy(*options.out + "/one.v.npy", 1 << 20);
  EXPECT_EQ(v.shape, (std::vector<int64_t>{7, 20}));
  rt::NpyArray spikes = rt::readNpy(*options.out + "/one.s_out.npy", 1 << 20);
  int64_t count = 0;
  for (size_t i = 0; i < spikes.size(); ++i)
    count += spikes.intAt(i);
  EXPECT_GT(count, 0);
}

//===-- Embedded processes
//-----------------------------------------------------------------------===//

/// A network with one embedded program that may do everything.
Image withProgram(Image image) {
  EmbeddedProgram program;
  program.name = "cpu";
  program.memoryBytes = 4096;
  program.fuel = 1000;
  for (uint32_t i = 0; i < image.vars.size(); ++i) {
    program.reads.push_back(i);
    program.writes.push_back(i);
  }
  for (uint32_t i = 0; i < image.injectors.size(); ++i)
    program.injectors.push_back(i);
  image.embedded.push_back(program);
  image.processes.push_back({"writer", 0});
  image.files.push_back("net.yaml");
  image.sites.push_back({{0, 12, 5}, 0});
  return image;
}

TEST(Emulator, RemoteMemoryInManagement) {
  Image image = withProgram(randomNet(20, 10, false, 2).build(3));
  uint32_t v = 0, vth = 0;
  for (uint32_t i = 0; i < image.vars.size(); ++i) {
    v = image.vars[i].name == "one.v" ? i : v;
    vth = image.vars[i].name == "one.vth" ? i : vth;
  }
  image.processes[0].guards = rt::kPostManagement;
  image.calls = {{EntryPhase::PostManagement, 0, 0, 1}};
  ASSERT_EQ(verifyImage(image), "");
  fakeFunctions()[1] = [&](Environment &env, EmbeddedCpu &) {
    std::vector<int64_t> values(20), part(3);
    EXPECT_TRUE(env.readVar(v, 0, 1, 20, values.data()));
    EXPECT_TRUE(env.readVar(v, 17, -7, 3, part.data()));
    EXPECT_EQ(part, (std::vector<int64_t>{values[17], values[10], values[3]}));
    int64_t five = 5, back = 0;
    EXPECT_TRUE(env.writeVar(v, 13, 1, 1, &five));
    EXPECT_TRUE(env.addToVar(v, 13, 1, 1, &five));
    EXPECT_TRUE(env.readVar(v, 13, 1, 1, &back));
    EXPECT_EQ(back, 10);
    EXPECT_TRUE(env.writeVar(vth, 0, 1, 1, &five));
    EXPECT_FALSE(env.readVar(v, 18, 1, 3, part.data()));
    EXPECT_EQ(env.reason(),
              "3 elements from 18 on, by steps of 1, are not in 'one.v', which has 20");
    EXPECT_FALSE(env.readVar(99, 0, 1, 1, part.data()));
    EXPECT_EQ(env.reason(), "it may not read Var 99");
    EXPECT_FALSE(env.inject(0, 0, 1, &five));
    EXPECT_EQ(env.reason(), "it may not send through injector 0");
    rt::View view = rt::scalar(env.timeStep());
    env.print("step {}", &view, 1);
    return 0;
  };
  Emulator emulator(image);
  rt::RunOptions options;
  options.stages = rt::parseStages("2");
  options.out = testing::TempDir() + "emulator";
  options.probes = {"one.v", "one.v@post_mgmt"};
  rt::StringOutput output;
  rt::execute(emulator, options, output);
  EXPECT_EQ(output.text(), "step 1\nstep 2\n");
  // The default probe is before others write.
  rt::NpyArray before = rt::readNpy(*options.out + "/one.v.npy", 1 << 20);
  rt::NpyArray after = rt::readNpy(*options.out + "/one.v@post_mgmt.npy", 1 << 20);
  EXPECT_NE(before.intAt(13), 10);
  EXPECT_EQ(after.intAt(13), 10);
  EXPECT_EQ(valuesOf(emulator, "one.vth"), std::vector<int64_t>{5});
}

TEST(Emulator, PhasesAndGuards) {
  Image image = withProgram(randomNet(20, 10, false, 2).build(1));
  image.processes.push_back({"other", rt::kLearn | rt::kPreManagement});
  std::string trace;
  for (unsigned phase = 0; phase < kEntryPhases; ++phase) {
    image.calls.push_back({EntryPhase(phase), 0, 0, 100 + phase});
    fakeFunctions()[100 + phase] = [&trace, phase](Environment &env, EmbeddedCpu &) {
      trace += char('a' + phase);
      bool isOdd = env.timeStep() % 2 != 0;
      return int64_t(isOdd); // of guards
    };
  }
  ASSERT_EQ(verifyImage(image), "");
  Emulator emulator(image);
  rt::Context ctx;
  emulator.init(ctx);
  emulator.steps(ctx, 2);
  emulator.host(ctx);
  // a init, b spk before, c spk after, d e guards, f pre, g learn, h guard, i post, j host
  EXPECT_EQ(trace, "a"
                   "bcdefghi"
                   "bcdeh"
                   "j");
}

TEST(Emulator, ChannelsPausesAndErrors) {
  Image image = withProgram(randomNet(20, 10, false, 2).build(1));
  image.embedded.push_back(image.embedded[0]);
  image.embedded[1].cpu = 1;
  for (EmbeddedProgram &program : image.embedded)
    program.channels = {0};
  image.channels.push_back({"queue", 2, rt::Kind::Signed, 8, {2}, 0, 1});
  image.calls = {{EntryPhase::SpkAfter, 0, 1, 3},
                 {EntryPhase::SpkAfter, 0, 0, 2},
                 {EntryPhase::SpkAfter, 0, 1, 4}};
  ASSERT_EQ(verifyImage(image), "");
  fakeFunctions()[3] = [&](Environment &env, EmbeddedCpu &) -> int64_t {
    int64_t got[2] = {};
    EXPECT_FALSE(env.channelReceive(0, got, 2));
    EXPECT_EQ(env.reason(), "the channel 'queue' is empty");
    EXPECT_FALSE(env.channelSend(0, got, 2));
    EXPECT_EQ(env.reason(), "it may not send through 'queue', which is the other way round");
    return 0;
  };
  fakeFunctions()[2] = [&](Environment &env, EmbeddedCpu &) -> int64_t {
    int64_t message[2] = {255, env.timeStep()};
    EXPECT_TRUE(env.channelSend(0, message, 2));
    EXPECT_TRUE(env.channelSend(0, message, 2));
    EXPECT_FALSE(env.channelSend(0, message, 2));
    EXPECT_EQ(env.reason(), "the channel 'queue' is full");
    EXPECT_FALSE(env.channelSend(0, message, 1));
    EXPECT_EQ(env.reason(), "a message of 1 elements, where those of 'queue' have 2");
    EXPECT_FALSE(env.channelSend(1, message, 2));
    EXPECT_EQ(env.reason(), "it may not use channel 1");
    EXPECT_EQ(env.channelProbe(0), 2);
    EXPECT_FALSE(env.channelReceive(0, message, 2));
    EXPECT_EQ(env.reason(), "it may not receive through 'queue', which is the other way round");
    return 0;
  };
  fakeFunctions()[4] = [&](Environment &env, EmbeddedCpu &) -> int64_t {
    int64_t got[2] = {};
    EXPECT_TRUE(env.channelReceive(0, got, 2));
    EXPECT_TRUE(env.channelReceive(0, got, 2));
    EXPECT_EQ(got[0], -1); // in 8 bits
    EXPECT_EQ(got[1], env.timeStep());
    if (env.timeStep() == 3)
      env.pause();
    if (env.timeStep() == 5)
      env.failAssertion(0, "five");
    return 0;
  };
  Emulator emulator(image);
  rt::Context ctx;
  emulator.steps(ctx, 10);
  EXPECT_EQ(ctx.timeStep, 3);
  ctx.pauseRequested = false;
  try {
    emulator.steps(ctx, 10);
    FAIL();
  } catch (const rt::RunError &error) {
    EXPECT_STREQ(error.what(), "net.yaml:12:5: error: assertion failed: five (instance 'writer', "
                               "time step 5)");
  }
}

//===-- A recorded case
//--------------------------------------------------------------------------===//

std::vector<int64_t> integers(const std::string &name) {
  rt::NpyArray array = rt::readNpy(std::string(BASALT_TEST_FOLDER) +
                                       "/../../conformance/cases/lif_fixed_dense/" + name + ".npy",
                                   1 << 20);
  std::vector<int64_t> values;
  for (size_t i = 0; i < array.size(); ++i)
    values.push_back(array.kind == 'f' ? int64_t(array.floatAt(i)) : array.intAt(i));
  return values;
}

/// The bits that Loihi's weights lose (lib/dense.yaml), with a sign: the lowest one.
std::vector<int64_t> loihiWeights(std::vector<int64_t> weights) {
  bool isMixed = *std::min_element(weights.begin(), weights.end()) < 0 &&
                 *std::max_element(weights.begin(), weights.end()) > 0;
  for (int64_t &weight : weights)
    if (isMixed)
      weight = weight >> 1 << 1;
  return weights;
}

TEST(Emulator, RecordedCaseOfLava) {
  rt::NpyArray data = rt::readNpy(std::string(BASALT_TEST_FOLDER) +
                                      "/../../conformance/cases/lif_fixed_dense/param.src.data.npy",
                                  1 << 20);
  std::vector<int64_t> source = integers("param.src.data");
  uint32_t sources = uint32_t(data.shape[0]), columns = uint32_t(data.shape[1]);
  std::vector<int64_t> weights = loihiWeights(integers("param.dense.weights"));
  for (unsigned cores : {1u, 3u}) {
    LifNet net;
    LifNet::Layer layer;
    layer.name = "lif";
    layer.count = 4;
    layer.du = 3652;
    layer.dv = 742;
    layer.vth = 169;
    layer.u = integers("param.lif.u");
    layer.v = integers("param.lif.v");
    std::vector<int64_t> mantissa = integers("param.lif.bias_mant");
    std::vector<int64_t> exponent = integers("param.lif.bias_exp");
    for (size_t i = 0; i < 4; ++i)
      layer.bias.push_back(rt::shift(mantissa[i], exponent[i]));
    net.layers = {layer};
    Image image = net.build(cores);
    // Dense from the injector, and the source as an embedded process.
    Injector injector{"src.s_out", sources, 16, true, {}};
    for (uint32_t k = 0; k < image.cores.size(); ++k) {
      Core &core = image.cores[k];
      if (core.groups.empty())
        continue;
      SynapseFormat format;
      format.kind = SynapseKind::Dense;
      format.weightBits = 9;
      format.indexBits = 4;
      core.formats.push_back(format);
      injector.axons.push_back({0, 0, AxonKind::Discrete, 0, sources, k, 0});
      for (uint32_t j = 0; j < sources; ++j) {
        std::vector<Synapse> entries;
        for (uint32_t i = 0; i < core.groups[0].count; ++i)
          entries.push_back(
              {i, int32_t(weights[(core.groups[0].firstElement + i) * sources + j]), 0});
        ListPlace place = packList(format, 0, entries, core.synapses);
        core.inAxons.push_back({place.word, place.words, 0, 0, 0, 0});
      }
    }
    image.injectors.push_back(injector);
    image = withProgram(image);
    image.calls = {{EntryPhase::Init, 0, 0, 4}, {EntryPhase::SpkBefore, 0, 0, 3}};
    fakeFunctions()[4] = [](Environment &env, EmbeddedCpu &) -> int64_t {
      int64_t one = 1;
      EXPECT_FALSE(env.inject(0, 0, 1, &one));
      EXPECT_EQ(env.reason(), "messages are sent in spk only");
      return 0;
    };
    fakeFunctions()[3] = [&](Environment &env, EmbeddedCpu &) -> int64_t {
      std::vector<int64_t> column(sources);
      for (uint32_t j = 0; j < sources; ++j)
        column[j] = source[j * columns + size_t(env.timeStep() - 1) % columns];
      EXPECT_TRUE(env.inject(0, 0, sources, column.data()));
      EXPECT_FALSE(env.inject(0, 1, sources, column.data()));
      EXPECT_EQ(env.reason(), std::to_string(sources) +
                                  " sources from 1 on are not in 'src.s_out', "
                                  "which has " +
                                  std::to_string(sources));
      return 0;
    };
    std::string bytes = imageBytes(image);
    Image loaded;
    ASSERT_EQ(readImage(bytes, loaded), "");
    Emulator emulator(loaded, cores);
    rt::RunOptions options;
    options.stages = rt::parseStages("40");
    options.out = testing::TempDir() + "emulator";
    options.probes = {"lif.u", "lif.v", "lif.s_out"};
    rt::StringOutput output;
    rt::execute(emulator, options, output);
    for (const char *name : {"lif.u", "lif.v", "lif.s_out"}) {
      rt::NpyArray array = rt::readNpy(*options.out + "/" + name + ".npy", 1 << 20);
      std::vector<int64_t> expected = integers(name);
      ASSERT_EQ(array.size(), expected.size());
      for (size_t i = 0; i < expected.size(); ++i)
        ASSERT_EQ(array.intAt(i), expected[i]) << name << " " << i;
    }
  }
}
} // namespace
