// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "dialect/proc/Rules.h"
#include "dialect/proc/Limits.h"
#include "dialect/proc/Types.h"
#include "runtime/native/Distribution.h"
#include "runtime/native/Rule.h"

#include "mlir/IR/Builders.h"

#include <cmath>

using namespace mlir;

namespace basalt::proc {

// The attributes have the numbers of the run-time contract.
static_assert(static_cast<int>(rt::RuleKind::FixedOutdegree) ==
              static_cast<int>(RuleKind::FixedOutdegree));
static_assert(static_cast<int>(rt::DistributionKind::Poisson) ==
              static_cast<int>(DistributionKind::Poisson));

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

rt::Rule toRule(RuleAttr attr) {
  return {static_cast<rt::RuleKind>(attr.getKind()),
          attr.getAutapses(),
          attr.getMultapses(),
          attr.getTargets(),
          attr.getSources(),
          attr.getNumber(),
          valueOr(attr.getProbability(), 0.0)};
}

RuleAttr fromRule(MLIRContext *context, const rt::Rule &rule) {
  return RuleAttr::get(context, static_cast<RuleKind>(rule.kind), rule.targets, rule.sources,
                       rule.number, unless(context, rule.probability, 0.0), rule.autapses,
                       rule.multapses);
}

rt::Distribution toDistribution(DistributionAttr attr) {
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

DistributionAttr fromDistribution(MLIRContext *context, const rt::Distribution &distribution) {
  const rt::Distribution &d = distribution;
  TypedAttr min = unless(context, d.min, -INFINITY), max = unless(context, d.max, INFINITY);
  if (rt::drawsIntegers(d)) {
    min = unless(context, d.least, INT64_MIN);
    max = unless(context, d.greatest, INT64_MAX);
  }
  return DistributionAttr::get(context, static_cast<DistributionKind>(d.kind),
                               unless(context, d.first, 0.0), unless(context, d.second, 0.0), d.low,
                               d.high, min, max);
}

bool drawsIntegers(DistributionAttr attr) { return rt::drawsIntegers(toDistribution(attr)); }

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

LimitsAttr supportOf(DistributionAttr attr) {
  rt::Distribution d = toDistribution(attr);
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
                               FloatAttr probability, bool autapses, bool multapses) {
  rt::Rule rule{static_cast<rt::RuleKind>(kind), autapses, multapses, targets, sources, number,
                valueOr(probability, 0.0)};
  if (const char *fault = rt::faultOf(rule))
    return emitError() << "there is no network by this rule: " << fault;
  return success();
}

LogicalResult DistributionAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                       DistributionKind kind, FloatAttr first, FloatAttr second,
                                       int64_t low, int64_t high, TypedAttr min, TypedAttr max) {
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
  rt::Rule facts = toRule(rule);
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
