// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The neurocore dialect: what is on a chip. The last level before an image (runtime/neurocore/Image.h), whose tables it follows.
#ifndef BASALT_DIALECT_NEUROCORE_OPS
#define BASALT_DIALECT_NEUROCORE_OPS

include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Neurocore_Dialect : Dialect {
  let name = "neurocore";
  let cppNamespace = "::basalt::neurocore";
  let hasOperationAttrVerify = 1;
  let summary = "What is on a chip: neurons, their programs, synapses, and where people and processors find Vars";
  let description = [{
    A `neurocore.network` has *populations* of neurons, each with the state of one neuron, the *program* that every neuron runs in each step, and what it receives and sends;
    *synapses* between them; *injectors*, through which embedded processors send; and the map of *Vars* and *ports*: which state, constant, accumulator or weight a Var
    of the user is. `place-neurons` adds the *cores* with the parts of populations that stand on them.

    The code of embedded processors stays in the `step.program` beside the network.

    A module that is to become such a network may have the attribute `neurocore.pins`: where instances have to stand, with the place in the text that says it.

    ```mlir
    module attributes {neurocore.pins = [{instance = "lif", chip = 0 : i64, cores = array<i64: 3, 4>, loc = loc("net.yaml":9:5)} ]} {
    ```

    The verifiers know the limits of the target, whose canonical text the network carries.
  }];
}

class Neurocore_Op<string mnemonic, list<Trait> traits = []> : Op<Neurocore_Dialect, mnemonic, traits>;

def NetworkOp : Neurocore_Op<"network", [Symbol, SymbolTable, IsolatedFromAbove, NoTerminator, SingleBlock, HasParent<"::mlir::ModuleOp">]> {
  let summary = "everything that a chip holds";
  let description = [{`chip` is the name of the target, `limits` its canonical text (docs/targets.md).}];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$chip, StrAttr:$limits);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `on` $chip `limits` $limits attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

class Neurocore_Part<string mnemonic, list<Trait> traits = []> : Neurocore_Op<mnemonic, !listconcat([HasParent<"NetworkOp">], traits)>;

//===--- Programs ---===//

def ProgramOp : Neurocore_Part<"program", [Symbol, NoTerminator, SingleBlock]> {
  let summary = "what a neuron does in each step: microcode";
  let description = [{
    Straight code: `neurocore.operand` names what a neuron has, `neurocore.instruction`s compute and send. Words are encoded in the order of the instructions.

    ```mlir
    neurocore.program @LIF {
      %0 = neurocore.operand "s0" : i32
      %1 = neurocore.operand "k0" : i32
      %2 = neurocore.instruction "MULS" %0, %1 {imm = 12 : i64, round = "tz"} into "r0" : (i32, i32) -> i32
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def OperandOp : Neurocore_Op<"operand", [Pure, HasParent<"ProgramOp">]> {
  let summary = "something that a neuron has: state, constant, parameter, accumulator, number of the step, timers";
  let description = [{Its name as in microcode: `s0`, `k3`, `p1`, `a0`, `0`, `1`, `step`, `timers`. Of type `i64` if it is wider than a word.}];
  let arguments = (ins StrAttr:$operand);
  let results = (outs AnyTypeOf<[I32, I64]>:$result);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def InstructionOp : Neurocore_Op<"instruction", [HasParent<"ProgramOp">]> {
  let summary = "one word of microcode";
  let description = [{
    `op` is its name (docs/image.md). A result of type `i64` is a pair of registers. `into` is where the result goes, once it is known; `value` the immediate of
    `LDI`, the width of `SAT`, `SATS` and `WRAP`, the output of `SPK` and `SPKA`, the site of `RND`. `SEL` has its condition, the result of the last comparison before it, as
    first operand.
  }];
  let arguments = (ins StrAttr:$op, Variadic<AnyTypeOf<[I32, I64]>>:$operands, DefaultValuedAttr<I64Attr, "0">:$imm,
    DefaultValuedAttr<StrAttr, "\"floor\"">:$round, DefaultValuedAttr<I64Attr, "0">:$value, UnitAttr:$wide, OptionalAttr<StrAttr>:$into);
  let results = (outs Variadic<AnyTypeOf<[I32, I64]>>:$results);
  let assemblyFormat = "$op ($operands^)? (`into` $into^)? attr-dict `:` functional-type($operands, $results)";
  let hasVerifier = 1;
}

//===--- Neurons ---===//

def PopulationOp : Neurocore_Part<"population", [Symbol, NoTerminator, SingleBlock]> {
  let summary = "neurons that run the same program, each on its own state";
  let description = [{
    `process` is the type of the process that they are made of. What a neuron has stands in the body; operands of programs count each kind in order. Instead of a program
    they may have a `neurocore.compartment`. If there is an `order`, `place-neurons`
    has found that neurons stand better in that one: groups are ranges of it. All else goes by the numbers that neurons have without it.

    ```mlir
    neurocore.population @lif of "LIF" runs @LIF : 100 {
      neurocore.slot "u" : si32 = dense<0> : tensor<100xi32>
      neurocore.accumulator "dense.a_buff" bits 32 slots 1
      neurocore.constant "du" = 4095
      neurocore.output "s_out" : ui1
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$process, OptionalAttr<FlatSymbolRefAttr>:$program, I64Attr:$count, OptionalAttr<DenseI32ArrayAttr>:$order);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `of` $process (`runs` $program^)? `:` $count (`order` $order^)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

class Neurocore_Member<string mnemonic> : Neurocore_Op<mnemonic, [HasParent<"PopulationOp">]>;

def SlotOp : Neurocore_Member<"slot"> {
  let summary = "a state of each neuron";
  let description = [{`init` has one value, or one for each neuron. What is stored wraps, unless `store` names another mode (docs/image.md).}];
  let arguments = (ins StrAttr:$name, TypeAttrOf<AnyInteger>:$type, ElementsAttr:$init, OptionalAttr<StrAttr>:$store);
  let assemblyFormat = "$name `:` $type (`store` $store^)? `=` $init attr-dict";
  let hasVerifier = 1;
}

def ParameterOp : Neurocore_Member<"parameter"> {
  let summary = "a value of each neuron that its program only reads";
  let arguments = (ins StrAttr:$name, TypeAttrOf<AnyInteger>:$type, ElementsAttr:$init);
  let assemblyFormat = "$name `:` $type `=` $init attr-dict";
  let hasVerifier = 1;
}

def ConstantOp : Neurocore_Member<"constant"> {
  let summary = "a value that all neurons share";
  let arguments = (ins StrAttr:$name, I64Attr:$value);
  let assemblyFormat = "$name `=` $value attr-dict";
}

def CompartmentOp : Neurocore_Member<"compartment"> {
  let summary = "the numbers of a fixed compartment, which is there in the place of a program";
  let description = [{
    Slots are the current and the voltage; parameters the bias, or the bias and its exponent, of each neuron. Var places see the five numbers as constants, in this order.

    ```mlir
    neurocore.compartment du 409 dv 100 vth 20 bias 0 exponent 0
    ```
  }];
  let arguments = (ins I64Attr:$du, I64Attr:$dv, I64Attr:$vth, I64Attr:$bias, I64Attr:$exponent);
  let assemblyFormat = "`du` $du `dv` $dv `vth` $vth `bias` $bias `exponent` $exponent attr-dict";
  let hasVerifier = 1;
}

def AccumulatorOp : Neurocore_Member<"accumulator"> {
  let summary = "sums of weighted input for this step and those to come";
  let description = [{`init` are the contents at the start, one entry for each of the steps that consume them.}];
  let arguments = (ins StrAttr:$name, I64Attr:$bits, I64Attr:$slots, TypedArrayAttrBase<ElementsAttr, "values">:$init);
  let assemblyFormat = "$name `bits` $bits `slots` $slots `=` $init attr-dict";
  let hasVerifier = 1;
}

def TimerOp : Neurocore_Member<"timer"> {
  let summary = "a flag that holds in the steps t with t mod interval == offset";
  let arguments = (ins I64Attr:$interval, I64Attr:$offset);
  let assemblyFormat = "$interval `,` $offset attr-dict";
  let hasVerifier = 1;
}

def OutputOp : Neurocore_Member<"output"> {
  let summary = "something that neurons send, with its payload";
  let arguments = (ins StrAttr:$name, TypeAttrOf<AnyInteger>:$type);
  let assemblyFormat = "$name `:` $type attr-dict";
}

def SiteOp : Neurocore_Member<"site"> {
  let summary = "a random draw: `num.random_bits` with this stream and the keys seed, key, time step";
  let arguments = (ins I64Attr:$stream, I64Attr:$key);
  let assemblyFormat = "$stream `key` $key attr-dict";
}

def InjectorOp : Neurocore_Part<"injector", [Symbol]> {
  let summary = "sources of spikes that embedded processors have";
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyInteger>:$type, I64Attr:$count);
  let assemblyFormat = "$sym_name `:` $type `x` $count attr-dict";
}

//===--- Synapses ---===//

def SynapsesOp : Neurocore_Part<"synapses", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "weighted connections from sources to an accumulator";
  let description = [{
    `source` is an injector, or a population and its `output`. An entry is (source, target neuron, weight, delay, element of the Var `weights`, element of the Var `delays`), the
    last two -1 if there is no such Var. What the Var has of a delay is `first` more, and its weights are 2^`scaled` times smaller than those of the entries. Entries are sorted by
    source, then target. If `graded`, a spike's payload multiplies the weight.

    Sources that reach their targets in the same way, as those of a convolution do, share `lists`: entries then begin with the number of a list in the place of the source, and there is a row
    (number of its list, or -1; the neuron that its targets count from) for each source.

    ```mlir
    // Three sources, each with two targets: neurons 0 and 1, 1 and 2, 2 and 3.
    neurocore.synapses "conv.a_buf" from @p 0 to @q 0 weights "conv.weight" lists dense<[[0, 0], [0, 1], [0, 2]]> : tensor<3x2xi32>
      = dense<[[0, 0, 7, 0, 0, -1], [0, 1, -2, 0, 1, -1]]> : tensor<2x6xi32>
    ```
  }];
  let arguments = (ins StrAttr:$name, FlatSymbolRefAttr:$source, I64Attr:$output, FlatSymbolRefAttr:$target, I64Attr:$accumulator,
    UnitAttr:$graded, OptionalAttr<StrAttr>:$weights, OptionalAttr<StrAttr>:$delays, I32ElementsAttr:$entries,
    DefaultValuedAttr<I64Attr, "0">:$first, DefaultValuedAttr<I64Attr, "0">:$scaled,
    OptionalAttr<I32ElementsAttr>:$lists);
  let assemblyFormat = [{
    $name `from` $source $output `to` $target $accumulator (`graded` $graded^)? (`weights` $weights^)? (`delays` $delays^)? (`first` $first^)? (`scaled` $scaled^)? (`lists` $lists^)?
    `=` $entries attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::LogicalResult verifyEntries(int64_t sources, int64_t neurons);
  }];
}

//===--- Vars ---===//

def PlaceOp : Neurocore_Op<"place", [ParentOneOf<["VarOp", "PortOp"]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "where elements of a Var are";
  let description = [{
    In the memory `space`, number `index` of the population `owner`: the element `start + i * stride` belongs to neuron `first + i`, `i < count`; a constant has one
    element. `slot` is that of an accumulator. `embedded` is the state of the Var's name in the embedded program `owner`, `weight` and `delay` are all synapses that
    name the Var; `nothing` is where all elements are that have no synapse, hence the value 0. The value in memory is `(value * scale + offset) * 2^shift`.
  }];
  let arguments = (ins StrAttr:$space, OptionalAttr<FlatSymbolRefAttr>:$owner, DefaultValuedAttr<I64Attr, "0">:$index, DefaultValuedAttr<I64Attr, "0">:$slot,
    DefaultValuedAttr<I64Attr, "0">:$start, DefaultValuedAttr<I64Attr, "1">:$count, DefaultValuedAttr<I64Attr, "1">:$stride,
    DefaultValuedAttr<I64Attr, "0">:$first, UnitAttr:$copies, DefaultValuedAttr<I64Attr, "1">:$scale,
    DefaultValuedAttr<I64Attr, "0">:$offset, DefaultValuedAttr<I64Attr, "0">:$shift);
  let assemblyFormat = "$space (`of` $owner^)? attr-dict";
  let hasVerifier = 1;
}

def VarOp : Neurocore_Part<"var", [NoTerminator, SingleBlock]> {
  let summary = "a Var as the user knows it, and where it is";
  let description = [{`ports` are the VarPorts through which others access it; `unreadable` and `unwritable` say why it is so, and one that is both has no places; `settled`: `init` has used it already;
    `summed`: an element is the sum of its places, where otherwise each of them has it.}];
  let arguments = (ins StrAttr:$name, TypeAttrOf<AnyTensor>:$type, OptionalAttr<StrArrayAttr>:$ports, OptionalAttr<StrAttr>:$unreadable,
    OptionalAttr<StrAttr>:$unwritable, OptionalAttr<DenseI64ArrayAttr>:$limits, UnitAttr:$settled, UnitAttr:$summed);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name `:` $type (`ports` $ports^)? (`limits` $limits^)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def PortOp : Neurocore_Part<"port", [NoTerminator, SingleBlock]> {
  let summary = "an OutPort that can be recorded, and where its messages are";
  let description = [{`state` is what an embedded process keeps its messages in.}];
  let arguments = (ins StrAttr:$name, TypeAttrOf<AnyTensor>:$type, OptionalAttr<StrAttr>:$state);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name `:` $type (`in` $state^)? attr-dict-with-keyword $body";
}

def AliasOp : Neurocore_Part<"alias"> {
  let summary = "another name of a Var";
  let arguments = (ins StrAttr:$alias, StrAttr:$target);
  let assemblyFormat = "$alias `to` $target attr-dict";
}

//===--- Embedded processors ---===//

def EmbeddedOp : Neurocore_Part<"embedded", [Symbol]> {
  let summary = "the program of an embedded processor: the code of these instances";
  let description = [{
    Processor `cpu` of `chip` runs what the `step.program` beside has for `instances`, and holds the Vars whose places name it. Instances whose code accesses the same Vars of embedded processes have
    the same processor; others reach each other through channels.

    ```mlir
    neurocore.embedded @embedded0 on 0 of 0 runs ["source", "reader"]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$cpu, I64Attr:$chip, StrArrayAttr:$instances);
  let assemblyFormat = "$sym_name `on` $cpu `of` $chip `runs` $instances attr-dict-with-keyword";
}

def ChannelOp : Neurocore_Part<"channel", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a queue of messages from one embedded program to another";
  let description = [{
    A message is a tensor of `type`, and `depth` of them fit. `rt.send` and `rt.receive` in the `step.program` beside name it.

    ```mlir
    neurocore.channel @"source.s_out to embedded1" : tensor<4xi1> depth 1 from @embedded0 to @embedded1
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyTensor>:$type, I64Attr:$depth, FlatSymbolRefAttr:$source, FlatSymbolRefAttr:$target);
  let assemblyFormat = "$sym_name `:` $type `depth` $depth `from` $source `to` $target attr-dict-with-keyword";
  let hasVerifier = 1;
}

def CallOp : Neurocore_Part<"call"> {
  let summary = "code of an embedded process: a task or guard of the step.program beside, at a point of the step";
  let description = [{
    `phase` is `init`, `spk_before`, `spk_after`, `pre_guard`, `lrn_guard`, `post_guard`, `pre_mgmt`, `lrn`, `post_mgmt` or `host`; calls stand in the order in which a phase makes
    them, guards and tasks in the order of the program. `probes` are Vars that are recorded before it.
  }];
  let arguments = (ins StrAttr:$phase, StrAttr:$instance, OptionalAttr<StrArrayAttr>:$probes);
  let assemblyFormat = "$phase $instance (`probes` $probes^)? attr-dict";
}

//===--- Placement ---===//

def PinOp : Neurocore_Part<"pin", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "where the neurons of a population have to stand: what `place` of the network's target says";
  let description = [{
    Its neurons stand on `chip`, and if `cores` are given on these at the most. `instance` is the name by which it is pinned; of instances whose neurons are the same, the first one.

    ```mlir
    neurocore.pin "lif" to @lif on 0 cores [3, 4]
    ```
  }];
  let arguments = (ins StrAttr:$instance, FlatSymbolRefAttr:$population, I64Attr:$chip, OptionalAttr<DenseI64ArrayAttr>:$cores);
  let assemblyFormat = "$instance `to` $population `on` $chip (`cores` $cores^)? attr-dict";
}

def CoreOp : Neurocore_Part<"core", [NoTerminator, SingleBlock]> {
  let summary = "a core and what stands on it";
  let arguments = (ins I64Attr:$chip, I64Attr:$core);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$core `of` $chip attr-dict-with-keyword $body";
}

def GroupOp : Neurocore_Op<"group", [HasParent<"CoreOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "neurons `first` to `first + count - 1` of a population, in its order";
  let arguments = (ins FlatSymbolRefAttr:$population, I64Attr:$first, I64Attr:$count);
  let assemblyFormat = "$population $first `x` $count attr-dict";
}

#endif // BASALT_DIALECT_NEUROCORE_OPS
