// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- DiagnosticPrinter.h - diagnostics as the user sees them ------------===//
//
// Prints the diagnostics of an MLIRContext in clang's form: `file:line:col: error: text`, the
// source line, a caret; or as JSON, one object a line, whose form docs/driver.md describes. They
// are held back and printed in the order of the text, since passes walk the program in orders that
// mean nothing to its author; a diagnostic that several instances of one process cause is printed
// once.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SUPPORT_DIAGNOSTICPRINTER_H
#define BASALT_COMPILER_SUPPORT_DIAGNOSTICPRINTER_H

#include "compiler/support/SourceFiles.h"
#include "compiler/support/Warnings.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace basalt {

enum class DiagnosticForm { Text, Json };

struct DiagnosticOptions {
  DiagnosticForm form = DiagnosticForm::Text;
  /// As many errors are printed; 0 means all.
  unsigned errorLimit = 20;
  /// Which warnings are printed, and which are errors.
  WarningOptions warnings;
};

/// Prints what is not about a place of the input.
void printMessage(llvm::raw_ostream &os, DiagnosticForm form, mlir::DiagnosticSeverity severity,
                  llvm::StringRef text, llvm::ArrayRef<std::string> notes = {});

/// Whether text printed to `os` is coloured: if it is a terminal, unless NO_COLOR is set, or
/// anyhow if CLICOLOR_FORCE is.
bool wantsColors(const llvm::raw_ostream &os);

/// While it lives, takes over all diagnostics of a context. Prints on flush() and when it dies.
class DiagnosticPrinter : private mlir::SourceMgrDiagnosticHandler {
public:
  /// Prints to `os`.
  DiagnosticPrinter(SourceFiles &sources, mlir::MLIRContext *context, llvm::raw_ostream &os,
                    DiagnosticOptions options = {});
  ~DiagnosticPrinter();

  /// Prints what has been held back, sorted by file (in the order of loading), line and column.
  void flush();

  /// Distinct errors and warnings so far, printed or not; warnings that are errors count as such,
  /// those that are silenced as nothing.
  unsigned errorCount() const { return errors; }
  unsigned warningCount() const { return warnings; }

private:
  /// A message at a place; `place` is a FileLineColLoc if there is one in the diagnostic's
  /// location.
  struct Message {
    mlir::Location place;
    mlir::DiagnosticSeverity severity;
    std::string text;
    std::optional<Warning> warning = std::nullopt;
  };
  /// A diagnostic with its notes, those on the instance it came from included.
  struct Held {
    Message main;
    std::vector<Message> notes;
  };

  void take(mlir::Diagnostic &diagnostic);
  std::optional<Message> mainMessage(mlir::Diagnostic &diagnostic, mlir::Location place) const;
  bool isKnown(const Message &message);
  void sortHeld();
  void printText(const Message &message);
  void addPlace(llvm::json::Object &object, mlir::Location place) const;
  void printJson(const Held &diagnostic);
  void print(const Held &diagnostic);

  SourceFiles &sources;
  llvm::raw_ostream &out;
  DiagnosticOptions options;
  unsigned errors = 0;
  unsigned warnings = 0;
  unsigned printedErrors = 0;
  std::vector<Held> held;
  /// What has been taken already, as text of place and message.
  llvm::StringSet<> known;
};

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_DIAGNOSTICPRINTER_H
