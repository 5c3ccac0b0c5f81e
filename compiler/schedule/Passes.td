// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the stage `schedule`: from a resolved network to a program of ordered phases.
#ifndef BASALT_COMPILER_SCHEDULE_PASSES
#define BASALT_COMPILER_SCHEDULE_PASSES

include "mlir/Pass/PassBase.td"

def CheckDeadlocks : Pass<"check-deadlocks", "::mlir::ModuleOp"> {
  let summary = "Find processes that wait for each other";
  let description = [{
    In spk a process waits for messages; a cycle of processes each of which receives before it sends cannot begin. In other phases a process waits for the owners of
    the Vars that it accesses; a cycle of these cannot either. Each cycle is an error that shows it hop by hop (of cycles that share processes the shortest one
    through the first of them in the file). What is left has an order, which `schedule` finds. (That what is connected is sent on has been checked by `check-accesses`.)

    ```
    a.s_out -> b.a_in       a and b receive before they send        =>   error
    b.s_out -> a.a_in
    ```
  }];
}

def Schedule : Pass<"schedule", "::mlir::ModuleOp"> {
  let summary = "Replace the resolved network by a program that says what happens when";
  let description = [{
    Processes vanish as types: each Var of each instance is a `step.state`, each fragment of a process's phase a `step.task`, and tasks stand in the one order in
    which they run. Messages become values; remote accesses name the state they reach.

    ```mlir
    proc.process @P1 { ... proc.phase post_mgmt { %0 = proc.read @ref : tensor<1xi32> } }
    proc.network @net {
      proc.instance @proc1 of @P1
      proc.instance @proc2 of @P2
      proc.connect @proc1::@ref to @proc2::@var_port
    }
    ```
    becomes
    ```mlir
    step.program @net {
      step.state @proc2.var : tensor<1xsi32> = dense<5> : tensor<1xi32>
      step.var_port @proc2.var_port of @proc2.var implicit
      step.phase post_mgmt {
        step.task "proc1" of "P1" { %0 = step.get @proc2.var via @proc2.var_port : tensor<1xi32> }
      }
    }
    ```
    `check-deadlocks` has made sure that there is such an order.
  }];
  let dependentDialects = [
    "::basalt::step::StepDialect", "::basalt::num::NumDialect", "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"
  ];
}

def CheckRemoteRaces : Pass<"check-remote-races", "::mlir::ModuleOp"> {
  let summary = "Warn about remote accesses that nothing orders";
  let description = [{
    Two processes that write one Var in the same phase, or one that writes what the other reads, lose updates where processes run side by side, unless one of
    them waits for the other. Here they run in the order of the file, so the result is defined; but it is seldom what was meant.

    ```
    step.task "a" of "Adder" { ... step.set @c.v, %0 via @c.v_port }    =>   warning: a and b both write c.v
    step.task "b" of "Adder" { ... step.set @c.v, %0 via @c.v_port }
    ```
  }];
  let options = [Option<"strict", "strict", "bool", /*default=*/"false", "report errors in place of warnings">];
}

def CheckRanges : Pass<"check-ranges", "::mlir::ModuleOp"> {
  let summary = "Warn about numbers that do not fit where they go";
  let description = [{
    Follows which numbers states and messages can have, from initial values on, in two ways: over all steps, to say what never happens (a threshold that is never reached), and over the
    first three steps, to say what does (a value that wraps, a divisor of 0, a shift by too much, graded messages that are used as spikes). In the latter nothing is assumed of what is
    not known, as of random numbers and of the time step: what is said can be seen. Where all elements of a Var are one known number, as in a counter, that is followed for as many more
    steps as take little time. A cast (`i8(x)`) is not warned of.

    ```mlir
    step.state @a.x : tensor<si8> = dense<100> : tensor<i8>
    ...
    %1 = arith.addi %0, %c50 : tensor<i64>                      // 150
    %2 = arith.trunci %1 : tensor<i64> to tensor<i8>
    step.set @a.x, %2 : tensor<i8>                              // warning: holds -128..127
    ```
    States in `changing` are set while the program runs.
  }];
  let options = [ListOption<"changing", "changing", "std::string", "states that are set from outside">];
}

#endif // BASALT_COMPILER_SCHEDULE_PASSES
