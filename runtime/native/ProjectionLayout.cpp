// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How projections are laid out: a first look at all synapses counts those of each piece, a second
// one puts them in their places.
#include "runtime/native/Error.h"
#include "runtime/native/Memory.h"
#include "runtime/native/Projection.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

using namespace basalt::rt;

//===-- Columns and weights
//----------------------------------------------------------------------===//

Projection::Projection(const ProjectionInfo &given, Table<StateInfo> states, SpikeHistory &history)
    : info(given), states(states), history(history), entries(info, states),
      sum(states[given.line].element) {}

/// Which columns have synapses: those without need not be looked at.
void Projection::findColumns() {
  ColumnRange possible = entries.possibleColumns();
  std::vector<bool> has(columns(), !entries.areStored());
  if (entries.areStored())
    entries.forEach({0, targets()}, false,
                    [&](int64_t, size_t, int64_t column, Weight) { has[size_t(column)] = true; });
  used.clear();
  placeOf.assign(columns(), -1);
  for (int64_t column = possible.high; column >= possible.low; --column)
    if (has[size_t(column)]) {
      placeOf[size_t(column)] = int32_t(used.size());
      used.push_back(column);
    }
}

static uint64_t bitsOf(Weight weight) {
  uint64_t bits = 0;
  std::memcpy(&bits, &weight, sizeof(bits));
  return bits;
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
    isConstant &= bitsOf(weight) == bitsOf(first);
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

namespace {
/// Puts synapses into their pieces. They come in no order of places, so each of the three accesses
/// of one is asked for some synapses before it is made.
class PieceWriter {
public:
  PieceWriter(const uint32_t *starts, size_t places, char *synapses, size_t targetBytes,
              size_t weightBytes, bool isFloat)
      : starts(starts), scratch(places * sizeof(uint32_t)),
        filled(reinterpret_cast<uint32_t *>(scratch.data())), synapses(synapses),
        targetBytes(targetBytes), weightBytes(weightBytes), isFloat(isFloat) {}

  void add(size_t place, uint32_t target, Weight weight) {
    ring[head % kRing] = {place, target, weight, nullptr, nullptr};
    __builtin_prefetch(starts + place);
    __builtin_prefetch(filled + place, 1);
    if (head >= kAhead)
      locate(ring[(head - kAhead) % kRing]);
    if (head >= 2 * kAhead)
      write(ring[(head - 2 * kAhead) % kRing]);
    ++head;
  }

  /// The rest.
  void finish() {
    for (size_t i = head > kAhead ? head - kAhead : 0; i < head; ++i)
      locate(ring[i % kRing]);
    for (size_t i = head > 2 * kAhead ? head - 2 * kAhead : 0; i < head; ++i)
      write(ring[i % kRing]);
  }

private:
  static constexpr size_t kAhead = 16, kRing = 64;
  struct Pending {
    size_t place;
    uint32_t target;
    Weight weight;
    char *targetAt, *weightAt;
  };

  void locate(Pending &pending) {
    size_t start = starts[pending.place], length = starts[pending.place + 1] - start;
    size_t i = filled[pending.place]++;
    char *piece = synapses + start * (targetBytes + weightBytes);
    pending.targetAt = piece + i * targetBytes;
    pending.weightAt = piece + length * targetBytes + i * weightBytes;
    __builtin_prefetch(pending.targetAt, 1);
    __builtin_prefetch(pending.weightAt, 1);
  }

  template <typename T> static void put(char *at, T value) { std::memcpy(at, &value, sizeof(T)); }

  void write(const Pending &pending) const {
    if (targetBytes == 2)
      put(pending.targetAt, uint16_t(pending.target));
    else
      put(pending.targetAt, pending.target);
    int64_t integer = pending.weight.integer;
    if (weightBytes == 1)
      put(pending.weightAt, int8_t(integer));
    else if (weightBytes == 2)
      put(pending.weightAt, int16_t(integer));
    else if (weightBytes == 4 && isFloat)
      put(pending.weightAt, float(pending.weight.real));
    else if (weightBytes == 4)
      put(pending.weightAt, int32_t(integer));
    else if (weightBytes == 8)
      put(pending.weightAt, pending.weight);
  }

  const uint32_t *starts;
  Pages scratch;
  uint32_t *filled; // of each piece
  char *synapses;
  size_t targetBytes, weightBytes;
  bool isFloat;
  Pending ring[kRing];
  size_t head = 0;
};
} // namespace

void Projection::fillPieces(Part &part) {
  size_t width = used.size();
  const auto *starts = reinterpret_cast<const uint32_t *>(part.starts.data());
  part.synapses = Pages(part.count * (targetBytes + weightBytes) + sizeof(uint64_t));
  PieceWriter writer(starts, size_t(entries.sources()) * width, part.synapses.data(), targetBytes,
                     weightBytes, entries.weightElement().kind == Kind::Float);
  entries.forEach(part.targets, weightBytes != 0,
                  [&](int64_t source, size_t target, int64_t column, Weight weight) {
                    writer.add(size_t(source) * width + size_t(placeOf[size_t(column)]),
                               uint32_t(target - part.targets.low), weight);
                  });
  writer.finish();
}

void Projection::build(Shares *shares) {
  parts.clear();
  findColumns();
  findWeights();
  Team *team = shares ? &shares->team() : nullptr;
  unsigned count = team ? team->size() : 1;
  size_t widest = 0;
  for (unsigned i = 0; i < count; ++i) {
    parts.emplace_back();
    parts.back().targets = shares && info.axis != kNoAxis ? shares->rangeOf(i, info.axis)
                                                          : partOf(targets(), i, count);
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

/// Of synapses that are stored nobody has looked at the values yet.
Projection::Estimate Projection::estimate(unsigned threads) const {
  ProjectionEntries likely = entries;
  likely.makeByRule(0);
  ColumnRange possible = likely.possibleColumns();
  uint64_t width = possible.low > possible.high ? 0 : uint64_t(possible.high - possible.low) + 1;
  uint64_t starts = threads * (uint64_t(likely.sources()) * width + 1) * sizeof(uint32_t);
  const StateInfo &weights = states[info.weights];
  size_t ofTarget = targets() / threads + kGrain <= 65536 ? 2 : 4;
  size_t ofWeight = likely.commonWeight() ? 0 : storageSize(weights.element);
  uint64_t synapses = uint64_t(weights.shape[0]) * (ofTarget + ofWeight);
  return {synapses + threads * sizeof(uint64_t) + starts, starts};
}

//===-- All of a program
//-------------------------------------------------------------------------===//

/// Gives a generated object its pointer to what the runtime keeps for it.
template <typename T> static void setField(void *object, size_t offset, T *pointer) {
  *reinterpret_cast<T **>(static_cast<char *>(object) + offset) = pointer;
}

Projections::Projections(const Program &program, void *object, Table<StateInfo> states)
    : infos(program.projections, program.projectionCount), states(states),
      isStale(infos.size(), true), isMissing(infos.size(), false), anyStale(!infos.empty()) {
  for (size_t i = 0; i < program.historyCount; ++i) {
    const HistoryInfo &info = program.histories[i];
    histories.push_back(
        std::make_unique<SpikeHistory>(size_t(info.sources), size_t(info.columns) + 1));
    setField(object, info.field, histories.back().get());
  }
  for (const ProjectionInfo &info : infos) {
    all.push_back(std::make_unique<Projection>(info, states, *histories[info.history]));
    setField(object, info.field, all.back().get());
  }
}

bool Projections::takeRule(size_t offsets, uint64_t seed) {
  for (size_t i = 0; i < all.size(); ++i)
    if (infos[i].alone && offsetsOf(i) == offsets)
      return isMissing[i] = all[i]->source().makeByRule(seed);
  return false;
}

bool Projections::isOfEntries(size_t projection, size_t state) const {
  size_t offsets = offsetsOf(projection);
  return state == offsets || state == states[infos[projection].weights].synapses->targets ||
         (states[state].synapses && states[state].synapses->offsets == offsets);
}

std::optional<size_t> Projections::takeMissing(size_t state) {
  for (size_t i = 0; i < all.size(); ++i) {
    if (isMissing[i] && isOfEntries(i, state)) {
      isMissing[i] = false;
      return offsetsOf(i);
    }
  }
  return std::nullopt;
}

Activity Projections::activity() const {
  Activity result;
  for (const auto &history : histories)
    result.spikes += history->total();
  for (const auto &projection : all)
    result.events += projection->events();
  return result;
}

void Projections::addMemory(std::vector<MemoryPart> &parts, unsigned threads) const {
  uint64_t building = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    std::string owner = ownerOf(states, infos[i].line);
    if (all[i]->partCount() != 0) {
      parts.push_back(
          {owner, fmt::format("{} synapses, laid out", all[i]->synapses()), all[i]->bytes()});
      continue;
    }
    Projection::Estimate estimate = all[i]->estimate(threads);
    parts.push_back({owner, "synapses", estimate.bytes});
    building = std::max(building, estimate.whileBuilding); // one after the other
  }
  parts.push_back({"", "laying out synapses", building});
  for (const auto &history : histories)
    parts.push_back({"", "spikes of the last steps", history->bytes()});
}

bool Projections::isElsewhere(size_t state, const std::vector<bool> &wanted) const {
  for (size_t i = 0; i < all.size(); ++i) {
    if (infos[i].line == state)
      return !wanted[state];
    if (!isOfEntries(i, state))
      continue;
    for (size_t other = 0; other < states.size(); ++other)
      if (wanted[other] && isOfEntries(i, other))
        return false;
    return infos[i].alone && all[i]->source().haveRule() && (builtFor == 0 || isMissing[i]);
  }
  return false;
}

bool Projections::isCurrent(size_t state) const {
  for (size_t i = 0; i < all.size(); ++i)
    if (infos[i].line == state || (isMissing[i] && isOfEntries(i, state)))
      return false;
  return true;
}

void Projections::prepare(Shares *shares) {
  unsigned threads = shares ? shares->team().size() : 1;
  if (threads != builtFor)
    anyStale = true;
  if (!anyStale)
    return;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!isStale[i] && threads == builtFor)
      continue;
    // What is on its way was sent with the synapses as they were.
    if (all[i]->partCount() != 0)
      all[i]->readLine();
    all[i]->writeLine();
    all[i]->build(shares);
    isStale[i] = false;
  }
  anyStale = false;
  builtFor = threads;
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
    if (infos[i].weights == state || infos[i].delays == state) {
      all[i]->source().takeStored();
      isStale[i] = anyStale = true;
    }
  }
}
