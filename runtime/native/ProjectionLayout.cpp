// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How projections are laid out: a first look at all synapses counts those of each piece, a second
// one puts them in their places.
#include "runtime/native/Error.h"
#include "runtime/native/Projection.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <sys/mman.h>

using namespace basalt::rt;

//===-- Pages
//------------------------------------------------------------------------------------===//

Pages::Pages(size_t bytes) : bytes(bytes) {
  if (bytes == 0)
    return;
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc();
  // Rows are read in random order: with small pages each would miss the translation buffers, too.
  constexpr size_t kHuge = size_t(1) << 21;
  if (bytes >= kHuge)
    madvise(memory, bytes, MADV_HUGEPAGE);
  first = static_cast<char *>(memory);
}

Pages::~Pages() {
  if (first)
    munmap(first, bytes);
}

//===-- Columns and weights
//----------------------------------------------------------------------===//

Projection::Projection(const ProjectionInfo &given, Table<StateInfo> states, SpikeHistory &history,
                       const RuleEntries *rule)
    : info(given), states(states), history(history), entries(info, states, rule),
      sum(states[given.line].element) {}

/// Which columns have synapses: those without need not be looked at.
void Projection::findColumns() {
  ColumnRange possible = entries.possibleColumns();
  std::vector<bool> has(columns(), !entries.areStored());
  if (entries.areStored())
    entries.forEach({0, targets()}, false, [&](int64_t, size_t, int64_t column, Weight) {
      has[size_t(column)] = true;
    });
  used.clear();
  placeOf.assign(columns(), 0);
  for (int64_t column = possible.high; column >= possible.low; --column)
    if (has[size_t(column)]) {
      placeOf[size_t(column)] = int32_t(used.size());
      used.push_back(column);
    }
}

/// The narrowest form of the weights that keeps them as they are.
void Projection::findWeights() {
  Element element = entries.weightElement();
  bool isFloat = element.kind == Kind::Float;
  weightBytes = storageSize(element);
  if (std::optional<Weight> common = entries.commonWeight()) {
    weightBytes = 0;
    constant = *common;
  }
  if (!entries.areStored())
    return;
  bool any = false, isConstant = true;
  Weight first{0};
  int64_t low = 0, high = 0;
  entries.forEach({0, targets()}, true, [&](int64_t, size_t, int64_t, Weight weight) {
    if (!any)
      first = weight;
    any = true;
    // By its bits, so that no sign of a zero is lost and NaN equals itself.
    isConstant &= std::memcmp(&weight, &first, sizeof(weight)) == 0;
    if (!isFloat) {
      low = std::min(low, weight.integer);
      high = std::max(high, weight.integer);
    }
  });
  constant = first;
  if (isConstant)
    weightBytes = 0;
  else if (!isFloat)
    weightBytes = low >= INT8_MIN && high <= INT8_MAX     ? 1
                  : low >= INT16_MIN && high <= INT16_MAX ? 2
                  : low >= INT32_MIN && high <= INT32_MAX ? 4
                                                          : 8;
}

//===-- Parts
//------------------------------------------------------------------------------------===//

/// How many synapses each piece of the part has, as the places where pieces start.
void Projection::countPieces(Part &part) {
  size_t width = used.size(), places = size_t(entries.sources()) * width;
  part.starts = Pages((places + 1) * sizeof(uint32_t));
  auto *starts = reinterpret_cast<uint32_t *>(part.starts.data());
  entries.forEach(part.targets, false, [&](int64_t source, size_t, int64_t column, Weight) {
    ++starts[size_t(source) * width + size_t(placeOf[size_t(column)]) + 1];
  });
  part.count = 0;
  for (size_t i = 1; i <= places; ++i) {
    part.count += starts[i];
    if (part.count > UINT32_MAX)
      throw InputError("'" + std::string(states[info.weights].name) +
                       "' has more than 4,294,967,295 synapses for one thread");
    starts[i] = uint32_t(part.count);
  }
}

/// Puts a weight of a synapse into its place.
static void store(char *place, Weight weight, size_t bytes, bool isFloat) {
  if (isFloat && bytes == sizeof(float)) {
    auto narrow = float(weight.real);
    std::memcpy(place, &narrow, sizeof(narrow));
  } else {
    std::memcpy(place, &weight, bytes); // little endian
  }
}

void Projection::fillPieces(Part &part) {
  size_t width = used.size(), bytes = targetBytes + weightBytes;
  const auto *starts = reinterpret_cast<const uint32_t *>(part.starts.data());
  part.synapses = Pages(part.count * bytes + sizeof(uint64_t));
  Pages scratch(size_t(entries.sources()) * width * sizeof(uint32_t));
  auto *filled = reinterpret_cast<uint32_t *>(scratch.data()); // of each piece
  bool isFloat = entries.weightElement().kind == Kind::Float;
  entries.forEach(
      part.targets, weightBytes != 0,
      [&](int64_t source, size_t target, int64_t column, Weight weight) {
        size_t place = size_t(source) * width + size_t(placeOf[size_t(column)]);
        size_t length = starts[place + 1] - starts[place], i = filled[place]++;
        char *piece = part.synapses.data() + size_t(starts[place]) * bytes;
        auto number = uint32_t(target - part.targets.low);
        std::memcpy(piece + i * targetBytes, &number, targetBytes); // little endian
        if (weightBytes)
          store(piece + length * targetBytes + i * weightBytes, weight, weightBytes, isFloat);
      });
}

void Projection::build(Team *team) {
  parts.clear();
  findColumns();
  findWeights();
  unsigned count = team ? team->size() : 1;
  size_t widest = 0;
  for (unsigned i = 0; i < count; ++i) {
    parts.emplace_back();
    parts.back().targets = partOf(targets(), i, count);
    widest = std::max(widest, parts.back().targets.size());
  }
  targetBytes = widest <= 65536 ? 2 : 4;
  forEach(team, count, [&](size_t i) {
    countPieces(parts[i]);
    fillPieces(parts[i]);
  });
  chooseDelivery();
}

uint64_t Projection::synapses() const {
  uint64_t result = 0;
  for (const Part &part : parts)
    result += part.count;
  return result;
}

size_t Projection::bytes() const {
  size_t result = 0;
  for (const Part &part : parts)
    result += part.starts.size() + part.synapses.size();
  return result;
}

//===-- All of a program
//-------------------------------------------------------------------------===//

Projections::Projections(const Program &program, void *object, Table<StateInfo> states)
    : infos(program.projections, program.projectionCount), isStale(infos.size(), true),
      anyStale(!infos.empty()) {
  auto field = [&](size_t offset) { return static_cast<char *>(object) + offset; };
  for (size_t i = 0; i < program.historyCount; ++i) {
    const HistoryInfo &info = program.histories[i];
    histories.push_back(
        std::make_unique<SpikeHistory>(size_t(info.sources), size_t(info.columns) + 1));
    SpikeHistory *history = histories.back().get();
    std::memcpy(field(info.field), &history, sizeof(history));
  }
  for (const ProjectionInfo &info : infos) {
    all.push_back(std::make_unique<Projection>(info, states, *histories[info.history], nullptr));
    Projection *projection = all.back().get();
    std::memcpy(field(info.field), &projection, sizeof(projection));
  }
}

void Projections::prepare(Team *team) {
  if (!anyStale)
    return;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!isStale[i])
      continue;
    if (all[i]->partCount() == 0)
      all[i]->writeLine(); // its initial value
    all[i]->build(team);
    isStale[i] = false;
  }
  anyStale = false;
}

void Projections::refresh(size_t state) {
  for (size_t i = 0; i < all.size(); ++i)
    if (infos[i].line == state && all[i]->partCount() != 0)
      all[i]->readLine();
}

void Projections::written(size_t state) {
  for (size_t i = 0; i < all.size(); ++i) {
    if (infos[i].line == state)
      all[i]->writeLine();
    if (infos[i].weights == state || infos[i].delays == state)
      isStale[i] = anyStale = true;
  }
}
