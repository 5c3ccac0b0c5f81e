// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The distributions are those of random draws in behaviours (typing/TypeRandom.cpp), in numbers.
#include "compiler/frontend/build/Generator.h"
#include "compiler/frontend/build/Environment.h"
#include "compiler/support/Hash.h"
#include "dialect/proc/Types.h"
#include "runtime/native/Poisson.h"

#include <cmath>

using namespace mlir;

namespace basalt::frontend {

/// Larger values do not fit the IR, which holds them whole.
static constexpr int64_t maxElements = int64_t(1) << 28;
/// So often is a number drawn again that is below `min` or above `max`.
static constexpr int64_t maxAttempts = 1000;

bool isGenerator(const yaml::Node &node) { return node.isMapping() && node.find("random"); }

namespace {
/// A distribution, and where its numbers for one value come from.
class Generator {
public:
  Generator(const yaml::Node &node, StringRef path, Environment &scope, DataFiles &files)
      : node(node), scope(scope), files(files), distribution(node.find("random")->text()),
        key(rt::randomKey(keyOfText("a given value"), static_cast<int64_t>(files.seed),
                          keyOfText(path))) {}

  LogicalResult readParameters();
  bool drawsIntegers() const { return distribution == "integers" || distribution == "poisson"; }
  /// The number of an element within `min` and `max`; nothing if none can be found.
  std::optional<int64_t> integer(uint64_t element) const;
  std::optional<double> real(uint64_t element) const;

private:
  template <typename T> FailureOr<T> parameter(StringRef name, T otherwise);
  LogicalResult readIntegers();
  LogicalResult readReals();
  LogicalResult refuseOthers();
  int64_t drawInteger(uint64_t element, int64_t attempt) const;
  double drawReal(uint64_t element, int64_t attempt) const;
  int64_t bits(uint64_t element, int64_t draw) const {
    return rt::randomBits(key.with(draw), element);
  }
  double unit(uint64_t element, int64_t draw) const {
    return rt::unitInterval(static_cast<uint64_t>(bits(element, draw)));
  }

  const yaml::Node &node;
  Environment &scope;
  DataFiles &files;
  StringRef distribution;
  rt::RandomKey key;

  // Mean and deviation, low and high end.
  double first = 0, second = 1;
  double least = -INFINITY, greatest = INFINITY;
  int64_t low = 0, high = 0;
  int64_t leastInteger = INT64_MIN, greatestInteger = INT64_MAX;
};
} // namespace

//===--- Parameters ---===//

/// A parameter of the distribution, or `otherwise`: an int64_t or a double.
template <typename T> FailureOr<T> Generator::parameter(StringRef name, T otherwise) {
  const yaml::Node *given = node.find(name);
  if (!given)
    return otherwise;
  FailureOr<Constant> value = readConstant(*given, scope, files);
  if (failed(value))
    return failure();
  auto wrong = [&]() -> FailureOr<T> {
    return emitError(given->loc())
           << "'" << name << "' of '" << distribution << "' must be "
           << (std::is_integral_v<T> ? "an integer" : "a number") << ", found " << describe(*value);
  };
  if (!value->isNumber() || !value->shape().empty())
    return wrong();
  Attribute number = *value->elements().getValues<Attribute>().begin();
  auto integer = dyn_cast<IntegerAttr>(number);
  if (integer && !integer.getType().isInteger(1))
    return static_cast<T>(integer.getInt());
  auto real = dyn_cast<FloatAttr>(number);
  if (!real || std::is_integral_v<T> || std::isnan(real.getValueAsDouble()))
    return wrong();
  return static_cast<T>(real.getValueAsDouble());
}

/// Parameters of other distributions.
LogicalResult Generator::refuseOthers() {
  SmallVector<StringRef> own{"random", "min", "max"};
  if (distribution == "normal")
    own.append({"mean", "std"});
  else if (distribution == "poisson")
    own.append({"lam"});
  else
    own.append({"low", "high"});
  for (const yaml::Entry &entry : node.entries())
    if (!llvm::is_contained(own, entry.key()))
      return emitError(entry.keyLoc())
             << "'" << distribution << "' has no parameter '" << entry.key() << "'";
  return success();
}

LogicalResult Generator::readIntegers() {
  FailureOr<int64_t> min = parameter("min", leastInteger), max = parameter("max", greatestInteger);
  if (failed(min) || failed(max))
    return failure();
  leastInteger = *min;
  greatestInteger = *max;
  if (distribution == "poisson") {
    FailureOr<double> mean = parameter("lam", 1.0);
    if (failed(mean))
      return failure();
    if (*mean < 0)
      return emitError(node.find("lam")->loc(), "'lam' of 'poisson' must not be negative");
    first = *mean;
    return success();
  }
  if (!node.find("high"))
    return emitError(node.loc(), "'integers' needs 'high', which is excluded");
  FailureOr<int64_t> from = parameter("low", low), to = parameter("high", high);
  if (failed(from) || failed(to))
    return failure();
  low = *from;
  high = *to;
  if (low >= high)
    return emitError(node.find("high")->loc())
           << "'high' of 'integers', which is excluded, must be above 'low': " << high
           << " is not above " << low;
  if (rt::sub(high, low) < 0)
    return emitError(node.loc(), "'integers' draws from less than 2^63 numbers");
  return success();
}

LogicalResult Generator::readReals() {
  FailureOr<double> min = parameter("min", least), max = parameter("max", greatest);
  bool isNormal = distribution == "normal";
  FailureOr<double> a = parameter(isNormal ? "mean" : "low", 0.0),
                    b = parameter(isNormal ? "std" : "high", 1.0);
  if (failed(min) || failed(max) || failed(a) || failed(b))
    return failure();
  least = *min;
  greatest = *max;
  first = *a;
  second = *b;
  if (isNormal && second < 0)
    return emitError(node.find("std")->loc(), "'std' of 'normal' must not be negative");
  return success();
}

LogicalResult Generator::readParameters() {
  if (failed(refuseOthers()) || failed(drawsIntegers() ? readIntegers() : readReals()))
    return failure();
  if (drawsIntegers() ? leastInteger > greatestInteger : least > greatest)
    return emitError(node.find("min")->loc(), "'min' is above 'max'");
  return success();
}

//===--- Numbers ---===//

int64_t Generator::drawInteger(uint64_t element, int64_t attempt) const {
  if (distribution == "poisson")
    return rt::poisson(first, key.with(attempt), element);
  return rt::add(low, rt::mulShr(bits(element, attempt) & INT64_MAX, rt::sub(high, low), 63));
}

double Generator::drawReal(uint64_t element, int64_t attempt) const {
  if (distribution == "uniform")
    return first + (second - first) * unit(element, attempt);
  double radius = rt::sqrtFloat(rt::logFloat(1 - unit(element, 2 * attempt)) * -2);
  return first + second * (radius * rt::cosFloat(unit(element, 2 * attempt + 1) * (2 * M_PI)));
}

std::optional<int64_t> Generator::integer(uint64_t element) const {
  for (int64_t attempt = 0; attempt < maxAttempts; ++attempt)
    if (int64_t number = drawInteger(element, attempt);
        leastInteger <= number && number <= greatestInteger)
      return number;
  return std::nullopt;
}

std::optional<double> Generator::real(uint64_t element) const {
  for (int64_t attempt = 0; attempt < maxAttempts; ++attempt)
    if (double number = drawReal(element, attempt); least <= number && number <= greatest)
      return number;
  return std::nullopt;
}

/// The numbers of all elements, by `draw`; fails if one cannot be found.
template <typename T, typename Function>
static FailureOr<Constant> generateAll(Location loc, RankedTensorType type, Function draw) {
  std::vector<T> values(type.getNumElements());
  for (size_t i = 0; i < values.size(); ++i) {
    std::optional<T> number = draw(i);
    if (!number)
      return emitError(loc) << "none of " << maxAttempts
                            << " draws was from 'min' to 'max'; make the range wider";
    values[i] = *number;
  }
  return Constant{DenseElementsAttr::get(type, ArrayRef<T>(values)), loc, true};
}

FailureOr<Constant> generate(const yaml::Node &node, StringRef path, ArrayRef<int64_t> shape,
                             Environment &scope, DataFiles &files) {
  Generator generator(node, path, scope, files);
  Location loc = node.loc();
  files.usesSeed = true;
  if (failed(generator.readParameters()))
    return failure();
  if (ShapedType::getNumElements(shape) > maxElements)
    return emitError(loc) << "a random value of shape " << proc::spellShape(shape)
                          << " is too large; at most " << maxElements << " elements are possible";
  MLIRContext *context = scope.getContext();
  if (generator.drawsIntegers())
    return generateAll<int64_t>(loc, RankedTensorType::get(shape, IntegerType::get(context, 64)),
                                [&](size_t i) { return generator.integer(i); });
  return generateAll<double>(loc, RankedTensorType::get(shape, Float64Type::get(context)),
                             [&](size_t i) { return generator.real(i); });
}

} // namespace basalt::frontend
