// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the proc dialect that describe structure. Ops of behaviours are in ProcBehaviourOps.td.
#ifndef BASALT_DIALECT_PROC_OPS
#define BASALT_DIALECT_PROC_OPS

include "dialect/proc/ProcDialect.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Proc_Op<string mnemonic, list<Trait> traits = []> : Op<Proc_Dialect, mnemonic, traits>;

/// A declaration in a process.
class Proc_Member<string mnemonic, list<Trait> traits = []> :
    Proc_Op<mnemonic, !listconcat([Symbol, HasParent<"ProcessOp">], traits)>;

def NetworkOp : Proc_Op<"network", [Symbol, SymbolTable, IsolatedFromAbove, NoTerminator, SingleBlock, HasParent<"::mlir::ModuleOp">]> {
  let summary = "the root network: instances and connections";
  let description = [{
    ```mlir
    proc.network @net {
      proc.instance @proc1 of @P1
      proc.instance @proc2 of @P2
      proc.connect @proc1::@ref to @proc2::@var
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def ProcessOp : Proc_Op<"process", [Symbol, SymbolTable, IsolatedFromAbove, NoTerminator, SingleBlock, HasParent<"::mlir::ModuleOp">]> {
  let summary = "a process type: parameters, Vars, ports and models";
  let description = [{
    Only what is structural (parameters, shapes, types) makes a process type; initial values that differ are given at
    `proc.instance`. `of` names the process of the source when this type is one of several that were made of it.

    ```mlir
    proc.process @P2 {
      proc.var @var : tensor<1xsi32> = dense<5> : tensor<1xsi32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrAttr>:$source_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`of` $source_name^)? attr-dict-with-keyword $body";
}

def FunctionsOp : Proc_Op<"functions", [HasParent<"::mlir::ModuleOp">]> {
  let summary = "the pure functions that behaviours may call, as text";
  let description = [{
    Kept only for behaviours that cannot be typed before shapes and types are inferred. The op's
    location is that of the first character of the text, and its file that of the functions: a function is looked for in the file that calls it, then in its
    `imports` (files, in order), then in all others in the order of the ops.
  }];
  let arguments = (ins StrAttr:$text, OptionalAttr<StrArrayAttr>:$imports);
  let assemblyFormat = "$text (`imports` $imports^)? attr-dict";
}

def ParamOp : Proc_Member<"param"> {
  let summary = "a compile-time constant of a process type";
  let description = [{
    `proc.param @shape = [3, 2]`. Behaviours have been built with its value; it stays for those that are still text.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, AnyAttr:$value);
  let assemblyFormat = "$sym_name `=` $value attr-dict";
}

def VarOp : Proc_Member<"var"> {
  let summary = "state of a process";
  let description = [{
    The initial value, if the process type gives one, has the Var's shape or one that broadcasts to it. Its
    element type is the Var's, or `i64` or `f64` while the Var's is still a name. A Var that is
    not `not_shareable` can be accessed through RefPorts.

    `shape_names` are the extents as they are declared, for those that are not known yet: a name, `*name` for all axes that are left, a number, or the empty string. Members of a process that
    use one name have the same extent there.

    `limits` hold for every value that a user gives, also between the stages of a run; behaviours may leave them.

    `sparse` makes it a Var that stores some entries of a matrix: its type has one axis, the entries.

    ```mlir
    proc.var @weights : tensor<?x?x!proc.named<"num">> {shape_names = ["n", "m"]}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyTensor>:$type, OptionalAttr<ElementsAttr>:$init, UnitAttr:$not_shareable,
    OptionalAttr<StrArrayAttr>:$shape_names, OptionalAttr<Proc_LimitsAttr>:$limits, OptionalAttr<Proc_SparseAttr>:$sparse);
  let assemblyFormat = "(`not_shareable` $not_shareable^)? $sym_name `:` $type (`=` $init^)? attr-dict";
  let hasVerifier = 1;
}

class Proc_Port<string mnemonic> : Proc_Member<mnemonic> {
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyTensor>:$type, OptionalAttr<StrArrayAttr>:$shape_names);
  let assemblyFormat = "$sym_name `:` $type attr-dict";
  let hasVerifier = 1;
}
def InPortOp : Proc_Port<"in_port"> {
  let summary = "receives messages; several sources are added up in order of connection";
  let description = [{`proc.in_port @a_in : tensor<3xsi32>`. Zeros if nothing is connected. `shape_names`: see `proc.var`.}];
}
def OutPortOp : Proc_Port<"out_port"> {
  let summary = "sends messages";
  let description = [{`proc.out_port @s_out : tensor<3xui1>`. Messages of an unconnected OutPort are dropped. `shape_names`: see `proc.var`.}];
}
def RefPortOp : Proc_Port<"ref_port"> {
  let summary = "reads and writes a Var of another process";
  let description = [{`proc.ref_port @ref : tensor<1xsi32>`. It has one target. `shape_names`: see `proc.var`.}];
}
def VarPortOp : Proc_Member<"var_port", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "makes a Var accessible to RefPorts of other processes";
  let description = [{
    Explicit if the user declared it, `implicit` if `materialize-var-ports` made it for a connection from a RefPort to the Var.
    There is one implicit VarPort per process type and Var.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$var, UnitAttr:$implicit);
  let assemblyFormat = "$sym_name `of` $var (`implicit` $implicit^)? attr-dict";
}

def ModelOp : Proc_Member<"model", [SymbolTable, NoTerminator, SingleBlock]> {
  let summary = "a ProcessModel: what a process does";
  let description = [{
    Either phases and guards, or (a hierarchical model) instances, connections and aliases. `types` binds type names of the process's declarations.
    `limits` has a `#proc.limits` or an array of the allowed values for parameters and Vars; they count when the model is selected, and then move to the Vars.
    `expects` has ranges of Vars in the same form: an initial value beyond them gets a warning, because the model will not use it as it was given.

    ```mlir
    proc.model @fixed_pt tags ["fixed_pt"] requires ["neurocore"] types {num = si32} {
      proc.phase spk { ... }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<StrArrayAttr>:$tags, OptionalAttr<StrArrayAttr>:$resources,
    OptionalAttr<StrAttr>:$protocol, OptionalAttr<DictionaryAttr>:$types,
    OptionalAttr<DictionaryAttr>:$limits, OptionalAttr<DictionaryAttr>:$expects);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name (`tags` $tags^)? (`requires` $resources^)? (`protocol` $protocol^)? (`types` $types^)? (`limits` $limits^)? (`expects` $expects^)?
    attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether the model is a network of child instances.
    bool isHierarchical();
    /// The declared element or tensor type with the names that this model binds replaced.
    ::mlir::Type bind(::mlir::Type declared);
  }];
}

class Proc_Code<string mnemonic> : Proc_Op<mnemonic, [HasParent<"ModelOp">, NoTerminator, SingleBlock]> {
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}

def PhaseOp : Proc_Code<"phase"> {
  let summary = "what a process does in one phase of a time step";
  let description = [{
    The body is straight tensor code of the ops listed in `docs/semantics.md`; the verifier refuses others. With `source` the body is
    still text (and the op's location that of its first character), because shapes or types come from connections; `infer-types` replaces it.
  }];
  let arguments = (ins Proc_PhaseKind:$kind, OptionalAttr<StrAttr>:$source);
  let assemblyFormat = "$kind (`source` $source^)? attr-dict-with-keyword $body";
}

def GuardOp : Proc_Code<"guard"> {
  let summary = "whether a phase runs in this time step";
  let description = [{Ends with `proc.yield` of an `i1`. Pure: only Vars, parameters and `time_step`.}];
  let arguments = (ins Proc_GuardKind:$kind, OptionalAttr<StrAttr>:$source);
  let assemblyFormat = "$kind (`source` $source^)? attr-dict-with-keyword $body";
}

def InstanceOp : Proc_Op<"instance", [Symbol, NoTerminator, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    ParentOneOf<["NetworkOp", "ModelOp"]>]> {
  let summary = "an instance of a process type";
  let description = [{
    The region has a `proc.value` for each Var whose initial value is given here.

    ```mlir
    proc.instance @lif of @LIF {
      proc.value @du = dense<400> : tensor<si32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$process);
  let regions = (region MaxSizedRegion<1>:$values);
  let assemblyFormat = "$sym_name `of` $process attr-dict-with-keyword ($values^)?";
}

def ValueOp : Proc_Op<"value", [HasParent<"InstanceOp">]> {
  let summary = "the initial value of a Var of this instance";
  let description = [{
    `proc.value @du = dense<400> : tensor<si32>` has the value type of the Var's declaration once that is concrete; before, `i64`, `f64` or `i1` elements, and a shape that broadcasts to the Var's.

    With `rule` or `distribution` the value is made when a run starts, and this one is zeros of the type that it has.
  }];
  let arguments = (ins FlatSymbolRefAttr:$var, ElementsAttr:$value, OptionalAttr<Proc_RuleAttr>:$rule, OptionalAttr<Proc_DistributionAttr>:$distribution);
  let hasVerifier = 1;
  let assemblyFormat = "$var `=` $value attr-dict";
}

def VirtualPortOp : Proc_Op<"virtual_port", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>, ParentOneOf<["NetworkOp", "ModelOp"]>]> {
  let summary = "a port seen through a transform";
  let description = [{
    `proc.virtual_port @v = #proc.transpose<[1, 0]> of [@a::@s_out]`. Several sources only for `#proc.concat`. A virtual port may be the source of another.
    `resolve-virtual-ports` turns them into transforms of the connections.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, AnyAttr:$transform, TypedArrayAttrBase<SymbolRefAttr, "sources">:$sources);
  let assemblyFormat = "$sym_name `=` $transform `of` $sources attr-dict";
  let hasVerifier = 1;
}

def ConnectOp : Proc_Op<"connect", [DeclareOpInterfaceMethods<SymbolUserOpInterface>, ParentOneOf<["NetworkOp", "ModelOp"]>]> {
  let summary = "a connection between two ports, or from a RefPort to a Var";
  let description = [{
    `proc.connect @proc1::@ref to @proc2::@var`. `via` are transforms of the source, applied in order. Which kinds of ends fit is
    checked by `check-connections`.
  }];
  let arguments = (ins SymbolRefAttr:$source, SymbolRefAttr:$target, OptionalAttr<ArrayAttr>:$via);
  let assemblyFormat = "$source `to` $target (`via` $via^)? attr-dict";
  let hasVerifier = 1;
}

def AliasOp : Proc_Op<"alias", [DeclareOpInterfaceMethods<SymbolUserOpInterface>, ParentOneOf<["NetworkOp", "ModelOp"]>]> {
  let summary = "a Var that is a Var of a child";
  let description = [{
    In a hierarchical model: `proc.alias @v to @lif::@v`, where `@v` is a Var of the enclosing process. In the flat network
    `proc.alias @layer::@v to @layer.lif::@v` keeps the user's name for probes, get and set.
  }];
  let arguments = (ins SymbolRefAttr:$alias, SymbolRefAttr:$target);
  let assemblyFormat = "$alias `to` $target attr-dict";
}

include "dialect/proc/ProcBehaviourOps.td"

#endif // BASALT_DIALECT_PROC_OPS
