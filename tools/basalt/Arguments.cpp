// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line of `basalt`. docs/driver.md describes every option; a test compares.
#include "tools/basalt/Arguments.h"

#include "compiler/support/Suggest.h"
#include "runtime/native/Error.h"
#include "tools/basalt/ChipArguments.h"
#include "tools/basalt/ImportArguments.h"
#include "tools/basalt/Version.h"

#include "llvm/ADT/STLExtras.h"
#include <CLI/CLI.hpp>
#include <algorithm>

using namespace basalt;
using namespace basalt::driver;

static const char *const kStages = "proc, resolved, step, optimized, "
                                   "neurocore, lowered, emitc, cpp, exe, lib, image";

namespace {
/// CLI11's help, with lines of bearable length.
class HelpFormatter : public CLI::Formatter {
  static constexpr size_t kWidth = 66;

  /// `--print,--no-print{false}` => `--print,--no-print`; values that a flag stands for are left
  /// out.
  std::string make_option_name(const CLI::Option *option, bool positional) const override {
    std::string name = CLI::Formatter::make_option_name(option, positional);
    for (size_t at; (at = name.find('{')) != std::string::npos;)
      name.erase(at, name.find('}', at) - at + 1);
    return name;
  }

  std::string make_option_desc(const CLI::Option *option) const override {
    std::string result;
    size_t used = 0;
    for (const std::string &word :
         CLI::detail::split(CLI::Formatter::make_option_desc(option), ' ')) {
      bool fits = used + word.size() < kWidth;
      if (!result.empty())
        result += fits ? ' ' : '\n';
      used = fits ? used + word.size() + 1 : word.size();
      result += word;
    }
    return result;
  }
};
} // namespace

static void addFlag(CLI::App &app, const char *name, bool &flag, const char *text) {
  app.add_flag(name, flag, text);
}

/// An option that may be given several times. Not a vector of CLI11, which would split a value like
/// [1, 2] in its own way.
static CLI::Option *addRepeated(CLI::App &app, const char *name, const char *type, const char *text,
                                std::function<void(const std::string &)> add) {
  return app
      .add_option_function<std::vector<std::string>>(
          name,
          [add = std::move(add)](const std::vector<std::string> &values) {
            for (const std::string &value : values)
              add(value);
          },
          text)
      ->type_name(type)
      ->type_size(1)
      ->expected(1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// `NAME=VALUE`, both of them not empty.
static std::pair<std::string, std::string> splitPair(const std::string &text, const char *option) {
  size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw CLI::ValidationError(std::string(option) + ": expected NAME=VALUE, found '" + text + "'");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

static void addInputArguments(CLI::App &app, InputArguments &input) {
  InputArguments *in = &input;
  app.add_option("FILE", input.file, "the network: a YAML file, or a trained network (.nir, .net)")
      ->required()
      ->type_name("");
  addRepeated(app, "--param", "NAME=VALUE", "give a parameter of the file another value",
              [in](const std::string &text) { in->params.push_back(splitPair(text, "--param")); });
  app.add_option("--tag", input.tag, "take models that have this tag")->type_name("TAG");
  addFlag(app, "--select-sub-process", input.selectSubProcess,
          "prefer hierarchical models where a process has them");
  addRepeated(app, "--select", "NAME=MODEL", "take this model for a process or an instance",
              [in](const std::string &text) {
                splitPair(text, "--select");
                in->exceptions.push_back(text);
              });
  addFlag(app, "--strict", input.strict, "make errors of remote accesses that nothing orders");
  addFlag(app, "--explain-selection", input.explainSelection,
          "say which model was taken for each process, and why");
  addImportArguments(app, input.import);
}

/// A table of all warnings, as --help-warnings prints it.
static std::string warningsText() {
  std::string result = "Warnings, for -WNAME, -Wno-NAME, -Werror=NAME and -Wno-error=NAME:\n";
  for (const WarningInfo &info : allWarnings()) {
    std::string text = info.text.str();
    if (!info.onByDefault)
      text += " (off if not asked for)";
    result += "\n  " + info.name.str() + "\n      " + text;
  }
  return result;
}

static void addHelpWarnings(CLI::App &app, const char *group) {
  app.add_flag_callback(
         "--help-warnings", [] { throw CLI::CallForVersion(warningsText(), 0); },
         "list the warnings and what each is about")
      ->group(group);
}

static void addDiagnosticArguments(CLI::App &app, DiagnosticOptions &diagnostics) {
  const char *group = "Errors and warnings";
  WarningOptions &warnings = diagnostics.warnings;
  addRepeated(app, "-W", "WARNING",
              "NAME: turn a warning on, no-NAME: off, error=NAME: make it an error, no-error=NAME: "
              "only a warning, error: make all errors, all: turn all on; later ones win",
              [&warnings](const std::string &text) {
                if (std::string wrong = warnings.parse(text); !wrong.empty())
                  throw CLI::ValidationError("-W" + text + ": " + wrong);
              })
      ->group(group);
  app.add_flag_callback("-w", [&warnings] { warnings.silenceAll(); }, "no warnings")->group(group);
  addHelpWarnings(app, group);
  app.add_option_function<std::string>(
         "--diagnostics",
         [&diagnostics](const std::string &form) {
           diagnostics.form = form == "json" ? DiagnosticForm::Json : DiagnosticForm::Text;
         },
         "the form of errors and warnings: text (default), or json, one object a line")
      ->type_name("FORM")
      ->check(CLI::IsMember({"text", "json"}))
      ->group(group);
  app.add_option("--error-limit", diagnostics.errorLimit,
                 "print at most so many errors (20 if not given); 0: all")
      ->type_name("N")
      ->group(group);
}

static void addNativeArguments(CLI::App &app, NativeArguments &native) {
  app.add_option("--cxx", native.cxx,
                 "the C++ compiler (else $BASALT_CXX, else clang++-22, clang++ or g++)")
      ->type_name("PROGRAM");
  addFlag(app, "--debug", native.debug, "make a program for a debugger, unoptimised");
  app.add_flag("--test-all-regions", native.allRegions)->group(""); // hidden: for tests
}

static void addWatchArguments(CLI::App &app, WatchArguments &watch) {
  const char *group = "Looking into the compiler";
  app.add_flag("--verify-each,!--no-verify-each", watch.verifyEach,
               "verify the IR after each pass, not at the end alone")
      ->group(group);
  app.add_flag("--verify-round-trip", watch.verifyRoundTrip,
               "check that the IR of each stage survives printing and parsing")
      ->group(group);
  app.add_flag("--print-ir-after-all", watch.printIRAfterAll,
               "print the IR to standard error after each pass; so do MLIR's own options, "
               "which all start with --mlir-")
      ->group(group);
  app.add_option("--reproducer", watch.reproducer,
                 "where to write the IR that makes the compiler fail (else a temporary file)")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--test-crash-after", watch.crashAfter)->group(""); // hidden: for tests
}

static void addCheck(CLI::App &app, Arguments &arguments) {
  CLI::App *command = app.add_subcommand("check", "report what is wrong with a network");
  addInputArguments(*command, arguments.input);
  addDiagnosticArguments(*command, arguments.diagnostics);
  command
      ->add_option("--report", arguments.report,
                   "print to standard output: remote, who accesses whose Vars in which phase")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"remote"}));
  addWatchArguments(*command, arguments.watch);
  command->final_callback([&] { arguments.command = Command::Check; });
}

static void addCompile(CLI::App &app, Arguments &arguments) {
  CLI::App *command =
      app.add_subcommand("compile", "make a simulator of a network, or stop on the way to it");
  addInputArguments(*command, arguments.input);
  command->add_option("-o,--output", arguments.output, "the file to write (else standard output)")
      ->type_name("FILE");
  command
      ->add_option("--emit,--stop-after", arguments.emit,
                   std::string("what to make: the program after this stage (default exe, or image "
                               "for neurocores): ") +
                       kStages)
      ->type_name("STAGE");
  command
      ->add_option("--target", arguments.platform,
                   "what to make it for: native (default), or neurocore, which makes an image")
      ->type_name("TARGET")
      ->check(CLI::IsMember({"native", "neurocore"}));
  addChipArguments(*command, arguments);
  addNativeArguments(*command, arguments.native);
  addFlag(*command, "--profile", arguments.native.profile,
          "make a program whose --profile tells the time of each process");
  addFlag(*command, "--locations", arguments.watch.printLocations,
          "print the places of the source into the IR");
  addDiagnosticArguments(*command, arguments.diagnostics);
  addWatchArguments(*command, arguments.watch);
  command->final_callback([&] { arguments.command = Command::Compile; });
}

/// What is wrong with the value of --interpret; empty: nothing.
static std::string checkInterpreted(const std::string &stage) {
  if (stage == "proc" || stage == "step" || stage == "optimized")
    return "";
  return "expected proc, step or optimized, found '" + stage + "'";
}

static void addRun(CLI::App &app, Arguments &arguments) {
  CLI::App *command =
      app.add_subcommand("run", "compile a network, unless that has been done before, and run it");
  addInputArguments(*command, arguments.input);
  rt::addRunOptions(*command, arguments.runOptions);
  command->remove_option(command->get_option("--data")); // it is what the compiler makes
  CLI::Option *interpret =
      command
          ->add_flag("--interpret{proc}", arguments.interpret,
                     "run in an interpreter, which is slow and makes no machine code; "
                     "--interpret=step and --interpret=optimized run the program of that stage "
                     "in the place of the processes")
          ->check(checkInterpreted);
  addNativeArguments(*command, arguments.native);
  interpret->excludes(command->get_option("--cxx"))->excludes(command->get_option("--debug"));
  command->add_flag("!--no-cache", arguments.cache, "compile again whatever has been done before");
  addDiagnosticArguments(*command, arguments.diagnostics);
  addWatchArguments(*command, arguments.watch);
  command->final_callback([&] { arguments.command = Command::Run; });
}

static void addImport(CLI::App &app, Arguments &arguments) {
  CLI::App *command = app.add_subcommand(
      "import", "write a trained network as YAML, with a folder of its arrays beside it");
  command->add_option("FILE", arguments.input.file, "a file of NIR (.nir) or lava-dl (.net)")
      ->required()
      ->type_name("");
  command->add_option("-o,--output", arguments.output, "the YAML file to write")->type_name("FILE");
  addImportArguments(*command, arguments.input.import);
  command->final_callback([&] { arguments.command = Command::Import; });
}

static void addExport(CLI::App &app, Arguments &arguments) {
  CLI::App *command = app.add_subcommand("export", "write a network as a file of NIR");
  addInputArguments(*command, arguments.input);
  command->add_option("-o,--output", arguments.output, "the file to write, NAME.nir")
      ->type_name("FILE");
  addDiagnosticArguments(*command, arguments.diagnostics);
  addWatchArguments(*command, arguments.watch);
  command->final_callback([&] { arguments.command = Command::Export; });
}

static void addTargets(CLI::App &app, Arguments &arguments) {
  CLI::App *command =
      app.add_subcommand("targets", "list the chips that Basalt knows, or the numbers of one");
  command->add_option("TARGET", arguments.target, "a name from the list, or a YAML file")
      ->type_name("");
  addFlag(*command, "--canonical", arguments.canonical,
          "print the text that goes into images, of which the target's hash is made");
  command->final_callback([&] { arguments.command = Command::Targets; });
}

static void addEmulate(CLI::App &app, Arguments &arguments) {
  CLI::App *command =
      app.add_subcommand("emulate", "run a neurocore image in the emulator of its chip");
  command->add_option("IMAGE", arguments.images, "the image, an .nci file")
      ->required()
      ->expected(1)
      ->type_name("");
  rt::addRunOptions(*command, arguments.runOptions);
  command->remove_option(command->get_option("--data")); // an image has its own
  addFlag(*command, "--counters", arguments.counters,
          "print at the end what each core has done: updates, spikes, synaptic operations");
  command->final_callback([&] { arguments.command = Command::Emulate; });
}

static void addInspect(CLI::App &app, Arguments &arguments) {
  CLI::App *command = app.add_subcommand(
      "inspect",
      "print a neurocore image, or the differences of two (exit code 1 if there are any)");
  command->add_option("IMAGE", arguments.images, "one image, or two to be compared")
      ->required()
      ->expected(1, 2)
      ->type_name("");
  addFlag(*command, "--json", arguments.json, "print all of it as JSON");
  addFlag(*command, "--all", arguments.all, "print each axon, synapse and initial value, too");
  command->final_callback([&] { arguments.command = Command::Inspect; });
}

static void addReport(CLI::App &app, Arguments &arguments) {
  CLI::App *command = app.add_subcommand(
      "report", "say how a network or an image fits its chip, what it costs, and where it is");
  addReportArguments(*command, arguments);
  addInputArguments(*command, arguments.input);
  addChipArguments(*command, arguments);
  addDiagnosticArguments(*command, arguments.diagnostics);
  command->final_callback([&] {
    arguments.command = Command::Report;
    arguments.platform = "neurocore";
  });
}

/// Commands about the language, for editors.
static void addEditors(CLI::App &app, Arguments &arguments) {
  app.add_subcommand("schema", "print the JSON Schema of the language, for editors")
      ->final_callback([&] { arguments.command = Command::Schema; });
  CLI::App *lsp =
      app.add_subcommand("lsp", "serve an editor: a language server on standard input and output");
  // Editors add it to the command lines of all servers.
  lsp->add_flag("--stdio", "what it does anyway");
  lsp->final_callback([&] { arguments.command = Command::Lsp; });
}

static bool isForMlir(const std::string &argument) { return argument.rfind("--mlir-", 0) == 0; }

/// CLI11 would only say that there is no command.
static void checkCommand(const std::vector<std::string> &arguments) {
  if (arguments.empty() || arguments[0].rfind('-', 0) == 0)
    return;
  const llvm::StringRef commands[] = {"check",   "compile", "run",    "import", "export", "targets",
                                      "emulate", "inspect", "report", "schema", "lsp"};
  if (llvm::is_contained(commands, arguments[0]))
    return;
  std::string hint = didYouMean(arguments[0], commands);
  throw rt::UsageError("unknown command '" + arguments[0] + "'" +
                       (hint.empty()
                            ? ", expected check, compile, run, import, export, emulate, inspect, "
                              "report, targets, schema or lsp"
                            : hint));
}

/// Of words that no option or argument has taken, the first that looks like an option.
static std::string unexpected(const CLI::App &app) {
  std::vector<std::string> words = app.remaining(/*recurse=*/true);
  std::vector<std::string> options;
  for (const CLI::App *command : app.get_subcommands())
    for (const CLI::Option *option : command->get_options())
      for (const std::string &name : option->get_lnames())
        options.push_back("--" + name);
  std::vector<llvm::StringRef> names(options.begin(), options.end());
  for (const std::string &word : words)
    if (word.rfind('-', 0) == 0) {
      std::string name = word.substr(0, word.find('='));
      return "unknown option '" + name + "'" + didYouMean(name, names);
    }
  return "unexpected argument '" + (words.empty() ? "" : words.front()) + "'";
}

Arguments basalt::driver::parseCommandLine(const std::vector<std::string> &given) {
  Arguments result;
  CLI::App app("Compiles networks of communicating processes and runs them.", "basalt");
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_version_flag("--version", versionText(), "print the versions of Basalt and its parts");
  app.set_help_flag("-h,--help", "print this");
  addHelpWarnings(app, "Options");
  app.require_subcommand(1);
  addCheck(app, result);
  addCompile(app, result);
  addRun(app, result);
  addImport(app, result);
  addExport(app, result);
  addEmulate(app, result);
  addInspect(app, result);
  addReport(app, result);
  addTargets(app, result);
  addEditors(app, result);
  app.footer(
      "`basalt COMMAND --help` lists the options of a command.\n\n"
      "Exit codes: 0 done, 1 the input is wrong or the run failed, 2 wrong usage, 3 an error "
      "in Basalt.");

  std::vector<std::string> arguments;
  for (const std::string &argument : given)
    (isForMlir(argument) ? result.mlir : arguments).push_back(argument);
  checkCommand(arguments);
  std::reverse(arguments.begin(), arguments.end()); // as CLI11 wants them
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp &) {
    result.message = app.help();
  } catch (const CLI::CallForVersion &text) { // or for warnings
    result.message = std::string(text.what()) + "\n";
  } catch (const CLI::ExtrasError &) {
    throw rt::UsageError(unexpected(app));
  } catch (const CLI::Error &error) {
    throw rt::UsageError(error.what());
  }
  return result;
}

std::vector<std::string> basalt::driver::formatRunOptions(const rt::RunOptions &options) {
  std::vector<std::string> result;
  auto add = [&](const char *name, const std::string &value) {
    result.push_back(std::string(name) + "=" + value);
  };
  if (options.stages)
    add("--stages", rt::formatStages(*options.stages));
  if (options.out)
    add("--out", *options.out);
  if (options.print)
    result.push_back(*options.print ? "--print" : "--no-print");
  for (const std::string &probe : options.probes)
    add("--probe", probe);
  for (const std::string &get : options.gets)
    add("--get", get);
  for (const rt::SetRequest &set : options.sets)
    add("--set", set.name + "=" + set.value);
  if (options.seed)
    add("--seed", std::to_string(*options.seed));
  if (options.threads)
    add("--threads", std::to_string(*options.threads));
  if (options.checkFinite)
    result.push_back("--check-finite");
  if (!options.profile.empty())
    add("--profile", options.profile);
  if (options.memoryLimit)
    add("--memory-limit",
        *options.memoryLimit == rt::kNoMemoryLimit ? "none" : std::to_string(*options.memoryLimit));
  return result;
}
