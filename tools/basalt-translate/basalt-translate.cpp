// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// basalt-translate: the doors of the compiler one by one. Between them basalt-opt does the work:
//
//   basalt-translate --yaml-to-proc net.yaml | basalt-opt --resolve | ...
//   ... | basalt-translate --step-to-cpp
//
// For tests, and for looking at one step; users want `basalt`.
#include "compiler/frontend/Frontend.h"
#include "compiler/native/Native.h"
#include "compiler/pipeline/Pipeline.h"
#include "compiler/pipeline/Register.h"
#include "compiler/support/Resources.h"
#include "compiler/support/SourceFiles.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace basalt;

static OwningOpRef<Operation *> importYaml(llvm::SourceMgr &manager, MLIRContext *context) {
  context->loadAllAvailableDialects();
  const llvm::MemoryBuffer *buffer = manager.getMemoryBuffer(manager.getMainFileID());
  SourceFiles sources;
  sources.addBuffer(buffer->getBufferIdentifier(), buffer->getBuffer());
  frontend::FrontendOptions options;
  options.library = findLibrary();
  frontend::RunDefaults defaults;
  FailureOr<OwningOpRef<ModuleOp>> module =
      frontend::importYaml(sources, buffer->getBufferIdentifier(), context, options, defaults);
  if (failed(module))
    return nullptr;
  return OwningOpRef<Operation *>(module->release());
}

static LogicalResult exportEmitc(Operation *op, llvm::raw_ostream &out) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    return op->emitError("expected a module");
  FailureOr<std::string> text = native::printCpp(module);
  if (failed(text))
    return failure();
  out << *text;
  return success();
}

static LogicalResult exportStep(Operation *op, llvm::raw_ostream &out) {
  PassManager manager(op->getContext(), ModuleOp::getOperationName());
  buildPipeline(manager, Stage::Step, Stage::Emitc, {});
  if (failed(manager.run(op)))
    return failure();
  return exportEmitc(op, out);
}

int main(int argc, char **argv) {
  TranslateToMLIRRegistration yaml("yaml-to-proc", "a network in YAML to the proc dialect",
                                   importYaml, registerAllDialects);
  TranslateFromMLIRRegistration step("step-to-cpp", "a step.program to C++", exportStep,
                                     registerAllDialects);
  TranslateFromMLIRRegistration emitc("emitc-to-cpp", "the result of the stage emitc to C++",
                                      exportEmitc, registerAllDialects);
  return failed(mlirTranslateMain(argc, argv, "Basalt translation tool")) ? 1 : 0;
}
