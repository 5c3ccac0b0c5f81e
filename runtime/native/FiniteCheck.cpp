// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Looking for NaN and infinity. Almost always there is none, so what counts is how fast whole
// arrays are seen to have none.
#include "runtime/native/FiniteCheck.h"

#include "runtime/native/Error.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Memory.h"
#include "runtime/native/Outside.h"
#include "runtime/native/Shares.h"

#include <algorithm>
#include <atomic>
#include <cmath>

using namespace basalt::rt;

//===-- Arrays
//-----------------------------------------------------------------------------------===//

/// Whether an exponent has all its bits, as those of NaN and infinity alone.
template <typename Bits> static bool anyExponent(const char *data, size_t count, Bits exponent) {
  Bits any = 0;
  for (size_t i = 0; i < count; ++i) {
    Bits bits;
    std::memcpy(&bits, data + i * sizeof(Bits), sizeof(Bits));
    any |= Bits((bits & exponent) == exponent);
  }
  return any != 0;
}

static bool hasNotFinite(Element element, const char *data, size_t first, size_t count) {
  data += first * storageSize(element);
  return element.bits == 32 ? anyExponent<uint32_t>(data, count, 0x7f800000)
                            : anyExponent<uint64_t>(data, count, uint64_t(0x7ff) << 52);
}

/// The same for a whole array, shared among the threads of the run.
static bool hasNotFinite(Shares *shares, Element element, const void *data, size_t count) {
  constexpr size_t kBlock = 1 << 14;
  const char *bytes = static_cast<const char *>(data);
  if (count <= kBlock)
    return hasNotFinite(element, bytes, 0, count);
  std::atomic<bool> found{false};
  forEach(shares ? &shares->team() : nullptr, (count + kBlock - 1) / kBlock, [&](size_t block) {
    size_t first = block * kBlock;
    if (hasNotFinite(element, bytes, first, std::min(kBlock, count - first)))
      found.store(true, std::memory_order_relaxed);
  });
  return found;
}

//===-- The check
//--------------------------------------------------------------------------------===//

FiniteCheck::FiniteCheck(Simulation &simulation)
    : simulation(simulation), states(simulation.states()) {
  for (size_t state = 0; state < states.size(); ++state)
    if (states[state].element.kind == Kind::Float)
      floats.push_back({state, {}});
}

void FiniteCheck::attach(Context &ctx) {
  if (floats.empty())
    return;
  ctx.finiteCheck = this;
  ctx.watchedPhases |= simulation.phases();
}

/// The elements that are there: a state of entries may have room for more.
size_t FiniteCheck::countOf(size_t index) const {
  const StateInfo &state = states[index];
  size_t count = elementCount(state.rank, state.shape);
  if (!state.synapses)
    return count;
  const StateInfo &offsets = states[state.synapses->offsets];
  int64_t entries = loadInt(offsets.element, offsets.data, size_t(state.synapses->shape[1]));
  return std::min(count, size_t(entries));
}

void FiniteCheck::accept(Known &known) {
  known.isNotFinite.clear();
  if (!simulation.isCurrent(known.state))
    return;
  const StateInfo &state = states[known.state];
  size_t count = countOf(known.state);
  if (!hasNotFinite(nullptr, state.element, state.data, count))
    return;
  known.isNotFinite.resize(count);
  for (size_t i = 0; i < count; ++i)
    known.isNotFinite[i] = !std::isfinite(loadFloat(state.element, state.data, i));
}

void FiniteCheck::accept() {
  for (Known &known : floats)
    accept(known);
}

void FiniteCheck::accept(size_t state) {
  for (Known &known : floats)
    if (known.state == state)
      accept(known);
}

void FiniteCheck::look(const Context &ctx, Known &known, const char *where) {
  if (!simulation.isCurrent(known.state))
    return;
  const StateInfo &state = states[known.state];
  size_t count = countOf(known.state);
  bool any = hasNotFinite(ctx.shares, state.element, state.data, count);
  if (!any)
    known.isNotFinite.clear();
  for (size_t i = 0; any && i < count; ++i) {
    bool isNotFinite = !std::isfinite(loadFloat(state.element, state.data, i));
    bool wasNotFinite = i < known.isNotFinite.size() && known.isNotFinite[i];
    if (isNotFinite && !wasNotFinite)
      fail(ctx, known.state, i, where);
    if (wasNotFinite)
      known.isNotFinite[i] = isNotFinite;
  }
}

void FiniteCheck::look(const Context &ctx, const char *where) {
  for (Known &known : floats)
    look(ctx, known, where);
}

void FiniteCheck::look(const Context &ctx, Phase phase) {
  switch (phase) {
  case Phase::Spk:
    return look(ctx, "in the phase spk");
  case Phase::PreManagement:
    return look(ctx, "in the phase pre_mgmt");
  case Phase::Learn:
    return look(ctx, "in the phase lrn");
  case Phase::PostManagement:
    return look(ctx, "in the phase post_mgmt");
  }
}

void FiniteCheck::fail(const Context &ctx, size_t index, size_t element, const char *where) {
  const StateInfo &state = states[index];
  std::string name = state.name;
  double value = loadFloat(state.element, state.data, element);
  std::string text = std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
  std::vector<int64_t> shape = outsideShape(state);
  std::string place;
  if (!shape.empty())
    place = " at " + placeText(outsidePlace(states, index, element), shape);
  std::string instance = ownerOf(states, index);
  throw RunError(Site{nullptr, 0, 0, instance.c_str()}, ctx.timeStep,
                 "'" + name + "' has become " + text + place + " " + where);
}
