// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How an image fills its chip: what each limit of a core has left, how evenly, and how far messages
// go; beside bounds, and beside another mapping of the same network if there is one.
#ifndef BASALT_COMPILER_NEUROCORE_REPORT_FITREPORT_H
#define BASALT_COMPILER_NEUROCORE_REPORT_FITREPORT_H

#include "compiler/neurocore/report/Bounds.h"
#include "compiler/neurocore/report/Traffic.h"

namespace basalt::neurocore {

/// The numbers of a mapping.
struct Fit {
  size_t cores = 0, chips = 0;
  std::vector<nc::Usage> usages; ///< of each core
  nc::Load largest;
  size_t largestCore = 0;         ///< the first with the largest load
  std::vector<uint64_t> synapses; ///< entries of lists, of each core
  Traffic traffic;
  TrafficSums sums;
  uint64_t hopBound = 0; ///< for these cores
  Bounds bounds;
};
Fit fitOf(const nc::Image &image, const nc::Target &target);

/// The same network, mapped by first fit.
struct OtherFit {
  std::optional<Fit> fit; ///< nothing: it finds no room
};

/// `other`: or null.
std::string fitText(const nc::Image &image, const nc::Target &target, const Fit &fit,
                    const OtherFit *other);
std::string fitJson(const nc::Image &image, const nc::Target &target, const Fit &fit,
                    const OtherFit *other);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_REPORT_FITREPORT_H
