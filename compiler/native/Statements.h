// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The statements of a lowered block: what memory each of them uses, and whether threads can share
// its work.
#ifndef BASALT_COMPILER_NATIVE_STATEMENTS_H
#define BASALT_COMPILER_NATIVE_STATEMENTS_H

#include "dialect/rt/Rt.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/SymbolTable.h"

namespace basalt::native {

/// How a statement uses one memory or object.
struct Access {
  llvm::StringRef memory; // a global, or the name of another object
  bool isWrite;
  bool isOwn; // see rtop::SplitAccess; of the statement's axis
};

/// An operation of a block with all that is inside.
struct Statement {
  mlir::Operation *op = nullptr;
  llvm::SmallVector<Access> accesses;
  llvm::SmallVector<mlir::Operation *> operands; // operations of its block whose results it uses
  bool usesAnything = false;                     // it is not known what
  bool prints = false, mayFail = false;
  double work = 0; // of all its elements, a guess in nanoseconds

  /// Elements that threads can share; 0: one thread must do it. Then:
  int64_t extent = 0;
  llvm::SmallVector<mlir::scf::ForOp> loops; // that go over them, if it is a loop
};

/// Looks at statements; what it finds out about kernels is kept.
class StatementAnalysis {
public:
  explicit StatementAnalysis(mlir::SymbolTable &symbols) : symbols(symbols) {}

  Statement analyse(mlir::Operation *op);

private:
  /// A function whose first argument is a number of elements and which computes each by itself.
  struct Kernel {
    bool isElementwise = false, mayFail = false;
    double workOfElement = 0;
    llvm::SmallVector<bool> reads, writes; // by argument
  };

  const Kernel &kernelOf(mlir::func::CallOp call);
  Kernel analyseKernel(mlir::func::FuncOp function);
  void collect(mlir::Operation *op, Statement &statement);
  void splitCall(mlir::func::CallOp call, Statement &statement);
  void splitOp(rtop::SplitOpInterface op, Statement &statement);

  mlir::SymbolTable &symbols;
  llvm::DenseMap<mlir::Operation *, Kernel> kernels;
};

/// Where threads could share the loop `root`: fills in `extent`, `loops` and which accesses are
/// own, if every store in it goes to an element of its own of such a loop.
void splitLoops(mlir::scf::ForOp root, Statement &statement);

/// The global that `memory` is, through casts; empty: none.
llvm::StringRef globalOf(mlir::Value memory);

/// A guess at the nanoseconds that `op` takes, with all that is inside but what `isLeftOut` holds
/// for.
double estimateWork(mlir::Operation *op,
                    llvm::function_ref<bool(mlir::Operation *)> isLeftOut = nullptr);

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_STATEMENTS_H
