// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which states and messages belong to the same neurons: those of one instance with as many
// elements, and those of instances that use each other's values within a step.
#include "compiler/neurocore/form/Population.h"

#include "dialect/num/Num.h"
#include "runtime/neurocore/Image.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/EquivalenceClasses.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Former {
public:
  Former(const Flat &flat, Neurons &neurons) : flat(flat), neurons(neurons) {}

  LogicalResult run();

private:
  /// An instance and a number of elements.
  using Key = std::pair<StringRef, int64_t>;
  struct Root {
    StringAttr state; // stored, or
    std::string name; // sent as
    Value value;
    Key key;
    bool optional = false;
  };

  LogicalResult addStored(StringAttr state, Value value);
  LogicalResult addSent(Value value, const std::string &name);
  LogicalResult addBase(Value base, const std::string &name);
  void addBufferRoots(size_t needed);
  LogicalResult visit(Value value, Key key);
  LogicalResult visitUse(Value value, Key key, Operation *user);
  void makePopulations();
  bool isBuffer(StringAttr state) const { return neurons.buffers.count(state); }

  const Flat &flat;
  Neurons &neurons;
  std::vector<Root> roots;
  size_t needed = 0; // of them
  llvm::EquivalenceClasses<Key> classes;
  std::vector<Key> order;
  llvm::DenseSet<Value> visited;
  /// Reads of buffers that are sent on as they are, and neurons that read all of one.
  llvm::MapVector<Value, std::string> bufferRoots;
  llvm::DenseMap<Value, Key> readers;
  /// Ports by what they send.
  llvm::DenseMap<Value, step::PortOp> portOf;
};
} // namespace

static int64_t elementsOf(Value value) {
  return cast<ShapedType>(value.getType()).getNumElements();
}

/// Whether what is read is all that the buffer holds for this step, in order.
static bool readsAll(const Origins &origins, const Buffer &buffer) {
  if (origins.bases.size() != 1 || int64_t(origins.index.size()) != buffer.elements)
    return false;
  for (size_t i = 0; i < origins.index.size(); ++i)
    if (origins.base[i] != 0 || origins.index[i] != int64_t(i) * buffer.columns)
      return false;
  return true;
}

static bool isScalar(Value value) { return cast<ShapedType>(value.getType()).getRank() == 0; }

/// A value that is used elementwise by neurons of `key`.
LogicalResult Former::visitUse(Value value, Key key, Operation *user) {
  if (isScalar(value))
    return visit(value, key);
  Origins origins = originsOf(flat, value, Through::Moves);
  for (Value base : origins.bases) {
    if (flat.received.contains(base))
      continue;
    if (const Buffer *buffer = bufferOf(neurons.buffers, base)) {
      if (readsAll(origins, *buffer))
        readers.try_emplace(base, key);
      continue;
    }
    if (isScalar(base)) {
      if (failed(visit(base, key)))
        return failure();
      continue;
    }
    if (origins.identity() != base) {
      StringRef from = flat.instanceOf(base.getDefiningOp());
      return user->emitError("'")
             << key.first << "' uses values of "
             << (from == key.first ? std::string("other neurons of its own")
                                   : "other neurons, those of '" + from.str() + "',")
             << " within the step; on a chip they need synapses in between, which take a step";
    }
    if (failed(visit(base, key)))
      return failure();
  }
  return success();
}

/// All that a value is computed of belongs to the same neurons.
LogicalResult Former::visit(Value value, Key key) {
  Operation *op = value.getDefiningOp();
  if (isProduct(op))
    return op->emitError("what synapses bring is used by '")
           << flat.instanceOf(op)
           << "' in the step in which it arrives; on a chip synapses take a step: keep the product "
              "in a Var and use that in the next step";
  if (!isScalar(value)) {
    StringRef instance = flat.instanceOf(op);
    if (auto get = dyn_cast<step::GetOp>(op))
      instance = flat.instanceOf(get.getStateAttr().getAttr());
    Key own{instance, elementsOf(value)};
    if (!classes.contains(own))
      classes.insert(own), order.push_back(own);
    classes.unionSets(key, own);
  }
  if (!visited.insert(value).second)
    return success();
  if (isa<step::GetOp, UnrealizedConversionCastOp>(op))
    return success();
  for (Value operand : op->getOperands())
    if (auto type = dyn_cast<ShapedType>(operand.getType()))
      if (failed(visitUse(operand, key, op)))
        return failure();
  return success();
}

LogicalResult Former::addStored(StringAttr state, Value value) {
  Key key{flat.instanceOf(state), flat.states.lookup(state).getInit().getNumElements()};
  if (!classes.contains(key))
    classes.insert(key), order.push_back(key);
  roots.push_back({state, "", value, key});
  return visitUse(value, key, value.getDefiningOp());
}

LogicalResult Former::addBase(Value base, const std::string &name) {
  if (flat.received.contains(base))
    return success();
  for (const Root &root : roots)
    if (!root.state && root.value == base)
      return success();
  auto get = base.getDefiningOp<step::GetOp>();
  if (bufferOf(neurons.buffers, base)) {
    // Known only when all readers are: who gets the sums anyway can send them on.
    bufferRoots.insert({base, name});
    return success();
  }
  Key key{flat.instanceOf(base.getDefiningOp()), elementsOf(base)};
  if (get)
    key.first = flat.instanceOf(get.getStateAttr().getAttr());
  if (!classes.contains(key))
    classes.insert(key), order.push_back(key);
  step::PortOp port = portOf.lookup(base);
  roots.push_back({StringAttr(), port ? port.getSymName().str() : name, base, key});
  return visitUse(base, key, base.getDefiningOp());
}

void Former::addBufferRoots(size_t needed) {
  for (auto &[base, name] : bufferRoots) {
    bool optional = needed == 0;
    needed -= !optional;
    StringAttr state = base.getDefiningOp<step::GetOp>().getStateAttr().getAttr();
    Key key{flat.instanceOf(state), bufferOf(neurons.buffers, base)->elements};
    if (auto it = readers.find(base); it != readers.end())
      key = it->second;
    if (!classes.contains(key))
      classes.insert(key), order.push_back(key);
    step::PortOp port = portOf.lookup(base);
    roots.push_back({StringAttr(), port ? port.getSymName().str() : name, base, key, optional});
  }
}

LogicalResult Former::addSent(Value value, const std::string &name) {
  Origins origins = originsOf(flat, value, Through::Moves);
  for (auto [number, base] : llvm::enumerate(origins.bases)) {
    const Buffer *buffer = bufferOf(neurons.buffers, base);
    for (size_t i = 0; buffer && i < origins.index.size(); ++i)
      if (origins.base[i] == int32_t(number) && origins.index[i] % buffer->columns != 0)
        return emitError(value.getLoc())
               << "'" << buffer->state.getValue()
               << "' is sent with what is due later than in this step, which no chip can do";
    if (failed(addBase(base, name)))
      return failure();
  }
  return success();
}

/// The type of a message as its port has it; of one without, signed.
static IntegerType payloadType(Value value, step::PortOp port) {
  if (port)
    return dyn_cast<IntegerType>(cast<ShapedType>(port.getType()).getElementType());
  auto type = dyn_cast<IntegerType>(getElementTypeOrSelf(value.getType()));
  if (!type || type.getWidth() == 1)
    return type;
  return IntegerType::get(value.getContext(), type.getWidth(), IntegerType::Signed);
}

void Former::makePopulations() {
  llvm::MapVector<Key, unsigned> numberOf;
  for (const Key &key : order) {
    Key leader = classes.getLeaderValue(key);
    auto [it, isNew] = numberOf.insert({leader, unsigned(neurons.populations.size())});
    if (!isNew) {
      std::vector<std::string> &instances = neurons.populations[it->second]->instances;
      if (!llvm::is_contained(instances, key.first))
        instances.push_back(key.first.str());
      continue;
    }
    Location loc = flat.program->getLoc();
    for (const Root &root : roots)
      if (classes.getLeaderValue(root.key) == leader) {
        loc = root.value.getLoc();
        break;
      }
    auto population = std::make_unique<Population>(loc);
    population->name = key.first.str();
    population->instances = {population->name};
    population->process = flat.processOf(key.first).str();
    population->count = key.second;
    neurons.populations.push_back(std::move(population));
  }
  for (const Root &root : roots) {
    unsigned number = numberOf.lookup(classes.getLeaderValue(root.key));
    Population &population = *neurons.populations[number];
    if (root.state) {
      step::StateOp op = flat.states.lookup(root.state);
      auto type = cast<ShapedType>(op.getType());
      PerNeuron slot;
      slot.name = root.state.str();
      slot.state = root.state;
      slot.initial = op.getInit();
      slot.type = dyn_cast<IntegerType>(type.getElementType());
      population.slots.push_back(std::move(slot));
      continue;
    }
    // What can only be recorded gives way.
    if (root.optional && population.outputs.size() >= nc::kMostPorts)
      continue;
    neurons.outputOf[root.value] = {number, unsigned(population.outputs.size())};
    IntegerType type = payloadType(root.value, portOf.lookup(root.value));
    population.outputs.push_back({root.name, root.value, type, root.optional});
  }
  // Names are those of instances; one with neurons of several kinds has several populations.
  llvm::StringMap<unsigned> seen;
  for (auto &population : neurons.populations)
    if (unsigned n = seen[population->name]++)
      population->name += "#" + std::to_string(n);
}

LogicalResult Former::run() {
  for (const ProbedPort &port : flat.ports)
    if (Value base = port.value ? originsOf(flat, port.value, Through::Moves).identity() : Value())
      portOf.try_emplace(base, port.port);
  for (auto &[state, value] : flat.stores)
    if (!isBuffer(state) && failed(addStored(state, value)))
      return failure();
  for (auto &[state, buffer] : neurons.buffers)
    for (const Product &product : buffer.products)
      for (const Connection &connection : product.connections)
        if (failed(addSent(connection.message, (flat.instanceOf(product.op) + ".s_in").str())))
          return failure();
  for (auto &[original, message] : flat.sent)
    if (failed(addSent(message.value, message.name)))
      return failure();
  needed = roots.size();
  size_t neededBuffers = bufferRoots.size();
  for (const ProbedPort &port : flat.ports)
    if (port.value && failed(addSent(port.value, step::PortOp(port.port).getSymName().str())))
      return failure();
  for (Root &root : llvm::drop_begin(roots, needed))
    root.optional = true;
  addBufferRoots(neededBuffers);
  makePopulations();
  return success();
}

LogicalResult formPopulations(const Flat &flat, Neurons &neurons) {
  return Former(flat, neurons).run();
}

} // namespace basalt::neurocore
