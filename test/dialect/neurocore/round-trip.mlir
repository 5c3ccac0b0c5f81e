// RUN: basalt targets tiny --canonical | sed -z 's/\t/\\\\09/g; s/\n/\\\\0A/g; s/.*/s|LIMITS|"&"|/' > %t.sed
// RUN: sed -f %t.sed %s | grep -v "^//" > %t.mlir
// RUN: basalt-opt %t.mlir -o %t.text && diff %t.mlir %t.text
// RUN: basalt-opt --mlir-print-op-generic %t.mlir | basalt-opt -o %t.generic && diff %t.mlir %t.generic
// RUN: basalt-opt --emit-bytecode %t.mlir | basalt-opt -o %t.bytecode && diff %t.mlir %t.bytecode
//
// Every op of neurocore with all that it can have, in the form in which it is printed: text, generic
// form and bytecode come back as they were.
module {
  neurocore.network @net on "tiny" limits LIMITS {
    neurocore.program @LIF {
      %0 = neurocore.operand "s0" : i32
      %1 = neurocore.operand "k0" : i32
      %2 = neurocore.operand "a0" : i64
      %3 = neurocore.instruction "MULS" %0, %1 into "r0" {imm = 12 : i64, round = "tz"} : (i32, i32) -> i32
      %4 = neurocore.instruction "LDI" {value = -7 : i64} : () -> i32
      %5 = neurocore.instruction "ADD" %2, %2 into "r2" {wide} : (i64, i64) -> i64
      %6 = neurocore.instruction "GT" %3, %4 : (i32, i32) -> i32
      %7 = neurocore.instruction "SEL" %6, %3, %4 into "s0" : (i32, i32, i32) -> i32
      neurocore.instruction "SPK" %6 : (i32) -> ()
    }
    neurocore.population @fixed of "LIF" : 3 {
      neurocore.slot "q.u" : si24 store "wrap_up" = dense<0> : tensor<1xi24>
      neurocore.compartment du 4 dv 3 vth 2 bias -1 exponent 0
    }
    neurocore.population @p of "LIF" runs @LIF : 3 {
      neurocore.slot "p.v" : si24 = dense<[1, 2, -3]> : tensor<3xi24>
      neurocore.parameter "p.bias" : si32 = dense<4> : tensor<1xi32>
      neurocore.constant "p.du" = 4095
      neurocore.accumulator "d.a_buff" bits 16 slots 2 = [dense<5> : tensor<3xi32>]
      neurocore.timer 4, 1
      neurocore.output "p.s_out" : ui1
      neurocore.site 2 key 3
    }
    neurocore.population @q of "LIF" runs @LIF : 3 order [2, 0, 1] {
    }
    neurocore.injector @src.s_out : ui1 x 2
    neurocore.synapses "d.a_buff" from @src.s_out 0 to @p 0 = dense<[[0, 1, 4, 0, -1, -1]]> : tensor<1x6xi32>
    neurocore.synapses "e.a_buff" from @p 0 to @p 0 graded weights "e.weights" delays "e.delays" = dense<[[0, 1, 4, 1, 0, 0]]> : tensor<1x6xi32>
    neurocore.synapses "f.a_buff" from @p 0 to @p 0 lists dense<[[0, 0], [-1, 0], [0, 1]]> : tensor<3x2xi32> = dense<[[0, 0, 4, 0, -1, -1], [0, 1, 5, 0, -1, -1]]> : tensor<2x6xi32>
    neurocore.var "p.v" : tensor<3xsi24> ports ["reader.port"] limits [-8, 7] attributes {settled, unwritable = "it is fixed"} {
      neurocore.place "state" of @p {copies, count = 2 : i64, first = 1 : i64, index = 1 : i64, offset = 4095 : i64, scale = -1 : i64, shift = 6 : i64, slot = 1 : i64, start = 1 : i64, stride = 2 : i64}
    }
    neurocore.var "e.a_buff" : tensor<1xsi32> attributes {unreadable = "it is hidden", unwritable = "it is hidden"} {
    }
    neurocore.var "e.weights" : tensor<1xsi32> attributes {summed, unwritable = "it is chained"} {
      neurocore.place "weight"
    }
    neurocore.port "p.s_out" : tensor<3xui1> {
      neurocore.place "output" of @p {count = 3 : i64}
    }
    neurocore.port "src.s_out" : tensor<2xui1> in "src.s_out_0" {
      neurocore.place "embedded" of @embedded0 {count = 2 : i64}
    }
    neurocore.embedded @embedded0 on 1 of 0 runs ["src"]
    neurocore.embedded @embedded1 on 0 of 1 runs ["sink"]
    neurocore.channel @"src.s_out to embedded1" : tensor<2xui1> depth 1 from @embedded0 to @embedded1
    neurocore.alias "layer.v" to "p.v"
    neurocore.call "spk_before" "src"
    neurocore.call "host" "sink" probes ["p.v", "p.bias"]
    neurocore.pin "p" to @p on 1 cores [3]
    neurocore.pin "reader" to @q on 0
    neurocore.core 3 of 1 {
      neurocore.group @p 0 x 2
      neurocore.group @p 2 x 1
    }
  }
}

