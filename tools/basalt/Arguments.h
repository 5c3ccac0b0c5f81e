// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of `basalt`, as data.
#ifndef BASALT_TOOLS_BASALT_ARGUMENTS_H
#define BASALT_TOOLS_BASALT_ARGUMENTS_H

#include "compiler/import/Import.h"
#include "compiler/support/DiagnosticPrinter.h"
#include "runtime/native/Options.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace basalt::driver {

enum class Command {
  Check,
  Compile,
  Run,
  Import,
  Export,
  Targets,
  Emulate,
  Inspect,
  Report,
  Schema,
  Lsp
};

/// What is compiled, and what decides the meaning of the program.
struct InputArguments {
  std::string file;
  std::vector<std::pair<std::string, std::string>> params;
  std::optional<std::string> tag;
  bool selectSubProcess = false;
  std::vector<std::string> exceptions; // Process=model
  bool strict = false;
  bool explainSelection = false;
  import::ImportOptions import; // of files that are not YAML
};

/// How C++ becomes machine code.
struct NativeArguments {
  std::string cxx; // empty: the first usual one that is installed
  bool debug = false;
  bool allRegions = false; // for tests: let threads share whatever they can
  bool profile = false;    // compile: make a program that can tell the time of each process
};

/// How the compiler is watched at work.
struct WatchArguments {
  bool verifyEach = false;
  bool verifyRoundTrip = false;
  bool printIRAfterAll = false;
  bool printLocations = false;
  std::string reproducer;
  std::string crashAfter; // a stage; for tests
};

struct Arguments {
  Command command = Command::Check;
  InputArguments input;
  NativeArguments native;
  DiagnosticOptions diagnostics;
  WatchArguments watch;
  std::string report;              // check; empty: nothing but what is wrong; report
  std::string emit;                // compile; empty: what the target is made into
  std::string platform = "native"; // compile: native or neurocore
  std::string chip;                // of neurocores; empty: as the network says
  int64_t neuronsPerCore = 0;      // of neurocores; 0: as the network says
  std::string place = "traffic";   // of neurocores
  uint64_t placeSeed = 0;          // of neurocores
  std::string output;              // compile, import, export; empty: standard output; report
  std::string interpret;           // run: the network at this stage; empty: make a program of it
  bool cache = true;               // run
  rt::RunOptions runOptions;
  std::string target;              // targets; empty: list them
  bool canonical = false;          // targets
  std::vector<std::string> images; // emulate, inspect
  bool counters = false;           // emulate
  bool json = false, all = false;  // inspect, report
  int64_t reportSteps = 0;         // report; 0: nothing is run
  /// MLIR's own options (--mlir-...), which it parses itself.
  std::vector<std::string> mlir;
  /// Of --help, --help-warnings or --version: to be printed, and nothing done.
  std::optional<std::string> message;
};

/// Parses arguments (without the program's name); throws rt::UsageError.
Arguments parseCommandLine(const std::vector<std::string> &arguments);

/// The options of a run as arguments again.
std::vector<std::string> formatRunOptions(const rt::RunOptions &options);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_ARGUMENTS_H
