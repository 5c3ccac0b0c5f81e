// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values that the YAML file gives: numbers, booleans, strings, lists, files.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_CONSTANT_H
#define BASALT_COMPILER_FRONTEND_BUILD_CONSTANT_H

#include "compiler/frontend/typing/Typed.h"
#include "compiler/frontend/yaml/Node.h"
#include "compiler/support/SourceFiles.h"
#include "runtime/native/Npy.h"

#include <map>

namespace basalt::frontend {

class Environment;
class Records;

/// A value that is known, and where it was given.
struct Constant {
  /// IntegerAttr (i64, or i1 for a bool), FloatAttr (f64), StringAttr, or DenseElementsAttr of i1,
  /// i64 or f64; or an object (see Record.h).
  mlir::Attribute value;
  mlir::Location loc;
  /// Given without a type: takes the other operand's.
  bool isWeak = true;
  /// Where the elements stand, if they are those of the stored entries of a sparse Var.
  proc::SparseAttr sparse = {};
  /// Where the synapses are that have these values, and from what those are drawn, if a rule makes
  /// them when a run starts: then the value is zeros, or one number for all. `rule` is also at
  /// the constants that say where entries are.
  proc::RuleAttr rule = {};
  proc::DistributionAttr drawn = {};

  bool isString() const { return llvm::isa<mlir::StringAttr>(value); }
  /// A number, a bool, or a tensor of them, known to the compiler.
  bool isNumber() const;
  /// Extents of the value; a scalar has none, and that of stored entries is their matrix.
  llvm::ArrayRef<int64_t> shape() const;
  /// The value as a tensor, if it is a number.
  mlir::DenseElementsAttr elements() const;
};

/// What values come from besides the text that gives them: files, which the cache knows, and
/// records.
struct DataFiles {
  SourceFiles &sources;
  /// Absolute or relative path as opened, and SHA-256.
  std::vector<std::pair<std::string, std::string>> read;
  /// Arrays that are said to be in files and are in memory, by what the text calls them; or null.
  const std::map<std::string, rt::NpyArray> *inMemory = nullptr;
  /// What the program declares that is no process, for values that are records.
  Records *records = nullptr;
  /// Of the run, for random values; whether any is.
  uint64_t seed = 0;
  bool usesSeed = false;
};

/// What a value is, in the language's words: `f64[3]`, "a string", "a record of 'STDPLoihi'".
std::string describe(const Constant &value);

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
