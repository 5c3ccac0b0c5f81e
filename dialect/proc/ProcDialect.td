// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The proc dialect itself, its types, attributes and enums.
#ifndef BASALT_DIALECT_PROC_DIALECT
#define BASALT_DIALECT_PROC_DIALECT

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/AttrTypeBase.td"

def Proc_Dialect : Dialect {
  let name = "proc";
  let cppNamespace = "::basalt::proc";
  let summary = "Networks of communicating processes, as the user described them";
  let description = [{
    A *process type* (`proc.process`) declares parameters, Vars and ports, and one or more *models* of what it does: either phases of
    tensor code or a network of child instances. The *network* (`proc.network`) has instances of process types and connections between their
    ports. The names are Lava's.

    **Types of declarations** say how bits are read, in the element type: `si24` is the language's `i24`, `ui1` its `u1`, `i1` its `bool`;
    `!proc.named<"num">` is a type name that a model or a connection will bind. Values in behaviours are signless (`tensor<3xi24>`).

    **References.** `@inst::@port` is a member of an instance, although the instance's type is another symbol; the standard symbol tables cannot see that, so all
    references go through `dialect/proc/Lookup.h`. `@port` alone is a member of the enclosing process.

    After `resolve` the network is flat: each instance's process has one model with phases, all types are concrete, each connection goes from an OutPort to an InPort or from a
    RefPort to a VarPort.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

def Proc_NamedType : TypeDef<Proc_Dialect, "Named"> {
  let mnemonic = "named";
  let summary = "an element type that is known by name only";
  let description = [{Bound by the model (`types {num = si32}`), else by the given values, else by the connection.}];
  let parameters = (ins StringRefParameter<>:$name);
  let assemblyFormat = "`<` $name `>`";
}

//===--- Transforms of virtual ports ---===//

class Proc_Transform<string name, string mn> : AttrDef<Proc_Dialect, name> {
  let mnemonic = mn;
}
def Proc_ReshapeAttr : Proc_Transform<"Reshape", "reshape"> {
  let summary = "the same elements, row-major, in another shape";
  let description = [{One extent may be -1, which stands for what is left: `#proc.reshape<[-1]>` flattens. After `resolve` all are positive.}];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape);
  let assemblyFormat = "`<` custom<IntList>($shape) `>`";
}
def Proc_TransposeAttr : Proc_Transform<"Transpose", "transpose"> {
  let summary = "axes permuted: result axis i is source axis permutation[i]";
  let description = [{An axis may be negative and then counts from the last. An empty list reverses the axes. After `resolve` it is a permutation of 0, 1, ...}];
  let parameters = (ins ArrayRefParameter<"int64_t">:$permutation);
  let assemblyFormat = "`<` custom<IntList>($permutation) `>`";
}
def Proc_SliceAttr : Proc_Transform<"Slice", "slice"> {
  let summary = "a part: offset, size and stride of each axis";
  let description = [{
    `#proc.slice<[0], [800], [1]>` are the first 800 elements. As the extents of the source may not be known where it is written, a negative offset counts from the end, a
    negative size says where the part ends (-1: at the end of the axis, -4: three elements before it; going backwards, -1: at its begin), and axes that are not named are taken whole. After
    `resolve` each axis is named and nothing but a stride is negative.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$offsets, ArrayRefParameter<"int64_t">:$sizes, ArrayRefParameter<"int64_t">:$strides);
  let assemblyFormat = "`<` custom<IntList>($offsets) `,` custom<IntList>($sizes) `,` custom<IntList>($strides) `>`";
}
def Proc_ConcatAttr : Proc_Transform<"Concat", "concat"> {
  let summary = "several ports side by side along an axis";
  let description = [{Only in `proc.virtual_port`; `resolve-virtual-ports` makes a connection of each source, with a `#proc.place`. A negative axis counts from the last.}];
  let parameters = (ins "int64_t":$axis);
  let assemblyFormat = "`<` $axis `>`";
}
def Proc_PlaceAttr : Proc_Transform<"Place", "place"> {
  let summary = "the source at an offset inside zeros of a larger shape";
  let description = [{
    `#proc.place<[2], [5]>` of `[7, 8]` is `[0, 0, 7, 8, 0]`. What `concat` becomes: an InPort adds its sources, and adding places that do not overlap puts them side by side.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$offsets, ArrayRefParameter<"int64_t">:$shape);
  let assemblyFormat = "`<` custom<IntList>($offsets) `,` custom<IntList>($shape) `>`";
}

def Proc_LimitsAttr : AttrDef<Proc_Dialect, "Limits"> {
  let mnemonic = "limits";
  let summary = "an inclusive range of numbers";
  let description = [{`#proc.limits<low = 0 : i64, high = 4095 : i64>`. The bounds are of type `i64` or `f64`; one that is missing is open.}];
  let parameters = (ins OptionalParameter<"::mlir::Attribute">:$low, OptionalParameter<"::mlir::Attribute">:$high);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Proc_SparseAttr : AttrDef<Proc_Dialect, "Sparse"> {
  let mnemonic = "sparse";
  let summary = "which entries of a matrix a Var stores";
  let description = [{
    `#proc.sparse<[300, 200], @weights.offsets, @weights.targets>`: the Var has one value for each stored entry of a matrix of 300 targets and 200 sources. Two other Vars
    say where the entries are, in the form of `num.sparse_matvec`; they are constant. Vars with the same ones have a value for each of the same entries. Outside its process such a Var is
    its matrix.

    With `is_capacity = true` it has room for more entries than there are, because a rule says at the start of a run how many that is: those from the last of the offsets
    on are none.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::FlatSymbolRefAttr":$offsets, "::mlir::FlatSymbolRefAttr":$targets,
    DefaultValuedParameter<"bool", "false">:$is_capacity);
  let assemblyFormat = "`<` custom<IntList>($shape) `,` $offsets `,` $targets (`,` struct($is_capacity)^)? `>`";
}

//===--- Values that are made when a run starts ---===//

def Proc_RuleKind : I32EnumAttr<"RuleKind", "a rule of connectivity", [
    I32EnumAttrCase<"AllToAll", 0, "all_to_all">, I32EnumAttrCase<"OneToOne", 1, "one_to_one">, I32EnumAttrCase<"PairwiseBernoulli", 2, "pairwise_bernoulli">,
    I32EnumAttrCase<"FixedTotalNumber", 3, "fixed_total_number">, I32EnumAttrCase<"FixedIndegree", 4, "fixed_indegree">,
    I32EnumAttrCase<"FixedOutdegree", 5, "fixed_outdegree">, I32EnumAttrCase<"Blocks", 6, "blocks">]> {
  let cppNamespace = "::basalt::proc";
  let genSpecializedAttr = 0;
}
def Proc_RuleAttr : AttrDef<Proc_Dialect, "Rule"> {
  let mnemonic = "rule";
  let summary = "which entries a sparse Var has, by a rule";
  let description = [{
    `#proc.rule<kind = fixed_indegree, targets = 300, sources = 200, number = 10, multapses = false>`: `rt::Rule` of the run-time contract; `docs/semantics.md` defines each kind. It stands with the
    two Vars that say where the entries are (`weights.offsets`, `weights.targets`), which get their values when a run starts, from the seed and the name of the first of the two.

    A matrix of `kind = blocks` has a rule for each of some parts of it: `blocks = [#proc.rule_block<target = 0, source = 100, rule = <kind = one_to_one, targets = 50, sources = 50>>]`.
  }];
  let parameters = (ins EnumParameter<Proc_RuleKind>:$kind, "int64_t":$targets, "int64_t":$sources, DefaultValuedParameter<"int64_t", "0">:$number,
    OptionalParameter<"::mlir::FloatAttr">:$probability, DefaultValuedParameter<"bool", "true">:$autapses, DefaultValuedParameter<"bool", "true">:$multapses,
    OptionalParameter<"::mlir::ArrayAttr">:$blocks);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Proc_RuleBlockAttr : AttrDef<Proc_Dialect, "RuleBlock"> {
  let mnemonic = "rule_block";
  let summary = "a part of a matrix, from a target and a source on, and its rule";
  let parameters = (ins "int64_t":$target, "int64_t":$source, "::basalt::proc::RuleAttr":$rule);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Proc_DistributionKind : I32EnumAttr<"DistributionKind", "a distribution of numbers", [
    I32EnumAttrCase<"Constant", 0, "constant">, I32EnumAttrCase<"Uniform", 1, "uniform">, I32EnumAttrCase<"Normal", 2, "normal">, I32EnumAttrCase<"Lognormal", 3, "lognormal">,
    I32EnumAttrCase<"Exponential", 4, "exponential">, I32EnumAttrCase<"Integers", 5, "integers">, I32EnumAttrCase<"Poisson", 6, "poisson">,
    I32EnumAttrCase<"PerBlock", 7, "per_block">]> {
  let cppNamespace = "::basalt::proc";
  let genSpecializedAttr = 0;
}
def Proc_DistributionAttr : AttrDef<Proc_Dialect, "Distribution"> {
  let mnemonic = "distribution";
  let summary = "from what the numbers of entries are drawn";
  let description = [{
    `#proc.distribution<kind = normal, first = 8.0, second = 0.5, min = 0.0>`: `rt::Distribution` of the run-time contract, which says what the parameters mean. It stands with Vars
    that have a value for each entry of a `#proc.rule`. The bounds are of type `i64` for whole numbers, else `f64`. Each is drawn when a run starts, from the seed, the name of the Var and the identity of the synapse.

    One of `kind = per_block` has a distribution for each block of the rule: `blocks = [#proc.distribution<...>, ...]`.
  }];
  let parameters = (ins EnumParameter<Proc_DistributionKind>:$kind, OptionalParameter<"::mlir::FloatAttr">:$first, OptionalParameter<"::mlir::FloatAttr">:$second,
    DefaultValuedParameter<"int64_t", "0">:$low, DefaultValuedParameter<"int64_t", "0">:$high,
    OptionalParameter<"::mlir::TypedAttr">:$min, OptionalParameter<"::mlir::TypedAttr">:$max, OptionalParameter<"::mlir::ArrayAttr">:$blocks);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===--- Enums ---===//

def Proc_PhaseKind : I32EnumAttr<"PhaseKind", "a phase of a time step", [
    I32EnumAttrCase<"Init", 0, "init">, I32EnumAttrCase<"Spk", 1, "spk">, I32EnumAttrCase<"PreMgmt", 2, "pre_mgmt">,
    I32EnumAttrCase<"Lrn", 3, "lrn">, I32EnumAttrCase<"PostMgmt", 4, "post_mgmt">, I32EnumAttrCase<"Host", 5, "host">]> {
  let cppNamespace = "::basalt::proc";
}
def Proc_GuardKind : I32EnumAttr<"GuardKind", "which guard", [
    I32EnumAttrCase<"Pre", 0, "pre_guard">, I32EnumAttrCase<"Lrn", 1, "lrn_guard">, I32EnumAttrCase<"Post", 2, "post_guard">]> {
  let cppNamespace = "::basalt::proc";
}

#endif // BASALT_DIALECT_PROC_DIALECT
