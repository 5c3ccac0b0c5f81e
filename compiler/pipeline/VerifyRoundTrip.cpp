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

static std::string printed(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  flags.enableDebugInfo();
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

/// All ops of `module`, itself included.
static std::vector<Operation *> opsOf(ModuleOp module) {
  std::vector<Operation *> ops;
  module->walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  return ops;
}

/// An op of ours that has other properties than its counterpart, or null. Custom forms leave things
/// out, and those of MLIR do not put all of them back.
static Operation *findChangedOp(ModuleOp before, ModuleOp after) {
  std::vector<Operation *> opsBefore = opsOf(before), opsAfter = opsOf(after);
  for (auto [a, b] : llvm::zip(opsBefore, opsAfter)) {
    bool ours =
        llvm::is_contained({"num", "proc", "step", "rt"}, a->getName().getDialectNamespace());
    if (ours && a->getPropertiesAsAttribute() != b->getPropertiesAsAttribute())
      return a;
  }
  return nullptr;
}

namespace {
class VerifyRoundTrip : public basalt::impl::VerifyRoundTripBase<VerifyRoundTrip> {
  void runOnOperation() override {
    if (failed(verify()))
      signalPassFailure();
  }

  LogicalResult verify() {
    ModuleOp module = getOperation();
    std::string text = printed(module);
    ParserConfig config(&getContext());
    OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(text, config, "round trip");
    if (!parsed)
      return emitError(module.getLoc(), "the printed IR cannot be parsed");
    std::string again = printed(*parsed);
    if (text != again)
      return emitError(module.getLoc(),
                       "the printed IR parses to something else; first difference: ")
             << firstDifference(text, again).trim();
    if (Operation *changed = findChangedOp(module, *parsed))
      return changed->emitOpError("does not print all that it holds");
    return success();
  }
};
} // namespace
