// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Resolving options: names with suggestions, moments, values.
#include "runtime/native/Plan.h"

#include "runtime/native/Error.h"
#include "runtime/native/Values.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <unordered_map>

using namespace basalt::rt;

//===-- Names
//------------------------------------------------------------------------------------===//

/// How many single-character edits make `a` of `b`.
static size_t editDistance(const std::string &a, const std::string &b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

namespace {
/// The names that a user can give: states, ports, and their aliases.
class Names {
public:
  explicit Names(Simulation &simulation);

  std::optional<size_t> state(const std::string &name) const { return find(states, name); }
  std::optional<size_t> port(const std::string &name) const { return find(ports, name); }
  /// The state `name`, for `--set` or `--get`.
  size_t expectState(const std::string &name, const char *option) const;
  [[noreturn]] void failUnknown(const std::string &name, const char *what, bool withPorts) const;

private:
  using Index = std::unordered_map<std::string, size_t>;
  static std::optional<size_t> find(const Index &index, const std::string &name) {
    auto found = index.find(name);
    return found == index.end() ? std::nullopt : std::optional<size_t>(found->second);
  }

  Index states, ports;
};
} // namespace

Names::Names(Simulation &simulation) {
  for (size_t i = 0; i < simulation.states().size(); ++i)
    states.emplace(simulation.states()[i].name, i);
  for (size_t i = 0; i < simulation.ports().size(); ++i)
    ports.emplace(simulation.ports()[i].name, i);
  for (const AliasInfo &alias : simulation.aliases())
    if (std::optional<size_t> target = state(alias.target))
      states.emplace(alias.alias, *target);
    else if (std::optional<size_t> target = port(alias.target))
      ports.emplace(alias.alias, *target);
}

void Names::failUnknown(const std::string &name, const char *what, bool withPorts) const {
  std::string best;
  size_t bestDistance = std::max<size_t>(1, name.size() / 4) + 1;
  auto consider = [&](const Index &index) {
    for (const auto &[candidate, unused] : index) {
      size_t distance = editDistance(name, candidate);
      // The order of the table is not defined, so equal distances go by the alphabet.
      if (distance < bestDistance ||
          (distance == bestDistance && !best.empty() && candidate < best)) {
        best = candidate;
        bestDistance = distance;
      }
    }
  };
  consider(states);
  if (withPorts)
    consider(ports);
  throw InputError(fmt::format("there is no {} '{}'{}", what, name,
                               best.empty() ? "" : "; did you mean '" + best + "'?"));
}

size_t Names::expectState(const std::string &name, const char *option) const {
  if (std::optional<size_t> index = state(name))
    return *index;
  if (port(name))
    throw InputError(fmt::format("'{}' is a port, and {} needs a Var", name, option));
  failUnknown(name, "Var", false);
}

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

static PlannedSet planSet(Simulation &simulation, const Names &names, const SetRequest &request) {
  size_t index = names.expectState(request.name, "--set");
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
  for (const SetRequest &request : options.sets)
    plan.items.push_back({planSet(simulation, names, request), 0});
  for (const StageItem &stage : *options.stages) {
    PlannedItem item;
    if (stage.set)
      item.set = planSet(simulation, names, *stage.set);
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
