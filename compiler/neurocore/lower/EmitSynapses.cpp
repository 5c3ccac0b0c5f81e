// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Injectors, and synapses from where messages are sent to the accumulators of those who read them.
#include "compiler/neurocore/lower/Lowering.h"
#include "compiler/neurocore/lower/SynapseLists.h"

#include <numeric>

using namespace mlir;

namespace basalt::neurocore {

namespace {
/// Where spikes of a message come from.
struct Origin {
  FlatSymbolRefAttr symbol;
  int64_t output = 0;
};

class SynapseEmitter {
public:
  explicit SynapseEmitter(Lowering &lowering)
      : lowering(lowering), builder(lowering.builder), symbols(lowering.network) {}

  LogicalResult run();

private:
  FailureOr<Origin> sourceOf(const Product &product, const Connection &connection);
  FailureOr<Origin> injectorOf(const Product &product, const Connection &connection);
  /// Where synapses lead to, and where from.
  struct Place {
    unsigned population, input;
    const Buffer *buffer;
    Origin source;
  };
  SynapseLists listsOf(const Input &input, const Product &product, const Connection &connection);
  FailureOr<unsigned> bitsToSplit(const Product &product, const SynapseLists &lists) const;
  void create(const Place &place, const Product &product, const Connection &connection,
              SynapseLists lists);
  LogicalResult checkAxons(const Product &product, const Connection &connection);
  LogicalResult emit(unsigned population, unsigned number, const Input &input,
                     const Product &product);

  Lowering &lowering;
  OpBuilder &builder;
  SymbolTable symbols;
};
} // namespace

RankedTensorType outsideType(step::StateOp state) {
  auto type = cast<RankedTensorType>(state.getType());
  ArrayRef<int64_t> shape = type.getShape();
  if (std::optional<proc::SparseAttr> sparse = state.getSparse())
    return RankedTensorType::get(sparse->getShape(), type.getElementType());
  if (state.getBySource())
    return RankedTensorType::get({shape[1], shape[0]}, type.getElementType());
  return type;
}

std::vector<int32_t> outsideElements(const Flat &flat, step::StateOp state) {
  auto type = cast<RankedTensorType>(state.getType());
  std::vector<int32_t> result(size_t(type.getNumElements()));
  if (std::optional<proc::SparseAttr> sparse = state.getSparse()) {
    auto values = [&](FlatSymbolRefAttr name) {
      return integersOf(flat.states.lookup(name.getAttr()).getInit(), true);
    };
    SmallVector<int64_t> offsets = values(sparse->getOffsets()),
                         targets = values(sparse->getTargets());
    int64_t sources = sparse->getShape()[1];
    for (int64_t j = 0; j < sources; ++j)
      for (int64_t e = offsets[offsets.size() == 1 ? 0 : j],
                   end = offsets[offsets.size() == 1 ? 0 : j + 1];
           e < end; ++e)
        result[e] = int32_t(targets[targets.size() == 1 ? 0 : e] * sources + j);
    return result;
  }
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = int32_t(i);
  if (state.getBySource()) {
    int64_t sources = type.getDimSize(0), targets = type.getDimSize(1);
    for (int64_t j = 0; j < sources; ++j)
      for (int64_t i = 0; i < targets; ++i)
        result[j * targets + i] = int32_t(i * sources + j);
  }
  return result;
}

FailureOr<Origin> SynapseEmitter::injectorOf(const Product &product, const Connection &connection) {
  const EmbeddedMessage &message = lowering.flat->received.find(connection.message)->second;
  auto shape = cast<ShapedType>(connection.message.getType());
  auto element = dyn_cast<IntegerType>(shape.getElementType());
  int64_t most = lowering.target.spikes.payloadBits;
  bool spikes = connection.binary;
  if (!spikes && (!element || element.getWidth() > std::max<int64_t>(most, 1)))
    return product.op->emitError("'")
           << lowering.flat->instanceOf(product.op) << "' gets messages of type "
           << shape.getElementType() << " from '" << message.name << "', and a spike of '"
           << lowering.target.name << "' carries " << most << " bits";
  if (!spikes && element.getWidth() > 1 && !lowering.target.spikes.isSigned)
    return product.op->emitError("'")
           << lowering.flat->instanceOf(product.op) << "' gets messages from '" << message.name
           << "', which have a sign, and spikes of '" << lowering.target.name << "' have none";
  InjectorOp &injector =
      (spikes ? lowering.spikeInjectors : lowering.injectors)[connection.message];
  if (!injector) {
    auto type =
        spikes ? IntegerType::get(builder.getContext(), 1, IntegerType::Unsigned)
               : IntegerType::get(builder.getContext(), element.getWidth(), IntegerType::Signed);
    injector =
        InjectorOp::create(builder, message.original.getLoc(), builder.getStringAttr(message.name),
                           TypeAttr::get(type), builder.getI64IntegerAttr(shape.getNumElements()));
    symbols.insert(injector);
  }
  return Origin{FlatSymbolRefAttr::get(injector.getSymNameAttr()), 0};
}

FailureOr<Origin> SynapseEmitter::sourceOf(const Product &product, const Connection &connection) {
  if (lowering.flat->received.contains(connection.message))
    return injectorOf(product, connection);
  auto *it = lowering.neurons.outputOf.find(connection.message);
  auto [population, output] = it->second;
  return Origin{FlatSymbolRefAttr::get(lowering.populations[population].getSymNameAttr()),
                int64_t(output)};
}

/// The synapses of a connection with the neurons that read its targets.
SynapseLists SynapseEmitter::listsOf(const Input &input, const Product &product,
                                     const Connection &connection) {
  // Neurons that get each element.
  std::vector<int32_t> begins(size_t(input.buffer->elements) + 1), readers;
  for (int64_t element : input.map)
    if (element >= 0)
      ++begins[size_t(element) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  readers.resize(size_t(begins.back()));
  std::vector<int32_t> next = begins;
  for (auto [neuron, element] : llvm::enumerate(input.map))
    if (element >= 0)
      readers[size_t(next[size_t(element)]++)] = int32_t(neuron);
  auto elementsOf = [&](StringAttr state) {
    return state ? outsideElements(*lowering.flat, lowering.flat->states.lookup(state))
                 : std::vector<int32_t>();
  };
  std::vector<int32_t> weights = elementsOf(product.weights), delays = elementsOf(product.delays);
  auto outside = [](const std::vector<int32_t> &elements, int32_t element) {
    return element < 0 || elements.empty() ? -1 : elements[size_t(element)];
  };
  // Of a buffer with columns, neurons have the first.
  const Buffer *from = bufferOf(lowering.neurons.buffers, connection.message);
  int64_t columns = from ? from->columns : 1;
  SynapseLists lists;
  std::vector<SynapseLists::Entry> entries;
  for (int64_t source = 0; source < connection.sourceCount(); ++source) {
    product.visitSource(connection, source, [&](const Synapse &synapse) {
      for (int32_t i = begins[size_t(synapse.target)]; i < begins[size_t(synapse.target) + 1]; ++i)
        entries.push_back({0, readers[size_t(i)], synapse.weight, synapse.delay,
                           outside(weights, synapse.weightElement),
                           outside(delays, synapse.delayElement)});
    });
    if ((source + 1) % columns == 0) {
      lists.addSource(entries);
      entries.clear();
    }
  }
  return lists;
}

/// How many low bits of the weights become synapses of their own, so that formats hold the rest; 0:
/// none.
FailureOr<unsigned> SynapseEmitter::bitsToSplit(const Product &product,
                                                const SynapseLists &lists) const {
  const auto &weights = lowering.target.weights;
  if (!weights.chained || !(weights.signModes & nc::SignExcitatory))
    return 0;
  int32_t all = 0, amount = 0, least = 0, greatest = 0;
  for (const SynapseLists::Entry &entry : lists.entries()) {
    all |= entry[Weight];
    amount |= entry[Weight] < 0 ? ~entry[Weight] : entry[Weight];
    least = std::min(least, entry[Weight]);
    greatest = std::max(greatest, entry[Weight]);
  }
  // Weights of one sign need no bit for it.
  bool isInhibitory = least < 0 && greatest == 0 && (weights.signModes & nc::SignInhibitory);
  unsigned sign = least == 0 || isInhibitory ? 0 : 1;
  if (isInhibitory)
    amount = -least;
  auto most = unsigned(std::max<int64_t>(weights.exponent.high, 0));
  auto widest = unsigned(lowering.target.largestWeightBits());
  unsigned zeros = all == 0 ? 0 : unsigned(llvm::countr_zero(uint32_t(all)));
  unsigned bits = unsigned(llvm::bit_width(uint32_t(amount))) + sign;
  unsigned low = std::min(widest, most);
  if (bits <= widest + std::min(zeros, most) || zeros >= low)
    return 0;
  // What is left of a negative number may be one more than its amount says.
  unsigned rest = isInhibitory
                      ? unsigned(llvm::bit_width((uint32_t(amount) + (1u << low) - 1) >> low))
                      : bits - low;
  if (rest <= widest)
    return low;
  return product.op->emitError("'")
         << (product.weights ? product.weights.getValue()
                             : StringRef(lowering.flat->instanceOf(product.op)))
         << "' has weights from " << least << " to " << greatest << ", which need " << bits
         << " bits, and weights of '" << lowering.target.name << "' have " << widest << ", or "
         << widest + low << " as two synapses";
}

void SynapseEmitter::create(const Place &place, const Product &product,
                            const Connection &connection, SynapseLists lists) {
  StringAttr target = lowering.populations[place.population].getSymNameAttr();
  SynapsesOp::create(
      builder, product.op->getLoc(), builder.getStringAttr(place.buffer->state.getValue()),
      place.source.symbol, builder.getI64IntegerAttr(place.source.output),
      FlatSymbolRefAttr::get(target), builder.getI64IntegerAttr(place.input),
      connection.binary ? UnitAttr() : builder.getUnitAttr(), product.weights, product.delays,
      lists.entriesAttr(builder), builder.getI64IntegerAttr(product.first),
      builder.getI64IntegerAttr(0), lists.listsAttr(builder));
}

/// Whether the target has axons for what neurons send there.
LogicalResult SynapseEmitter::checkAxons(const Product &product, const Connection &connection) {
  const auto &axons = lowering.target.axons;
  bool hasPlain = axons.discreteSlots > 0 || (axons.pop16Slots > 0 && axons.pop16Atoms > 0) ||
                  (axons.pop32Slots > 0 && axons.pop32Atoms > 0);
  if (lowering.flat->received.contains(connection.message) ||
      (connection.binary ? hasPlain : axons.gradedSlots > 0))
    return success();
  return product.op->emitError("'")
         << lowering.flat->instanceOf(product.op) << "' gets spikes "
         << (connection.binary ? "without" : "with") << " values from neurons, and '"
         << lowering.target.name << "' has no axons for such (axons."
         << (connection.binary ? "discrete_slots" : "graded_slots") << ")";
}

LogicalResult SynapseEmitter::emit(unsigned population, unsigned number, const Input &input,
                                   const Product &product) {
  for (const Connection &connection : product.connections) {
    if (failed(checkAxons(product, connection)))
      return failure();
    FailureOr<Origin> source = sourceOf(product, connection);
    if (failed(source))
      return failure();
    Place place{population, number, input.buffer, *source};
    SynapseLists lists = listsOf(input, product, connection);
    FailureOr<unsigned> split = bitsToSplit(product, lists);
    if (failed(split))
      return failure();
    unsigned low = *split;
    if (low == 0) {
      create(place, product, connection, std::move(lists));
      continue;
    }
    // Wide weights are two synapses each: of the low bits, and of the rest.
    if (product.weights)
      lowering.chained.insert(product.weights.getValue());
    if (product.delays)
      lowering.chained.insert(product.delays.getValue());
    int32_t mask = (int32_t(1) << low) - 1;
    for (int32_t part : {mask, ~mask})
      create(place, product, connection, lists.masked(part));
  }
  return success();
}

LogicalResult SynapseEmitter::run() {
  for (auto [number, population] : llvm::enumerate(lowering.neurons.populations))
    for (auto [index, input] : llvm::enumerate(population->inputs))
      for (const Product &product : input.buffer->products)
        if (failed(emit(unsigned(number), unsigned(index), input, product)))
          return failure();
  for (auto [number, population] : llvm::enumerate(lowering.neurons.populations))
    for (const SharedInput &shared : population->sharedInputs)
      for (const Product &product : shared.buffer->products)
        if (failed(emit(unsigned(number), shared.input, {shared.buffer, shared.map, 32}, product)))
          return failure();
  return success();
}

LogicalResult emitSynapses(Lowering &lowering) { return SynapseEmitter(lowering).run(); }

} // namespace basalt::neurocore
