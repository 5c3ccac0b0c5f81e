// RUN: basalt-opt --infer-types --verify-diagnostics --split-input-file %s

proc.process @P {
  // expected-error @+2 {{type name 'num' of 'x.ref' is bound neither by the model, nor by a given value, nor by a connection}}
  // expected-error @+1 {{shape name 'shape' of 'x.ref' is bound neither by a given value, nor by a connection}}
  proc.ref_port @ref : tensor<*x!proc.named<"num">> {shape_names = ["*shape"]}
  proc.var @v : tensor<*x!proc.named<"num">> {shape_names = ["*shape"]}
  // expected-error @+1 {{the shape of 'x.i' is bound neither by a given value, nor by a connection}}
  proc.in_port @i : tensor<?xsi32>
}
proc.network @net {
  // expected-note @+2 {{in this instance}}
  // expected-note @+1 {{'x.ref' is connected to nothing}}
  proc.instance @x of @P
}

// -----

// A name means one thing: the second connection does not fit what the first has said.

proc.process @P {
  // expected-note @+1 {{'a' is declared here as InPort i32[?]}}
  proc.in_port @a : tensor<?xsi32> {shape_names = ["n"]}
  proc.in_port @b : tensor<?xsi32> {shape_names = ["n"]}
}
proc.process @Q {
  proc.out_port @three : tensor<3xsi32>
  // expected-note @+1 {{'four' is declared here as OutPort i32[4]}}
  proc.out_port @four : tensor<4xsi32>
}
proc.network @net {
  proc.instance @p of @P
  proc.instance @q of @Q
  // expected-note @+1 {{'n' of 'p' is 3 because of this}}
  proc.connect @q::@three to @p::@b
  // expected-error @+1 {{shapes do not match: 'q.four' is (4,), but 'p.a' is (3,)}}
  proc.connect @q::@four to @p::@a
}

// -----

proc.process @Dense {
  proc.var @weights : tensor<?x?xsi32> {shape_names = ["n", "m"]}
  // expected-note @+1 {{'s_in' is declared here as InPort u1[?]}}
  proc.in_port @s_in : tensor<?xui1> {shape_names = ["m"]}
}
proc.process @Q {
  // expected-note @+1 {{'s' is declared here as OutPort u1[4]}}
  proc.out_port @s : tensor<4xui1>
}
proc.network @net {
  proc.instance @d of @Dense {
    // expected-note @+1 {{'m' of 'd' is 3 because of this}}
    proc.value @weights = dense<1> : tensor<2x3xi64>
  }
  proc.instance @q of @Q
  // expected-error @+1 {{shapes do not match: 'q.s' is (4,), but 'd.s_in' is (3,)}}
  proc.connect @q::@s to @d::@s_in
}

// -----

// Two names for a type that only one type can have.

proc.process @P {
  // expected-note @+1 {{'r' is declared here as RefPort num}}
  proc.ref_port @r : tensor<!proc.named<"num">>
  proc.in_port @i : tensor<!proc.named<"num">>
}
proc.process @Q {
  // expected-note @+1 {{'v' is declared here as Var i16}}
  proc.var @v : tensor<si16> = dense<0> : tensor<i16>
  proc.out_port @o : tensor<si32>
}
proc.network @net {
  proc.instance @p of @P
  proc.instance @q of @Q
  proc.connect @q::@o to @p::@i
  // expected-error @+1 {{element types do not match: 'p.r' is i32, but 'q.v' is i16; what is read and written through a RefPort is not converted}}
  proc.connect @p::@r to @q::@v
}

// -----

// Values are checked against what was inferred.

proc.process @P {
  proc.in_port @i : tensor<?x!proc.named<"num">> {shape_names = ["n"]}
  // expected-error @+1 {{'P.v': 300 is out of the range -128..127 of i8}}
  proc.var @v : tensor<!proc.named<"num">> = dense<300> : tensor<i64>
}
proc.process @Q {
  proc.out_port @o : tensor<2xsi8>
}
proc.network @net {
  proc.instance @p of @P
  proc.instance @q of @Q
  proc.connect @q::@o to @p::@i
}

// -----

// An alias of another type.

proc.process @Leaf {
  proc.var @v : tensor<?xsi32> = dense<0> : tensor<i64> {shape_names = ["n"]}
}
proc.process @H {
  proc.var @v : tensor<3xsi32>
  proc.var @w : tensor<2xsi32>
  proc.model @m {
    proc.instance @leaf of @Leaf
    // expected-note @+1 {{'n' of 'h.leaf' is 3 because of this}}
    proc.alias @v to @leaf::@v
    // expected-error @+1 {{alias 'w' is i32[2], but 'leaf.v' is i32[3]}}
    proc.alias @w to @leaf::@v
  }
}
proc.network @net {
  proc.instance @h of @H
}

// -----

proc.process @A {
  proc.in_port @i : tensor<?xsi32>
  proc.model @m {
    // expected-error @+1 {{process 'A' contains itself}}
    proc.instance @a of @A
  }
}
proc.network @net {
  proc.instance @a of @A
}
