// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the proc dialect that stand in phases and guards (and, those that do not name a port, in tasks of step).
#ifndef BASALT_DIALECT_PROC_BEHAVIOUR_OPS
#define BASALT_DIALECT_PROC_BEHAVIOUR_OPS

def GetOp : Proc_Op<"get", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a Var of this process";
  let description = [{`%v = proc.get @v : tensor<3xi24>`. As it is now: a later `proc.set` does not change it.}];
  let arguments = (ins FlatSymbolRefAttr:$var);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$var attr-dict `:` type($result)";
}
def SetOp : Proc_Op<"set", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "gives a Var of this process a new value";
  let description = [{`proc.set @v, %v : tensor<3xi24>`. The whole Var; a part is set with `num.insert` or `arith.select` before.}];
  let arguments = (ins FlatSymbolRefAttr:$var, StaticShapeTensorOf<[AnyType]>:$value);
  let assemblyFormat = "$var `,` $value attr-dict `:` type($value)";
}
def RecvOp : Proc_Op<"recv", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "waits for and adds up the messages of this time step at an InPort";
  let description = [{Zeros if nothing is connected. The sources are added in order of connection, with `+` of the language, then converted to the port's type.}];
  let arguments = (ins FlatSymbolRefAttr:$port);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$port attr-dict `:` type($result)";
}
def SendOp : Proc_Op<"send", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "sends the message of this time step";
  let description = [{`proc.send @s_out, %s : tensor<3xi1>`. At most once in a step and port, at the top level of `spk`. What no connection takes is dropped.}];
  let arguments = (ins FlatSymbolRefAttr:$port, StaticShapeTensorOf<[AnyType]>:$value);
  let assemblyFormat = "$port `,` $value attr-dict `:` type($value)";
}
def ReadOp : Proc_Op<"read", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of the Var at the end of a RefPort";
  let description = [{`%x = proc.read @ref : tensor<1xi32>`. In management phases only; goes back through the transforms of the connection.}];
  let arguments = (ins FlatSymbolRefAttr:$port);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$port attr-dict `:` type($result)";
}
def WriteOp : Proc_Op<"write", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "gives the Var at the end of a RefPort a new value, at once";
  let description = [{`proc.write @ref, %x : tensor<1xi32>`. In management phases only; goes through the transforms of the connection. A later read, by whomever, sees it.}];
  let arguments = (ins FlatSymbolRefAttr:$port, StaticShapeTensorOf<[AnyType]>:$value);
  let assemblyFormat = "$port `,` $value attr-dict `:` type($value)";
}
def TimeStepOp : Proc_Op<"time_step", [Pure]> {
  let summary = "the number of the time step, from 1; 0 in init";
  let description = [{`%t = proc.time_step : tensor<i64>`, or `i64` in kernels. Counts across stages.}];
  let results = (outs AnyTypeOf<[I64, 0DTensorOf<[I64]>]>:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}
def SeedOp : Proc_Op<"seed", [Pure]> {
  let summary = "the seed of the run";
  let description = [{`%s = proc.seed : tensor<i64>`, or `i64` in kernels. The first key of `num.random_bits`.}];
  let results = (outs AnyTypeOf<[I64, 0DTensorOf<[I64]>]>:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}
def InstanceKeyOp : Proc_Op<"instance_key", [Pure]> {
  let summary = "a number that is made of the path of the instance";
  let description = [{
    `%k = proc.instance_key : tensor<i64>`: the first 64 bits of the SHA-256 of the path (`layer.lif`), little-endian, so that instances of one process draw different
    random numbers. `schedule` makes a constant state of it, so that instances still share code.
  }];
  let results = (outs 0DTensorOf<[I64]>:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}
def PrintOp : Proc_Op<"print"> {
  let summary = "prints a line; each {} is a value as NumPy's str";
  let description = [{`i1` prints as `True` or `False`. The number of `{}` is that of the values; `{{` and `}}` are braces.}];
  let arguments = (ins StrAttr:$format, Variadic<StaticShapeTensorOf<[AnyType]>>:$values);
  let assemblyFormat = "$format (`(` $values^ `:` type($values) `)`)? attr-dict";
}
def AssertOp : Proc_Op<"assert"> {
  let summary = "stops the run with a message if the condition does not hold";
  let description = [{`proc.assert %c, "message" : tensor<i1>`. The run ends with exit code 1, and the message names instance, line and step.}];
  let arguments = (ins 0DTensorOf<[I1]>:$condition, StrAttr:$message);
  let assemblyFormat = "$condition `,` $message attr-dict `:` type($condition)";
}
def PauseOp : Proc_Op<"pause"> {
  let summary = "ends the current stage after the last phase of this step";
  let description = [{The phases of this step still run, of all processes.}];
  let assemblyFormat = "attr-dict";
}
def StopOp : Proc_Op<"stop"> {
  let summary = "ends the run after the last phase of this step";
  let description = [{The phases of this step still run, of all processes; no further stage begins.}];
  let assemblyFormat = "attr-dict";
}
def YieldOp : Proc_Op<"yield", [Pure, Terminator, HasParent<"GuardOp">]> {
  let summary = "the value of a guard";
  let description = [{`proc.yield %c : tensor<i1>`, the last op of a `proc.guard`.}];
  let arguments = (ins 0DTensorOf<[I1]>:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

#endif // BASALT_DIALECT_PROC_BEHAVIOUR_OPS
