// RUN: basalt-opt --schedule %s | FileCheck %s

// What a port receives is the sum of its sources, in order, with the `+` of the language; the conversion to the port's type comes last.

proc.process @Source {
  proc.out_port @bool : tensor<4xi1>
  proc.out_port @u1 : tensor<4xui1>
  proc.out_port @i24 : tensor<4xsi24>
  proc.out_port @u8 : tensor<4xui8>
  proc.out_port @i64 : tensor<4xsi64>
  proc.out_port @f32 : tensor<4xf32>
  proc.out_port @f64 : tensor<4xf64>
  proc.out_port @matrix : tensor<3x2xi1>
  proc.model @model {
    proc.phase spk {
      %b = arith.constant dense<true> : tensor<4xi1>
      %i24 = arith.constant dense<1> : tensor<4xi24>
      %i8 = arith.constant dense<1> : tensor<4xi8>
      %i64 = arith.constant dense<1> : tensor<4xi64>
      %f32 = arith.constant dense<1.0> : tensor<4xf32>
      %f64 = arith.constant dense<1.0> : tensor<4xf64>
      %m = arith.constant dense<true> : tensor<3x2xi1>
      proc.send @bool, %b : tensor<4xi1>
      proc.send @u1, %b : tensor<4xi1>
      proc.send @i24, %i24 : tensor<4xi24>
      proc.send @u8, %i8 : tensor<4xi8>
      proc.send @i64, %i64 : tensor<4xi64>
      proc.send @f32, %f32 : tensor<4xf32>
      proc.send @f64, %f64 : tensor<4xf64>
      proc.send @matrix, %m : tensor<3x2xi1>
    }
  }
}
proc.process @Bool {
  proc.in_port @x : tensor<4xi1>
  proc.model @model {
    proc.phase spk {
      %0 = proc.recv @x : tensor<4xi1>
      proc.print "{}"(%0 : tensor<4xi1>)
    }
  }
}
proc.process @Int {
  proc.in_port @x : tensor<4xsi16>
  proc.model @model {
    proc.phase spk {
      %0 = proc.recv @x : tensor<4xi16>
      proc.print "{}"(%0 : tensor<4xi16>)
    }
  }
}
proc.process @Float {
  proc.in_port @x : tensor<4xf32>
  proc.model @model {
    proc.phase spk {
      %0 = proc.recv @x : tensor<4xf32>
      proc.print "{}"(%0 : tensor<4xf32>)
    }
  }
}
proc.network @net {
  proc.instance @s of @Source

  // CHECK: %[[BOOL:.*]] = step.task "s" of "Source" -> tensor<4xi1>
  // CHECK: step.probe @s.bool, %[[BOOL]]
  // CHECK: %[[U1:.*]] = step.task "s" of "Source" -> tensor<4xi1>
  // CHECK: step.probe @s.u1, %[[U1]]
  // CHECK: step.probe @s.i24, %[[I24:.*]] : tensor<4xi24>
  // CHECK: step.probe @s.u8, %[[U8:.*]] : tensor<4xi8>
  // CHECK: step.probe @s.i64, %[[I64:.*]] : tensor<4xi64>
  // CHECK: step.probe @s.f32, %[[F32:.*]] : tensor<4xf32>
  // CHECK: step.probe @s.f64, %[[F64:.*]] : tensor<4xf64>
  // CHECK: step.probe @s.matrix, %[[M:.*]] : tensor<3x2xi1>

  // Nothing connected: zeros.
  // CHECK: step.task "none"
  // CHECK-NEXT: %[[Z:.*]] = arith.constant dense<false> : tensor<4xi1>
  // CHECK-NEXT: proc.print "{}"(%[[Z]]
  proc.instance @none of @Bool

  // bool and bool: or.
  // CHECK: step.task "bools"
  // CHECK-NEXT: %[[OR:.*]] = arith.ori %[[BOOL]], %[[BOOL]] : tensor<4xi1>
  // CHECK-NEXT: proc.print "{}"(%[[OR]]
  proc.instance @bools of @Bool
  proc.connect @s::@bool to @bools::@x
  proc.connect @s::@bool to @bools::@x

  // A u1 counts; what it counts to is then not zero.
  // CHECK: step.task "spikes"
  // CHECK-DAG: %[[A:.*]] = arith.extui %[[BOOL]] : tensor<4xi1> to tensor<4xi64>
  // CHECK-DAG: %[[B:.*]] = arith.extui %[[U1]] : tensor<4xi1> to tensor<4xi64>
  // CHECK: %[[AB:.*]] = arith.addi %[[A]], %[[B]] : tensor<4xi64>
  // CHECK: arith.cmpi ne, %[[AB]], %{{.*}} : tensor<4xi64>
  proc.instance @spikes of @Bool
  proc.connect @s::@bool to @spikes::@x
  proc.connect @s::@u1 to @spikes::@x

  // CHECK: step.task "nan"
  // CHECK: arith.cmpf une, %[[F64]]
  proc.instance @nan of @Bool
  proc.connect @s::@f64 to @nan::@x

  // Integers: in 64 bits, signed or not by their declaration, wrapped in the end.
  // CHECK: step.task "ints"
  // CHECK-DAG: %[[A:.*]] = arith.extsi %[[I24]] : tensor<4xi24> to tensor<4xi64>
  // CHECK-DAG: %[[B:.*]] = arith.extui %[[U8]] : tensor<4xi8> to tensor<4xi64>
  // CHECK-NEXT: %[[AB:.*]] = arith.addi %[[A]], %[[B]]
  // CHECK-NEXT: %[[ABC:.*]] = arith.addi %[[AB]], %[[I64]]
  // CHECK-NEXT: arith.trunci %[[ABC]] : tensor<4xi64> to tensor<4xi16>
  proc.instance @ints of @Int
  proc.connect @s::@i24 to @ints::@x
  proc.connect @s::@u8 to @ints::@x
  proc.connect @s::@i64 to @ints::@x

  // Floats: as they come; f64 wins, and the port has f32.
  // CHECK: step.task "floats"
  // CHECK-NEXT: %[[I:.*]] = arith.extsi %[[I24]]
  // CHECK-NEXT: %[[F:.*]] = arith.sitofp %[[I]] : tensor<4xi64> to tensor<4xf32>
  // CHECK-NEXT: %[[IF:.*]] = arith.addf %[[F]], %[[F32]] : tensor<4xf32>
  // CHECK-NEXT: %[[W:.*]] = arith.extf %[[IF]] : tensor<4xf32> to tensor<4xf64>
  // CHECK-NEXT: %[[SUM:.*]] = arith.addf %[[W]], %[[F64]] : tensor<4xf64>
  // CHECK-NEXT: arith.truncf %[[SUM]] : tensor<4xf64> to tensor<4xf32>
  proc.instance @floats of @Float
  proc.connect @s::@i24 to @floats::@x
  proc.connect @s::@f32 to @floats::@x
  proc.connect @s::@f64 to @floats::@x

  // Virtual ports.
  // CHECK: step.task "views"
  // CHECK-NEXT: %[[T:.*]] = num.transpose %[[M]] [1, 0] : tensor<3x2xi1> to tensor<2x3xi1>
  // CHECK-NEXT: %[[P:.*]] = num.extract %[[T]] offsets [0, 1] sizes [2, 2] strides [1, 1] drop [] : tensor<2x3xi1> to tensor<2x2xi1>
  // CHECK-NEXT: %[[V:.*]] = num.reshape %[[P]] : tensor<2x2xi1> to tensor<4xi1>
  // CHECK-NEXT: proc.print "{}"(%[[V]]
  proc.instance @views of @Bool
  proc.connect @s::@matrix to @views::@x via [#proc.transpose<[1, 0]>, #proc.slice<[0, 1], [2, 2], [1, 1]>, #proc.reshape<[4]>]

  // Side by side.
  // CHECK: step.task "places"
  // CHECK: %[[H:.*]] = num.extract %[[BOOL]] offsets [0] sizes [2] strides [1] drop []
  // CHECK: %[[P:.*]] = num.insert %[[H]] into %{{.*}} offsets [2] sizes [2] strides [1] drop [] : tensor<2xi1> into tensor<4xi1>
  // CHECK: proc.print "{}"(%[[P]]
  proc.instance @places of @Bool
  proc.connect @s::@bool to @places::@x via [#proc.slice<[0], [2], [1]>, #proc.place<[2], [4]>]
}
