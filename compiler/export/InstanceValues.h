// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters and initial values of an instance, as arrays.
#ifndef BASALT_COMPILER_EXPORT_INSTANCEVALUES_H
#define BASALT_COMPILER_EXPORT_INSTANCEVALUES_H

#include "compiler/import/NirLayer.h"

#include "dialect/proc/Lookup.h"

namespace basalt::exporter {

using import::Shape;

/// Reads an instance of the resolved network.
class InstanceValues {
public:
  explicit InstanceValues(proc::InstanceOp instance)
      : instance(instance), process(proc::lookupProcess(instance)) {}

  /// Of a Var that is not sparse, or a parameter that holds numbers; or nothing.
  std::optional<rt::NpyArray> find(llvm::StringRef name);
  /// The same as floats of the shape `shape`, to which it broadcasts.
  std::optional<rt::NpyArray> floats(llvm::StringRef name, const Shape &shape);
  /// The same as `count` integers; one stands for all. Empty: there are none.
  std::vector<int64_t> integers(llvm::StringRef name, size_t count);
  /// A parameter that is a word; empty if it is none.
  std::string word(llvm::StringRef name);
  /// Whether each element of the Var or parameter is `value`; false if there is none.
  bool isAll(llvm::StringRef name, double value);

  proc::InstanceOp instance;
  proc::ProcessOp process;
};

Shape shapeOf(mlir::Type type);

} // namespace basalt::exporter

#endif // BASALT_COMPILER_EXPORT_INSTANCEVALUES_H
