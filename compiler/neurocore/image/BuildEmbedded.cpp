// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The programs of embedded processors, channels between them, and the points of a step at which
// they are called.
#include "compiler/neurocore/embedded/Embedded.h"
#include "compiler/neurocore/image/Builder.h"
#include "dialect/rt/Rt.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace basalt::neurocore {

static nc::EntryPhase phaseNamed(StringRef name) {
  return llvm::StringSwitch<nc::EntryPhase>(name)
      .Case("init", nc::EntryPhase::Init)
      .Case("spk_before", nc::EntryPhase::SpkBefore)
      .Case("spk_after", nc::EntryPhase::SpkAfter)
      .Case("lrn_guard", nc::EntryPhase::LearnGuard)
      .Case("pre_guard", nc::EntryPhase::PreGuard)
      .Case("pre_mgmt", nc::EntryPhase::PreManagement)
      .Case("lrn", nc::EntryPhase::Learn)
      .Case("post_guard", nc::EntryPhase::PostGuard)
      .Case("post_mgmt", nc::EntryPhase::PostManagement)
      .Default(nc::EntryPhase::Host);
}

/// Leaves the code of these instances.
static void keepInstances(step::ProgramOp copy, ArrayAttr instances) {
  llvm::StringSet<> kept;
  for (auto instance : instances.getAsRange<StringAttr>())
    kept.insert(instance.getValue());
  copy.walk([&](step::TaskOp task) {
    if (!kept.contains(task.getInstance()))
      task.erase();
  });
  for (auto guard : llvm::make_early_inc_range(copy.getBody().getOps<step::GuardOp>()))
    if (!kept.contains(guard.getInstance()))
      guard.erase();
}

/// The program with the code of `part`, and the states that it needs alone. Those of neurons are
/// remote.
OwningOpRef<ModuleOp> ImageBuilder::embeddedModule(EmbeddedOp part, llvm::StringSet<> &remotes) {
  OwningOpRef<ModuleOp> result = ModuleOp::create(program.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(result->getBody());
  auto copy = cast<step::ProgramOp>(builder.clone(*program));
  keepInstances(copy, part.getInstances());
  llvm::StringSet<> used;
  copy.walk([&](Operation *op) {
    if (auto get = dyn_cast<step::GetOp>(op))
      used.insert(get.getState());
    else if (auto set = dyn_cast<step::SetOp>(op))
      used.insert(set.getState());
    else if (auto update = dyn_cast<step::UpdateOp>(op))
      for (auto state : update.getStates().getAsRange<FlatSymbolRefAttr>())
        used.insert(state.getValue());
    else if (op->hasTrait<step::ExchangesState>())
      used.insert(op->getAttrOfType<FlatSymbolRefAttr>("state").getValue());
  });
  llvm::StringSet<> own;
  for (auto var : network.getBody().getOps<VarOp>())
    for (auto place : var.getBody().getOps<PlaceOp>()) {
      if (place.getSpace() == "embedded" && *place.getOwner() == part.getSymName())
        own.insert(var.getName());
      else if (place.getSpace() != "nothing" && used.contains(var.getName()))
        remotes.insert(var.getName());
    }
  for (Operation &op : llvm::make_early_inc_range(copy.getBody().front()))
    if (isa<step::AliasOp, step::PortOp>(op))
      op.erase();
  copy.walk([](step::ProbeOp probe) { probe.erase(); });
  for (auto port : llvm::make_early_inc_range(copy.getBody().getOps<step::VarPortOp>()))
    if (SymbolTable::symbolKnownUseEmpty(port, copy))
      port.erase();
  for (auto state : llvm::make_early_inc_range(copy.getBody().getOps<step::StateOp>()))
    if (!own.contains(state.getSymName()) && !used.contains(state.getSymName()) &&
        SymbolTable::symbolKnownUseEmpty(state, copy))
      state.erase();
  return result;
}

/// In the order of neurocore.call; guards and tasks are entries in the order of the program.
void ImageBuilder::buildCalls() {
  llvm::StringMap<uint32_t> processes;
  auto processOf = [&](StringRef instance) {
    auto [it, isNew] = processes.try_emplace(instance, uint32_t(image.processes.size()));
    if (isNew)
      image.processes.push_back({instance.str(), 0});
    return it->second;
  };
  llvm::StringMap<size_t> next;
  for (auto call : network.getBody().getOps<CallOp>()) {
    nc::EntryPhase phase = phaseNamed(call.getPhase());
    uint32_t process = processOf(call.getInstance()), number = programOf.lookup(call.getInstance());
    StringRef name = call.getPhase().starts_with("spk") ? "spk" : call.getPhase();
    std::string key = (name + " " + call.getInstance()).str();
    image.calls.push_back({phase, process, number, embedded[number].entries[key][next[key]++]});
    // Without a guard, code in a phase is admitted.
    uint32_t &guards = image.processes[process].guards;
    if (phase == nc::EntryPhase::PreManagement)
      guards |= rt::kPreManagement;
    if (phase == nc::EntryPhase::Learn)
      guards |= rt::kLearn;
    if (phase == nc::EntryPhase::PostManagement)
      guards |= rt::kPostManagement;
  }
}

void ImageBuilder::buildChannels() {
  for (auto op : network.getBody().getOps<ChannelOp>()) {
    nc::Channel channel;
    channel.name = op.getSymName().str();
    describe(op.getType(), channel.kind, channel.bits, channel.shape);
    channel.depth = uint32_t(op.getDepth());
    channel.source = embeddedNumbers.lookup(op.getSource());
    channel.target = embeddedNumbers.lookup(op.getTarget());
    channels[channel.name] = uint32_t(image.channels.size());
    image.channels.push_back(std::move(channel));
  }
}

LogicalResult ImageBuilder::buildEmbeddedProgram(EmbeddedOp part) {
  EmbeddedOptions limits;
  OwningOpRef<ModuleOp> code = embeddedModule(part, limits.remotes);
  auto tableOf = [&](ExternalKind kind) -> const llvm::StringMap<uint32_t> & {
    return kind == ExternalKind::Injector  ? injectors
           : kind == ExternalKind::Channel ? channels
                                           : varNumbers;
  };
  limits.numberOf = [&](ExternalKind kind, StringRef name) { return tableOf(kind).lookup(name); };
  limits.siteOf = [&](Location place, StringRef instance) -> uint32_t {
    image.sites.push_back({locate(place), nc::kNone});
    (void)instance;
    return uint32_t(image.sites.size() - 1);
  };
  limits.codeBytes = uint32_t(target.embedded.codeBytes);
  limits.dataBytes = uint32_t(target.embedded.dataBytes);
  limits.stackBytes = uint32_t(target.embedded.stackBytes);
  FailureOr<EmbeddedObject> object = compileEmbedded(*code, limits);
  if (failed(object))
    return failure();
  nc::EmbeddedProgram made;
  made.name = part.getSymName().str();
  made.chip = uint16_t(part.getChip());
  made.cpu = uint16_t(part.getCpu());
  made.object = object->bytes;
  made.memoryBytes = object->memoryBytes;
  made.fuel = uint64_t(target.embedded.fuel);
  auto numbers = [&](const std::vector<std::string> &names, ExternalKind kind) {
    std::vector<uint32_t> result;
    for (const std::string &name : names)
      result.push_back(tableOf(kind).lookup(name));
    llvm::sort(result);
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  };
  made.reads = numbers(object->reads, ExternalKind::Var);
  made.writes = numbers(object->writes, ExternalKind::Var);
  made.injectors = numbers(object->injectors, ExternalKind::Injector);
  made.channels = numbers(object->channels, ExternalKind::Channel);
  image.embedded.push_back(std::move(made));
  Embedded &known = embedded.emplace_back();
  for (const EmbeddedState &state : object->states)
    known.states[state.name] = {state.address, state.elementBytes};
  for (const EmbeddedEntry &entry : object->entries)
    known.entries[entry.phase + " " + entry.instance].push_back(entry.address);
  return success();
}

LogicalResult ImageBuilder::buildEmbedded() {
  auto parts = network.getBody().getOps<EmbeddedOp>();
  for (auto [number, part] : llvm::enumerate(parts)) {
    embeddedNumbers[part.getSymName()] = uint32_t(number);
    for (auto instance : part.getInstances().getAsRange<StringAttr>())
      programOf[instance] = uint32_t(number);
  }
  buildChannels();
  for (EmbeddedOp part : parts)
    if (failed(buildEmbeddedProgram(part)))
      return failure();
  buildCalls();
  return success();
}

} // namespace basalt::neurocore
