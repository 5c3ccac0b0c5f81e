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

/// More elements than this are left to the run.
constexpr int64_t kMaxElements = 1 << 16;

/// Evaluates what can be known of the init of an instance.
class InitCheck {
public:
  InitCheck(proc::InstanceOp instance, proc::ProcessOp process);
  LogicalResult run(proc::PhaseOp init);

private:
  using Known = std::optional<interp::Tensor>;
  Known valueOf(Value value);
  Known evaluate(Operation *op);
  Known initialValue(StringAttr var);

  proc::InstanceOp instance;
  proc::ProcessOp process;
  llvm::DenseMap<StringAttr, proc::ValueOp> given;
  llvm::DenseSet<StringAttr> changed; // Vars that init has set by now
  llvm::DenseMap<Value, Known> known;
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
  ElementsAttr elements;
  if (proc::ValueOp value = given.lookup(var)) {
    if (!value.getDistribution())
      elements = value.getValue();
  } else if (auto declared = dyn_cast_or_null<proc::VarOp>(proc::lookupMember(process, var))) {
    elements = declared.getInit().value_or(ElementsAttr());
  }
  auto dense = dyn_cast_or_null<DenseElementsAttr>(elements);
  if (!dense || dense.getNumElements() > kMaxElements)
    return std::nullopt;
  return interp::Tensor::fromAttr(dense);
}

InitCheck::Known InitCheck::evaluate(Operation *op) {
  if (auto get = dyn_cast<proc::GetOp>(op))
    return changed.contains(get.getVarAttr().getAttr()) ? std::nullopt
                                                        : initialValue(get.getVarAttr().getAttr());
  if (std::optional<DenseElementsAttr> constant = interp::constantOf(op->getResult(0)))
    return constant->getNumElements() <= kMaxElements ? Known(interp::Tensor::fromAttr(*constant))
                                                      : std::nullopt;
  auto tensor = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!num::isValueOp(op) || op->getNumResults() != 1 ||
      (tensor && tensor.getNumElements() > kMaxElements))
    return std::nullopt;
  SmallVector<interp::Tensor> operands;
  for (Value operand : op->getOperands()) {
    Known value = valueOf(operand);
    if (!value)
      return std::nullopt;
    operands.push_back(*value);
  }
  FailureOr<SmallVector<interp::Tensor>> results = interp::evaluate(op, operands);
  return succeeded(results) ? Known(results->front()) : std::nullopt;
}

/// Known once it has been looked at, at a moment that does not matter: what a value is made of has
/// been read before.
InitCheck::Known InitCheck::valueOf(Value value) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  Operation *op = value.getDefiningOp();
  return known[value] = op ? evaluate(op) : std::nullopt;
}

LogicalResult InitCheck::run(proc::PhaseOp init) {
  for (Operation &op : init.getBody().front()) {
    op.walk([&](proc::SetOp set) { changed.insert(set.getVarAttr().getAttr()); });
    if (auto get = dyn_cast<proc::GetOp>(op))
      valueOf(get.getResult()); // before it changes
    auto assertion = dyn_cast<proc::AssertOp>(op);
    if (!assertion)
      continue;
    Known holds = valueOf(assertion.getCondition());
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
