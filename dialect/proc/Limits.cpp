// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "dialect/proc/Limits.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace mlir;

namespace basalt::proc {

namespace {
/// A number of an attribute: integers stay exact.
struct Number {
  bool isInt;
  int64_t integer;
  double real;
};
} // namespace

static Number ofInt(const llvm::APInt &bits, bool isUnsigned) {
  bool isBool = bits.getBitWidth() == 1;
  int64_t value = isUnsigned || isBool ? bits.getZExtValue() : bits.getSExtValue();
  return {true, value, static_cast<double>(value)};
}

static Number ofFloat(llvm::APFloat value) {
  bool losesInfo;
  value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return {false, 0, value.convertToDouble()};
}

static std::optional<Number> numberOf(Attribute value) {
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return ofInt(integer.getValue(), false);
  if (auto real = dyn_cast<FloatAttr>(value))
    return ofFloat(real.getValue());
  return std::nullopt;
}

/// Not the negation of `b < a`: a NaN is neither.
static bool isAtMost(Number a, Number b) {
  return a.isInt && b.isInt ? a.integer <= b.integer : a.real <= b.real;
}

static std::string spell(Number number) {
  if (number.isInt)
    return std::to_string(number.integer);
  SmallString<24> text;
  llvm::APFloat(number.real).toString(text, 0, 3);
  return text.str().str();
}

static std::string spellValue(Attribute value) {
  if (auto text = dyn_cast<StringAttr>(value))
    return text.str();
  auto integer = dyn_cast<IntegerAttr>(value);
  if (integer && integer.getType().isInteger(1))
    return integer.getValue().isZero() ? "false" : "true";
  return spell(*numberOf(value));
}

std::string spellLimit(Attribute limit) {
  if (auto list = dyn_cast<ArrayAttr>(limit))
    return "[" + llvm::join(llvm::map_range(list, spellValue), ", ") + "]";
  auto range = cast<LimitsAttr>(limit);
  return (range.getLow() ? spellValue(range.getLow()) : "") + ".." +
         (range.getHigh() ? spellValue(range.getHigh()) : "");
}

LimitsAttr intersect(LimitsAttr a, LimitsAttr b) {
  if (!a || !b)
    return a ? a : b;
  Attribute low = a.getLow(), high = a.getHigh();
  if (!low || (b.getLow() && isAtMost(*numberOf(low), *numberOf(b.getLow()))))
    low = b.getLow();
  if (!high || (b.getHigh() && isAtMost(*numberOf(b.getHigh()), *numberOf(high))))
    high = b.getHigh();
  return LimitsAttr::get(a.getContext(), low, high);
}

/// The integer next to a float, clamped to what fits.
static int64_t toInt(double value) {
  if (value >= 0x1p63)
    return INT64_MAX;
  return value < -0x1p63 ? INT64_MIN : static_cast<int64_t>(value);
}

Bounds boundsOf(LimitsAttr limits) {
  Bounds result{INT64_MIN, INT64_MAX, -HUGE_VAL, HUGE_VAL};
  if (limits.getLow()) {
    Number low = *numberOf(limits.getLow());
    result.low = low.isInt ? low.integer : toInt(std::ceil(low.real));
    result.lowFloat = low.real;
  }
  if (limits.getHigh()) {
    Number high = *numberOf(limits.getHigh());
    result.high = high.isInt ? high.integer : toInt(std::floor(high.real));
    result.highFloat = high.real;
  }
  return result;
}

static bool isInside(Number number, LimitsAttr range) {
  return (!range.getLow() || isAtMost(*numberOf(range.getLow()), number)) &&
         (!range.getHigh() || isAtMost(number, *numberOf(range.getHigh())));
}

static bool isListed(Number number, ArrayAttr list) {
  return llvm::any_of(list, [&](Attribute item) {
    std::optional<Number> allowed = numberOf(item);
    return allowed && isAtMost(*allowed, number) && isAtMost(number, *allowed);
  });
}

static bool isAllowed(Number number, Attribute limit) {
  if (auto list = dyn_cast<ArrayAttr>(limit))
    return isListed(number, list);
  return isInside(number, cast<LimitsAttr>(limit));
}

/// ` at [2, 0]`: the indices of an element in row-major order.
static std::string spellPlace(int64_t position, ArrayRef<int64_t> shape) {
  SmallVector<std::string> indices;
  for (int64_t extent : llvm::reverse(shape)) {
    indices.push_back(std::to_string(position % extent));
    position /= extent;
  }
  return " at [" + llvm::join(llvm::reverse(indices), ", ") + "]";
}

/// The first element that is not allowed, and where it is; one value that stands for all is looked
/// at once.
template <typename ElementT, typename ToNumber>
static std::optional<std::string> findIn(ElementsAttr values, Attribute limit, bool withPlace,
                                         ToNumber toNumber) {
  int64_t count = values.isSplat() ? 1 : values.getNumElements();
  if (values.getNumElements() == 0)
    return std::nullopt;
  for (auto [position, element] : llvm::enumerate(values.getValues<ElementT>())) {
    Number number = toNumber(element);
    if (!isAllowed(number, limit))
      return spell(number) + (withPlace && count > 1
                                  ? spellPlace(position, values.getShapedType().getShape())
                                  : "");
    if (static_cast<int64_t>(position) + 1 == count)
      break;
  }
  return std::nullopt;
}

std::optional<std::string> findOutside(Attribute value, Attribute limit, bool isUnsigned,
                                       bool withPlace) {
  if (auto text = dyn_cast<StringAttr>(value)) {
    auto list = dyn_cast<ArrayAttr>(limit);
    if (list && llvm::is_contained(list, value))
      return std::nullopt;
    return "'" + text.str() + "'";
  }
  if (auto elements = dyn_cast<ElementsAttr>(value)) {
    if (isa<FloatType>(elements.getElementType()))
      return findIn<llvm::APFloat>(elements, limit, withPlace, ofFloat);
    return findIn<llvm::APInt>(elements, limit, withPlace,
                               [=](const llvm::APInt &bits) { return ofInt(bits, isUnsigned); });
  }
  std::optional<Number> number = numberOf(value);
  if (!number || isAllowed(*number, limit))
    return std::nullopt;
  return spellValue(value);
}

InFlightDiagnostic emitOutside(Location loc, StringRef name, StringRef path, StringRef found,
                               Attribute limit) {
  return emitError(loc) << "'" << name << "' of '" << path << "' is " << found
                        << ", which is outside its limits " << spellLimit(limit);
}

} // namespace basalt::proc
