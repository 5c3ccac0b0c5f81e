// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Programs, groups and the frame.
#include "compiler/neurocore/image/BuildImage.h"

#include "compiler/neurocore/image/Builder.h"
#include "compiler/neurocore/select/Select.h"
#include "runtime/neurocore/Verify.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace basalt::neurocore {

/// The innermost place in a file: behaviour is located in the model, called from the instance.
static FileLineColLoc fileOf(Location loc) {
  if (auto file = dyn_cast<FileLineColLoc>(loc))
    return file;
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return fileOf(call.getCallee());
  if (auto named = dyn_cast<NameLoc>(loc))
    return fileOf(named.getChildLoc());
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (FileLineColLoc file = fileOf(part))
        return file;
  return {};
}

nc::SourceLocation ImageBuilder::locate(Location loc) {
  FileLineColLoc file = fileOf(loc);
  if (!file)
    return {};
  // Images do not know the machine they were made on.
  StringRef name = file.getFilename().getValue();
  if (llvm::sys::path::is_absolute(name))
    name = llvm::sys::path::filename(name);
  auto [it, isNew] = files.try_emplace(name, uint32_t(image.files.size()));
  if (isNew)
    image.files.push_back(name.str());
  return {it->second, file.getLine(), file.getColumn()};
}

void ImageBuilder::readNetwork() {
  network = *module.getOps<NetworkOp>().begin();
  program = *module.getOps<step::ProgramOp>().begin();
  target = *nc::parseCanonicalText(network.getLimits(), nullptr); // has been verified
  image.name = network.getSymName().str();
  image.target = network.getLimits().str();
  image.seed = options.seed;
  image.options = options.runArguments;
  image.remarks.push_back({"compiler", options.compiler});
}

void ImageBuilder::buildPrograms() {
  for (auto op : network.getBody().getOps<ProgramOp>()) {
    nc::Program made;
    made.name = op.getSymName().str();
    for (const nc::Instruction &instruction : instructionsOf(op))
      made.words.push_back(nc::encode(instruction));
    for (auto instruction : op.getBody().getOps<InstructionOp>())
      made.locations.push_back(locate(instruction.getLoc()));
    made.locations.resize(made.words.size());
    programs[op.getSymName()] = uint32_t(image.programs.size());
    image.programs.push_back(std::move(made));
  }
}

static bool isUnsigned(Type type) {
  auto integer = cast<IntegerType>(type);
  return integer.isUnsigned() || integer.getWidth() == 1;
}

uint32_t ImageBuilder::layoutOf(PopulationOp population) {
  nc::StateLayout layout;
  layout.name = population.getProcess().str();
  for (auto slot : population.getBody().getOps<SlotOp>()) {
    // The same for all instances of a process.
    StringRef name = slot.getName();
    layout.slots.push_back(
        {name.rsplit('.').second.empty() ? name.str() : name.rsplit('.').second.str(),
         uint8_t(slot.getType().getIntOrFloatBitWidth()), !isUnsigned(slot.getType()),
         slot.getStore() ? *storeNamed(*slot.getStore()) : nc::StoreMode::Wrap});
  }
  auto same = [&](const nc::StateLayout &other) {
    if (other.name != layout.name || other.slots.size() != layout.slots.size())
      return false;
    for (size_t i = 0; i < layout.slots.size(); ++i)
      if (other.slots[i].name != layout.slots[i].name ||
          other.slots[i].bits != layout.slots[i].bits ||
          other.slots[i].store != layout.slots[i].store ||
          other.slots[i].isSigned != layout.slots[i].isSigned)
        return false;
    return true;
  };
  for (size_t i = 0; i < image.layouts.size(); ++i)
    if (same(image.layouts[i]))
      return uint32_t(i);
  image.layouts.push_back(std::move(layout));
  return uint32_t(image.layouts.size() - 1);
}

/// What the neurons of a group have of the values of all. These are widened once, whatever number
/// of groups they are on.
nc::Values ImageBuilder::valuesOf(ElementsAttr all, bool isSigned, const nc::Group &group) {
  auto [it, isNew] = widened.try_emplace({all, unsigned(isSigned)});
  if (isNew)
    it->second = integersOf(all, isSigned);
  ArrayRef<int64_t> values = it->second;
  nc::Values result;
  if (values.size() == 1) {
    result.all = {values[0]};
    return result;
  }
  result.all.clear();
  for (uint32_t i = 0; i < group.count; ++i)
    result.all.push_back(values[size_t(group.elementOf(i))]);
  return result;
}

static nc::CubaConfig cubaOf(CompartmentOp op, const nc::Target &target) {
  nc::CubaConfig result;
  result.du = uint16_t(op.getDu());
  result.dv = uint16_t(op.getDv());
  result.vth = uint32_t(op.getVth());
  result.bias = int32_t(int64_t(op.getBias()));
  result.biasExponent = uint8_t(op.getExponent());
  result.decayBits = uint8_t(target.neuron.decayBits);
  result.thresholdBits = uint8_t(target.neuron.thresholdBits);
  result.thresholdShift = uint8_t(target.neuron.thresholdShift);
  result.biasBits = uint8_t(target.neuron.biasBits);
  result.biasExponentMost = uint8_t(target.neuron.biasExponentMost);
  return result;
}

/// Which neurons stand at places first to first + count - 1 of the population.
static void takeElements(nc::Group &group, PopulationOp population, int64_t first) {
  group.firstElement = uint32_t(first);
  std::optional<ArrayRef<int32_t>> order = population.getOrder();
  if (!order)
    return;
  ArrayRef<int32_t> here = order->slice(size_t(first), group.count);
  group.firstElement = uint32_t(here.front());
  for (size_t i = 0; i < here.size(); ++i)
    if (here[i] != here[0] + int32_t(i))
      return group.elements.assign(here.begin(), here.end());
}

nc::Group ImageBuilder::buildGroup(PopulationOp population, unsigned number, int64_t first,
                                   int64_t count) {
  nc::Group group;
  group.name = population.getSymName().str();
  group.count = uint32_t(count);
  group.population = number;
  takeElements(group, population, first);
  group.program = population.getProgram() ? programs[*population.getProgram()] : nc::kNone;
  group.layout = layoutOf(population);
  for (Operation &part : population.getBody().front()) {
    if (auto slot = dyn_cast<SlotOp>(part)) {
      group.state.push_back(valuesOf(slot.getInit(), !isUnsigned(slot.getType()), group));
    } else if (auto parameter = dyn_cast<ParameterOp>(part)) {
      bool isSigned = !isUnsigned(parameter.getType());
      group.parameters.push_back({parameter.getName().str(),
                                  uint8_t(parameter.getType().getIntOrFloatBitWidth()), isSigned,
                                  valuesOf(parameter.getInit(), isSigned, group)});
    } else if (auto constant = dyn_cast<ConstantOp>(part)) {
      group.constants.push_back({constant.getName().str(), int32_t(int64_t(constant.getValue()))});
    } else if (auto accumulator = dyn_cast<AccumulatorOp>(part)) {
      nc::Accumulator made{accumulator.getName().str(),
                           uint8_t(accumulator.getBits()),
                           uint8_t(accumulator.getSlots()),
                           {}};
      for (Attribute values : accumulator.getInit())
        made.initial.push_back(valuesOf(cast<ElementsAttr>(values), true, group));
      group.accumulators.push_back(std::move(made));
    } else if (auto timer = dyn_cast<TimerOp>(part)) {
      group.timers.push_back({"", int64_t(timer.getInterval()), int64_t(timer.getOffset())});
    } else if (auto output = dyn_cast<OutputOp>(part)) {
      group.outputs.push_back({output.getName().str(),
                               uint8_t(output.getType().getIntOrFloatBitWidth()),
                               !isUnsigned(output.getType())});
    } else if (auto compartment = dyn_cast<CompartmentOp>(part)) {
      group.cuba.push_back(cubaOf(compartment, target));
    } else if (auto site = dyn_cast<SiteOp>(part)) {
      group.sites.push_back({int64_t(site.getStream()), int64_t(site.getKey())});
    }
  }
  return group;
}

void ImageBuilder::buildCores() {
  llvm::DenseMap<StringAttr, unsigned> numbers;
  for (auto [number, population] : llvm::enumerate(network.getBody().getOps<PopulationOp>()))
    numbers[population.getSymNameAttr()] = unsigned(number);
  for (auto coreOp : network.getBody().getOps<CoreOp>()) {
    nc::Core core;
    core.chip = uint16_t(coreOp.getChip());
    core.core = uint16_t(coreOp.getCore());
    for (auto groupOp : coreOp.getBody().getOps<GroupOp>()) {
      StringAttr name = groupOp.getPopulationAttr().getAttr();
      auto population =
          cast<PopulationOp>(SymbolTable::lookupSymbolIn(network, groupOp.getPopulationAttr()));
      auto first = int64_t(groupOp.getFirst()), count = int64_t(groupOp.getCount());
      parts[name].push_back(
          {uint32_t(image.cores.size()), uint32_t(core.groups.size()), first, count});
      core.groups.push_back(buildGroup(population, numbers[name], first, count));
    }
    image.cores.push_back(std::move(core));
  }
  widened.clear();
}

FailureOr<nc::Image> ImageBuilder::build() {
  readNetwork();
  buildPrograms();
  buildCores();
  if (failed(buildSynapses()))
    return failure();
  // Embedded programs name Vars by number.
  for (auto [number, var] : llvm::enumerate(network.getBody().getOps<VarOp>()))
    varNumbers[var.getName()] = uint32_t(number);
  if (failed(buildEmbedded()))
    return failure();
  buildVars();
  buildPorts();
  for (auto alias : network.getBody().getOps<AliasOp>())
    if (varNumbers.contains(alias.getTarget()))
      image.aliases.push_back({alias.getAlias().str(), alias.getTarget().str()});
  std::string wrong = nc::verifyImage(image);
  if (!wrong.empty())
    return network.emitError("the image does not hold on '") << target.name << "': " << wrong;
  return std::move(image);
}

FailureOr<nc::Image> buildImage(ModuleOp module, const ImageOptions &options) {
  return ImageBuilder(module, options).build();
}

} // namespace basalt::neurocore
