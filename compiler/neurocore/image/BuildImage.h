// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- BuildImage.h - a placed network as an image ------------------------===//
//
// Fills the tables of runtime/neurocore/Image.h: programs as words, groups with their slices of
// initial values, packed synapses, axons, Vars place by place, embedded programs.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_NEUROCORE_IMAGE_BUILDIMAGE_H
#define BASALT_COMPILER_NEUROCORE_IMAGE_BUILDIMAGE_H

#include "runtime/neurocore/Image.h"

#include "mlir/IR/BuiltinOps.h"

namespace basalt::neurocore {

struct ImageOptions {
  std::vector<std::string> runArguments; ///< what the network asks of a run
  uint64_t seed = 0;
  std::string compiler; ///< version, for the remarks
};

/// Of a module that place-neurons has left. The image has been verified.
llvm::FailureOr<nc::Image> buildImage(mlir::ModuleOp module, const ImageOptions &options);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_IMAGE_BUILDIMAGE_H
