// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the stage `llvm`.
#ifndef BASALT_COMPILER_LLVM_PASSES
#define BASALT_COMPILER_LLVM_PASSES

include "mlir/Pass/PassBase.td"

def LowerToLLVM : Pass<"lower-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Turn a lowered program of integers into the LLVM dialect";
  let description = [{
    Globals become `llvm.mlir.global`s in the storage of the run-time contract, states with their initial values and visible to the linker. Values stay as wide as they are. `num`, `rt`
    and `proc` become calls of functions `basalt_*` (runtime/neurocore/embedded), whose meaning is that of runtime/native. What the calls refer to by number (Vars, injectors, channels, places of
    errors) has it from the attribute `rt.number` of the op, else from the order in which they occur. Each function has a subprogram for debuggers, so that line tables come out.

    ```mlir
    %1 = memref.load %0[%i] : memref<4xi24>
    %2 = num.floordiv %a, %b : i64
    ```
    =>
    ```mlir
    %1 = llvm.getelementptr %0[%i] : (!llvm.ptr, i64) -> !llvm.ptr, i32
    %2 = llvm.load %1 : !llvm.ptr -> i32
    %3 = llvm.trunc %2 : i32 to i24
    %4 = llvm.call @basalt_floordiv(%a, %b) : (i64, i64) -> i64
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::cf::ControlFlowDialect"];
}

#endif // BASALT_COMPILER_LLVM_PASSES
