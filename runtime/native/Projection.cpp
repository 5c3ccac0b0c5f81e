// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Delivery of what is due. How projections are laid out is in ProjectionLayout.cpp.
#include "runtime/native/Projection.h"

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Layout.h"

#include <algorithm>
#include <cstring>

using namespace basalt::rt;

//===-- Pieces
//-----------------------------------------------------------------------------------===//

/// Appends the pieces of `list` that are due in `step`. Where a spike's piece starts is asked for
/// some spikes before it is needed.
void Projection::gatherFrom(Part &part, SpikeList list, int64_t step) {
  const auto *starts = reinterpret_cast<const uint32_t *>(part.starts.data());
  const int32_t *places = placeOf.data();
  size_t width = used.size(), before = part.pieces.size();
  part.pieces.resize(before + list.count); // grows in the first steps only
  Piece *end = part.pieces.data() + before;
  auto startOf = [&](const Spike &spike) {
    // The column that is due: steps are compared by their low bits.
    int32_t place = places[uint32_t(step - 1) - spike.step];
    return place < 0 ? nullptr : starts + spike.source * width + size_t(place);
  };
  constexpr size_t kAhead = 16;
  for (size_t i = 0; i < list.count; ++i) {
    if (i + kAhead < list.count)
      __builtin_prefetch(startOf(list.spikes[i + kAhead]));
    if (const uint32_t *at = startOf(list.spikes[i])) {
      *end = {at[0], at[1]};
      end += at[0] != at[1];
    }
  }
  part.pieces.resize(size_t(end - part.pieces.data()));
}

/// Collects the pieces that are due in `step`, those of the oldest spikes first.
void Projection::gather(Part &part, int64_t step) {
  part.pieces.clear();
  if (used.empty())
    return;
  auto sent = [&](int64_t column) { return step - 1 - column; };
  auto from = [&](int64_t first, int64_t last) {
    return history.between(std::max(first, residueStep + 1), last);
  };
  constexpr size_t kFew = 4; // of many columns most are used
  if (used.size() > kFew)
    return gatherFrom(part, from(sent(used.front()), sent(used.back())), step);
  for (int64_t column : used)
    gatherFrom(part, from(sent(column), sent(column)), step);
}

/// `sum` plus `weight`; integers wrap.
template <typename Sum, typename Weight> static Sum plus(Sum sum, Weight weight) {
  if constexpr (std::is_same_v<Sum, int32_t>)
    return int32_t(uint32_t(sum) + uint32_t(int32_t(weight)));
  else if constexpr (std::is_same_v<Sum, int64_t>)
    return add(sum, int64_t(weight));
  else
    return sum + Sum(weight);
}

/// Stands for weights that are all the same.
struct NoWeight {};

template <typename Sum, typename Weight, typename Target>
void Projection::deliver(const Projection &self, const Part &part, char *memory) {
  constexpr bool isConstant = std::is_same_v<Weight, NoWeight>;
  constexpr size_t kWeight = isConstant ? 0 : sizeof(Weight), kBytes = sizeof(Target) + kWeight;
  // Row starts are what costs: a piece is asked for so many bytes before it is needed.
  constexpr size_t kLine = 64, kBytesAhead = 4096, kLongest = 2048;
  auto *sums = reinterpret_cast<Sum *>(memory);
  const char *data = part.synapses.data();
  auto constant = std::is_integral_v<Sum> ? Sum(self.constant.integer) : Sum(self.constant.real);
  const Piece *pieces = part.pieces.data(), *end = pieces + part.pieces.size(), *ahead = pieces;
  size_t asked = 0;
  for (const Piece *piece = pieces; piece != end; ++piece) {
    for (; ahead != end && asked < kBytesAhead; ++ahead) {
      const char *from = data + size_t(ahead->first) * kBytes;
      size_t bytes = size_t(ahead->last - ahead->first) * kBytes;
      for (size_t at = 0; at < bytes + kLine && at < kLongest; at += kLine)
        __builtin_prefetch(from + at);
      asked += bytes;
    }
    size_t count = piece->last - piece->first;
    asked -= count * kBytes;
    const char *targets = data + size_t(piece->first) * kBytes,
               *weights = targets + count * sizeof(Target);
    for (size_t i = 0; i < count; ++i) {
      Target target;
      std::memcpy(&target, targets + i * sizeof(Target), sizeof(Target));
      if constexpr (isConstant) {
        sums[target] = plus(sums[target], constant);
      } else {
        Weight weight;
        std::memcpy(&weight, weights + i * sizeof(Weight), sizeof(Weight));
        sums[target] = plus(sums[target], weight);
      }
    }
  }
}

namespace {
template <typename T> struct Of {
  using Type = T;
};
} // namespace

/// Calls `function` with a tag of the type of sums.
template <typename Function> static void withSum(Element element, Function function) {
  if (element.kind == Kind::Float)
    return element.bits == 32 ? function(Of<float>()) : function(Of<double>());
  return element.bits == 32 ? function(Of<int32_t>()) : function(Of<int64_t>());
}

/// Calls `function` with a tag of the type of weights of so many bytes.
template <typename Sum, typename Function> static void withWeight(size_t bytes, Function function) {
  if (bytes == 0)
    return function(Of<NoWeight>());
  if constexpr (std::is_floating_point_v<Sum>)
    return bytes == 4 ? function(Of<float>()) : function(Of<double>());
  else if (bytes == 1)
    function(Of<int8_t>());
  else if (bytes == 2)
    function(Of<int16_t>());
  else if (bytes == 4)
    function(Of<int32_t>());
  else
    function(Of<int64_t>());
}

void Projection::chooseDelivery() {
  withSum(sum, [&](auto ofSum) {
    using Sum = typename decltype(ofSum)::Type;
    withWeight<Sum>(weightBytes, [&](auto ofWeight) {
      using Weight = typename decltype(ofWeight)::Type;
      delivery = targetBytes == 2 ? deliver<Sum, Weight, uint16_t> : deliver<Sum, Weight, uint32_t>;
    });
  });
}

//===-- Steps
//------------------------------------------------------------------------------------===//

/// What sums begin with: zero, or what is left of a line that was set.
void Projection::start(int64_t step, Range range, char *sums) const {
  size_t size = storageSize(sum);
  int64_t column = step - residueStep - 1;
  if (residue.empty() || column >= int64_t(columns())) {
    std::memset(sums, 0, range.size() * size);
    return;
  }
  for (size_t i = range.low; i < range.high; ++i)
    std::memcpy(sums + (i - range.low) * size,
                residue.data() + (i * columns() + size_t(column)) * size, size);
}

void Projection::due(int64_t step, unsigned number, void *into) {
  Part &part = parts[number];
  char *sums = static_cast<char *>(into) + part.targets.low * storageSize(sum);
  start(step, part.targets, sums);
  gather(part, step);
  delivery(*this, part, sums);
  for (const Piece &piece : part.pieces)
    part.events += piece.last - piece.first;
}

//===-- Seen from outside
//------------------------------------------------------------------------===//

void Projection::readLine() {
  int64_t next = history.lastStep() + 1;
  size_t size = storageSize(sum);
  auto *line = static_cast<char *>(states[info.line].data);
  std::vector<char> column(targets() * size);
  for (size_t k = 0; k < columns(); ++k) {
    for (Part &part : parts) {
      char *sums = column.data() + part.targets.low * size;
      start(next + int64_t(k), part.targets, sums);
      gather(part, next + int64_t(k)); // of steps to come there are no spikes
      delivery(*this, part, sums);
    }
    for (size_t i = 0; i < targets(); ++i)
      std::memcpy(line + (i * columns() + k) * size, column.data() + i * size, size);
  }
}

void Projection::writeLine() {
  const auto *line = static_cast<const char *>(states[info.line].data);
  size_t bytes = targets() * columns() * storageSize(sum);
  bool isZero = std::all_of(line, line + bytes, [](char byte) { return byte == 0; });
  residue.clear();
  if (!isZero)
    residue.assign(line, line + bytes);
  residueStep = history.lastStep();
}

uint64_t Projection::events() const {
  uint64_t result = 0;
  for (const Part &part : parts)
    result += part.events;
  return result;
}
