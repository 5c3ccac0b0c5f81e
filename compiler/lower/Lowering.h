// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lowers the code of one phase or guard into a function: a walk in program order that makes a
// scalar of each tensor of one element, memory of each other one, and loops where elements are
// computed. Elements of fused operations (see Accesses) are computed in the loop of their user.
#ifndef BASALT_COMPILER_LOWER_LOWERING_H
#define BASALT_COMPILER_LOWER_LOWERING_H

#include "compiler/lower/Accesses.h"
#include "compiler/lower/Kernels.h"
#include "compiler/lower/Memory.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace basalt::lower {

/// The place of an element in a tensor: by a number for each axis, by its row-major number, or
/// both.
struct Index {
  llvm::SmallVector<mlir::Value> axes;
  mlir::Value linear;
};

class Lowering {
public:
  Lowering(mlir::Operation *root, mlir::OpBuilder builder, Memory &memory, Kernels &kernels)
      : builder(builder), accesses(root), memory(memory), kernels(kernels) {}

  /// Lowers the operations of `block` but its terminator.
  mlir::LogicalResult lowerBlock(mlir::Block &block);

  /// The scalar that a tensor of one element has become.
  mlir::Value scalarOf(mlir::Value value) { return scalars.lookup(value); }

  /// The instance whose code is lowered; for names of buffers and for errors at run time.
  llvm::StringRef instance;

  /// Whether what the run-time library has for generated simulators may be used.
  bool hasLibrary = true;

private:
  // Lowering.cpp: one operation.
  mlir::LogicalResult lower(mlir::Operation *op);
  mlir::LogicalResult lowerValue(mlir::Operation *op);
  void lowerProduct(mlir::Operation *op);
  void lowerConstant(mlir::arith::ConstantOp op);
  void lowerGet(step::GetOp op);
  void lowerSet(step::SetOp op);
  mlir::LogicalResult lowerTask(step::TaskOp op);

  // Effects.cpp: what the run-time library does.
  void lowerPrint(proc::PrintOp op);
  void lowerAssert(proc::AssertOp op);
  void lowerProbe(step::ProbeOp op);
  mlir::Value printed(mlir::Value value, mlir::Operation *print);

  // Control.cpp
  mlir::LogicalResult lowerIf(mlir::scf::IfOp op);
  mlir::LogicalResult lowerFor(mlir::scf::ForOp op);
  mlir::LogicalResult lowerBranch(mlir::scf::IfOp op, mlir::Region &from, mlir::Block *to,
                                  llvm::ArrayRef<mlir::Value> targets);
  void lowerLoopYield(mlir::scf::ForOp op, llvm::ArrayRef<mlir::Value> buffers);

  // Updates.cpp
  void lowerUpdate(step::UpdateOp op);
  void inlineUpdate(step::UpdateOp op, step::KernelOp kernel);
  mlir::Value updateInput(step::UpdateOp op, mlir::Value input);

  // EntryUpdates.cpp: rows and columns of those that spike.
  void lowerUpdateEntries(step::UpdateEntriesOp op);
  bool lowerToRows(num::SparseMatVecOp op);
  mlir::Value entriesToAdd(num::SparseMatVecOp op);
  /// The memory of a tensor, also of one element.
  mlir::Value memoryOfAny(mlir::Value value);

  // Shapes.cpp: parts and reductions.
  void lowerExtract(num::ExtractOp op);
  void lowerInsert(num::InsertOp op);
  void lowerReduce(num::ReduceOp op);
  void lowerGather(num::GatherOp op);    // Gather.cpp
  void lowerRandom(mlir::Operation *op); // Random.cpp
  mlir::Value insertTarget(num::InsertOp op);
  mlir::Value reduceAt(num::ReduceOp op, const Index &kept);
  mlir::Value orOfNone(num::ReduceOp op, mlir::Value value);
  template <typename OpT>
  llvm::SmallVector<mlir::Value> offsetsOf(OpT op, llvm::ArrayRef<int64_t> shape);
  template <typename OpT>
  Index wholeIndex(OpT op, llvm::ArrayRef<mlir::Value> offsets, const Index &part);

  // Products.cpp
  void lowerMatVec(num::MatVecOp op);
  void lowerDeliver(num::DeliverOp op);
  /// Memory of zeros, or of what is in `onto`, for the result of `op`, and what `op` has become
  /// when all is added.
  mlir::Value startSums(mlir::Operation *op, mlir::Value onto = {});
  void endSums(mlir::Operation *op, mlir::Value target);
  void addAt(mlir::Location loc, mlir::Value target, mlir::Value place, mlir::Value term);
  void ifHolds(mlir::Location loc, mlir::Value condition, llvm::function_ref<void()> body);
  /// The truth values that `vector` is as numbers 0 and 1, or null.
  mlir::Value truthBehind(mlir::Value vector);
  /// `body` with the element of `vector` at `at`, if it is not zero.
  void forFactor(mlir::Location loc, mlir::Value vector, const Index &at,
                 llvm::function_ref<void(mlir::Value)> body);
  /// A loop over the elements of `vector` that are not zero: its body gets place and element.
  void forSpikes(mlir::Location loc, mlir::Value vector,
                 llvm::function_ref<void(mlir::Value, mlir::Value)> body);
  /// `body` with `delay` as an index, if it is one of `slots`.
  void ifSlot(mlir::Location loc, mlir::Value delay, int64_t slots,
              llvm::function_ref<void(mlir::Value)> body);

  // Convolutions.cpp
  struct Reach;
  void lowerConv2D(num::Conv2DOp op);
  void addTaps(num::Conv2DOp op, const Reach &x, const Reach &y, mlir::Value group,
               mlir::Value channel, mlir::Value factor, mlir::Value target);
  /// What the input at `from` reaches along an axis.
  Reach reachOf(num::Conv2DOp op, unsigned axis, mlir::Value from);
  /// A loop over it: its body gets the place in the output and the tap.
  void forReached(mlir::Location loc, const Reach &reach,
                  llvm::function_ref<void(mlir::Value, mlir::Value)> body);

  // Synapses.cpp: what knows stored entries only.
  void lowerSparseMatVec(num::SparseMatVecOp op);
  void lowerSparseDeliver(num::SparseDeliverOp op);
  void lowerAtSynapses(num::AtSynapsesOp op);
  void lowerToDense(num::ToDenseOp op);
  void lowerDue(step::DueOp op);
  void lowerAdvance(step::AdvanceOp op);
  /// A loop over the entries of `source`: its body gets the entry and its target.
  void forEntries(mlir::Location loc, mlir::Value offsets, mlir::Value targets, mlir::Value source,
                  llvm::function_ref<void(mlir::Value, mlir::Value)> body);
  /// An element of any integer type as a place.
  mlir::Value indexElement(mlir::Location loc, mlir::Value value, mlir::Value at);

  // Elements.cpp: elements of values that have no memory of their own, and loops over elements.
  /// The element of `value` at `index`.
  mlir::Value element(mlir::Value value, const Index &index);
  mlir::Value computeElement(mlir::Operation *op, const Index &index);
  mlir::Value scalarOp(mlir::Operation *op, mlir::ValueRange operands);
  /// Whether elements of `value` are found by axes rather than by row-major number.
  bool needsAxes(mlir::Value value);
  /// Whether computing `value` reads `memory` at other places than the one that is computed.
  bool readsElsewhere(mlir::Value value, mlir::Value memory, bool moved = false);
  void forEach(mlir::Location loc, llvm::ArrayRef<int64_t> shape, bool axes,
               llvm::function_ref<void(const Index &)> body);
  mlir::Value linear(mlir::Location loc, const Index &index, llvm::ArrayRef<int64_t> shape);
  Index withAxes(mlir::Location loc, const Index &index, llvm::ArrayRef<int64_t> shape);
  mlir::Value constantIndex(mlir::Location loc, int64_t value);

  /// The memory of `value`, which is computed into a buffer now if it has none.
  mlir::Value memoryOf(mlir::Value value);
  mlir::Value materialize(mlir::Value value, mlir::Value target);
  /// Stores `value` into `target`, whose old contents it may read.
  void storeInto(mlir::Location loc, mlir::Value value, mlir::Value target);
  mlir::Value newScratch(mlir::Location loc, mlir::Type type);
  /// The memory for the result `value` of `producer`: a state if it can be computed there, else a
  /// new buffer.
  mlir::Value targetFor(mlir::Value value, mlir::Operation *producer);

  mlir::OpBuilder builder;
  Accesses accesses;
  Memory &memory;
  Kernels &kernels;
  llvm::DenseMap<mlir::Value, mlir::Value> scalars, arrays;
  llvm::DenseMap<mlir::Value, mlir::DenseElementsAttr> constants;
  /// Elements that are already there, in the loop that is being made.
  llvm::DenseMap<std::pair<mlir::Value, mlir::Value>, mlir::Value> known;
};

/// Whether two values are the same memory.
bool sameMemory(mlir::Value a, mlir::Value b);

} // namespace basalt::lower

#endif // BASALT_COMPILER_LOWER_LOWERING_H
