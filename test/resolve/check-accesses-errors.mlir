// RUN: basalt-opt --check-accesses --verify-diagnostics --split-input-file %s

proc.process @P {
  proc.in_port @i : tensor<i1>
  proc.out_port @o : tensor<i1>
  proc.ref_port @r : tensor<i1>
  proc.var @v : tensor<i1> = dense<0> : tensor<i1>
  proc.model @m {
    proc.phase init {
      // expected-error @+1 {{'r.read()' in init: RefPorts can be accessed in management phases only (pre_mgmt, post_mgmt, host)}}
      %0 = proc.read @r : tensor<i1>
      // expected-error @+1 {{'o.send(...)' in init: messages are sent and received in spk only}}
      proc.send @o, %0 : tensor<i1>
    }
    proc.phase spk {
      // expected-note @+1 {{the first time is here}}
      %0 = proc.recv @i : tensor<i1>
      // expected-error @+1 {{'i' is received from twice in a time step; once is possible}}
      %1 = proc.recv @i : tensor<i1>
      // expected-error @+1 {{'r.write(...)' in spk: RefPorts can be accessed in management phases only (pre_mgmt, post_mgmt, host)}}
      proc.write @r, %1 : tensor<i1>
      // expected-note @+1 {{the first time is here}}
      proc.send @o, %0 : tensor<i1>
      // expected-error @+1 {{'o' is sent on twice in a time step; once is possible}}
      proc.send @o, %1 : tensor<i1>
      %c = num.item %0 : tensor<i1> to i1
      scf.if %c {
        // expected-error @+1 {{'o.send(...)' under an `if` or `for`: a port is used at the top level of spk; send `where(c, x, 0)` to send nothing}}
        proc.send @o, %1 : tensor<i1>
        // expected-error @+1 {{'i.recv()' under an `if` or `for`: a port is used at the top level of spk}}
        %2 = proc.recv @i : tensor<i1>
      }
    }
    proc.phase lrn {
      // expected-error @+1 {{'r.read()' in lrn: RefPorts can be accessed in management phases only (pre_mgmt, post_mgmt, host)}}
      %0 = proc.read @r : tensor<i1>
    }
    proc.phase post_mgmt {
      // expected-error @+1 {{'i.recv()' in post_mgmt: messages are sent and received in spk only}}
      %0 = proc.recv @i : tensor<i1>
    }
    proc.guard post_guard {
      // expected-error @+1 {{'r.read()' in post_guard: a guard may look at Vars, parameters and time_step only}}
      %0 = proc.read @r : tensor<i1>
      // expected-error @+1 {{'v = ...' in post_guard: a guard may look at Vars, parameters and time_step only}}
      proc.set @v, %0 : tensor<i1>
      // expected-error @+1 {{'print(...)' in post_guard: a guard may look at Vars, parameters and time_step only}}
      proc.print "now"
      proc.yield %0 : tensor<i1>
    }
  }
}

// -----

// What is used must be connected, and what is connected used.

proc.process @Reader {
  proc.ref_port @ref : tensor<i1>
  proc.ref_port @spare : tensor<i1>
  // expected-note @+1 {{'o' is declared here}}
  proc.out_port @o : tensor<i1>
  // expected-note @+1 {{'i' is declared here}}
  proc.in_port @i : tensor<i1>
  proc.model @m {
    proc.phase post_mgmt {
      // expected-note @+1 {{it is used here}}
      %0 = proc.read @ref : tensor<i1>
    }
  }
}
proc.network @net {
  // expected-error @+1 {{RefPort 'r.ref' is used, but connected to nothing}}
  proc.instance @r of @Reader
  // expected-warning @+2 {{InPort 'r.i' is connected, but its process never receives from it, so what 'r.o' sends is lost}}
  // expected-error @+1 {{OutPort 'r.o' is connected, but its process never sends on it}}
  proc.connect @r::@o to @r::@i
}

// -----

proc.process @P {
  proc.model @m {
    // expected-warning @+1 {{pre_mgmt never runs: no process in the network has a lrn_guard}}
    proc.phase pre_mgmt {
    }
  }
}
proc.network @net {
  proc.instance @p of @P
}
