// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- RunStages.h - runs stages and tells whose fault a failure is -------===//
//
// The user's input can be wrong, which passes report as errors, or the compiler can: a pass
// crashes, fails without a word, or leaves IR that its verifier refuses. For the latter a file is
// written from which `basalt-opt --run-reproducer` repeats the failure.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_PIPELINE_RUNSTAGES_H
#define BASALT_COMPILER_PIPELINE_RUNSTAGES_H

#include "compiler/pipeline/Pipeline.h"

#include "mlir/IR/BuiltinOps.h"

#include <functional>
#include <string>

namespace basalt {

/// How passes are watched.
struct WatchOptions {
  /// Verify the IR after every pass; else at the end, which takes half the time for large networks.
  bool verifyEach = false;
  /// Print the IR to standard error after every pass that changes it.
  bool printIRAfterAll = false;
  /// Honour MLIR's own options of the command line, which must have been registered and parsed.
  bool mlirOptions = false;
  /// The file that gets the reproducer; empty: a new one in the folder for temporary files.
  std::string reproducer;
  /// If set, called after each pass that succeeds, with its name.
  std::function<void(llvm::StringRef, mlir::ModuleOp)> afterPass;
};

enum class Outcome {
  Done,
  WrongInput,    ///< errors have been reported
  InternalError, ///< the compiler has failed
};

struct StagesResult {
  Outcome outcome;
  /// Of an internal error: the pass that failed, if it was one, and the reproducer, if it could be
  /// written.
  std::string pass;
  std::string reproducer;
};

/// Takes `module` from stage `from` to stage `to`.
StagesResult runStages(mlir::ModuleOp module, Stage from, Stage to, const PipelineOptions &options,
                       const WatchOptions &watch);

} // namespace basalt

#endif // BASALT_COMPILER_PIPELINE_RUNSTAGES_H
