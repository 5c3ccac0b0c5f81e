// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lower-to-llvm. See Passes.td.
#include "compiler/llvm/Conversion.h"
#include "compiler/llvm/Passes.h"

#include "dialect/rt/Rt.h"
#include "dialect/step/ExchangesState.h"
#include "dialect/step/Step.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_LOWERTOLLVM
#include "compiler/llvm/LLVMPasses.h.inc"

namespace llvmir {
namespace {

/// Reports the first thing in `module` that computes with floats, or that a simulator keeps.
LogicalResult refuseOthers(ModuleOp module) {
  WalkResult result = module.walk([&](Operation *op) {
    if (isa<rtop::DueOp, rtop::AdvanceOp>(op)) {
      op->emitError("a projection, whose spikes are kept by native simulators only");
      return WalkResult::interrupt();
    }
    auto isFloat = [](Type type) {
      auto memory = dyn_cast<MemRefType>(type);
      return isa<FloatType>(memory ? memory.getElementType() : type);
    };
    if (llvm::none_of(op->getOperandTypes(), isFloat) &&
        llvm::none_of(op->getResultTypes(), isFloat))
      return WalkResult::advance();
    op->emitError("floating-point numbers on an embedded processor, which has none");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

Declarations takeDeclarations(ModuleOp module) {
  Declarations result;
  for (auto program : llvm::make_early_inc_range(module.getOps<step::ProgramOp>())) {
    for (auto state : program.getBody().getOps<step::StateOp>())
      result.states[state.getSymName()] = {cast<RankedTensorType>(state.getType()),
                                           state.getInit()};
    program.erase();
  }
  return result;
}

LogicalResult checkExchanges(ModuleOp module, const Declarations &declarations) {
  WalkResult result = module.walk([&](Operation *op) {
    if (!op->hasTrait<step::ExchangesState>())
      return WalkResult::advance();
    StringRef state = op->getAttrOfType<FlatSymbolRefAttr>("state").getValue();
    if (declarations.states.contains(state))
      return WalkResult::advance();
    op->emitError("expected a state of the program, found '") << state << "'";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

LogicalResult convertControl(ModuleOp module) {
  RewritePatternSet patterns(module.getContext());
  populateSCFToControlFlowConversionPatterns(patterns);
  ConversionTarget target(*module.getContext());
  target.addIllegalDialect<scf::SCFDialect>();
  target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
  return applyPartialConversion(module, target, std::move(patterns));
}

LogicalResult convertRest(ModuleOp module, const Declarations &declarations) {
  MLIRContext *context = module.getContext();
  LowerToLLVMOptions options(context);
  options.overrideIndexBitwidth(64);
  LLVMTypeConverter converter(context, options);
  converter.addConversion(
      [](MemRefType type) -> Type { return LLVM::LLVMPointerType::get(type.getContext()); });
  RewritePatternSet patterns(context);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  addMemoryPatterns(converter, patterns, declarations);
  addLibraryPatterns(converter, patterns);
  addRequestPatterns(converter, patterns, declarations);
  LLVMConversionTarget target(*context);
  target.addLegalOp<ModuleOp>();
  return applyFullConversion(module, target, std::move(patterns));
}

} // namespace
} // namespace llvmir

namespace {
struct LowerToLLVM : impl::LowerToLLVMBase<LowerToLLVM> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(llvmir::refuseOthers(module)))
      return signalPassFailure();
    llvmir::numberRequests(module);
    llvmir::Declarations declarations = llvmir::takeDeclarations(module);
    if (failed(llvmir::checkExchanges(module, declarations)) ||
        failed(llvmir::convertControl(module)) || failed(llvmir::convertRest(module, declarations)))
      return signalPassFailure();
    llvmir::addDebugInfo(module);
  }
};
} // namespace
} // namespace basalt
