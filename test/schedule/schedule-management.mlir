// RUN: basalt-opt --schedule %s | FileCheck %s

// Owners run before those that access their Vars, whatever the file says; the rest in the order of the file. A Var that others write is
// probed after its owner's code.

// CHECK-LABEL: step.phase post_mgmt
// CHECK: step.task "idle"
// CHECK: step.task "c"
// CHECK-NOT: step.probe
// CHECK: step.task "b"
// CHECK: step.probe @b.v
// CHECK-NEXT: step.task "a"
// CHECK-NOT: step.probe
// CHECK: step.task "a2"
// CHECK-NOT: step.probe
proc.process @Writer {
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<i32>
      proc.write @ref, %0 : tensor<i32>
    }
  }
}
proc.process @Reader {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<i32>
      proc.set @v, %0 : tensor<i32>
    }
  }
}
proc.process @Idle {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
  proc.model @model {
    proc.phase post_mgmt {
      proc.print "idle"
    }
  }
}
proc.process @Silent {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
}
proc.network @net {
  proc.instance @a of @Writer
  proc.instance @a2 of @Writer
  proc.instance @b of @Reader
  proc.instance @idle of @Idle
  proc.instance @c of @Reader
  proc.instance @silent of @Silent
  proc.connect @a::@ref to @b::@port
  proc.connect @a2::@ref to @b::@port
  proc.connect @b::@ref to @c::@port
  proc.connect @c::@ref to @silent::@port
}
