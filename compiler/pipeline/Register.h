// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Register.h - everything that Basalt's tools know -------------------===//
//
// For the tools that read IR of any stage and name passes in text: basalt-opt, basalt-reduce,
// basalt-lsp-server, basalt-translate. The driver needs dialects only; it builds its passes itself.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_PIPELINE_REGISTER_H
#define BASALT_COMPILER_PIPELINE_REGISTER_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace basalt {

/// Our dialects, and those of MLIR that occur in some stage, with the extensions that passes need.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Our passes and stage pipelines, and those of MLIR that are of use between them.
void registerAllPasses();

} // namespace basalt

#endif // BASALT_COMPILER_PIPELINE_REGISTER_H
