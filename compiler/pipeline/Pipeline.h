// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Pipeline.h - the map of the compiler -------------------------------===//
//
// The stages in their order and which passes lead to each. A module of proc ops enters behind Proc
// (compiler/frontend makes it) and leaves as a module of emitc ops, which the C++ printer and the
// C++ compiler turn into a program. README.md of this folder is the tour.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_PIPELINE_PIPELINE_H
#define BASALT_COMPILER_PIPELINE_PIPELINE_H

#include "compiler/native/Native.h"
#include "compiler/resolve/Passes.h"
#include "compiler/schedule/Passes.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace basalt {

/// What a program is while it is compiled, named after the stage that has just ended.
enum class Stage : uint8_t {
  Proc,      ///< what the user wrote
  Resolved,  ///< one flat network: models chosen, VarPorts explicit, types concrete
  Step,      ///< what happens when: one ordered program per phase
  Optimized, ///< the same with kernels in place of elementwise ops
  Neurocore, ///< neurons, synapses and cores of a chip; nothing but an image is made of it
  Lowered,   ///< memory, loops and scalars
  Emitc,     ///< C++ as IR
  Cpp,       ///< C++ as text
  Exe,       ///< an executable
  Lib,       ///< a shared library
  Image,     ///< an image of a chip, made of the stage Neurocore
};

/// All stages in their order.
llvm::ArrayRef<Stage> allStages();

/// As in `--emit=resolved`.
llvm::StringRef nameOf(Stage stage);
std::optional<Stage> stageNamed(llvm::StringRef name);

/// Whether the program is a module of MLIR ops at that stage.
inline bool isIR(Stage stage) { return stage <= Stage::Emitc; }

struct NeurocoreStageOptions {
  std::string chip = "loihi2-like";
  uint64_t seed = 0;
  int64_t neuronsPerCore = 0; ///< at most; 0: as many as fit
  std::string place = "traffic";
  uint64_t placeSeed = 0;
};

struct PipelineOptions {
  ResolveOptions resolve;
  ScheduleStageOptions schedule;
  /// Whether delay lines may become projections, which neurocores know nothing of.
  bool formProjections = true;
  /// The chip that images are for, and how neurons are put onto it.
  NeurocoreStageOptions neurocore;
  native::NativeOptions native;
  /// Check at the end of each stage that the IR survives printing and parsing.
  bool verifyRoundTrip = false;
  /// For tests of how failures are reported: the stage behind which a pass crashes.
  std::optional<Stage> crashAfter;
};

/// Adds the passes that lead from stage `from` to stage `to`; both are IR.
void buildPipeline(mlir::OpPassManager &manager, Stage from, Stage to,
                   const PipelineOptions &options);

} // namespace basalt

#endif // BASALT_COMPILER_PIPELINE_PIPELINE_H
