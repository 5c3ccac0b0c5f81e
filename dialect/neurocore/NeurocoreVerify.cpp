// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the neurocore dialect. What the target limits is checked by the image's verifier and
// by placement, which report where the user can see it; here stands what makes no sense on any.
#include "dialect/neurocore/Neurocore.h"

#include "runtime/neurocore/Image.h"
#include "llvm/ADT/StringSet.h"
#include <set>

using namespace mlir;

namespace basalt::neurocore {

/// Processors that the chips have, one program on each, one program for each instance.
static LogicalResult verifyProcessors(NetworkOp network, const nc::Target &target) {
  std::set<std::pair<uint64_t, uint64_t>> places;
  llvm::StringSet<> instances;
  bool any = false;
  for (auto program : network.getBody().getOps<EmbeddedOp>()) {
    if (!program.getCpuAttr() || !program.getChipAttr() || !program.getInstancesAttr())
      continue; // its own verifier comes later
    any = true;
    if (program.getChip() >= uint64_t(target.chipCount()))
      return program.emitOpError("is on chip ")
             << int64_t(program.getChip()) << ", expected 0 to " << target.chipCount() - 1;
    if (program.getCpu() >= uint64_t(target.embedded.count))
      return program.emitOpError("is on processor ")
             << int64_t(program.getCpu()) << " of '" << target.name << "', which has "
             << target.embedded.count << " on a chip";
    if (!places.insert({program.getChip(), program.getCpu()}).second)
      return program.emitOpError("is on the processor of another program");
    for (auto instance : program.getInstances().getAsRange<StringAttr>())
      if (!instances.insert(instance.getValue()).second)
        return program.emitOpError("runs '")
               << instance.getValue() << "', which another program runs";
  }
  for (auto call : network.getBody().getOps<CallOp>())
    if (any && call.getInstanceAttr() && !instances.contains(call.getInstance()))
      return call.emitOpError("is of '") << call.getInstance() << "', which no program runs";
  return success();
}

/// An entry of kPinsAttr.
static bool isPin(Attribute attribute) {
  auto pin = dyn_cast<DictionaryAttr>(attribute);
  if (!pin)
    return false;
  auto chip = pin.getAs<IntegerAttr>("chip");
  auto cores = pin.getAs<DenseI64ArrayAttr>("cores");
  return pin.getAs<StringAttr>("instance") && chip && chip.getType().isInteger(64) &&
         pin.getAs<LocationAttr>("loc") && pin.size() == (cores ? 4 : 3);
}

LogicalResult NeurocoreDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() != kPinsAttr || !isa<ModuleOp>(op))
    return op->emitError("cannot have an attribute '") << attribute.getName().getValue() << "'";
  auto pins = dyn_cast<ArrayAttr>(attribute.getValue());
  if (!pins || !llvm::all_of(pins, isPin))
    return op->emitError("has pins that are none: expected a list of {instance, chip, cores, loc}");
  return success();
}

static LogicalResult verifyPins(NetworkOp network, const nc::Target &target) {
  for (auto pin : network.getBody().getOps<PinOp>()) {
    if (!pin.getChipAttr())
      continue; // its own verifier comes later
    if (pin.getChip() >= uint64_t(target.chipCount()))
      return pin.emitOpError("is to chip ")
             << int64_t(pin.getChip()) << ", expected 0 to " << target.chipCount() - 1;
    if (pin.getCores() && pin.getCores()->empty())
      return pin.emitOpError("is to no cores");
    std::set<int64_t> seen;
    for (int64_t core : pin.getCores().value_or(ArrayRef<int64_t>())) {
      if (core < 0 || core >= target.chip.cores)
        return pin.emitOpError("is to core ")
               << core << ", expected 0 to " << target.chip.cores - 1;
      if (!seen.insert(core).second)
        return pin.emitOpError("is to core ") << core << " twice";
    }
  }
  return success();
}

LogicalResult NetworkOp::verify() {
  std::string error;
  std::optional<nc::Target> target = nc::parseCanonicalText(getLimits(), &error);
  if (!target)
    return emitOpError("has limits that are none: ") << error;
  if (target->name != getChip())
    return emitOpError("is on '") << getChip() << "', but has the limits of '" << target->name
                                  << "'";
  int64_t chips = target->chipCount();
  for (auto core : getBody().getOps<CoreOp>()) {
    // The verifier of the core, which comes later, tells what it lacks.
    if (!core.getChipAttr() || !core.getCoreAttr())
      continue;
    if (core.getChip() >= uint64_t(chips))
      return core.emitOpError("is on chip ")
             << int64_t(core.getChip()) << ", expected 0 to " << chips - 1;
    if (core.getCore() >= uint64_t(target->chip.cores))
      return core.emitOpError("has number ")
             << int64_t(core.getCore()) << ", expected 0 to " << target->chip.cores - 1;
  }
  if (failed(verifyPins(*this, *target)))
    return failure();
  return verifyProcessors(*this, *target);
}

LogicalResult OperandOp::verify() {
  std::optional<uint8_t> operand = operandNamed(getOperand());
  if (!operand)
    return emitOpError("names '") << getOperand() << "', which is no operand of microcode";
  if (*operand < nc::operands::FirstState)
    return emitOpError("names the register '")
           << getOperand() << "', which only instructions write";
  return success();
}

/// Operands that an instruction has in IR: those of the word, and the condition of SEL.
static unsigned operandCount(nc::Op op) {
  const nc::OpInfo &info = nc::infoOf(op);
  return unsigned(info.readsA) + unsigned(info.readsB) + (op == nc::Op::Sel ? 1 : 0);
}

/// The last instruction before `op` that sets c.
static Operation *lastComparison(Operation *op) {
  for (Operation *before = op->getPrevNode(); before; before = before->getPrevNode())
    if (auto instruction = dyn_cast<InstructionOp>(before))
      if (std::optional<nc::Op> code = opNamed(instruction.getOp());
          code && nc::infoOf(*code).setsC)
        return before;
  return nullptr;
}

LogicalResult InstructionOp::verify() {
  std::optional<nc::Op> op = opNamed(getOp());
  if (!op)
    return emitOpError("has '") << getOp() << "', which is no instruction";
  const nc::OpInfo &info = nc::infoOf(*op);
  if (getOperands().size() != operandCount(*op))
    return emitOpError("has ") << getOperands().size() << " operands, expected "
                               << operandCount(*op);
  if (getResults().size() != unsigned(info.writes))
    return emitOpError("has ") << getResults().size() << " results, expected "
                               << unsigned(info.writes);
  if (!roundNamed(getRound()))
    return emitOpError("rounds to '") << getRound() << "', expected floor, tz or nearest";
  if (getImm() > 31)
    return emitOpError("has the immediate ") << int64_t(getImm()) << ", expected 0 to 31";
  if (getWide() && !info.hasWide)
    return emitOpError("has no wide form");
  Operation *comparison = *op == nc::Op::Sel ? lastComparison(*this) : nullptr;
  if (*op == nc::Op::Sel && (!comparison || getOperands()[0].getDefiningOp() != comparison))
    return emitOpError("depends on a condition that is not the last comparison before it");
  if (getInto() && !operandNamed(*getInto()))
    return emitOpError("goes into '") << *getInto() << "', which is no operand of microcode";
  return success();
}

/// One value, or one for each of `count` neurons.
static LogicalResult verifyValues(Operation *op, ElementsAttr values, int64_t count) {
  if (!isa<DenseIntElementsAttr>(values))
    return op->emitOpError("has values of type ") << values.getType() << ", expected integers";
  if (values.isSplat() || values.getNumElements() == count)
    return success();
  return op->emitOpError("has ") << values.getNumElements() << " values, expected 1 or " << count;
}

static int64_t neuronsOf(Operation *member) {
  return cast<PopulationOp>(member->getParentOp()).getCount();
}

LogicalResult PopulationOp::verify() {
  if (getCount() < 1 || getCount() > nc::kMostNeurons)
    return emitOpError("has ") << int64_t(getCount()) << " neurons, expected 1 to "
                               << nc::kMostNeurons;
  if (std::optional<ArrayRef<int32_t>> order = getOrder()) {
    std::vector<bool> seen(static_cast<size_t>(getCount()));
    if (order->size() != seen.size())
      return emitOpError("has ") << int64_t(getCount()) << " neurons, and an order of "
                                 << order->size();
    for (int32_t neuron : *order) {
      if (neuron < 0 || size_t(neuron) >= seen.size() || seen[size_t(neuron)])
        return emitOpError("has an order in which ")
               << neuron << " is once too often, or no neuron";
      seen[size_t(neuron)] = true;
    }
  }
  if (getBody().empty())
    return success();
  auto compartments = llvm::range_size(getBody().getOps<CompartmentOp>());
  if (compartments + unsigned(getProgram().has_value()) != 1)
    return emitOpError("has ") << compartments << " compartments and "
                               << (getProgram() ? "a" : "no") << " program, expected one of both";
  return success();
}

LogicalResult CompartmentOp::verify() {
  for (auto [name, value] :
       {std::pair{"du", getDu()}, {"dv", getDv()}, {"vth", getVth()}, {"exponent", getExponent()}})
    if (int64_t(value) < 0)
      return emitOpError("has the ") << name << " " << int64_t(value) << ", expected at least 0";
  return success();
}

LogicalResult SlotOp::verify() {
  if (getStore() && !storeNamed(*getStore()))
    return emitOpError("stores by '")
           << *getStore() << "', expected wrap, wrap_up, saturate or saturate_symmetric";
  return verifyValues(*this, getInit(), neuronsOf(*this));
}

LogicalResult ParameterOp::verify() { return verifyValues(*this, getInit(), neuronsOf(*this)); }

LogicalResult AccumulatorOp::verify() {
  if (getBits() < 1 || getBits() > 64)
    return emitOpError("has ") << int64_t(getBits()) << " bits, expected 1 to 64";
  if (getSlots() < 1 || getSlots() > nc::kMostRing || (getSlots() & (getSlots() - 1)))
    return emitOpError("has ") << int64_t(getSlots()) << " slots, expected a power of two up to "
                               << nc::kMostRing;
  if (getInit().size() > size_t(getSlots()))
    return emitOpError("has contents for ")
           << getInit().size() << " steps, but " << getSlots() << " slots";
  for (Attribute values : getInit())
    if (failed(verifyValues(*this, cast<ElementsAttr>(values), neuronsOf(*this))))
      return failure();
  return success();
}

LogicalResult TimerOp::verify() {
  if (int64_t(getInterval()) < 1)
    return emitOpError("has the interval ") << int64_t(getInterval()) << ", expected at least 1";
  return success();
}

LogicalResult SynapsesOp::verify() {
  auto type = getEntries().getType();
  if (type.getRank() != 2 || type.getDimSize(1) != kSynapseFields ||
      !type.getElementType().isInteger(32))
    return emitOpError("has entries of type ")
           << type << ", expected " << kSynapseFields << " numbers of 32 bits each";
  auto lists = getLists() ? cast<ShapedType>(getLists()->getType()) : ShapedType();
  if (lists && (lists.getRank() != 2 || lists.getDimSize(1) != 2))
    return emitOpError("has lists of type ")
           << lists << ", expected the number of a list and that of a neuron for each source";
  return success();
}

/// Entries by source or list, and where targets of a source begin.
LogicalResult SynapsesOp::verifyEntries(int64_t sources, int64_t neurons) {
  std::vector<int32_t> ofEntries, ofLists;
  ArrayRef<int32_t> entries = wordsOf(getEntries(), ofEntries);
  std::vector<int64_t> last; // target of each list
  std::pair<int64_t, int64_t> before(0, 0);
  for (; !entries.empty(); entries = entries.drop_front(kSynapseFields)) {
    std::pair<int64_t, int64_t> entry(entries[Source], entries[Target]);
    auto [list, target] = entry;
    if (list < 0 || target < 0 || target >= neurons || (!getLists() && list >= sources))
      return emitOpError("has an entry from ") << list << " to " << target << ", of " << sources
                                               << " sources and " << neurons << " neurons";
    if (entry < before)
      return emitOpError("has the entry from ") << list << " to " << target << " behind that from "
                                                << before.first << " to " << before.second;
    before = entry;
    if (!getLists())
      continue;
    last.resize(size_t(list) + 1, -1);
    last[size_t(list)] = target;
  }
  if (!getLists())
    return success();
  ArrayRef<int32_t> lists = wordsOf(cast<DenseIntElementsAttr>(*getLists()), ofLists);
  if (int64_t(lists.size()) != 2 * sources)
    return emitOpError("has lists for ") << lists.size() / 2 << " sources of " << sources;
  for (int64_t source = 0; source < sources; ++source) {
    int64_t list = lists[2 * size_t(source)], base = lists[2 * size_t(source) + 1];
    if (list < -1 || list >= int64_t(last.size()))
      return emitOpError("has list ") << list << " of " << last.size() << " for source " << source;
    if (list >= 0 && (base < 0 || base + last[size_t(list)] >= neurons))
      return emitOpError("leads source ") << source << " from neuron " << base << " to "
                                          << base + last[size_t(list)] << " of " << neurons;
  }
  return success();
}

LogicalResult SynapsesOp::verifySymbolUses(SymbolTableCollection &tables) {
  Operation *source = tables.lookupNearestSymbolFrom(*this, getSourceAttr());
  if (!isa_and_nonnull<PopulationOp, InjectorOp>(source))
    return emitOpError("comes from '") << getSource() << "', which is no population or injector";
  auto target =
      dyn_cast_or_null<PopulationOp>(tables.lookupNearestSymbolFrom(*this, getTargetAttr()));
  if (!target)
    return emitOpError("goes to '") << getTarget() << "', which is no population";
  auto all = target.getBody().getOps<AccumulatorOp>();
  auto accumulators = uint64_t(std::distance(all.begin(), all.end()));
  if (getAccumulator() >= accumulators)
    return emitOpError("goes to accumulator ") << int64_t(getAccumulator()) << " of '"
                                               << getTarget() << "', which has " << accumulators;
  auto population = dyn_cast<PopulationOp>(source);
  return verifyEntries(
      int64_t(population ? population.getCount() : cast<InjectorOp>(source).getCount()),
      int64_t(target.getCount()));
}

LogicalResult VarOp::verify() {
  if (getSummed() && !getUnwritable())
    return emitOpError("is a sum of its places, but can be written");
  bool isHidden = getUnreadable() && getUnwritable();
  if (isHidden && !getBody().front().empty())
    return emitOpError("has places, but can be neither read nor written");
  return success();
}

LogicalResult PlaceOp::verify() {
  static const llvm::StringSet<> spaces = {"state",    "parameter", "constant", "accumulator",
                                           "interval", "offset",    "weight",   "delay",
                                           "output",   "embedded",  "nothing"};
  if (!spaces.contains(getSpace()))
    return emitOpError("is in '") << getSpace() << "', which is no memory of a chip";
  bool isOwned = getSpace() != "weight" && getSpace() != "delay" && getSpace() != "nothing";
  if (isOwned != getOwner().has_value())
    return emitOpError("in '") << getSpace() << "' " << (isOwned ? "needs" : "cannot have")
                               << " a population or program";
  if (int64_t(getScale()) != 1 && int64_t(getScale()) != -1)
    return emitOpError("is scaled by ") << int64_t(getScale()) << ", expected 1 or -1";
  return success();
}

LogicalResult PlaceOp::verifySymbolUses(SymbolTableCollection &tables) {
  if (!getOwner())
    return success();
  auto network = (*this)->getParentOfType<NetworkOp>();
  Operation *owner = tables.lookupSymbolIn(network, getOwnerAttr());
  bool isEmbedded = getSpace() == "embedded";
  bool fits = isEmbedded ? isa_and_nonnull<EmbeddedOp>(owner)
                         : isa_and_nonnull<PopulationOp, InjectorOp>(owner);
  if (!fits)
    return emitOpError("in '") << getSpace() << "' is of '" << *getOwner() << "', which is no "
                               << (isEmbedded ? "embedded program" : "population or injector");
  return success();
}

LogicalResult ChannelOp::verify() {
  if (int64_t(getDepth()) < 1)
    return emitOpError("has room for ") << int64_t(getDepth()) << " messages, expected at least 1";
  auto type = cast<TensorType>(getType());
  if (!type.hasStaticShape() || !isa<IntegerType>(type.getElementType()))
    return emitOpError("has messages of type ") << type << ", expected integers of a known number";
  return success();
}

LogicalResult ChannelOp::verifySymbolUses(SymbolTableCollection &tables) {
  for (FlatSymbolRefAttr end : {getSourceAttr(), getTargetAttr()})
    if (!isa_and_nonnull<EmbeddedOp>(tables.lookupNearestSymbolFrom(*this, end)))
      return emitOpError("connects '") << end.getValue() << "', which is no embedded program";
  if (getSource() == getTarget())
    return emitOpError("connects '") << getSource() << "' with itself";
  return success();
}

LogicalResult PinOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto network = (*this)->getParentOfType<NetworkOp>();
  if (!isa_and_nonnull<PopulationOp>(tables.lookupSymbolIn(network, getPopulationAttr())))
    return emitOpError("is of '") << getPopulation() << "', which is no population";
  for (auto other : network.getBody().getOps<PinOp>())
    if (other != *this && other.getPopulationAttr() == getPopulationAttr())
      return emitOpError("is of '") << getPopulation() << "', which has another one";
  return success();
}

LogicalResult GroupOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto network = (*this)->getParentOfType<NetworkOp>();
  auto population =
      dyn_cast_or_null<PopulationOp>(tables.lookupSymbolIn(network, getPopulationAttr()));
  if (!population)
    return emitOpError("is of '") << getPopulation() << "', which is no population";
  if (getCount() < 1 || getFirst() > population.getCount() ||
      getCount() > population.getCount() - getFirst())
    return emitOpError("has ") << int64_t(getCount()) << " neurons from number "
                               << int64_t(getFirst()) << " on, but '" << getPopulation() << "' has "
                               << population.getCount();
  return success();
}

} // namespace basalt::neurocore
