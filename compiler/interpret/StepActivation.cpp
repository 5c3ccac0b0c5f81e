// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tasks, guards, kernels and probes.
#include "compiler/interpret/StepActivation.h"

#include "compiler/interpret/Synapses.h"

#include "runtime/native/Generated.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::interp {

void StepActivation::runPhase(step::PhaseOp phase) {
  for (Operation &op : phase.getBody().front())
    runOp(op);
}

bool StepActivation::runGuard(step::GuardOp guard) {
  instance = guard.getInstance().str();
  return runBlock(guard.getBody().front(), {}).front().truth();
}

std::optional<Walker::Values> StepActivation::runAccess(Operation &op) {
  using Result = std::optional<Values>;
  return llvm::TypeSwitch<Operation *, Result>(&op)
      .Case([&](step::GetOp get) -> Result {
        return Values{memory.stateOf[get.getState()]->memory.load()};
      })
      .Case([&](step::SetOp set) -> Result {
        memory.stateOf[set.getState()]->memory.store(valueOf(set.getValue()));
        return Values();
      })
      .Case([&](step::TaskOp task) -> Result { return runTask(task); })
      .Case([&](step::UpdateOp updateOp) -> Result { return update(updateOp); })
      .Case([&](step::UpdateEntriesOp updateOp) -> Result {
        return updateEntries(updateOp), Values();
      })
      .Case([&](step::DueOp due) -> Result {
        step::ProjectionOp projection = memory.projections[due.getProjection()];
        return Values{dueOf(memory.stateOf[projection.getLine()]->memory.load())};
      })
      .Case([&](step::AdvanceOp advanceOp) -> Result { return advance(advanceOp), Values(); })
      .Case([&](step::ProbeOp probeOp) -> Result { return probe(probeOp), Values(); })
      .Default([](Operation *) { return std::nullopt; });
}

Walker::Values StepActivation::runTask(step::TaskOp task) {
  if (task.getGuard() && !memory.admitted[*task.getGuard()])
    return {}; // it has no results
  instance = task.getInstance().str();
  return runBlock(task.getBody().front(), {});
}

/// Element `i` of a tensor as a scalar; of one of rank 0 always the one it has.
static Tensor elementOf(const Tensor &tensor, int64_t i) {
  Tensor result(tensor.elementType(), ArrayRef<int64_t>());
  result.copy(0, tensor, tensor.rank() == 0 ? 0 : i);
  return result;
}

Walker::Values StepActivation::update(step::UpdateOp op) {
  Block &kernel = memory.kernels[op.getKernel()].getBody().front();
  Values inputs;
  SmallVector<Memory *> states;
  for (auto name : op.getStates().getAsRange<FlatSymbolRefAttr>()) {
    states.push_back(&memory.stateOf[name.getValue()]->memory);
    inputs.push_back(states.back()->load());
  }
  llvm::append_range(inputs, valuesOf(op.getInputs()));

  Values outputs;
  for (Type type : kernel.getTerminator()->getOperandTypes())
    outputs.emplace_back(type, op.getExtent());
  for (int64_t i = 0, count = ShapedType::getNumElements(op.getExtent()); i < count; ++i) {
    Values elements;
    for (const Tensor &input : inputs)
      elements.push_back(elementOf(input, i));
    for (auto [output, element] : llvm::zip_equal(outputs, runBlock(kernel, elements)))
      output.copy(i, element, 0);
  }
  for (auto [state, output] : llvm::zip(states, outputs))
    state->store(output);
  return Values(llvm::drop_begin(outputs, states.size()));
}

static proc::SparseAttr sparseOf(Operation *from, FlatSymbolRefAttr state) {
  auto program = from->getParentOfType<step::ProgramOp>();
  return *cast<step::StateOp>(SymbolTable::lookupSymbolIn(program, state.getAttr())).getSparse();
}

void StepActivation::updateEntries(step::UpdateEntriesOp op) {
  Block &kernel = memory.kernels[op.getKernel()].getBody().front();
  proc::SparseAttr sparse = sparseOf(op, op.getStateAttr());
  auto load = [&](StringRef state) { return memory.stateOf[state]->memory.load(); };
  Tensor entries = load(op.getState()), offsets = load(sparse.getOffsets().getValue()),
         targets = load(sparse.getTargets().getValue()), mask = valueOf(op.getMask());
  Values inputs = valuesOf(op.getInputs());
  std::string error;
  forEachEntry({offsets, targets}, sparse.getShape()[0], error,
               [&](int64_t entry, int64_t target, int64_t source) {
                 if (!mask.integer(op.getBy() == step::EntryRole::Source ? source : target))
                   return;
                 Values elements{elementOf(entries, entry)};
                 for (auto [i, input] : llvm::enumerate(inputs)) {
                   step::EntryRole role = op.roleOf(i);
                   elements.push_back(elementOf(input, role == step::EntryRole::Entry    ? entry
                                                       : role == step::EntryRole::Source ? source
                                                                                         : target));
                 }
                 entries.copy(entry, runBlock(kernel, elements).front(), 0);
               });
  assert(error.empty() && "sets and initial values have been checked");
  memory.stateOf[op.getState()]->memory.store(entries);
}

void StepActivation::advance(step::AdvanceOp op) {
  step::ProjectionOp projection = memory.projections[op.getProjection()];
  auto load = [&](StringRef state) { return memory.stateOf[state]->memory.load(); };
  proc::SparseAttr sparse = sparseOf(projection, projection.getWeightsAttr());
  Tensor line = load(projection.getLine()), offsets = load(sparse.getOffsets().getValue()),
         targets = load(sparse.getTargets().getValue()), delays;
  if (projection.getDelays())
    delays = load(*projection.getDelays());
  std::string error;
  advanceLine(line, load(projection.getWeights()), projection.getDelays() ? &delays : nullptr,
              projection.getFirst(), {offsets, targets}, valueOf(op.getSpikes()), error);
  assert(error.empty() && "sets and initial values have been checked");
  memory.stateOf[projection.getLine()]->memory.store(line);
}

void StepActivation::probe(step::ProbeOp op) {
  if (!op.getValue())
    return rt::recordState(ctx, memory.stateOf[op.getTarget()]->number);
  StepMemory::Port &port = *memory.portOf[op.getTarget()];
  port.memory.store(valueOf(op.getValue()));
  rt::recordPort(ctx, port.number, port.memory.data());
}

} // namespace basalt::interp
