// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- DiagnosticPrinter.h - diagnostics as the user sees them ------------===//
//
// Prints the diagnostics of an MLIRContext in clang's form: `file:line:col: error: text`, the
// source line, a caret. They are held back and printed in the order of the text, since passes walk
// the program in orders that mean nothing to its author; a diagnostic that several instances of one
// process cause is printed once.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SUPPORT_DIAGNOSTICPRINTER_H
#define BASALT_COMPILER_SUPPORT_DIAGNOSTICPRINTER_H

#include "compiler/support/SourceFiles.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"
#include <string>
#include <vector>

namespace basalt {

/// While it lives, takes over all diagnostics of a context. Prints on flush() and when it dies.
class DiagnosticPrinter : private mlir::SourceMgrDiagnosticHandler {
public:
  /// As many errors are printed unless asked otherwise.
  static constexpr unsigned defaultErrorLimit = 20;

  /// Prints to `os`, in colour if it is a terminal and NO_COLOR is not set. An `errorLimit` of 0
  /// means all.
  DiagnosticPrinter(SourceFiles &sources, mlir::MLIRContext *context, llvm::raw_ostream &os,
                    unsigned errorLimit = defaultErrorLimit);
  ~DiagnosticPrinter();

  /// Prints what has been held back, sorted by file (in the order of loading), line and column.
  void flush();

  /// Distinct errors and warnings so far, printed or not.
  unsigned errorCount() const { return errors; }
  unsigned warningCount() const { return warnings; }

private:
  /// A message at a place; `place` is a FileLineColLoc if there is one in the diagnostic's
  /// location.
  struct Message {
    mlir::Location place;
    mlir::DiagnosticSeverity severity;
    std::string text;
  };
  /// A diagnostic with its notes, those on the instance it came from included.
  struct Held {
    Message main;
    std::vector<Message> notes;
  };

  void take(mlir::Diagnostic &diagnostic);
  bool isKnown(const Message &message);
  void sortHeld();
  void print(const Message &message);

  SourceFiles &sources;
  llvm::raw_ostream &out;
  unsigned errorLimit;
  unsigned errors = 0;
  unsigned warnings = 0;
  unsigned printedErrors = 0;
  std::vector<Held> held;
  /// What has been taken already, as text of place and message.
  llvm::StringSet<> known;
};

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_DIAGNOSTICPRINTER_H
