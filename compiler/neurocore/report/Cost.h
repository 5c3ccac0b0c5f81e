// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a network costs on its chip: what is done, counted, and energy and time of that where the
// target has numbers of them.
#ifndef BASALT_COMPILER_NEUROCORE_REPORT_COST_H
#define BASALT_COMPILER_NEUROCORE_REPORT_COST_H

#include "compiler/neurocore/report/Traffic.h"

#include "runtime/neurocore/Machine.h"

namespace basalt::neurocore {

/// What happens in some steps.
struct Activity {
  uint64_t steps = 0;
  bool isRun = false;              ///< counted in the emulator; else in the image
  std::vector<nc::Counters> cores; ///< of each core
  nc::Counters embedded;
  Traffic traffic; ///< without what comes from injectors
};

/// One step, in which every neuron runs and every source spikes: no step has more.
Activity fullStep(const nc::Image &image);

std::string costText(const nc::Image &image, const nc::Target &target, const Activity &activity);
std::string costJson(const nc::Image &image, const nc::Target &target, const Activity &activity);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_REPORT_COST_H
