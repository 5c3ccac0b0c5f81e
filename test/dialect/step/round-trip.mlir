// RUN: basalt-opt %s -o %t && grep -v "^//" %s | diff - %t
// RUN: basalt-opt --mlir-print-op-generic %s | basalt-opt -o %t && grep -v "^//" %s | diff - %t
// RUN: basalt-opt --emit-bytecode %s | basalt-opt -o %t && grep -v "^//" %s | diff - %t
//
// Every op, attribute and type of step in the form in which it is printed: text, generic form and
// bytecode come back as they were.
module {
  step.program @net {
    step.state @a.v : tensor<3xsi24> = dense<0> : tensor<3xi24>
    step.state @a.k : tensor<si64> = dense<2> : tensor<i64> {limits = #proc.limits<high = 9 : i64>}
    step.alias "layer.v" to @a.v
    step.port @a.s_out : tensor<3xui1>
    step.var_port @a.door of @a.v
    step.var_port @a.made of @a.v implicit
    step.guard @a.post_guard of "a" post_guard {
      %cst = arith.constant dense<true> : tensor<i1>
      step.yield %cst : tensor<i1>
    }
    step.kernel @add(%arg0: i24, %arg1: i24, %arg2: i64) {
      %0 = arith.addi %arg0, %arg1 : i24
      step.yield %0, %arg2 : i24, i64
    }
    step.phase spk {
      %0 = step.task "a" of "P" -> tensor<3xi24> {
        %1 = step.get @a.v : tensor<3xi24>
        %2 = step.get @a.k : tensor<i64>
        %3 = step.update @add [@a.v] ins(%1, %2 : tensor<3xi24>, tensor<i64>) over [3] -> tensor<3xi64>
        step.yield %1 : tensor<3xi24>
      }
      step.task "b" of "P" {
        step.set @a.v, %0 : tensor<3xi24>
        step.yield
      }
    }
    step.phase post_mgmt {
      step.probe @a.v
      step.task "b" of "P" if @a.post_guard {
        %0 = step.get @a.v via @a.door : tensor<3xi24>
        step.set @a.v, %0 via @a.made : tensor<3xi24>
        %cst = arith.constant dense<true> : tensor<3xi1>
        step.probe @a.s_out, %cst : tensor<3xi1>
        step.yield
      }
    }
  }
}

