// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations on matrices of which only some entries are stored: see num.sparse_matvec.
#include "compiler/interpret/Synapses.h"

#include "compiler/interpret/Accumulate.h"
#include "compiler/interpret/Families.h"

#include "dialect/num/Num.h"

using namespace mlir;

namespace basalt::interp {

/// Whether the entries lie source by source and have their targets among `rows`: what follows
/// relies on it.
static bool areInOrder(const Tensor &offsets, const Tensor &targets, int64_t rows) {
  int64_t last = offsets.size() - 1;
  for (int64_t j = 0; j < last; ++j)
    if (offsets.integer(j) > offsets.integer(j + 1))
      return false;
  for (int64_t e = 0; e < targets.size(); ++e)
    if (targets.integer(e) < 0 || targets.integer(e) >= rows)
      return false;
  return offsets.integer(0) == 0 && offsets.integer(last) <= targets.size();
}

/// Calls `visit(entry, target, source)` for each entry, in order.
template <typename Visitor>
static void forEntries(std::string &error, const Tensor &offsets, const Tensor &targets,
                       int64_t rows, Visitor visit) {
  if (!areInOrder(offsets, targets, rows)) {
    error = "the entries of a sparse matrix are not in order";
    return;
  }
  for (int64_t j = 0; j + 1 < offsets.size(); ++j)
    for (int64_t e = offsets.integer(j); e < offsets.integer(j + 1); ++e)
      visit(e, targets.integer(e), j);
}

void forEachEntry(Synapses synapses, int64_t rows, std::string &error,
                  llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) {
  forEntries(error, synapses.offsets, synapses.targets, rows, visit);
}

static Tensor multiply(num::SparseMatVecOp op, Inputs &inputs) {
  const Tensor &values = inputs[0], &vector = inputs[3];
  Tensor result(op.getType());
  forEntries(inputs.error, inputs[1], inputs[2], result.size(),
             [&](int64_t entry, int64_t target, int64_t source) {
               if (!isZero(vector, source))
                 addProduct(result, target, values, entry, vector, source);
             });
  return result;
}

static Tensor deliver(num::SparseDeliverOp op, Inputs &inputs) {
  const Tensor &values = inputs[0], &delays = inputs[1], &vector = inputs[4];
  Tensor result = op.getOnto() ? Tensor(inputs[5]) : Tensor(op.getType());
  int64_t slots = result.shape()[1];
  forEntries(inputs.error, inputs[2], inputs[3], result.shape()[0],
             [&](int64_t entry, int64_t target, int64_t source) {
               int64_t slot = delays.integer(entry);
               if (slot >= 0 && slot < slots && !isZero(vector, source))
                 addProduct(result, target * slots + slot, values, entry, vector, source);
             });
  return result;
}

Tensor entriesOf(const Tensor &matrix, Synapses synapses, std::string &error) {
  Tensor result(matrix.elementType(), synapses.targets.shape());
  int64_t columns = matrix.shape()[1];
  forEntries(error, synapses.offsets, synapses.targets, matrix.shape()[0],
             [&](int64_t entry, int64_t target, int64_t source) {
               result.copy(entry, matrix, target * columns + source);
             });
  return result;
}

static void addElement(Tensor &into, int64_t i, const Tensor &from, int64_t j) {
  if (into.isFloat())
    into.setReal(i, into.isSingle()
                        ? static_cast<float>(into.real(i)) + static_cast<float>(from.real(j))
                        : into.real(i) + from.real(j));
  else if (into.width() == 1)
    into.setInteger(i, into.integer(i) | from.integer(j));
  else
    into.setInteger(i, rt::add(into.integer(i), from.integer(j)));
}

Tensor matrixOf(const Tensor &values, Synapses synapses, RankedTensorType type,
                std::string &error) {
  Tensor result(type);
  int64_t columns = result.shape()[1];
  forEntries(error, synapses.offsets, synapses.targets, result.shape()[0],
             [&](int64_t entry, int64_t target, int64_t source) {
               addElement(result, target * columns + source, values, entry);
             });
  return result;
}

void advanceLine(Tensor &line, const Tensor &weights, const Tensor *delays, int64_t first,
                 Synapses synapses, const Tensor &spikes, std::string &error) {
  Tensor next(line.elementType(), line.shape());
  int64_t rows = line.shape()[0], columns = line.size() / std::max<int64_t>(rows, 1);
  for (int64_t i = 0; i < line.size(); ++i)
    if (i % columns + 1 < columns)
      next.copy(i, line, i + 1);
  forEntries(error, synapses.offsets, synapses.targets, rows,
             [&](int64_t entry, int64_t target, int64_t source) {
               int64_t column = delays ? rt::sub(delays->integer(entry), first) : 0;
               if (column >= 0 && column < columns && !isZero(spikes, source))
                 addElement(next, target * columns + column, weights, entry);
             });
  line = std::move(next);
}

Tensor dueOf(const Tensor &line) {
  int64_t rows = line.shape()[0], columns = line.size() / std::max<int64_t>(rows, 1);
  Tensor result(line.elementType(), ArrayRef(rows));
  for (int64_t i = 0; i < rows; ++i)
    result.copy(i, line, i * columns);
  return result;
}

std::optional<Tensor> evaluateSynapses(Operation *op, Inputs &inputs) {
  if (auto matvec = dyn_cast<num::SparseMatVecOp>(op))
    return multiply(matvec, inputs);
  if (auto deliverOp = dyn_cast<num::SparseDeliverOp>(op))
    return deliver(deliverOp, inputs);
  if (isa<num::AtSynapsesOp>(op))
    return entriesOf(inputs[0], {inputs[1], inputs[2]}, inputs.error);
  if (auto toDense = dyn_cast<num::ToDenseOp>(op))
    return matrixOf(inputs[0], {inputs[1], inputs[2]}, toDense.getType(), inputs.error);
  return std::nullopt;
}

} // namespace basalt::interp
