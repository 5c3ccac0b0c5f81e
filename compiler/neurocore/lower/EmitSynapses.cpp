// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Injectors, and synapses from where messages are sent to the accumulators of those who read them.
#include "compiler/neurocore/lower/Lowering.h"

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
  LogicalResult emit(unsigned population, unsigned input, const Product &product);

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
  const Sent &sent = lowering.neurons.populations[population]->outputs[output];
  int64_t most = std::max<int64_t>(lowering.target.spikes.payloadBits, 1);
  if (int64_t(sent.type.getWidth()) > most)
    return product.op->emitError("messages of '")
           << sent.name << "' have " << sent.type.getWidth() << " bits, and a spike of '"
           << lowering.target.name << "' carries " << most;
  return Origin{FlatSymbolRefAttr::get(lowering.populations[population].getSymNameAttr()),
                int64_t(output)};
}

LogicalResult SynapseEmitter::emit(unsigned population, unsigned number, const Product &product) {
  const Input &input = lowering.neurons.populations[population]->inputs[number];
  // Neurons that get each element.
  std::vector<SmallVector<int32_t, 1>> readers(size_t(input.buffer->elements));
  for (auto [neuron, element] : llvm::enumerate(input.map))
    if (element >= 0)
      readers[size_t(element)].push_back(int32_t(neuron));
  auto elementsOf = [&](StringAttr state) {
    return state ? outsideElements(*lowering.flat, lowering.flat->states.lookup(state))
                 : std::vector<int32_t>();
  };
  std::vector<int32_t> weightElements = elementsOf(product.weights),
                       delayElements = elementsOf(product.delays);
  for (const Connection &connection : product.connections) {
    FailureOr<Origin> source = sourceOf(product, connection);
    if (failed(source))
      return failure();
    // Of a buffer with columns, neurons have the first.
    const Buffer *from = bufferOf(lowering.neurons.buffers, connection.message);
    auto columns = int32_t(from ? from->columns : 1);
    std::vector<std::array<int32_t, kSynapseFields>> entries;
    for (const Synapse &synapse : connection.synapses)
      for (int32_t neuron : readers[size_t(synapse.target)])
        entries.push_back({synapse.source / columns, neuron, synapse.weight, synapse.delay,
                           synapse.weightElement < 0 || !product.weights
                               ? -1
                               : weightElements[size_t(synapse.weightElement)],
                           synapse.delayElement < 0 || !product.delays
                               ? -1
                               : delayElements[size_t(synapse.delayElement)]});
    std::stable_sort(entries.begin(), entries.end(), [](const auto &a, const auto &b) {
      return std::tie(a[Source], a[Target]) < std::tie(b[Source], b[Target]);
    });
    auto type = RankedTensorType::get({int64_t(entries.size()), int64_t(kSynapseFields)},
                                      builder.getI32Type());
    ArrayRef<int32_t> flat(entries.empty() ? nullptr : entries[0].data(),
                           entries.size() * kSynapseFields);
    SynapsesOp::create(
        builder, product.op->getLoc(), builder.getStringAttr(input.buffer->state.getValue()),
        source->symbol, builder.getI64IntegerAttr(source->output),
        FlatSymbolRefAttr::get(lowering.populations[population].getSymNameAttr()),
        builder.getI64IntegerAttr(number), connection.binary ? UnitAttr() : builder.getUnitAttr(),
        product.weights, product.delays, DenseIntElementsAttr::get(type, flat));
  }
  return success();
}

LogicalResult SynapseEmitter::run() {
  for (auto [number, population] : llvm::enumerate(lowering.neurons.populations))
    for (auto [index, input] : llvm::enumerate(population->inputs))
      for (const Product &product : input.buffer->products)
        if (failed(emit(unsigned(number), unsigned(index), product)))
          return failure();
  return success();
}

LogicalResult emitSynapses(Lowering &lowering) { return SynapseEmitter(lowering).run(); }

} // namespace basalt::neurocore
