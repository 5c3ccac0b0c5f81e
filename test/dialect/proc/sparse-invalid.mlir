// RUN: basalt-opt --verify-diagnostics --split-input-file %s

// Where the entries are stands in two Vars that nobody else can write.

proc.process @P {
  // expected-error @+1 {{expects a Var 'w.offsets' of type 'tensor<4xsi64>' that is not shareable}}
  proc.var @w : tensor<5xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
  proc.var not_shareable @w.targets : tensor<5xsi32>
}

// -----

proc.process @P {
  // expected-error @+1 {{expects a Var 'w.offsets' of type 'tensor<4xsi64>' that is not shareable}}
  proc.var @w : tensor<5xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
  proc.var @w.offsets : tensor<4xsi64>
  proc.var not_shareable @w.targets : tensor<5xsi32>
}

// -----

proc.process @P {
  proc.var not_shareable @w.offsets : tensor<4xsi64>
  proc.var not_shareable @w.targets : tensor<4xsi32>
  // expected-error @+1 {{expects a Var 'w.targets' of type 'tensor<5xsi32>' that is not shareable}}
  proc.var @w : tensor<5xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
}

// -----

proc.process @P {
  proc.var not_shareable @w.offsets : tensor<4xsi64>
  proc.var not_shareable @w.targets : tensor<6xsi32>
  // expected-error @+1 {{has entries of type 'tensor<2x3xf64>'; expected one axis, of a matrix}}
  proc.var @w : tensor<2x3xf64> {sparse = #proc.sparse<[2, 3], @w.offsets, @w.targets>}
}

// -----

proc.process @P {
  proc.var not_shareable @w.offsets : tensor<4xsi64>
  proc.var not_shareable @w.targets : tensor<6xsi32>
  // expected-error @+1 {{has entries of type 'tensor<6xf64>'; expected one axis, of a matrix}}
  proc.var @w : tensor<6xf64> {sparse = #proc.sparse<[3], @w.offsets, @w.targets>}
}
