// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- TargetFile.h - descriptions of chips as files ----------------------===//
//
// Finds and reads target descriptions (docs/targets.md): YAML, one file a target, each possibly on
// top of another.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_NEUROCORE_TARGET_TARGETFILE_H
#define BASALT_COMPILER_NEUROCORE_TARGET_TARGETFILE_H

#include "compiler/frontend/yaml/Reader.h"
#include "runtime/neurocore/Target.h"

namespace basalt::neurocore {

/// A target with what images name it by.
struct LoadedTarget {
  nc::Target target;
  /// Its canonical text, and the SHA-256 of that in hexadecimal digits.
  std::string canonical, sha256;
};

/// Loads the target that `name` names: one of those that come with Basalt, or a file (a name with a
/// `/` or that ends in `.yaml`). What is wrong in the file is reported at its place there; that
/// there is no such target, at `requestedAt`.
llvm::FailureOr<LoadedTarget> loadTarget(SourceFiles &sources, mlir::MLIRContext *context,
                                         llvm::StringRef name, mlir::Location requestedAt);

/// The names of the targets that come with Basalt, sorted.
std::vector<std::string> listTargets();

/// Reads one document on top of `target`, which is what it inherits. Leaves missing fields and
/// contradictions alone.
llvm::LogicalResult readTarget(const frontend::yaml::Node &root, nc::Target &target);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_TARGET_TARGETFILE_H
