// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Networks compiled to RV64IM and run beside the reference interpreter: same text, same states.
#include "Machine.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/interpret/Interpreter.h"
#include "compiler/neurocore/embedded/Disassemble.h"
#include "compiler/neurocore/embedded/Embedded.h"
#include "compiler/pipeline/Register.h"
#include "compiler/pipeline/RunStages.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Output.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstring>
#include <gtest/gtest.h>
#include <set>

using namespace basalt;
using namespace basalt::neurocore;

namespace {

/// Compiles and interprets one network, all of whose processes are embedded.
class Network {
public:
  explicit Network(llvm::StringRef yaml, bool interpreted = true) : Network() {
    sources.addBuffer("net.yaml", yaml);
    frontend::RunDefaults defaults;
    auto imported = frontend::importYaml(sources, "net.yaml", &context, {}, defaults);
    EXPECT_TRUE(succeeded(imported)) << (errors.empty() ? "" : errors.front());
    if (failed(imported))
      return;
    resolved = std::move(*imported);
    advance(*resolved, Stage::Proc, Stage::Resolved);
    optimized = mlir::cast<mlir::ModuleOp>(resolved.get()->clone());
    advance(*optimized, Stage::Resolved, Stage::Optimized);
    if (interpreted)
      interpreter = std::move(*interp::Interpreter::create(*resolved));
  }

  /// Of a program that is given as IR of the stage `step`.
  static std::unique_ptr<Network> ofProgram(llvm::StringRef ir) {
    auto network = std::unique_ptr<Network>(new Network);
    network->optimized = mlir::parseSourceString<mlir::ModuleOp>(ir, &network->context);
    EXPECT_TRUE(network->optimized) << ir.str();
    return network;
  }

  bool compile(const EmbeddedOptions &options = {}) {
    auto compiled = compileEmbedded(*optimized, options);
    if (failed(compiled))
      return false;
    object = std::move(*compiled);
    return true;
  }

  nc::EmbeddedProgram program() const {
    nc::EmbeddedProgram program;
    program.name = "net";
    program.object = object.bytes;
    program.memoryBytes = object.memoryBytes;
    program.fuel = 1000000;
    return program;
  }

  uint32_t entry(llvm::StringRef phase, llvm::StringRef instance) const {
    for (const EmbeddedEntry &entry : object.entries)
      if (phase == entry.phase && instance == entry.instance)
        return entry.address;
    return 0;
  }

  mlir::MLIRContext context;
  std::vector<std::string> errors;
  SourceFiles sources;
  mlir::OwningOpRef<mlir::ModuleOp> resolved, optimized;
  std::unique_ptr<interp::Interpreter> interpreter;
  EmbeddedObject object;

private:
  Network() : context(dialects()) {
    context.loadAllAvailableDialects();
    listen();
  }

  void listen() {
    handler.emplace(&context, [this](mlir::Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
        errors.push_back(diagnostic.str());
    });
  }

  static mlir::DialectRegistry dialects() {
    mlir::DialectRegistry registry;
    registerAllDialects(registry);
    return registry;
  }
  void advance(mlir::ModuleOp module, Stage from, Stage to) {
    StagesResult result = runStages(module, from, to, {}, {});
    EXPECT_EQ(result.outcome, Outcome::Done) << (errors.empty() ? "" : errors.front());
  }

  std::optional<mlir::ScopedDiagnosticHandler> handler;
};

/// Runs the calls of a time step as the emulator does.
struct EmbeddedRun {
  EmbeddedRun(const Network &network, nc::Machine &machine)
      : network(network), machine(machine), cpu(network.program()) {}

  void step() {
    ++machine.step;
    callAll("spk");
    std::set<std::string> learn = admitted("lrn_guard", "lrn"),
                          before = admitted("pre_guard", "pre_mgmt");
    bool anyBoth = llvm::any_of(
        before, [&](const std::string &instance) { return learn.count(instance) != 0; });
    if (anyBoth)
      call("pre_mgmt", before);
    call("lrn", learn);
    call("post_mgmt", admitted("post_guard", "post_mgmt"));
  }

  /// The instances whose guard holds, or that have no guard but a task.
  std::set<std::string> admitted(llvm::StringRef guard, llvm::StringRef phase) {
    std::set<std::string> result;
    for (const EmbeddedEntry &entry : network.object.entries) {
      bool isGuard = guard == entry.phase;
      bool isFree = phase == entry.phase && network.entry(guard, entry.instance) == 0;
      if (isFree || (isGuard && cpu.call(entry.address, machine) != 0))
        result.insert(entry.instance);
    }
    return result;
  }

  void call(llvm::StringRef phase, const std::set<std::string> &instances) {
    for (const EmbeddedEntry &entry : network.object.entries)
      if (phase == entry.phase && instances.count(entry.instance) != 0)
        cpu.call(entry.address, machine);
  }

  void callAll(llvm::StringRef phase) {
    for (const EmbeddedEntry &entry : network.object.entries)
      if (phase == entry.phase)
        cpu.call(entry.address, machine);
  }

  const Network &network;
  nc::Machine &machine;
  nc::Rv64Cpu cpu;
};

/// Runs both for `steps` and compares what they print and all states; returns the text.
std::string compare(llvm::StringRef yaml, int64_t steps) {
  Network network(yaml);
  if (!network.interpreter || !network.compile()) {
    ADD_FAILURE() << (network.errors.empty() ? "" : network.errors.front());
    return "";
  }
  rt::StringOutput output;
  rt::Context ctx;
  ctx.output = &output;
  nc::Machine machine;
  EmbeddedRun embedded(network, machine);
  network.interpreter->init(ctx);
  embedded.callAll("init");
  for (int64_t step = 1; step <= steps; ++step) {
    ctx.timeStep = step;
    network.interpreter->step(ctx);
    embedded.step();
    auto states = network.interpreter->states();
    for (const rt::StateInfo &state : states) {
      for (const EmbeddedState &other : network.object.states) {
        if (other.name != state.name || other.transposed)
          continue;
        size_t count = rt::elementCount(state.rank, state.shape);
        EXPECT_EQ(other.elementBytes, rt::storageSize(state.element));
        EXPECT_EQ(std::memcmp(state.data, embedded.cpu.memory() + other.address,
                              count * other.elementBytes),
                  0)
            << state.name << " after step " << step;
      }
    }
  }
  EXPECT_EQ(machine.printed, output.text());
  return output.text();
}

std::string network(const std::string &members) {
  return "basalt: 1\nprocesses:\n  P:\n" + members + "network:\n  instances: {p: P}\n";
}

} // namespace

TEST(Program, RemoteMemory) {
  Network network(R"(basalt: 1
processes:
  P1:
    ports:
      ref: ref i32[1]
    models:
      - phases:
          post_mgmt: |
            let value = ref.read()
            print("Value of var: {} at time step: {}", value, time_step)
            ref.write(value + time_step)
  P2:
    vars:
      var: i32[1] = 5
network:
  instances: {proc1: P1, proc2: P2}
  connections:
    - proc1.ref -> proc2.var
)");
  EmbeddedOptions options;
  options.remotes.insert("proc2.var");
  options.numberOf = [](ExternalKind kind, llvm::StringRef name) {
    EXPECT_TRUE(kind == ExternalKind::Var && name == "proc2.var");
    return 3U;
  };
  ASSERT_TRUE(network.compile(options));
  EXPECT_EQ(network.object.reads, std::vector<std::string>{"proc2.var"});
  EXPECT_EQ(network.object.writes, std::vector<std::string>{"proc2.var"});
  EXPECT_TRUE(network.object.states.empty());
  ASSERT_EQ(network.object.entries.size(), 1U);
  nc::Machine machine;
  machine.vars.resize(4);
  machine.vars[3] = {5};
  EmbeddedRun run(network, machine);
  for (int64_t step = 1; step <= 5; ++step)
    run.step();
  EXPECT_EQ(machine.printed, "Value of var: [5] at time step: 1\n"
                             "Value of var: [6] at time step: 2\n"
                             "Value of var: [8] at time step: 3\n"
                             "Value of var: [11] at time step: 4\n"
                             "Value of var: [15] at time step: 5\n");
  EXPECT_EQ(machine.vars[3], std::vector<int64_t>{20});
  // Where code is from, for errors and disassembly.
  nc::LineTable lines = nc::readLines(
      {reinterpret_cast<const char *>(network.object.bytes.data()), network.object.bytes.size()});
  EXPECT_EQ(lines.files, std::vector<std::string>{"net.yaml"});
  std::vector<bool> found(12);
  for (const nc::LineRow &row : lines.rows)
    if (row.line < found.size())
      found[row.line] = true;
  EXPECT_TRUE(found[9] && found[10] && found[11]);
}

TEST(Program, Arithmetic) {
  std::string text = compare(network(R"(
    vars:
      a: i64[8] = [0, 1, -1, 7, -7, 9223372036854775807, -9223372036854775808, 12345]
      b: i64[8] = [3, 0, -1, -2, 5, 2, -1, 63]
      n: i24[8] = [1, 2, 3, -8388608, 8388607, -5, 6, 7]
      u: u8[8] = [255, 254, 3, 4, 5, 128, 127, 0]
      t: bool[8] = [true, false, true, true, false, false, true, false]
      s: u1[4] = [1, 0, 1, 1]
      q: i64[8] = 0
      x: i64 = 3
    models:
      - phases:
          spk: |
            q = a // b
            q += a % b
            q += (a << 3) + (a >> b) + mulshr(a, b, 7)
            q ^= abs(a) + sign(b) + min(a, b) * max(a, b)
            n = n * 3 + u
            u = u + 200
            t = a > b + time_step
            s = 1 - s
            x = x ** 3 + n[3] - u[time_step % 8]
            a = where(t, q + 1, a - x)
          post_mgmt: |
            print("{} {} {} {} {} {} {}", a, b, n, u, t, s, x)
            print("{} {}", q, sum(n))
)"),
                             6);
  EXPECT_FALSE(text.empty());
}

TEST(Program, ControlAndShapes) {
  compare(network(R"(
    vars:
      m: i32[3, 4] = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
      v: i16[4] = [1, -1, 2, -2]
      w: i64[3] = 0
      k: i64 = 0
    models:
      - phases:
          spk: |
            w = m @ v
            if time_step % 3 == 0 {
              m[1, 2] = k
              print("set {}", m[1])
            } else {
              v[time_step % 4] += 5
            }
            for i in range(0, 3) {
              k += w[i] * i
              m[i, 3] = k
            }
            print("{} {} {}", w, k, m)
            if k > 100000 { k = k % 1000 - 500 }
)"),
          12);
}

TEST(Program, SeveralProcessesGuardsAndRemotes) {
  compare(R"(basalt: 1
processes:
  Counter:
    vars:
      count: i32[2] = [0, 10]
    models:
      - phases:
          spk: count += 1
          post_mgmt: count *= 2
  Reader:
    params: {interval: 1}
    vars:
      seen: i32[2] = 0
    ports:
      ref: ref i32[2]
    models:
      - phases:
          post_guard: time_step % interval == 0
          post_mgmt: |
            seen = ref.read()
            ref.write(seen - time_step)
            print("{} at {}", seen, time_step)
network:
  instances:
    r1: Reader
    r2: {class: Reader, interval: 2}
    c: Counter
  connections:
    - r1.ref -> c.count
    - r2.ref -> c.count
)",
          7);
}

/// Networks of the end-to-end tests that compute with integers and whose processes stand alone.
TEST(Program, Networks) {
  for (const char *name : {"comments", "indexing", "names", "phases", "shapes", "stages"}) {
    SCOPED_TRACE(name);
    auto text = llvm::MemoryBuffer::getFile("test/endtoend/" + std::string(name) + ".yaml");
    ASSERT_TRUE(text);
    compare((*text)->getBuffer(), 5);
  }
}

TEST(Program, RandomDraws) {
  compare(network(R"(
    vars:
      r: i64[20] = 0
    models:
      - phases:
          spk: |
            r = random.integers(0, 1000, size=20)
            print("{}", r)
)"),
          3);
}

TEST(Program, FailuresNameTheirPlaces) {
  Network failing(network(R"(
    vars:
      v: i32[3] = [1, 2, 3]
      i: i32 = 1
    models:
      - phases:
          spk: |
            i += 1
            print("{}", v[i])
          post_mgmt: |
            assert i < 2, "too far"
)"));
  EmbeddedOptions options;
  std::vector<std::string> sites;
  options.siteOf = [&](mlir::Location loc, llvm::StringRef instance) {
    auto at = loc->findInstanceOf<mlir::FileLineColLoc>();
    sites.push_back(instance.str() + " " + std::to_string(at.getLine()));
    return uint32_t(sites.size() + 6);
  };
  ASSERT_TRUE(failing.compile(options));
  EXPECT_EQ(sites, (std::vector<std::string>{"p 12", "p 14"}));
  nc::Machine machine;
  EmbeddedRun run(failing, machine);
  auto failure = [&](llvm::StringRef phase) {
    try {
      run.callAll(phase);
    } catch (const nc::Ended &ended) {
      return std::string(ended.what());
    }
    return std::string();
  };
  EXPECT_EQ(failure("spk"), "");
  EXPECT_EQ(machine.printed, "3\n");
  EXPECT_EQ(failure("post_mgmt"), "assertion 8: too far");
  EXPECT_EQ(failure("spk"), "index 7: 3 of 3");
}

TEST(Program, EndlessWorkIsStopped) {
  Network network(::network(R"(
    vars:
      k: i64 = 0
    models:
      - phases:
          spk: |
            for i in range(0, 1000000) {
              k += i * i % 7
            }
)"));
  ASSERT_TRUE(network.compile());
  nc::Machine machine;
  EmbeddedRun run(network, machine);
  try {
    run.step();
    ADD_FAILURE() << "it ended";
  } catch (const nc::Ended &ended) {
    std::string text = ended.what();
    EXPECT_NE(text.find("it has not ended after 1000000 instructions"), std::string::npos) << text;
    EXPECT_NE(text.find(" (net.yaml:1"), std::string::npos) << text;
  }
}

TEST(Program, WhatDoesNotFitIsRefused) {
  Network floats(network(R"(
    vars:
      v: f64 = 1.5
    models:
      - phases:
          spk: v = v * 2
)"),
                 false);
  EXPECT_FALSE(floats.compile());
  ASSERT_FALSE(floats.errors.empty());
  EXPECT_EQ(floats.errors.front(),
            "floating-point numbers on an embedded processor, which has none");

  Network large(network(R"(
    vars:
      v: i64[5000] = 1
    models:
      - phases:
          spk: v = v * 2
)"),
                false);
  EmbeddedOptions options;
  options.dataBytes = 39999;
  EXPECT_FALSE(large.compile(options));
  ASSERT_FALSE(large.errors.empty());
  EXPECT_EQ(large.errors.front(),
            "the embedded program of 'p' needs 40000 bytes of data, where 39999 are there");
  options.dataBytes = 40000;
  EXPECT_TRUE(large.compile(options));
  options.codeBytes = 16;
  EXPECT_FALSE(large.compile(options));
  options = {};
  options.stackBytes = 16;
  EXPECT_FALSE(large.compile(options));
}

TEST(Program, Exchanges) {
  auto network = Network::ofProgram(R"(
step.program @net {
  step.state @p.in : tensor<3xsi16> = dense<0> : tensor<3xi16>
  step.state @p.out : tensor<3xui8> = dense<[200, 0, 7]> : tensor<3xi8>
  step.phase spk {
    step.task "p" of "P" {
      rt.send @p.out to "up"
      rt.inject @p.out to "spikes" first 10
      rt.receive @p.in from "down"
      rt.accumulate @p.in to "w" first 1 stride 2
      %0 = step.get @p.in : tensor<3xi16>
      %1 = step.get @p.out : tensor<3xi8>
      %2 = arith.extsi %0 : tensor<3xi16> to tensor<3xi64>
      %3 = arith.trunci %2 : tensor<3xi64> to tensor<3xi8>
      step.set @p.out, %3 : tensor<3xi8>
      rt.publish @p.out to "out"
      rt.fetch @p.out from "w" stride 2
      step.yield
    }
    step.task "q" of "Q" {
      rt.fetch @p.in from "out" first 1
      step.yield
    }
  }
}
)");
  ASSERT_TRUE(network->compile());
  using Names = std::vector<std::string>;
  EXPECT_EQ(network->object.reads, (Names{"w", "out"}));
  EXPECT_EQ(network->object.writes, (Names{"w", "out"}));
  EXPECT_EQ(network->object.injectors, Names{"spikes"});
  EXPECT_EQ(network->object.channels, (Names{"up", "down"}));
  nc::Machine machine;
  machine.vars = {{1, 10, 2, 20, 3, 30}, {0, 0, 0, 0}}; // w, out
  machine.channels.resize(2);
  machine.channels[1] = {{-1, 300, 5}};
  nc::Rv64Cpu cpu(network->program());
  cpu.call(network->entry("spk", "p"), machine);
  EXPECT_EQ(machine.channels[0].front(), (std::vector<int64_t>{200, 0, 7}));
  EXPECT_EQ(machine.injected, (Names{"0.10=200", "0.12=7"}));
  EXPECT_EQ(machine.vars[0], (std::vector<int64_t>{1, 9, 2, 320, 3, 35}));
  EXPECT_EQ(machine.vars[1], (std::vector<int64_t>{255, 44, 5, 0}));
  EXPECT_EQ(std::memcmp(cpu.memory() + network->object.states[1].address, "\1\2\3", 3), 0);
  cpu.call(network->entry("spk", "q"), machine);
  const int16_t expected[] = {44, 5, 0};
  EXPECT_EQ(std::memcmp(cpu.memory() + network->object.states[0].address, expected, 6), 0);
}

TEST(Program, TasksStandAlone) {
  auto network = Network::ofProgram(R"(
step.program @net {
  step.phase spk {
    %0 = step.task "p" of "P" -> tensor<i64> {
      %1 = proc.time_step : tensor<i64>
      step.yield %1 : tensor<i64>
    }
    step.task "q" of "Q" {
      proc.print "{}"(%0 : tensor<i64>)
      step.yield
    }
  }
}
)");
  EXPECT_FALSE(network->compile());
  ASSERT_FALSE(network->errors.empty());
  EXPECT_EQ(network->errors.front(),
            "uses a value of another task, which by itself it cannot have");
}

TEST(Program, CopiesAreNotTransposed) {
  auto network = Network::ofProgram(R"(
step.program @net {
  step.state @q.w : tensor<2x3xsi8> = dense<1> : tensor<2x3xi8> {by_source}
  step.state @p.w : tensor<2x3xsi8> = dense<1> : tensor<2x3xi8> {by_source}
}
)");
  EmbeddedOptions options;
  ASSERT_TRUE(network->compile(options));
  EXPECT_TRUE(network->object.states[1].transposed);
  options.remotes.insert("q.w");
  EXPECT_FALSE(network->compile(options));
  ASSERT_FALSE(network->errors.empty());
  EXPECT_EQ(network->errors.front(), "'q.w' is kept transposed, which a copy of a Var cannot be");
}

TEST(Program, Disassembly) {
  Network network(::network(R"(
    vars:
      v: i32 = 5
    models:
      - phases:
          spk: v = v * 3
)"),
                  false);
  ASSERT_TRUE(network.compile());
  std::string error;
  auto text = disassemble(
      {reinterpret_cast<const char *>(network.object.bytes.data()), network.object.bytes.size()},
      &error);
  ASSERT_TRUE(succeeded(text)) << error;
  EXPECT_NE(text->find("spk.p:\n  ; net.yaml:9:"), std::string::npos) << *text;
  EXPECT_NE(text->find(": lw "), std::string::npos) << *text;
  EXPECT_NE(text->find(": ret\n"), std::string::npos) << *text;
  EXPECT_TRUE(failed(disassemble("ELF", &error)));
  EXPECT_EQ(error, "the object is no ELF file");
}

TEST(Program, SameBytesAgain) {
  std::string yaml = network(R"(
    vars:
      v: i32[3] = [1, 2, 3]
    models:
      - phases:
          spk: |
            v = v // 2
            print("{}", v)
)");
  Network one(yaml, false), two(yaml, false);
  ASSERT_TRUE(one.compile() && two.compile());
  EXPECT_EQ(one.object.bytes, two.object.bytes);
  EXPECT_LT(one.object.bytes.size(), 4096U);
}
