// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Distances.
#include "runtime/neurocore/Mesh.h"

#include <algorithm>
#include <cstdlib>

namespace basalt::nc {

Mesh::Mesh(const Target &target)
    : width(std::max<int64_t>(1, target.chip.gridX)),
      height(std::max<int64_t>(1, target.chip.gridY)),
      coresPerRouter(std::max<int64_t>(1, target.chip.coresPerRouter)),
      chipsX(std::max<int64_t>(1, target.board.chipsX)),
      chipsY(std::max<int64_t>(1, target.board.chipsY)),
      chipsZ(std::max<int64_t>(1, target.board.chipsZ)) {}

int64_t Mesh::routerOf(int64_t chip, int64_t core) const {
  return chip * width * height + std::min(core / coresPerRouter, width * height - 1);
}

Mesh::Place Mesh::placeOf(int64_t router) const {
  int64_t chip = router / (width * height), inside = router % (width * height);
  return {chip % chipsX * width + inside % width, chip / chipsX % chipsY * height + inside / width,
          chip / (chipsX * chipsY)};
}

Hops Mesh::hops(int64_t from, int64_t to) const {
  Place a = placeOf(from), b = placeOf(to);
  Hops hops;
  hops.x = std::abs(a.x - b.x);
  hops.y = std::abs(a.y - b.y);
  hops.z = std::abs(a.z - b.z);
  hops.chips = std::abs(a.x / width - b.x / width) + std::abs(a.y / height - b.y / height) + hops.z;
  return hops;
}

std::vector<int64_t> Mesh::route(int64_t from, int64_t to) const {
  Place at = placeOf(from), end = placeOf(to);
  std::vector<int64_t> links;
  // Six links leave each router, two an axis.
  auto go = [&](int64_t &along, int64_t target, int64_t axis) {
    for (int64_t step; along != target; along += step) {
      step = along < target ? 1 : -1;
      int64_t router = (at.z * chipsY * height + at.y) * chipsX * width + at.x;
      links.push_back(6 * router + 2 * axis + (step < 0));
    }
  };
  go(at.x, end.x, 0);
  go(at.y, end.y, 1);
  go(at.z, end.z, 2);
  return links;
}

int64_t Mesh::linkCount() const {
  int64_t x = chipsX * width, y = chipsY * height;
  return 2 * ((x - 1) * y * chipsZ + x * (y - 1) * chipsZ + x * y * (chipsZ - 1));
}

} // namespace basalt::nc
