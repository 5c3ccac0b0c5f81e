// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One list each for dialects and passes. Named one by one: InitAllDialects.h would cost every tool
// seconds of build time and some of start-up.
#include "compiler/pipeline/Register.h"

#include "compiler/llvm/Passes.h"
#include "compiler/lower/Passes.h"
#include "compiler/native/Passes.h"
#include "compiler/neurocore/lower/Passes.h"
#include "compiler/optimize/Passes.h"
#include "compiler/pipeline/Passes.h"
#include "compiler/resolve/Passes.h"
#include "compiler/schedule/Passes.h"
#include "dialect/neurocore/Neurocore.h"
#include "dialect/num/Num.h"
#include "dialect/proc/Proc.h"
#include "dialect/rt/Rt.h"
#include "dialect/step/Step.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Dialect/EmitC/Transforms/Passes.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void basalt::registerAllDialects(DialectRegistry &registry) {
  registry.insert<num::NumDialect, proc::ProcDialect, step::StepDialect, rtop::RtDialect,
                  neurocore::NeurocoreDialect>();
  registry
      .insert<arith::ArithDialect, cf::ControlFlowDialect, emitc::EmitCDialect, func::FuncDialect,
              LLVM::LLVMDialect, memref::MemRefDialect, scf::SCFDialect, tensor::TensorDialect>();
  func::registerInlinerExtension(registry);
}

void basalt::registerAllPasses() {
  registerResolvePasses();
  registerResolvePipeline();
  registerSchedulePasses();
  registerOptimizePasses();
  registerOptimizePipeline();
  registerLowerPasses();
  registerLLVMPasses();
  registerNativePasses();
  registerNeurocorePasses();
  registerPipelinePasses();
  registerTransformsPasses(); // canonicalize, cse, inline, snapshot-op-locations, ...
  arith::registerArithIntRangeOptsPass();
  arith::registerArithIntRangeNarrowingPass();
  emitc::registerFormExpressionsPass();
}
