// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the stage `optimize`: from step to step.
#ifndef BASALT_COMPILER_OPTIMIZE_PASSES
#define BASALT_COMPILER_OPTIMIZE_PASSES

include "mlir/Pass/PassBase.td"

def MergeTasks : Pass<"merge-tasks", "::basalt::step::ProgramOp"> {
  let summary = "Join tasks of one process where nobody can tell";
  let description = [{
    Scheduling cuts a process's code at each recv and send. A fragment that neither sends nor prints may as well run with the one after it, and one that neither receives nor prints
    with the one before it: no other process sees states in spk.

    ```mlir
    %0 = step.task "lif" of "LIF" -> tensor<2xi32> {
      %u = step.get @lif.u : tensor<2xi32>
      step.yield %u : tensor<2xi32>
    }
    step.task "lif" of "LIF" { ... uses %0 and a message }
    ```
    becomes
    ```mlir
    step.task "lif" of "LIF" {
      %u = step.get @lif.u : tensor<2xi32>
      ...
    }
    ```
  }];
  let dependentDialects = ["::basalt::step::StepDialect"];
}

def SinkReads : Pass<"sink-reads", "::basalt::step::ProgramOp"> {
  let summary = "Compute what only reads states where it is used";
  let description = [{
    A process that names its weights before it receives has them read, and widened, in the task before. That moves to the only task that uses it, unless a state that is
    read changes in between; then the product there reads the state itself.

    ```mlir
    %0:2 = step.task "dense" of "Dense" -> tensor<2xi32>, tensor<2x3xi64> {
      %a = step.get @dense.a_buff : tensor<2xi32>
      %w = step.get @dense.weights : tensor<2x3xi32>
      %wide = arith.extsi %w : tensor<2x3xi32> to tensor<2x3xi64>
      step.yield %a, %wide : tensor<2xi32>, tensor<2x3xi64>
    }
    step.task "dense" of "Dense" { ... num.matvec %0#1, %s ... }
    ```
    becomes
    ```mlir
    %0 = step.task "dense" of "Dense" -> tensor<2xi32> { ... }
    step.task "dense" of "Dense" {
      %w = step.get @dense.weights : tensor<2x3xi32>
      %wide = arith.extsi %w : tensor<2x3xi32> to tensor<2x3xi64>
      ... num.matvec %wide, %s ...
    }
    ```
  }];
  let dependentDialects = ["::basalt::step::StepDialect"];
}

def StoreBySource : Pass<"store-by-source", "::basalt::step::ProgramOp"> {
  let summary = "Let matrices and kernels of weights lie in memory source by source";
  let description = [{
    A product reads the weights of the sources that have spiked. So a matrix that nothing but products reads in a time step is stored
    transposed (`by_source`): the weights of a source lie side by side, as the entries of a sparse Var do. From outside it stays what it was. What else reads or writes it, as `init` does,
    sees it through `num.transpose`. The kernel of a convolution is stored with the axis of its targets behind all others, if that is the first
    axis of the state; how its other axes are moved or turned before the convolution does not count.

    ```mlir
    step.state @dense.weights : tensor<2x3xsi32> = ...
    %w = step.get @dense.weights : tensor<2x3xi32>
    ```
    becomes
    ```mlir
    step.state @dense.weights : tensor<3x2xsi32> = ... {by_source}
    %0 = step.get @dense.weights : tensor<3x2xi32>
    %w = num.transpose %0 [1, 0] : tensor<3x2xi32> to tensor<2x3xi32>
    ```
  }];
  let options = [Option<"kernels", "kernels", "bool", "true", "whether kernels of convolutions, too, lie source by source">];
  let dependentDialects = ["::basalt::step::StepDialect", "::basalt::num::NumDialect"];
}

def NarrowProducts : Pass<"narrow-products", "::basalt::step::ProgramOp"> {
  let summary = "Let sums have the bits that are used of them";
  let description = [{
    Behaviours compute in 64 bits. Of a sum of products that is cut to 32 bits or fewer, as it is where it is stored, only the lowest bits of its terms
    count: so it is computed in 32 bits, if its operands have no more, and vectors are twice as long. What stands in between and
    does nothing goes away, such as the question whether a truth value is not 0.

    ```mlir
    %x = arith.extui %spikes : tensor<3xi1> to tensor<3xi64>
    %w = arith.extsi %weights : tensor<2x3xi32> to tensor<2x3xi64>
    %sum = num.matvec %w, %x : tensor<2x3xi64>, tensor<3xi64> to tensor<2xi64>
    %stored = arith.trunci %sum : tensor<2xi64> to tensor<2xi32>
    ```
    becomes
    ```mlir
    %x = arith.extui %spikes : tensor<3xi1> to tensor<3xi32>
    %stored = num.matvec %weights, %x : tensor<2x3xi32>, tensor<3xi32> to tensor<2xi32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::basalt::num::NumDialect"];
}

def ConvertIfToSelect : Pass<"convert-if-to-select", "::basalt::step::ProgramOp"> {
  let summary = "Compute both sides of short conditionals and choose";
  let description = [{
    Only if both sides are pure but for gets and sets of the process's own states, and cheap: a conditional ends a group, a select does not. A state that is filled with
    a constant costs nothing if its elements are computed afterwards in any case. What stands on a neurocore has no choice: there any cost is small enough.

    ```mlir
    scf.if %c {
      step.set @p.v, %a : tensor<4xi64>
    }
    ```
    becomes
    ```mlir
    %0 = step.get @p.v : tensor<4xi64>
    %1 = arith.select %mask, %a, %0 : tensor<4xi1>, tensor<4xi64>
    step.set @p.v, %1 : tensor<4xi64>
    ```
  }];
  let options = [
    Option<"maxCost", "max-cost", "int64_t", /*default=*/"64",
      "what both sides may cost, in elementary operations on eight elements; more stays a conditional">
  ];
  let dependentDialects = [
    "::basalt::step::StepDialect", "::basalt::num::NumDialect", "::mlir::arith::ArithDialect"
  ];
}

def PromoteStates : Pass<"promote-states", "::basalt::step::ProgramOp"> {
  let summary = "Read states first and write them last";
  let description = [{
    Within a task, a get after a set or get of the same state is the value known, a set that another overwrites unseen vanishes, and so does one of the value that is there already. At
    the top level of a task, gets go first and sets last. Nested code that touches a state stops all this for that state.

    ```mlir
    step.set @p.v, %a : tensor<4xi64>
    %0 = step.get @p.v : tensor<4xi64>
    step.set @p.v, %b : tensor<4xi64>
    ```
    becomes
    ```mlir
    // %0 is %a
    step.set @p.v, %b : tensor<4xi64>
    ```
  }];
  let dependentDialects = ["::basalt::step::StepDialect"];
}

def FormProjections : Pass<"form-projections", "::basalt::step::ProgramOp"> {
  let summary = "Keep delay lines as the spikes of the last steps";
  let description = [{
    A state that holds what is due in the next steps, moves on by a column in each step and has spikes delivered onto it, is not touched by anything else. So it need not be stored:
    `step.due` adds up what is due from the spikes of the steps before, `step.advance` keeps those of this step. A state that is given the sums of a product with a sparse matrix, to be
    read in the next step, is such a line of one column. States that something else reads, or that RefPorts reach, stay as they are; so do payloads other than 0 and 1.

    ```mlir
    %line = step.get @s.a_buff : tensor<3x2xf64>
    %due = num.extract %line offsets [0, 0] sizes [3, 1] strides [1, 1] drop [1] : tensor<3x2xf64> to tensor<3xf64>
    %moved = ... // column k + 1 of %line, then zeros
    %next = num.sparse_deliver %weights after %delays at(%offsets, %targets), %s onto %moved : ...
    step.set @s.a_buff, %next : tensor<3x2xf64>
    ```
    becomes
    ```mlir
    step.projection @s.a_buff.projection of @s.a_buff weights @s.weights delays @s.delays first 0 history "s.a_buff"

    %due = step.due @s.a_buff.projection : tensor<3xf64>
    step.advance @s.a_buff.projection, %spikes : tensor<4xi1>
    ```
  }];
  let dependentDialects = ["::basalt::step::StepDialect", "::basalt::num::NumDialect"];
}

def FormEntryUpdates : Pass<"form-entry-updates", "::basalt::step::ProgramOp"> {
  let summary = "Update the entries of sources and targets that spike, and no others";
  let description = [{
    Plasticity is written for whole sparse Vars: `weights = where(post[:, newaxis], weights + rate * x, weights)`. Where the condition is known from the source or the target of an entry
    alone, and what is chosen is computed of the entry's old value, of what belongs to its source or target, and of what is the same for all, the rows (or columns) of those that spike are
    updated in place. Several conditions that must hold together are fine if one of them is of that kind; so are several choices one after the other. Whoever reads the entries in between does so
    where it stood.

    ```mlir
    %w = step.get @s.weights : tensor<5xf64>
    %more = arith.addf %w, %rate : tensor<5xf64>
    %0 = num.broadcast %post : tensor<3x1xi1> to tensor<3x4xi1>
    %mask = num.at_synapses %0 at(%offsets, %targets) : ...
    %1 = arith.select %mask, %more, %w : tensor<5xi1>, tensor<5xf64>
    step.set @s.weights, %1 : tensor<5xf64>
    ```
    becomes
    ```mlir
    step.update_entries @S_spk @s.weights by target %post ins(every %rate : tensor<f64>) : tensor<3xi1>

    step.kernel @S_spk(%w: f64, %rate: f64) { ... }
    ```
  }];
  let dependentDialects = ["::basalt::step::StepDialect", "::basalt::num::NumDialect", "::mlir::arith::ArithDialect"];
}

def FormGroups : Pass<"form-groups", "::basalt::step::ProgramOp"> {
  let summary = "Gather elementwise code into kernels";
  let description = [{
    Connected elementwise operations of one shape become one `step.update` of a `step.kernel` of scalar operations. Scalars that were broadcast are scalar
    inputs, constants stand in the kernel, and states that the group alone reads and writes are updated in place. Kernels are interned by structure: one
    for all populations of a kind.

    ```mlir
    %0 = step.get @lif.v : tensor<4xi64>
    %1 = arith.addi %0, %a : tensor<4xi64>
    step.set @lif.v, %1 : tensor<4xi64>
    ```
    becomes
    ```mlir
    step.update @LIF_spk [@lif.v] ins(%a : tensor<4xi64>) over [4]

    step.kernel @LIF_spk(%v: i64, %a: i64) {
      %0 = arith.addi %v, %a : i64
      step.yield %0 : i64
    }
    ```
    Afterwards no elementwise operation on more than a scalar is left in tasks and guards; the pass checks that.
  }];
  let dependentDialects = [
    "::basalt::step::StepDialect", "::basalt::num::NumDialect", "::mlir::arith::ArithDialect"
  ];
}

#endif // BASALT_COMPILER_OPTIMIZE_PASSES
