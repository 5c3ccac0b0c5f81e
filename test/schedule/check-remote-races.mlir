// RUN: basalt-opt --schedule --check-remote-races --verify-diagnostics --split-input-file %s | FileCheck %s

// Two processes add to one Var. The program is not changed.

// CHECK: step.program @writers
// CHECK: step.set @c.v, %{{.*}} via @c.port

proc.process @Adder {
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<i32>
      // expected-warning @below {{'a' and 'b' both write 'c.v' in post_mgmt, and nothing orders them; 'a' goes first}}
      // expected-note @below {{'b' does so here}}
      proc.write @ref, %0 : tensor<i32>
    }
  }
}
proc.process @C {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
}
proc.network @writers {
  proc.instance @a of @Adder
  proc.instance @b of @Adder
  proc.instance @c of @C
  proc.connect @a::@ref to @c::@port
  proc.connect @b::@ref to @c::@port
}

// -----

// A writer and two readers, one of which is ordered because it also waits for the writer.

proc.process @Writer {
  proc.var @w : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @w
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase pre_mgmt {
      %0 = proc.get @w : tensor<i32>
      // expected-note @below {{'writer' does so here}}
      proc.write @ref, %0 : tensor<i32>
    }
  }
}
proc.process @Reader {
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase pre_mgmt {
      // expected-warning @below {{'reader' reads and 'writer' writes 'c.v' in pre_mgmt, and nothing orders them; 'reader' goes first (and 1 more such pairs)}}
      %0 = proc.read @ref : tensor<i32>
    }
  }
}
proc.process @Waiter {
  proc.ref_port @ref : tensor<si32>
  proc.ref_port @ref2 : tensor<si32>
  proc.model @model {
    proc.phase pre_mgmt {
      %0 = proc.read @ref : tensor<i32>
      %1 = proc.read @ref2 : tensor<i32>
    }
  }
}
proc.process @C {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
}
proc.network @net {
  proc.instance @waiter of @Waiter
  proc.instance @reader of @Reader
  proc.instance @writer of @Writer
  proc.instance @reader2 of @Reader
  proc.instance @c of @C
  proc.connect @waiter::@ref to @writer::@port
  proc.connect @waiter::@ref2 to @c::@port
  proc.connect @reader::@ref to @c::@port
  proc.connect @writer::@ref to @c::@port
  proc.connect @reader2::@ref to @c::@port
}

// -----

// Readers alone, writers in different phases, and the owner itself are all in order.

proc.process @PostReader {
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<i32>
    }
  }
}
proc.process @PreWriter {
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase pre_mgmt {
      %0 = arith.constant dense<1> : tensor<i32>
      proc.write @ref, %0 : tensor<i32>
    }
  }
}
proc.process @C {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
  proc.model @model {
    proc.phase post_mgmt {
      %0 = proc.get @v : tensor<i32>
      proc.set @v, %0 : tensor<i32>
    }
  }
}
proc.network @net {
  proc.instance @a of @PostReader
  proc.instance @b of @PostReader
  proc.instance @d of @PreWriter
  proc.instance @c of @C
  proc.connect @a::@ref to @c::@port
  proc.connect @b::@ref to @c::@port
  proc.connect @d::@ref to @c::@port
}

// -----

// A Var of a hierarchical process is also called by the name that it has there.

proc.process @Adder {
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase post_mgmt {
      %0 = proc.read @ref : tensor<i32>
      // expected-warning @below {{'a' and 'b' both write 'h.inner.c.v' (alias 'h.v') in post_mgmt, and nothing orders them; 'a' goes first}}
      // expected-note @below {{'b' does so here}}
      proc.write @ref, %0 : tensor<i32>
    }
  }
}
proc.process @C {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
}
proc.network @net {
  proc.instance @a of @Adder
  proc.instance @b of @Adder
  proc.instance @h.inner.c of @C
  proc.connect @a::@ref to @h.inner.c::@port
  proc.connect @b::@ref to @h.inner.c::@port
  proc.alias @h.inner::@v to @h.inner.c::@v
  proc.alias @h::@v to @h.inner.c::@v
}
