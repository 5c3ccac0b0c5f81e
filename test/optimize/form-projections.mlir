// RUN: basalt-opt %s --pass-pipeline='builtin.module(step.program(form-projections))' | FileCheck %s
// RUN: basalt-opt %s --pass-pipeline='builtin.module(step.program(form-projections, canonicalize, form-groups))' | FileCheck %s --check-prefix=LEFT

// What is due is sent, the line moves on, spikes are delivered onto it. Column 0 may be set to zero before, in
// the same task or in an earlier one, and the columns may be moved in any way.
// CHECK-LABEL: step.program @delays
// CHECK: step.state @s.line : tensor<3x2xf64>
// CHECK-NEXT: step.projection @s.line.projection of @s.line weights @s.w delays @s.d first 1 history "s.line"{{$}}
// CHECK: %[[TASK:.*]] = step.task "s"
// CHECK-NEXT: %[[DUE:.*]] = step.due @s.line.projection : tensor<3xf64>
// CHECK-NEXT: step.yield %[[DUE]]
// CHECK: step.probe @s.a_out, %[[TASK]]
// CHECK: step.task "s"
// CHECK: %[[S:.*]] = step.get @n.s
// CHECK-NOT: sparse_deliver
// CHECK: step.advance @s.line.projection, %[[S]] : tensor<4xi1>
// CHECK-NOT: step.set @s.line
// LEFT-LABEL: step.program @delays
// LEFT: step.phase spk
// LEFT-NOT: step.get @s
step.program @delays {
  step.state @n.s : tensor<4xui1> = dense<false> : tensor<4xi1>
  step.state @s.w : tensor<5xf64> = dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 2, 3, 3, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 2, 0, 1]> : tensor<5xi32>
  step.state @s.d : tensor<5xsi32> = dense<[1, 1, 2, 2, 1]> : tensor<5xi32> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.line : tensor<3x2xf64> = dense<0.0> : tensor<3x2xf64>
  step.port @s.a_out : tensor<3xf64>
  step.phase init {
    step.task "s" of "S" { // what is set before the first step does not change in steps
      %w = step.get @s.w : tensor<5xf64>
      %twice = arith.addf %w, %w : tensor<5xf64>
      step.set @s.w, %twice : tensor<5xf64>
      step.yield
    }
  }
  step.phase spk {
    %due = step.task "s" of "S" -> tensor<3xf64> {
      %line = step.get @s.line : tensor<3x2xf64>
      %due = num.extract %line offsets [0, 0] sizes [3, 1] strides [1, 1] drop [1] : tensor<3x2xf64> to tensor<3xf64>
      step.yield %due : tensor<3xf64>
    }
    step.probe @s.a_out, %due : tensor<3xf64>
    step.task "s" of "S" {
      %zeros = arith.constant dense<0.0> : tensor<3xf64>
      %line = step.get @s.line : tensor<3x2xf64>
      %without = num.insert %zeros into %line offsets [0, 0] sizes [3, 1] strides [1, 1] drop [1] : tensor<3xf64> into tensor<3x2xf64>
      step.set @s.line, %without : tensor<3x2xf64>
      step.yield
    }
    step.task "s" of "S" {
      %one = arith.constant dense<1> : tensor<5xi64>
      %none = arith.constant dense<0.0> : tensor<4xf64>
      %line = step.get @s.line : tensor<3x2xf64>
      %s = step.get @n.s : tensor<4xi1>
      %w = step.get @s.w : tensor<5xf64>
      %d = step.get @s.d : tensor<5xi32>
      %offsets = step.get @s.w.offsets : tensor<5xi64>
      %targets = step.get @s.w.targets : tensor<5xi32>
      %integers = arith.extui %s : tensor<4xi1> to tensor<4xi64>
      %number = arith.sitofp %integers : tensor<4xi64> to tensor<4xf64>
      %any = arith.cmpf une, %number, %none : tensor<4xf64>
      %wide = arith.extui %any : tensor<4xi1> to tensor<4xi64>
      %factors = arith.sitofp %wide : tensor<4xi64> to tensor<4xf64>
      %delays = arith.extsi %d : tensor<5xi32> to tensor<5xi64>
      %columns = arith.subi %delays, %one : tensor<5xi64>
      %first = num.extract %line offsets [0, 0] sizes [3, 1] strides [1, 1] drop [] : tensor<3x2xf64> to tensor<3x1xf64>
      %second = num.extract %line offsets [0, 1] sizes [3, 1] strides [1, 1] drop [] : tensor<3x2xf64> to tensor<3x1xf64>
      %half = num.insert %second into %line offsets [0, 0] sizes [3, 1] strides [1, 1] drop [] : tensor<3x1xf64> into tensor<3x2xf64>
      %moved = num.insert %first into %half offsets [0, 1] sizes [3, 1] strides [1, 1] drop [] : tensor<3x1xf64> into tensor<3x2xf64>
      %next = num.sparse_deliver %w after %columns at(%offsets, %targets), %factors onto %moved : tensor<5xf64> after tensor<5xi64> at(tensor<5xi64>, tensor<5xi32>), tensor<4xf64> onto tensor<3x2xf64> to tensor<3x2xf64>
      step.set @s.line, %next : tensor<3x2xf64>
      step.yield
    }
  }
}

// Integers, in a type wide enough for the products: sums are cut to the line's type, as the projection's are. A
// product that is stored is a line of one column. All are given the same spikes, which need be kept once.
// CHECK-LABEL: step.program @integers
// CHECK: step.projection @a.line.projection of @a.line weights @a.w delays @a.d first -2 history "a.line"{{$}}
// CHECK: step.projection @a.sums.projection of @a.sums weights @a.w history "a.line"
// CHECK: step.projection @a.other.projection of @a.other weights @a.w history "a.other"
// CHECK: step.phase spk
// CHECK: %[[DUE:.*]] = step.due @a.line.projection : tensor<2xi32>
// CHECK: %[[SUMS:.*]] = step.due @a.sums.projection : tensor<2xi64>
// CHECK: %[[OTHER:.*]] = step.due @a.other.projection : tensor<2xi64>
// CHECK: %[[S:.*]] = step.get @n.s
// CHECK: %[[T:.*]] = step.get @n.t
// CHECK: print "{} {} {}"(%[[DUE]], %[[SUMS]], %[[OTHER]]
// CHECK: step.advance @a.line.projection, %[[S]] : tensor<2xi1>
// CHECK: step.advance @a.sums.projection, %[[S]] : tensor<2xi1>
// CHECK: step.advance @a.other.projection, %[[T]] : tensor<2xi1>
// LEFT-LABEL: step.program @integers
// LEFT-NOT: step.get @a
step.program @integers {
  step.state @n.s : tensor<2xui1> = dense<false> : tensor<2xi1>
  step.state @n.t : tensor<2xui1> = dense<false> : tensor<2xi1>
  step.state @a.w : tensor<1xsi8> = dense<1> : tensor<1xi8> {sparse = #proc.sparse<[2, 2], @a.w.offsets, @a.w.targets>}
  step.state @a.w.offsets : tensor<3xsi64> = dense<[0, 1, 1]> : tensor<3xi64>
  step.state @a.w.targets : tensor<1xsi32> = dense<1> : tensor<1xi32>
  step.state @a.d : tensor<1xsi64> = dense<1> : tensor<1xi64> {sparse = #proc.sparse<[2, 2], @a.w.offsets, @a.w.targets>}
  step.state @a.line : tensor<2x3xsi32> = dense<0> : tensor<2x3xi32>
  step.state @a.sums : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.state @a.other : tensor<2xsi64> = dense<0> : tensor<2xi64>
  step.phase spk {
    step.task "a" of "A" {
      %none = arith.constant dense<0> : tensor<2x3xi64>
      %two = arith.constant dense<2> : tensor<1xi64>
      %line = step.get @a.line : tensor<2x3xi32>
      %sums = step.get @a.sums : tensor<2xi64>
      %others = step.get @a.other : tensor<2xi64>
      %s = step.get @n.s : tensor<2xi1>
      %t = step.get @n.t : tensor<2xi1>
      %w = step.get @a.w : tensor<1xi8>
      %d = step.get @a.d : tensor<1xi64>
      %offsets = step.get @a.w.offsets : tensor<3xi64>
      %targets = step.get @a.w.targets : tensor<1xi32>
      %due = num.extract %line offsets [0, 0] sizes [2, 1] strides [1, 1] drop [1] : tensor<2x3xi32> to tensor<2xi32>
      proc.print "{} {} {}"(%due, %sums, %others : tensor<2xi32>, tensor<2xi64>, tensor<2xi64>)
      %wide = arith.extsi %line : tensor<2x3xi32> to tensor<2x3xi64>
      %later = num.extract %wide offsets [0, 1] sizes [2, 2] strides [1, 1] drop [] : tensor<2x3xi64> to tensor<2x2xi64>
      %moved = num.insert %later into %none offsets [0, 0] sizes [2, 2] strides [1, 1] drop [] : tensor<2x2xi64> into tensor<2x3xi64>
      %factors = arith.extui %s : tensor<2xi1> to tensor<2xi64>
      %weights = arith.extsi %w : tensor<1xi8> to tensor<1xi64>
      %columns = arith.addi %d, %two : tensor<1xi64>
      %next = num.sparse_deliver %weights after %columns at(%offsets, %targets), %factors onto %moved : tensor<1xi64> after tensor<1xi64> at(tensor<3xi64>, tensor<1xi32>), tensor<2xi64> onto tensor<2x3xi64> to tensor<2x3xi64>
      %cut = arith.trunci %next : tensor<2x3xi64> to tensor<2x3xi32>
      step.set @a.line, %cut : tensor<2x3xi32>
      %product = num.sparse_matvec %weights at(%offsets, %targets), %factors : tensor<1xi64> at(tensor<3xi64>, tensor<1xi32>), tensor<2xi64> to tensor<2xi64>
      step.set @a.sums, %product : tensor<2xi64>
      %others2 = arith.extui %t : tensor<2xi1> to tensor<2xi64>
      %product2 = num.sparse_matvec %weights at(%offsets, %targets), %others2 : tensor<1xi64> at(tensor<3xi64>, tensor<1xi32>), tensor<2xi64> to tensor<2xi64>
      step.set @a.other, %product2 : tensor<2xi64>
      step.yield
    }
  }
}

// Neurons that feed each other: what is due decides who spikes. The line is read where the get was, once.
// Nothing else looks at the synapses, so they belong to the projection alone.
// CHECK-LABEL: step.program @recurrent
// CHECK: step.projection @a.line.projection of @a.line weights @a.w delays @a.d first 0 history "a.line" alone
// CHECK: step.phase spk
// CHECK: %[[DUE:.*]] = step.due @a.line.projection : tensor<2xf32>
// CHECK: %[[S:.*]] = arith.cmpf ogt, %[[DUE]]
// CHECK: step.advance @a.line.projection, %[[S]]
// CHECK: print "{}"(%[[DUE]]
step.program @recurrent {
  step.state @a.w : tensor<1xf32> = dense<1.0> : tensor<1xf32> {sparse = #proc.sparse<[2, 2], @a.w.offsets, @a.w.targets>}
  step.state @a.w.offsets : tensor<3xsi64> = dense<[0, 1, 1]> : tensor<3xi64>
  step.state @a.w.targets : tensor<1xsi32> = dense<1> : tensor<1xi32>
  step.state @a.d : tensor<1xsi64> = dense<1> : tensor<1xi64> {sparse = #proc.sparse<[2, 2], @a.w.offsets, @a.w.targets>}
  step.state @a.line : tensor<2x1xf32> = dense<0.0> : tensor<2x1xf32>
  step.phase spk {
    step.task "a" of "A" {
      %none = arith.constant dense<0.0> : tensor<2x1xf32>
      %line = step.get @a.line : tensor<2x1xf32>
      %due = num.extract %line offsets [0, 0] sizes [2, 1] strides [1, 1] drop [1] : tensor<2x1xf32> to tensor<2xf32>
      %threshold = arith.constant dense<1.0> : tensor<2xf32>
      %s = arith.cmpf ogt, %due, %threshold : tensor<2xf32>
      %integers = arith.extui %s : tensor<2xi1> to tensor<2xi64>
      %factors = arith.sitofp %integers : tensor<2xi64> to tensor<2xf32>
      %w = step.get @a.w : tensor<1xf32>
      %d = step.get @a.d : tensor<1xi64>
      %offsets = step.get @a.w.offsets : tensor<3xi64>
      %targets = step.get @a.w.targets : tensor<1xi32>
      %next = num.sparse_deliver %w after %d at(%offsets, %targets), %factors onto %none : tensor<1xf32> after tensor<1xi64> at(tensor<3xi64>, tensor<1xi32>), tensor<2xf32> onto tensor<2x1xf32> to tensor<2x1xf32>
      step.set @a.line, %next : tensor<2x1xf32>
      %again = num.extract %line offsets [0, 0] sizes [2, 1] strides [1, 1] drop [1] : tensor<2x1xf32> to tensor<2xf32>
      proc.print "{}"(%again : tensor<2xf32>)
      step.yield
    }
  }
}

// What is due may be taken of a line that was widened before, and a column be set to zero in what is cut to the
// line's type again. A name that is taken is left alone.
// CHECK-LABEL: step.program @wide
// CHECK: step.projection @a.line.projection_0 of @a.line
// CHECK: step.state @a.line.projection
// CHECK: step.phase spk
// CHECK: %[[DUE:.*]] = step.due @a.line.projection_0 : tensor<2xi32>
// CHECK: %[[WIDE:.*]] = arith.extsi %[[DUE]] : tensor<2xi32> to tensor<2xi64>
// CHECK: print "{} {}"(%[[WIDE]], %[[DUE]]
step.program @wide {
  step.state @n.s : tensor<2xui1> = dense<false> : tensor<2xi1>
  step.state @a.w : tensor<1xsi32> = dense<1> : tensor<1xi32> {sparse = #proc.sparse<[2, 2], @a.w.offsets, @a.w.targets>}
  step.state @a.w.offsets : tensor<3xsi64> = dense<[0, 1, 1]> : tensor<3xi64>
  step.state @a.w.targets : tensor<1xsi32> = dense<1> : tensor<1xi32>
  step.state @a.d : tensor<1xsi64> = dense<1> : tensor<1xi64> {sparse = #proc.sparse<[2, 2], @a.w.offsets, @a.w.targets>}
  step.state @a.line : tensor<2x2xsi32> = dense<0> : tensor<2x2xi32>
  step.state @a.line.projection : tensor<i64> = dense<0> : tensor<i64>
  step.phase spk {
    step.task "a" of "A" {
      %none = arith.constant dense<0> : tensor<2x2xi64>
      %line = step.get @a.line : tensor<2x2xi32>
      %wide = arith.extsi %line : tensor<2x2xi32> to tensor<2x2xi64>
      %due = num.extract %wide offsets [0, 0] sizes [2, 1] strides [1, 1] drop [1] : tensor<2x2xi64> to tensor<2xi64>
      %narrow = num.extract %line offsets [0, 0] sizes [2, 1] strides [1, 1] drop [1] : tensor<2x2xi32> to tensor<2xi32>
      proc.print "{} {}"(%due, %narrow : tensor<2xi64>, tensor<2xi32>)
      %zeros = arith.constant dense<0> : tensor<2xi64>
      %without = num.insert %zeros into %wide offsets [0, 0] sizes [2, 1] strides [1, 1] drop [1] : tensor<2xi64> into tensor<2x2xi64>
      %back = arith.trunci %without : tensor<2x2xi64> to tensor<2x2xi32>
      %again = arith.extsi %back : tensor<2x2xi32> to tensor<2x2xi64>
      %later = num.extract %again offsets [0, 1] sizes [2, 1] strides [1, 1] drop [] : tensor<2x2xi64> to tensor<2x1xi64>
      %moved = num.insert %later into %none offsets [0, 0] sizes [2, 1] strides [1, 1] drop [] : tensor<2x1xi64> into tensor<2x2xi64>
      %s = step.get @n.s : tensor<2xi1>
      %factors = arith.extui %s : tensor<2xi1> to tensor<2xi64>
      %w = step.get @a.w : tensor<1xi32>
      %weights = arith.extsi %w : tensor<1xi32> to tensor<1xi64>
      %d = step.get @a.d : tensor<1xi64>
      %offsets = step.get @a.w.offsets : tensor<3xi64>
      %targets = step.get @a.w.targets : tensor<1xi32>
      %next = num.sparse_deliver %weights after %d at(%offsets, %targets), %factors onto %moved : tensor<1xi64> after tensor<1xi64> at(tensor<3xi64>, tensor<1xi32>), tensor<2xi64> onto tensor<2x2xi64> to tensor<2x2xi64>
      %cut = arith.trunci %next : tensor<2x2xi64> to tensor<2x2xi32>
      step.set @a.line, %cut : tensor<2x2xi32>
      step.yield
    }
  }
}
