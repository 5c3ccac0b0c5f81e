// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parameters of rules of connectivity, and whether there is a network by them.
#include "compiler/frontend/build/ReadConnectivity.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace basalt::frontend {

namespace {
/// Reads the parameters of a rule, whose extents are known.
class RuleReader {
public:
  RuleReader(const yaml::Node &node, ArrayRef<int64_t> shape, bool isBlock, Environment &scope,
             DataFiles &files)
      : node(node), isBlock(isBlock), scope(scope), files(files), name(node.find("rule")->text()),
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
  bool isBlock;
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
  if (isBlock)
    own.append({"targets", "sources"});
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

//===--- Blocks ---===//

/// The part of an extent that a block has: all of it, or from the first to before the second of two
/// numbers.
static FailureOr<std::pair<int64_t, int64_t>> readRange(const yaml::Node &block, StringRef key,
                                                        int64_t extent, Environment &scope,
                                                        DataFiles &files) {
  const yaml::Node *node = block.find(key);
  if (!node)
    return std::pair<int64_t, int64_t>(0, extent);
  FailureOr<Constant> value = readConstant(*node, scope, files);
  if (failed(value))
    return failure();
  bool isRange = value->isNumber() && value->shape() == ArrayRef<int64_t>(2) &&
                 value->elements().getElementType().isInteger(64);
  if (!isRange)
    return emitError(node->loc()) << "'" << key
                                  << "' of a block is a list of two integers, where they begin and "
                                     "where they end, found "
                                  << describe(*value);
  auto ends = llvm::to_vector(value->elements().getValues<int64_t>());
  if (ends[0] < 0 || ends[0] > ends[1] || ends[1] > extent)
    return emitError(node->loc()) << "'" << key << "' of a block is from " << ends[0] << " to "
                                  << ends[1] << ", but there are " << extent << " " << key;
  return std::pair(ends[0], ends[1]);
}

static FailureOr<rt::OwnedRule> readBlocks(const yaml::Node &node, ArrayRef<int64_t> shape,
                                           Environment &scope, DataFiles &files) {
  for (const yaml::Entry &entry : node.entries())
    if (!llvm::is_contained({"rule", "blocks", "shape"}, entry.key()))
      return emitError(entry.keyLoc())
             << "'blocks' has no parameter '" << entry.key() << "'; each of the blocks has its own";
  const yaml::Node *list = node.find("blocks");
  if (!list)
    return emitError(node.loc(), "'blocks' needs 'blocks', a list of parts with their rules");
  std::vector<rt::RuleBlock> blocks;
  for (const yaml::Node *block : list->items()) {
    auto targets = readRange(*block, "targets", shape[0], scope, files);
    auto sources = readRange(*block, "sources", shape[1], scope, files);
    if (failed(targets) || failed(sources))
      return failure();
    int64_t extents[] = {targets->second - targets->first, sources->second - sources->first};
    FailureOr<rt::Rule> rule = RuleReader(*block, extents, true, scope, files).read();
    if (failed(rule))
      return failure();
    blocks.push_back({targets->first, sources->first, *rule});
  }
  return rt::OwnedRule({rt::RuleKind::Blocks, true, true, shape[0], shape[1]}, std::move(blocks));
}

FailureOr<rt::OwnedRule> readRule(const yaml::Node &node, ArrayRef<int64_t> shape,
                                  Environment &scope, DataFiles &files) {
  if (node.find("rule")->text() == "blocks")
    return readBlocks(node, shape, scope, files);
  FailureOr<rt::Rule> rule = RuleReader(node, shape, false, scope, files).read();
  if (failed(rule))
    return failure();
  return rt::OwnedRule(*rule);
}

} // namespace basalt::frontend
