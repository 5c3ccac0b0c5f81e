// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Populations as ops, and one program for all that run the same words.
#include "compiler/neurocore/lower/Lowering.h"
#include "compiler/neurocore/select/Compartment.h"
#include "compiler/neurocore/select/Select.h"

#include "runtime/neurocore/Image.h"

#include <map>
#include <numeric>

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Emitter {
public:
  explicit Emitter(Lowering &lowering)
      : lowering(lowering), builder(lowering.builder), symbols(lowering.network) {}

  LogicalResult run();

private:
  LogicalResult addRelays();
  LogicalResult makeKernel(Population &population);
  size_t mostInputs() const;
  void dropOutput(Population &population, size_t number);
  FailureOr<std::pair<ProgramOp, size_t>> select(Population &population);
  FailureOr<ProgramOp> selectBest(Population &population);
  FailureOr<ProgramOp> makeProgram(Population &population);
  LogicalResult emit(Population &population, ProgramOp program);
  LogicalResult emitInput(const Population &population, const Input &input);
  void emitNumbers(const Population &population);
  FailureOr<SmallVector<Attribute>> initialContents(const Population &population,
                                                    const Input &input, unsigned bits);

  Lowering &lowering;
  OpBuilder &builder;
  SymbolTable symbols;
  std::map<std::vector<uint32_t>, ProgramOp> programs;
};
} // namespace

/// Every element of a buffer must be somewhere: where no neurons have them all, there are some that
/// only hold them.
LogicalResult Emitter::addRelays() {
  for (auto &[state, buffer] : lowering.neurons.buffers) {
    std::vector<bool> held(size_t(buffer.elements), false);
    for (const auto &population : lowering.neurons.populations)
      for (const Input &input : population->inputs)
        if (input.buffer == &buffer)
          for (int64_t element : input.map)
            if (element >= 0)
              held[size_t(element)] = true;
    if (llvm::all_of(held, [](bool is) { return is; }))
      continue;
    auto relay = std::make_unique<Population>(step::StateOp(buffer.op).getLoc());
    relay->name = state.str();
    relay->process = "relay";
    relay->count = buffer.elements;
    Input all{&buffer, std::vector<int64_t>(size_t(buffer.elements))};
    std::iota(all.map.begin(), all.map.end(), 0);
    relay->inputs.push_back(std::move(all));
    if (failed(buildKernel(*lowering.flat, lowering.neurons.buffers, *relay, builder)))
      return failure();
    lowering.neurons.populations.push_back(std::move(relay));
  }
  return success();
}

void Emitter::dropOutput(Population &population, size_t number) {
  auto &outputOf = lowering.neurons.outputOf;
  outputOf.erase(population.outputs[number].value);
  population.outputs.erase(population.outputs.begin() + ptrdiff_t(number));
  for (size_t i = number; i < population.outputs.size(); ++i)
    outputOf.find(population.outputs[i].value)->second.second = unsigned(i);
}

/// Builds the kernel. Where there are more inputs than a neuron can have, sums are not sent on just
/// to be recorded: then they can share accumulators.
LogicalResult Emitter::makeKernel(Population &population) {
  Population before = population;
  auto build = [&] {
    return buildKernel(*lowering.flat, lowering.neurons.buffers, population, builder);
  };
  if (failed(build()))
    return failure();
  if (population.inputs.size() <= mostInputs())
    return success();
  population.kernel.erase();
  population = std::move(before);
  for (size_t i = population.outputs.size(); i-- > 0;)
    if (population.outputs[i].optional &&
        bufferOf(lowering.neurons.buffers, population.outputs[i].value))
      dropOutput(population, i);
  return build();
}

size_t Emitter::mostInputs() const {
  return std::min<size_t>(nc::kMostPorts, size_t(lowering.target.accumulators.ports));
}

/// The program, and how long it is, with wide accumulators for two words each.
FailureOr<std::pair<ProgramOp, size_t>> Emitter::select(Population &population) {
  FailureOr<ProgramOp> program =
      selectProgram(*lowering.flat, population, lowering.target, builder);
  if (failed(program))
    return failure();
  if (failed(allocateRegisters(*program, population, lowering.target))) {
    program->erase();
    return failure();
  }
  size_t size = instructionsOf(*program).size();
  for (const Input &input : population.inputs)
    size += input.bits > 32 ? 2 : 0;
  return std::pair(*program, size);
}

/// The program that goes by no more than what weights can bring, or one that is no longer and lets
/// accumulators be set to as much as it can.
FailureOr<ProgramOp> Emitter::selectBest(Population &population) {
  constexpr unsigned kBits[] = {Population::kOpen, 30, 26, 22, 18, 14, 10};
  Population chosen = population;
  FailureOr<std::pair<ProgramOp, size_t>> best = select(chosen);
  for (unsigned bits : kBits) {
    if (population.inputs.empty())
      break;
    ScopedDiagnosticHandler silence(builder.getContext(), [](Diagnostic &) { return success(); });
    Population tried = population;
    tried.settableBits = bits;
    FailureOr<std::pair<ProgramOp, size_t>> made = select(tried);
    if (failed(made))
      continue;
    bool isLonger = succeeded(best) && made->second > best->second;
    if (succeeded(best))
      (isLonger ? *made : *best).first.erase();
    if (isLonger)
      continue;
    best = made;
    chosen = std::move(tried);
    break;
  }
  if (failed(best))
    return failure();
  population = std::move(chosen);
  if (population.settableBits != Population::kOpen)
    for (auto [number, input] : llvm::enumerate(population.inputs))
      input.settable = int64_t(
          std::min<native::Range::Number>(settableRangeOf(population, number).given, INT64_MAX));
  return best->first;
}

/// None for fixed compartments.
FailureOr<ProgramOp> Emitter::makeProgram(Population &population) {
  simplifyKernel(population.kernel);
  if (population.inputs.size() > mostInputs()) {
    shareInputs(population, mostInputs());
    simplifyKernel(population.kernel);
  }
  if (!(lowering.target.neuron.kinds & nc::NeuronProgram)) {
    LogicalResult matches =
        matchCompartment(*lowering.flat, population, lowering.target,
                         [&](unsigned number) { dropOutput(population, number); });
    population.kernel.erase();
    if (failed(matches))
      return failure();
    return ProgramOp();
  }
  FailureOr<ProgramOp> program = selectBest(population);
  population.kernel.erase();
  if (failed(program))
    return failure();
  std::vector<uint32_t> words;
  for (const nc::Instruction &instruction : instructionsOf(*program))
    words.push_back(nc::encode(instruction));
  auto [it, isNew] = programs.try_emplace(std::move(words), *program);
  if (!isNew) {
    program->erase();
    return it->second;
  }
  program->setSymName(population.process.empty() ? population.name : population.process);
  symbols.insert(*program);
  return *program;
}

/// The contents of an accumulator for the steps to come: none if all are 0.
FailureOr<SmallVector<Attribute>> Emitter::initialContents(const Population &population,
                                                           const Input &input, unsigned bits) {
  const Buffer &buffer = *input.buffer;
  SmallVector<Attribute> contents;
  bool any = false;
  for (int64_t column = 0; column < buffer.columns; ++column) {
    std::optional<SmallVector<int64_t>> sums = initialSums(buffer, column, bits);
    if (!sums) {
      step::StateOp op = buffer.op;
      return op.emitError("the initial value of '")
             << buffer.state.getValue() << "' is no sum of weights times 2^" << buffer.shift
             << ", which is all that accumulators can hold";
    }
    SmallVector<int64_t> values;
    for (int64_t element : input.map)
      values.push_back(element < 0 ? 0 : (*sums)[size_t(element)]);
    for (const SharedInput &shared : population.sharedInputs) {
      if (&population.inputs[shared.input] != &input)
        continue;
      SmallVector<int64_t> more = *initialSums(*shared.buffer, 0, 32); // as they are
      for (auto [value, element] : llvm::zip_equal(values, shared.map))
        value = int32_t(value + (element < 0 ? 0 : more[size_t(element)]));
    }
    any |= llvm::any_of(values, [](int64_t value) { return value != 0; });
    auto type = RankedTensorType::get({population.count}, builder.getI64Type());
    contents.push_back(DenseElementsAttr::get(type, ArrayRef<int64_t>(values)));
  }
  if (!any)
    contents.clear();
  return contents;
}

LogicalResult Emitter::emitInput(const Population &population, const Input &input) {
  const Buffer &buffer = *input.buffer;
  const nc::Target &target = lowering.target;
  step::StateOp op = buffer.op;
  int64_t slots = target.slotsFor(buffer.columns - 1);
  if (slots == 0)
    return op.emitError("'") << buffer.state.getValue() << "' holds what is due in up to "
                             << buffer.columns - 1 << " steps, and delays of '" << target.name
                             << "' go to " << target.accumulators.delayMost;
  int64_t bits = std::min<int64_t>(input.bits, target.accumulators.width);
  native::Range range = rangeOf(population, size_t(&input - population.inputs.data())).held(),
                held = {-(native::Range::Number(1) << (bits - 1)),
                        (native::Range::Number(1) << (bits - 1)) - 1};
  if (bits < 32 && (range.low < held.low || range.high > held.high))
    return op.emitError("the sums in '")
           << buffer.state.getValue() << "' can be beyond the " << bits
           << " bits that accumulators of '" << target.name << "' have";
  // What is kept in fewer bits wraps where it is added up.
  if (buffer.wrap)
    bits = std::min<int64_t>(bits, int64_t(buffer.wrap) - buffer.shift);
  FailureOr<SmallVector<Attribute>> contents = initialContents(population, input, unsigned(bits));
  if (failed(contents))
    return failure();
  AccumulatorOp::create(builder, op.getLoc(), builder.getStringAttr(buffer.state.getValue()),
                        builder.getI64IntegerAttr(bits), builder.getI64IntegerAttr(slots),
                        builder.getArrayAttr(*contents));
  return success();
}

void Emitter::emitNumbers(const Population &population) {
  Location loc = population.loc;
  for (auto [i, slot] : llvm::enumerate(population.slots)) {
    StringRef store = !population.isFixed  ? ""
                      : i == 1             ? "saturate_symmetric"
                      : population.wrapsUp ? "wrap_up"
                                           : "";
    SlotOp::create(builder, loc, builder.getStringAttr(slot.name), TypeAttr::get(slot.type),
                   slot.initial, store.empty() ? StringAttr() : builder.getStringAttr(store));
  }
  for (const PerNeuron &parameter : population.parameters)
    ParameterOp::create(builder, loc, builder.getStringAttr(parameter.name),
                        TypeAttr::get(parameter.type), parameter.initial);
  SmallVector<IntegerAttr> numbers;
  for (const SharedNumber &constant : population.constants) {
    int64_t value = constant.value;
    if (constant.state) {
      step::StateOp state = lowering.flat->states.lookup(constant.state);
      auto type = cast<IntegerType>(cast<ShapedType>(state.getType()).getElementType());
      value = constant.affine.rawOf(integersOf(state.getInit(), !type.isUnsigned())[0]);
    }
    numbers.push_back(builder.getI64IntegerAttr(value));
    if (!population.isFixed)
      ConstantOp::create(builder, loc, builder.getStringAttr(constant.name), numbers.back());
  }
  if (population.isFixed)
    CompartmentOp::create(builder, loc, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
  for (const Timer &timer : population.timers)
    TimerOp::create(builder, loc, builder.getI64IntegerAttr(timer.interval),
                    builder.getI64IntegerAttr(timer.offset));
  for (const Sent &output : population.outputs)
    OutputOp::create(builder, output.value ? output.value.getLoc() : loc,
                     builder.getStringAttr(output.name), TypeAttr::get(output.type));
  for (const Site &site : population.sites)
    SiteOp::create(builder, loc, builder.getI64IntegerAttr(site.stream),
                   builder.getI64IntegerAttr(site.key));
}

LogicalResult Emitter::emit(Population &population, ProgramOp program) {
  auto op = PopulationOp::create(builder, population.loc, builder.getStringAttr(population.name),
                                 builder.getStringAttr(population.process),
                                 program ? FlatSymbolRefAttr::get(program.getSymNameAttr())
                                         : FlatSymbolRefAttr(),
                                 builder.getI64IntegerAttr(population.count), DenseI32ArrayAttr());
  symbols.insert(op);
  lowering.populations.push_back(op);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(&op.getBody().emplaceBlock());
  for (const Input &input : population.inputs)
    if (failed(emitInput(population, input)))
      return failure();
  if (population.isFixed && population.inputs.empty()) // a compartment always has one
    AccumulatorOp::create(builder, population.loc, builder.getStringAttr("input"),
                          builder.getI64IntegerAttr(lowering.target.accumulators.width),
                          builder.getI64IntegerAttr(lowering.target.slotsFor(0)),
                          builder.getArrayAttr({}));
  emitNumbers(population);
  return success();
}

/// Reports a population that has more of something than any image can say.
static LogicalResult checkCounts(const Population &population) {
  struct Count {
    size_t count, most;
    const char *what;
  };
  const Count counts[] = {{population.slots.size(), nc::kMostSlots, "states"},
                          {population.parameters.size(), nc::kMostParameters, "parameters"},
                          {population.constants.size(), nc::kMostConstants, "constants"},
                          {population.inputs.size(), nc::kMostPorts, "inputs from synapses"},
                          {population.outputs.size(), nc::kMostPorts, "messages"},
                          {population.timers.size(), nc::kMostTimers, "timers"}};
  for (const Count &count : counts)
    if (count.count > count.most)
      return emitError(population.loc) << "'" << population.name << "' has " << count.count << " "
                                       << count.what << ", and a neuron has at most " << count.most;
  for (const PerNeuron &slot : population.slots)
    if (!slot.type)
      return emitError(population.loc)
             << "'" << slot.name << "' is a float, which no neurocore has";
  return success();
}

LogicalResult Emitter::run() {
  for (auto &population : lowering.neurons.populations) {
    if (failed(checkCounts(*population)) || failed(makeKernel(*population)))
      return failure();
  }
  if (failed(addRelays()))
    return failure();
  std::vector<ProgramOp> made;
  for (auto &population : lowering.neurons.populations) {
    FailureOr<ProgramOp> program = makeProgram(*population);
    if (failed(program) || failed(checkCounts(*population)))
      return failure();
    made.push_back(*program);
  }
  for (auto [population, program] : llvm::zip_equal(lowering.neurons.populations, made))
    if (failed(emit(*population, program)))
      return failure();
  return success();
}

LogicalResult emitPopulations(Lowering &lowering) { return Emitter(lowering).run(); }

} // namespace basalt::neurocore
