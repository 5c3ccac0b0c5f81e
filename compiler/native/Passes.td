// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the stage `native`.
#ifndef BASALT_COMPILER_NATIVE_PASSES
#define BASALT_COMPILER_NATIVE_PASSES

include "mlir/Pass/PassBase.td"

def NarrowIntegers : Pass<"narrow-integers", "::mlir::ModuleOp"> {
  let summary = "Compute in 32 bits what needs no more";
  let description = [{
    Integers of behaviours have 64 bits, stored ones mostly fewer. A 64-bit operation becomes one of 32 bits where the result is the same: if operands and result fit (from the types of what is
    loaded, the limits of states that nothing in the program writes, and what calls pass to a kernel), or if only its low 32 bits are used and they depend on nothing but the low bits of
    the operands. `num.mul_shr` of a number that fits by a factor from 0 to `2^k` with k up to 16, the decay of a neuron, is made of two products that fit. So a vector register
    holds twice as many neurons.

    ```mlir
    %0 = arith.extsi %u : i32 to i64
    %1 = num.mul_shr %0, %d, %c12 : i64 // %d is from 0 to 4096
    %2 = arith.extsi %a : i32 to i64
    %3 = arith.addi %1, %2 : i64
    %4 = arith.trunci %3 : i64 to i32
    ```
    becomes
    ```mlir
    %d32 = arith.trunci %d : i64 to i32
    %1 = num.mul_shr %u, %d32, %c12 {rt.narrow_product} : i32
    %4 = arith.addi %1, %a : i32
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::basalt::num::NumDialect"];
}

def FormParallelRegions : Pass<"form-parallel-regions", "::mlir::ModuleOp"> {
  let summary = "Gather statements whose work threads can share";
  let description = [{
    A statement can be shared if its elements do not depend on each other: a call of a kernel, a loop that stores elements of its own (also inside other loops, as in a product
    with a dense matrix, whose targets are shared), an operation with the interface `SplitOpInterface`. Statements are put together into `rt.parallel` if no thread needs what another
    one has written there; behind a region all threads wait for each other. Work of one instance moves ahead of what another prints, as far as nobody can tell. Regions of less than
    some microseconds are not worth it and are left as they are: then nothing moves.

    ```mlir
    func.call @LIF(%c4000, %u, %out) : (index, memref<?xi32>, memref<?xi1>) -> ()
    rt.record_port @lif.s_out, %spikes : memref<4000xi1>
    ```
    =>
    ```mlir
    rt.axis @axis.lif extent 4000 grain 64
    ...
    rt.parallel over [@axis.lif] {
    ^bb0(%low: index, %high: index):
      %n = arith.subi %high, %low : index
      %0 = rt.part %lif.u from %low : memref<4000xi32> to memref<?xi32>
      %1 = rt.part %spikes from %low : memref<4000xi1> to memref<?xi1>
      func.call @LIF(%n, %0, %1) : (index, memref<?xi32>, memref<?xi1>) -> ()
      rt.record_port @lif.s_out, %spikes range(%low, %high) : memref<4000xi1>
    }
    ```
  }];
  let options = [
    Option<"least", "least", "double", "2000",
           "The least work of a region, in nanoseconds that it is guessed to take on one thread">,
    Option<"grain", "grain", "int64_t", "64", "The elements that a thread has are a multiple of this">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::basalt::rtop::RtDialect"];
}

def ConvertToNative : Pass<"convert-to-native", "::mlir::ModuleOp"> {
  let summary = "Turn a lowered program into an emitc.class with a method for each phase";
  let description = [{
    A state becomes a field `rt::Array<T, N>`, a phase a method, a kernel a `static inline` function whose memory arguments are `T *__restrict`. Arithmetic becomes calls of the
    run-time library's inline functions (`runtime/native/Arithmetic.h`), or an operator where that has the same meaning: where operands are so narrow that nothing
    overflows, and for floats. An iN is held sign-extended in the smallest integer that holds it, an i1 in memory in a `uint8_t`.

    ```mlir
    func.func @spk() {
      %m = memref.get_global @p.x : memref<1xi24>
      %v = memref.load %m[%c0] : memref<1xi24>
      %e = arith.extsi %v : i24 to i64
      %s = arith.addi %e, %c1 : i64
      %t = arith.trunci %s : i64 to i24
      memref.store %t, %m[%c0] : memref<1xi24>
      return }
    ```
    =>
    ```c++
    void spk(rt::Context &ctx) {
      // net.yaml:12:9
      p_x[0] = rt::wrap<24>((int64_t) p_x[0] + 1);
    }
    ```
  }];
  let options = [
    Option<"profile", "profile", "bool", "false",
           "Mark where the code of one process ends and that of another begins, for profiles">
  ];
  let dependentDialects = ["::mlir::emitc::EmitCDialect"];
}

def FormStatements : Pass<"form-statements", "::mlir::ModuleOp"> {
  let summary = "Join operations into C++ expressions and mark the lines of the source";
  let description = [{
    A pure operation that is used once, in its block, joins the expression of its user; loads do so if nothing is written in between. A comment names the place in the source
    where that changes from one statement to the next.
  }];
  let dependentDialects = ["::mlir::emitc::EmitCDialect"];
}

def CheckNative : Pass<"check-native", "::mlir::ModuleOp"> {
  let summary = "Refuse what the C++ printer would not print or print wrongly";
  let description = [{
    Only `emitc` ops are left, and no division of signed `index` values, which C++ would do unsigned.
  }];
}

#endif // BASALT_COMPILER_NATIVE_PASSES
