// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connectivity by rule: `{rule: fixed_indegree, indegree: 1000, value: 0.1}`. The compiler finds
// out how many entries there are, or can be; they are made when a run starts. How rules are read is
// in ReadConnectivity.cpp.
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/build/Generator.h"
#include "compiler/frontend/build/ReadConnectivity.h"
#include "dialect/proc/Rules.h"
#include "dialect/proc/Types.h"
#include "runtime/native/Arithmetic.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt::frontend {

bool isRule(const yaml::Node &node) { return node.isMapping() && node.find("rule"); }

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
  if (const yaml::Node *blocks = rule.find("blocks")) {
    SmallVector<const yaml::Node *> values;
    for (const yaml::Node *block : blocks->items())
      values.push_back(block->find("value"));
    return blockValues(values, count, blocks->loc(), scope);
  }
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

/// The number that a block gives all its synapses, as something to draw from.
static FailureOr<rt::Distribution> readNumber(const yaml::Node &node, Environment &scope,
                                              DataFiles &files) {
  FailureOr<Constant> value = readConstant(node, scope, files);
  if (failed(value))
    return failure();
  if (!value->isNumber() || !value->shape().empty())
    return emitError(node.loc())
           << "the value of the synapses of a block is a number or a distribution, found "
           << describe(*value);
  Attribute number = *value->elements().getValues<Attribute>().begin();
  rt::Distribution result{rt::DistributionKind::Normal};
  if (auto real = dyn_cast<FloatAttr>(number)) {
    result.first = real.getValueAsDouble();
    return result;
  }
  result.kind = rt::DistributionKind::Integers;
  result.low = cast<IntegerAttr>(number).getType().isInteger(1)
                   ? static_cast<int64_t>(cast<BoolAttr>(number).getValue())
                   : cast<IntegerAttr>(number).getInt();
  result.high = rt::add(result.low, 1);
  if (result.high < result.low)
    return emitError(node.loc(), "the value of the synapses of a block is below 2^63 - 1");
  return result;
}

/// What is given for the blocks of a rule one by one; 1 where the node is null.
FailureOr<Constant> Builder::blockValues(ArrayRef<const yaml::Node *> nodes, int64_t count,
                                         Location loc, Environment &scope) {
  std::vector<rt::Distribution> blocks;
  for (const yaml::Node *node : nodes) {
    rt::Distribution one{rt::DistributionKind::Integers};
    one.low = 1;
    one.high = 2;
    FailureOr<rt::Distribution> read = !node                ? one
                                       : isGenerator(*node) ? readDistribution(*node, scope, files)
                                                            : readNumber(*node, scope, files);
    if (failed(read))
      return failure();
    blocks.push_back(*read);
  }
  rt::OwnedDistribution whole({rt::DistributionKind::PerBlock}, std::move(blocks));
  return drawnEntries(context, whole.distribution, count, loc);
}

/// A list of values for the blocks of the rule that makes the entries.
FailureOr<Constant> Builder::valueOfBlocks(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                           Environment &scope) {
  const ValueDecl *pattern = use.cls->findPattern(decl);
  std::optional<Constant> entries, offsets;
  if (pattern && pattern != &decl && use.env->contains(pattern->name)) {
    FailureOr<Constant> given = use.env->get(pattern->name, node.loc());
    if (failed(given))
      return failure();
    entries = *given;
    if (entries->drawn)
      offsets = *use.env->get(offsetsName(pattern->name), node.loc());
  }
  ArrayAttr blocks = offsets && offsets->rule ? offsets->rule.getBlocks() : ArrayAttr();
  if (!blocks) {
    InFlightDiagnostic diagnostic =
        emitError(node.loc()) << "'" << decl.name << "' of '" << use.path
                              << "' has no blocks: its entries are not made by a rule 'blocks'";
    diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
    return diagnostic;
  }
  const yaml::Node &list = *node.find("blocks");
  SmallVector<const yaml::Node *> values(list.items());
  if (values.size() != blocks.size()) {
    InFlightDiagnostic diagnostic = emitError(list.loc())
                                    << "'" << decl.name << "' of '" << use.path << "' has "
                                    << values.size() << " values for the " << blocks.size()
                                    << (blocks.size() == 1 ? " block" : " blocks") << " of '"
                                    << pattern->name << "'";
    diagnostic.attachNote(offsets->loc) << "these are the blocks";
    return diagnostic;
  }
  return blockValues(values, entries->elements().getNumElements(), node.loc(), scope);
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
  FailureOr<rt::OwnedRule> rule = readRule(node, *shape, scope, files);
  if (failed(rule))
    return failure();
  int64_t count = rt::synapseCapacity(rule->rule);
  if (count > maxEntries)
    return emitError(node.loc()) << "the sparse Var '" << decl.name << "' of '" << use.path
                                 << "' would have " << count << " entries; at most " << maxEntries
                                 << " are possible";
  FailureOr<Constant> value = synapseValue(node, count, scope);
  if (succeeded(value))
    value->rule = proc::fromRule(context, rule->rule);
  return value;
}

/// The constants of the scope that say where the entries are.
FailureOr<Constant> Builder::placeByRule(Use &use, const ValueDecl &decl, Constant value) {
  if (!value.rule)
    return emitError(value.loc) << "'" << decl.name << "' of '" << use.path
                                << "' is drawn for the synapses of another Var, so nothing says "
                                   "where its entries are";
  rt::OwnedRule owned = proc::toRule(value.rule);
  const rt::Rule &rule = owned.rule;
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
