// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "runtime/native/DrawnValues.h"

#include <cmath>
#include <cstring>

using namespace basalt::rt;

//===-- Writing
//----------------------------------------------------------------------------------===//

template <typename T> static void put(std::string &bytes, T number) {
  static_assert(sizeof(T) == 8);
  bytes.append(reinterpret_cast<const char *>(&number), 8);
}

static void put(std::string &bytes, const Rule &rule) {
  for (int64_t number : {int64_t(rule.kind), int64_t(rule.autapses), int64_t(rule.multapses),
                         rule.targets, rule.sources, rule.number})
    put(bytes, number);
  put(bytes, rule.probability);
}

static void put(std::string &bytes, const Distribution &d) {
  for (int64_t number : {int64_t(d.kind), d.low, d.high, d.least, d.greatest})
    put(bytes, number);
  for (double number : {d.first, d.second, d.min, d.max})
    put(bytes, number);
}

std::string basalt::rt::bytesOf(const Rule &rule, int64_t key) {
  std::string bytes;
  put(bytes, key);
  put(bytes, rule);
  for (int64_t i = 0; rule.blocks && i < rule.number; ++i) {
    put(bytes, rule.blocks[i].target);
    put(bytes, rule.blocks[i].source);
    put(bytes, rule.blocks[i].rule);
  }
  return bytes;
}

std::string basalt::rt::bytesOf(const Distribution &distribution, int64_t key) {
  std::string bytes;
  put(bytes, key);
  put(bytes, distribution);
  for (int64_t i = 0; i < distribution.blockCount; ++i)
    put(bytes, distribution.blocks[i]);
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

/// Numbers that a rule and a distribution consist of.
static constexpr size_t kRuleSize = 7 * 8, kDistributionSize = 9 * 8, kKeySize = 8;

static std::optional<Rule> takeRule(Numbers &numbers) {
  auto kind = numbers.take<uint64_t>(), autapses = numbers.take<uint64_t>(),
       multapses = numbers.take<uint64_t>();
  if (kind > uint64_t(RuleKind::Blocks) || autapses > 1 || multapses > 1)
    return std::nullopt;
  Rule rule{RuleKind(kind), autapses == 1, multapses == 1, 0, 0};
  rule.targets = numbers.take<int64_t>();
  rule.sources = numbers.take<int64_t>();
  rule.number = numbers.take<int64_t>();
  rule.probability = numbers.take<double>();
  return rule;
}

static std::optional<Distribution> takeDistribution(Numbers &numbers) {
  auto kind = numbers.take<uint64_t>();
  if (kind > uint64_t(DistributionKind::PerBlock))
    return std::nullopt;
  Distribution d{DistributionKind(kind)};
  d.low = numbers.take<int64_t>();
  d.high = numbers.take<int64_t>();
  d.least = numbers.take<int64_t>();
  d.greatest = numbers.take<int64_t>();
  bool isGood = true;
  for (double *number : {&d.first, &d.second, &d.min, &d.max}) {
    *number = numbers.take<double>();
    isGood &= !std::isnan(*number);
  }
  return isGood ? std::optional(d) : std::nullopt;
}

/// How many parts of a size follow the first part; nothing if there is another rest.
static std::optional<size_t> countParts(std::string_view bytes, size_t first, size_t size) {
  if (bytes.size() < kKeySize + first || (bytes.size() - kKeySize - first) % size != 0)
    return std::nullopt;
  return (bytes.size() - kKeySize - first) / size;
}

std::optional<DrawnValue> basalt::rt::readRule(std::string_view bytes) {
  std::optional<size_t> count = countParts(bytes, kRuleSize, 2 * 8 + kRuleSize);
  if (!count)
    return std::nullopt;
  Numbers numbers(bytes);
  DrawnValue result;
  result.key = numbers.take<int64_t>();
  std::optional<Rule> rule = takeRule(numbers);
  if (!rule || *count != (rule->kind == RuleKind::Blocks ? uint64_t(rule->number) : 0))
    return std::nullopt;
  std::vector<RuleBlock> blocks;
  for (size_t i = 0; i < *count; ++i) {
    auto target = numbers.take<int64_t>(), source = numbers.take<int64_t>();
    std::optional<Rule> ofBlock = takeRule(numbers);
    if (!ofBlock)
      return std::nullopt;
    blocks.push_back({target, source, *ofBlock});
  }
  result.rule.emplace(*rule, std::move(blocks));
  if (faultOf(result.rule->rule))
    return std::nullopt;
  return result;
}

std::optional<DrawnValue> basalt::rt::readDistribution(std::string_view bytes) {
  std::optional<size_t> count = countParts(bytes, kDistributionSize, kDistributionSize);
  if (!count)
    return std::nullopt;
  Numbers numbers(bytes);
  DrawnValue result;
  result.key = numbers.take<int64_t>();
  std::optional<Distribution> distribution = takeDistribution(numbers);
  if (!distribution || (distribution->kind != DistributionKind::PerBlock && *count != 0))
    return std::nullopt;
  std::vector<Distribution> blocks;
  for (size_t i = 0; i < *count; ++i) {
    std::optional<Distribution> ofBlock = takeDistribution(numbers);
    if (!ofBlock || ofBlock->kind == DistributionKind::PerBlock)
      return std::nullopt;
    blocks.push_back(*ofBlock);
  }
  result.distribution.emplace(*distribution, std::move(blocks));
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
    bool isPerBlock = state.distribution && state.distribution->kind == DistributionKind::PerBlock;
    if (isPerBlock &&
        (rule->kind != RuleKind::Blocks || rule->number != state.distribution->blockCount))
      return state.name;
    if (rule && !(fits(states[synapses->offsets], *synapses, rule->sources + 1, 64) &&
                  fits(states[synapses->targets], *synapses, synapseCapacity(*rule), 32) &&
                  state.rank == 1 && state.shape[0] == synapseCapacity(*rule)))
      return state.name;
  }
  return nullptr;
}
