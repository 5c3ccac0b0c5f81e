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
  proc.network @net {
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

