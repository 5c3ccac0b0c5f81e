// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// check-initial-asserts: what init asserts of the initial values; see Passes.td.
#include "compiler/interpret/Evaluator.h"
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Scopes.h"
#include "dialect/num/Num.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CHECKINITIALASSERTS
#include "compiler/resolve/Passes.h.inc"

namespace {

/// An instance whose assertions need more elements than this, in all, is left to the run.
constexpr int64_t kMaxElements = 1 << 18;

/// Evaluates what can be known of the init of an instance.
class InitCheck {
public:
  InitCheck(proc::InstanceOp instance, proc::ProcessOp process);
  LogicalResult run(proc::PhaseOp init);

private:
  using Known = std::optional<interp::Tensor>;
  Known evaluate(Operation *op);
  Known initialValue(StringAttr var);
  /// Whether a value of this type may be computed, too.
  bool canAfford(Type type);

  proc::InstanceOp instance;
  proc::ProcessOp process;
  llvm::DenseMap<StringAttr, proc::ValueOp> given;
  llvm::DenseSet<StringAttr> changed; // Vars that init has set by now
  llvm::DenseMap<Value, Known> known; // what assertions depend on
  int64_t elements = 0;               // of those
};

struct CheckInitialAssertsPass : impl::CheckInitialAssertsBase<CheckInitialAssertsPass> {
  void runOnOperation() override;
};

} // namespace

InitCheck::InitCheck(proc::InstanceOp instance, proc::ProcessOp process)
    : instance(instance), process(process) {
  if (!instance.getValues().empty())
    for (auto value : instance.getValues().getOps<proc::ValueOp>())
      given[value.getVarAttr().getAttr()] = value;
}

InitCheck::Known InitCheck::initialValue(StringAttr var) {
  ElementsAttr initial;
  if (proc::ValueOp value = given.lookup(var)) {
    if (!value.getDistribution())
      initial = value.getValue();
  } else if (auto declared = dyn_cast_or_null<proc::VarOp>(proc::lookupMember(process, var))) {
    initial = declared.getInit().value_or(ElementsAttr());
  }
  auto dense = dyn_cast_or_null<DenseElementsAttr>(initial);
  return dense ? Known(interp::Tensor::fromAttr(dense)) : std::nullopt;
}

bool InitCheck::canAfford(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  int64_t more = tensor ? tensor.getNumElements() : 1;
  if (more > kMaxElements - elements)
    return false;
  elements += more;
  return true;
}

InitCheck::Known InitCheck::evaluate(Operation *op) {
  if (!canAfford(op->getResult(0).getType()))
    return std::nullopt;
  if (auto get = dyn_cast<proc::GetOp>(op))
    return changed.contains(get.getVarAttr().getAttr()) ? std::nullopt
                                                        : initialValue(get.getVarAttr().getAttr());
  if (std::optional<DenseElementsAttr> constant = interp::constantOf(op->getResult(0)))
    return interp::Tensor::fromAttr(*constant);
  if (!num::isValueOp(op))
    return std::nullopt;
  SmallVector<interp::Tensor> operands;
  for (Value operand : op->getOperands()) {
    Known value = known.lookup(operand);
    if (!value)
      return std::nullopt;
    operands.push_back(*value);
  }
  FailureOr<SmallVector<interp::Tensor>> results = interp::evaluate(op, operands);
  return succeeded(results) ? Known(results->front()) : std::nullopt;
}

/// The ops of the block that its assertions depend on.
static llvm::DenseSet<Operation *> neededOps(Block &block) {
  llvm::DenseSet<Operation *> needed;
  for (Operation &op : llvm::reverse(block))
    if (isa<proc::AssertOp>(op) || needed.contains(&op))
      for (Value operand : op.getOperands())
        if (Operation *producer = operand.getDefiningOp())
          needed.insert(producer);
  return needed;
}

LogicalResult InitCheck::run(proc::PhaseOp init) {
  Block &block = init.getBody().front();
  llvm::DenseSet<Operation *> needed = neededOps(block);
  for (Operation &op : block) {
    op.walk([&](proc::SetOp set) { changed.insert(set.getVarAttr().getAttr()); });
    if (needed.contains(&op) && op.getNumResults() == 1)
      known[op.getResult(0)] = evaluate(&op);
    auto assertion = dyn_cast<proc::AssertOp>(op);
    if (!assertion)
      continue;
    Known holds = known.lookup(assertion.getCondition());
    if (!holds || holds->truth())
      continue;
    InFlightDiagnostic error = instance.emitError()
                               << "the initial values of '" << instance.getSymName()
                               << "' are refused: " << assertion.getMessage();
    error.attachNote(assertion.getLoc()) << "this does not hold when the run begins";
    return error;
  }
  return success();
}

void CheckInitialAssertsPass::runOnOperation() {
  proc::NetworkOp network = rootNetwork(getOperation());
  if (!network)
    return;
  SymbolTableCollection tables;
  bool ok = true;
  for (auto instance : network.getBody().getOps<proc::InstanceOp>()) {
    proc::ProcessOp process = proc::lookupProcess(instance, &tables);
    proc::ModelOp model = proc::modelOf(process);
    proc::PhaseOp init = model ? proc::phaseOf(model, proc::PhaseKind::Init) : proc::PhaseOp();
    if (init)
      ok &= succeeded(InitCheck(instance, process).run(init));
  }
  if (!ok)
    signalPassFailure();
}

} // namespace basalt
