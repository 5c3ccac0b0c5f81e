// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images made by hand, for tests of whatever reads or runs them.
#ifndef BASALT_TEST_UNIT_NEUROCORE_TESTIMAGES_H
#define BASALT_TEST_UNIT_NEUROCORE_TESTIMAGES_H

#include "runtime/neurocore/Image.h"
#include "runtime/neurocore/Target.h"

#include <functional>
#include <string>
#include <vector>

namespace basalt::nc::test {

/// A target with room for all images here.
Target largeTarget();

/// Layers of LIF neurons, each connected to the next (the last to the first, if `loop`), cut into
/// slices over `cores` cores.
struct LifNet {
  struct Layer {
    std::string name;
    uint32_t count = 0;
    int32_t du = 0, dv = 0, vth = 10;
    std::vector<int64_t> bias, u, v; ///< of each neuron, or of all
  };
  struct Connection {
    std::string name;
    unsigned from = 0, to = 0;
    std::vector<int32_t> weights; ///< [to][from]
    std::vector<uint8_t> delays;  ///< the same, or none
    SynapseFormat format;
  };
  std::vector<Layer> layers;
  std::vector<Connection> connections;

  Image build(unsigned cores) const;
};

/// Two layers of random weights with a loop; for more than 20 neurons there is activity.
LifNet randomNet(uint32_t first, uint32_t second, bool delays, uint32_t seed);

} // namespace basalt::nc::test

#endif // BASALT_TEST_UNIT_NEUROCORE_TESTIMAGES_H
