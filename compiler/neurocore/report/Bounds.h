// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What no mapping of an image's neurons and synapses onto cores goes below. Beside these, a report
// shows how good a mapping is; most of them cannot be reached.
#ifndef BASALT_COMPILER_NEUROCORE_REPORT_BOUNDS_H
#define BASALT_COMPILER_NEUROCORE_REPORT_BOUNDS_H

#include "runtime/neurocore/Image.h"
#include "runtime/neurocore/Resources.h"

namespace basalt::neurocore {

struct Bounds {
  /// Of all cores together, of what adds up; 0 for all others.
  nc::Usage totals;
  int64_t cores = 0;
  uint64_t axons = 0;        ///< of neurons, one for each source and core that it reaches
  uint64_t betweenCores = 0; ///< of these, those that leave their core
  uint64_t synapses = 0;     ///< with a weight
};

Bounds boundsOf(const nc::Image &image, const nc::Target &target);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_REPORT_BOUNDS_H
