// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lowering of a program to a network of neurons, step by step.
#ifndef BASALT_COMPILER_NEUROCORE_LOWER_LOWERING_H
#define BASALT_COMPILER_NEUROCORE_LOWER_LOWERING_H

#include "compiler/neurocore/form/Population.h"
#include "compiler/neurocore/lower/PinsOf.h"
#include "dialect/neurocore/Neurocore.h"

#include "mlir/IR/SymbolTable.h"

namespace basalt::neurocore {

struct Lowering {
  Lowering(step::ProgramOp program, const nc::Target &target)
      : program(program), target(target), builder(program->getContext()) {}

  step::ProgramOp program;
  const nc::Target &target;
  mlir::OpBuilder builder;
  llvm::StringSet<> instances; ///< that are neurons
  llvm::StringSet<> chained;   ///< weights that are several synapses each
  llvm::StringSet<> evaluated; ///< states that init has read or written
  std::unique_ptr<Flat> flat;
  Neurons neurons;
  NetworkOp network;

  std::vector<PopulationOp> populations; ///< of neurons.populations
  /// Injectors by what an embedded process sends; those that say only whether it is 0.
  llvm::MapVector<mlir::Value, InjectorOp> injectors, spikeInjectors;
  /// Vars that embedded processes write before neurons run, and read when they have.
  llvm::MapVector<mlir::Value, std::string> inputVars, sentVars;
  /// States for messages of embedded processes, by the original result.
  llvm::DenseMap<mlir::Value, mlir::StringAttr> messageStates;

  std::vector<EmbeddedOp> processors; ///< those that have a program
  /// The processor of an instance, and of a state that no neuron has: in `processors`.
  llvm::StringMap<unsigned> processorOf, processorOfState;
  /// By the message and the processor that receives it.
  llvm::MapVector<std::pair<mlir::Value, unsigned>, ChannelOp> channels;

  /// Visits the products that sources lead to, or those that none does: these have no synapses, so
  /// their weights and delays are numbers like others.
  void visitProducts(bool withSources, llvm::function_ref<void(const Product &)> visit) const {
    for (const auto &[state, buffer] : neurons.buffers)
      for (const Product &product : buffer.products)
        if (product.connections.empty() != withSources)
          visit(product);
  }
};

/// Populations with their programs.
llvm::LogicalResult emitPopulations(Lowering &lowering);
/// Pins of populations.
llvm::LogicalResult emitPins(Lowering &lowering, llvm::ArrayRef<Pin> pins);
/// Injectors and synapses.
llvm::LogicalResult emitSynapses(Lowering &lowering);
/// Shifts weights in the place of sums, for chips whose neurons take sums as they are: buffers say
/// it, before they are emitted, and synapses do it afterwards. The latter reports weights with
/// which that is not the same.
void shiftWeightsOfBuffers(Lowering &lowering);
llvm::LogicalResult shiftWeightsOfSynapses(Lowering &lowering);
/// Gives what is left of the program to embedded processors.
llvm::LogicalResult assignProcessors(Lowering &lowering);
/// Leaves in the program what runs on embedded processors, and writes down when it is called.
llvm::LogicalResult splitEmbedded(Lowering &lowering);
/// Vars, ports, aliases.
llvm::LogicalResult emitVars(Lowering &lowering);

/// The type of a Var as it is seen from outside: a matrix whatever its store.
mlir::RankedTensorType outsideType(step::StateOp state);
/// Which elements of the Var the elements of the state are.
std::vector<int32_t> outsideElements(const Flat &flat, step::StateOp state);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_LOWER_LOWERING_H
