// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The native program of a session.
#include "tools/basalt/NativeProgram.h"

#include "compiler/interpret/Tensor.h"
#include "compiler/native/Native.h"
#include "compiler/support/Hash.h"
#include "dialect/proc/Rules.h"
#include "dialect/step/Step.h"

using namespace basalt;
using namespace basalt::driver;

/// What all entries that a rule makes have as their value, if that is one number.
static std::optional<rt::Distribution> sameForAll(step::StateOp state) {
  if (!state.getSparse() || state.getDistribution() || !state.getInit().isSplat())
    return std::nullopt;
  auto offsets = mlir::cast<step::StateOp>(mlir::SymbolTable::lookupSymbolIn(
      state->getParentOp(), state.getSparse()->getOffsets().getAttr()));
  if (!offsets.getRule())
    return std::nullopt;
  rt::Distribution result{rt::DistributionKind::Constant};
  auto init = mlir::cast<mlir::DenseElementsAttr>(state.getInit());
  if (mlir::isa<mlir::FloatType>(init.getElementType()))
    result.first = init.getSplatValue<llvm::APFloat>().convertToDouble();
  else if (mlir::cast<mlir::RankedTensorType>(state.getType()).getElementType().isUnsignedInteger())
    result.low = static_cast<int64_t>(init.getSplatValue<llvm::APInt>().getZExtValue());
  else
    result.low = init.getSplatValue<llvm::APInt>().getSExtValue();
  return result;
}

/// The initial value of a state, in the layout that the program has it in; its bytes go to
/// `storage`.
static rt::InitialValue initialValue(step::StateOp state, std::vector<std::vector<char>> &storage) {
  rt::InitialValue result;
  result.name = state.getSymName().str();
  auto declared = mlir::cast<mlir::RankedTensorType>(state.getType());
  mlir::ElementsAttr init = state.getInit();
  auto made = [&](rt::InitialValue::Mode mode, const std::string &text) {
    std::vector<char> &bytes = storage.emplace_back(text.begin(), text.end());
    result.mode = mode;
    result.data = bytes.data();
    result.size = bytes.size();
    return result;
  };
  int64_t key = keyOfText(result.name);
  if (std::optional<rt::Distribution> same = sameForAll(state))
    return made(rt::InitialValue::Drawn, rt::bytesOf(*same, key));
  if (state.getRule())
    return made(rt::InitialValue::ByRule, rt::bytesOf(proc::toRule(*state.getRule()).rule, key));
  if (state.getDistribution())
    return made(rt::InitialValue::Drawn,
                rt::bytesOf(proc::toDistribution(*state.getDistribution()).distribution, key));
  if (declared.getNumElements() == 0)
    return result;
  if (init.isSplat()) {
    result.mode = rt::InitialValue::Repeated;
    auto dense = mlir::cast<mlir::DenseElementsAttr>(init);
    declared = mlir::RankedTensorType::get({1}, declared.getElementType());
    init = dense.resizeSplat(mlir::RankedTensorType::get({1}, init.getElementType()));
  } else {
    result.mode = rt::InitialValue::Whole;
  }
  std::vector<char> &bytes = storage.emplace_back(interp::storageSize(declared));
  interp::storeTensor(interp::Tensor::fromAttr(init), declared, bytes.data());
  if (llvm::all_of(bytes, [](char byte) { return byte == 0; })) {
    result.mode = rt::InitialValue::Zeros; // as memory is
    return result;
  }
  result.data = bytes.data(); // which stays where it is when the outer vector grows
  result.size = bytes.size();
  return result;
}

static void collectInitialValues(mlir::ModuleOp module, NativeProgram &program) {
  // In the order of the program's table of states, which is made of the same ops.
  for (auto part : module.getOps<step::ProgramOp>())
    for (auto state : part.getBody().getOps<step::StateOp>())
      program.initial.states.push_back(initialValue(state, program.storage));
}

rt::ExitCode basalt::driver::makeNativeProgram(Session &session, NativeProgram &program) {
  if (rt::ExitCode code = session.advance(Stage::Lowered); code != rt::kDone)
    return code;
  collectInitialValues(session.module(), program);
  program.initial.defaults = session.defaults().arguments;
  if (rt::ExitCode code = session.advance(Stage::Emitc); code != rt::kDone)
    return code;
  mlir::FailureOr<std::string> cpp = native::printCpp(session.module());
  session.flushDiagnostics();
  if (failed(cpp))
    return rt::kInternal;
  program.cpp = std::move(*cpp);
  return rt::kDone;
}
