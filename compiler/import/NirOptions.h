// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What NIR leaves open. Every choice has a name here, and a preset is one of each.
#ifndef BASALT_COMPILER_IMPORT_NIROPTIONS_H
#define BASALT_COMPILER_IMPORT_NIROPTIONS_H

#include <optional>
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
};

/// The names that each option knows.
extern const std::vector<std::string> nirPresets, nirIntegrators, nirResets, nirCubaOrders,
    nirDrives;

/// The options are valid; `fileDt` is what the file says of its time step.
NirChoices chooseNir(const NirOptions &options, std::optional<double> fileDt);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIROPTIONS_H
