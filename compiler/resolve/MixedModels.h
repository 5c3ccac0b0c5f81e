// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models that nobody asked for and that do not go together: of one process the first is taken,
// while another process has only a model of a kind that the first one has, too.
#ifndef BASALT_COMPILER_RESOLVE_MIXEDMODELS_H
#define BASALT_COMPILER_RESOLVE_MIXEDMODELS_H

#include "dialect/proc/Proc.h"

#include "llvm/ADT/SetVector.h"

#include <string>

namespace basalt {

/// Is told of each choice that was made without a tag.
class MixedModels {
public:
  /// `chosen` is one of `models`, those of the process of the instance `path`.
  void add(proc::InstanceOp instance, llvm::StringRef path, llvm::StringRef process,
           llvm::ArrayRef<proc::ModelOp> models, proc::ModelOp chosen);
  /// Warns of the first such pair.
  void warn() const;

private:
  using Tags = llvm::SmallSetVector<mlir::StringAttr, 4>;
  struct Choice {
    proc::InstanceOp instance;
    std::string path, process;
    mlir::StringAttr model;
    Tags tags, others; // of the model, and of those that were not taken
  };

  llvm::SmallVector<Choice> choices;
};

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_MIXEDMODELS_H
