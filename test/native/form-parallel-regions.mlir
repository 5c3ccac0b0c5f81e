// Which statements threads share, in which regions.
// RUN: basalt-opt --form-parallel-regions=least=0 --split-input-file %s | FileCheck %s
// RUN: basalt-opt --form-parallel-regions --split-input-file %s | FileCheck %s --check-prefix=SMALL

// Less work than a barrier costs: nothing moves.
// SMALL-LABEL: func.func @spk
// SMALL-NOT: rt.axis
// SMALL-NOT: rt.parallel

// Two populations of one size. What is printed of the first comes behind the region, in which the second is too; the
// constant number of elements becomes that of the range.
memref.global "private" @a.v : memref<100xi32> = uninitialized
memref.global "private" @a.s : memref<100xi1> = uninitialized
memref.global "private" @b.v : memref<100xi32> = uninitialized
memref.global "private" @b.s : memref<100xi1> = uninitialized
memref.global "private" @b.vth : memref<1xi32> = uninitialized
func.func private @LIF(%n: index, %v: memref<?xi32>, %s: memref<?xi1>, %vth: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %0 = memref.load %v[%i] : memref<?xi32>
    %1 = arith.cmpi sgt, %0, %vth : i32
    memref.store %1, %s[%i] : memref<?xi1>
  }
  return
}
// CHECK-LABEL: func.func @spk
func.func @spk() {
  %c0 = arith.constant 0 : index
  %c100 = arith.constant 100 : index
  %c7 = arith.constant 7 : i32
  %av = memref.get_global @a.v : memref<100xi32>
  %as = memref.get_global @a.s : memref<100xi1>
  %0 = memref.cast %av : memref<100xi32> to memref<?xi32>
  %1 = memref.cast %as : memref<100xi1> to memref<?xi1>
  func.call @LIF(%c100, %0, %1, %c7) : (index, memref<?xi32>, memref<?xi1>, i32) -> ()
  rt.record_port @a.s_out, %as : memref<100xi1>
  rt.print "{}"(%as : memref<100xi1>) shapes [array<i64: 100>]
  %bv = memref.get_global @b.v : memref<100xi32>
  %bs = memref.get_global @b.s : memref<100xi1>
  %b = memref.get_global @b.vth : memref<1xi32>
  %vth = memref.load %b[%c0] : memref<1xi32>
  %2 = memref.cast %bv : memref<100xi32> to memref<?xi32>
  %3 = memref.cast %bs : memref<100xi1> to memref<?xi1>
  func.call @LIF(%c100, %2, %3, %vth) : (index, memref<?xi32>, memref<?xi1>, i32) -> ()
  // CHECK-NOT:  rt.print
  // CHECK:      %[[VTH:.*]] = memref.load
  // CHECK:      rt.parallel over [@axis.a, @axis.b] {
  // CHECK-NEXT: ^bb0(%[[LOW:.*]]: index, %[[HIGH:.*]]: index, %[[LOW2:.*]]: index, %[[HIGH2:.*]]: index):
  // CHECK-DAG:    %[[C7:.*]] = arith.constant 7 : i32
  // CHECK-DAG:    %[[AV:.*]] = memref.get_global @a.v
  // CHECK-DAG:    %[[AS:.*]] = memref.get_global @a.s
  // CHECK:        %[[N:.*]] = arith.subi %[[HIGH]], %[[LOW]]
  // CHECK-NEXT:   %[[V:.*]] = rt.part %[[AV]] from %[[LOW]] : memref<100xi32> to memref<?xi32>
  // CHECK-NEXT:   %[[S:.*]] = rt.part %[[AS]] from %[[LOW]] : memref<100xi1> to memref<?xi1>
  // CHECK-NEXT:   func.call @LIF(%[[N]], %[[V]], %[[S]], %[[C7]])
  // CHECK-NEXT:   rt.record_port @a.s_out, %[[AS]] range(%[[LOW]], %[[HIGH]])
  // CHECK:        arith.subi %[[HIGH2]], %[[LOW2]]
  // CHECK:        func.call @LIF({{.*}}, %[[VTH]])
  // CHECK-NEXT: }
  // CHECK-NEXT: rt.print
  // CHECK-NEXT: return
  return
}
// CHECK: rt.axis @axis.a extent 100 grain 64
// CHECK: rt.axis @axis.b extent 100 grain 64

// -----

// A product with a dense matrix: a source may belong to another thread, so all threads wait before it. Each then goes
// through all sources, for its targets, and what the product fills with zeros and what its sums go into need no wait.
memref.global "private" @p.s : memref<300xi1> = uninitialized
memref.global "private" @d.w : memref<60000xi8> = uninitialized
memref.global "private" @d.sums : memref<200xi64> = uninitialized
memref.global "private" @q.u : memref<200xi64> = uninitialized
// CHECK-LABEL: func.func @spk
func.func @spk() {
  %false = arith.constant false
  %zero = arith.constant 0 : i64
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c200 = arith.constant 200 : index
  %c300 = arith.constant 300 : index
  %s = memref.get_global @p.s : memref<300xi1>
  %w = memref.get_global @d.w : memref<60000xi8>
  %sums = memref.get_global @d.sums : memref<200xi64>
  %u = memref.get_global @q.u : memref<200xi64>
  // CHECK:      rt.parallel over [@axis.p, @axis.d] {
  // CHECK-NEXT: ^bb0(%[[LOW:.*]]: index, %[[HIGH:.*]]: index, %[[L:.*]]: index, %[[H:.*]]: index):
  // CHECK:        scf.for %{{.*}} = %[[LOW]] to %[[HIGH]] step
  scf.for %i = %c0 to %c300 step %c1 {
    memref.store %false, %s[%i] : memref<300xi1>
  }
  // CHECK:        scf.for %{{.*}} = %[[L]] to %[[H]] step
  scf.for %t = %c0 to %c200 step %c1 {
    memref.store %zero, %sums[%t] : memref<200xi64>
  }
  // CHECK:      rt.parallel over [@axis.d] {
  // CHECK-NEXT: ^bb0(%[[LOW:.*]]: index, %[[HIGH:.*]]: index):
  // CHECK-DAG:    %[[C0:.*]] = arith.constant 0 : index
  // CHECK-DAG:    %[[C300:.*]] = arith.constant 300 : index
  // CHECK:        scf.for %[[S:.*]] = %[[C0]] to %[[C300]] step
  scf.for %i = %c0 to %c300 step %c1 {
    %0 = memref.load %s[%i] : memref<300xi1>
    // CHECK:          scf.if
    scf.if %0 {
      // CHECK-NEXT:     scf.for %[[T:.*]] = %[[LOW]] to %[[HIGH]] step
      scf.for %t = %c0 to %c200 step %c1 {
        %1 = arith.muli %i, %c200 : index
        %2 = arith.addi %1, %t : index
        %3 = memref.load %w[%2] : memref<60000xi8>
        %4 = arith.extsi %3 : i8 to i64
        %5 = memref.load %sums[%t] : memref<200xi64>
        %6 = arith.addi %5, %4 : i64
        memref.store %6, %sums[%t] : memref<200xi64>
      }
    }
  }
  // CHECK:        scf.for %{{.*}} = %[[LOW]] to %[[HIGH]] step
  scf.for %t = %c0 to %c200 step %c1 {
    %0 = memref.load %sums[%t] : memref<200xi64>
    memref.store %0, %u[%t] : memref<200xi64>
  }
  return
}

// -----

// Rows of a delay line: a thread has whole rows, if it is known that the column is one of the row.
memref.global "private" @line : memref<1000xi32> = uninitialized
memref.global "private" @d.delays : memref<100xi32> = uninitialized
// CHECK-LABEL: func.func @spk
func.func @spk(%at: i64) {
  %one = arith.constant 1 : i32
  %ten = arith.constant 10 : i32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c10 = arith.constant 10 : index
  %c100 = arith.constant 100 : index
  %line = memref.get_global @line : memref<1000xi32>
  %delays = memref.get_global @d.delays : memref<100xi32>
  // CHECK: rt.parallel over [@axis.d] {
  // CHECK: scf.for %{{.*}} = %[[LOW:.*]] to %[[HIGH:.*]] step
  scf.for %t = %c0 to %c100 step %c1 {
    %0 = memref.load %delays[%t] : memref<100xi32>
    %1 = arith.cmpi ult, %0, %ten : i32
    scf.if %1 {
      %2 = arith.index_cast %0 : i32 to index
      %3 = arith.muli %t, %c10 : index
      %4 = arith.addi %3, %2 : index
      memref.store %one, %line[%4] : memref<1000xi32>
    }
  }
  // An index that has been checked. CHECK: scf.for %{{.*}} = %[[LOW]] to %[[HIGH]] step
  %place = rt.index %at of 10 in "p"
  scf.for %t = %c0 to %c100 step %c1 {
    %3 = arith.muli %t, %c10 : index
    %4 = arith.addi %3, %place : index
    memref.store %one, %line[%4] : memref<1000xi32>
  }
  // CHECK: }
  // Not so. CHECK: scf.for %{{.*}} = %c0 to %c100 step
  scf.for %t = %c0 to %c100 step %c1 {
    %0 = memref.load %delays[%t] : memref<100xi32>
    %2 = arith.index_cast %0 : i32 to index
    %3 = arith.muli %t, %c10 : index
    %4 = arith.addi %3, %2 : index
    memref.store %one, %line[%4] : memref<1000xi32>
  }
  return
}
// CHECK: rt.axis @axis.d extent 100 grain 64

// -----

// So many rows of 10 are whole cache lines of any type.
memref.global "private" @q.line : memref<1000xi32> = uninitialized
// CHECK-LABEL: func.func @spk
func.func @spk() {
  %one = arith.constant 1 : i32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c10 = arith.constant 10 : index
  %c100 = arith.constant 100 : index
  %line = memref.get_global @q.line : memref<1000xi32>
  scf.for %t = %c0 to %c100 step %c1 {
    scf.for %k = %c0 to %c10 step %c1 {
      %0 = arith.muli %t, %c10 : index
      %1 = arith.addi %0, %k : index
      memref.store %one, %line[%1] : memref<1000xi32>
    }
  }
  return
}
// CHECK: rt.axis @axis.q extent 100 grain 32

// -----

// What one thread must do: a sum, elements that depend on those before, not all elements, an element of all iterations.
memref.global "private" @x : memref<100xi32> = uninitialized
// CHECK-LABEL: func.func @spk
// CHECK-NOT: rt.parallel
// CHECK: return
func.func @spk() {
  %zero = arith.constant 0 : i32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c99 = arith.constant 99 : index
  %c100 = arith.constant 100 : index
  %x = memref.get_global @x : memref<100xi32>
  %sum = scf.for %i = %c0 to %c100 step %c1 iter_args(%s = %zero) -> (i32) {
    %0 = memref.load %x[%i] : memref<100xi32>
    %1 = arith.addi %0, %s : i32
    scf.yield %1 : i32
  }
  memref.store %sum, %x[%c0] : memref<100xi32>
  scf.for %i = %c0 to %c99 step %c1 {
    %0 = memref.load %x[%i] : memref<100xi32>
    %1 = arith.addi %i, %c1 : index
    memref.store %0, %x[%1] : memref<100xi32>
  }
  scf.for %i = %c0 to %c100 step %c2 {
    memref.store %zero, %x[%i] : memref<100xi32>
  }
  scf.for %i = %c0 to %c100 step %c1 {
    memref.store %zero, %x[%c0] : memref<100xi32>
  }
  scf.for %i = %c0 to %c100 step %c1 {
    %0 = memref.load %x[%c0] : memref<100xi32>
    memref.store %0, %x[%i] : memref<100xi32>
  }
  return
}

// -----

// One loop has the rows, the one in it the columns: of all iterations of both, so only the inner one can be shared.
memref.global "private" @x : memref<100xi32> = uninitialized
memref.global "private" @m : memref<10000xi32> = uninitialized
// CHECK-LABEL: func.func @spk
func.func @spk() {
  %zero = arith.constant 0 : i32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c100 = arith.constant 100 : index
  %x = memref.get_global @x : memref<100xi32>
  %m = memref.get_global @m : memref<10000xi32>
  // CHECK: scf.for %{{.*}} = %c0 to %c100 step
  scf.for %i = %c0 to %c100 step %c1 {
    // CHECK-NEXT: memref.store
    memref.store %zero, %x[%i] : memref<100xi32>
    // CHECK-NEXT: rt.parallel over [@axis.m] {
    scf.for %j = %c0 to %c100 step %c1 {
      %0 = arith.muli %j, %c100 : index
      %1 = arith.addi %0, %i : index
      memref.store %zero, %m[%1] : memref<10000xi32>
    }
  }
  return
}

// -----

// What may fail: in a region its statements are numbered; what is printed later stays behind it, and so does an
// assertion. Of an inner loop, the range that fails first would be another one, so each of its rounds is a region.
memref.global "private" @g.table : memref<100xi32> = uninitialized
memref.global "private" @g.index : memref<200xi64> = uninitialized
memref.global "private" @g.out : memref<200xi32> = uninitialized
// CHECK-LABEL: func.func @spk
func.func @spk(%ok: i1) {
  %zero = arith.constant 0 : i32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c100 = arith.constant 100 : index
  %c200 = arith.constant 200 : index
  %table = memref.get_global @g.table : memref<100xi32>
  %index = memref.get_global @g.index : memref<200xi64>
  %out = memref.get_global @g.out : memref<200xi32>
  // CHECK:      rt.print "before"
  rt.print "before" shapes []
  // CHECK:      rt.parallel over [@axis.g] {
  // CHECK:        scf.for
  // CHECK:        } {rt.may_fail}
  // CHECK-NEXT: }
  scf.for %i = %c0 to %c200 step %c1 {
    %0 = memref.load %index[%i] : memref<200xi64>
    %1 = rt.index %0 of 100 in "g"
    %2 = memref.load %table[%1] : memref<100xi32>
    memref.store %2, %out[%i] : memref<200xi32>
  }
  // CHECK-NEXT: rt.print "behind"
  rt.print "behind" shapes []
  // CHECK-NEXT: rt.assert
  rt.assert %ok, "wrong" in "g"
  // CHECK-NEXT: scf.for %{{.*}} = %c0 to %c100 step
  // CHECK-NEXT:   rt.parallel over [@axis.g] {
  scf.for %i = %c0 to %c100 step %c1 {
    scf.for %j = %c0 to %c200 step %c1 {
      %0 = memref.load %index[%j] : memref<200xi64>
      %1 = rt.index %0 of 100 in "g"
      %2 = memref.load %table[%1] : memref<100xi32>
      memref.store %2, %out[%j] : memref<200xi32>
    }
  }
  return
}

// -----

// Regions inside of what one thread decides.
memref.global "private" @p.flag : memref<1xi1> = uninitialized
memref.global "private" @p.x : memref<100xi32> = uninitialized
// CHECK-LABEL: func.func @spk
func.func @spk() {
  %zero = arith.constant 0 : i32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c100 = arith.constant 100 : index
  %flag = memref.get_global @p.flag : memref<1xi1>
  %x = memref.get_global @p.x : memref<100xi32>
  %0 = memref.load %flag[%c0] : memref<1xi1>
  // CHECK:      scf.if
  // CHECK-NEXT: rt.parallel over [@axis.p] {
  scf.if %0 {
    scf.for %i = %c0 to %c100 step %c1 {
      memref.store %zero, %x[%i] : memref<100xi32>
    }
  }
  return
}

// -----

// A projection: what is due goes with the neurons, the list of spikes is made behind.
memref.global "private" @n.v : memref<100xf32> = uninitialized
memref.global "private" @n.in : memref<100xf32> = uninitialized
memref.global "private" @n.s : memref<100xi1> = uninitialized
// CHECK-LABEL: func.func @spk
func.func @spk() {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c100 = arith.constant 100 : index
  %one = arith.constant 1.0 : f32
  %in = memref.get_global @n.in : memref<100xf32>
  %s = memref.get_global @n.s : memref<100xi1>
  // CHECK:      rt.parallel over [@axis.n] {
  // CHECK:        rt.due @line, %{{.*}} range(%[[LOW:.*]], %[[HIGH:.*]])
  rt.due @line, %in : memref<100xf32>
  // CHECK-NEXT:   scf.for %{{.*}} = %[[LOW]] to %[[HIGH]]
  scf.for %i = %c0 to %c100 step %c1 {
    %0 = memref.load %in[%i] : memref<100xf32>
    %1 = arith.cmpf ogt, %0, %one : f32
    memref.store %1, %s[%i] : memref<100xi1>
  }
  // CHECK:      }
  // CHECK-NEXT: }
  // CHECK-NEXT: rt.advance @line
  rt.advance @line, %s : memref<100xi1>
  return
}

// -----

// Enough work, with the limit as it is.
// SMALL-LABEL: func.func @init
memref.global "private" @r.bits : memref<100000xi64> = uninitialized
func.func @init() {
  %bits = memref.get_global @r.bits : memref<100000xi64>
  %seed = proc.seed : i64
  // SMALL: rt.parallel over [@axis.r] {
  // SMALL: %[[SEED:.*]] = proc.seed
  // SMALL: rt.fill_random %{{.*}}, 1 keys(%[[SEED]]) range(%{{.*}}, %{{.*}})
  rt.fill_random %bits, 1 keys(%seed) : memref<100000xi64>
  return
}
