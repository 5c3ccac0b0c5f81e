// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step dialect: what happens when. Processes are gone as types; there is state, and one straight program for each phase.
#ifndef BASALT_DIALECT_STEP_OPS
#define BASALT_DIALECT_STEP_OPS

include "dialect/proc/ProcDialect.td"
include "dialect/step/StepEnums.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Step_Dialect : Dialect {
  let name = "step";
  let cppNamespace = "::basalt::step";
  let summary = "What happens when: state, and one ordered program for each phase";
  let description = [{
    A `step.program` has *state* named after instance and Var (`@lif1.v`) and, for each phase, tasks in the order in which they run. Messages have become SSA
    values: a received value *is* the sent one. A remote access is a `step.get` or `step.set` that names the VarPort it goes through.

    State is memory; values are SSA. After `promote-states` the top level of a task reads each state at most once, first, and writes it at most once, last; after `form-groups`
    its elementwise code stands in `step.kernel`s, applied by `step.update`.

    The bodies consist of `num` and total `arith` ops, `scf.if`, `scf.for`, and those ops of `proc` that name no port: `time_step`, `print`, `assert`, `pause`, `stop`.
  }];
}

class Step_Op<string mnemonic, list<Trait> traits = []> : Op<Step_Dialect, mnemonic, traits>;

def ProgramOp : Step_Op<"program", [Symbol, SymbolTable, IsolatedFromAbove, NoTerminator, SingleBlock, HasParent<"::mlir::ModuleOp">]> {
  let summary = "a scheduled network";
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def StateOp : Step_Op<"state", [Symbol, HasParent<"ProgramOp">]> {
  let summary = "the memory of a Var of an instance";
  let description = [{
    `type` is the declared type (signedness says how the bits are read); `init` has its signless value type.
    `limits` are for values that are set from outside. `sparse`, whose symbols are states here, says how the stored entries make the matrix that is seen from outside. With `by_source`
    the last axis is the first one seen from outside: a matrix is transposed.

    With `rule` or `distribution` the initial value is made when a run starts, and `init` is zeros: see `proc.value`. The name of the state is what the draws are keyed by.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyTensor>:$type, ElementsAttr:$init,
    OptionalAttr<Proc_LimitsAttr>:$limits, OptionalAttr<Proc_SparseAttr>:$sparse, UnitAttr:$by_source,
    OptionalAttr<Proc_RuleAttr>:$rule, OptionalAttr<Proc_DistributionAttr>:$distribution);
  let assemblyFormat = "$sym_name `:` $type `=` $init attr-dict";
  let hasVerifier = 1;
}

def AliasOp : Step_Op<"alias", [HasParent<"ProgramOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "another name of a state, for probes, get and set";
  let arguments = (ins StrAttr:$alias, FlatSymbolRefAttr:$state);
  let assemblyFormat = "$alias `to` $state attr-dict";
}

def PortOp : Step_Op<"port", [Symbol, HasParent<"ProgramOp">]> {
  let summary = "an OutPort whose messages can be recorded";
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyTensor>:$type);
  let assemblyFormat = "$sym_name `:` $type attr-dict";
}

def VarPortOp : Step_Op<"var_port", [Symbol, HasParent<"ProgramOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the door through which other processes access a state";
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$state, UnitAttr:$implicit);
  let assemblyFormat = "$sym_name `of` $state (`implicit` $implicit^)? attr-dict";
}

def KernelOp : Step_Op<"kernel", [Symbol, IsolatedFromAbove, HasParent<"ProgramOp">, SingleBlock]> {
  let summary = "scalar code that is applied to every element";
  let description = [{
    The arguments are the elements of the states of a `step.update` that uses it, in order, then those of its `ins`. It yields the states' new elements, then the
    results'. Interned by structure: one kernel for all uses of a kind.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def GuardOp : Step_Op<"guard", [Symbol, HasParent<"ProgramOp">, SingleBlock]> {
  let summary = "whether a process takes part in a phase of this step";
  let description = [{
    `@reader.post_guard`. `pre_guard` and `lrn_guard` are evaluated after spk, `post_guard` when post_mgmt is due. A process without a guard op has the guard `true`
    if it has a task in that phase. `pre_mgmt` takes place if any process has both pre_guard and lrn_guard, `lrn` if any has lrn_guard, `post_mgmt` if any has post_guard. Pure; ends with `step.yield` of an i1.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$instance, Proc_GuardKind:$kind);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `of` $instance $kind attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def PhaseOp : Step_Op<"phase", [HasParent<"ProgramOp">, NoTerminator, SingleBlock]> {
  let summary = "what happens in a phase, in order";
  let arguments = (ins Proc_PhaseKind:$kind);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$kind attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def TaskOp : Step_Op<"task", [HasParent<"PhaseOp">, SingleBlock, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a fragment of a process's phase, or all of it";
  let description = [{
    `instance` is the path of the instance, `process` its type. With a guard the task runs only if the guard held. Its results are messages and local values that later
    tasks of the phase use.
  }];
  let arguments = (ins StrAttr:$instance, StrAttr:$process, OptionalAttr<FlatSymbolRefAttr>:$guard);
  let results = (outs Variadic<StaticShapeTensorOf<[AnyType]>>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $instance `of` $process (`if` $guard^)? (`->` type($results)^)? attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def YieldOp : Step_Op<"yield", [Pure, Terminator, ParentOneOf<["TaskOp", "GuardOp", "KernelOp"]>]> {
  let summary = "results of a task, guard or kernel";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let builders = [OpBuilder<(ins), [{ $_state.addOperands({}); }]>];
}

def GetOp : Step_Op<"get", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "the value of a state";
  let description = [{`via` names the VarPort of a remote access.}];
  let arguments = (ins FlatSymbolRefAttr:$state, OptionalAttr<FlatSymbolRefAttr>:$via);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$state (`via` $via^)? attr-dict `:` type($result)";
}

def SetOp : Step_Op<"set", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "gives a state a new value";
  let arguments = (ins FlatSymbolRefAttr:$state, StaticShapeTensorOf<[AnyType]>:$value, OptionalAttr<FlatSymbolRefAttr>:$via);
  let assemblyFormat = "$state `,` $value (`via` $via^)? attr-dict `:` type($value)";
}

def UpdateOp : Step_Op<"update", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "applies a kernel to every element of states and inputs";
  let description = [{
    Get, compute, set of the named states, which all have shape `extent`. An input of rank 0 goes to every element; others have shape `extent`. Results have shape `extent`.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, TypedArrayAttrBase<FlatSymbolRefAttr, "states">:$states,
    Variadic<StaticShapeTensorOf<[AnyType]>>:$inputs, DenseI64ArrayAttr:$extent);
  let results = (outs Variadic<StaticShapeTensorOf<[AnyType]>>:$results);
  let assemblyFormat = [{
    $kernel $states (`ins` `(` $inputs^ `:` type($inputs) `)`)? `over` $extent (`->` type($results)^)? attr-dict
  }];
}

def UpdateEntriesOp : Step_Op<"update_entries", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "applies a kernel to the stored entries of some sources or targets";
  let description = [{
    `state` is sparse. Get, compute, set of those entries whose source (`by source`) or target (`by target`) has `true` in `mask`; all others keep their value, and nothing is read of them, so this
    costs what the spikes in the mask cost. The kernel has the entry's element and an element of each input, by its role: that of the `entry`, that of its `source` or `target`, or the only one,
    for `every` entry; it yields the new element.

    ```mlir
    // For each synapse onto a neuron that has spiked: w += rate * x, x being that of its source.
    step.update_entries @STDP_spk @syn.weights by target %post ins(source %x : tensor<4xf64>, every %rate : tensor<f64>) : tensor<3xi1>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, FlatSymbolRefAttr:$state, Step_EntryRole:$by, 1DTensorOf<[I1]>:$mask,
    Variadic<StaticShapeTensorOf<[AnyType]>>:$inputs, DefaultValuedAttr<DenseI32ArrayAttr, "{}">:$roles);
  let assemblyFormat = [{
    $kernel $state `by` $by $mask (`ins` `(` custom<EntryInputs>($inputs, type($inputs), $roles)^ `)`)? attr-dict `:` type($mask)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    EntryRole roleOf(unsigned input) { return static_cast<EntryRole>(getRoles()[input]); }
  }];
}

def ProbeOp : Step_Op<"probe", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "the moment at which a state or port is recorded, if the run asks for it";
  let description = [{
    With a value: what was sent on the `step.port`. Without: the value of the `step.state` now; stands only for states that other processes write in post_mgmt, before they do, and counts in
    steps in which post_mgmt takes place. Otherwise states are recorded after the step.
  }];
  let arguments = (ins FlatSymbolRefAttr:$target, Optional<StaticShapeTensorOf<[AnyType]>>:$value);
  let assemblyFormat = "$target (`,` $value^ `:` type($value))? attr-dict";
}

//===--- Projections ---===//

def ProjectionOp : Step_Op<"projection", [Symbol, HasParent<"ProgramOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "synapses whose delay line is kept as the spikes of the last steps";
  let description = [{
    The state `line` of n targets and k columns holds what is due in the steps to come: column 0 at the next `step.due`. The synapses are the entries of the sparse state
    `weights`; one with the delay d in `delays` delivers into column `d - first` when its source spikes. Without `delays` there is one column, and the line has one axis.

    `step.due` and `step.advance` are all that touches the line in a step, so nothing but the spikes of the last k steps need be kept, and each piece of a source's synapses is added up
    when it is due. Projections with the same `history` are given the same spikes. If it is `alone`, no other code looks at its synapses, so where a rule makes them they need not be stored
    in the states.

    ```mlir
    step.projection @synapses.a_buff.projection of @synapses.a_buff weights @synapses.weights delays @synapses.delays first 1 history "neurons.s_out"
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$line, FlatSymbolRefAttr:$weights, OptionalAttr<FlatSymbolRefAttr>:$delays,
    DefaultValuedAttr<I64Attr, "0">:$first, StrAttr:$history, UnitAttr:$alone);
  let assemblyFormat = "$sym_name `of` $line `weights` $weights (`delays` $delays^ `first` $first)? `history` $history (`alone` $alone^)? attr-dict";
}

def DueOp : Step_Op<"due", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "what is due in this step: column 0 of a projection's line";
  let arguments = (ins FlatSymbolRefAttr:$projection);
  let results = (outs 1DTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$projection attr-dict `:` type($result)";
}

def AdvanceOp : Step_Op<"advance", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "the line of a projection moves on, and spikes are delivered into it";
  let description = [{
    Column k of the line becomes column k + 1 was, the last one 0; then each synapse of a source that spikes adds its weight, in order of the entries: `num.sparse_deliver ... onto` the
    line that has moved.
  }];
  let arguments = (ins FlatSymbolRefAttr:$projection, 1DTensorOf<[I1]>:$spikes);
  let assemblyFormat = "$projection `,` $spikes attr-dict `:` type($spikes)";
}

#endif // BASALT_DIALECT_STEP_OPS
