// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instruction selection. See Select.h.
#ifndef BASALT_COMPILER_NEUROCORE_SELECT_SELECTOR_H
#define BASALT_COMPILER_NEUROCORE_SELECT_SELECTOR_H

#include "compiler/neurocore/select/Select.h"

#include <map>

namespace basalt::neurocore {

class Selector {
public:
  Selector(const Flat &flat, Population &population, const nc::Target &target,
           mlir::OpBuilder &builder)
      : population(population), target(target), builder(builder), demands(flat, population) {}

  /// Leaves nothing behind if it fails.
  llvm::FailureOr<ProgramOp> run();

private:
  llvm::LogicalResult fill(ProgramOp program);
  using Operands = llvm::ArrayRef<mlir::Value>;
  struct Extra {
    int64_t imm = 0;
    llvm::StringRef round = "floor";
    int64_t value = 0;
  };
  /// What an instruction makes: an i64 stands for a pair of registers.
  mlir::Value emit(llvm::StringRef op, Operands operands, bool wide, Extra extra);
  mlir::Value emit(llvm::StringRef op, Operands operands, bool wide) {
    return emit(op, operands, wide, Extra());
  }
  /// SHL, SAR or SRZ by any amount, in as many instructions as that takes.
  mlir::Value emitShift(llvm::StringRef op, mlir::Value x, int64_t amount, bool wide);
  mlir::Value emitCompare(llvm::StringRef op, mlir::Value a, mlir::Value b);
  mlir::Value operand(const std::string &name, bool wide = false);
  mlir::Value literal(int64_t number);
  mlir::Value constantOperand(int64_t number);

  /// The machine's value of a value of the kernel; of a truth value 0 or 1.
  mlir::Value of(mlir::Value value);
  bool isWide(mlir::Value machine) const { return machine.getType().isInteger(64); }
  bool anyWide(mlir::ValueRange values);

  llvm::LogicalResult select(mlir::Operation *op);
  llvm::LogicalResult selectArithmetic(mlir::Operation *op);
  llvm::LogicalResult selectShift(mlir::Operation *op);
  llvm::LogicalResult selectMulShr(mlir::Operation *op);
  llvm::LogicalResult selectDivision(mlir::Operation *op);
  llvm::LogicalResult selectCompare(mlir::Operation *op);
  llvm::LogicalResult selectChoice(mlir::Operation *op);
  llvm::LogicalResult selectConversion(mlir::Operation *op);
  bool selectClip(mlir::Operation *op);
  bool selectSame(mlir::Operation *op, llvm::StringRef name);

  llvm::LogicalResult bindArguments();
  llvm::LogicalResult finish();
  llvm::LogicalResult checkPayload(const Sent &output);
  std::optional<unsigned> slotOf(mlir::Value value);
  llvm::LogicalResult checkWidth(mlir::Value value, mlir::Operation *op);
  llvm::LogicalResult refuse(mlir::Operation *op, const llvm::Twine &why);
  void set(mlir::Value value, mlir::Value machine) { machines[value] = machine; }

  Population &population;
  const nc::Target &target;
  mlir::OpBuilder &builder;
  Demands demands;
  mlir::Location loc = population.loc;
  llvm::DenseMap<mlir::Value, mlir::Value> machines;
  /// Truth values whose machine value is the opposite.
  llvm::DenseSet<mlir::Value> inverted;
  /// Values of i2 to i31 that are held without a sign.
  llvm::DenseSet<mlir::Value> unsignedHeld;
  std::map<int64_t, mlir::Value> literals; // any number can be a key
  llvm::StringMap<mlir::Value> operands;
  mlir::Value condition; // that c has
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_SELECT_SELECTOR_H
