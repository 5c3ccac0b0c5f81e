// What is nearly a delay line stays as it is: each run changes one thing of the program below. A `//NAME ` in it
// hides a line until that run.
// DEFINE: %{form} = basalt-opt --pass-pipeline='builtin.module(step.program(form-projections))'
// RUN: %{form} %s | FileCheck %s --check-prefix=BOTH
// BOTH: step.projection @s.line.projection of @s.line
// BOTH: step.projection @s.sums.projection of @s.sums

// Something else reads the line: another process, another phase, a guard, a conditional, a probe within the step.
// RUN: sed 's,//READ ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's,//LATER ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's,//GUARD ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's,//NESTED ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's,//PROBE ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's,//REMOTE ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// Not the column that is due, or not all of it.
// RUN: sed 's/offsets .0, 0. sizes .3, 1. strides .1, 1. drop .1./offsets [0, 1] sizes [3, 1] strides [1, 1] drop [1]/' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's/offsets .0, 0. sizes .3, 1. strides .1, 1. drop .1. : tensor<3x2xf64> to tensor<3xf64>/offsets [0, 0] sizes [1, 1] strides [1, 1] drop [1] : tensor<3x2xf64> to tensor<1xf64>/; s/(%due : tensor<3xf64>)/(%due : tensor<1xf64>)/' %s | %{form} | FileCheck %s --check-prefix=SUMS
// Something else writes the line.
// RUN: sed 's,//WRITE ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's,//INIT ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's,//SWITCHED ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's/"s" of "S" {/"s" of "S" if @s.when {/' %s | %{form} | FileCheck %s --check-prefix=NEITHER
// It does not move on by one column, or its last column is not made of zeros (minus zero is no such).
// RUN: sed 's/onto %moved/onto %line/' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's/insert %later into %none/insert %later into %line/' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's/%none = arith.constant dense<0.0>/%none = arith.constant dense<-0.0>/' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's/ onto %moved/ /; s/ onto tensor<3x2xf64> to/ to/' %s | %{form} | FileCheck %s --check-prefix=SUMS
// What it becomes is used elsewhere.
// RUN: sed 's,//TWICE ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS

// Messages that are numbers: payloads, and truth values that count -1.
// RUN: sed 's/%factors = .*/%factors = step.get @n.x : tensor<4xf64>/' %s | %{form} | FileCheck %s --check-prefix=NEITHER
// RUN: sed 's/%factors = .*/%factors = arith.sitofp %fired : tensor<4xi1> to tensor<4xf64>/' %s | %{form} | FileCheck %s --check-prefix=NEITHER
// Weights or delays that change, or are not those of the state; delays that are no state's.
// RUN: sed 's,//LEARN ,,' %s | %{form} | FileCheck %s --check-prefix=NEITHER
// RUN: sed 's,//TEACH ,,' %s | %{form} | FileCheck %s --check-prefix=NEITHER
// RUN: sed 's,//LAG ,,' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's/%weights = .*/%weights = arith.addf %w, %w : tensor<5xf64>/' %s | %{form} | FileCheck %s --check-prefix=NEITHER
// RUN: sed 's/%columns = .*/%columns = arith.muli %d, %d : tensor<5xi64>/' %s | %{form} | FileCheck %s --check-prefix=SUMS
// RUN: sed 's/%columns = .*/%columns = arith.constant dense<1> : tensor<5xi64>/' %s | %{form} | FileCheck %s --check-prefix=SUMS
// The product is with entries of another matrix.
// RUN: sed 's/get @s.w.targets/get @s.x.targets/' %s | %{form} | FileCheck %s --check-prefix=NEITHER
// RUN: sed 's/get @s.w.offsets/get @s.x.offsets/' %s | %{form} | FileCheck %s --check-prefix=NEITHER
// The line of sums is read where it has been set to zero.
// RUN: sed 's,//ZERO ,,' %s | %{form} | FileCheck %s --check-prefix=LINE
// What is stored of the matrix has no place.
// RUN: sed 's/ {sparse = .*//' %s | %{form} | FileCheck %s --check-prefix=NEITHER

// SUMS-NOT: projection
// SUMS: step.projection @s.sums.projection of @s.sums
// SUMS-NOT: projection @s.line
// LINE: step.projection @s.line.projection of @s.line
// LINE-NOT: step.projection
// NEITHER-NOT: step.projection
// NEITHER: num.sparse_deliver
// NEITHER-NOT: step.projection
step.program @net {
  step.state @n.s : tensor<4xui1> = dense<false> : tensor<4xi1>
  step.state @n.x : tensor<4xf64> = dense<0.0> : tensor<4xf64>
  step.state @s.w : tensor<5xf64> = dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 2, 3, 3, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 2, 0, 1]> : tensor<5xi32>
  step.state @s.x.offsets : tensor<5xsi64> = dense<[0, 2, 3, 3, 5]> : tensor<5xi64>
  step.state @s.x.targets : tensor<5xsi32> = dense<[0, 1, 2, 0, 1]> : tensor<5xi32>
  step.state @s.d : tensor<5xsi64> = dense<1> : tensor<5xi64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.line : tensor<3x2xf64> = dense<0.0> : tensor<3x2xf64>
  step.state @s.sums : tensor<3xf64> = dense<0.0> : tensor<3xf64>
  step.var_port @s.port of @s.line
  step.guard @s.when of "s" post_guard {
    %condition = arith.constant dense<true> : tensor<i1>
    //GUARD %line = step.get @s.line : tensor<3x2xf64>
    step.yield %condition : tensor<i1>
  }
  step.phase init {
    step.task "init" of "S" {
      //INIT %line = arith.constant dense<1.0> : tensor<3x2xf64>
      //INIT step.set @s.line, %line : tensor<3x2xf64>
      step.yield
    }
  }
  step.phase spk {
    step.task "s" of "S" {
      %line = step.get @s.line : tensor<3x2xf64>
      %due = num.extract %line offsets [0, 0] sizes [3, 1] strides [1, 1] drop [1] : tensor<3x2xf64> to tensor<3xf64>
      proc.print "{}"(%due : tensor<3xf64>)
      %sums = step.get @s.sums : tensor<3xf64>
      proc.print "{}"(%sums : tensor<3xf64>)
      %false = arith.constant false
      //NESTED scf.if %false {
      //NESTED   proc.print "{}"(%line : tensor<3x2xf64>)
      //NESTED }
      //ZERO %zeros = arith.constant dense<0.0> : tensor<3xf64>
      //ZERO step.set @s.sums, %zeros : tensor<3xf64>
      step.yield
    }
    step.task "other" of "S" if @s.when {
      //SWITCHED %zeros = arith.constant dense<0.0> : tensor<3x2xf64>
      //SWITCHED step.set @s.line, %zeros : tensor<3x2xf64>
      step.yield
    }
    //PROBE step.probe @s.line
    step.task "s" of "S" {
      %none = arith.constant dense<0.0> : tensor<3x2xf64>
      %line = step.get @s.line : tensor<3x2xf64>
      //READ proc.print "{}"(%line : tensor<3x2xf64>)
      //ZERO %zeros = step.get @s.sums : tensor<3xf64>
      //ZERO proc.print "{}"(%zeros : tensor<3xf64>)
      %fired = step.get @n.s : tensor<4xi1>
      %w = step.get @s.w : tensor<5xf64>
      %d = step.get @s.d : tensor<5xi64>
      %offsets = step.get @s.w.offsets : tensor<5xi64>
      %targets = step.get @s.w.targets : tensor<5xi32>
      %zero = arith.constant dense<0.0> : tensor<5xf64>
      %later = num.extract %line offsets [0, 1] sizes [3, 1] strides [1, 1] drop [] : tensor<3x2xf64> to tensor<3x1xf64>
      %moved = num.insert %later into %none offsets [0, 0] sizes [3, 1] strides [1, 1] drop [] : tensor<3x1xf64> into tensor<3x2xf64>
      %integers = arith.extui %fired : tensor<4xi1> to tensor<4xi64>
      %factors = arith.sitofp %integers : tensor<4xi64> to tensor<4xf64>
      %one = arith.constant dense<1> : tensor<5xi64>
      %columns = arith.subi %d, %one : tensor<5xi64>
      %weights = step.get @s.w : tensor<5xf64>
      %next = num.sparse_deliver %weights after %columns at(%offsets, %targets), %factors onto %moved : tensor<5xf64> after tensor<5xi64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xf64> onto tensor<3x2xf64> to tensor<3x2xf64>
      step.set @s.line, %next : tensor<3x2xf64>
      //TWICE proc.print "{}"(%next : tensor<3x2xf64>)
      %product = num.sparse_matvec %weights at(%offsets, %targets), %factors : tensor<5xf64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xf64> to tensor<3xf64>
      step.set @s.sums, %product : tensor<3xf64>
      //LEARN step.set @s.w, %zero : tensor<5xf64>
      //LAG step.set @s.d, %one : tensor<5xi64>
      step.yield
    }
    //LATER step.task "s" of "S" {
    //LATER   %line = step.get @s.line : tensor<3x2xf64>
    //LATER   step.yield
    //LATER }
  }
  step.phase post_mgmt {
    step.task "reader" of "R" {
      //REMOTE %line = step.get @s.line via @s.port : tensor<3x2xf64>
      %zeros = arith.constant dense<0.0> : tensor<3x2xf64>
      //WRITE step.set @s.line, %zeros : tensor<3x2xf64>
      %zero = arith.constant dense<0.0> : tensor<5xf64>
      //TEACH step.set @s.w, %zero : tensor<5xf64>
      step.yield
    }
  }
}
