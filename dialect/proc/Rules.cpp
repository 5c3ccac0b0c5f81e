// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "dialect/proc/Rules.h"
#include "dialect/proc/Limits.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"

#include <cmath>

using namespace mlir;

namespace basalt::proc {

// The attributes have the numbers of the run-time contract.
static_assert(static_cast<int>(rt::RuleKind::Blocks) == static_cast<int>(RuleKind::Blocks));
static_assert(static_cast<int>(rt::DistributionKind::PerBlock) ==
              static_cast<int>(DistributionKind::PerBlock));

static double valueOr(Attribute attr, double otherwise) {
  return attr ? cast<FloatAttr>(attr).getValueAsDouble() : otherwise;
}
static int64_t valueOr(Attribute attr, int64_t otherwise) {
  return attr ? cast<IntegerAttr>(attr).getInt() : otherwise;
}

/// Null for the number that it stands for.
static FloatAttr unless(MLIRContext *context, double value, double otherwise) {
  return value == otherwise ? FloatAttr() : Builder(context).getF64FloatAttr(value);
}
static IntegerAttr unless(MLIRContext *context, int64_t value, int64_t otherwise) {
  return value == otherwise ? IntegerAttr() : Builder(context).getI64IntegerAttr(value);
}

static rt::Rule toPlainRule(RuleAttr attr) {
  return {static_cast<rt::RuleKind>(attr.getKind()),
          attr.getAutapses(),
          attr.getMultapses(),
          attr.getTargets(),
          attr.getSources(),
          attr.getNumber(),
          valueOr(attr.getProbability(), 0.0)};
}

rt::OwnedRule toRule(RuleAttr attr) {
  std::vector<rt::RuleBlock> blocks;
  if (attr.getBlocks())
    for (auto block : attr.getBlocks().getAsRange<RuleBlockAttr>())
      blocks.push_back({block.getTarget(), block.getSource(), toPlainRule(block.getRule())});
  return rt::OwnedRule(toPlainRule(attr), std::move(blocks));
}

RuleAttr fromRule(MLIRContext *context, const rt::Rule &rule) {
  SmallVector<Attribute> blocks;
  for (int64_t i = 0; rule.blocks && i < rule.number; ++i) {
    const rt::RuleBlock &block = rule.blocks[i];
    blocks.push_back(
        RuleBlockAttr::get(context, block.target, block.source, fromRule(context, block.rule)));
  }
  bool isBlocks = rule.kind == rt::RuleKind::Blocks;
  return RuleAttr::get(context, static_cast<RuleKind>(rule.kind), rule.targets, rule.sources,
                       isBlocks ? 0 : rule.number, unless(context, rule.probability, 0.0),
                       rule.autapses, rule.multapses,
                       isBlocks ? ArrayAttr::get(context, blocks) : ArrayAttr());
}

static rt::Distribution toPlainDistribution(DistributionAttr attr) {
  rt::Distribution result{static_cast<rt::DistributionKind>(attr.getKind())};
  result.first = valueOr(attr.getFirst(), 0.0);
  result.second = valueOr(attr.getSecond(), 0.0);
  result.low = attr.getLow();
  result.high = attr.getHigh();
  if (rt::drawsIntegers(result)) {
    result.least = valueOr(attr.getMin(), result.least);
    result.greatest = valueOr(attr.getMax(), result.greatest);
  } else {
    result.min = valueOr(attr.getMin(), result.min);
    result.max = valueOr(attr.getMax(), result.max);
  }
  return result;
}

rt::OwnedDistribution toDistribution(DistributionAttr attr) {
  std::vector<rt::Distribution> blocks;
  if (attr.getBlocks())
    for (auto block : attr.getBlocks().getAsRange<DistributionAttr>())
      blocks.push_back(toPlainDistribution(block));
  return rt::OwnedDistribution(toPlainDistribution(attr), std::move(blocks));
}

DistributionAttr fromDistribution(MLIRContext *context, const rt::Distribution &distribution) {
  const rt::Distribution &d = distribution;
  if (d.kind == rt::DistributionKind::PerBlock) {
    SmallVector<Attribute> blocks;
    for (const rt::Distribution &block : ArrayRef(d.blocks, d.blockCount))
      blocks.push_back(fromDistribution(context, block));
    return DistributionAttr::get(context, DistributionKind::PerBlock, {}, {}, 0, 0, {}, {},
                                 ArrayAttr::get(context, blocks));
  }
  TypedAttr min = unless(context, d.min, -INFINITY), max = unless(context, d.max, INFINITY);
  if (rt::drawsIntegers(d)) {
    min = unless(context, d.least, INT64_MIN);
    max = unless(context, d.greatest, INT64_MAX);
  }
  return DistributionAttr::get(context, static_cast<DistributionKind>(d.kind),
                               unless(context, d.first, 0.0), unless(context, d.second, 0.0), d.low,
                               d.high, min, max, ArrayAttr());
}

bool drawsIntegers(DistributionAttr attr) {
  return rt::drawsIntegers(toDistribution(attr).distribution);
}

//===--- What can be drawn ---===//

/// Of real numbers, without `min` and `max`.
static std::pair<double, double> unboundedSupport(const rt::Distribution &d) {
  switch (d.kind) {
  case rt::DistributionKind::Uniform:
    return {std::min(d.first, d.second), std::max(d.first, d.second)};
  case rt::DistributionKind::Normal:
    return d.second == 0 ? std::pair(d.first, d.first)
                         : std::pair<double, double>(-INFINITY, INFINITY);
  case rt::DistributionKind::Lognormal:
  case rt::DistributionKind::Exponential:
    return {0, d.first == 0 && d.kind == rt::DistributionKind::Exponential ? 0 : INFINITY};
  default:
    return {d.first, d.first};
  }
}

/// What one of several distributions can draw; ends of whole numbers are i64 if all are whole.
static LimitsAttr supportOfBlocks(DistributionAttr attr) {
  bool isWhole = drawsIntegers(attr);
  Attribute low, high;
  auto asNumber = [&](Attribute end) -> Attribute {
    auto integer = dyn_cast_or_null<IntegerAttr>(end);
    return integer && !isWhole
               ? Builder(attr.getContext()).getF64FloatAttr(static_cast<double>(integer.getInt()))
               : end;
  };
  auto isBelow = [&](Attribute a, Attribute b) {
    return isWhole ? cast<IntegerAttr>(a).getInt() < cast<IntegerAttr>(b).getInt()
                   : cast<FloatAttr>(a).getValueAsDouble() < cast<FloatAttr>(b).getValueAsDouble();
  };
  bool isFirst = true;
  for (auto block : attr.getBlocks().getAsRange<DistributionAttr>()) {
    LimitsAttr one = supportOf(block);
    Attribute least = asNumber(one.getLow()), greatest = asNumber(one.getHigh());
    low = isFirst || (low && least && isBelow(least, low)) ? least : low && least ? low : nullptr;
    high = isFirst || (high && greatest && isBelow(high, greatest)) ? greatest
           : high && greatest                                       ? high
                                                                    : nullptr;
    isFirst = false;
  }
  return LimitsAttr::get(attr.getContext(), low, high);
}

LimitsAttr supportOf(DistributionAttr attr) {
  if (attr.getBlocks())
    return supportOfBlocks(attr);
  rt::Distribution d = toPlainDistribution(attr);
  MLIRContext *context = attr.getContext();
  if (rt::drawsIntegers(d)) {
    bool isRange = d.kind == rt::DistributionKind::Integers;
    int64_t low = std::max(d.least, isRange ? d.low : 0),
            high = isRange ? std::min(d.greatest, d.high - 1) : d.greatest;
    return LimitsAttr::get(context, unless(context, low, INT64_MIN),
                           unless(context, high, INT64_MAX));
  }
  auto [low, high] = unboundedSupport(d);
  return LimitsAttr::get(context, unless(context, std::max(low, d.min), -INFINITY),
                         unless(context, std::min(high, d.max), INFINITY));
}

std::optional<std::string> findOutside(DistributionAttr attr, Attribute limit) {
  LimitsAttr support = supportOf(attr);
  auto range = dyn_cast<LimitsAttr>(limit);
  if (!range)
    return std::string("drawn");
  auto find = [&](Attribute end, Attribute bound, StringRef open) -> std::optional<std::string> {
    if (!bound)
      return std::nullopt;
    std::optional<std::string> found =
        end ? findOutside(end, range) : std::optional<std::string>(open);
    return found ? std::optional("drawn and can be " + *found) : std::nullopt;
  };
  if (std::optional<std::string> found = find(support.getLow(), range.getLow(), "-inf"))
    return found;
  return find(support.getHigh(), range.getHigh(), "inf");
}

//===--- Verifiers ---===//

LogicalResult RuleAttr::verify(function_ref<InFlightDiagnostic()> emitError, RuleKind kind,
                               int64_t targets, int64_t sources, int64_t number,
                               FloatAttr probability, bool autapses, bool multapses,
                               ArrayAttr blocks) {
  if ((kind == RuleKind::Blocks) != static_cast<bool>(blocks) || (blocks && number != 0))
    return emitError() << "the blocks of a rule belong to its kind 'blocks', and are not counted";
  std::vector<rt::RuleBlock> parts;
  for (Attribute part : blocks ? blocks.getValue() : ArrayRef<Attribute>()) {
    auto block = dyn_cast<RuleBlockAttr>(part);
    if (!block)
      return emitError() << "the blocks of a rule are of '#proc.rule_block'";
    parts.push_back({block.getTarget(), block.getSource(), toPlainRule(block.getRule())});
  }
  rt::OwnedRule rule({static_cast<rt::RuleKind>(kind), autapses, multapses, targets, sources,
                      number, valueOr(probability, 0.0)},
                     std::move(parts));
  if (const char *fault = rt::faultOf(rule.rule))
    return emitError() << "there is no network by this rule: " << fault;
  return success();
}

LogicalResult DistributionAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                       DistributionKind kind, FloatAttr first, FloatAttr second,
                                       int64_t low, int64_t high, TypedAttr min, TypedAttr max,
                                       ArrayAttr blocks) {
  auto isPart = [](Attribute attr) {
    auto part = dyn_cast<DistributionAttr>(attr);
    return part && part.getKind() != DistributionKind::PerBlock;
  };
  if ((kind == DistributionKind::PerBlock) != static_cast<bool>(blocks) ||
      (blocks && !llvm::all_of(blocks, isPart)))
    return emitError() << "the blocks of a distribution are distributions, and belong to its kind "
                          "'per_block'";
  bool isWhole = kind == DistributionKind::Integers || kind == DistributionKind::Poisson;
  for (TypedAttr number : {TypedAttr(first), TypedAttr(second), min, max}) {
    auto real = dyn_cast_or_null<FloatAttr>(number);
    bool isBound = number == min || number == max;
    if (number &&
        !(isBound && isWhole ? number.getType().isInteger(64)
                             : real && real.getType().isF64() && !real.getValue().isNaN()))
      return emitError() << "the parameters of a distribution are numbers of type f64, the bounds "
                            "of whole numbers i64";
  }
  if (kind == DistributionKind::Integers && low >= high)
    return emitError() << "integers need 'low' below 'high', which is excluded";
  return success();
}

LogicalResult verifyDrawn(Operation *op, ShapedType type, ElementsAttr value, RuleAttr rule,
                          DistributionAttr distribution) {
  if (!rule && !distribution)
    return success();
  if (rule && distribution)
    return op->emitOpError("has both a rule and a distribution");
  auto dense = dyn_cast<DenseElementsAttr>(value);
  bool isZero = dense && (dense.isSplat() || dense.getNumElements() == 0);
  if (isZero && dense.getNumElements() > 0)
    isZero = isa<FloatType>(dense.getElementType()) ? dense.getSplatValue<APFloat>().isPosZero()
                                                    : dense.getSplatValue<APInt>().isZero();
  if (!isZero || type.getRank() != 1)
    return op->emitOpError("is drawn, which needs zeros of one axis as its value");
  if (!rule)
    return success();
  rt::OwnedRule owned = toRule(rule);
  const rt::Rule &facts = owned.rule;
  int64_t count = type.getDimSize(0);
  if (count == facts.sources + 1 && type.getElementTypeBitWidth() == 64)
    return success();
  if (count == rt::synapseCapacity(facts) && type.getElementTypeBitWidth() == 32)
    return success();
  return op->emitOpError("has a rule, but neither the ")
         << facts.sources + 1 << " offsets nor the " << rt::synapseCapacity(facts)
         << " targets of it";
}

LogicalResult ValueOp::verify() {
  return verifyDrawn(*this, getValue().getShapedType(), getValue(), getRuleAttr(),
                     getDistributionAttr());
}

} // namespace basalt::proc
