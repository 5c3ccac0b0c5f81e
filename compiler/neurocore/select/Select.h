// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the kernel of a population to microcode: instructions, then registers.
#ifndef BASALT_COMPILER_NEUROCORE_SELECT_SELECT_H
#define BASALT_COMPILER_NEUROCORE_SELECT_SELECT_H

#include "compiler/native/Widths.h"
#include "compiler/neurocore/form/Population.h"
#include "dialect/neurocore/Neurocore.h"

namespace basalt::neurocore {

/// What is known of the integers of a kernel. A value is needed exactly if more than its low 32
/// bits have an influence on what is stored or sent; it is a pair of registers if it is needed
/// exactly and 32 bits do not hold it.
class Demands {
public:
  Demands(const Flat &flat, const Population &population);

  bool isExact(mlir::Value value) const { return exact.contains(value); }
  bool fitsWord(mlir::Value value);
  bool isPair(mlir::Value value) { return isExact(value) && !fitsWord(value); }
  native::Range range(mlir::Value value) { return widths.range(value); }

private:
  void assumeArguments(const Flat &flat, const Population &population);
  void visit(mlir::Operation *op);
  void need(mlir::Value value);

  native::Widths widths;
  llvm::DenseSet<mlir::Value> exact;
};

/// The range of the raw values of a constant that is made of a state.
native::Range rangeOf(const Flat &flat, const SharedNumber &constant);

/// Amounts that an accumulator holds.
struct InputRange {
  native::Range::Number arriving = 0; ///< with spikes, until neurons see it
  native::Range::Number given = 0;    ///< what it begins with, or is set to
  bool addsUp = false;                ///< spikes arrive in what is given

  native::Range held() const {
    native::Range::Number most = addsUp ? arriving + given : std::max(arriving, given);
    return {-most, most};
  }
};
/// Of input `number`: as much as weights can bring when each has all its bits, and is given no more
/// than that, unless it begins with more.
InputRange rangeOf(const Population &population, size_t number);
/// The same, but given as much as the population lets it be set to.
InputRange settableRangeOf(const Population &population, size_t number);

/// Rewrites the kernel so that it fits instructions better: MLIR's canonical form, and products
/// that are rounded toward zero.
void simplifyKernel(step::KernelOp kernel);

/// Selects instructions for the kernel, and adds constants that they need to the population.
/// `builder` stands where the program goes.
llvm::FailureOr<ProgramOp> selectProgram(const Flat &flat, Population &population,
                                         const nc::Target &target, mlir::OpBuilder &builder);

/// Gives results their registers, or the state they are stored in. Reports programs that need more
/// than there are.
llvm::LogicalResult allocateRegisters(ProgramOp program, const Population &population,
                                      const nc::Target &target);

/// The words of a program whose results have their places.
std::vector<nc::Instruction> instructionsOf(ProgramOp program);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_SELECT_SELECT_H
