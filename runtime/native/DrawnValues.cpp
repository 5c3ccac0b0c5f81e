// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "runtime/native/DrawnValues.h"

#include "runtime/native/Rule.h"

#include <cmath>
#include <cstring>

using namespace basalt::rt;

//===-- Writing
//----------------------------------------------------------------------------------===//

template <typename T> static void put(std::string &bytes, T number) {
  static_assert(sizeof(T) == 8);
  bytes.append(reinterpret_cast<const char *>(&number), 8);
}

std::string basalt::rt::bytesOf(const Rule &rule, int64_t key) {
  std::string bytes;
  for (int64_t number : {key, int64_t(rule.kind), int64_t(rule.autapses), int64_t(rule.multapses),
                         rule.targets, rule.sources, rule.number})
    put(bytes, number);
  put(bytes, rule.probability);
  return bytes;
}

std::string basalt::rt::bytesOf(const Distribution &d, int64_t key) {
  std::string bytes;
  for (int64_t number : {key, int64_t(d.kind), d.low, d.high, d.least, d.greatest})
    put(bytes, number);
  for (double number : {d.first, d.second, d.min, d.max})
    put(bytes, number);
  return bytes;
}

//===-- Reading
//----------------------------------------------------------------------------------===//

namespace {
class Numbers {
public:
  explicit Numbers(std::string_view bytes) : rest(bytes) {}

  template <typename T> T take() {
    T number;
    std::memcpy(&number, rest.data(), 8);
    rest.remove_prefix(8);
    return number;
  }

private:
  std::string_view rest;
};
} // namespace

std::optional<DrawnValue> basalt::rt::readRule(std::string_view bytes) {
  if (bytes.size() != 8 * 8)
    return std::nullopt;
  Numbers numbers(bytes);
  DrawnValue result;
  result.key = numbers.take<int64_t>();
  auto kind = numbers.take<uint64_t>(), autapses = numbers.take<uint64_t>(),
       multapses = numbers.take<uint64_t>();
  if (kind > uint64_t(RuleKind::FixedOutdegree) || autapses > 1 || multapses > 1)
    return std::nullopt;
  Rule rule{RuleKind(kind), autapses == 1, multapses == 1, 0, 0};
  rule.targets = numbers.take<int64_t>();
  rule.sources = numbers.take<int64_t>();
  rule.number = numbers.take<int64_t>();
  rule.probability = numbers.take<double>();
  if (faultOf(rule))
    return std::nullopt;
  result.rule = rule;
  return result;
}

std::optional<DrawnValue> basalt::rt::readDistribution(std::string_view bytes) {
  if (bytes.size() != 10 * 8)
    return std::nullopt;
  Numbers numbers(bytes);
  DrawnValue result;
  result.key = numbers.take<int64_t>();
  auto kind = numbers.take<uint64_t>();
  if (kind > uint64_t(DistributionKind::Poisson))
    return std::nullopt;
  Distribution d{DistributionKind(kind)};
  d.low = numbers.take<int64_t>();
  d.high = numbers.take<int64_t>();
  d.least = numbers.take<int64_t>();
  d.greatest = numbers.take<int64_t>();
  for (double *number : {&d.first, &d.second, &d.min, &d.max}) {
    *number = numbers.take<double>();
    if (std::isnan(*number))
      return std::nullopt;
  }
  result.distribution = d;
  return result;
}

//===-- Checks
//-----------------------------------------------------------------------------------===//

/// Whether a state of the pattern of `synapses` has the rule and the extents that belong to it.
static bool fits(const StateInfo &state, const Synapses &synapses, int64_t count, uint8_t bits) {
  return state.rule && state.rule->targets == synapses.shape[0] &&
         state.rule->sources == synapses.shape[1] && state.rank == 1 && state.shape[0] == count &&
         state.element.bits == bits;
}

const char *basalt::rt::findBadDrawn(Table<StateInfo> states) {
  for (const StateInfo &state : states) {
    const Synapses *synapses = state.synapses;
    const Rule *rule = synapses ? states[synapses->offsets].rule : nullptr;
    if (!rule && state.distribution)
      return state.name;
    if (rule && !(fits(states[synapses->offsets], *synapses, rule->sources + 1, 64) &&
                  fits(states[synapses->targets], *synapses, synapseCapacity(*rule), 32) &&
                  state.rank == 1 && state.shape[0] == synapseCapacity(*rule)))
      return state.name;
  }
  return nullptr;
}
