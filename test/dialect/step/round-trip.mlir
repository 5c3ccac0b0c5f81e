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
    step.state @s.w : tensor<2xsi8> = dense<1> : tensor<2xi8> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
    step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
    step.state @s.w.targets : tensor<2xsi32> = dense<[2, 0]> : tensor<2xi32>
    step.state @s.d : tensor<2xsi16> = dense<-1> : tensor<2xi16> {sparse = #proc.sparse<[3, 2], @s.w.offsets, @s.w.targets>}
    step.state @r.w : tensor<6xf32> = dense<0.000000e+00> : tensor<6xf32> {distribution = #proc.distribution<kind = lognormal, first = 1.000000e+00 : f64, second = 5.000000e-01 : f64>, sparse = #proc.sparse<[3, 2], @r.w.offsets, @r.w.targets>}
    step.state @r.w.offsets : tensor<3xsi64> = dense<0> : tensor<3xi64> {rule = #proc.rule<kind = fixed_outdegree, targets = 3, sources = 2, number = 3>}
    step.state @r.w.targets : tensor<6xsi32> = dense<0> : tensor<6xi32> {rule = #proc.rule<kind = fixed_outdegree, targets = 3, sources = 2, number = 3>}
    step.state @s.line : tensor<3x4xsi32> = dense<0> : tensor<3x4xi32>
    step.state @s.sums : tensor<3xui64> = dense<0> : tensor<3xi64>
    step.projection @s.line.projection of @s.line weights @s.w delays @s.d first -2 history "a.spikes"
    step.projection @s.sums.projection of @s.sums weights @s.w history "a.spikes" alone
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
      step.task "s" of "P" {
        %1 = step.due @s.line.projection : tensor<3xi32>
        %2 = step.due @s.sums.projection : tensor<3xi64>
        %cst = arith.constant dense<true> : tensor<2xi1>
        step.advance @s.line.projection, %cst : tensor<2xi1>
        step.advance @s.sums.projection, %cst : tensor<2xi1>
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

