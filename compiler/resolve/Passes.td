// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the stage `resolve`: what the user described, made explicit. In the order in which
// they run; each works alone in basalt-opt.
#ifndef BASALT_COMPILER_RESOLVE_PASSES
#define BASALT_COMPILER_RESOLVE_PASSES

include "mlir/Pass/PassBase.td"

class Resolve_Pass<string argument> : Pass<argument, "::mlir::ModuleOp"> {
  let dependentDialects = ["::basalt::proc::ProcDialect"];
}

def SelectModels : Resolve_Pass<"select-models"> {
  let summary = "Choose one model for each process and bind its type names";
  let description = [{
    From the root network down the hierarchy. Lava's rules, in the order of the file:

    1. A model named in `exceptions` for the instance (by path) or the process is taken.
    2. A single model is taken if no tag is asked for, it has no tags, or it has that tag.
    3. Of several, with `select-sub-process`: the only hierarchical one, or the first (with that tag).
    4. Otherwise the first with phases (with that tag). A process that has hierarchical models only offers those.

    The other models, and processes that no instance uses, are removed. `types` of the chosen model bind type names of Vars and ports, and initial values are
    converted to types that are concrete now. A process is copied if an exception gives an instance another model.

    ```mlir
    proc.process @P { proc.var @v : tensor<!proc.named<"num">> = dense<5> : tensor<i64>
      proc.model @a types {num = f64} { ... }  proc.model @b { ... } }
    // =>
    proc.process @P { proc.var @v : tensor<f64> = dense<5.0> : tensor<f64>
      proc.model @a types {num = f64} { ... } }
    ```
  }];
  let options = [
    Option<"tag", "tag", "std::string", "", "Take models with this tag">,
    Option<"selectSubProcess", "select-sub-process", "bool", "false", "Prefer hierarchical models">,
    ListOption<"exceptions", "exceptions", "std::string", "Process=model or instance.path=model, which win over tags">,
    Option<"explain", "explain", "bool", "false", "Remark on each choice">
  ];
}

def CheckConnections : Resolve_Pass<"check-connections"> {
  let summary = "Check that the ends of each connection fit";
  let description = [{
    Kinds of ends and where they stand (the table of section 4 of the language), duplicates, a second target of a RefPort, Vars that are not shareable, aliases, virtual ports, and
    shapes and element types where both ends are known. Changes nothing.
  }];
}

def InferTypes : Resolve_Pass<"infer-types"> {
  let summary = "Bind type names and unknown extents from given values and connections";
  let description = [{
    Types and extents travel along connections, through virtual ports and hierarchies, until nothing changes. A type name, and each name in `shape_names`, means one thing in one instance. Values given for an instance
    bind first, then connections, then the values that declarations give. A process whose instances differ is copied. Extents
    that have a name become parameters. Then behaviours that are still text are typed, and initial values converted.

    ```mlir
    proc.process @Read { proc.ref_port @state : tensor<*x!proc.named<"num">> {shape_names = ["*shape"]} }
    proc.connect @read::@state to @lif::@v     // lif.v : tensor<3xsi32>
    // =>
    proc.process @Read { proc.param @shape = dense<3> : tensor<1xi64> proc.ref_port @state : tensor<3xsi32> {shape_names = ["*shape"]} }
    ```
  }];
  // Typing behaviours makes ops of these.
  let dependentDialects = ["::basalt::proc::ProcDialect", "::basalt::num::NumDialect", "::mlir::arith::ArithDialect",
    "::mlir::scf::SCFDialect"];
}

def ResolveVirtualPorts : Resolve_Pass<"resolve-virtual-ports"> {
  let summary = "Turn virtual ports into transforms of connections";
  let description = [{
    In the network and in hierarchical models. A connection of a `concat` becomes one for each source.

    ```mlir
    proc.virtual_port @t = #proc.transpose<[]> of [@a::@s_out]
    proc.connect @t to @b::@a_in
    // =>
    proc.connect @a::@s_out to @b::@a_in via [#proc.transpose<[1, 0]>]
    ```
  }];
}

def ExpandHierarchy : Resolve_Pass<"expand-hierarchy"> {
  let summary = "Inline hierarchical processes into the root network";
  let description = [{
    Children are named by path. Connections run from leaf to leaf; the sources of an InPort keep the order in which they stand, those behind a hierarchical port taking its place. Vars of hierarchical processes
    stay as names of the Vars they are aliases of.

    ```mlir
    proc.process @H { proc.ref_port @ref : tensor<1xsi32>
      proc.model @m { proc.instance @acc of @Acc   proc.connect @acc::@ref to @ref } }
    proc.network @net { proc.instance @h of @H     proc.connect @h::@ref to @p::@var }
    // =>
    proc.network @net { proc.instance @h.acc of @Acc   proc.connect @h.acc::@ref to @p::@var }
    ```
  }];
}

def MaterializeVarPorts : Resolve_Pass<"materialize-var-ports"> {
  let summary = "Make an explicit VarPort of each Var that a RefPort is connected to";
  let description = [{
    One per process type and Var, shared by all RefPorts that reach it, named `<var>_port` made unique.

    ```mlir
    proc.process @P2 { proc.var @var : tensor<1xsi32> = dense<5> : tensor<1xi32> }
    proc.connect @proc1::@ref to @proc2::@var
    // =>
    proc.process @P2 { proc.var @var : tensor<1xsi32> = dense<5> : tensor<1xi32>
      proc.var_port @var_port of @var implicit }
    proc.connect @proc1::@ref to @proc2::@var_port
    ```
  }];
}

def CheckAccesses : Resolve_Pass<"check-accesses"> {
  let summary = "Check where behaviours use ports";
  let description = [{
    RefPorts in management phases only, messages in spk only, each port at most once and at the top level, guards pure, a RefPort that is used
    connected, a connected OutPort sent on. Warns of a connected InPort that is never received from, and of a pre_mgmt that never runs. Changes nothing.
  }];
}

def CheckFanIn : Pass<"check-fan-in", "::mlir::ModuleOp"> {
  let summary = "Warn about spikes that are ORed where they meet";
  let description = [{
    `recv` adds up what the sources send, and bool + bool is or: of coincident spikes of two sources one is left. The same happens to whatever meets at an
    InPort that is bool itself. Changes nothing.

    ```
    a.s_out, b.s_out -> d.s_in      both bool    =>    warning
    ```
  }];
}

def CheckInitialAsserts : Pass<"check-initial-asserts", "::mlir::ModuleOp"> {
  let summary = "Evaluate what init asserts of initial values";
  let description = [{
    An `assert` at the top level of init whose condition follows from initial values and constants is evaluated for each instance; if it does not hold, that is an error
    at the instance, as a value outside its limits is. What depends on random values, on Vars that init has set, or on large arrays is left to the run. Changes nothing.

    ```
    init: assert all(vth_lo <= vth_hi), "vth_lo is above vth_hi"
    lif: {class: TernaryLIF, shape: 1, vth_lo: 5, vth_hi: 1}         =>   error
    ```
  }];
}

def CheckResolved : Resolve_Pass<"check-resolved"> {
  let summary = "Verify what the later stages rely on";
  let description = [{
    One flat network; each process with at most one model, of phases without text; concrete types; initial values of exactly the
    value type; connections from OutPort to InPort and from RefPort to VarPort only. What it finds is an error of the compiler.
  }];
}

#endif // BASALT_COMPILER_RESOLVE_PASSES
