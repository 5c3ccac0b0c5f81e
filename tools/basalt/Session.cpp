// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One compilation, as far as it is IR.
#include "tools/basalt/Session.h"

#include "tools/basalt/Places.h"
#include "tools/basalt/RunItems.h"
#include "tools/basalt/SecondLook.h"

#include "compiler/neurocore/lower/PinsOf.h"
#include "compiler/neurocore/target/TargetFile.h"
#include "compiler/pipeline/Register.h"
#include "compiler/support/Resources.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Dialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/Path.h"

using namespace basalt;
using namespace basalt::driver;

bool basalt::driver::survives(llvm::function_ref<void()> body) {
  llvm::CrashRecoveryContext::Enable();
  llvm::CrashRecoveryContext recovery;
  return recovery.RunSafely(body);
}

static mlir::DialectRegistry allDialects() {
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  return registry;
}

/// MLIR's own options are variables inside it; they are set before there is a context.
static const Arguments &parsingMlirOptions(const Arguments &arguments) {
  if (arguments.mlir.empty())
    return arguments;
  registerAllPasses(); // by whose names some of the options choose
  mlir::registerMLIRContextCLOptions();
  mlir::registerAsmPrinterCLOptions();
  mlir::registerPassManagerCLOptions();
  mlir::registerDefaultTimingManagerCLOptions();
  std::vector<const char *> argv{"basalt"};
  for (const std::string &argument : arguments.mlir)
    argv.push_back(argument.c_str());
  std::string reason;
  llvm::raw_string_ostream stream(reason);
  if (!llvm::cl::ParseCommandLineOptions(argv.size(), argv.data(), "", &stream))
    throw rt::UsageError(llvm::StringRef(reason).trim().str());
  return arguments;
}

Session::Session(const Arguments &given, llvm::raw_ostream &output)
    : arguments(parsingMlirOptions(given)), messages(output),
      // Without threads: all passes are on modules, and a pool takes time to start.
      context(allDialects(), mlir::MLIRContext::Threading::DISABLED),
      printer(files, &context, messages, given.diagnostics) {
  context.loadAllAvailableDialects();
  context.printOpOnDiagnostic(false); // users read YAML, not IR
}

std::string Session::diagnostics() {
  printer.flush();
  return messages.text();
}

rt::ExitCode Session::reportInternalError(const std::string &what, const std::string &reproducer) {
  printer.flush();
  std::string note = reproducer.empty()
                         ? "'" + arguments.input.file + "' shows it to its developers"
                         : "`basalt-opt --run-reproducer " + reproducer + "` repeats it";
  printMessage(llvm::errs(), arguments.diagnostics.form, mlir::DiagnosticSeverity::Error,
               "internal error: " + what, "this is a bug in Basalt; " + note);
  return rt::kInternal;
}

/// Makes a text of a trained network; false, with the reasons reported, if that is not possible.
bool Session::importText() {
  const std::string &file = arguments.input.file;
  std::string folder = llvm::sys::path::stem(file).str() + "_data";
  imported = import::importFile(file, folder, arguments.input.import);
  messages << import::format(imported.messages, file);
  messages.flush();
  if (imported.hasErrors())
    return false;
  textName = file + ".yaml";
  files.addBuffer(textName, imported.network.yaml);
  for (auto &[name, array] : imported.network.arrays)
    arrays.emplace(name, std::move(array));
  return true;
}

mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
Session::runFrontend(SourceFiles &sources, frontend::RunDefaults &defaults) {
  frontend::FrontendOptions options;
  options.params = arguments.input.params;
  options.library = findLibrary();
  options.seed = arguments.runOptions.seed;
  if (!textName.empty())
    options.arrays = &arrays;
  return frontend::importYaml(sources, textName.empty() ? arguments.input.file : textName, &context,
                              options, defaults, &rest);
}

rt::ExitCode Session::read() {
  const std::string &file = arguments.input.file;
  if (import::isImportable(file)) {
    if (!importText())
      return rt::kFailed;
  } else if (arguments.input.import.isGiven()) {
    throw rt::UsageError("--input, --nir-... and --net-... are for trained networks, and '" + file +
                         "' is none; --param gives YAML files other data");
  }
  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> result = mlir::failure();
  bool alive = survives([&] { result = runFrontend(files, runDefaults); });
  if (!alive)
    return reportInternalError("the front end crashed", "");
  if (printer.errorCount() > 0)
    return rt::kFailed;
  if (failed(result))
    return reportInternalError("the front end failed and does not say why", "");
  program = std::move(*result);
  reached = Stage::Proc;
  return rt::kDone;
}

/// After errors that keep later stages from looking at the network. It was changed by passes, so it
/// is read once more.
void Session::lookAgain(llvm::ArrayRef<mlir::Location> errors) {
  if (reached) {
    SourceFiles sources;
    if (!textName.empty())
      sources.addBuffer(textName, imported.network.yaml);
    frontend::RunDefaults defaults;
    mlir::ScopedDiagnosticHandler silence(&context,
                                          [](mlir::Diagnostic &) { return mlir::success(); });
    if (mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> again = runFrontend(sources, defaults);
        succeeded(again))
      rest = std::move(*again);
  }
  if (rest)
    driver::lookAgain(*rest, reached.has_value(), errors, pipelineOptions().resolve, runDefaults);
}

llvm::StringRef Session::sourceLine(llvm::StringRef file, unsigned line) {
  auto [it, isNew] = lines.try_emplace(file);
  if (isNew)
    for (const auto &source : files.files())
      if (source->path == file)
        source->text.split(it->second, '\n');
  return line >= 1 && line <= it->second.size() ? it->second[line - 1] : "";
}

uint64_t Session::seed() const {
  if (arguments.runOptions.seed)
    return *arguments.runOptions.seed;
  return rt::parseArguments(runDefaults.arguments, arguments.input.file).options.seed.value_or(0);
}

/// Names of the Vars that the network's run section sets.
static std::vector<std::string> setVars(const frontend::RunDefaults &defaults) {
  std::vector<std::string> names;
  for (const frontend::RunItem &item : defaults.items)
    if (llvm::StringRef text = item.argument; text.consume_front("--set="))
      names.push_back(text.split('=').first.str());
  return names;
}

PipelineOptions Session::pipelineOptions() {
  const InputArguments &input = arguments.input;
  PipelineOptions options;
  options.resolve.tag = input.tag.value_or(runDefaults.selectTag);
  options.resolve.selectSubProcess = input.selectSubProcess || runDefaults.selectSubProcess;
  // Those of the command line win by being first.
  options.resolve.exceptions = input.exceptions;
  options.resolve.exceptions.insert(options.resolve.exceptions.end(),
                                    runDefaults.exceptions.begin(), runDefaults.exceptions.end());
  options.resolve.explainSelection = input.explainSelection;
  options.schedule.strict = input.strict || runDefaults.strict;
  options.schedule.checkRanges = llvm::any_of(kRangeWarnings, [&](Warning warning) {
    return arguments.diagnostics.warnings.treatmentOf(warning) != WarningOptions::Treatment::Silent;
  });
  options.schedule.changing = setVars(runDefaults);
  options.formProjections = arguments.platform != "neurocore";
  const frontend::TargetDefaults &target = runDefaults.target;
  if (!arguments.chip.empty() || !target.chip.empty())
    options.neurocore.chip = arguments.chip.empty() ? target.chip : arguments.chip;
  options.neurocore.neuronsPerCore =
      arguments.neuronsPerCore > 0 ? arguments.neuronsPerCore : target.neuronsPerCore;
  options.neurocore.place = arguments.place;
  options.neurocore.placeSeed = arguments.placeSeed;
  options.neurocore.seed = seed();
  options.native.allRegions = arguments.native.allRegions;
  options.native.profile = arguments.native.profile || !arguments.runOptions.profile.empty();
  options.native.sourceLine = [this](llvm::StringRef file, unsigned line) {
    return sourceLine(file, line);
  };
  options.verifyRoundTrip = arguments.watch.verifyRoundTrip;
  if (!arguments.watch.crashAfter.empty())
    options.crashAfter = stageNamed(arguments.watch.crashAfter);
  return options;
}

/// Whether the `target:` section is of interest.
bool Session::usesTarget(Stage stage) const {
  return stage == Stage::Neurocore || arguments.command == Command::Check;
}

/// That the chip exists and makes sense is found out where its name stands, in the network's
/// `target:` or nowhere; passes know the name alone.
rt::ExitCode Session::checkChip(Stage stage) {
  const frontend::TargetDefaults &target = runDefaults.target;
  std::string chip = pipelineOptions().neurocore.chip;
  if (!usesTarget(stage) ||
      (arguments.chip.empty() && target.chip.empty() && target.places.empty()))
    return rt::kDone;
  mlir::Location place = arguments.chip.empty() && target.chipLoc
                             ? *target.chipLoc
                             : mlir::Location(mlir::UnknownLoc::get(&context));
  auto loaded = neurocore::loadTarget(files, &context, chip, place);
  if (failed(loaded))
    return rt::kFailed;
  setPlaces(module(), target.places);
  return succeeded(checkPins(neurocore::pinsOf(module()), loaded->target)) ? rt::kDone
                                                                           : rt::kFailed;
}

rt::ExitCode Session::advance(Stage stage) {
  rt::ExitCode code = rt::kDone;
  {
    ErrorPlaces errors(&context);
    code = passResolved(stage);
    if (code == rt::kFailed && arguments.mlir.empty())
      // Whatever goes wrong there is no news.
      (void)survives([&] { lookAgain(std::vector(errors.all())); });
  }
  if (code == rt::kDone)
    code = runPasses(stage);
  printer.flush(); // all at once, so that they are sorted
  return code;
}

/// As far as errors depend on what the user wrote as a whole: names, kinds, shapes.
rt::ExitCode Session::passResolved(Stage stage) {
  if (!reached) {
    if (rt::ExitCode code = read(); code != rt::kDone)
      return code;
    if (rt::ExitCode code = checkChip(stage); code != rt::kDone)
      return code;
  }
  // Names of the run section can be checked once the network is flat. Who watches MLIR's passes
  // wants one report of all of them.
  if (*reached != Stage::Proc || stage == Stage::Proc || !arguments.mlir.empty())
    return rt::kDone;
  if (rt::ExitCode code = runPasses(Stage::Resolved); code != rt::kDone)
    return code;
  bool isRight = succeeded(checkRunItems(module(), runDefaults.items));
  if (usesTarget(stage))
    isRight &= succeeded(checkPlaces(module(), runDefaults.target.places));
  return isRight ? rt::kDone : rt::kFailed;
}

rt::ExitCode Session::runPasses(Stage stage) {
  if (*reached == stage)
    return rt::kDone;
  WatchOptions watch;
  watch.verifyEach = arguments.watch.verifyEach;
  watch.printIRAfterAll = arguments.watch.printIRAfterAll;
  watch.mlirOptions = !arguments.mlir.empty();
  watch.reproducer = arguments.watch.reproducer;
  watch.afterPass = afterPass;
  StagesResult result = runStages(module(), *reached, stage, pipelineOptions(), watch);
  reached = stage;
  switch (result.outcome) {
  case Outcome::Done:
    // Of warnings that are errors passes know nothing.
    return printer.errorCount() > 0 ? rt::kFailed : rt::kDone;
  case Outcome::WrongInput:
    return rt::kFailed;
  case Outcome::InternalError:
    break;
  }
  return reportInternalError("the pass '" + result.pass + "' failed", result.reproducer);
}
