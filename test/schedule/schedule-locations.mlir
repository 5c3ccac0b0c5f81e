// RUN: basalt-opt --schedule --mlir-print-debuginfo --mlir-print-local-scope %s | FileCheck %s

// Behaviour is located at its line in the process, called from the instance; nested code too.

// CHECK: step.state @a.v {{.*}} loc(callsite("p.yaml":2:5 at "a"("p.yaml":20:5)))
// CHECK: scf.if
// CHECK: proc.print "on" loc(callsite("p.yaml":5:9 at "a"("p.yaml":20:5)))
// CHECK: step.yield loc(callsite("p.yaml":3:5 at "a"("p.yaml":20:5)))
proc.process @P {
  proc.var @v : tensor<i1> = dense<true> : tensor<i1> loc("p.yaml":2:5)
  proc.model @model {
    proc.phase spk {
      %0 = proc.get @v : tensor<i1>
      %1 = num.item %0 : tensor<i1> to i1
      scf.if %1 {
        proc.print "on" loc("p.yaml":5:9)
      }
    } loc("p.yaml":3:5)
  }
}
proc.network @net {
  proc.instance @a of @P loc("p.yaml":20:5)
}
