// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values that the YAML file gives: numbers, booleans, strings, lists, files.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_CONSTANT_H
#define BASALT_COMPILER_FRONTEND_BUILD_CONSTANT_H

#include "compiler/frontend/typing/Typed.h"
#include "compiler/frontend/yaml/Node.h"
#include "compiler/support/SourceFiles.h"

namespace basalt::frontend {

class Environment;

/// A value that is known, and where it was given.
struct Constant {
  /// IntegerAttr (i64, or i1 for a bool), FloatAttr (f64), StringAttr, or DenseElementsAttr of i1,
  /// i64 or f64.
  mlir::Attribute value;
  mlir::Location loc;
  /// Given without a type: takes the other operand's.
  bool isWeak = true;

  bool isString() const { return llvm::isa<mlir::StringAttr>(value); }
  /// Extents of the value; a scalar has none.
  llvm::ArrayRef<int64_t> shape() const;
  /// The value as a tensor; not for strings.
  mlir::DenseElementsAttr elements() const;
};

/// Files that a compilation reads besides the sources, for the cache.
struct DataFiles {
  SourceFiles &sources;
  /// Absolute or relative path as opened, and SHA-256.
  std::vector<std::pair<std::string, std::string>> read;
};

/// The value that `node` gives; strings that start with `$` are evaluated in `scope`. Errors are
/// reported.
mlir::FailureOr<Constant> readConstant(const yaml::Node &node, Environment &scope,
                                       DataFiles &files);

/// `value` with a declared type: exact, and of that shape. `what` names it in errors.
mlir::FailureOr<Constant> convertExactly(const Constant &value, mlir::RankedTensorType type,
                                         llvm::StringRef what);

/// What the type checker makes of a constant expression, as a constant.
mlir::FailureOr<Constant> constantFrom(const Typed &typed, mlir::Location loc);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_CONSTANT_H
