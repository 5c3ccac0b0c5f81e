// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Messages between the cores of an image: how many there are if each source sends one, or as a run
// of the emulator has counted them, and how far they go.
#ifndef BASALT_COMPILER_NEUROCORE_REPORT_TRAFFIC_H
#define BASALT_COMPILER_NEUROCORE_REPORT_TRAFFIC_H

#include "runtime/neurocore/Image.h"
#include "runtime/neurocore/Mesh.h"

#include <map>

namespace basalt::neurocore {

/// By the numbers of two cores of an image: messages from the first to the second.
using Traffic = std::map<std::pair<uint32_t, uint32_t>, uint64_t>;

/// One message along each out-axon of neurons; injectors are left out, since their spikes come from
/// embedded processors, which stand nowhere in the mesh.
Traffic trafficOf(const nc::Image &image);

/// Sums over messages.
struct TrafficSums {
  uint64_t messages = 0; ///< all, those that stay on their core too
  uint64_t betweenCores = 0, betweenChips = 0;
  uint64_t hopsX = 0, hopsY = 0, hopsZ = 0, crossings = 0;
  uint64_t longest = 0; ///< hops of the message that goes furthest
  uint64_t busiest = 0; ///< messages on the link that has most, in one direction

  uint64_t hops() const { return hopsX + hopsY + hopsZ; }
};
TrafficSums sumsOf(const Traffic &traffic, const nc::Image &image, const nc::Target &target);

/// What no placement of these cores on the chips that they are on goes below in hops.
uint64_t hopBound(const Traffic &traffic, const nc::Image &image, const nc::Target &target);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_REPORT_TRAFFIC_H
