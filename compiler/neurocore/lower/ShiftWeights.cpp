// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shifts of sums as shifts of all that is added up, for chips that have formats with exponents, and
// neurons that cannot shift.
#include "compiler/neurocore/lower/Lowering.h"

using namespace mlir;

namespace basalt::neurocore {

void shiftWeightsOfBuffers(Lowering &lowering) {
  for (auto &[state, buffer] : lowering.neurons.buffers)
    std::swap(buffer.weightShift, buffer.shift);
}

static LogicalResult shift(SynapsesOp op, int64_t by, StringRef chip) {
  auto entries = llvm::to_vector(op.getEntries().getValues<int32_t>());
  for (size_t i = 0; i < entries.size(); i += kSynapseFields) {
    int64_t weight = entries[i + Weight];
    // What is so large has been found to be more than neurons take in.
    assert((by <= 0 || llvm::isInt<32>(weight * (int64_t(1) << by))) && "a compartment refuses it");
    int64_t unit = int64_t(1) << std::min<int64_t>(std::abs(by), 32);
    if (by < 0 && weight % unit != 0) {
      InFlightDiagnostic error = op.emitError("weights are shifted right by ");
      error << -by << " bits, since neurons of '" << chip << "' take sums as they are; " << weight;
      if (!op.getLists()) // shared ones lead to several
        error << ", which leads to neuron " << entries[i + Target] << " of '" << op.getTarget()
              << "',";
      return error << " would lose bits by it";
    }
    entries[i + Weight] = int32_t(by < 0 ? weight / unit : weight * unit);
  }
  op.setEntriesAttr(cast<DenseIntElementsAttr>(
      DenseElementsAttr::get(op.getEntries().getType(), ArrayRef(entries))));
  op.setScaled(uint64_t(by));
  return success();
}

LogicalResult shiftWeightsOfSynapses(Lowering &lowering) {
  for (auto &[state, buffer] : lowering.neurons.buffers)
    if (buffer.weightShift != 0)
      for (auto op : lowering.network.getBody().getOps<SynapsesOp>())
        if (op.getName() == state.getValue() &&
            failed(shift(op, buffer.weightShift, lowering.target.name)))
          return failure();
  return success();
}

} // namespace basalt::neurocore
