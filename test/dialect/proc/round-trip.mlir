// RUN: basalt-opt %s -o %t && grep -v "^//" %s | diff - %t
// RUN: basalt-opt --mlir-print-op-generic %s | basalt-opt -o %t && grep -v "^//" %s | diff - %t
// RUN: basalt-opt --emit-bytecode %s | basalt-opt -o %t && grep -v "^//" %s | diff - %t
//
// Every op, attribute and type of proc in the form in which it is printed: text, generic form and
// bytecode come back as they were.
module {
  proc.functions "fn f(x) = x + 1"
  proc.functions "fn g(x) = f(x)" imports ["f.yaml"]
  proc.process @P of "Source" attributes {note = "kept"} {
    proc.param @shape = [3, 2]
    proc.var @v : tensor<3x2xsi24> = dense<0> : tensor<3x2xi24>
    proc.var not_shareable @hidden : tensor<f32>
    proc.var @w : tensor<?x?x!proc.named<"num">> {shape_names = ["n", "m"]}
    proc.in_port @i : tensor<3xui1>
    proc.out_port @o : tensor<3xi1>
    proc.ref_port @r : tensor<*xf64> {shape_names = ["*shape"]}
    proc.ref_port @q : tensor<si64>
    proc.var_port @door of @v
    proc.var_port @made of @v implicit
    proc.model @text tags ["floating_pt", "slow"] requires ["neurocore"] protocol "loihi" types {num = f64} limits {k = [1, 2], v = #proc.limits<low = 5.000000e-01 : f64, high = 9 : i64>} {
      proc.phase spk source "x = 1" {
      }
      proc.guard lrn_guard source "true" {
      }
    }
    proc.model @code {
      proc.phase init {
      }
      proc.phase spk {
        %0 = proc.recv @i : tensor<3xi1>
        proc.send @o, %0 : tensor<3xi1>
      }
      proc.phase pre_mgmt {
        %0 = proc.read @q : tensor<i64>
        proc.write @q, %0 : tensor<i64>
      }
      proc.phase lrn {
        %0 = proc.get @v : tensor<3x2xi24>
        proc.set @v, %0 : tensor<3x2xi24>
      }
      proc.phase post_mgmt {
        %0 = proc.time_step : tensor<i64>
        proc.print "step {}"(%0 : tensor<i64>)
        proc.print "plain"
        proc.pause
      }
      proc.phase host {
        %cst = arith.constant dense<true> : tensor<i1>
        proc.assert %cst, "never" : tensor<i1>
        proc.stop
      }
      proc.guard pre_guard {
        %cst = arith.constant dense<true> : tensor<i1>
        proc.yield %cst : tensor<i1>
      }
      proc.guard post_guard {
        %cst = arith.constant dense<true> : tensor<i1>
        proc.yield %cst : tensor<i1>
      }
    }
  }
  proc.process @H {
    proc.var @u : tensor<3x2xsi24>
    proc.out_port @o : tensor<3xi1>
    proc.model @m {
      proc.instance @p of @P {
        proc.value @v = dense<1> : tensor<i64>
      }
      proc.connect @p::@o to @o
      proc.alias @u to @p::@v
    }
  }
  proc.process @S {
    proc.var @w : tensor<50xf64> {sparse = #proc.sparse<[4, 3], @w.offsets, @w.targets, is_capacity = true>}
    proc.var not_shareable @w.offsets : tensor<4xsi64>
    proc.var not_shareable @w.targets : tensor<50xsi32>
    proc.var @x : tensor<8xsi8> {sparse = #proc.sparse<[4, 4], @x.offsets, @x.targets>}
    proc.var not_shareable @x.offsets : tensor<5xsi64>
    proc.var not_shareable @x.targets : tensor<8xsi32>
  }
  proc.network @net {
    proc.instance @r of @S {
      proc.value @w = dense<0.000000e+00> : tensor<12xf64> {distribution = #proc.distribution<kind = normal, first = 1.000000e-01 : f64, second = 2.000000e+00 : f64, min = -1.000000e+00 : f64, max = 3.000000e+00 : f64>}
      proc.value @w.offsets = dense<0> : tensor<4xi64> {rule = #proc.rule<kind = pairwise_bernoulli, targets = 4, sources = 3, probability = 5.000000e-01 : f64>}
      proc.value @w.targets = dense<0> : tensor<3xi32> {rule = #proc.rule<kind = blocks, targets = 4, sources = 3, blocks = [#proc.rule_block<target = 1, source = 0, rule = <kind = one_to_one, targets = 2, sources = 2>>, #proc.rule_block<target = 0, source = 0, rule = <kind = fixed_total_number, targets = 4, sources = 3, number = 1>>]>}
      proc.value @x = dense<0> : tensor<8xi64> {distribution = #proc.distribution<kind = integers, low = -3, high = 4, min = -2 : i64>}
      proc.value @x.targets = dense<0> : tensor<8xi32> {rule = #proc.rule<kind = fixed_indegree, targets = 4, sources = 4, number = 2, autapses = false, multapses = false>}
    }
    proc.instance @a of @P
    proc.instance @b of @P
    proc.virtual_port @t = #proc.transpose<[1, 0]> of [@a::@o]
    proc.virtual_port @f = #proc.reshape<[-1]> of [@t]
    proc.virtual_port @s = #proc.slice<[0], [-1], [2]> of [@f]
    proc.virtual_port @c = #proc.concat<0> of [@s, @b::@o]
    proc.connect @c to @a::@i
    proc.connect @a::@o to @b::@i via [#proc.reshape<[]>, #proc.place<[2], [5]>]
    proc.connect @a::@q to @b::@door
    proc.alias @h::@v to @b::@v
  }
}

