// RUN: basalt-opt --lower-to-loops --verify-diagnostics %s

// expected-error @below {{expected one step.program}}
module {
}
