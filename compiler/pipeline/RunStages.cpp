// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Running a pass manager under observation.
#include "compiler/pipeline/RunStages.h"

#include "compiler/support/Files.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace basalt;

namespace {
/// Which passes run (outermost first; after a crash, those that never came back), and which failed.
struct PassTrace {
  std::vector<std::string> running;
  std::string failed;
};

class TraceInstrumentation : public PassInstrumentation {
public:
  TraceInstrumentation(PassTrace &trace, const WatchOptions &watch) : trace(trace), watch(watch) {}

  void runBeforePass(Pass *pass, Operation *) override {
    trace.running.push_back(pass->getArgument().str());
  }
  void runAfterPass(Pass *pass, Operation *op) override {
    trace.running.pop_back();
    auto module = dyn_cast<ModuleOp>(op);
    if (watch.afterPass && module)
      watch.afterPass(pass->getArgument(), module);
  }
  void runAfterPassFailed(Pass *, Operation *) override {
    // The innermost, which is the first to fail.
    if (trace.failed.empty())
      trace.failed = trace.running.back();
    trace.running.pop_back();
  }

private:
  PassTrace &trace;
  const WatchOptions &watch;
};

/// Sees all errors before they are printed, and tells those about the user's text from those about
/// our IR.
class ErrorObserver {
public:
  explicit ErrorObserver(MLIRContext *context)
      : handler(context, [this](Diagnostic &diagnostic) { return observe(diagnostic); }) {}

  bool seenUserError() const { return userErrors; }
  bool seenInternalError() const { return internalErrors; }

private:
  LogicalResult observe(Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return failure(); // to the next handler
    std::string text = diagnostic.str();
    llvm::StringRef message = text;
    // The note that a reproducer was made, which is said in other words, if at all.
    if (message.starts_with("Failures have been detected while processing an MLIR pass pipeline"))
      return success();
    // "'proc.var' op expects ...": from verifiers. Users do not know our ops.
    bool internal = message.starts_with("failed to legalize ") ||
                    (message.starts_with("'") && message.contains("' op "));
    (internal ? internalErrors : userErrors) = true;
    return failure();
  }

  bool userErrors = false;
  bool internalErrors = false;
  ScopedDiagnosticHandler handler; // last: it calls the rest
};

/// Keeps the reproducer in memory; most failures are the user's, and need none.
class ReproducerInMemory : public ReproducerStream {
public:
  explicit ReproducerInMemory(std::string &text) : stream(text) {}
  StringRef description() override { return "in memory"; }
  raw_ostream &os() override { return stream; }

private:
  llvm::raw_string_ostream stream;
};
} // namespace

static void watchPasses(PassManager &manager, const WatchOptions &watch) {
  manager.enableVerifier(watch.verifyEach);
  if (watch.printIRAfterAll)
    manager.enableIRPrinting([](Pass *, Operation *) { return false; },
                             [](Pass *, Operation *) { return true; });
}

/// Writes the reproducer; returns its path, or nothing if there is none.
static std::string writeReproducer(const std::string &text, const WatchOptions &watch) {
  llvm::SmallString<128> path(watch.reproducer);
  if (text.empty() ||
      (path.empty() && llvm::sys::fs::createTemporaryFile("basalt-reproducer", "mlir", path)))
    return "";
  std::string reason;
  if (failed(writeFile(path, text, &reason)))
    return "";
  return path.str().str();
}

StagesResult basalt::runStages(ModuleOp module, Stage from, Stage to,
                               const PipelineOptions &options, const WatchOptions &watch) {
  PassManager manager(module.getContext(), ModuleOp::getOperationName());
  PassTrace trace;
  std::string reproducer;
  watchPasses(manager, watch);
  manager.addInstrumentation(std::make_unique<TraceInstrumentation>(trace, watch));
  manager.enableCrashReproducerGeneration(
      [&](std::string &) { return std::make_unique<ReproducerInMemory>(reproducer); });
  // Last: who gives MLIR's own options means them.
  if (watch.mlirOptions) {
    if (failed(applyPassManagerCLOptions(manager)))
      return {Outcome::WrongInput, "", ""}; // after a word about it
    applyDefaultTimingPassManagerCLOptions(manager);
  }
  buildPipeline(manager, from, to, options);

  ErrorObserver errors(module.getContext());
  // A pass that breaks the IR is found at the end at the latest.
  if (succeeded(manager.run(module)) && (watch.verifyEach || succeeded(verify(module))))
    return {Outcome::Done, "", ""};
  bool crashed = !trace.running.empty();
  if (!crashed && errors.seenUserError() && !errors.seenInternalError())
    return {Outcome::WrongInput, "", ""};
  return {Outcome::InternalError, crashed ? trace.running.back() : trace.failed,
          writeReproducer(reproducer, watch)};
}
