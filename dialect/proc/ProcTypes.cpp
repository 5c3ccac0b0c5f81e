// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types of declarations and conversion of initial values to them.
#include "dialect/proc/Proc.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::proc {

static Type withElement(Type type, Type element) {
  if (auto shaped = dyn_cast<ShapedType>(type))
    return shaped.clone(element);
  return element;
}

Type valueType(Type declared) {
  auto integer = dyn_cast<IntegerType>(getElementTypeOrSelf(declared));
  if (!integer || integer.isSignless())
    return declared;
  return withElement(declared, IntegerType::get(declared.getContext(), integer.getWidth()));
}

Type bindNames(Type declared, DictionaryAttr types) {
  auto named = dyn_cast<NamedType>(getElementTypeOrSelf(declared));
  if (!named || !types)
    return declared;
  auto bound = dyn_cast_or_null<TypeAttr>(types.get(named.getName()));
  return bound ? withElement(declared, bound.getValue()) : declared;
}

bool isConcrete(Type declared) {
  if (auto shaped = dyn_cast<ShapedType>(declared))
    if (!shaped.hasStaticShape())
      return false;
  return !isa<NamedType>(getElementTypeOrSelf(declared));
}

std::string spellElement(Type element) {
  if (auto named = dyn_cast<NamedType>(element))
    return named.getName().str();
  if (auto integer = dyn_cast<IntegerType>(element)) {
    if (integer.isSignless() && integer.getWidth() == 1)
      return "bool";
    return (integer.isUnsigned() ? "u" : "i") + std::to_string(integer.getWidth());
  }
  std::string text;
  llvm::raw_string_ostream(text) << element;
  return text;
}

std::string spellType(Type declared) {
  std::string text = spellElement(getElementTypeOrSelf(declared));
  auto shaped = dyn_cast<ShapedType>(declared);
  if (!shaped)
    return text;
  if (!shaped.hasRank())
    return text + "[...]";
  if (shaped.getRank() == 0)
    return text;
  auto extent = [](int64_t n) {
    return ShapedType::isDynamic(n) ? std::string("?") : std::to_string(n);
  };
  return text + "[" + llvm::join(llvm::map_range(shaped.getShape(), extent), ", ") + "]";
}

std::string spellShape(ArrayRef<int64_t> shape) {
  auto extent = [](int64_t n) {
    return ShapedType::isDynamic(n) ? std::string("?") : std::to_string(n);
  };
  return "(" + llvm::join(llvm::map_range(shape, extent), ", ") + (shape.size() == 1 ? ",)" : ")");
}

Type parseElement(MLIRContext *context, StringRef spelling) {
  if (spelling == "bool")
    return IntegerType::get(context, 1);
  if (spelling == "f32")
    return Float32Type::get(context);
  if (spelling == "f64")
    return Float64Type::get(context);
  unsigned width = 0;
  if (spelling.size() < 2 || spelling[1] == '0' || spelling.drop_front().getAsInteger(10, width))
    return {};
  if (spelling.front() == 'i' && width >= 1 && width <= 64)
    return IntegerType::get(context, width, IntegerType::Signed);
  if (spelling.front() == 'u' && width >= 1 && width <= 63)
    return IntegerType::get(context, width, IntegerType::Unsigned);
  return {};
}

//===--- Initial values ---===//

/// Values that are not the same everywhere are repeated to at most so many elements.
static constexpr int64_t maxSpread = int64_t(1) << 26;

namespace {
/// One element of a given value, wherever it came from.
struct Given {
  bool isFloat;
  int64_t integer;
  double real;
};
} // namespace

static std::string spellGiven(const Given &given) {
  if (!given.isFloat)
    return std::to_string(given.integer);
  SmallString<32> text;
  llvm::APFloat(given.real).toString(text);
  return text.str().str();
}

/// What a declared element type can hold, for messages.
static std::string spellLimits(IntegerType type) {
  unsigned width = type.getWidth();
  if (type.isUnsigned() || type.isSignless())
    return "0.." + llvm::toString(llvm::APInt::getMaxValue(width), 10, false);
  return llvm::toString(llvm::APInt::getSignedMinValue(width), 10, true) + ".." +
         llvm::toString(llvm::APInt::getSignedMaxValue(width), 10, true);
}

/// The integer as bits of the declared type, or nothing if it does not fit.
static std::optional<llvm::APInt> fitInteger(const Given &given, IntegerType type) {
  int64_t value = given.integer;
  if (given.isFloat) {
    if (!(given.real >= -9223372036854775808.0 && given.real < 9223372036854775808.0))
      return std::nullopt;
    value = static_cast<int64_t>(given.real);
    if (static_cast<double>(value) != given.real)
      return std::nullopt;
  }
  unsigned width = type.getWidth();
  if (type.isUnsigned() || type.isSignless()) {
    if (value < 0 || (width < 63 && value >> width != 0))
      return std::nullopt;
  } else if (width < 64 &&
             (value < -(int64_t(1) << (width - 1)) || value >= int64_t(1) << (width - 1))) {
    return std::nullopt;
  }
  return llvm::APInt(width, static_cast<uint64_t>(value), /*isSigned=*/false,
                     /*implicitTrunc=*/true);
}

static FailureOr<Attribute> convertElement(Location loc, const llvm::Twine &what,
                                           const Given &given, Type element) {
  Type value = valueType(element);
  if (auto type = dyn_cast<FloatType>(element)) {
    double real = given.isFloat ? given.real : static_cast<double>(given.integer);
    if (!given.isFloat && static_cast<int64_t>(real) != given.integer)
      return emitError(loc) << what << ": " << given.integer << " is not exact as "
                            << spellElement(element);
    return Attribute(FloatAttr::get(type, real));
  }
  auto type = cast<IntegerType>(element);
  std::optional<llvm::APInt> bits = fitInteger(given, type);
  if (bits)
    return Attribute(IntegerAttr::get(value, *bits));
  if (given.isFloat && given.real == static_cast<double>(static_cast<int64_t>(given.real)))
    return emitError(loc) << what << ": " << spellGiven(given) << " is out of the range "
                          << spellLimits(type) << " of " << spellElement(element);
  if (given.isFloat)
    return emitError(loc) << what << ": " << spellGiven(given)
                          << " is not a whole number, but the type is " << spellElement(element);
  return emitError(loc) << what << ": " << spellGiven(given) << " is out of the range "
                        << spellLimits(type) << " of " << spellElement(element);
}

static SmallVector<Given> givenElements(ElementsAttr value) {
  SmallVector<Given> elements;
  elements.reserve(value.getNumElements());
  if (isa<FloatType>(value.getElementType())) {
    for (const llvm::APFloat &real : value.getValues<llvm::APFloat>())
      elements.push_back({true, 0, real.convertToDouble()});
    return elements;
  }
  bool zeroExtend =
      value.getElementType().isUnsignedInteger() || value.getElementType().isInteger(1);
  for (const llvm::APInt &bits : value.getValues<llvm::APInt>())
    elements.push_back(
        {false,
         static_cast<int64_t>(zeroExtend ? bits.getZExtValue()
                                         : static_cast<uint64_t>(bits.getSExtValue())),
         0});
  return elements;
}

static bool broadcasts(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  if (from.size() > to.size())
    return false;
  for (auto [a, b] : llvm::zip(llvm::reverse(from), llvm::reverse(to)))
    if (a != b && a != 1)
      return false;
  return true;
}

/// Index of the element of a tensor of shape `from` that is broadcast to row-major index `index` of
/// `to`.
static int64_t broadcastIndex(int64_t index, ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  int64_t result = 0, stride = 1;
  for (size_t k = 0; k < to.size(); ++k) {
    int64_t extent = to[to.size() - 1 - k], position = index % extent;
    index /= extent;
    if (k >= from.size())
      break;
    int64_t own = from[from.size() - 1 - k];
    result += (own == 1 ? 0 : position) * stride;
    stride *= own;
  }
  return result;
}

FailureOr<DenseElementsAttr> convertInitialValue(Location loc, llvm::Twine what, ElementsAttr value,
                                                 RankedTensorType type) {
  ArrayRef<int64_t> from = value.getShapedType().getShape(), to = type.getShape();
  if (!broadcasts(from, to))
    return emitError(loc) << what << ": a value of shape " << spellShape(from)
                          << " does not fit the shape " << spellShape(to);
  auto result = RankedTensorType::get(to, valueType(type.getElementType()));
  if (value.isSplat() || value.getNumElements() == 1) {
    // One element also of a value that is large.
    if (auto dense = dyn_cast<DenseElementsAttr>(value); dense && dense.isSplat())
      value = dense.resizeSplat(RankedTensorType::get({}, value.getElementType()));
    Given given = value.getNumElements() == 0 ? Given{false, 0, 0} : givenElements(value).front();
    FailureOr<Attribute> element = convertElement(loc, what, given, type.getElementType());
    if (failed(element))
      return failure();
    return DenseElementsAttr::get(result, *element);
  }
  SmallVector<Attribute> elements;
  for (const Given &given : givenElements(value)) {
    FailureOr<Attribute> element = convertElement(loc, what, given, type.getElementType());
    if (failed(element))
      return failure();
    elements.push_back(*element);
  }
  if (from == to)
    return DenseElementsAttr::get(result, elements);
  // The given elements are there anyway, but copies of them are as many as somebody writes.
  if (result.getNumElements() > maxSpread)
    return emitError(loc) << what << ": a value of shape " << spellShape(from)
                          << " cannot be repeated to the shape " << spellShape(to)
                          << ", which is too large";
  SmallVector<Attribute> spread;
  for (int64_t i = 0, e = result.getNumElements(); i < e; ++i)
    spread.push_back(elements[broadcastIndex(i, from, to)]);
  return DenseElementsAttr::get(result, spread);
}

} // namespace basalt::proc
