// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How projections are laid out: a first look at all synapses counts those of each piece, a second
// one puts them in their places.
#include "runtime/native/Error.h"
#include "runtime/native/Layout.h"
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

//===-- Entries
//----------------------------------------------------------------------------------===//

Projection::Projection(const ProjectionInfo &given, Table<StateInfo> states, SpikeHistory &history)
    : info(given), states(states), history(history), sum(states[given.line].element) {
  const Synapses &pattern = *states[info.weights].synapses;
  targets = pattern.shape[0];
  sources = pattern.shape[1];
  columnCount = states[info.line].rank == 2 ? states[info.line].shape[1] : 1;
}

/// Calls `sink(source, target, column, entry)` for the entries of some targets, by source, in order.
template <typename Sink> void Projection::forEachEntry(Range range, Sink sink) const {
  const Synapses &pattern = *states[info.weights].synapses;
  const StateInfo &offsets = states[pattern.offsets], &places = states[pattern.targets];
  const StateInfo *delays = info.delays == kNoState ? nullptr : &states[info.delays];
  const auto *target = static_cast<const int32_t *>(places.data);
  for (int64_t source = 0; source < sources; ++source) {
    auto entry = size_t(loadInt(offsets.element, offsets.data, size_t(source)));
    auto end = size_t(loadInt(offsets.element, offsets.data, size_t(source) + 1));
    for (; entry < end; ++entry) {
      if (size_t(target[entry]) < range.low || size_t(target[entry]) >= range.high)
        continue;
      int64_t column =
          delays ? sub(loadInt(delays->element, delays->data, entry), info.first) : 0;
      if (column >= 0 && column < columnCount)
        sink(source, int64_t(target[entry]), column, entry);
    }
  }
}

/// Which columns have synapses: those without need not be looked at.
void Projection::findColumns() {
  std::vector<bool> has(size_t(columnCount), false);
  forEachEntry({0, size_t(targets)}, [&](int64_t, int64_t, int64_t column, size_t) {
    has[size_t(column)] = true;
  });
  used.clear();
  placeOf.assign(size_t(columnCount), -1);
  for (int64_t column = columnCount; column-- > 0;)
    if (has[size_t(column)]) {
      placeOf[size_t(column)] = int32_t(used.size());
      used.push_back(column);
    }
}

/// The narrowest form of the weights that keeps them as they are.
void Projection::findWeights() {
  const StateInfo &weights = states[info.weights];
  bool isFloat = weights.element.kind == Kind::Float, any = false, isConstant = true;
  int64_t low = 0, high = 0;
  double firstFloat = 0;
  forEachEntry({0, size_t(targets)}, [&](int64_t, int64_t, int64_t, size_t entry) {
    if (isFloat) {
      double weight = loadFloat(weights.element, weights.data, entry);
      if (!any)
        firstFloat = weight;
      // By its bits, so that no sign of a zero is lost and NaN equals itself.
      isConstant &= std::memcmp(&weight, &firstFloat, sizeof(weight)) == 0;
    } else {
      int64_t weight = loadInt(weights.element, weights.data, entry);
      low = any ? std::min(low, weight) : weight;
      high = any ? std::max(high, weight) : weight;
    }
    any = true;
  });
  if (!isFloat)
    isConstant = low == high;
  constantInt = low;
  constantFloat = firstFloat;
  if (isConstant)
    weightBytes = 0;
  else if (isFloat)
    weightBytes = weights.element.bits / 8;
  else
    weightBytes = low >= INT8_MIN && high <= INT8_MAX     ? 1
                  : low >= INT16_MIN && high <= INT16_MAX ? 2
                  : low >= INT32_MIN && high <= INT32_MAX ? 4
                                                          : 8;
}

//===-- Parts
//------------------------------------------------------------------------------------===//

void Projection::buildPart(Part &part) {
  size_t width = used.size(), places = size_t(sources) * width;
  part.starts = Pages((places + 1) * sizeof(uint32_t));
  auto *starts = reinterpret_cast<uint32_t *>(part.starts.data());
  auto placeIn = [&](int64_t source, int64_t column) {
    return size_t(source) * width + size_t(placeOf[size_t(column)]);
  };
  forEachEntry(part.targets, [&](int64_t source, int64_t, int64_t column, size_t) {
    ++starts[placeIn(source, column) + 1];
  });
  uint64_t count = 0;
  for (size_t i = 1; i <= places; ++i) {
    count += starts[i];
    if (count > UINT32_MAX)
      throw InputError("'" + std::string(states[info.weights].name) +
                       "' has more than 4,294,967,295 synapses for one thread");
    starts[i] = uint32_t(count);
  }
  // A piece has its targets first, then its weights. `starts` is the end of what has been put into
  // the piece until all is there; then each end is where the next piece begins.
  size_t bytes = targetBytes + weightBytes;
  part.synapses = Pages(count * bytes + 64);
  Pages lengths((places + 1) * sizeof(uint32_t)); // of pieces
  auto *length = reinterpret_cast<uint32_t *>(lengths.data());
  for (size_t i = 0; i < places; ++i)
    length[i] = starts[i + 1] - starts[i];
  const StateInfo &weights = states[info.weights];
  std::vector<uint32_t> filled(places, 0);
  forEachEntry(part.targets, [&](int64_t source, int64_t target, int64_t column, size_t entry) {
    size_t place = placeIn(source, column), i = filled[place]++;
    char *piece = part.synapses.data() + size_t(starts[place]) * bytes;
    auto number = uint32_t(size_t(target) - part.targets.low);
    std::memcpy(piece + i * targetBytes, &number, targetBytes); // little endian
    char *weight = piece + length[place] * targetBytes + i * weightBytes;
    if (weightBytes && weights.element.kind == Kind::Float) {
      std::memcpy(weight, static_cast<const char *>(weights.data) + entry * weightBytes,
                  weightBytes);
    } else if (weightBytes) {
      int64_t value = loadInt(weights.element, weights.data, entry);
      std::memcpy(weight, &value, weightBytes);
    }
  });
}

void Projection::build(unsigned count) {
  parts.clear();
  findColumns();
  findWeights();
  size_t widest = 0;
  for (unsigned i = 0; i < count; ++i) {
    parts.emplace_back();
    parts.back().targets = partOf(size_t(targets), i, count);
    widest = std::max(widest, parts.back().targets.size());
  }
  targetBytes = widest <= 65536 ? 2 : 4;
  for (Part &part : parts)
    buildPart(part);
  chooseDelivery();
}

uint64_t Projection::synapses() const {
  uint64_t result = 0;
  for (const Part &part : parts)
    result += part.synapses.size() / std::max<size_t>(targetBytes + weightBytes, 1);
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
    all.push_back(std::make_unique<Projection>(info, states, *histories[info.history]));
    Projection *projection = all.back().get();
    std::memcpy(field(info.field), &projection, sizeof(projection));
  }
}

void Projections::prepare(unsigned parts) {
  if (!anyStale)
    return;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!isStale[i])
      continue;
    if (all[i]->partCount() == 0)
      all[i]->writeLine(); // its initial value
    all[i]->build(parts);
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
