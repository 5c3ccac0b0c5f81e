// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Targets for tests: those that come with Basalt, and files on top of them.
#ifndef BASALT_TEST_UNIT_TARGET_LOADTARGET_H
#define BASALT_TEST_UNIT_TARGET_LOADTARGET_H

#include "compiler/neurocore/target/TargetFile.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

namespace basalt::neurocore {

/// The target `name` with what the files say; no more than that may go wrong.
inline LoadedTarget load(llvm::StringRef name) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  SourceFiles sources;
  auto loaded = loadTarget(sources, &context, name, mlir::UnknownLoc::get(&context));
  EXPECT_TRUE(llvm::succeeded(loaded)) << name.str();
  return llvm::succeeded(loaded) ? std::move(*loaded) : LoadedTarget();
}

} // namespace basalt::neurocore

#endif // BASALT_TEST_UNIT_TARGET_LOADTARGET_H
