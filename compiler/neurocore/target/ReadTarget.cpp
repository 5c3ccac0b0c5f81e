// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One document => fields of a target. The keys are those of the table in runtime/neurocore.
#include "compiler/neurocore/target/TargetFile.h"

#include "compiler/support/Suggest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace basalt;
using namespace basalt::neurocore;
using frontend::yaml::Entry;
using frontend::yaml::Node;
using llvm::failure;
using llvm::LogicalResult;
using llvm::StringRef;
using llvm::success;

namespace {

using Names = llvm::SmallVector<StringRef>;

LogicalResult refuseKey(const Entry &entry, StringRef what, const Names &known) {
  return mlir::emitError(entry.keyLoc())
         << "unknown key '" << entry.key() << "' of " << what << didYouMean(entry.key(), known);
}

LogicalResult expectMapping(const Node &node, StringRef name) {
  if (node.isMapping())
    return success();
  return node.emitError() << "expected a mapping for '" << name << "', found " << node.describe();
}

class Reading {
public:
  Reading(const Node &root, nc::Target &target) : root(root), target(target) {}
  LogicalResult read();

private:
  LogicalResult readText(const Node &node, StringRef key, std::string &text);
  LogicalResult readSources(const Node &node);
  LogicalResult readSection(const Entry &entry);
  LogicalResult readField(const nc::Field &field, const Node &node);
  LogicalResult readValues(const nc::Field &field, const Node &node);
  LogicalResult readCosts(const Node &node);
  LogicalResult readCostTable(const Entry &entry);
  LogicalResult readCost(nc::CostTable &table, const Entry &entry);
  /// Splits `{value: …, status: …, source: …}` into its parts.
  llvm::FailureOr<const Node *> readProvenance(const Node &node, StringRef what,
                                               nc::Provenance &provenance);
  LogicalResult readSource(const Node &node, std::string &source);

  const Node &root;
  nc::Target &target;
};

/// The sections in the order of the fields, each once.
Names sections() {
  Names result;
  for (const nc::Field &field : nc::fields()) {
    StringRef section = StringRef(field.path).split('.').first;
    if (!llvm::is_contained(result, section))
      result.push_back(section);
  }
  return result;
}

LogicalResult Reading::readText(const Node &node, StringRef key, std::string &text) {
  if (!node.isString())
    return node.emitError() << "expected a string for '" << key << "', found " << node.describe();
  text.clear();
  for (char c : node.text().rtrim())
    text += c == '\n' || c == '\t' ? ' ' : c;
  return success();
}

LogicalResult Reading::readSources(const Node &node) {
  if (failed(expectMapping(node, "sources")))
    return failure();
  for (const Entry &entry : node.entries())
    if (failed(readText(*entry.value, entry.key(), target.sources[entry.key().str()])))
      return failure();
  return success();
}

LogicalResult Reading::readSource(const Node &node, std::string &source) {
  if (failed(readText(node, "source", source)))
    return failure();
  Names known;
  for (const auto &[tag, text] : target.sources)
    known.push_back(tag);
  llvm::SmallVector<StringRef> tags;
  StringRef(source).split(tags, ',');
  for (StringRef tag : tags)
    if (!llvm::is_contained(known, tag.trim()))
      return node.emitError() << "unknown source '" << tag.trim() << "': 'sources' does not have it"
                              << didYouMean(tag.trim(), known);
  return success();
}

llvm::FailureOr<const Node *> Reading::readProvenance(const Node &node, StringRef what,
                                                      nc::Provenance &provenance) {
  provenance = {};
  if (!node.isMapping())
    return &node;
  const Node *value = nullptr;
  for (const Entry &entry : node.entries()) {
    if (entry.key() == "value") {
      value = entry.value;
    } else if (entry.key() == "status") {
      auto status = nc::statusNamed(std::string_view(entry.value->text()));
      if (!status)
        return entry.value->emitError() << "expected 'published', 'second-hand', 'code', 'fitted', "
                                           "'derived' or 'assumed' for 'status', found "
                                        << entry.value->describe();
      provenance.status = *status;
    } else if (entry.key() == "source") {
      if (failed(readSource(*entry.value, provenance.source)))
        return failure();
    } else {
      return refuseKey(entry, "a number", {"value", "status", "source"});
    }
  }
  if (!value)
    return node.emitError() << "'" << what << "' needs the key 'value'";
  return value;
}

LogicalResult Reading::readValues(const nc::Field &field, const Node &node) {
  bool isList = field.kind == nc::Field::Range || field.kind == nc::Field::Integers ||
                field.kind == nc::Field::Choices;
  std::vector<int64_t> values;
  bool isFine = isList == node.isSequence() && !node.isMapping();
  auto add = [&](const Node &item) {
    auto value = nc::numberOf(field, std::string_view(item.text()));
    isFine &= item.isScalar() && value.has_value();
    values.push_back(value.value_or(0));
  };
  if (isFine && isList)
    for (const Node *item : node.items())
      add(*item);
  else if (isFine)
    add(node);
  if (!isFine || !nc::isAllowed(field, values))
    return node.emitError() << "expected " << nc::describeValues(field) << " for '" << field.path
                            << "', found " << node.describe();
  field.set(target, values);
  return success();
}

LogicalResult Reading::readField(const nc::Field &field, const Node &node) {
  llvm::FailureOr<const Node *> value =
      readProvenance(node, field.path, target.provenance[field.path]);
  if (failed(value))
    return failure();
  return readValues(field, **value);
}

LogicalResult Reading::readSection(const Entry &entry) {
  if (failed(expectMapping(*entry.value, entry.key())))
    return failure();
  LogicalResult result = success();
  for (const Entry &member : entry.value->entries()) {
    std::string path = (entry.key() + "." + member.key()).str();
    const nc::Field *field = nc::findField(path);
    LogicalResult part = success();
    if (field) {
      part = readField(*field, *member.value);
    } else {
      Names known;
      for (const nc::Field &other : nc::fields())
        if (StringRef(other.path).split('.').first == entry.key())
          known.push_back(StringRef(other.path).split('.').second);
      part = refuseKey(member, ("'" + entry.key() + "'").str(), known);
    }
    if (failed(part))
      result = failure();
  }
  return result;
}

LogicalResult Reading::readCost(nc::CostTable &table, const Entry &entry) {
  Names known;
  for (const nc::CostQuantity &quantity : nc::costQuantities())
    known.push_back(quantity.name);
  if (!llvm::is_contained(known, entry.key()))
    return refuseKey(entry, "a table of costs", known);
  nc::CostTable::Cost &cost = table.costs[entry.key().str()];
  llvm::FailureOr<const Node *> node = readProvenance(*entry.value, entry.key(), cost.provenance);
  if (failed(node))
    return failure();
  auto value = (*node)->asFloat();
  if (!value || !(*value >= 0 && *value < 1e15))
    return (*node)->emitError() << "expected a number from 0 to 1e15 for '" << entry.key()
                                << "', found " << (*node)->describe();
  cost.value = *value;
  return success();
}

LogicalResult Reading::readCostTable(const Entry &entry) {
  if (failed(expectMapping(*entry.value, entry.key())))
    return failure();
  auto table = llvm::find_if(target.costs,
                             [&](const nc::CostTable &table) { return entry.key() == table.name; });
  if (table == target.costs.end()) {
    target.costs.push_back({entry.key().str(), {}});
    table = std::prev(target.costs.end());
  }
  for (const Entry &member : entry.value->entries())
    if (failed(readCost(*table, member)))
      return failure();
  return success();
}

LogicalResult Reading::readCosts(const Node &node) {
  if (failed(expectMapping(node, "costs")))
    return failure();
  for (const Entry &entry : node.entries())
    if (failed(readCostTable(entry)))
      return failure();
  // A table without costs leaves no trace in the canonical text.
  llvm::erase_if(target.costs, [](const nc::CostTable &table) { return table.costs.empty(); });
  return success();
}

LogicalResult Reading::read() {
  Names known = {"target", "version", "doc", "inherits", "sources", "costs"};
  llvm::append_range(known, sections());
  LogicalResult result = success();
  // Tags first, wherever they stand: the rest refers to them.
  if (const Node *sources = root.find("sources"))
    result = readSources(*sources);
  for (const Entry &entry : root.entries()) {
    LogicalResult part = success();
    if (!llvm::is_contained(known, entry.key()))
      part = refuseKey(entry, "a target", known);
    else if (entry.key() == "target")
      part = readText(*entry.value, "target", target.name);
    else if (entry.key() == "doc")
      part = readText(*entry.value, "doc", target.doc);
    else if (entry.key() == "costs")
      part = readCosts(*entry.value);
    else if (llvm::is_contained(sections(), entry.key()))
      part = readSection(entry);
    if (failed(part))
      result = failure();
  }
  return result;
}

} // namespace

LogicalResult basalt::neurocore::readTarget(const Node &root, nc::Target &target) {
  return Reading(root, target).read();
}
