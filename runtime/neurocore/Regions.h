// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The memories of an image as sections: what Region says in ImageFields.h, one vector behind the
// other in the order in which a visitor of the fields meets them.
#ifndef BASALT_RUNTIME_NEUROCORE_REGIONS_H
#define BASALT_RUNTIME_NEUROCORE_REGIONS_H

#include "runtime/neurocore/Container.h"
#include "runtime/neurocore/Manifest.h"

namespace basalt::nc {

/// The sections of an image, in the order of their regions and chips.
std::vector<Section> makeRegions(const Image &image);

/// Fills the vectors of `image` from sections. Returns what is wrong, or nothing.
std::string readRegions(const std::vector<SectionView> &sections, const RawLengths &lengths,
                        Image &image);

/// Which section the memory of a chip is in.
std::string sectionName(Region region, unsigned number);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_REGIONS_H
