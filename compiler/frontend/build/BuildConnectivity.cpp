// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connectivity by rule: `{rule: fixed_indegree, indegree: 1000, value: 0.1}`. The compiler finds
// out how many entries there are, or can be, and checks that there is a network; the entries are
// made when a run starts.
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/build/Generator.h"
#include "dialect/proc/Rules.h"
#include "dialect/proc/Types.h"
#include "runtime/native/Rule.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace basalt::frontend {

bool isRule(const yaml::Node &node) { return node.isMapping() && node.find("rule"); }

namespace {
/// Reads the parameters of a rule, whose extents are known.
class RuleReader {
public:
  RuleReader(const yaml::Node &node, ArrayRef<int64_t> shape, Environment &scope, DataFiles &files)
      : node(node), scope(scope), files(files), name(node.find("rule")->text()),
        result{kindOf(name), true, true, shape[0], shape[1]} {}

  FailureOr<rt::Rule> read();

private:
  static rt::RuleKind kindOf(StringRef name);
  /// The key of the number that the rule needs; empty if none.
  StringRef ownKey() const;
  FailureOr<Attribute> scalar(StringRef key);
  LogicalResult readFlag(StringRef key, bool &flag);
  LogicalResult readNumber();
  LogicalResult readProbability();
  LogicalResult refuseOthers();
  LogicalResult checkSquare();
  LogicalResult checkRoom();
  Location locOf(StringRef key) const {
    return node.find(key) ? node.find(key)->loc() : node.find("rule")->loc();
  }

  const yaml::Node &node;
  Environment &scope;
  DataFiles &files;
  StringRef name;
  rt::Rule result;
};
} // namespace

rt::RuleKind RuleReader::kindOf(StringRef name) {
  return llvm::StringSwitch<rt::RuleKind>(name)
      .Case("one_to_one", rt::RuleKind::OneToOne)
      .Case("pairwise_bernoulli", rt::RuleKind::PairwiseBernoulli)
      .Case("fixed_total_number", rt::RuleKind::FixedTotalNumber)
      .Case("fixed_indegree", rt::RuleKind::FixedIndegree)
      .Case("fixed_outdegree", rt::RuleKind::FixedOutdegree)
      .Default(rt::RuleKind::AllToAll);
}

StringRef RuleReader::ownKey() const {
  switch (result.kind) {
  case rt::RuleKind::PairwiseBernoulli:
    return "p";
  case rt::RuleKind::FixedTotalNumber:
    return "N";
  case rt::RuleKind::FixedIndegree:
    return "indegree";
  case rt::RuleKind::FixedOutdegree:
    return "outdegree";
  default:
    return "";
  }
}

/// The one number or truth value that stands at a key.
FailureOr<Attribute> RuleReader::scalar(StringRef key) {
  FailureOr<Constant> value = readConstant(*node.find(key), scope, files);
  if (failed(value))
    return failure();
  if (!value->isNumber() || !value->shape().empty())
    return emitError(value->loc) << "'" << key << "' of '" << name << "' is one value, found "
                                 << describe(*value);
  return *value->elements().getValues<Attribute>().begin();
}

LogicalResult RuleReader::readFlag(StringRef key, bool &flag) {
  if (!node.find(key))
    return success();
  FailureOr<Attribute> value = scalar(key);
  if (failed(value))
    return failure();
  auto integer = dyn_cast<IntegerAttr>(*value);
  if (!integer || !integer.getType().isInteger(1))
    return emitError(locOf(key)) << "'" << key << "' must be true or false";
  flag = !integer.getValue().isZero();
  return success();
}

LogicalResult RuleReader::readNumber() {
  StringRef key = ownKey();
  FailureOr<Attribute> value = scalar(key);
  if (failed(value))
    return failure();
  auto integer = dyn_cast<IntegerAttr>(*value);
  if (!integer || !integer.getType().isInteger(64))
    return emitError(locOf(key)) << "'" << key << "' must be an integer";
  result.number = integer.getInt();
  if (result.number < 0)
    return emitError(locOf(key)) << "'" << key << "' must not be negative, found " << result.number;
  return checkRoom();
}

LogicalResult RuleReader::readProbability() {
  FailureOr<Attribute> value = scalar("p");
  if (failed(value))
    return failure();
  auto integer = dyn_cast<IntegerAttr>(*value);
  auto real = dyn_cast<FloatAttr>(*value);
  bool isNumber = real || integer.getType().isInteger(64);
  result.probability = real       ? real.getValueAsDouble()
                       : isNumber ? static_cast<double>(integer.getInt())
                                  : -1;
  if (!isNumber || !(result.probability >= 0 && result.probability <= 1))
    return emitError(locOf("p"), "'p' is a probability, which is from 0 to 1");
  return success();
}

/// Parameters of other rules.
LogicalResult RuleReader::refuseOthers() {
  SmallVector<StringRef> own{"rule", "value", "shape", "allow_autapses", "allow_multapses"};
  own.push_back(ownKey());
  for (const yaml::Entry &entry : node.entries())
    if (!llvm::is_contained(own, entry.key()))
      return emitError(entry.keyLoc())
             << "'" << name << "' has no parameter '" << entry.key() << "'";
  if (!ownKey().empty() && !node.find(ownKey()))
    return emitError(node.loc()) << "'" << name << "' needs '" << ownKey() << "'";
  return success();
}

/// An autapse is a synapse of a neuron with itself: so both sides are one population.
LogicalResult RuleReader::checkSquare() {
  bool isOneToOne = result.kind == rt::RuleKind::OneToOne;
  if (result.targets == result.sources || (result.autapses && !isOneToOne))
    return success();
  return emitError(isOneToOne ? locOf("rule") : locOf("allow_autapses"))
         << (isOneToOne ? "'one_to_one'" : "'allow_autapses: false'")
         << " needs as many targets as sources, found " << result.targets << " targets and "
         << result.sources << " sources";
}

LogicalResult RuleReader::checkRoom() {
  bool isTotal = result.kind == rt::RuleKind::FixedTotalNumber,
       isIn = result.kind == rt::RuleKind::FixedIndegree;
  int64_t room = isTotal ? rt::placesOf(result)
                 : isIn  ? rt::sourcesOfTarget(result)
                         : rt::targetsOfSource(result);
  if (result.number == 0 || (room > 0 && (result.multapses || result.number <= room)))
    return success();
  return emitError(locOf(ownKey()))
         << "'" << name << "' cannot make " << result.number
         << (result.number == 1 ? " synapse" : " synapses")
         << (isTotal ? ""
             : isIn  ? " for each target"
                     : " for each source")
         << ": there " << (room == 1 ? "is " : "are ") << room << " possible "
         << (isTotal ? "place"
             : isIn  ? "source"
                     : "target")
         << (room == 1 ? "" : "s") << (room > 0 ? " without multapses" : "")
         << (result.autapses ? ""
             : room > 0      ? " and autapses"
                             : " without autapses");
}

FailureOr<rt::Rule> RuleReader::read() {
  if (failed(refuseOthers()) || failed(readFlag("allow_autapses", result.autapses)) ||
      failed(readFlag("allow_multapses", result.multapses)) || failed(checkSquare()))
    return failure();
  if (result.kind == rt::RuleKind::PairwiseBernoulli)
    return failed(readProbability()) ? FailureOr<rt::Rule>() : result;
  if (!ownKey().empty() && failed(readNumber()))
    return failure();
  return result;
}

//===--- Values ---===//

/// Targets and sources: as the rule itself says, or as they are declared.
FailureOr<SmallVector<int64_t>> Builder::shapeOfRule(Use &use, const ValueDecl &decl,
                                                     const yaml::Node &node, Environment &scope) {
  const yaml::Node *given = node.find("shape");
  if (!given)
    return shapeWithoutMatrix(use, decl, node.loc());
  FailureOr<Constant> value = readConstant(*given, scope, files);
  if (failed(value))
    return failure();
  SmallVector<int64_t> shape;
  auto integers = value->isNumber() ? value->elements() : DenseElementsAttr();
  if (integers && integers.getElementType().isInteger(64) && value->shape().size() == 1)
    for (const APInt &extent : integers.getValues<APInt>())
      shape.push_back(extent.getSExtValue());
  if (shape.size() != 2 || shape[0] < 0 || shape[1] < 0)
    return emitError(given->loc(), "the 'shape' of a rule is a list of two extents, of the targets "
                                   "and of the sources");
  return shape;
}

/// Zeros for `count` entries that are drawn from `distribution`.
static Constant drawnEntries(MLIRContext *context, const rt::Distribution &distribution,
                             int64_t count, Location loc) {
  Type element = IntegerType::get(context, 64);
  if (!rt::drawsIntegers(distribution))
    element = Float64Type::get(context);
  auto type = RankedTensorType::get({count}, element);
  Constant result{DenseElementsAttr::get(type, mlir::Builder(context).getZeroAttr(element)), loc};
  result.drawn = proc::fromDistribution(context, distribution);
  return result;
}

/// The value of each of the `count` synapses of a rule: a number, or zeros that say from what they
/// are drawn.
FailureOr<Constant> Builder::synapseValue(const yaml::Node &rule, int64_t count,
                                          Environment &scope) {
  const yaml::Node *node = rule.find("value");
  if (node && isGenerator(*node)) {
    FailureOr<rt::Distribution> distribution = readDistribution(*node, scope, files);
    if (failed(distribution))
      return failure();
    return drawnEntries(context, *distribution, count, node->loc());
  }
  Constant result{IntegerAttr::get(IntegerType::get(context, 64), 1), rule.loc()};
  if (node) {
    FailureOr<Constant> given = readConstant(*node, scope, files);
    if (failed(given))
      return failure();
    if (!given->isNumber() || !given->shape().empty())
      return emitError(node->loc())
             << "the value of the synapses of a rule is a number or a distribution, found "
             << describe(*given);
    result = *given;
  }
  DenseElementsAttr number = result.elements();
  result.value = DenseElementsAttr::get(RankedTensorType::get({count}, number.getElementType()),
                                        *number.getValues<Attribute>().begin());
  result.drawn = proc::fromDistribution(context, {rt::DistributionKind::Constant});
  return result;
}

/// Numbers that are drawn for the entries of a rule.
FailureOr<Constant> Builder::drawnValue(const yaml::Node &node, const Constant &entries,
                                        Environment &scope) {
  FailureOr<rt::Distribution> distribution = readDistribution(node, scope, files);
  if (failed(distribution))
    return failure();
  return drawnEntries(context, *distribution, entries.elements().getNumElements(), node.loc());
}

/// The entries of `decl` are those of `pattern`.
LogicalResult Builder::refuseRule(Use &use, const ValueDecl &decl, const ValueDecl &pattern,
                                  Location loc) {
  InFlightDiagnostic diagnostic = emitError(loc)
                                  << "'" << decl.name << "' of '" << use.path
                                  << "' has a value for each entry of '" << pattern.name
                                  << "', so it has no rule of its own";
  diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
  return diagnostic;
}

FailureOr<Constant> Builder::ruleValue(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                       Environment &scope) {
  if (const ValueDecl *pattern = use.cls->findPattern(decl); pattern && pattern != &decl)
    return refuseRule(use, decl, *pattern, node.loc());
  if (!decl.isSparse) {
    InFlightDiagnostic diagnostic = emitError(node.loc())
                                    << "'" << decl.name << "' of '" << use.path
                                    << "' is not sparse, so it has no entries that a connection "
                                       "rule could make";
    diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
    return diagnostic;
  }
  FailureOr<SmallVector<int64_t>> shape = shapeOfRule(use, decl, node, scope);
  if (failed(shape) || failed(checkShape(node.loc(), *shape)))
    return failure();
  if (shape->size() != 2 || llvm::any_of(*shape, [](int64_t n) { return n > INT32_MAX; }))
    return emitError(node.loc()) << "'" << decl.name << "' of '" << use.path << "' has the shape "
                                 << proc::spellShape(*shape)
                                 << "; a rule is for a matrix of at most 2^31 - 1 targets and "
                                    "sources";
  if (node.find("rule")->text() == "from_list")
    return listedValue(use, decl, node, *shape, scope);
  FailureOr<rt::Rule> rule = RuleReader(node, *shape, scope, files).read();
  if (failed(rule))
    return failure();
  int64_t count = rt::synapseCapacity(*rule);
  if (count > maxEntries)
    return emitError(node.loc()) << "the sparse Var '" << decl.name << "' of '" << use.path
                                 << "' would have " << count << " entries; at most " << maxEntries
                                 << " are possible";
  FailureOr<Constant> value = synapseValue(node, count, scope);
  if (succeeded(value))
    value->rule = proc::fromRule(context, *rule);
  return value;
}

/// The constants of the scope that say where the entries are.
FailureOr<Constant> Builder::placeByRule(Use &use, const ValueDecl &decl, Constant value) {
  if (!value.rule)
    return emitError(value.loc) << "'" << decl.name << "' of '" << use.path
                                << "' is drawn for the synapses of another Var, so nothing says "
                                   "where its entries are";
  rt::Rule rule = proc::toRule(value.rule);
  auto define = [&](const std::string &name, int64_t count, unsigned width) {
    auto type = RankedTensorType::get({count}, IntegerType::get(context, width));
    Constant zeros{DenseElementsAttr::get(type, APInt(width, 0)), value.loc, false};
    zeros.rule = value.rule;
    use.env->define(name, zeros);
  };
  define(offsetsName(decl.name), rule.sources + 1, 64);
  define(targetsName(decl.name), rt::synapseCapacity(rule), 32);
  value.sparse = sparseAttr(decl, {rule.targets, rule.sources}, !rt::hasExactCount(rule));
  return value;
}

/// Of what is given for each synapse of a rule: a number, or a distribution.
FailureOr<Constant> Builder::atSynapses(Use &use, const ValueDecl &decl, const ValueDecl &pattern,
                                        const Constant &value, const Constant &entries) {
  if (entries.drawn && value.drawn && !value.rule) {
    auto zeros = cast<DenseElementsAttr>(value.value);
    Constant result = value;
    result.value = zeros.resizeSplat(
        RankedTensorType::get(entries.elements().getType().getShape(), zeros.getElementType()));
    result.sparse = entries.sparse;
    return result;
  }
  if (value.rule)
    return refuseRule(use, decl, pattern, value.loc);
  InFlightDiagnostic diagnostic = emitError(value.loc);
  if (value.drawn)
    diagnostic << "'" << decl.name << "' of '" << use.path
               << "' is drawn for the synapses of a rule, but those of '" << pattern.name
               << "' are given";
  else
    diagnostic << "'" << decl.name << "' of '" << use.path << "' has a value for each synapse of '"
               << pattern.name << "', which a rule makes: a number or a distribution, found "
               << describe(value);
  diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
  return diagnostic;
}

} // namespace basalt::frontend
