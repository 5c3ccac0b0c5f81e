// RUN: basalt-opt %s -split-input-file -verify-diagnostics

step.program @net {
  // expected-error @+1 {{is stored by source, which needs a matrix or a kernel that stores all its elements}}
  step.state @p.x : tensor<3xsi64> = dense<1> : tensor<3xi64> {by_source}
}
