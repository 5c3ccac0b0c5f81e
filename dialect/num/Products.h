// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the operations that add products up, or know stored entries, read their operands: what
// decides which operands need memory of their own.
#ifndef BASALT_DIALECT_NUM_PRODUCTS_H
#define BASALT_DIALECT_NUM_PRODUCTS_H

#include "dialect/num/Num.h"

#include "llvm/ADT/TypeSwitch.h"

namespace basalt::num {

/// Whether `op` adds products up or knows stored entries.
inline bool isProduct(mlir::Operation *op) {
  return mlir::isa<MatVecOp, DeliverOp, Conv2DOp, SparseMatVecOp, SparseDeliverOp, AtSynapsesOp,
                   ToDenseOp>(op);
}

enum class ProductRole {
  Factors, ///< what is tested for zero: each element is read once
  Weights, ///< weights and their delays: each element is read once at most, or not at all
  Kernel,  ///< read again for each place of the input
  Places,  ///< where entries are: read again for their neighbours
  Onto     ///< what sums begin with: each element is read once, before any of the others
};

/// What the operand is to the product that uses it.
inline ProductRole roleInProduct(mlir::OpOperand &use) {
  unsigned number = use.getOperandNumber();
  auto sparse = [&](unsigned places) {
    return number < places        ? ProductRole::Weights
           : number < places + 2  ? ProductRole::Places
           : number == places + 2 ? ProductRole::Factors
                                  : ProductRole::Onto;
  };
  return llvm::TypeSwitch<mlir::Operation *, ProductRole>(use.getOwner())
      .Case<Conv2DOp>(
          [&](auto) { return number == 0 ? ProductRole::Factors : ProductRole::Kernel; })
      .Case<SparseMatVecOp, AtSynapsesOp, ToDenseOp>([&](auto) { return sparse(1); })
      .Case<SparseDeliverOp>([&](auto) { return sparse(2); })
      .Case<DeliverOp>([&](auto) {
        return number < 2    ? ProductRole::Weights
               : number == 2 ? ProductRole::Factors
                             : ProductRole::Onto;
      })
      .Default([&](mlir::Operation *op) {
        return number + 1 == op->getNumOperands() ? ProductRole::Factors : ProductRole::Weights;
      });
}

} // namespace basalt::num

#endif // BASALT_DIALECT_NUM_PRODUCTS_H
