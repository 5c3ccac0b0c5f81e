// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs straight code, whatever it stands in: values, conditions, loops, and those effects that name
// no memory.
#ifndef BASALT_COMPILER_INTERPRET_WALKER_H
#define BASALT_COMPILER_INTERPRET_WALKER_H

#include "compiler/interpret/Tensor.h"
#include "dialect/proc/Proc.h"

#include "runtime/native/Error.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace basalt::interp {

/// The error of a run that `op` ends with, in code of the instance of that name.
rt::RunError runError(const rt::Context &ctx, llvm::StringRef instance, mlir::Operation *op,
                      const std::string &message);

/// Code while it runs, and its SSA values. Throws RunError.
class Walker {
public:
  using Values = llvm::SmallVector<Tensor>;

  Walker(const Walker &) = delete;
  Walker &operator=(const Walker &) = delete;
  Walker(Walker &&) = default;
  virtual ~Walker();

protected:
  Walker(rt::Context &ctx, std::string instance) : ctx(ctx), instance(std::move(instance)) {}

  /// The results of an operation on memory or ports; nothing if it is none.
  virtual std::optional<Values> runAccess(mlir::Operation &op) = 0;

  /// Afterwards large operands that nothing behind it in its block uses are gone.
  void runOp(mlir::Operation &op);
  /// Runs a nested block; returns what its terminator yields.
  Values runBlock(mlir::Block &block, llvm::ArrayRef<Tensor> arguments);

  const Tensor &valueOf(mlir::Value value) const;
  Values valuesOf(mlir::ValueRange values) const;
  void define(mlir::ValueRange results, llvm::ArrayRef<Tensor> values);
  /// The error of a run that `op` ends with.
  rt::RunError error(mlir::Operation *op, const std::string &message) const;

  rt::Context &ctx;
  std::string instance; // whose code it is

private:
  Values runIf(mlir::scf::IfOp op);
  Values runFor(mlir::scf::ForOp op);
  void print(proc::PrintOp op);
  void check(proc::AssertOp op);
  Values evaluatePure(mlir::Operation &op);
  void forgetOperands(mlir::Operation &op);

  llvm::DenseMap<mlir::Value, Tensor> values;
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_WALKER_H
