// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Running: the loop over stages and steps.
#include "runtime/native/Run.h"

#include "runtime/native/Error.h"
#include "runtime/native/FiniteCheck.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Memory.h"
#include "runtime/native/Outside.h"
#include "runtime/native/Plan.h"
#include "runtime/native/Profile.h"
#include "runtime/native/Rows.h"
#include "runtime/native/Shares.h"
#include "runtime/native/WholeFile.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <unistd.h>

using namespace basalt::rt;

/// Writes lines to standard error. If that fails nobody is left to be told.
static void complain(const std::string &text) {
  std::fputs((text + "\n").c_str(), stderr);
  std::fflush(stderr);
}

namespace {
/// The state of one run.
class Runner {
public:
  Runner(Simulation &simulation, const RunOptions &options, Output &output);
  void run();

private:
  void set(const PlannedSet &request);
  void initialize();
  void startProfile();
  void finishProfile();
  /// Calls `body`; a profile tells how long it took.
  template <typename Body> void timed(const char *what, const Body &body);
  void stage(int64_t steps);
  void recordedSteps(int64_t steps);
  void commit();

  Simulation &simulation;
  const RunOptions &options;
  Output &output;
  Plan plan;
  Recorder recorder;
  std::optional<FiniteCheck> finiteCheck;
  std::optional<Profile> profile;
  std::unique_ptr<WholeFile> trace;                   // of the profile
  std::vector<std::unique_ptr<NpyWriter>> getWriters; // one for each get of the plan
  std::unique_ptr<Shares> shares;                     // null: one thread
  Context ctx;
  bool initialized = false;
};
} // namespace

/// Creates the output folder; the files in it are created next.
static Plan planWithFolder(Simulation &simulation, const RunOptions &options) {
  Plan plan = makePlan(simulation, options);
  if (!options.out || (plan.probes.empty() && plan.gets.empty()))
    return plan;
  std::error_code error;
  std::filesystem::create_directories(*options.out, error);
  if (error)
    throw InputError("cannot create the folder '" + *options.out + "': " + error.message());
  return plan;
}

Runner::Runner(Simulation &simulation, const RunOptions &options, Output &output)
    : simulation(simulation), options(options), output(output),
      plan(planWithFolder(simulation, options)), recorder(simulation, plan.probes),
      shares(shareAmong(options.threads.value_or(1), simulation.axes())) {
  for (const PlannedGet &get : plan.gets)
    getWriters.push_back(
        std::make_unique<NpyWriter>(get.path, fileType(simulation.states()[get.state].element)));
  ctx.printing = options.print.value_or(true);
  ctx.seed = options.seed.value_or(0);
  ctx.output = &output;
  ctx.shares = shares.get();
  if (!recorder.empty())
    recorder.attach(ctx);
  if (options.checkFinite)
    finiteCheck.emplace(simulation).attach(ctx);
  if (!options.profile.empty())
    startProfile();
}

template <typename Body> void Runner::timed(const char *what, const Body &body) {
  if (!profile)
    return body();
  Stopwatch stopwatch;
  body();
  profile->add(what, stopwatch.seconds());
}

void Runner::startProfile() {
  if (!simulation.canProfile())
    throw UsageError("--profile is for compiled programs alone");
  bool withTrace = options.profile != kTableAlone;
  if (withTrace)
    trace = std::make_unique<WholeFile>(options.profile);
  profile.emplace(simulation.name(), simulation.parts(), shares ? shares->team().size() : 1,
                  withTrace);
  ctx.profile = &*profile;
}

/// Before files get their names; the table comes when all is done.
void Runner::finishProfile() {
  profile->finish();
  if (!trace)
    return;
  std::string text = traceText(*profile);
  trace->write(text.data(), text.size());
  trace->close();
}

void Runner::set(const PlannedSet &request) {
  if (!request.bytes.empty())
    std::memcpy(simulation.states()[request.state].data, request.bytes.data(),
                request.bytes.size());
  simulation.written(request.state);
  if (finiteCheck)
    finiteCheck->accept(request.state);
}

void Runner::recordedSteps(int64_t steps) {
  for (int64_t i = 0; i < steps && !ctx.pauseRequested && !ctx.stopRequested; ++i) {
    simulation.steps(ctx, 1);
    timed("writing probes", [&] { recorder.endStep(); });
  }
}

void Runner::initialize() {
  if (finiteCheck)
    finiteCheck->accept();
  timed("init", [&] { simulation.init(ctx); });
  if (finiteCheck)
    finiteCheck->look(ctx, "in init");
  initialized = true;
}

void Runner::stage(int64_t steps) {
  if (steps == 0) // no step begins, so nothing is initialised and no last step has been
    return;
  if (!initialized)
    initialize();
  if (recorder.empty())
    simulation.steps(ctx, steps);
  else
    recordedSteps(steps);
  ctx.pauseRequested = false;
  timed("host", [&] { simulation.host(ctx); });
  if (finiteCheck)
    finiteCheck->look(ctx, "in the phase host");
}

void Runner::run() {
  timed("making synapses",
        [&] { simulation.realise(ctx.seed, shares ? &shares->team() : nullptr); });
  for (const PlannedItem &item : plan.items) {
    if (item.set)
      set(*item.set);
    else
      stage(item.steps);
    if (ctx.stopRequested)
      break;
  }
  commit();
}

void Runner::commit() {
  // Everything is written before the first file gets its name.
  output.flush();
  for (size_t i = 0; i < plan.gets.size(); ++i) {
    const StateInfo &state = simulation.states()[plan.gets[i].state];
    std::vector<int64_t> shape = outsideShape(state);
    size_t count = elementCount(uint8_t(shape.size()), shape.data());
    std::vector<char> row(count * fileElementSize(state.element));
    simulation.refresh(plan.gets[i].state);
    readOutside(simulation.states(), plan.gets[i].state, row.data());
    getWriters[i]->write(row.data(), row.size());
    getWriters[i]->finish(shape);
  }
  recorder.finish();
  if (profile)
    finishProfile();
  for (auto &writer : getWriters)
    writer->publish();
  recorder.publish();
  if (trace)
    trace->publish();
  if (profile)
    complain(profileText(*profile, simulation.activity(),
                         simulation.memory(wantedStates(simulation, options), profile->threads())));
}

void basalt::rt::execute(Simulation &simulation, const RunOptions &options, Output &output) {
  Runner(simulation, options, output).run();
}

/// More threads than cores wait for each other instead of working.
static void warnOfThreads(Simulation &simulation, const RunOptions &options) {
  unsigned threads = std::min(options.threads.value_or(1), usefulThreads(simulation.axes()));
  if (unsigned cores = usableCores(); threads > cores)
    complain("warning: " + std::to_string(threads) + " threads for " + std::to_string(cores) +
             (cores == 1 ? " core" : " cores") + "; more than that only slow each other down");
}

int basalt::rt::reportErrors(const std::function<int()> &body) {
  try {
    return body();
  } catch (const RunError &error) {
    complain(error.what()); // has its place and `error:` already
    return kFailed;
  } catch (const InputError &error) {
    complain(std::string("error: ") + error.what());
    return kFailed;
  } catch (const UsageError &error) {
    complain(std::string("error: ") + error.what());
    return kUsage;
  } catch (const std::bad_alloc &) {
    complain("error: out of memory");
    return kFailed;
  } catch (const std::exception &error) {
    complain(std::string("error: internal error: ") + error.what());
    return kInternal;
  }
}

int basalt::rt::run(Simulation &simulation, const RunOptions &options) {
  FileOutput output(STDOUT_FILENO, "standard output");
  return reportErrors([&] {
    warnOfThreads(simulation, options);
    try {
      execute(simulation, options, output);
    } catch (const std::exception &) {
      // What was printed before the error comes before its text. An error here would hide that one.
      try {
        output.flush();
      } catch (const InputError &) {
      }
      throw;
    }
    return int(kDone);
  });
}
