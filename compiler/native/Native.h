// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The native back end from outside: a lowered program to C++ text, C++ text to an executable.
#ifndef BASALT_COMPILER_NATIVE_NATIVE_H
#define BASALT_COMPILER_NATIVE_NATIVE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <functional>
#include <string>

namespace mlir {
class OpPassManager;
}

namespace basalt {

namespace native {

/// The text of a line (from 1) of a source file, or an empty string.
using SourceLine = std::function<llvm::StringRef(llvm::StringRef file, unsigned line)>;

struct NativeOptions {
  SourceLine sourceLine; // for comments in the generated text that quote the source; may be null
  /// For tests: regions for threads wherever they can be, cut at any element.
  bool allRegions = false;
  /// Make a program that can tell how much time each process takes.
  bool profile = false;
};

/// The passes from the result of `lower-to-loops` to EmitC.
void buildNativePipeline(mlir::OpPassManager &passes, NativeOptions options = {});

/// The C++ text of `module`, which those passes have made.
mlir::FailureOr<std::string> printCpp(mlir::ModuleOp module);

} // namespace native

/// form-statements with quotes of the source.
std::unique_ptr<mlir::Pass> createFormStatements(native::SourceLine sourceLine);

} // namespace basalt

#endif // BASALT_COMPILER_NATIVE_NATIVE_H
