// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The map of Vars: where each element of each state is, and how it looks there.
#include "compiler/neurocore/lower/Lowering.h"

#include "dialect/proc/Limits.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
struct Place {
  StringRef space;
  FlatSymbolRefAttr owner = {};
  int64_t index = 0, slot = 0, start = 0, count = 1, stride = 1, first = 0;
  bool copies = false;
  Affine affine = {};
};

class VarEmitter {
public:
  explicit VarEmitter(Lowering &lowering) : lowering(lowering), builder(lowering.builder) {}

  LogicalResult run();

private:
  void emitState(step::StateOp state);
  void emitHidden(step::StateOp state, StringRef reason);
  std::vector<int32_t> storedElements(step::StateOp state);
  void placeEntries(step::StateOp state);
  bool hasMultapses(step::StateOp state);
  void emitMessages();
  void emitPort(const ProbedPort &port);
  void placeOutputs(Value message);
  LogicalResult checkAccesses();
  VarOp open(StringRef name, RankedTensorType type, StringRef unwritable);
  void place(const Place &place);
  void placeRuns(Place place, ArrayRef<int64_t> map, int64_t start, int64_t stride);
  bool placeNeuronState(step::StateOp state);
  bool placeBuffer(step::StateOp state);
  std::optional<std::pair<int64_t, int64_t>> limitsOf(step::StateOp state);
  bool isInternal(step::StateOp state);
  FlatSymbolRefAttr processorOf(StringRef state) {
    unsigned number = lowering.processorOfState.lookup(state);
    return FlatSymbolRefAttr::get(lowering.processors[number].getSymNameAttr());
  }
  void dropEmptyProgram();
  FlatSymbolRefAttr symbolOf(size_t population) {
    return FlatSymbolRefAttr::get(lowering.populations[population].getSymNameAttr());
  }

  Lowering &lowering;
  OpBuilder &builder;
  llvm::StringSet<> weights, delays, hidden, shared, keys;
};
} // namespace

void VarEmitter::place(const Place &place) {
  auto number = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  PlaceOp::create(builder, lowering.program.getLoc(), builder.getStringAttr(place.space),
                  place.owner, number(place.index), number(place.slot), number(place.start),
                  number(place.count), number(place.stride), number(place.first),
                  place.copies ? builder.getUnitAttr() : UnitAttr(), number(place.affine.scale),
                  number(place.affine.offset), number(place.affine.shift));
}

/// Places of neurons that have element map[i], in runs of neighbours.
void VarEmitter::placeRuns(Place at, ArrayRef<int64_t> map, int64_t start, int64_t stride) {
  for (size_t i = 0; i < map.size();) {
    size_t end = i + 1;
    while (map[i] >= 0 && end < map.size() && map[end] == map[end - 1] + 1)
      ++end;
    if (map[i] >= 0) {
      at.start = start + map[i] * stride;
      at.stride = stride;
      at.first = int64_t(i);
      at.count = int64_t(end - i);
      place(at);
    }
    i = end;
  }
}

VarOp VarEmitter::open(StringRef name, RankedTensorType type, StringRef unwritable) {
  auto var = VarOp::create(builder, lowering.program.getLoc(), builder.getStringAttr(name),
                           TypeAttr::get(type), ArrayAttr(), StringAttr(),
                           unwritable.empty() ? StringAttr() : builder.getStringAttr(unwritable),
                           DenseI64ArrayAttr(), UnitAttr(), UnitAttr());
  builder.setInsertionPointToEnd(&var.getBody().emplaceBlock());
  return var;
}

bool VarEmitter::placeNeuronState(step::StateOp state) {
  bool found = false;
  StringAttr name = state.getSymNameAttr();
  for (size_t number = 0; number < lowering.populations.size(); ++number) {
    const Population *population = lowering.neurons.populations[number].get();
    auto numbers = [&](const std::vector<PerNeuron> &list, StringRef space) {
      for (auto [i, entry] : llvm::enumerate(list)) {
        if (entry.state != name)
          continue;
        Place at{space, symbolOf(number), int64_t(i)};
        at.copies = entry.scalar && population->count > 1;
        at.count = entry.scalar ? 1 : population->count;
        place(at);
        found = true;
      }
    };
    numbers(population->slots, "state");
    numbers(population->parameters, "parameter");
    for (auto [i, constant] : llvm::enumerate(population->constants)) {
      if (constant.state != name)
        continue;
      Place at{"constant", symbolOf(number), int64_t(i)};
      at.affine = constant.affine;
      place(at);
      found = true;
    }
  }
  return found;
}

bool VarEmitter::placeBuffer(step::StateOp state) {
  const auto *it = lowering.neurons.buffers.find(state.getSymNameAttr());
  if (it == lowering.neurons.buffers.end())
    return false;
  const Buffer &buffer = it->second;
  for (auto [number, population] : llvm::enumerate(lowering.neurons.populations))
    for (auto [i, input] : llvm::enumerate(population->inputs)) {
      if (input.buffer != &buffer)
        continue;
      for (int64_t column = 0; column < buffer.columns; ++column) {
        Place at{"accumulator", symbolOf(number), int64_t(i), column};
        at.affine.shift = -buffer.shift;
        placeRuns(at, input.map, column, buffer.columns);
      }
    }
  return true;
}

/// States that the user has not declared, and floats, which no map can have.
bool VarEmitter::isInternal(step::StateOp state) {
  return hidden.contains(state.getSymName()) ||
         !isa<IntegerType>(cast<ShapedType>(state.getType()).getElementType());
}

/// A Var that nobody can look at, and why.
void VarEmitter::emitHidden(step::StateOp state, StringRef reason) {
  VarOp var = open(state.getSymName(), outsideType(state), reason);
  var.setUnreadable(reason);
}

/// Of a sparse Var: which element of its matrix each stored entry is.
std::vector<int32_t> VarEmitter::storedElements(step::StateOp state) {
  std::vector<int32_t> elements = outsideElements(*lowering.flat, state);
  step::StateOp offsets = lowering.flat->states.lookup(state.getSparse()->getOffsets().getAttr());
  elements.resize(integersOf(offsets.getInit(), true).back()); // perhaps there is room for more
  return elements;
}

/// A sparse Var in the memory of an embedded program, in runs of entries at equal distances.
void VarEmitter::placeEntries(step::StateOp state) {
  std::vector<int32_t> elements = storedElements(state);
  Place at{"embedded", processorOf(state.getSymName())};
  for (size_t i = 0, end; i < elements.size(); i = end) {
    end = i + 1;
    at.stride = end < elements.size() ? elements[end] - elements[i] : 1;
    while (end < elements.size() && at.stride > 0 && elements[end] - elements[end - 1] == at.stride)
      ++end;
    at.stride = std::max<int64_t>(at.stride, 1);
    at.start = elements[i];
    at.first = int64_t(i);
    at.count = int64_t(end - i);
    place(at);
  }
}

/// Whether several stored entries are at one place: what is read there is their sum.
bool VarEmitter::hasMultapses(step::StateOp state) {
  if (!state.getSparse())
    return false;
  std::vector<int32_t> places = storedElements(state);
  llvm::sort(places);
  return std::adjacent_find(places.begin(), places.end()) != places.end();
}

/// What a Var can be set to: within its limits, and, of accumulators, what neurons go by.
std::optional<std::pair<int64_t, int64_t>> VarEmitter::limitsOf(step::StateOp state) {
  std::optional<std::pair<int64_t, int64_t>> result;
  if (std::optional<proc::LimitsAttr> limits = state.getLimits()) {
    proc::Bounds bounds = proc::boundsOf(*limits);
    result = {bounds.low, bounds.high};
  }
  for (const auto &population : lowering.neurons.populations)
    for (const Input &input : population->inputs)
      if (input.buffer->state == state.getSymNameAttr() && input.settable) {
        auto [low, high] = result.value_or(std::pair(INT64_MIN, INT64_MAX));
        result = {std::max(low, -*input.settable), std::min(high, *input.settable)};
      }
  return result;
}

void VarEmitter::emitState(step::StateOp state) {
  StringRef name = state.getSymName();
  if (isInternal(state))
    return;
  bool isOwned = lowering.flat->owned.contains(state.getSymNameAttr());
  bool isWeights = weights.contains(name), isDelays = delays.contains(name);
  OpBuilder::InsertionGuard guard(builder);
  bool isChained = lowering.chained.contains(name);
  if (shared.contains(name) || (isChained && isDelays))
    return emitHidden(state, isChained ? "of synapses that are parts of wider weights"
                                       : "it is added up with others before neurons see it");
  if (keys.contains(name))
    return emitHidden(state, "random numbers of neurons are drawn with it");
  bool isOnNeurons =
      isOwned || isWeights || isDelays || lowering.neurons.buffers.contains(state.getSymNameAttr());
  if (!isOnNeurons && lowering.processors.empty())
    return emitHidden(state, "no neuron has it, and the chip has no embedded processors");
  std::string unwritable;
  const auto *buffer = lowering.neurons.buffers.find(state.getSymNameAttr());
  if (buffer != lowering.neurons.buffers.end() && buffer->second.shift > 0)
    unwritable =
        "it is a sum of weights, times " + std::to_string(int64_t(1) << buffer->second.shift);
  if (isDelays)
    unwritable = "delays stay as they are on a chip";
  if (isChained)
    unwritable = "its weights are so wide that each is two synapses";
  bool isSummed = isChained || hasMultapses(state);
  if (isSummed && unwritable.empty())
    unwritable = "it has several entries at one place";
  VarOp var = open(name, outsideType(state), unwritable);
  if (std::optional<std::pair<int64_t, int64_t>> limits = limitsOf(state))
    var.setLimitsAttr(builder.getDenseI64ArrayAttr({limits->first, limits->second}));
  if (lowering.evaluated.contains(name))
    var.setSettled(true);
  var.setSummed(isSummed);
  SmallVector<Attribute> ports;
  for (auto port : lowering.program.getBody().getOps<step::VarPortOp>())
    if (port.getState() == name)
      ports.push_back(port.getSymNameAttr());
  if (!ports.empty())
    var.setPortsAttr(builder.getArrayAttr(ports));
  // Places follow each other: what the others leave has none.
  if (isWeights || isDelays) {
    place({isWeights ? "weight" : "delay"});
    return place({"nothing"});
  }
  if (state.getSparse()) {
    placeEntries(state);
    return place({"nothing"});
  }
  bool placed = placeBuffer(state) || (isOwned && placeNeuronState(state));
  if (!placed) {
    Place at{"embedded", processorOf(name)};
    at.count = cast<ShapedType>(state.getType()).getNumElements();
    place(at);
  }
}

/// What passes between embedded processes and neurons within a step.
void VarEmitter::emitMessages() {
  for (auto &[placeholder, name] : lowering.inputVars) {
    OpBuilder::InsertionGuard guard(builder);
    auto type = cast<RankedTensorType>(placeholder.getType());
    auto element = cast<IntegerType>(type.getElementType());
    auto declared = RankedTensorType::get(
        type.getShape(),
        element.getWidth() == 1
            ? Type(element)
            : IntegerType::get(builder.getContext(), element.getWidth(), IntegerType::Signed));
    open(name, declared, "");
    for (auto [number, population] : llvm::enumerate(lowering.neurons.populations))
      for (auto [i, parameter] : llvm::enumerate(population->parameters))
        if (parameter.message == placeholder)
          placeRuns({"parameter", symbolOf(number), int64_t(i)}, parameter.map, 0, 1);
  }
  for (auto &[original, name] : lowering.sentVars) {
    OpBuilder::InsertionGuard guard(builder);
    const NeuronMessage &message = lowering.flat->sent.find(original)->second;
    auto type = cast<RankedTensorType>(message.value.getType());
    auto element = cast<IntegerType>(type.getElementType());
    open(name,
         RankedTensorType::get(
             type.getShape(),
             element.getWidth() == 1
                 ? Type(element)
                 : IntegerType::get(builder.getContext(), element.getWidth(), IntegerType::Signed)),
         "neurons send it");
    placeOutputs(message.value);
    place({"nothing"}); // what is 0 whatever happens is not sent
  }
}

void VarEmitter::emitPort(const ProbedPort &port) {
  step::PortOp op = port.port;
  auto type = cast<RankedTensorType>(op.getType());
  if (!isa<IntegerType>(type.getElementType()))
    return;
  OpBuilder::InsertionGuard guard(builder);
  // Where there was no room to send it on, nobody can record it.
  if (port.value)
    for (Value base : originsOf(*lowering.flat, port.value, Through::Moves).bases)
      if (!lowering.neurons.outputOf.contains(base))
        return;
  auto created =
      PortOp::create(builder, op.getLoc(), op.getSymNameAttr(), TypeAttr::get(type), StringAttr());
  builder.setInsertionPointToEnd(&created.getBody().emplaceBlock());
  if (port.value)
    return placeOutputs(port.value);
  // An embedded process sends it: what it has sent is in a state of its own.
  StringAttr state = lowering.messageStates.lookup(port.original);
  Place at{"embedded", processorOf(state)};
  at.count = type.getNumElements();
  place(at);
  created.setStateAttr(state);
}

/// What neurons send, element by element of a message.
void VarEmitter::placeOutputs(Value message) {
  Origins origins = originsOf(*lowering.flat, message, Through::Moves);
  for (size_t number = 0; number < origins.bases.size(); ++number) {
    auto [population, output] = lowering.neurons.outputOf.find(origins.bases[number])->second;
    const Buffer *buffer = bufferOf(lowering.neurons.buffers, origins.bases[number]);
    int64_t columns = buffer ? buffer->columns : 1;
    auto isRun = [&](int64_t i) {
      return origins.base[i] == int32_t(number) && origins.base[i - 1] == int32_t(number) &&
             origins.index[i] == origins.index[i - 1] + columns;
    };
    for (int64_t i = 0, end = int64_t(origins.index.size()); i < end;) {
      int64_t next = i + 1;
      while (next < end && isRun(next))
        ++next;
      Place at{"output", symbolOf(population), int64_t(output)};
      at.start = i;
      at.first = origins.index[i] / columns;
      at.count = next - i;
      if (origins.base[i] == int32_t(number))
        place(at);
      i = next;
    }
  }
}

/// Whether all that others access through RefPorts can be read and written.
LogicalResult VarEmitter::checkAccesses() {
  llvm::StringMap<VarOp> known;
  for (auto var : lowering.network.getBody().getOps<VarOp>())
    known[var.getName()] = var;
  auto check = [&](Operation *op, StringRef state, bool writes) -> LogicalResult {
    VarOp var = known.lookup(state);
    if (!var)
      return op->emitError("'") << state << "' cannot be accessed on a chip: it has no place there";
    if (std::optional<StringRef> reason = writes ? var.getUnwritable() : var.getUnreadable())
      return op->emitError("'") << state << "' cannot be " << (writes ? "written" : "read")
                                << " on a chip: " << *reason;
    return success();
  };
  WalkResult result = lowering.program.walk([&](Operation *op) {
    if (auto get = dyn_cast<step::GetOp>(op); get && get.getVia())
      return WalkResult(check(op, get.getState(), false));
    if (auto set = dyn_cast<step::SetOp>(op); set && set.getVia())
      return WalkResult(check(op, set.getState(), true));
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// One that was there for Vars without code, of which there turned out to be none.
void VarEmitter::dropEmptyProgram() {
  if (lowering.processors.size() == 1 && lowering.processors.front().getInstances().empty() &&
      SymbolTable::symbolKnownUseEmpty(lowering.processors.front(), lowering.network)) {
    lowering.processors.front().erase();
    lowering.processors.clear();
  }
}

LogicalResult VarEmitter::run() {
  builder.setInsertionPointToEnd(&lowering.network.getBody().front());
  lowering.visitProducts(true, [&](const Product &product) {
    if (product.weights)
      weights.insert(product.weights.getValue());
    if (product.delays)
      delays.insert(product.delays.getValue());
  });
  for (const auto &population : lowering.neurons.populations) {
    for (const Site &site : population->sites)
      keys.insert(site.state.getValue());
    for (const SharedInput &input : population->sharedInputs) {
      shared.insert(input.buffer->state.getValue());
      // With others' input in it, the accumulator is not what a Var was.
      shared.insert(population->inputs[input.input].buffer->state.getValue());
    }
  }
  for (auto &[value, name] : lowering.messageStates)
    hidden.insert(name.getValue());
  SmallVector<step::StateOp> states(lowering.program.getBody().getOps<step::StateOp>());
  for (step::StateOp state : states)
    if (std::optional<proc::SparseAttr> sparse = state.getSparse()) {
      hidden.insert(sparse->getOffsets().getValue());
      hidden.insert(sparse->getTargets().getValue());
    }
  for (step::StateOp state : states)
    emitState(state);
  emitMessages();
  for (const ProbedPort &port : lowering.flat->ports)
    emitPort(port);
  for (auto alias : lowering.program.getBody().getOps<step::AliasOp>())
    AliasOp::create(builder, alias.getLoc(), alias.getAliasAttr(),
                    builder.getStringAttr(alias.getState()));
  dropEmptyProgram();
  return checkAccesses();
}

LogicalResult emitVars(Lowering &lowering) { return VarEmitter(lowering).run(); }

} // namespace basalt::neurocore
