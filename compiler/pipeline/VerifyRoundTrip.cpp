// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass verify-round-trip.
#include "compiler/pipeline/Passes.h"

#include "mlir/IR/OperationSupport.h"
#include "mlir/Parser/Parser.h"

namespace basalt {
#define GEN_PASS_DEF_VERIFYROUNDTRIP
#include "compiler/pipeline/PipelinePasses.h.inc"
} // namespace basalt

using namespace mlir;

static std::string printed(ModuleOp module, bool generic) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  flags.enableDebugInfo();
  if (generic)
    flags.printGenericOpForm();
  module.print(stream, flags);
  return text;
}

/// The first line of `a` that is not in `b` at the same place.
static llvm::StringRef firstDifference(llvm::StringRef a, llvm::StringRef b) {
  while (true) {
    auto [lineA, restA] = a.split('\n');
    auto [lineB, restB] = b.split('\n');
    if (lineA != lineB || restA.empty())
      return lineA;
    a = restA;
    b = restB;
  }
}

namespace {
class VerifyRoundTrip : public basalt::impl::VerifyRoundTripBase<VerifyRoundTrip> {
  void runOnOperation() override {
    // The generic form shows what a custom one leaves out.
    if (failed(verify(/*generic=*/false)) || failed(verify(/*generic=*/true)))
      signalPassFailure();
  }

  LogicalResult verify(bool generic) {
    ModuleOp module = getOperation();
    std::string text = printed(module, /*generic=*/false);
    ParserConfig config(&getContext());
    OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(text, config, "round trip");
    if (!parsed)
      return emitError(module.getLoc(), "the printed IR cannot be parsed");
    std::string before = printed(module, generic), after = printed(*parsed, generic);
    if (before == after)
      return success();
    return emitError(module.getLoc(), "the printed IR parses to something else; first difference: ")
           << firstDifference(before, after).trim();
  }
};
} // namespace
