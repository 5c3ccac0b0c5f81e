// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of a run.
#include "runtime/native/Options.h"

#include "runtime/native/Contract.h"
#include "runtime/native/Error.h"
#include "runtime/native/Team.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

using namespace basalt::rt;

//===-- Texts
//------------------------------------------------------------------------------------===//

static std::string trim(const std::string &text) {
  size_t begin = text.find_first_not_of(" \t\n"), end = text.find_last_not_of(" \t\n");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

static int64_t parseSteps(const std::string &text) {
  int64_t steps = 0;
  const char *end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, steps);
  if (text.empty() || error != std::errc() || stop != end || steps < 0)
    throw UsageError(fmt::format("expected a number of time steps, found '{}'", text));
  return steps;
}

/// More could not be meant: no machine that we know of has as many cores.
static unsigned parseThreads(const std::string &text) {
  unsigned threads = 0;
  const char *end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, threads);
  if (error != std::errc() || stop != end || threads < 1 || threads > kMaxThreads)
    throw UsageError(
        fmt::format("expected a number of threads from 1 to {}, found '{}'", kMaxThreads, text));
  return threads;
}

uint64_t basalt::rt::parseMemoryLimit(const std::string &text) {
  if (text == "none")
    return kNoMemoryLimit;
  double size = 0;
  const char *end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, size);
  std::string unit(stop, end);
  const char *const units[] = {"", "K", "M", "G", "T"};
  for (unsigned i = 0; i < 5; ++i)
    if (error == std::errc() && size >= 0 && size < 1e9 && unit == units[i])
      return uint64_t(size * double(uint64_t(1) << (10 * i)));
  throw UsageError(
      fmt::format("expected a size as 512M or 1.5G (K, M, G or T), or none, found '{}'", text));
}

SetRequest basalt::rt::parseSet(const std::string &text) {
  size_t equals = text.find('=');
  SetRequest request;
  if (equals != std::string::npos)
    request = {trim(text.substr(0, equals)), trim(text.substr(equals + 1))};
  if (request.name.empty() || request.value.empty())
    throw UsageError(fmt::format("expected NAME=VALUE to set a Var, found '{}'", text));
  return request;
}

/// The items of a plan, with escapes taken away.
static std::vector<std::string> splitStages(const std::string &text) {
  std::vector<std::string> items(1);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ';') {
      items.emplace_back();
      continue;
    }
    if (text[i] == '\\' && i + 1 < text.size())
      ++i;
    items.back() += text[i];
  }
  return items;
}

std::vector<StageItem> basalt::rt::parseStages(const std::string &text) {
  std::vector<StageItem> stages;
  for (const std::string &part : splitStages(text)) {
    std::string item = trim(part);
    if (item.empty()) // as after a last `;`
      continue;
    StageItem stage;
    if (item.compare(0, 4, "set ") == 0)
      stage.set = parseSet(item.substr(4));
    else
      stage.steps = parseSteps(item);
    stages.push_back(std::move(stage));
  }
  return stages;
}

std::string basalt::rt::formatStages(const std::vector<StageItem> &stages) {
  std::string result;
  for (const StageItem &stage : stages) {
    if (!result.empty())
      result += "; ";
    if (!stage.set) {
      result += std::to_string(stage.steps);
      continue;
    }
    result += "set ";
    for (char c : stage.set->name + "=" + stage.set->value) {
      if (c == ';' || c == '\\')
        result += '\\';
      result += c;
    }
  }
  return result;
}

//===-- CLI11
//------------------------------------------------------------------------------------===//

/// Wraps a function that throws UsageError as a callback of CLI11, which has errors of its own.
template <typename Function> static auto reporting(Function function) {
  return [function](const std::string &text) {
    try {
      function(text);
    } catch (const UsageError &error) {
      throw CLI::ValidationError(error.what());
    }
  };
}

void basalt::rt::addRunOptions(CLI::App &app, RunOptions &options) {
  RunOptions *o = &options;
  auto *steps =
      app.add_option_function<std::string>("--steps", reporting([o](const std::string &text) {
                                             StageItem stage;
                                             stage.steps = parseSteps(text);
                                             o->stages = {stage};
                                           }),
                                           "run one stage of N time steps");
  steps->type_name("N");
  app.add_option_function<std::string>(
         "--stages", reporting([o](const std::string &text) { o->stages = parseStages(text); }),
         "run stages with sets between them, as '10; set lif.vth=12; 10'")
      ->type_name("PLAN")
      ->excludes(steps);
  app.add_option_function<std::string>(
         "--out", [o](const std::string &text) { o->out = text; }, "folder for probes and gets")
      ->type_name("DIR");
  app.add_flag_function(
      "--print,!--no-print", [o](int64_t count) { o->print = count > 0; },
      "let `print` have an effect, or not");
  // Not vectors of CLI11: those would split a value like [1, 2] in its own way.
  auto repeated = [&](const char *name, const char *type, const char *text, auto add) {
    app.add_option_function<std::vector<std::string>>(
           name,
           [add](const std::vector<std::string> &values) {
             for (const std::string &value : values)
               reporting(add)(value);
           },
           text)
        ->type_name(type)
        ->type_size(1)
        ->expected(1, 1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  };
  repeated("--probe", "NAME[@PHASE]",
           "record a Var or OutPort in every time step, in DIR/NAME.npy; the phase (spk, pre_mgmt, "
           "lrn, post_mgmt) names another moment of a Var than the end of the step",
           [o](const std::string &text) { o->probes.push_back(text); });
  repeated("--get", "NAME", "write a Var after the last time step, to DIR/NAME.final.npy",
           [o](const std::string &text) { o->gets.push_back(text); });
  repeated("--set", "NAME=VALUE",
           "give a Var another initial value: a number, a list like [1, 2, 3], or @file.npy",
           [o](const std::string &text) { o->sets.push_back(parseSet(text)); });
  app.add_option_function<uint64_t>(
         "--seed", [o](uint64_t seed) { o->seed = seed; }, "seed of all random draws")
      ->type_name("N");
  app.add_option_function<std::string>(
         "--threads", reporting([o](const std::string &text) { o->threads = parseThreads(text); }),
         "share the work among N threads (default: 1); the results are the same")
      ->type_name("N");
  app.add_flag("--profile{-}", options.profile,
               "say in the end where time and memory went; --profile=FILE writes a trace, too, in "
               "the JSON format that Perfetto reads");
  app.add_option_function<std::string>("--memory-limit", reporting([o](const std::string &text) {
                                         o->memoryLimit = parseMemoryLimit(text);
                                       }),
                                       "run only if it takes no more, as 512M or 1.5G; none: in "
                                       "any case (default: what the machine has free)")
      ->type_name("SIZE");
  app.add_flag("--check-finite", options.checkFinite,
               "end the run where NaN or infinity arises in a Var");
  app.add_option_function<std::string>(
         "--data", [o](const std::string &text) { o->data = text; },
         "file with the initial data, in place of those inside the program")
      ->type_name("FILE");
}

CommandLine basalt::rt::parseArguments(const std::vector<std::string> &arguments,
                                       const std::string &program) {
  CommandLine result;
  CLI::App app("Runs the simulation.", program);
  addRunOptions(app, result.options);
  app.set_version_flag("--version",
                       fmt::format("{} (Basalt, run-time contract {})", program, kContractVersion));
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend()); // as CLI11 wants them
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp &) {
    result.message = app.help();
  } catch (const CLI::CallForVersion &) {
    result.message = app.version() + "\n";
  } catch (const CLI::Error &error) {
    throw UsageError(error.what());
  }
  return result;
}

template <typename T>
static void choose(std::optional<T> &result, const std::optional<T> &overriding) {
  if (overriding)
    result = overriding;
}

RunOptions basalt::rt::mergeOptions(const RunOptions &defaults, const RunOptions &options) {
  RunOptions result = defaults;
  choose(result.stages, options.stages);
  choose(result.out, options.out);
  choose(result.print, options.print);
  choose(result.seed, options.seed);
  choose(result.threads, options.threads);
  choose(result.data, options.data);
  result.checkFinite |= options.checkFinite;
  choose(result.memoryLimit, options.memoryLimit);
  if (!options.profile.empty())
    result.profile = options.profile;
  auto append = [](auto &to, const auto &from) { to.insert(to.end(), from.begin(), from.end()); };
  append(result.probes, options.probes);
  append(result.gets, options.gets);
  append(result.sets, options.sets);
  return result;
}
