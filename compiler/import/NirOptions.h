// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What NIR leaves open. Every choice has a name here, and a preset is one of each.
#ifndef BASALT_COMPILER_IMPORT_NIROPTIONS_H
#define BASALT_COMPILER_IMPORT_NIROPTIONS_H

#include "compiler/import/NirMetadata.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace basalt::import {

/// As given: what is empty is as the preset says, or the file.
struct NirOptions {
  std::string preset;
  std::optional<double> dt; ///< seconds
  std::string integrator, reset, cubaOrder, drive;
  std::optional<int> latency; ///< time steps that weights take

  bool isGiven() const {
    return dt || latency || !preset.empty() || !integrator.empty() || !reset.empty() ||
           !cubaOrder.empty() || !drive.empty();
  }
};

/// All of them chosen.
struct NirChoices {
  double dt;
  std::string integrator, reset, cubaOrder, drive;
  int latency;
  std::string statement; ///< what was chosen and why, for people
  /// Names of those that the user has chosen: what single nodes of the file say does not count.
  std::set<std::string> given;
};

/// The names that each option knows.
extern const std::vector<std::string> nirPresets, nirIntegrators, nirResets, nirCubaOrders,
    nirDrives;

/// A choice that is one of several words, as parameters of processes and metadata of files name it.
struct NirWord {
  std::string name;
  const std::vector<std::string> *choices;
};
extern const std::vector<NirWord> nirWords;

/// The options are valid; `file` is what the graph's metadata say. A preset that is given wins over
/// these, but for the time step.
NirChoices chooseNir(const NirOptions &options, const NirMetadata &file);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIROPTIONS_H
