// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversion of functions: of a phase or of guards to a method, of a kernel to a static inline
// function.
#ifndef BASALT_COMPILER_NATIVE_FUNCTIONS_H
#define BASALT_COMPILER_NATIVE_FUNCTIONS_H

#include "compiler/native/Assumptions.h"
#include "compiler/native/Names.h"
#include "dialect/rt/Rt.h"

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"

namespace basalt::native {

/// The attribute of an emitc.func that holds the names of its arguments. EmitC's printer has none,
/// so the body refers to them by literals, and the signature is put right in the printed text.
inline constexpr llvm::StringLiteral kArgumentNames = "rt.arg_names";

/// A place in the user's files, for errors at run time.
struct Place {
  std::string file;
  unsigned line = 0, column = 0;
};
/// Of an operation; the line of the model, not that of the instance that uses it.
Place placeOf(mlir::Location loc);

/// The instance whose code an operation is, from its location; empty if it does not say.
llvm::StringRef instanceOf(mlir::Location loc);

/// What functions refer to by number or by name.
struct Symbols {
  Names names;
  llvm::StringMap<unsigned> states, ports; // positions in the tables of the contract
  llvm::StringMap<std::string> ranges;     // of axes: what a share has of one
  llvm::StringMap<std::string> histories;  // of projections: which names are fields, too
  /// Of sparse states whose entries are asked for by target: the name of the index, a field.
  llvm::StringMap<std::string> targetIndexes;
  std::vector<std::string> sites; // C++ initialisers of rt::Site
  llvm::StringMap<unsigned> siteNumbers;
  bool withMarks = false;         // for profiles
  std::vector<std::string> parts; // C++ initialisers of rt::PartInfo, of what marks tell apart
  llvm::StringMap<unsigned> partNumbers;

  /// Kernels give way to other names; phases and guards have their own, which nothing else can
  /// have.
  std::string functionName(mlir::func::FuncOp function);
  unsigned siteOf(mlir::Location loc, llvm::StringRef instance);
  unsigned partOf(llvm::StringRef phase, llvm::StringRef instance, llvm::StringRef what);
};

/// Converts `function` at the insertion point of `builder`; `assumptions` are of its program.
mlir::LogicalResult convertFunction(mlir::OpBuilder &builder, mlir::func::FuncOp function,
                                    Symbols &symbols, Assumptions &assumptions);

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_FUNCTIONS_H
