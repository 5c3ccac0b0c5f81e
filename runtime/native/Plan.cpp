// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Resolving options: names, moments, values.
#include "runtime/native/Plan.h"

#include "runtime/native/Error.h"
#include "runtime/native/Names.h"
#include "runtime/native/Realise.h"
#include "runtime/native/Values.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

using namespace basalt::rt;

//===-- Probes
//-----------------------------------------------------------------------------------===//

static Phase parsePhase(const std::string &text, const std::string &probe) {
  if (text == "spk")
    return Phase::Spk;
  if (text == "pre_mgmt")
    return Phase::PreManagement;
  if (text == "lrn")
    return Phase::Learn;
  if (text == "post_mgmt")
    return Phase::PostManagement;
  throw InputError(
      fmt::format("the probe '{}' names the phase '{}', expected spk, pre_mgmt, lrn or "
                  "post_mgmt",
                  probe, text));
}

static ProbeRequest planProbe(const Names &names, const std::string &probe,
                              const std::filesystem::path &folder) {
  size_t at = probe.find('@');
  std::string name = probe.substr(0, at);
  ProbeRequest request;
  request.path = (folder / (probe + ".npy")).string();
  if (at != std::string::npos)
    request.phase = parsePhase(probe.substr(at + 1), probe);
  std::optional<size_t> state = names.state(name), port = names.port(name);
  if (!state && !port)
    names.failUnknown(name, "Var or OutPort", true);
  if (!state && request.phase)
    throw InputError(
        fmt::format("the probe '{}' names a phase, but '{}' is an OutPort, whose value is "
                    "what it sends in a step",
                    probe, name));
  request.isPort = !state;
  request.index = state ? *state : *port;
  return request;
}

//===-- The plan
//---------------------------------------------------------------------------------===//

static PlannedSet planSet(Simulation &simulation, const Names &names, const SetRequest &request,
                          uint64_t seed) {
  size_t index = names.expectState(request.name, "--set");
  // The value is for entries, which must be there.
  if (isMadeByRule(simulation.states(), index)) {
    simulation.realise(seed);
    simulation.refresh(index);
  }
  return {index, setValue(simulation.states(), index, request.name, request.value)};
}

static std::vector<std::string> withoutRepeats(const std::vector<std::string> &names) {
  std::vector<std::string> result;
  for (const std::string &name : names)
    if (std::find(result.begin(), result.end(), name) == result.end())
      result.push_back(name);
  return result;
}

Plan basalt::rt::makePlan(Simulation &simulation, const RunOptions &options) {
  if (!options.stages)
    throw UsageError("the number of time steps is not given; use --steps N");
  Names names(simulation);
  Plan plan;
  uint64_t seed = options.seed.value_or(0);
  for (const SetRequest &request : options.sets)
    plan.items.push_back({planSet(simulation, names, request, seed), 0});
  for (const StageItem &stage : *options.stages) {
    PlannedItem item;
    if (stage.set)
      item.set = planSet(simulation, names, *stage.set, seed);
    item.steps = stage.steps;
    plan.items.push_back(std::move(item));
  }

  std::filesystem::path folder = options.out.value_or("");
  for (const std::string &probe : withoutRepeats(options.probes))
    plan.probes.push_back(planProbe(names, probe, folder));
  for (const std::string &name : withoutRepeats(options.gets))
    plan.gets.push_back(
        {names.expectState(name, "--get"), (folder / (name + ".final.npy")).string()});
  if (!options.out && !(plan.probes.empty() && plan.gets.empty()))
    throw UsageError("probes and gets need a folder for their files; use --out DIR");
  return plan;
}
