// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-native: what the C++ printer must not be given. See Passes.td.
#include "compiler/native/Passes.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKNATIVE
#include "compiler/native/NativePasses.h.inc"

namespace {
struct CheckNative : impl::CheckNativeBase<CheckNative> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      if (isa<ModuleOp>(op) || isa<emitc::EmitCDialect>(op->getDialect()))
        return;
      op->emitOpError("is left, but only emitc can be printed as C++");
      signalPassFailure();
    });
  }
};
} // namespace
} // namespace basalt
