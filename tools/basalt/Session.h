// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Session.h - one compilation ----------------------------------------===//
//
// Holds what a compilation needs from the first character read to the last pass: sources, context,
// diagnostics, module. Making one costs the creation of an MLIRContext, so `basalt run` asks its
// cache first.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_TOOLS_BASALT_SESSION_H
#define BASALT_TOOLS_BASALT_SESSION_H

#include "tools/basalt/Arguments.h"
#include "tools/basalt/Tee.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/pipeline/RunStages.h"
#include "compiler/support/DiagnosticPrinter.h"
#include "compiler/support/SourceFiles.h"
#include "runtime/native/Error.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace basalt::driver {

class Session {
public:
  /// Throws rt::UsageError for arguments that make no sense. What is reported goes to `messages`.
  explicit Session(const Arguments &arguments, llvm::raw_ostream &messages = llvm::errs());

  /// Reads the network, which makes the stage Proc, unless that has been done, and goes on to
  /// `stage`. What is not kDone has been reported; the session is of no more use then.
  rt::ExitCode advance(Stage stage);

  /// Null if the network could not be read.
  mlir::ModuleOp module() { return program.get(); }
  const Arguments &given() const { return arguments; }
  SourceFiles &sources() { return files; }
  const frontend::RunDefaults &defaults() const { return runDefaults; }
  /// Files that a trained network was made of; empty: the network is YAML.
  const std::vector<std::string> &importedFiles() const { return imported.files; }
  /// The name of the text that was made of them, which is no file.
  const std::string &importedText() const { return textName; }
  /// Of random values, as the command line or the network says; 0 if neither does.
  uint64_t seed() const;

  /// `call` sees the program after each pass that succeeds.
  void watchPasses(std::function<void(llvm::StringRef, mlir::ModuleOp)> call) {
    afterPass = std::move(call);
  }

  /// Prints what has been reported so far.
  void flushDiagnostics() { printer.flush(); }
  /// All that has been printed, without colours.
  std::string diagnostics();

private:
  rt::ExitCode passResolved(Stage stage);
  rt::ExitCode read();
  bool importText();
  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> runFrontend(SourceFiles &sources,
                                                                 frontend::RunDefaults &defaults);
  void lookAgain(llvm::ArrayRef<mlir::Location> errors);
  bool usesTarget(Stage stage) const;
  rt::ExitCode checkChip(Stage stage);
  rt::ExitCode runPasses(Stage stage);
  PipelineOptions pipelineOptions();
  llvm::StringRef sourceLine(llvm::StringRef file, unsigned line);
  /// Says that Basalt has failed at `what`; returns kInternal.
  rt::ExitCode reportInternalError(const std::string &what, const std::string &reproducer);

  const Arguments &arguments;
  Tee messages;
  SourceFiles files;
  mlir::MLIRContext context;
  DiagnosticPrinter printer;
  mlir::OwningOpRef<mlir::ModuleOp> program;
  mlir::OwningOpRef<mlir::ModuleOp> rest; ///< of a network with errors
  frontend::RunDefaults runDefaults;
  import::Imported imported;
  std::string textName;
  std::map<std::string, rt::NpyArray> arrays; ///< of the text
  std::optional<Stage> reached;
  std::function<void(llvm::StringRef, mlir::ModuleOp)> afterPass;
  /// Of the sources that have been asked for, by path.
  llvm::StringMap<llvm::SmallVector<llvm::StringRef, 0>> lines;
};

/// Calls `body`; false if it crashes.
bool survives(llvm::function_ref<void()> body);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_SESSION_H
