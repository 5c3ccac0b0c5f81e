// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A simulator inside another program: see basalt.h. Part of every library that is made of a
// network; nothing refers to it in an executable, so it is not there.
#include "runtime/native/basalt.h"

#include "runtime/native/Error.h"
#include "runtime/native/InitialData.h"
#include "runtime/native/Memory.h"
#include "runtime/native/Names.h"
#include "runtime/native/Output.h"
#include "runtime/native/Outside.h"
#include "runtime/native/Plan.h"
#include "runtime/native/Rows.h"
#include "runtime/native/Shares.h"
#include "runtime/native/Values.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <memory>

using namespace basalt::rt;

/// The generated program of this library.
extern "C" const Program *basalt_program();

/// Why the last basalt_open failed in this thread.
static thread_local std::string openError;

struct basalt_simulation {
  explicit basalt_simulation(const Program &program) : simulation(program), names(simulation) {}

  size_t find(const std::string &name);
  void set(size_t state, const std::vector<char> &bytes);

  void setThreads(unsigned threads) {
    shares = shareAmong(threads, simulation.axes());
    ctx.shares = shares.get();
  }

  NativeSimulation simulation;
  Names names;
  std::unique_ptr<Shares> shares; // null: one thread
  FileOutput output{STDOUT_FILENO, "standard output"};
  Context ctx;
  std::string error;
  bool isInitialized = false, isBroken = false; // a step that fails leaves nothing to go on with
};

size_t basalt_simulation::find(const std::string &name) {
  if (std::optional<size_t> state = names.state(name))
    return *state;
  throw InputError("there is no Var '" + name + "'");
}

void basalt_simulation::set(size_t state, const std::vector<char> &bytes) {
  if (!bytes.empty())
    std::memcpy(simulation.states()[state].data, bytes.data(), bytes.size());
  simulation.written(state);
}

/// What `function` returns, or -1 with the reason kept.
template <typename Function> static auto guarded(basalt_simulation *simulation, Function function) {
  if (!simulation) // what basalt_open has returned without looking at it
    return decltype(function())(-1);
  try {
    simulation->error.clear();
    return function();
  } catch (const std::bad_alloc &) {
    simulation->error = "out of memory";
  } catch (const std::exception &error) {
    simulation->error = error.what();
  }
  return decltype(function())(-1);
}

//===--- Opening ---===//

/// The file that this code has been loaded from, behind which the initial data stand.
static std::string ownFile() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<const void *>(&basalt_open), &info) || !info.dli_fname)
    throw InputError("cannot find the file of this library");
  return info.dli_fname;
}

/// What the `run:` section of the network asks for, as far as it means something here.
static void applyDefaults(basalt_simulation &simulation, const InitialData &data) {
  RunOptions options = parseArguments(data.defaults(), "library").options;
  RunOptions wanted;
  wanted.stages = options.stages.value_or(std::vector<StageItem>{StageItem()});
  wanted.sets = options.sets;
  wanted.seed = options.seed;
  simulation.simulation.realise(options.seed.value_or(0));
  for (const PlannedItem &item : makePlan(simulation.simulation, wanted).items) {
    if (!item.set)
      break; // what is set later belongs to stages, which the program around us decides
    simulation.set(item.set->state, item.set->bytes);
  }
  simulation.ctx.printing = options.print.value_or(true);
  simulation.ctx.seed = options.seed.value_or(0);
  simulation.ctx.output = &simulation.output;
  simulation.setThreads(options.threads.value_or(1));
}

basalt_simulation *basalt_open() {
  try {
    auto simulation = std::make_unique<basalt_simulation>(*basalt_program());
    InitialData data = InitialData::fromExecutable(ownFile());
    simulation->simulation.declare(data);
    checkMemory(simulation->simulation, parseArguments(data.defaults(), "library").options);
    simulation->simulation.initialise(data);
    applyDefaults(*simulation, data);
    return simulation.release();
  } catch (const std::exception &error) {
    openError = error.what();
  }
  return nullptr;
}

void basalt_close(basalt_simulation *simulation) { delete simulation; }

const char *basalt_error(const basalt_simulation *simulation) {
  return simulation ? simulation->error.c_str() : openError.c_str();
}

//===--- Running ---===//

static int64_t runSteps(basalt_simulation &self, int64_t steps) {
  if (steps < 0)
    throw InputError("cannot run " + std::to_string(steps) + " steps");
  if (self.isBroken)
    throw InputError("a time step has failed before, so there is nothing to go on with");
  if (steps == 0 || self.ctx.stopRequested)
    return 0;
  self.isBroken = true; // until all has gone well
  int64_t before = self.ctx.timeStep;
  if (!self.isInitialized)
    self.simulation.init(self.ctx);
  self.isInitialized = true;
  self.simulation.steps(self.ctx, steps);
  self.ctx.pauseRequested = false;
  self.simulation.host(self.ctx);
  self.output.flush();
  self.isBroken = false;
  return self.ctx.timeStep - before;
}

int64_t basalt_run(basalt_simulation *simulation, int64_t steps) {
  return guarded(simulation, [&] { return runSteps(*simulation, steps); });
}

int basalt_set_threads(basalt_simulation *simulation, int64_t threads) {
  return guarded(simulation, [&] {
    if (threads < 1 || threads > kMaxThreads)
      throw InputError("cannot run on " + std::to_string(threads) +
                       " threads, expected a number from 1 to " + std::to_string(kMaxThreads));
    simulation->setThreads(unsigned(threads));
    return 0;
  });
}

//===--- Vars ---===//

int basalt_shape(basalt_simulation *simulation, const char *var, int64_t *extents) {
  return guarded(simulation, [&] {
    std::vector<int64_t> shape =
        outsideShape(simulation->simulation.states()[simulation->find(var)]);
    if (extents)
      std::copy(shape.begin(), shape.end(), extents);
    return int(shape.size());
  });
}

/// `what` is the beginning of the message.
static void expectCount(const std::string &what, int64_t count, int64_t given) {
  if (count != given)
    throw InputError(what + " has " + std::to_string(count) + " elements, not " +
                     std::to_string(given));
}

static int64_t outsideCount(const StateInfo &state) {
  std::vector<int64_t> shape = outsideShape(state);
  return int64_t(elementCount(uint8_t(shape.size()), shape.data()));
}

static int64_t integerOf(const std::string &name, const StateInfo &state, const char *row,
                         size_t i) {
  if (fileType(state.element) == NpyWriter::Type::UInt8)
    return row[i];
  if (state.element.kind == Kind::Float)
    throw InputError("'" + name + "' holds floats; read it as such");
  int64_t value;
  std::memcpy(&value, row + 8 * i, 8);
  return value;
}

static double floatOf(const std::string &name, const StateInfo &state, const char *row, size_t i) {
  double value;
  if (state.element.kind == Kind::Float) {
    std::memcpy(&value, row + 8 * i, 8);
    return value;
  }
  int64_t integer = integerOf(name, state, row, i);
  value = double(integer);
  if (value >= 0x1p63 || int64_t(value) != integer)
    throw InputError("'" + name + "' has the value " + std::to_string(integer) +
                     ", which a double cannot hold; read it as integers");
  return value;
}

/// All elements of a Var as it is seen from outside.
template <typename T>
static std::vector<T> read(basalt_simulation &self, const std::string &name,
                           T (*element)(const std::string &, const StateInfo &, const char *,
                                        size_t)) {
  size_t index = self.find(name);
  const StateInfo &state = self.simulation.states()[index];
  auto count = size_t(outsideCount(state));
  std::vector<char> row(count * fileElementSize(state.element));
  self.simulation.refresh(index);
  readOutside(self.simulation.states(), index, row.data());
  std::vector<T> result(count);
  for (size_t i = 0; i < count; ++i)
    result[i] = element(name, state, row.data(), i);
  return result;
}

template <typename T, typename Element>
static int get(basalt_simulation *simulation, const std::string &name, T *values, int64_t count,
               Element element) {
  return guarded(simulation, [&] {
    std::vector<T> all = read<T>(*simulation, name, element);
    expectCount("'" + name + "'", int64_t(all.size()), count);
    std::copy(all.begin(), all.end(), values);
    return 0;
  });
}

int basalt_get_integers(basalt_simulation *simulation, const char *var, int64_t *values,
                        int64_t count) {
  return get(simulation, var, values, count, integerOf);
}
int basalt_get_floats(basalt_simulation *simulation, const char *var, double *values,
                      int64_t count) {
  return get(simulation, var, values, count, floatOf);
}

template <typename T>
static void write(basalt_simulation &self, const std::string &name, const std::vector<T> &values) {
  size_t index = self.find(name);
  self.simulation.refresh(index); // the value may be for entries, which must be there
  self.set(index, setNumbers(self.simulation.states(), index, name, values));
}

template <typename T>
static int set(basalt_simulation *simulation, const std::string &name, const T *values,
               int64_t count) {
  return guarded(simulation, [&] {
    expectCount("'" + name + "'",
                outsideCount(simulation->simulation.states()[simulation->find(name)]), count);
    write(*simulation, name, std::vector<T>(values, values + count));
    return 0;
  });
}

int basalt_set_integers(basalt_simulation *simulation, const char *var, const int64_t *values,
                        int64_t count) {
  return set(simulation, var, values, count);
}
int basalt_set_floats(basalt_simulation *simulation, const char *var, const double *values,
                      int64_t count) {
  return set(simulation, var, values, count);
}

//===--- Messages ---===//

namespace {
/// The buffer of an Injector or Extractor of the library: its Vars `queue` (messages along the
/// first axis), `first` and `filled`.
struct Buffer {
  Buffer(basalt_simulation &self, const std::string &process)
      : self(self), process(process), queue(self.find(process + ".queue")) {
    std::vector<int64_t> shape = outsideShape(self.simulation.states()[queue]);
    if (shape.empty())
      throw InputError("'" + process + "' is no Injector or Extractor");
    size = shape[0];
    message = size ? outsideCount(self.simulation.states()[queue]) / size : 0;
    first = number("first");
    filled = number("filled");
    if (first < 0 || first >= size || filled < 0 || filled > size)
      throw InputError("the buffer of '" + process + "' is damaged");
  }

  int64_t number(const char *var) {
    return read<int64_t>(self, process + "." + var, integerOf).at(0);
  }
  void setNumber(const char *var, int64_t value) {
    write(self, process + "." + var, std::vector<int64_t>{value});
  }

  basalt_simulation &self;
  const std::string process;
  size_t queue;
  int64_t size = 0, message = 0, first = 0, filled = 0;
};
} // namespace

template <typename T, typename Element>
static int push(basalt_simulation *simulation, const std::string &injector, const T *values,
                int64_t count, Element element) {
  return guarded(simulation, [&] {
    Buffer buffer(*simulation, injector);
    expectCount("a message of '" + injector + "'", buffer.message, count);
    if (buffer.filled == buffer.size)
      return 0;
    std::vector<T> all = read<T>(*simulation, injector + ".queue", element);
    std::copy(values, values + count,
              all.begin() + (buffer.first + buffer.filled) % buffer.size * count);
    write(*simulation, injector + ".queue", all);
    buffer.setNumber("filled", buffer.filled + 1);
    return 1;
  });
}

template <typename T, typename Element>
static int pull(basalt_simulation *simulation, const std::string &extractor, T *values,
                int64_t count, Element element) {
  return guarded(simulation, [&] {
    Buffer buffer(*simulation, extractor);
    expectCount("a message of '" + extractor + "'", buffer.message, count);
    if (buffer.filled == 0)
      return 0;
    std::vector<T> all = read<T>(*simulation, extractor + ".queue", element);
    std::copy_n(all.begin() + buffer.first * count, count, values);
    buffer.setNumber("first", (buffer.first + 1) % buffer.size);
    buffer.setNumber("filled", buffer.filled - 1);
    return 1;
  });
}

int basalt_push_integers(basalt_simulation *simulation, const char *injector, const int64_t *values,
                         int64_t count) {
  return push(simulation, injector, values, count, integerOf);
}
int basalt_push_floats(basalt_simulation *simulation, const char *injector, const double *values,
                       int64_t count) {
  return push(simulation, injector, values, count, floatOf);
}
int basalt_pull_integers(basalt_simulation *simulation, const char *extractor, int64_t *values,
                         int64_t count) {
  return pull(simulation, extractor, values, count, integerOf);
}
int basalt_pull_floats(basalt_simulation *simulation, const char *extractor, double *values,
                       int64_t count) {
  return pull(simulation, extractor, values, count, floatOf);
}
