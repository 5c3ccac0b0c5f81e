// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass test-crash.
#include "compiler/pipeline/Passes.h"

#include <cstdlib>

namespace basalt {
#define GEN_PASS_DEF_TESTCRASH
#include "compiler/pipeline/PipelinePasses.h.inc"
} // namespace basalt

namespace {
class TestCrash : public basalt::impl::TestCrashBase<TestCrash> {
  using TestCrashBase::TestCrashBase;

  void runOnOperation() override {
    auto isWanted = [&](mlir::Operation *op) {
      return op->getName().getStringRef() == onlyWith ? mlir::WalkResult::interrupt()
                                                      : mlir::WalkResult::advance();
    };
    if (!onlyWith.empty() && !getOperation()->walk(isWanted).wasInterrupted())
      return;
    if (silent)
      return signalPassFailure();
    std::abort();
  }
};
} // namespace
