// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the syntax of a learning rule to its products. What is possible is what Loihi's learning
// engine can hold, also in floating point, so that a rule means the same in both models.
#include "compiler/frontend/build/Records.h"
#include "compiler/frontend/typing/Record.h"
#include "compiler/support/EmitWarning.h"
#include "compiler/support/Suggest.h"

#include "mlir/IR/Builders.h"

#include <cmath>

using namespace mlir;

namespace basalt::frontend {

using behaviour::RuleFactor;
using behaviour::RuleLiteral;
using behaviour::RuleProduct;

/// What the engine has for the constant of a product.
static constexpr int64_t minMantissa = -8, maxMantissa = 7, minExponent = -7, maxExponent = 8;
/// A bound of what is multiplied on the way there.
static constexpr int64_t maxConstant = int64_t(1) << 24;
/// The greatest exponent of what is added to a variable.
static constexpr int64_t maxAddend = 64;

namespace {
/// mantissa * 2**exponent
struct Scale {
  int64_t mantissa = 1, exponent = 0;
  double value() const { return std::ldexp(static_cast<double>(mantissa), exponent); }
};

class RuleBuilder {
public:
  RuleBuilder(Environment &names, llvm::DenseSet<Location> &rounded)
      : names(names), rounded(rounded), attributes(names.getContext()) {}
  FailureOr<Attribute> build(const behaviour::Rule &rule);

private:
  FailureOr<DictionaryAttr> buildProduct(const RuleProduct &product);
  LogicalResult addFactor(const RuleFactor &factor);
  LogicalResult addEpoch(const RuleFactor &factor);
  LogicalResult addVariable(const RuleFactor &factor);
  LogicalResult checkSign(const RuleFactor &factor);
  LogicalResult multiply(Location loc, const Scale &factor);
  LogicalResult normalise(const RuleProduct &product);
  FailureOr<double> numberOf(const RuleLiteral &literal, Location &given);
  FailureOr<Scale> scaleOf(const RuleLiteral &literal);
  FailureOr<Attribute> addendOf(const RuleFactor &factor);

  Environment &names;
  llvm::DenseSet<Location> &rounded;
  mlir::Builder attributes;
  /// The `uk` that the rule has, as it is written first.
  std::optional<std::pair<StringRef, Location>> epoch;

  // Of the product that is being built.
  Scale scale;
  StringRef dependency;
  SmallVector<Attribute> factors;
};
} // namespace

static std::string spell(const Scale &scale) {
  std::string power = "2^" + std::to_string(scale.exponent);
  if (scale.exponent == 0)
    return std::to_string(scale.mantissa);
  return scale.mantissa == 1 ? power : std::to_string(scale.mantissa) + "*" + power;
}

static std::string spell(double value) {
  SmallString<16> text;
  llvm::raw_svector_ostream(text) << llvm::format("%g", value);
  return text.str().str();
}

/// The nearest that Lava has for a number: its whole part (at least 1) times a power of two.
static Scale roundToScale(double value) {
  double magnitude = std::fabs(value);
  double whole = std::max(std::floor(magnitude), 1.0);
  Scale scale{static_cast<int64_t>(value < 0 ? -whole : whole), 0};
  if (value == 0)
    scale.mantissa = 0;
  else
    scale.exponent = static_cast<int64_t>(std::nearbyint(std::log2(magnitude / whole)));
  return scale;
}

//===--- Constants ---===//

/// The number that a name stands for; `given` becomes the place of its value.
FailureOr<double> RuleBuilder::numberOf(const RuleLiteral &literal, Location &given) {
  if (!names.contains(literal.name)) {
    SmallVector<StringRef> candidates(behaviour::ruleVariables());
    names.list(candidates);
    return emitError(literal.loc) << "unknown name '" << literal.name
                                  << "' in a rule; it is neither a variable nor a parameter"
                                  << didYouMean(literal.name, candidates);
  }
  FailureOr<Constant> value = names.get(literal.name, literal.loc);
  if (failed(value))
    return failure();
  given = value->loc;
  bool isNumber = value->isNumber() && value->shape().empty() &&
                  !value->elements().getElementType().isInteger(1);
  if (!isNumber)
    return emitError(literal.loc) << "'" << literal.name << "' in a rule must be a number, found "
                                  << describe(*value);
  Attribute number = *value->elements().getValues<Attribute>().begin();
  if (auto real = dyn_cast<FloatAttr>(number))
    return real.getValueAsDouble();
  return static_cast<double>(cast<IntegerAttr>(number).getValue().getSExtValue());
}

FailureOr<Scale> RuleBuilder::scaleOf(const RuleLiteral &literal) {
  if (literal.name.empty())
    return Scale{literal.mantissa, literal.exponent};
  Location given = literal.loc;
  FailureOr<double> value = numberOf(literal, given);
  if (failed(value))
    return failure();
  if (!(std::fabs(*value) < static_cast<double>(maxConstant)))
    return emitError(literal.loc) << "'" << literal.name << "' is " << spell(*value)
                                  << ", which is too large for a rule";
  Scale scale = roundToScale(*value);
  if (scale.value() != *value && rounded.insert(given).second) {
    InFlightDiagnostic diagnostic =
        emitWarning(given, Warning::RuleRounding)
        << "'" << literal.name << "' is " << spell(*value) << ", but counts as " << spell(scale)
        << (scale.exponent ? " = " + spell(scale.value()) : "")
        << " in a rule, whose constants are whole numbers times a power of two";
    diagnostic.attachNote(literal.loc) << "used here";
  }
  return scale;
}

LogicalResult RuleBuilder::multiply(Location loc, const Scale &factor) {
  scale.mantissa *= factor.mantissa;
  scale.exponent += factor.exponent;
  bool isTooLarge =
      std::abs(factor.mantissa) > maxConstant || std::abs(factor.exponent) > maxConstant ||
      std::abs(scale.mantissa) > maxConstant || std::abs(scale.exponent) > maxConstant;
  if (isTooLarge)
    return emitError(loc, "the constant of this product is too large");
  return success();
}

/// Brings the constant into the range that there is.
LogicalResult RuleBuilder::normalise(const RuleProduct &product) {
  Scale whole = scale;
  while (std::abs(scale.mantissa) > maxMantissa && scale.mantissa % 2 == 0 &&
         scale.exponent < maxExponent) {
    scale.mantissa /= 2;
    ++scale.exponent;
  }
  if (scale.mantissa < minMantissa || scale.mantissa > maxMantissa)
    return emitError(product.loc) << "the constant of this product is " << spell(whole)
                                  << "; possible are whole numbers from " << minMantissa << " to "
                                  << maxMantissa << ", times a power of two";
  if (scale.exponent < minExponent || scale.exponent > maxExponent)
    return emitError(product.loc) << "the constant of this product is " << spell(whole)
                                  << "; possible are powers from 2^" << minExponent << " to 2^"
                                  << maxExponent;
  return success();
}

/// What is added to the variable of a sum: an i64, or an f64 if it is no whole number.
FailureOr<Attribute> RuleBuilder::addendOf(const RuleFactor &factor) {
  const RuleLiteral &literal = *factor.literal;
  if (std::abs(literal.exponent) > maxAddend)
    return emitError(literal.loc, "the number in this bracket is too large or too small");
  Location given = literal.loc;
  FailureOr<double> value = literal.name.empty() ? std::ldexp(static_cast<double>(literal.mantissa),
                                                              static_cast<int>(literal.exponent))
                                                 : numberOf(literal, given);
  if (failed(value))
    return failure();
  // Of '3 - y1' the minus of the variable is that of the product.
  double signedValue = factor.isLiteralNegative != factor.isVariableNegative ? -*value : *value;
  if (signedValue == std::floor(signedValue) && std::fabs(signedValue) < maxConstant)
    return Attribute(attributes.getI64IntegerAttr(static_cast<int64_t>(signedValue)));
  return Attribute(attributes.getF64FloatAttr(signedValue));
}

//===--- Factors ---===//

/// `u2` is the dependency of its product, and the same in all products.
LogicalResult RuleBuilder::addEpoch(const RuleFactor &factor) {
  StringRef name = factor.variable;
  if (factor.literal || factor.isVariableNegative)
    return emitError(factor.variableLoc) << "'" << name << "' cannot stand in a sum";
  if (!dependency.empty())
    return emitError(factor.variableLoc)
           << "'" << name << "' can only be the dependency of a product, which is '" << dependency
           << "' here";
  if (!epoch)
    epoch.emplace(name, factor.variableLoc);
  if (epoch->first != name) {
    InFlightDiagnostic diagnostic = emitError(factor.variableLoc)
                                    << "a rule has one 'u': found '" << name << "' after '"
                                    << epoch->first << "'";
    diagnostic.attachNote(epoch->second) << "the other one is here";
    return diagnostic;
  }
  dependency = name;
  return success();
}

LogicalResult RuleBuilder::checkSign(const RuleFactor &factor) {
  if (factor.variable.empty())
    return emitError(factor.loc, "'sgn' needs a variable: w, d or t");
  if (!llvm::is_contained({"w", "d", "t"}, factor.variable))
    return emitError(factor.variableLoc)
           << "'sgn' is for w, d and t; '" << factor.variable << "' is "
           << (factor.variable.ends_with("0") ? "a spike" : "a trace");
  if (factor.isVariableNegative)
    return emitError(factor.variableLoc)
           << "the variable in 'sgn' cannot be negative; write '-sgn(" << factor.variable << ")'";
  return success();
}

LogicalResult RuleBuilder::addVariable(const RuleFactor &factor) {
  SmallVector<NamedAttribute> entries;
  auto add = [&](StringRef key, Attribute value) {
    entries.push_back(attributes.getNamedAttr(key, value));
  };
  add(record::variable, attributes.getStringAttr(factor.variable));
  if (factor.isSign)
    add(record::sign, attributes.getUnitAttr());
  if (factor.literal) {
    FailureOr<Attribute> addend = addendOf(factor);
    if (failed(addend))
      return failure();
    add(record::plus, *addend);
  }
  if (factor.isVariableNegative)
    scale.mantissa = -scale.mantissa;
  factors.push_back(attributes.getDictionaryAttr(entries));
  return success();
}

LogicalResult RuleBuilder::addFactor(const RuleFactor &factor) {
  if (factor.isSign && failed(checkSign(factor)))
    return failure();
  StringRef name = factor.variable;
  if (name.empty()) {
    FailureOr<Scale> literal = scaleOf(*factor.literal);
    if (failed(literal))
      return failure();
    if (factor.isLiteralNegative)
      literal->mantissa = -literal->mantissa;
    return multiply(factor.loc, *literal);
  }
  if (behaviour::isRuleEpoch(name))
    return addEpoch(factor);
  bool isSpike = name == "x0" || name == "y0";
  if (isSpike && !factor.literal && dependency.empty()) {
    dependency = name;
    if (factor.isVariableNegative)
      scale.mantissa = -scale.mantissa;
    return success();
  }
  return addVariable(factor);
}

//===--- Products ---===//

/// A product as an attribute; null if it is zero.
FailureOr<DictionaryAttr> RuleBuilder::buildProduct(const RuleProduct &product) {
  scale = {product.isNegative ? -1 : 1, 0};
  dependency = {};
  factors.clear();
  for (const RuleFactor &factor : product.factors)
    if (failed(addFactor(factor)))
      return failure();
  bool isNothing = scale.mantissa == 0;
  if (isNothing && dependency.empty() && factors.empty())
    return DictionaryAttr();
  if (dependency.empty())
    return emitError(product.loc,
                     "a product needs a dependency, which says when it counts: x0, y0 or u0 to u9");
  if (isNothing)
    return DictionaryAttr();
  if (failed(normalise(product)))
    return failure();
  SmallVector<NamedAttribute> entries;
  auto add = [&](StringRef key, Attribute value) {
    entries.push_back(attributes.getNamedAttr(key, value));
  };
  bool isEpoch = behaviour::isRuleEpoch(dependency);
  add(record::dependency, attributes.getStringAttr(isEpoch ? "u" : dependency));
  if (isEpoch)
    add(record::uk, attributes.getI64IntegerAttr(dependency[1] - '0'));
  add(record::mantissa, attributes.getI64IntegerAttr(scale.mantissa));
  add(record::exponent, attributes.getI64IntegerAttr(scale.exponent));
  add(record::factors, attributes.getArrayAttr(factors));
  return attributes.getDictionaryAttr(entries);
}

FailureOr<Attribute> RuleBuilder::build(const behaviour::Rule &rule) {
  SmallVector<Attribute> products;
  LogicalResult result = success();
  for (const RuleProduct &product : rule.products) {
    FailureOr<DictionaryAttr> built = buildProduct(product);
    if (failed(built))
      result = failure();
    else if (*built)
      products.push_back(*built);
  }
  if (failed(result))
    return failure();
  return Attribute(attributes.getDictionaryAttr(
      attributes.getNamedAttr(record::products, attributes.getArrayAttr(products))));
}

FailureOr<Attribute> buildRule(const behaviour::Rule &rule, Environment &names,
                               llvm::DenseSet<Location> &rounded) {
  return RuleBuilder(names, rounded).build(rule);
}

} // namespace basalt::frontend
