// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One compilation in a context of its own: what one input leaves behind must not reach the next.
#include "test/fuzz/Compile.h"

#include "compiler/resolve/Passes.h"
#include "compiler/schedule/Passes.h"
#include "dialect/num/Num.h"
#include "dialect/proc/Proc.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Regex.h"

using namespace mlir;
using namespace basalt;

static DialectRegistry dialects() {
  DialectRegistry registry;
  registry.insert<num::NumDialect, proc::ProcDialect, step::StepDialect, arith::ArithDialect,
                  func::FuncDialect, scf::SCFDialect, tensor::TensorDialect>();
  return registry;
}

[[noreturn]] static void fail(const std::string &what) {
  llvm::errs() << "broken promise: " << what << "\n";
  abort();
}

namespace {
/// Sees the errors of one compilation.
class Errors {
public:
  explicit Errors(MLIRContext *context)
      : handler(context, [this](Diagnostic &diagnostic) { see(diagnostic); }) {}
  unsigned count() const { return seen; }

private:
  void see(Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return;
    ++seen;
    std::string said = diagnostic.str();
    // A verifier speaks of ops: then the front end has let something pass that it should not.
    static const llvm::Regex verifiers("^'[a-z]+\\.[a-z_.]+' op ");
    if (verifiers.match(said))
      fail("an error about our IR: " + said);
    if (!diagnostic.getLocation()->findInstanceOf<FileLineColLoc>())
      fail("an error without a place: " + said);
  }

  unsigned seen = 0;
  ScopedDiagnosticHandler handler;
};
} // namespace

static bool runPasses(ModuleOp module) {
  PassManager manager(module.getContext(), ModuleOp::getOperationName());
  buildResolvePipeline(manager, {});
  buildSchedulePipeline(manager);
  return succeeded(manager.run(module));
}

void fuzz::compile(StringRef text, Until until, const frontend::FrontendOptions &options) {
  MLIRContext context(dialects(), MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  context.printOpOnDiagnostic(false);
  Errors errors(&context);
  SourceFiles sources;
  sources.addBuffer("net.yaml", text);
  frontend::RunDefaults defaults;
  FailureOr<OwningOpRef<ModuleOp>> module =
      frontend::importYaml(sources, "net.yaml", &context, options, defaults);
  bool ok = succeeded(module);
  if (ok && until == Until::Step)
    ok = runPasses(**module);
  if (ok && errors.count() > 0)
    fail("an error, and success");
  if (!ok && errors.count() == 0)
    fail("a failure without an error");
}
