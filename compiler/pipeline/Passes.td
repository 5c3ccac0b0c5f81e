// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes about the pipeline itself.
#ifndef BASALT_COMPILER_PIPELINE_PASSES
#define BASALT_COMPILER_PIPELINE_PASSES

include "mlir/Pass/PassBase.td"

def VerifyRoundTrip : Pass<"verify-round-trip", "::mlir::ModuleOp"> {
  let summary = "Check that the IR survives printing and parsing";
  let description = [{
    Prints the module, parses the text, and prints again: the two texts must be the same. So any stage can be stopped at, looked at,
    and gone on from in basalt-opt. Changes nothing.
  }];
}

def TestCrash : Pass<"test-crash", "::mlir::ModuleOp"> {
  let summary = "Crash, or fail without an error: for tests of crash reproducers";
  let description = [{ A reduced module can be told from others by `only-with`, the name of an op that it must still have. }];
  let options = [
    Option<"silent", "silent", "bool", "false", "Signal failure without an error in place of crashing">,
    Option<"onlyWith", "only-with", "std::string", "", "Do so only if the module has an op of this name">
  ];
}

#endif // BASALT_COMPILER_PIPELINE_PASSES
