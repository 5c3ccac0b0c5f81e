// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The options of a run: the same for generated simulators, for `basalt run`, and as defaults that
// the `run:` section of a network leaves in a program.
#ifndef BASALT_RUNTIME_NATIVE_OPTIONS_H
#define BASALT_RUNTIME_NATIVE_OPTIONS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace basalt::rt {

inline constexpr uint64_t kNoMemoryLimit = UINT64_MAX;
inline constexpr const char *kTableAlone = "-";

/// `--set NAME=VALUE`, in text.
struct SetRequest {
  std::string name, value;
};

/// An item of a run's plan: a stage of so many steps, or a set between stages.
struct StageItem {
  std::optional<SetRequest> set;
  int64_t steps = 0; // if it is not a set
};

struct RunOptions {
  std::optional<std::vector<StageItem>> stages; // none: not given
  std::optional<std::string> out;               // the folder for probes and gets
  std::optional<bool> print;
  std::vector<std::string> probes, gets;
  std::vector<SetRequest> sets; // before the first stage
  std::optional<uint64_t> seed;
  std::optional<unsigned> threads; // from 1 to kMaxThreads
  std::optional<std::string> data; // the file with initial data
  bool checkFinite = false;
  std::string profile; // empty: none; kTableAlone; or the file for a trace, beside the table
  /// Bytes that the run may take; kNoMemoryLimit: whatever the machine has.
  std::optional<uint64_t> memoryLimit;
};

/// A plan as text: items separated by `;`, each a number of steps or `set NAME=VALUE`, as in
/// `10; set lif.vth=12; 10`. In a value, `\` takes the next character as it is. Throws UsageError.
std::vector<StageItem> parseStages(const std::string &text);
std::string formatStages(const std::vector<StageItem> &stages);

/// A size in bytes: `512M`, `1.5G`, or `none`; throws UsageError.
uint64_t parseMemoryLimit(const std::string &text);

/// `NAME=VALUE`; throws UsageError.
SetRequest parseSet(const std::string &text);

/// Adds the options to a command of CLI11; they arrive in `options`, which must outlive the
/// parsing.
void addRunOptions(CLI::App &app, RunOptions &options);

/// What a command line asks for.
struct CommandLine {
  RunOptions options;
  std::optional<std::string> message; // of --help or --version: to be printed, and nothing run
};

/// Parses arguments (without the program's name); throws UsageError.
CommandLine parseArguments(const std::vector<std::string> &arguments, const std::string &program);

/// `options` over `defaults`: what is given wins; sets, probes and gets are added.
RunOptions mergeOptions(const RunOptions &defaults, const RunOptions &options);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_OPTIONS_H
