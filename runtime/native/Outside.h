// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// States as they are seen from outside: as they lie in memory, or, if they store some entries of a
// matrix or store it source by source, as that matrix.
#ifndef BASALT_RUNTIME_NATIVE_OUTSIDE_H
#define BASALT_RUNTIME_NATIVE_OUTSIDE_H

#include "runtime/native/Simulation.h"

#include <string>
#include <utility>
#include <vector>

namespace basalt::rt {

/// The extents that the state has outside.
std::vector<int64_t> outsideShape(const StateInfo &state);

/// The present value of state `index` in the form of a .npy file (see Rows.h), at `row`. Entries at
/// one place are added up, truth values with or; where there is none stands 0.
void readOutside(Table<StateInfo> states, size_t index, char *row);

/// The place in the outside view, a row-major number, at which an element of the state is.
size_t outsidePlace(Table<StateInfo> states, size_t index, size_t element);

/// Which elements of a state the places of its outside view are. Places are row-major numbers.
class OutsidePlaces {
public:
  /// Throws InputError, which speaks of `name`, if a place has several elements.
  OutsidePlaces(Table<StateInfo> states, size_t index, const std::string &name);

  static constexpr size_t kNone = SIZE_MAX;

  /// The element at `place`, or kNone. To be asked for in increasing order.
  size_t elementAt(size_t place);

private:
  bool isSparse;
  size_t sources = 1, targets = 1; // of a matrix that is stored by source; then places differ
  std::vector<std::pair<size_t, size_t>> entries; // place and element, in order of the places
  size_t next = 0;
};

/// Whether the entries of all states that store some are inside their matrices: generated code
/// takes it for granted. Returns the name of a state for which they are not, or null.
const char *findBadEntries(Table<StateInfo> states);

/// `[3, 4]`, for messages.
std::string shapeText(const int64_t *shape, size_t rank);
/// `[1, 0]`: where the element of that row-major number is.
std::string placeText(size_t place, const std::vector<int64_t> &shape);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_OUTSIDE_H
