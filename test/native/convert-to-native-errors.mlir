// RUN: basalt-opt --convert-to-native --split-input-file --verify-diagnostics %s

// expected-error @below {{expected one step.program}}
module {
}

// -----

module {
  step.program @net {
  }
  func.func @spk() {
    // expected-error @below {{is not supported in native code yet}}
    %m = memref.alloc() : memref<4xi32>
    return
  }
}
