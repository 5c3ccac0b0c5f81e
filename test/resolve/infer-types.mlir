// RUN: basalt-opt --infer-types --split-input-file %s | FileCheck %s

// Extents, ranks and type names come from the other end; one name means one thing in a process, and values are converted
// when its type is known. What extents are called becomes a parameter, for behaviours.

// CHECK-LABEL: proc.process @Read {
// CHECK-NEXT:    proc.param @shape = dense<[3, 4]> : tensor<2xi64>
// CHECK-NEXT:    proc.var @data : tensor<3x4x100xsi24> = dense<0> : tensor<3x4x100xi24> {shape_names = ["*shape", "100"]}
// CHECK-NEXT:    proc.var @last : tensor<3x4xsi24> = dense<-1> : tensor<3x4xi24> {shape_names = ["*shape"]}
// CHECK-NEXT:    proc.ref_port @state : tensor<3x4xsi24> {shape_names = ["*shape"]}
proc.process @Read {
  proc.var @data : tensor<*x!proc.named<"num">> = dense<0> : tensor<i64> {shape_names = ["*shape", "100"]}
  proc.var @last : tensor<*x!proc.named<"num">> = dense<-1> : tensor<i64> {shape_names = ["*shape"]}
  proc.ref_port @state : tensor<*x!proc.named<"num">> {shape_names = ["*shape"]}
}
proc.process @Neuron {
  proc.var @v : tensor<3x4xsi24> = dense<0> : tensor<3x4xi24>
}
proc.network @net {
  proc.instance @read of @Read
  proc.instance @n of @Neuron
  proc.connect @read::@state to @n::@v
}

// -----

// Given values bind before connections: all of a name together, ints as i32 if they fit.

// CHECK-LABEL: proc.process @Dense {
// CHECK-NEXT:    proc.param @n = 2 : i64
// CHECK-NEXT:    proc.param @m = 3 : i64
// CHECK-NEXT:    proc.var @weights : tensor<2x3xf64> {shape_names = ["n", "m"]}
// CHECK-NEXT:    proc.var @bias : tensor<2xf64> = dense<0.000000e+00> : tensor<2xf64> {shape_names = ["n"]}
// CHECK-NEXT:    proc.var @big : tensor<si64>
// CHECK-NEXT:    proc.var @small : tensor<2xsi32>
// CHECK-NEXT:    proc.in_port @s_in : tensor<3xui1> {shape_names = ["m"]}
// CHECK-NEXT:    proc.out_port @a_out : tensor<2xf64> {shape_names = ["n"]}
// CHECK-LABEL: proc.process @Sink {
// CHECK-NEXT:    proc.in_port @a_in : tensor<2xf64>
// CHECK-LABEL: proc.network @net
// CHECK:         proc.value @weights = dense<{{.*}}> : tensor<2x3xf64>
// CHECK-NEXT:    proc.value @bias = dense<1.000000e+00> : tensor<2xf64>
// CHECK-NEXT:    proc.value @big = dense<4294967296> : tensor<i64>
// CHECK-NEXT:    proc.value @small = dense<[1, 2]> : tensor<2xi32>
proc.process @Dense {
  proc.var @weights : tensor<?x?x!proc.named<"num">> {shape_names = ["n", "m"]}
  proc.var @bias : tensor<?x!proc.named<"num">> = dense<0> : tensor<i64> {shape_names = ["n"]}
  proc.var @big : tensor<!proc.named<"big">>
  proc.var @small : tensor<*x!proc.named<"small">>
  proc.in_port @s_in : tensor<?xui1> {shape_names = ["m"]}
  proc.out_port @a_out : tensor<?x!proc.named<"num">> {shape_names = ["n"]}
}
proc.process @Sink {
  proc.in_port @a_in : tensor<*x!proc.named<"x">>
}
proc.network @net {
  proc.instance @dense of @Dense {
    proc.value @weights = dense<[[0.5, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf64>
    proc.value @bias = dense<1> : tensor<i64>
    proc.value @big = dense<4294967296> : tensor<i64>
    proc.value @small = dense<[1, 2]> : tensor<2xi64>
  }
  proc.instance @sink of @Sink
  proc.connect @dense::@a_out to @sink::@a_in
}

// -----

// Instances that differ get copies of their process; those that do not share it. What contains
// different children is different too.

// CHECK-LABEL: proc.process @Sink {
// CHECK-NEXT:    proc.in_port @i : tensor<2xsi32>
// CHECK-LABEL: proc.process @Sink_2 of "Sink" {
// CHECK-NEXT:    proc.in_port @i : tensor<5xf64>
// CHECK-LABEL: proc.process @Sink_1 {
// CHECK-LABEL: proc.process @H {
// CHECK-NEXT:    proc.in_port @i : tensor<2xsi32>
// CHECK:           proc.instance @sink of @Sink
// CHECK-LABEL: proc.process @H_1 of "H" {
// CHECK-NEXT:    proc.in_port @i : tensor<5xf64>
// CHECK:           proc.instance @sink of @Sink_2
// CHECK-LABEL: proc.network @net
// CHECK:         proc.instance @a of @H
// CHECK-NEXT:    proc.instance @b of @H_1
// CHECK-NEXT:    proc.instance @c of @H
// CHECK-NEXT:    proc.instance @d of @Sink_2
proc.process @Sink {
  proc.in_port @i : tensor<*x!proc.named<"num">>
}
proc.process @Sink_1 {
  proc.out_port @o : tensor<2xsi32>
  proc.out_port @p : tensor<5xf64>
}
proc.process @H {
  proc.in_port @i : tensor<*x!proc.named<"num">>
  proc.model @m {
    proc.instance @sink of @Sink
    proc.connect @i to @sink::@i
  }
}
proc.network @net {
  proc.instance @a of @H
  proc.instance @b of @H
  proc.instance @c of @H
  proc.instance @d of @Sink
  proc.instance @s of @Sink_1
  proc.connect @s::@o to @a::@i
  proc.connect @s::@p to @b::@i
  proc.connect @s::@o to @c::@i
  proc.connect @s::@p to @d::@i
}

// -----

// Through virtual ports, aliases and exports, forwards and backwards.

// CHECK-LABEL: proc.process @Any {
// CHECK-NEXT:    proc.out_port @o : tensor<2x3xsi32>
// CHECK-NEXT:    proc.in_port @flat : tensor<6xsi32>
// CHECK-NEXT:    proc.in_port @part : tensor<2x2xsi32>
// CHECK-NEXT:    proc.in_port @tall : tensor<4x3xsi32>
// CHECK-LABEL: proc.process @Sink {
// CHECK-LABEL: proc.process @H {
// CHECK-NEXT:    proc.var @v : tensor<7xsi16>
// CHECK-NEXT:    proc.ref_port @r : tensor<3x3xsi8>
// CHECK-LABEL: proc.process @Leaf {
// CHECK-NEXT:    proc.var @v : tensor<7xsi16>
// CHECK-NEXT:    proc.ref_port @r : tensor<3x3xsi8>
proc.process @Any {
  proc.out_port @o : tensor<*x!proc.named<"num">>
  proc.in_port @flat : tensor<*x!proc.named<"num">>
  proc.in_port @part : tensor<?x?x!proc.named<"num">>
  proc.in_port @tall : tensor<*x!proc.named<"num">>
}
proc.process @Sink {
  proc.in_port @turned : tensor<3x2xsi32>
}
proc.process @H {
  proc.var @v : tensor<*x!proc.named<"v">>
  proc.ref_port @r : tensor<*x!proc.named<"r">>
  proc.model @m {
    proc.instance @leaf of @Leaf
    proc.alias @v to @leaf::@v
    proc.connect @leaf::@r to @r
  }
}
proc.process @Leaf {
  proc.var @v : tensor<7xsi16> = dense<0> : tensor<7xi16>
  proc.ref_port @r : tensor<*x!proc.named<"r">>
}
proc.process @Holder {
  proc.var @v : tensor<3x3xsi8> = dense<0> : tensor<3x3xi8>
  proc.var_port @door of @v
}
proc.network @net {
  proc.instance @any of @Any
  proc.instance @sink of @Sink
  proc.instance @h of @H
  proc.instance @holder of @Holder
  proc.virtual_port @turned = #proc.transpose<[]> of [@any::@o]
  proc.virtual_port @flat = #proc.reshape<[-1]> of [@any::@o]
  proc.virtual_port @part = #proc.slice<[0, 1], [2, -1], [1, 1]> of [@any::@o]
  proc.virtual_port @tall = #proc.concat<0> of [@any::@o, @any::@o]
  proc.virtual_port @door = #proc.transpose<[1, 0]> of [@h::@r]
  proc.connect @door to @holder::@door
  proc.connect @tall to @any::@tall
  proc.connect @part to @any::@part
  proc.connect @flat to @any::@flat
  proc.connect @turned to @sink::@turned
}

// -----

// In the end, what the declaration gives.

// CHECK-LABEL: proc.process @P
// CHECK-NEXT:    proc.var @v : tensor<2xf64> = dense<5.000000e-01>
// CHECK-NEXT:    proc.var @w : tensor<3xi1> = dense<[true, false, true]> : tensor<3xi1>
proc.process @P {
  proc.var @v : tensor<2x!proc.named<"num">> = dense<0.5> : tensor<f64>
  proc.var @w : tensor<*x!proc.named<"flag">> = dense<[true, false, true]> : tensor<3xi1>
}
proc.network @net {
  proc.instance @p of @P
}

// -----

// What the models of children say counts before what is connected from outside, which is converted.

// CHECK-LABEL: proc.process @Layer
// CHECK-NEXT:    proc.var @v : tensor<2xf64>
// CHECK-NEXT:    proc.in_port @in : tensor<2xf64>
// CHECK-LABEL: proc.process @Outer
// CHECK-NEXT:    proc.in_port @in : tensor<2xf64>
proc.process @Leaf {
  proc.var @v : tensor<2xf64> = dense<0.0> : tensor<2xf64>
  proc.in_port @in : tensor<2xf64>
}
proc.process @Layer {
  proc.var @v : tensor<2x!proc.named<"num">>
  proc.in_port @in : tensor<2x!proc.named<"num">>
  proc.model @m {
    proc.instance @leaf of @Leaf
    proc.alias @v to @leaf::@v
    proc.connect @in to @leaf::@in
  }
}
proc.process @Outer {
  proc.in_port @in : tensor<2x!proc.named<"num">>
  proc.model @m {
    proc.instance @layer of @Layer
    proc.connect @in to @layer::@in
  }
}
proc.process @Source {
  proc.out_port @out : tensor<2xsi32>
}
proc.network @net {
  proc.instance @source of @Source
  proc.instance @outer of @Outer
  proc.connect @source::@out to @outer::@in
}
