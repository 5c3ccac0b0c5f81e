// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The program of the embedded processor, and the points of a step at which it is called.
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

/// The program with the states that it needs alone. Those of neurons are remote.
OwningOpRef<ModuleOp> ImageBuilder::embeddedModule(llvm::StringSet<> &remotes) {
  OwningOpRef<ModuleOp> result = ModuleOp::create(program.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(result->getBody());
  auto copy = cast<step::ProgramOp>(builder.clone(*program));
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
      if (place.getSpace() == "embedded")
        own.insert(var.getName());
      else if (used.contains(var.getName()))
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
void ImageBuilder::buildCalls(ArrayRef<uint32_t> addresses) {
  llvm::StringMap<uint32_t> processes;
  auto processOf = [&](StringRef instance) {
    auto [it, isNew] = processes.try_emplace(instance, uint32_t(image.processes.size()));
    if (isNew)
      image.processes.push_back({instance.str(), 0});
    return it->second;
  };
  for (auto [call, address] : llvm::zip_equal(network.getBody().getOps<CallOp>(), addresses)) {
    nc::EntryPhase phase = phaseNamed(call.getPhase());
    uint32_t process = processOf(call.getInstance());
    image.calls.push_back({phase, process, 0, address});
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

LogicalResult ImageBuilder::buildEmbedded() {
  bool anyPlace = false;
  network.walk([&](PlaceOp place) { anyPlace |= place.getSpace() == "embedded"; });
  auto calls = network.getBody().getOps<CallOp>();
  if (!anyPlace && calls.empty())
    return success();
  EmbeddedOptions embedded;
  OwningOpRef<ModuleOp> code = embeddedModule(embedded.remotes);
  embedded.numberOf = [&](ExternalKind kind, StringRef name) -> uint32_t {
    return kind == ExternalKind::Injector ? injectors.lookup(name) : varNumbers.lookup(name);
  };
  embedded.siteOf = [&](Location place, StringRef instance) -> uint32_t {
    image.sites.push_back({locate(place), nc::kNone});
    (void)instance;
    return uint32_t(image.sites.size() - 1);
  };
  embedded.codeBytes = uint32_t(target.embedded.codeBytes);
  embedded.dataBytes = uint32_t(target.embedded.dataBytes);
  embedded.stackBytes = uint32_t(target.embedded.stackBytes);
  FailureOr<EmbeddedObject> object = compileEmbedded(*code, embedded);
  if (failed(object))
    return failure();
  nc::EmbeddedProgram made;
  made.name = network.getSymName().str();
  made.object = object->bytes;
  made.memoryBytes = object->memoryBytes;
  made.fuel = uint64_t(target.embedded.fuel);
  auto numbers = [&](const std::vector<std::string> &names,
                     const llvm::StringMap<uint32_t> &table) {
    std::vector<uint32_t> result;
    for (const std::string &name : names)
      result.push_back(table.lookup(name));
    llvm::sort(result);
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  };
  made.reads = numbers(object->reads, varNumbers);
  made.writes = numbers(object->writes, varNumbers);
  made.injectors = numbers(object->injectors, injectors);
  image.embedded.push_back(std::move(made));
  for (const EmbeddedState &state : object->states)
    embeddedStates[state.name] = {state.address, state.elementBytes};

  // Entries of one phase and instance come in the order of the calls.
  llvm::StringMap<std::vector<uint32_t>> entries;
  for (const EmbeddedEntry &entry : object->entries)
    entries[entry.phase + " " + entry.instance].push_back(entry.address);
  llvm::StringMap<size_t> next;
  SmallVector<uint32_t> addresses;
  for (auto call : calls) {
    StringRef phase = call.getPhase().starts_with("spk") ? "spk" : call.getPhase();
    std::string key = (phase + " " + call.getInstance()).str();
    addresses.push_back(entries[key][next[key]++]);
  }
  buildCalls(addresses);
  return success();
}

} // namespace basalt::neurocore
