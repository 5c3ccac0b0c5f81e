// RUN: basalt-opt --check-accesses --verify-diagnostics %s

// Everything in its place: nothing is reported.

proc.process @P {
  proc.in_port @i : tensor<i1>
  proc.out_port @o : tensor<i1>
  proc.out_port @unused : tensor<i1>
  proc.ref_port @r : tensor<i1>
  proc.ref_port @spare : tensor<i1>
  proc.var @v : tensor<i1> = dense<0> : tensor<i1>
  proc.model @m {
    proc.phase spk {
      %0 = proc.recv @i : tensor<i1>
      proc.send @o, %0 : tensor<i1>
    }
    proc.phase pre_mgmt {
      %0 = proc.read @r : tensor<i1>
      proc.write @r, %0 : tensor<i1>
      %c = num.item %0 : tensor<i1> to i1
      scf.if %c {
        %1 = proc.read @r : tensor<i1>
      }
    }
    proc.guard lrn_guard {
      %0 = proc.get @v : tensor<i1>
      proc.yield %0 : tensor<i1>
    }
  }
}
proc.process @Holder {
  proc.var @v : tensor<i1> = dense<0> : tensor<i1>
}
proc.network @net {
  proc.instance @p of @P
  proc.instance @h of @Holder
  proc.connect @p::@o to @p::@i
  proc.connect @p::@r to @h::@v
}
