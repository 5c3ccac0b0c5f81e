// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// compileEmbedded: passes, stages, and what the program turns out to be.
#include "compiler/neurocore/embedded/Embedded.h"

#include "compiler/llvm/Passes.h"
#include "compiler/lower/Passes.h"
#include "compiler/neurocore/embedded/Stages.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {

class Compilation {
public:
  Compilation(ModuleOp original, const EmbeddedOptions &options)
      : options(options), original(original), clone(cast<ModuleOp>(original->clone())),
        module(*clone) {}

  FailureOr<EmbeddedObject> run();

private:
  LogicalResult lower();
  LogicalResult collectStates();
  void collectCalls();
  void numberRequests();
  void collectExchange(Operation *op);
  LogicalResult checkSize(StringRef what, uint64_t needed, uint64_t limit);

  const EmbeddedOptions &options;
  ModuleOp original;
  OwningOpRef<ModuleOp> clone;
  ModuleOp module;
  EmbeddedObject result;
  llvm::SmallSetVector<StringAttr, 8> reads, writes, injectors, channels;
  std::vector<std::string> functions; // of the entries
};

LogicalResult Compilation::lower() {
  PassManager passes(module.getContext());
  LowerToLoopsOptions perTask;
  perTask.perTask = true;
  passes.addPass(createLowerToLoops(perTask));
  return passes.run(module);
}

LogicalResult Compilation::collectStates() {
  for (auto program : module.getOps<step::ProgramOp>())
    for (auto state : program.getBody().getOps<step::StateOp>()) {
      bool isRemote = options.remotes.contains(state.getSymName());
      if (isRemote && state.getBySource())
        return state.emitError("'")
               << state.getSymName() << "' is kept transposed, which a copy of a Var cannot be";
      if (isRemote)
        continue;
      unsigned bits = cast<ShapedType>(state.getType()).getElementTypeBitWidth();
      result.states.push_back({state.getSymName().str(), 0,
                               uint32_t(llvm::PowerOf2Ceil(std::max(bits, 8U)) / 8),
                               state.getBySource()});
    }
  return success();
}

void Compilation::collectCalls() {
  for (auto function : module.getOps<func::FuncOp>())
    if (auto phase = function->getAttrOfType<StringAttr>("rt.phase")) {
      auto instance = function->getAttrOfType<StringAttr>("rt.instance");
      result.entries.push_back({phase.str(), instance.str(), 0});
      functions.push_back(function.getSymName().str());
    }
}

void Compilation::collectExchange(Operation *op) {
  auto name = op->getAttrOfType<StringAttr>("other");
  auto kind = ExternalKind::Var;
  if (isa<rtop::InjectOp>(op)) {
    kind = ExternalKind::Injector;
    injectors.insert(name);
  } else if (isa<rtop::SendOp, rtop::ReceiveOp>(op)) {
    kind = ExternalKind::Channel;
    channels.insert(name);
  } else {
    (isa<rtop::FetchOp>(op) ? reads : writes).insert(name);
  }
  if (options.numberOf)
    op->setAttr("rt.number",
                Builder(op).getI64IntegerAttr(options.numberOf(kind, name.getValue())));
}

void Compilation::numberRequests() {
  module.walk([&](Operation *op) {
    if (op->hasAttr("other"))
      return collectExchange(op);
    if (!options.siteOf || !isa<rtop::AssertOp, rtop::IndexOp>(op))
      return;
    StringRef instance = op->getAttrOfType<StringAttr>("instance").getValue();
    op->setAttr("rt.number", Builder(op).getI64IntegerAttr(options.siteOf(op->getLoc(), instance)));
  });
  auto names = [](const llvm::SmallSetVector<StringAttr, 8> &set) {
    std::vector<std::string> result;
    for (StringAttr name : set)
      result.push_back(name.str());
    return result;
  };
  result.reads = names(reads);
  result.writes = names(writes);
  result.injectors = names(injectors);
  result.channels = names(channels);
}

/// An error names who is in the program, and stands at the largest Var or at the first code.
LogicalResult Compilation::checkSize(StringRef what, uint64_t needed, uint64_t limit) {
  if (needed <= limit)
    return success();
  Location place = module.getLoc();
  llvm::SmallSetVector<StringAttr, 8> instances;
  int64_t largest = 0;
  original.walk([&](Operation *op) {
    if (auto task = dyn_cast<step::TaskOp>(op)) {
      instances.insert(task.getInstanceAttr());
      if (largest == 0 && place == module.getLoc())
        place = task.getLoc();
    }
    auto state = dyn_cast<step::StateOp>(op);
    if (!state || what != "data" || options.remotes.contains(state.getSymName()))
      return;
    auto type = cast<ShapedType>(state.getType());
    int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
    if (bits > largest) {
      largest = bits;
      place = state.getLoc();
    }
  });
  InFlightDiagnostic error = emitError(place) << "the embedded program of ";
  llvm::interleaveComma(instances, error,
                        [&](StringAttr name) { error << "'" << name.getValue() << "'"; });
  return error << " needs " << needed << " bytes of " << what << ", where " << limit
               << " are there";
}

FailureOr<EmbeddedObject> Compilation::run() {
  for (auto program : module.getOps<step::ProgramOp>())
    exposeRemotes(program, options.remotes);
  if (failed(lower()))
    return failure();
  if (failed(collectStates()))
    return failure();
  collectCalls();
  numberRequests();
  PassManager passes(module.getContext());
  passes.addPass(createLowerToLLVM());
  if (failed(passes.run(module)))
    return failure();

  std::vector<std::string> keep = functions;
  for (const EmbeddedState &state : result.states)
    keep.push_back(state.name);
  std::string reason;
  FailureOr<Relocatable> object = generateObject(module, keep, &reason);
  if (failed(object))
    return module.emitError("the embedded program cannot be compiled: ") << reason;
  // Deeper than any path is what a call by the environment itself may need.
  result.stackBytes = uint32_t(llvm::alignTo(object->stackBytes + 64, 16));
  if (failed(checkSize("stack", result.stackBytes, options.stackBytes)))
    return failure();
  FailureOr<Linked> linked = linkProgram(object->bytes, result.stackBytes, keep, &reason);
  if (failed(linked))
    return module.emitError("the embedded program cannot be linked: ") << reason;
  result.bytes = std::move(linked->bytes);
  result.memoryBytes = linked->memoryBytes;
  result.codeBytes = linked->codeBytes;
  result.dataBytes = linked->dataBytes;
  for (auto [entry, function] : llvm::zip(result.entries, functions))
    entry.address = linked->symbols.lookup(function);
  for (EmbeddedState &state : result.states)
    state.address = linked->symbols.lookup(state.name);
  if (failed(checkSize("code", result.codeBytes, options.codeBytes)) ||
      failed(checkSize("data", result.dataBytes, options.dataBytes)))
    return failure();
  return std::move(result);
}

} // namespace

FailureOr<EmbeddedObject> compileEmbedded(ModuleOp module, const EmbeddedOptions &options) {
  return Compilation(module, options).run();
}

} // namespace basalt::neurocore
