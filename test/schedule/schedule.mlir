// RUN: basalt-opt --schedule --split-input-file %s | FileCheck %s

// A process that reads and writes a Var of another through an implicit VarPort.

// CHECK-NOT: proc.process
// CHECK-NOT: proc.network
// CHECK-LABEL: step.program @implicit {
// CHECK-NEXT:   step.state @proc2.var : tensor<1xsi32> = dense<5> : tensor<1xi32>
// CHECK-NEXT:   step.var_port @proc2.var_port of @proc2.var implicit
// CHECK-NEXT:   step.phase post_mgmt {
// CHECK-NEXT:     step.probe @proc2.var
// CHECK-NEXT:     step.task "proc1" of "P1" {
// CHECK-NEXT:       %[[OLD:.*]] = step.get @proc2.var via @proc2.var_port : tensor<1xi32>
// CHECK-NEXT:       %[[WIDE:.*]] = arith.extsi %[[OLD]] : tensor<1xi32> to tensor<1xi64>
// CHECK-NEXT:       %[[TIME:.*]] = proc.time_step : tensor<i64>
// CHECK-NEXT:       proc.print "Value of var: {} at time step: {}"(%[[WIDE]], %[[TIME]] : tensor<1xi64>, tensor<i64>)
// CHECK-NEXT:       %[[TIMES:.*]] = num.broadcast %[[TIME]] : tensor<i64> to tensor<1xi64>
// CHECK-NEXT:       %[[SUM:.*]] = arith.addi %[[WIDE]], %[[TIMES]] : tensor<1xi64>
// CHECK-NEXT:       %[[NEW:.*]] = arith.trunci %[[SUM]] : tensor<1xi64> to tensor<1xi32>
// CHECK-NEXT:       step.set @proc2.var, %[[NEW]] via @proc2.var_port : tensor<1xi32>
// CHECK-NEXT:       step.yield
proc.process @P1 {
  proc.ref_port @ref : tensor<1xsi32>
  proc.model @model {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<1xi32>
      %1 = arith.extsi %0 : tensor<1xi32> to tensor<1xi64>
      %2 = proc.time_step : tensor<i64>
      proc.print "Value of var: {} at time step: {}"(%1, %2 : tensor<1xi64>, tensor<i64>)
      %3 = num.broadcast %2 : tensor<i64> to tensor<1xi64>
      %4 = arith.addi %1, %3 : tensor<1xi64>
      %5 = arith.trunci %4 : tensor<1xi64> to tensor<1xi32>
      proc.write @ref, %5 : tensor<1xi32>
    }
  }
}
proc.process @P2 {
  proc.var @var : tensor<1xsi32> = dense<5> : tensor<1xi32>
  proc.var_port @var_port of @var implicit
}
proc.network @implicit {
  proc.instance @proc1 of @P1
  proc.instance @proc2 of @P2
  proc.connect @proc1::@ref to @proc2::@var_port
}

// -----

// Values given at the instance win; scalars broadcast; aliases and the name in the source stay.

// CHECK-LABEL: step.program @values
// CHECK-NEXT: step.state @h.a.v : tensor<3xui8> = dense<7> : tensor<3xi8>
// CHECK-NEXT: step.state @h.a.w : tensor<f64> = dense<1.500000e+00> : tensor<f64>
// CHECK-NEXT: step.state @b.v : tensor<3xui8> = dense<[1, 2, 3]> : tensor<3xi8>
// CHECK-NEXT: step.state @b.w : tensor<f64> = dense<2.500000e+00> : tensor<f64>
// CHECK-NEXT: step.alias "h.v" to @h.a.v
// CHECK-NEXT: step.phase init {
// CHECK-NEXT:   step.task "h.a" of "P" {
// CHECK-NEXT:     step.get @h.a.w
// CHECK:        step.task "b" of "P" {
// CHECK-NEXT:     step.get @b.w
// CHECK:      step.phase host {
// CHECK-NEXT:   step.task "h.a" of "P" {
proc.process @P.1 of "P" {
  proc.var @v : tensor<3xui8> = dense<7> : tensor<i64>
  proc.var @w : tensor<f64> = dense<1.5> : tensor<f64>
  proc.model @model {
    proc.phase host {
      proc.print "done"
    }
    proc.phase init {
      %0 = proc.get @w : tensor<f64>
      proc.print "{}"(%0 : tensor<f64>)
    }
  }
}
proc.network @values {
  proc.instance @h.a of @P.1
  proc.instance @b of @P.1 {
    proc.value @v = dense<[1, 2, 3]> : tensor<3xi8>
    proc.value @w = dense<2.5> : tensor<f64>
  }
  proc.alias @h::@v to @h.a::@v
}

// -----

// Guards become symbols; one that is called like a Var gives way. Tasks run if their guard held.

// CHECK-LABEL: step.program @guards
// CHECK: step.state @p.pre_guard : tensor<i1> = dense<true> : tensor<i1>
// CHECK: step.guard @p.lrn_guard of "p" lrn_guard {
// CHECK-NEXT: %[[G:.*]] = step.get @p.pre_guard : tensor<i1>
// CHECK-NEXT: step.yield %[[G]] : tensor<i1>
// CHECK: step.guard @p.pre_guard_0 of "p" pre_guard {
// CHECK: step.phase pre_mgmt {
// CHECK-NEXT: step.task "p" of "P" if @p.pre_guard_0 {
// CHECK: step.phase lrn {
// CHECK-NEXT: step.task "p" of "P" if @p.lrn_guard {
// CHECK: step.phase post_mgmt {
// CHECK-NEXT: step.task "p" of "P" {
proc.process @P {
  proc.var @pre_guard : tensor<i1> = dense<true> : tensor<i1>
  proc.model @model {
    proc.guard lrn_guard {
      %0 = proc.get @pre_guard : tensor<i1>
      proc.yield %0 : tensor<i1>
    }
    proc.guard pre_guard {
      %0 = arith.constant dense<true> : tensor<i1>
      proc.yield %0 : tensor<i1>
    }
    proc.phase pre_mgmt {
    }
    proc.phase lrn {
      proc.print "lrn"
    }
    proc.phase post_mgmt {
      proc.pause
    }
  }
}
proc.network @guards {
  proc.instance @p of @P
}

// -----

// Accesses in nested code; reads go backward through the transforms, writes forward.

// CHECK-LABEL: step.program @nested
// CHECK: step.task "a" of "A" {
// CHECK:   scf.if %{{.*}} {
// CHECK-NEXT: %[[V:.*]] = step.get @b.v via @b.port : tensor<6xi32>
// CHECK-NEXT: %[[R:.*]] = num.reshape %[[V]] : tensor<6xi32> to tensor<3x2xi32>
// CHECK-NEXT: %[[T:.*]] = num.transpose %[[R]] [1, 0] : tensor<3x2xi32> to tensor<2x3xi32>
// CHECK-NEXT: %[[T2:.*]] = num.transpose %[[T]] [1, 0] : tensor<2x3xi32> to tensor<3x2xi32>
// CHECK-NEXT: %[[R2:.*]] = num.reshape %[[T2]] : tensor<3x2xi32> to tensor<6xi32>
// CHECK-NEXT: step.set @b.v, %[[R2]] via @b.port : tensor<6xi32>
proc.process @A {
  proc.ref_port @ref : tensor<2x3xsi32>
  proc.model @model {
    proc.phase pre_mgmt {
      %true = arith.constant true
      scf.if %true {
        %0 = proc.read @ref : tensor<2x3xi32>
        proc.write @ref, %0 : tensor<2x3xi32>
      }
    }
  }
}
proc.process @B {
  proc.var @v : tensor<6xsi32> = dense<0> : tensor<6xi32>
  proc.var_port @port of @v
}
proc.network @nested {
  proc.instance @a of @A
  proc.instance @b of @B
  proc.connect @a::@ref to @b::@port via [#proc.transpose<[1, 0]>, #proc.reshape<[6]>]
}
