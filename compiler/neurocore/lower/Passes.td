// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the stage `neurocore`: from step to what is on a chip.
#ifndef BASALT_COMPILER_NEUROCORE_PASSES
#define BASALT_COMPILER_NEUROCORE_PASSES

include "mlir/Pass/PassBase.td"

def LowerToNeurocore : Pass<"lower-to-neurocore", "::mlir::ModuleOp"> {
  let summary = "Make neurons, synapses and the map of Vars of a program";
  let description = [{
    Processes whose models say `requires: neurocore` become neurons and synapses, all others stay in the `step.program`, as code for embedded processors.

    States and elementwise code of an instance, and of instances that use each other's values within a step, become a `neurocore.population` with a `neurocore.program`. A state that keeps what a product of weights
    brings becomes accumulators of those who read it; what was done with the sum before it was kept is done when it is read. `init` of neurons is evaluated. The `neurocore.pins` of
    the module become a `neurocore.pin` for each population.

    ```mlir
    step.task "dense" of "Dense" {
      %p = num.matvec %w, %s : ...
      step.set @dense.a_buff, %p
    }
    ```
    becomes
    ```mlir
    neurocore.synapses "dense.a_buff" from @lif1 0 to @lif2 0 weights "dense.weights" = dense<...>
    ```
  }];
  let options = [
    Option<"chip", "chip", "std::string", "\"loihi2-like\"", "the target: a name, or a file">,
    Option<"seed", "seed", "uint64_t", "0", "of random numbers that init draws">,
  ];
  let dependentDialects = ["::basalt::neurocore::NeurocoreDialect", "::basalt::step::StepDialect", "::basalt::num::NumDialect",
    "::basalt::rtop::RtDialect", "::mlir::arith::ArithDialect"];
}

def PlaceNeurons : Pass<"place-neurons", "::mlir::ModuleOp"> {
  let summary = "Give neurons their cores";
  let description = [{
    Populations go onto cores in order, as many neurons on each as fit; what does not fit on one core is split. With as many cores as this takes, parts of populations are made even, so that the fullest core has less,
    and those with many axons between them share cores or stand near to each other: by hops, over all axons, if each source sends one message. A population whose neurons would
    need far fewer axons in another order gets that `order`. Nothing is random. What has a `neurocore.pin` stands where that says, and gets its room first. Adds a `neurocore.core` for each core that is used.
  }];
  let options = [
    Option<"neuronsPerCore", "neurons-per-core", "int64_t", "0", "at most so many neurons on a core; 0: as many as fit">,
    Option<"place", "place", "std::string", "\"traffic\"", "how: traffic; first-fit, in order and no more; or shuffle, which is first-fit in an order and on cores that the seed chooses">,
    Option<"seed", "seed", "uint64_t", "0", "of shuffle">,
  ];
  let dependentDialects = ["::basalt::neurocore::NeurocoreDialect"];
}

#endif // BASALT_COMPILER_NEUROCORE_PASSES
