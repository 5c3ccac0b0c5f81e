// RUN: basalt-opt --check-deadlocks --verify-diagnostics %s | FileCheck %s

// Loops with a process that sends before it receives, and chains of accesses: all have an order. The program
// is not changed.

// CHECK: proc.network @net
// CHECK: proc.connect @b::@ref to @c::@port

proc.process @Neuron {
  proc.in_port @a_in : tensor<si32>
  proc.out_port @s_out : tensor<si32>
  proc.model @model {
    proc.phase spk {
      %0 = proc.recv @a_in : tensor<i32>
      proc.send @s_out, %0 : tensor<i32>
    }
  }
}
proc.process @Synapse {
  proc.var @buffer : tensor<si32> = dense<0> : tensor<i32>
  proc.in_port @s_in : tensor<si32>
  proc.out_port @a_out : tensor<si32>
  proc.model @model {
    proc.phase spk {
      %0 = proc.get @buffer : tensor<i32>
      proc.send @a_out, %0 : tensor<i32>
      %1 = proc.recv @s_in : tensor<i32>
      proc.set @buffer, %1 : tensor<i32>
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
proc.process @Holder {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
}
proc.network @net {
  proc.instance @n of @Neuron
  proc.instance @s of @Synapse
  proc.instance @alone of @Synapse
  proc.instance @a of @Reader
  proc.instance @b of @Reader
  proc.instance @c of @Holder
  proc.connect @n::@s_out to @s::@s_in
  proc.connect @s::@a_out to @n::@a_in
  proc.connect @alone::@a_out to @alone::@s_in
  proc.connect @a::@ref to @b::@port
  proc.connect @b::@ref to @c::@port
}
