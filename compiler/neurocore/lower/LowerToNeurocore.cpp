// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lower-to-neurocore: step.program => neurocore.network, and what is left for embedded processors.
// See Passes.td.
#include "compiler/neurocore/lower/Init.h"
#include "compiler/neurocore/lower/Lowering.h"
#include "compiler/neurocore/lower/Passes.h"
#include "compiler/neurocore/target/TargetFile.h"
#include "dialect/num/Num.h"
#include "dialect/rt/Rt.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_LOWERTONEUROCORE
#include "compiler/neurocore/lower/Passes.h.inc"

namespace {

struct LowerToNeurocore : impl::LowerToNeurocoreBase<LowerToNeurocore> {
  using LowerToNeurocoreBase::LowerToNeurocoreBase;

  void runOnOperation() override {
    auto programs = getOperation().getOps<step::ProgramOp>();
    if (!llvm::hasSingleElement(programs)) {
      getOperation().emitError("expected one step.program");
      return signalPassFailure();
    }
    SourceFiles sources;
    FailureOr<neurocore::LoadedTarget> target =
        neurocore::loadTarget(sources, &getContext(), chip, getOperation().getLoc());
    if (failed(target))
      return signalPassFailure();
    limits = target->canonical;
    pins = neurocore::pinsOf(getOperation());
    neurocore::setPins(getOperation(), {}); // they become ops
    if (failed(neurocore::checkPins(pins, target->target)))
      return signalPassFailure();
    neurocore::Lowering lowering(*programs.begin(), target->target);
    if (failed(run(lowering)))
      signalPassFailure();
  }

private:
  LogicalResult run(neurocore::Lowering &lowering);

  std::string limits;
  std::vector<neurocore::Pin> pins;
};

/// Neurons have code in init and spk alone.
LogicalResult checkPhases(neurocore::Lowering &lowering) {
  auto names = lowering.program->getAttrOfType<ArrayAttr>(step::kNeurocoreAttr);
  if (names)
    for (auto name : names.getAsRange<StringAttr>())
      lowering.instances.insert(name.getValue());
  for (auto guard : lowering.program.getBody().getOps<step::GuardOp>())
    if (lowering.instances.contains(guard.getInstance()))
      return guard.emitError("'") << guard.getInstance()
                                  << "' has a guard, but a neuron has code in init and spk alone";
  for (auto phase : lowering.program.getBody().getOps<step::PhaseOp>())
    for (auto task : phase.getBody().getOps<step::TaskOp>()) {
      proc::PhaseKind kind = phase.getKind();
      if (kind != proc::PhaseKind::Init &&
          !(lowering.target.chip.phases >> (unsigned(kind) - 1) & 1))
        return task.emitError("'")
               << task.getInstance() << "' has code in " << proc::stringifyPhaseKind(kind)
               << ", and '" << lowering.target.name << "' has no such phase (chip.phases)";
      if (lowering.instances.contains(task.getInstance()) && kind != proc::PhaseKind::Init &&
          kind != proc::PhaseKind::Spk)
        return task.emitError("'")
               << task.getInstance() << "' has code in " << proc::stringifyPhaseKind(kind)
               << ", but a neuron has code in init and spk alone"
               << (kind == proc::PhaseKind::Lrn ? "; neurocores do not learn yet" : "");
    }
  return success();
}

LogicalResult LowerToNeurocore::run(neurocore::Lowering &lowering) {
  step::ProgramOp program = lowering.program;
  if (failed(checkPhases(lowering)) || failed(neurocore::realiseRules(program, seed)) ||
      failed(neurocore::evaluateInit(program, lowering.instances, seed, lowering.evaluated)))
    return failure();
  FailureOr<std::unique_ptr<neurocore::Flat>> flat =
      neurocore::Flat::build(program, lowering.instances);
  if (failed(flat))
    return failure();
  lowering.flat = std::move(*flat);
  FailureOr<neurocore::Buffers> buffers = neurocore::findBuffers(*lowering.flat);
  if (failed(buffers))
    return failure();
  lowering.neurons.buffers = std::move(*buffers);
  if (!(lowering.target.neuron.kinds & nc::NeuronProgram))
    shiftWeightsOfBuffers(lowering);
  if (failed(neurocore::formPopulations(*lowering.flat, lowering.neurons)))
    return failure();
  OpBuilder &builder = lowering.builder;
  builder.setInsertionPointToEnd(getOperation().getBody());
  lowering.network = neurocore::NetworkOp::create(builder, program.getLoc(), program.getSymName(),
                                                  lowering.target.name, limits);
  builder.setInsertionPointToEnd(&lowering.network.getBody().emplaceBlock());
  // Two symbols of a module cannot have one name.
  program.setSymName(program.getSymName().str() + ".embedded");
  if (failed(emitPopulations(lowering)) || failed(emitPins(lowering, pins)) ||
      failed(emitSynapses(lowering)) || failed(shiftWeightsOfSynapses(lowering)) ||
      failed(assignProcessors(lowering)) || failed(splitEmbedded(lowering)) ||
      failed(emitVars(lowering)))
    return failure();
  for (auto kernel : llvm::make_early_inc_range(program.getBody().getOps<step::KernelOp>()))
    if (SymbolTable::symbolKnownUseEmpty(kernel, program))
      kernel.erase();
  return success();
}

} // namespace
} // namespace basalt
