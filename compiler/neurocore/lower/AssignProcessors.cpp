// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which embedded processor runs what. Instances whose code accesses the same Vars stay together, so
// that every access but those of neurons is one of memory; what passes between others are messages,
// and these go through channels. Chips after the first are for what does not fit its processors.
#include "compiler/neurocore/lower/Lowering.h"

#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/EquivalenceClasses.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Assigner {
public:
  explicit Assigner(Lowering &lowering) : lowering(lowering) {}

  LogicalResult run();

private:
  void collect();
  LogicalResult check();
  LogicalResult checkCode(Operation *code, StringRef instance);
  void addUses(Operation *code, StringRef instance);
  void joinMessages();
  size_t distribute();
  llvm::DenseMap<StringAttr, int64_t> codeOfParts() const;
  llvm::DenseMap<StringAttr, int64_t> dataOfParts() const;
  unsigned processorFor(int64_t code, int64_t data);
  size_t countChannels() const;
  void emit();

  /// What stays together: instances and states, by name.
  using Parts = llvm::EquivalenceClasses<StringAttr>;

  Lowering &lowering;
  Parts parts;
  llvm::SetVector<StringAttr> instances, states; // in the order of the program
  /// Operations and bytes of data of each processor that is used, chip by chip.
  struct Load {
    int64_t code = 0, data = 0;
  };
  SmallVector<Load> loads;
};
} // namespace

/// Names of instances and of states are told apart by what stands before them.
static StringAttr keyOf(StringRef kind, StringAttr name) {
  return StringAttr::get(name.getContext(), kind + name.getValue());
}
static StringAttr ofInstance(StringAttr name) { return keyOf("i ", name); }
static StringAttr ofState(StringAttr name) { return keyOf("s ", name); }

void Assigner::addUses(Operation *code, StringRef instance) {
  StringAttr name = StringAttr::get(code->getContext(), instance);
  if (lowering.instances.contains(instance))
    return;
  instances.insert(name);
  parts.insert(ofInstance(name));
  auto uses = SymbolTable::getSymbolUses(code);
  for (SymbolTable::SymbolUse use : *uses) {
    StringAttr state = use.getSymbolRef().getRootReference();
    if (states.contains(state))
      parts.unionSets(ofInstance(name), ofState(state));
  }
}

void Assigner::collect() {
  llvm::DenseSet<StringAttr> unfed; // that no neuron has
  lowering.visitProducts(false, [&](const Product &product) {
    for (StringAttr name : {product.weights, product.delays})
      if (name)
        unfed.insert(name);
  });
  for (auto state : lowering.program.getBody().getOps<step::StateOp>())
    if ((unfed.contains(state.getSymNameAttr()) ||
         !lowering.flat->owned.contains(state.getSymNameAttr())) &&
        !lowering.neurons.buffers.contains(state.getSymNameAttr()))
      states.insert(state.getSymNameAttr());
  for (StringAttr state : states)
    parts.insert(ofState(state));
  for (auto state : lowering.program.getBody().getOps<step::StateOp>())
    if (std::optional<proc::SparseAttr> sparse = state.getSparse();
        sparse && states.contains(state.getSymNameAttr()))
      for (FlatSymbolRefAttr part : {sparse->getOffsets(), sparse->getTargets()})
        if (states.contains(part.getAttr()))
          parts.unionSets(ofState(state.getSymNameAttr()), ofState(part.getAttr()));
  for (auto phase : lowering.program.getBody().getOps<step::PhaseOp>())
    for (auto task : phase.getBody().getOps<step::TaskOp>())
      addUses(task, task.getInstance());
  for (auto guard : lowering.program.getBody().getOps<step::GuardOp>())
    addUses(guard, guard.getInstance());
}

LogicalResult Assigner::checkCode(Operation *code, StringRef instance) {
  if (lowering.instances.contains(instance))
    return success();
  if (lowering.target.embedded.count == 0)
    return code->emitError("'") << instance << "' runs on an embedded processor, and '"
                                << lowering.target.name << "' has none";
  auto isFloat = [](Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); };
  bool any = false;
  Operation *place = nullptr;
  code->walk([&](Operation *op) {
    bool computes = llvm::any_of(op->getOperandTypes(), isFloat) ||
                    (op != code && llvm::any_of(op->getResultTypes(), isFloat));
    any |= computes;
    // Constants may be from anywhere.
    if (computes && !place && !op->hasTrait<OpTrait::ConstantLike>())
      place = op;
  });
  if (!any)
    return success();
  InFlightDiagnostic error = (place ? place : code)->emitError("'")
                             << instance << "' computes with floats, which no embedded processor "
                             << "has";
  error.attachNote() << "models of the library that compute with integers have the tag 'fixed_pt' "
                        "(--tag fixed_pt)";
  return failure();
}

/// That a processor can run it at all.
LogicalResult Assigner::check() {
  for (auto phase : lowering.program.getBody().getOps<step::PhaseOp>())
    for (auto task : phase.getBody().getOps<step::TaskOp>())
      if (failed(checkCode(task, task.getInstance())))
        return failure();
  for (auto guard : lowering.program.getBody().getOps<step::GuardOp>())
    if (failed(checkCode(guard, guard.getInstance())))
      return failure();
  return success();
}

/// Keeps together who exchanges messages.
void Assigner::joinMessages() {
  lowering.program.walk([&](step::TaskOp task) {
    if (lowering.instances.contains(task.getInstance()))
      return;
    task->walk([&](Operation *op) {
      for (Value operand : op->getOperands()) {
        auto from = operand.getDefiningOp<step::TaskOp>();
        if (!from || lowering.instances.contains(from.getInstance()))
          continue;
        parts.unionSets(ofInstance(task.getInstanceAttr()), ofInstance(from.getInstanceAttr()));
      }
    });
  });
}

/// Operations of parts, by their leaders.
llvm::DenseMap<StringAttr, int64_t> Assigner::codeOfParts() const {
  llvm::DenseMap<StringAttr, int64_t> result;
  lowering.program.walk([&](Operation *op) {
    auto task = op->getParentOfType<step::TaskOp>();
    if (task && !lowering.instances.contains(task.getInstance()))
      ++result[parts.getLeaderValue(ofInstance(task.getInstanceAttr()))];
  });
  return result;
}

/// Bytes of the states of parts, by their leaders.
llvm::DenseMap<StringAttr, int64_t> Assigner::dataOfParts() const {
  llvm::DenseMap<StringAttr, int64_t> result;
  for (auto state : lowering.program.getBody().getOps<step::StateOp>()) {
    if (!states.contains(state.getSymNameAttr()))
      continue;
    auto type = cast<ShapedType>(state.getType());
    int64_t bytes = llvm::PowerOf2Ceil(llvm::divideCeil(type.getElementTypeBitWidth(), 8u));
    result[parts.getLeaderValue(ofState(state.getSymNameAttr()))] += bytes * type.getNumElements();
  }
  return result;
}

/// Of those that have room for the data, the one with the least code, on the first chip if it can
/// be.
unsigned Assigner::processorFor(int64_t code, int64_t data) {
  const auto &embedded = lowering.target.embedded;
  int64_t most = embedded.count * lowering.target.chipCount();
  auto hasRoom = [&](const Load &load) { return load.data + data <= embedded.dataBytes; };
  bool isFull = llvm::none_of(loads, hasRoom);
  if (auto used = int64_t(loads.size()); used < embedded.count || (isFull && used < most))
    loads.push_back({});
  // What fits nowhere is reported by who knows all that it takes.
  bool any = llvm::any_of(loads, hasRoom);
  unsigned best = 0;
  for (unsigned i = 1; i < loads.size(); ++i)
    if ((!any || hasRoom(loads[i])) &&
        ((any && !hasRoom(loads[best])) || loads[i].code < loads[best].code))
      best = i;
  loads[best].code += code;
  loads[best].data += data;
  return best;
}

/// Each part goes, in the order of the program, to a processor. Returns how many channels that
/// takes.
size_t Assigner::distribute() {
  llvm::DenseMap<StringAttr, int64_t> code = codeOfParts(), data = dataOfParts();
  llvm::DenseMap<StringAttr, unsigned> processors; // of parts
  loads.clear();
  auto processorOf = [&](StringAttr member) {
    StringAttr leader = parts.getLeaderValue(member);
    auto [it, isNew] = processors.try_emplace(leader, 0);
    if (isNew)
      it->second = processorFor(code.lookup(leader) + 1, data.lookup(leader));
    return it->second;
  };
  for (StringAttr instance : instances)
    lowering.processorOf[instance] = processorOf(ofInstance(instance));
  // Vars that no code accesses need a place and no processor of their own.
  for (StringAttr state : states) {
    auto it = processors.find(parts.getLeaderValue(ofState(state)));
    lowering.processorOfState[state] = it == processors.end() ? 0 : it->second;
  }
  return countChannels();
}

size_t Assigner::countChannels() const {
  std::set<std::pair<void *, unsigned>> channels;
  lowering.program.walk([&](step::TaskOp task) {
    auto to = lowering.processorOf.find(task.getInstance());
    if (to == lowering.processorOf.end())
      return;
    task->walk([&](Operation *op) {
      for (Value operand : op->getOperands())
        if (auto from = operand.getDefiningOp<step::TaskOp>())
          if (auto at = lowering.processorOf.find(from.getInstance());
              at != lowering.processorOf.end() && at->second != to->second)
            channels.insert({operand.getAsOpaquePointer(), to->second});
    });
  });
  return channels.size();
}

void Assigner::emit() {
  OpBuilder builder = OpBuilder::atBlockEnd(&lowering.network.getBody().front());
  SymbolTable symbols(lowering.network);
  // Vars without code need a place, too.
  bool anyState = !states.empty() && lowering.target.embedded.count > 0;
  size_t count = std::max<size_t>(loads.size(), anyState ? 1 : 0);
  int64_t perChip = lowering.target.embedded.count;
  for (size_t number = 0; number < count; ++number) {
    SmallVector<Attribute> names;
    for (StringAttr instance : instances)
      if (lowering.processorOf.lookup(instance) == number)
        names.push_back(instance);
    auto program = EmbeddedOp::create(
        builder, lowering.program.getLoc(), builder.getStringAttr("embedded" + Twine(number)),
        builder.getI64IntegerAttr(int64_t(number) % perChip),
        builder.getI64IntegerAttr(int64_t(number) / perChip), builder.getArrayAttr(names));
    symbols.insert(program);
    lowering.processors.push_back(program);
  }
}

LogicalResult Assigner::run() {
  if (failed(check()))
    return failure();
  collect();
  if (distribute() > size_t(lowering.target.embedded.channels)) {
    joinMessages();
    distribute();
  }
  emit();
  return success();
}

LogicalResult assignProcessors(Lowering &lowering) { return Assigner(lowering).run(); }

} // namespace basalt::neurocore
