// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Reader.h - YAML text to located tree -------------------------------===//
//
// Reads one document with yaml-cpp's event parser and refuses, each time with a located diagnostic,
// what YAML allows and the language does not: duplicate and merge keys, tags, empty values, keys
// that are no scalars, more than one document, and sizes that only an attack or an accident has.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_FRONTEND_YAML_READER_H
#define BASALT_COMPILER_FRONTEND_YAML_READER_H

#include "compiler/frontend/yaml/Node.h"
#include "compiler/support/SourceFiles.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/LogicalResult.h"

namespace basalt::frontend::yaml {

/// What a document may have at most; the tests make them small.
struct ReaderLimits {
  /// Collections within collections.
  unsigned depth = 64;
  /// Nodes, counting what stands under an alias each time.
  uint64_t nodes = 2'000'000;
  uint64_t scalarBytes = uint64_t(16) << 20;
};

/// Reads the YAML documents of one compilation and owns their nodes.
class Reader {
public:
  Reader(SourceFiles &sources, mlir::MLIRContext *context, ReaderLimits limits = {})
      : sources(sources), context(context), limits(limits) {}
  Reader(const Reader &) = delete;
  Reader &operator=(const Reader &) = delete;

  /// Root of the document in the file at `path`. A file that cannot be read is an error at
  /// `requestedAt`, the place that names it.
  llvm::FailureOr<const Node *> readFile(llvm::StringRef path, mlir::Location requestedAt);

  /// Root of the document in `source`.
  llvm::FailureOr<const Node *> read(const SourceFile &source);

private:
  SourceFiles &sources;
  mlir::MLIRContext *context;
  ReaderLimits limits;
  llvm::BumpPtrAllocator arena;
};

} // namespace basalt::frontend::yaml

#endif // BASALT_COMPILER_FRONTEND_YAML_READER_H
