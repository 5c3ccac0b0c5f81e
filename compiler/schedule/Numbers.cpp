// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sets of numbers, and those in constants. See Numbers.h.
#include "compiler/schedule/Numbers.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;

namespace basalt {

/// Larger constants are not looked at.
static constexpr int64_t kMaxElements = int64_t(1) << 20;

Numbers Numbers::floats(double low, double high) {
  if (std::isnan(low) || std::isnan(high))
    return Numbers(Kind::Floats, {}, -INFINITY, INFINITY);
  return Numbers(Kind::Floats, {}, low, high);
}

Numbers Numbers::allOf(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (isa<FloatType>(element))
    return floats(-INFINITY, INFINITY);
  if (element.isSignlessInteger(1))
    return ints({0, 1});
  unsigned bits = element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  if (element.isUnsignedInteger())
    return ints(num::unsignedRange(bits));
  if (element.isSignedInteger() || bits == 64)
    return ints(num::signedRange(bits));
  return ints({num::signedRange(bits).low, num::unsignedRange(bits).high});
}

bool Numbers::isOne() const {
  return areInts() ? integers.isOne() : areFloats() && least == greatest;
}

bool Numbers::isOnly(int64_t number) const { return isOne() && contains(number); }

bool Numbers::contains(int64_t number) const {
  if (areInts())
    return integers.contains({number, number});
  auto real = static_cast<double>(number);
  return areFloats() && least <= real && real <= greatest;
}

bool Numbers::operator==(const Numbers &other) const {
  return kind == other.kind && integers == other.integers && least == other.least &&
         greatest == other.greatest;
}

static std::string spellInt(num::IntegerRange::Number number) {
  // What is beyond 64 bits is of interest as that only.
  if (number > INT64_MAX)
    return "2^63 and more";
  if (number < INT64_MIN)
    return "less than -2^63";
  return std::to_string(static_cast<int64_t>(number));
}

static std::string spellFloat(double number) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.6g", number);
  return text;
}

std::string Numbers::spell() const {
  if (isNone())
    return "nothing";
  std::string low = areInts() ? spellInt(integers.low) : spellFloat(least),
              high = areInts() ? spellInt(integers.high) : spellFloat(greatest);
  return low == high ? low : low + ".." + high;
}

Numbers hull(const Numbers &a, const Numbers &b) {
  if (a.isNone() || b.isNone())
    return a.isNone() ? b : a;
  if (a.areInts())
    return Numbers::ints(num::hull(a.range(), b.range()));
  return Numbers::floats(std::min(a.low(), b.low()), std::max(a.high(), b.high()));
}

Numbers intersect(const Numbers &a, const num::IntegerRange &range) {
  if (!a.areInts())
    return a;
  num::IntegerRange both{std::max(a.range().low, range.low), std::min(a.range().high, range.high)};
  return both.low <= both.high ? Numbers::ints(both) : Numbers();
}

static Numbers integersIn(DenseIntElementsAttr elements, bool isUnsigned) {
  auto numberOf = [&](const APInt &value) -> num::IntegerRange::Number {
    return isUnsigned ? num::IntegerRange::Number(value.getZExtValue()) : value.getSExtValue();
  };
  Numbers result;
  auto add = [&](const APInt &value) {
    result = hull(result, Numbers::ints({numberOf(value), numberOf(value)}));
  };
  if (elements.isSplat())
    add(elements.getSplatValue<APInt>());
  else
    for (const APInt &value : elements.getValues<APInt>())
      add(value);
  return result;
}

static Numbers floatsIn(DenseFPElementsAttr elements) {
  Numbers result;
  auto add = [&](const APFloat &value) {
    double number = value.convertToDouble();
    result = hull(result, Numbers::floats(number, number));
  };
  if (elements.isSplat())
    add(elements.getSplatValue<APFloat>());
  else
    for (const APFloat &value : elements.getValues<APFloat>())
      add(value);
  return result;
}

Numbers numbersIn(Attribute constant, bool isUnsigned) {
  if (auto integer = dyn_cast<IntegerAttr>(constant)) {
    num::IntegerRange::Number value =
        isUnsigned ? num::IntegerRange::Number(integer.getValue().getZExtValue())
                   : integer.getValue().getSExtValue();
    return Numbers::ints({value, value});
  }
  if (auto real = dyn_cast<FloatAttr>(constant))
    return Numbers::floats(real.getValueAsDouble(), real.getValueAsDouble());
  auto elements = dyn_cast<DenseElementsAttr>(constant);
  if (elements && (elements.isSplat() || elements.getNumElements() <= kMaxElements)) {
    if (auto integers = dyn_cast<DenseIntElementsAttr>(elements))
      return integersIn(integers, isUnsigned);
    return floatsIn(cast<DenseFPElementsAttr>(elements));
  }
  return {};
}

} // namespace basalt
