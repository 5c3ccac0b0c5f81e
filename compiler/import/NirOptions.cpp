// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The presets, by what the importers and simulators of that name do (docs/import.md says which of
// it was compared with traces of them).
#include "compiler/import/NirOptions.h"

#include "compiler/import/Network.h"

namespace basalt::import {

namespace {
struct Preset {
  const char *name, *integrator, *reset;
  int latency;
};
} // namespace

static constexpr double usualDt = 1e-4;

/// The first is the default.
static constexpr Preset presets[] = {
    {"snntorch", "euler", "to_value", 0},
    {"norse", "euler", "to_value", 0},
    {"nengo", "exp", "to_value", 0},
    {"rockpool", "exp_unnormalised", "subtract", 0},
    {"sinabs", "exp_unnormalised", "subtract", 0},
    {"spinnaker2", "euler", "to_value", 0},
    {"lava", "euler", "to_value", 1},
    {"spyx", "euler", "subtract_late", 0},
};

static std::vector<std::string> presetNames() {
  std::vector<std::string> names;
  for (const Preset &preset : presets)
    names.emplace_back(preset.name);
  return names;
}

const std::vector<std::string> nirPresets = presetNames(),
                               nirIntegrators = {"euler", "exp", "exp_unnormalised"},
                               nirResets = {"to_value", "subtract", "subtract_late"},
                               nirCubaOrders = {"i_first", "v_first"},
                               nirDrives = {"impulse", "current"};

const std::vector<NirWord> nirWords = {{"integrator", &nirIntegrators},
                                       {"reset", &nirResets},
                                       {"cuba_order", &nirCubaOrders},
                                       {"drive", &nirDrives}};

NirChoices chooseNir(const NirOptions &options, const NirMetadata &file) {
  const Preset *preset = &presets[0];
  for (const Preset &each : presets)
    if (options.preset == each.name)
      preset = &each;
  NirChoices result;
  bool isFiles = options.preset.empty() && (!file.words.empty() || file.latency);
  auto choose = [&](const std::string &name, const std::string &given, const char *otherwise) {
    if (!given.empty() || !options.preset.empty())
      result.given.insert(name);
    auto words = file.words.find(name);
    return !given.empty()                         ? given
           : isFiles && words != file.words.end() ? words->second
                                                  : std::string(otherwise);
  };
  result.dt = options.dt ? *options.dt : file.dt.value_or(usualDt);
  result.integrator = choose("integrator", options.integrator, preset->integrator);
  result.reset = choose("reset", options.reset, preset->reset);
  result.cubaOrder = choose("cuba_order", options.cubaOrder, "i_first");
  result.drive = choose("drive", options.drive, "impulse");
  result.latency = options.latency           ? *options.latency
                   : isFiles && file.latency ? *file.latency
                                             : preset->latency;
  result.statement =
      std::string(isFiles ? "as the file says, else " : "") + "preset " + preset->name +
      (options.preset.empty() ? " (the default)" : "") + ", dt " + spell(result.dt) + " s" +
      (options.dt ? ""
       : file.dt  ? " (of the file)"
                  : " (usual; the file has none)") +
      ", integrator " + result.integrator + ", reset " + result.reset + ", cuba-order " +
      result.cubaOrder + ", drive " + result.drive + ", latency " + std::to_string(result.latency);
  return result;
}

} // namespace basalt::import
