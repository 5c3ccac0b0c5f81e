// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the stage `lower`.
#ifndef BASALT_COMPILER_LOWER_PASSES
#define BASALT_COMPILER_LOWER_PASSES

include "mlir/Pass/PassBase.td"

def LowerToLoops : Pass<"lower-to-loops", "::mlir::ModuleOp"> {
  let summary = "Turn the tensors of a step.program into memory, loops and scalars";
  let description = [{
    States become `memref.global`s of one axis, phases functions (`@init`, `@spk`, `@pre_mgmt`, `@lrn`, `@post_mgmt`, `@host`), guards the functions `@guards_after_spk` and
    `@guards_before_post`, which set a flag for each guard and return the bits of the run-time contract. Each kernel becomes a function with one loop. Of the `step.program`
    the declarations (states, aliases, ports) stay. Nothing is allocated at run time: what is not a state lives in uninitialised globals.

    ```mlir
    step.program @net {
      step.state @p.x : tensor<4xsi32> = dense<0> : tensor<4xi32>
      step.kernel @inc(%x: i32) { ... step.yield %y : i32 }
      step.phase spk { step.task "p" of "P" { step.update @inc [@p.x] over [4]  step.yield } } }
    ```
    =>
    ```mlir
    memref.global "private" @p.x : memref<4xi32> = uninitialized
    func.func private @inc(%n: index, %x: memref<?xi32>) { scf.for %i = %c0 to %n step %c1 { ... } return }
    func.func @spk() { ... func.call @inc(%c4, %x) : (index, memref<?xi32>) -> ()  return }
    ```
  }];
  let options = [
    Option<"perTask", "per-task", "bool", "false",
           "A function for each task and each guard, for programs whose caller schedules them: their attributes say which they are">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::basalt::rtop::RtDialect", "::basalt::num::NumDialect", "::basalt::proc::ProcDialect"];
}

#endif // BASALT_COMPILER_LOWER_PASSES
