// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rt dialect: what compiled code asks of the run-time library. Left over by lower-to-loops beside
// func, memref, scf, arith, num and the ops of proc without operands (time_step, pause, stop).
#ifndef BASALT_DIALECT_RT_OPS
#define BASALT_DIALECT_RT_OPS

include "dialect/rt/RtSplit.td"
include "dialect/step/StepEnums.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Rt_Dialect : Dialect {
  let name = "rt";
  let cppNamespace = "::basalt::rtop";
  let summary = "Requests of compiled code to the run-time library";
  let description = [{
    Values are scalars and memory here: a tensor of more than one element is a `memref` with one axis (row-major, identity layout), whatever its
    rank was; a tensor of one element is a scalar. Shapes matter only where a value leaves the program, and are attributes of those ops.

    The discardable attribute `rt.name` of a function argument is the name that it has in generated text.
  }];
}

class Rt_Op<string mnemonic, list<Trait> traits = []> : Op<Rt_Dialect, mnemonic, traits>;

def Rt_ScalarOrMemory : AnyTypeOf<[AnySignlessInteger, AnyFloat, MemRefRankOf<[AnyType], [1]>]>;

def PrintOp : Rt_Op<"print"> {
  let summary = "prints a line";
  let description = [{`shapes` has the shape of each value: empty for rank 0. A scalar is the one element of its shape.}];
  let arguments = (ins StrAttr:$format, Variadic<Rt_ScalarOrMemory>:$values, ArrayAttr:$shapes);
  let assemblyFormat = "$format (`(` $values^ `:` type($values) `)`)? `shapes` $shapes attr-dict";
}

def AssertOp : Rt_Op<"assert"> {
  let summary = "stops the run with a message if the condition does not hold";
  let arguments = (ins I1:$condition, StrAttr:$message, StrAttr:$instance);
  let assemblyFormat = "$condition `,` $message `in` $instance attr-dict";
}

def IndexOp : Rt_Op<"index"> {
  let summary = "the place on an axis that a computed index names";
  let description = [{A negative index counts from the end; one that is out of range stops the run.}];
  let arguments = (ins I64:$value, I64Attr:$extent, StrAttr:$instance);
  let results = (outs Index:$result);
  let assemblyFormat = "$value `of` $extent `in` $instance attr-dict";
}

defvar Rt_Splittable = DeclareOpInterfaceMethods<Rt_SplitOpInterface>;

def FillRandomOp : Rt_Op<"fill_random", [Rt_Splittable, AttrSizedOperandSegments]> {
  let summary = "fills memory with random bits, functions of keys and places";
  let description = [{See `num.random_bits`. With a range, its elements alone.}];
  let arguments = (ins MemRefRankOf<[I64], [1]>:$target, I64Attr:$stream, Variadic<I64>:$keys, Variadic<Index>:$range);
  let assemblyFormat = "$target `,` $stream `keys` `(` $keys `)` (`range` `(` $range^ `)`)? attr-dict `:` type($target)";
  let builders = [OpBuilder<(ins "::mlir::Value":$target, "uint64_t":$stream, "::mlir::ValueRange":$keys), [{
    build($_builder, $_state, target, stream, keys, ::mlir::ValueRange());
  }]>];
  let hasVerifier = 1;
}

def FillPoissonOp : Rt_Op<"fill_poisson", [Rt_Splittable, AttrSizedOperandSegments]> {
  let summary = "fills memory with Poisson numbers, functions of means, keys and places";
  let description = [{See `num.random_poisson`. The mean is one number, or memory with one for each element. With a range, its elements alone.}];
  let arguments = (ins MemRefRankOf<[I32], [1]>:$target, I64Attr:$stream, AnyTypeOf<[F64, MemRefRankOf<[F64], [1]>]>:$lambda, Variadic<I64>:$keys,
    Variadic<Index>:$range);
  let assemblyFormat = "$target `,` $stream `keys` `(` $keys `)` `lambda` $lambda (`range` `(` $range^ `)`)? attr-dict `:` type($target) `,` type($lambda)";
  let builders = [OpBuilder<(ins "::mlir::Value":$target, "uint64_t":$stream, "::mlir::Value":$lambda, "::mlir::ValueRange":$keys), [{
    build($_builder, $_state, target, stream, lambda, keys, ::mlir::ValueRange());
  }]>];
  let hasVerifier = 1;
}

def RecordStateOp : Rt_Op<"record_state"> {
  let summary = "the moment at which a state is recorded, if the run asks for it";
  let arguments = (ins FlatSymbolRefAttr:$state);
  let assemblyFormat = "$state attr-dict";
}

def RecordPortOp : Rt_Op<"record_port", [Rt_Splittable]> {
  let summary = "what was sent at a port is recorded, if the run asks for it";
  let description = [{With a range, its elements alone; those from 0 on among them say that something was sent.}];
  let arguments = (ins FlatSymbolRefAttr:$port, MemRefRankOf<[AnyType], [1]>:$value, Variadic<Index>:$range);
  let assemblyFormat = "$port `,` $value (`range` `(` $range^ `)`)? `:` type($value) attr-dict";
  let builders = [OpBuilder<(ins "::llvm::StringRef":$port, "::mlir::Value":$value), [{
    build($_builder, $_state, port, value, ::mlir::ValueRange());
  }]>];
  let hasVerifier = 1;
}

//===--- Threads ---===//

def AxisOp : Rt_Op<"axis", [Symbol]> {
  let summary = "elements that threads share";
  let description = [{
    Each thread has a contiguous range of the `extent` elements, cut at multiples of `grain`. Two axes of the same extent have nothing to do with each other; the ranges of one
    are the same wherever the program names it.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$extent, I64Attr:$grain);
  let assemblyFormat = "$sym_name `extent` $extent `grain` $grain attr-dict";
  let hasVerifier = 1;
}

def ParallelOp : Rt_Op<"parallel", [SingleBlock, NoTerminator, RecursiveMemoryEffects, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "work that all threads do together, each for its ranges of some axes";
  let description = [{
    The block has two arguments for each axis: the first element of the thread's range, and the one behind the last. Every thread goes through the whole block, and behind it
    waits for the others. In the block, no thread uses what another writes. A statement with the attribute `rt.may_fail` may stop the run; of several that do, it is the first.
  }];
  let arguments = (ins TypedArrayAttrBase<FlatSymbolRefAttr, "names of axes">:$axes);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`over` $axes $body attr-dict";
  let hasVerifier = 1;
}

def PartOp : Rt_Op<"part", [Pure]> {
  let summary = "the memory from an element on";
  let arguments = (ins MemRefRankOf<[AnyType], [1]>:$memory, Index:$first);
  let results = (outs MemRefRankOf<[AnyType], [1]>:$result);
  let assemblyFormat = "$memory `from` $first attr-dict `:` type($memory) `to` type($result)";
}

//===--- Projections (step.projection) ---===//

def DueOp : Rt_Op<"due", [Rt_Splittable]> {
  let summary = "puts what is due of a projection in this step into memory";
  let description = [{With a range, what is due of its targets.}];
  let arguments = (ins FlatSymbolRefAttr:$projection, MemRefRankOf<[AnyType], [1]>:$target, Variadic<Index>:$range);
  let assemblyFormat = "$projection `,` $target (`range` `(` $range^ `)`)? attr-dict `:` type($target)";
  let builders = [OpBuilder<(ins "::mlir::FlatSymbolRefAttr":$projection, "::mlir::Value":$target), [{
    build($_builder, $_state, projection, target, ::mlir::ValueRange());
  }]>];
  let hasVerifier = 1;
}

def AdvanceOp : Rt_Op<"advance", [Rt_Splittable]> {
  let summary = "keeps the spikes of this step for a projection";
  let arguments = (ins FlatSymbolRefAttr:$projection, MemRefRankOf<[I1], [1]>:$spikes);
  let assemblyFormat = "$projection `,` $spikes attr-dict `:` type($spikes)";
}

//===--- Stored entries of sparse matrices ---===//

def UpdateEntriesOp : Rt_Op<"update_entries", [Rt_Splittable, AttrSizedOperandSegments]> {
  let summary = "applies the function of a kernel to the entries of those sources or targets that spike";
  let description = [{
    See `step.update_entries`. The function takes a number of entries, their memory, that of those inputs which differ among them, and the other inputs as scalars: `by source` these are those for a
    `source` and for `every` entry, `by target` those for a `target` and for `every` entry. `state` is the one whose entries they are. With a range, the entries of its sources or targets alone.
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, FlatSymbolRefAttr:$state, Step_EntryRole:$by, MemRefRankOf<[I1], [1]>:$spikes, MemRefRankOf<[AnyType], [1]>:$entries,
    MemRefRankOf<[I64], [1]>:$offsets, MemRefRankOf<[I32], [1]>:$targets, Variadic<Rt_ScalarOrMemory>:$inputs, Variadic<Index>:$range,
    DefaultValuedAttr<DenseI32ArrayAttr, "{}">:$roles);
  let assemblyFormat = [{
    $callee `of` $state `by` $by $spikes `,` $entries `at` `(` $offsets `,` $targets `)` (`ins` `(` custom<EntryInputs>($inputs, type($inputs), $roles)^ `)`)? (`range` `(` $range^ `)`)? attr-dict
    `:` type($spikes) `,` type($entries) `at` `(` type($offsets) `,` type($targets) `)`
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::basalt::step::EntryRole roleOf(unsigned input) { return static_cast<::basalt::step::EntryRole>(getRoles()[input]); }
  }];
}

def AddRowsOp : Rt_Op<"add_rows"> {
  let summary = "adds the entries of the sources that spike to the sums of their targets";
  let description = [{In order of sources, then of entries. Integers are widened, with their sign, and wrap.}];
  let arguments = (ins MemRefRankOf<[AnyType], [1]>:$sums, MemRefRankOf<[AnyType], [1]>:$entries, MemRefRankOf<[I64], [1]>:$offsets, MemRefRankOf<[I32], [1]>:$targets,
    MemRefRankOf<[I1], [1]>:$spikes);
  let assemblyFormat = [{
    $sums `,` $entries `at` `(` $offsets `,` $targets `)` `,` $spikes attr-dict
    `:` type($sums) `,` type($entries) `at` `(` type($offsets) `,` type($targets) `)` `,` type($spikes)
  }];
}

//===--- What embedded programs exchange with what is outside ---===//

def Rt_ExchangesState : NativeOpTrait<"ExchangesState"> { let cppNamespace = "::basalt::step"; }

class Rt_Exchange<string mnemonic, string word> : Rt_Op<mnemonic, [Rt_ExchangesState]> {
  let arguments = (ins FlatSymbolRefAttr:$state, StrAttr:$other, DefaultValuedAttr<I64Attr, "0">:$first, DefaultValuedAttr<I64Attr, "1">:$stride);
  let assemblyFormat = "$state `" # word # "` $other (`first` $first^)? (`stride` $stride^)? attr-dict";
}

def FetchOp : Rt_Exchange<"fetch", "from"> {
  let summary = "gives a state the value of a Var that is outside the program";
  let description = [{
    For a program that reaches Vars through calls: the state is its copy of elements `first`, `first + stride`, ... of the Var `other`. Stands before
    reads of the copy and, as `rt.publish` after writes of it, in `step` and in what `lower-to-loops` makes of it.
  }];
}
def PublishOp : Rt_Exchange<"publish", "to"> {
  let summary = "gives a Var that is outside the program the value of a state";
}
def AccumulateOp : Rt_Exchange<"accumulate", "to"> {
  let summary = "adds a state to a Var that is outside the program";
}
def InjectOp : Rt_Exchange<"inject", "to"> {
  let summary = "sends a state as a message of this step through an injector of spikes";
}
def SendOp : Rt_Exchange<"send", "to"> {
  let summary = "puts a state as a message into a channel";
}
def ReceiveOp : Rt_Exchange<"receive", "from"> {
  let summary = "gives a state the value of the oldest message of a channel";
}

#endif // BASALT_DIALECT_RT_OPS
