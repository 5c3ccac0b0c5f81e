// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The conversion of one function to EmitC: functions, control, memory and calls (Functions.cpp),
// requests to the run-time library (Requests.cpp), work that threads share (Parallel.cpp).
#ifndef BASALT_COMPILER_NATIVE_FUNCTIONCONVERSION_H
#define BASALT_COMPILER_NATIVE_FUNCTIONCONVERSION_H

#include "compiler/native/Functions.h"
#include "compiler/native/Scalars.h"
#include "compiler/native/Types.h"

namespace basalt::native {

class FunctionConversion {
public:
  FunctionConversion(mlir::OpBuilder &builder, Symbols &symbols, Widths widths)
      : builder(builder), symbols(symbols), widths(std::move(widths)) {}

  mlir::LogicalResult convertKernel(mlir::func::FuncOp function, size_t calls);
  mlir::LogicalResult convertMethod(mlir::func::FuncOp function);

private:
  mlir::LogicalResult convertBlock(mlir::Block &block);
  mlir::LogicalResult convert(mlir::Operation *op);
  mlir::LogicalResult convertScalars(mlir::Operation *op);

  // Marks.cpp
  /// One of those that a phase or a region consists of, with a mark before it if that is due.
  mlir::LogicalResult convertStatement(mlir::Operation *op);
  void markPart(mlir::Operation *op);

  // Functions.cpp
  mlir::LogicalResult convertIf(mlir::scf::IfOp op);
  mlir::LogicalResult convertFor(mlir::scf::ForOp op);
  void convertYield(mlir::ValueRange values, llvm::ArrayRef<mlir::Value> variables);
  void convertLoad(mlir::memref::LoadOp op);
  void convertStore(mlir::memref::StoreOp op);
  void convertGetGlobal(mlir::memref::GetGlobalOp op);
  void convertCall(mlir::func::CallOp op);
  void convertReturn(mlir::func::ReturnOp op);

  // Requests.cpp
  /// Whether `op` is a request, which has been converted.
  bool convertRequest(mlir::Operation *op);
  void convertPrint(rtop::PrintOp op);
  void convertAssert(rtop::AssertOp op);
  void convertIndex(rtop::IndexOp op);
  void convertRecordPort(rtop::RecordPortOp op);
  void convertDue(rtop::DueOp op);
  void convertAdvance(rtop::AdvanceOp op);
  void convertUpdateEntries(rtop::UpdateEntriesOp op);
  void convertAddRows(rtop::AddRowsOp op);
  void convertFillRandom(rtop::FillRandomOp op);
  void convertFillPoisson(rtop::FillPoissonOp op);
  mlir::Value randomKey(mlir::Location loc, mlir::IntegerAttr stream, mlir::ValueRange keys);
  llvm::SmallVector<mlir::Value> filledMemory(mlir::Location loc, mlir::Value target,
                                              mlir::ValueRange range, mlir::Value key);

  // Parallel.cpp
  mlir::LogicalResult convertParallel(rtop::ParallelOp op);
  /// The method that does the work of `op`, whose values from outside are arguments.
  mlir::LogicalResult convertRegion(rtop::ParallelOp op, llvm::StringRef name,
                                    mlir::ValueRange captured);
  void convertPart(rtop::PartOp op);
  /// Where the element `first`, which has been converted, of the memory `original` is.
  mlir::Value pointerTo(mlir::Location loc, mlir::Value original, mlir::Value first);

  /// A function at the insertion point, which moves into it.
  mlir::emitc::FuncOp start(mlir::Location loc, llvm::StringRef name,
                            llvm::ArrayRef<mlir::Type> inputs, llvm::ArrayRef<mlir::Type> results,
                            llvm::ArrayRef<std::string> names);
  /// If code in a loop of `function` needs the time step, it gets a local: for all the C++ compiler
  /// knows, stores to an array could change the context.
  void startTimeStep(mlir::Operation *function);
  mlir::Value variable(mlir::Location loc, mlir::Type type, mlir::Value initial);
  mlir::Value load(mlir::Location loc, mlir::Value variable);
  mlir::Value context(mlir::Location loc) {
    return lit(loc, opaque(builder.getContext(), "rt::Context &"), "ctx");
  }
  mlir::Value site(mlir::Location loc, llvm::StringRef instance);
  mlir::Value lit(mlir::Location loc, mlir::Type type, llvm::StringRef text) {
    return literal(builder, loc, type, text);
  }
  void statement(mlir::Location loc, llvm::StringRef callee, mlir::ValueRange operands) {
    mlir::emitc::CallOpaqueOp::create(builder, loc, mlir::TypeRange(), callee, operands);
  }
  llvm::SmallVector<mlir::Value> values(mlir::ValueRange originals);

  mlir::OpBuilder &builder;
  Symbols &symbols;
  Widths widths;
  llvm::StringSet<> kept; // histories that have got the spikes of this step
  llvm::DenseMap<mlir::Value, mlir::Value> converted;
  llvm::StringRef timeStep = "ctx.timeStep";
  llvm::StringRef phase;           // whose code has marks; empty: it has none
  llvm::StringRef marked = "ctx";  // to what marks are given
  std::optional<unsigned> current; // the part that was marked last
};

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_FUNCTIONCONVERSION_H
