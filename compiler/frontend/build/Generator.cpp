// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The distributions are those of random draws in behaviours (typing/TypeRandom.cpp), in numbers.
#include "compiler/frontend/build/Generator.h"
#include "compiler/frontend/build/Environment.h"
#include "compiler/support/Hash.h"
#include "dialect/proc/Types.h"
#include "runtime/native/Arithmetic.h"

#include "llvm/ADT/StringSwitch.h"

#include <cmath>
#include <numeric>

using namespace mlir;

namespace basalt::frontend {

/// Larger values do not fit the IR, which holds them whole.
static constexpr int64_t maxElements = int64_t(1) << 28;

bool isGenerator(const yaml::Node &node) { return node.isMapping() && node.find("random"); }

namespace {
/// Reads the parameters of a distribution.
class DistributionReader {
public:
  DistributionReader(const yaml::Node &node, Environment &scope, DataFiles &files)
      : node(node), scope(scope), files(files), name(node.find("random")->text()),
        result{kindOf(name)} {}

  FailureOr<rt::Distribution> read();

private:
  static rt::DistributionKind kindOf(StringRef name);
  SmallVector<StringRef> ownParameters() const;
  template <typename T> FailureOr<T> parameter(StringRef key, T otherwise);
  template <typename T> LogicalResult readBounds(T &least, T &greatest);
  LogicalResult readIntegers();
  LogicalResult readReals();
  LogicalResult refuseOthers();
  LogicalResult refuseNegative(StringRef key, double value);

  const yaml::Node &node;
  Environment &scope;
  DataFiles &files;
  StringRef name;
  rt::Distribution result;
};
} // namespace

//===--- Parameters ---===//

rt::DistributionKind DistributionReader::kindOf(StringRef name) {
  return llvm::StringSwitch<rt::DistributionKind>(name)
      .Case("uniform", rt::DistributionKind::Uniform)
      .Case("lognormal", rt::DistributionKind::Lognormal)
      .Case("exponential", rt::DistributionKind::Exponential)
      .Case("integers", rt::DistributionKind::Integers)
      .Case("poisson", rt::DistributionKind::Poisson)
      .Default(rt::DistributionKind::Normal);
}

SmallVector<StringRef> DistributionReader::ownParameters() const {
  switch (result.kind) {
  case rt::DistributionKind::Normal:
  case rt::DistributionKind::Lognormal:
    return {"mean", "std"};
  case rt::DistributionKind::Exponential:
    return {"scale"};
  case rt::DistributionKind::Poisson:
    return {"lam"};
  default:
    return {"low", "high"};
  }
}

/// A parameter of the distribution, or `otherwise`: an int64_t or a double.
template <typename T> FailureOr<T> DistributionReader::parameter(StringRef key, T otherwise) {
  const yaml::Node *given = node.find(key);
  if (!given)
    return otherwise;
  FailureOr<Constant> value = readConstant(*given, scope, files);
  if (failed(value))
    return failure();
  auto wrong = [&]() -> FailureOr<T> {
    return emitError(given->loc())
           << "'" << key << "' of '" << name << "' must be "
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
LogicalResult DistributionReader::refuseOthers() {
  SmallVector<StringRef> own{"random", "min", "max"};
  own.append(ownParameters());
  for (const yaml::Entry &entry : node.entries())
    if (!llvm::is_contained(own, entry.key()))
      return emitError(entry.keyLoc())
             << "'" << name << "' has no parameter '" << entry.key() << "'";
  return success();
}

LogicalResult DistributionReader::refuseNegative(StringRef key, double value) {
  if (value >= 0)
    return success();
  return emitError(node.find(key)->loc())
         << "'" << key << "' of '" << name << "' must not be negative";
}

template <typename T> LogicalResult DistributionReader::readBounds(T &least, T &greatest) {
  FailureOr<T> min = parameter("min", least), max = parameter("max", greatest);
  if (failed(min) || failed(max))
    return failure();
  least = *min;
  greatest = *max;
  if (least > greatest)
    return emitError(node.find("min")->loc(), "'min' is above 'max'");
  return success();
}

LogicalResult DistributionReader::readIntegers() {
  if (!node.find("high"))
    return emitError(node.loc(), "'integers' needs 'high', which is excluded");
  FailureOr<int64_t> low = parameter("low", int64_t(0)), high = parameter("high", int64_t(0));
  if (failed(low) || failed(high))
    return failure();
  if (*low >= *high)
    return emitError(node.find("high")->loc())
           << "'high' of 'integers', which is excluded, must be above 'low': " << *high
           << " is not above " << *low;
  if (rt::sub(*high, *low) < 0)
    return emitError(node.loc(), "'integers' draws from less than 2^63 numbers");
  result.low = *low;
  result.high = *high;
  return success();
}

LogicalResult DistributionReader::readReals() {
  SmallVector<StringRef> keys = ownParameters();
  bool hasMean = keys.size() == 2 && keys[0] == "mean", isOne = keys.size() == 1;
  FailureOr<double> first = parameter(keys[0], isOne ? 1.0 : 0.0),
                    second = isOne ? FailureOr<double>(0) : parameter(keys[1], 1.0);
  if (failed(first) || failed(second) || (isOne && failed(refuseNegative(keys[0], *first))) ||
      (hasMean && failed(refuseNegative(keys[1], *second))))
    return failure();
  result.first = *first;
  result.second = *second;
  return success();
}

FailureOr<rt::Distribution> DistributionReader::read() {
  if (failed(refuseOthers()) ||
      failed(rt::drawsIntegers(result) ? readBounds(result.least, result.greatest)
                                       : readBounds(result.min, result.max)) ||
      failed(result.kind == rt::DistributionKind::Integers ? readIntegers() : readReals()))
    return failure();
  return result;
}

FailureOr<rt::Distribution> readDistribution(const yaml::Node &node, Environment &scope,
                                             DataFiles &files) {
  return DistributionReader(node, scope, files).read();
}

//===--- Numbers ---===//

/// Numbers of all elements, by one of the functions that draw; fails if one cannot be found.
template <typename T>
static FailureOr<Constant> drawAll(Location loc, RankedTensorType type,
                                   const rt::Distribution &distribution, rt::RandomKey key,
                                   bool (*draw)(const rt::Distribution &, rt::RandomKey,
                                                const uint64_t *, size_t, T *)) {
  std::vector<uint64_t> elements(type.getNumElements());
  std::iota(elements.begin(), elements.end(), uint64_t(0));
  std::vector<T> values(elements.size());
  if (!draw(distribution, key, elements.data(), elements.size(), values.data()))
    return emitError(loc) << "none of " << rt::kMaxAttempts
                          << " draws was from 'min' to 'max'; make the range wider";
  return Constant{DenseElementsAttr::get(type, ArrayRef<T>(values)), loc, true};
}

FailureOr<Constant> generate(const yaml::Node &node, StringRef path, RankedTensorType type,
                             Environment &scope, DataFiles &files) {
  files.usesSeed = true;
  FailureOr<rt::Distribution> distribution = readDistribution(node, scope, files);
  Location loc = node.loc();
  if (failed(distribution))
    return failure();
  if (type.getNumElements() > maxElements)
    return emitError(loc) << "a random value of shape " << proc::spellShape(type.getShape())
                          << " is too large; at most " << maxElements << " elements are possible";
  rt::RandomKey key = rt::valueKey(files.seed, keyOfText(path));
  MLIRContext *context = scope.getContext();
  if (rt::drawsIntegers(*distribution) || isa<IntegerType>(type.getElementType()))
    return drawAll<int64_t>(loc, type.clone(IntegerType::get(context, 64)), *distribution, key,
                            rt::drawIntegers);
  return drawAll<double>(loc, type.clone(Float64Type::get(context)), *distribution, key,
                         rt::drawReals);
}

} // namespace basalt::frontend
