// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From stored entries to matrices and back.
#include "runtime/native/Outside.h"

#include "runtime/native/Error.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Rows.h"

#include <algorithm>

using namespace basalt::rt;

std::string basalt::rt::shapeText(const int64_t *shape, size_t rank) {
  std::string result = "[";
  for (size_t i = 0; i < rank; ++i)
    result += (i ? ", " : "") + std::to_string(shape[i]);
  return result + "]";
}

std::string basalt::rt::placeText(size_t place, const std::vector<int64_t> &shape) {
  std::vector<int64_t> position(shape.size());
  for (size_t axis = shape.size(); axis-- > 0; place /= size_t(shape[axis]))
    position[axis] = int64_t(place % size_t(shape[axis]));
  return shapeText(position.data(), position.size());
}

std::vector<int64_t> basalt::rt::outsideShape(const StateInfo &state) {
  if (state.synapses)
    return {state.synapses->shape[0], state.synapses->shape[1]};
  std::vector<int64_t> shape(state.shape, state.shape + state.rank);
  if (state.bySource)
    std::rotate(shape.begin(), shape.end() - 1, shape.end());
  return shape;
}

namespace {
/// The extents of the matrix that a state with `bySource` is in memory: its last axis, the first
/// one outside, has the targets.
struct BySource {
  explicit BySource(const StateInfo &state)
      : targets(size_t(state.shape[state.rank - 1])),
        sources(elementCount(state.rank, state.shape) / targets) {}

  size_t targets, sources;
};
} // namespace

/// Calls `visit(entry, place)` for each entry of a state that stores some, in order.
template <typename Visitor>
static void forEntries(Table<StateInfo> states, const Synapses &synapses, Visitor visit) {
  const StateInfo &offsets = states[synapses.offsets], &targets = states[synapses.targets];
  size_t sources = size_t(synapses.shape[1]);
  auto offset = [&](size_t i) { return size_t(loadInt(offsets.element, offsets.data, i)); };
  for (size_t source = 0; source < sources; ++source)
    for (size_t entry = offset(source), end = offset(source + 1); entry < end; ++entry)
      visit(entry, size_t(loadInt(targets.element, targets.data, entry)) * sources + source);
}

static bool areInside(Table<StateInfo> states, const StateInfo &state) {
  const StateInfo &offsets = states[state.synapses->offsets],
                  &targets = states[state.synapses->targets];
  int64_t entries = state.shape[0], last = 0;
  for (int64_t i = 0; i <= state.synapses->shape[1]; ++i) {
    int64_t offset = loadInt(offsets.element, offsets.data, size_t(i));
    if (offset < last || offset > entries)
      return false;
    last = offset;
  }
  for (int64_t i = 0; i < last; ++i) { // what is beyond are no entries
    int64_t target = loadInt(targets.element, targets.data, size_t(i));
    if (target < 0 || target >= state.synapses->shape[0])
      return false;
  }
  return true;
}

const char *basalt::rt::findBadEntries(Table<StateInfo> states) {
  for (const StateInfo &state : states)
    if (state.synapses && !areInside(states, state))
      return state.name;
  return nullptr;
}

//===-- Reading
//----------------------------------------------------------------------------------===//

namespace {
/// Numbers of a .npy file that are added up where they lie.
class Sums {
public:
  Sums(const StateInfo &state, char *row) : state(state), row(row) {}

  void add(size_t entry, size_t place) {
    if (fileType(state.element) == NpyWriter::Type::UInt8)
      row[place] |= char(loadInt(state.element, state.data, entry));
    else if (state.element.kind != Kind::Float)
      update<int64_t>(place, [&](int64_t sum) {
        return basalt::rt::add(sum, loadInt(state.element, state.data, entry));
      });
    else
      update<double>(place, [&](double sum) {
        double both = sum + loadFloat(state.element, state.data, entry);
        return oneNaN(state.element.bits == 32 ? double(float(both)) : both);
      });
  }

private:
  template <typename T, typename Function> void update(size_t place, Function function) {
    T value;
    std::memcpy(&value, row + sizeof(T) * place, sizeof(T));
    value = function(value);
    std::memcpy(row + sizeof(T) * place, &value, sizeof(T));
  }

  const StateInfo &state;
  char *row;
};
} // namespace

/// Turns the matrix of a state, as numbers of a .npy file, into what it is outside.
static void transposeRow(const BySource &of, size_t size, char *row) {
  std::vector<char> from(row, row + of.targets * of.sources * size);
  for (size_t i = 0; i < of.targets; ++i)
    for (size_t j = 0; j < of.sources; ++j)
      std::memcpy(row + (i * of.sources + j) * size, from.data() + (j * of.targets + i) * size,
                  size);
}

void basalt::rt::readOutside(Table<StateInfo> states, size_t index, char *row) {
  const StateInfo &state = states[index];
  if (!state.synapses) {
    convertRow(state.element, state.data, elementCount(state.rank, state.shape), row);
    if (state.bySource)
      transposeRow(BySource(state), fileElementSize(state.element), row);
    return;
  }
  size_t count = elementCount(2, state.synapses->shape);
  std::fill_n(row, count * fileElementSize(state.element), char(0));
  Sums sums(state, row);
  forEntries(states, *state.synapses, [&](size_t entry, size_t place) { sums.add(entry, place); });
}

size_t basalt::rt::outsidePlace(Table<StateInfo> states, size_t index, size_t element) {
  const StateInfo &state = states[index];
  size_t result = element;
  if (state.bySource) {
    BySource of(state);
    result = element % of.targets * of.sources + element / of.targets;
  }
  if (state.synapses)
    forEntries(states, *state.synapses, [&](size_t entry, size_t place) {
      if (entry == element)
        result = place;
    });
  return result;
}

//===-- Setting
//----------------------------------------------------------------------------------===//

OutsidePlaces::OutsidePlaces(Table<StateInfo> states, size_t index, const std::string &name)
    : isSparse(states[index].synapses) {
  const StateInfo &state = states[index];
  if (state.bySource) {
    sources = BySource(state).sources;
    targets = BySource(state).targets;
  }
  if (!isSparse)
    return;
  forEntries(states, *state.synapses,
             [&](size_t entry, size_t place) { entries.push_back({place, entry}); });
  std::sort(entries.begin(), entries.end());
  for (size_t i = 1; i < entries.size(); ++i)
    if (entries[i].first == entries[i - 1].first)
      throw InputError("cannot set '" + name + "': it has several entries at " +
                       placeText(entries[i].first, outsideShape(state)) +
                       ", so a value for each place does not say what each entry is");
}

size_t OutsidePlaces::elementAt(size_t place) {
  if (!isSparse)
    return place % sources * targets + place / sources;
  while (next < entries.size() && entries[next].first < place)
    ++next;
  return next < entries.size() && entries[next].first == place ? entries[next].second : kNone;
}
