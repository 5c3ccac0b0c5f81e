// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The front end: a Basalt file and what it imports, to proc.
#ifndef BASALT_COMPILER_FRONTEND_FRONTEND_H
#define BASALT_COMPILER_FRONTEND_FRONTEND_H

#include "compiler/support/SourceFiles.h"
#include "runtime/native/Npy.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace basalt::frontend {

struct FrontendOptions {
  /// `--param name=value`: override the file's `params`.
  std::vector<std::pair<std::string, std::string>> params;
  /// The folder of the standard library (support/Resources.h); empty: there is none.
  std::string library;
  /// Of a text that is in memory, as its arrays are: see DataFiles.
  const std::map<std::string, rt::NpyArray> *arrays = nullptr;
  /// `--seed`: of random values, in place of that of the run section.
  std::optional<uint64_t> seed;
};

/// A word of the `run:` section that names something of the network: `--probe=lif.v`,
/// `--set=lif.vth=12`.
struct RunItem {
  std::string argument;
  mlir::Location loc;
};

/// Where `place:` of the `target:` section has an instance stand.
struct PlaceDefault {
  std::string instance;
  int64_t chip = 0;
  std::vector<int64_t> cores; ///< empty: any of the chip
  mlir::Location loc;
};

/// What the `target:` section says: how the neurocore target is used unless the command line says
/// something else.
struct TargetDefaults {
  std::string chip; ///< a name, or the path of a file; empty: none is given
  std::optional<mlir::Location> chipLoc;
  int64_t neuronsPerCore = 0; ///< 0: not given
  std::vector<PlaceDefault> places;
};

/// What the `run:` section says, and what else the driver needs to know of the input.
struct RunDefaults {
  /// Options of a run in the form of the generated program's command line (`--stages=5`,
  /// `--probe=lif.v`).
  std::vector<std::string> arguments;
  /// Those that name something, sets between stages too, as they stand in the file: for checks of
  /// the names and values.
  std::vector<RunItem> items;
  /// Where `run:` and `target:` begin: what is wrong in them is not about the network.
  std::vector<mlir::Location> sections;
  /// Of model selection.
  std::string selectTag;
  bool selectSubProcess = false;
  std::vector<std::string> exceptions; ///< `Process=model`
  bool strict = false;
  TargetDefaults target;
  /// Arrays that were read: path and SHA-256. The sources themselves are in SourceFiles.
  std::vector<std::pair<std::string, std::string>> dataFiles;
  /// Initial values depend on the seed.
  bool usesSeed = false;
};

/// Reads the file at `path` and all it imports into a module of proc ops. Errors are reported
/// through the context's diagnostics at their place in the text. The context must have the dialects
/// proc, num, arith and scf loaded. If there are errors, `rest` gets what could be built, if that
/// makes sense: a module without the parts that the errors are about.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importYaml(SourceFiles &sources, llvm::StringRef path, mlir::MLIRContext *context,
           const FrontendOptions &options, RunDefaults &defaults,
           mlir::OwningOpRef<mlir::ModuleOp> *rest = nullptr);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_FRONTEND_H
