// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where cores stand, and how far messages go between them: along rows first, then along columns,
// over the routers of all chips of a board.
#ifndef BASALT_RUNTIME_NEUROCORE_MESH_H
#define BASALT_RUNTIME_NEUROCORE_MESH_H

#include "runtime/neurocore/Target.h"

#include <vector>

namespace basalt::nc {

/// The way of a message.
struct Hops {
  int64_t x = 0, y = 0; ///< between routers of one plane of chips
  int64_t z = 0;        ///< between planes
  int64_t chips = 0;    ///< how many of all these lead to another chip

  int64_t all() const { return x + y + z; }
};

/// The routers of a board.
class Mesh {
public:
  explicit Mesh(const Target &target);

  /// The number of a core's router: those of a chip, row by row, then those of the next.
  int64_t routerOf(int64_t chip, int64_t core) const;
  Hops hops(int64_t from, int64_t to) const;
  /// The links that a message takes, by numbers of which each link and direction of the board has
  /// its own: first from west to east or back, then from north to south, then between planes.
  std::vector<int64_t> route(int64_t from, int64_t to) const;
  /// How many there are, in both directions.
  int64_t linkCount() const;

private:
  struct Place {
    int64_t x, y, z;
  };
  Place placeOf(int64_t router) const;

  int64_t width, height, coresPerRouter, chipsX, chipsY, chipsZ;
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_MESH_H
