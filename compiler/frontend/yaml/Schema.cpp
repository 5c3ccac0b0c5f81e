// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Schema.cpp - which keys stand where --------------------------------===//

#include "compiler/frontend/yaml/Schema.h"
#include "compiler/support/Suggest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using llvm::ArrayRef;
using llvm::failure;
using llvm::LogicalResult;
using llvm::StringLiteral;
using llvm::StringRef;
using llvm::success;
using namespace basalt::frontend::yaml;

bool basalt::frontend::yaml::isIdentifier(StringRef name) {
  auto isLetter = [](char c) { return llvm::isAlpha(c) || c == '_'; };
  return !name.empty() && isLetter(name.front()) &&
         llvm::all_of(name, [&](char c) { return isLetter(c) || llvm::isDigit(c); });
}

static bool isPath(StringRef name) {
  llvm::SmallVector<StringRef> parts;
  name.split(parts, '.');
  return llvm::all_of(parts, isIdentifier);
}

/// The items as "a, b or c", each between `quote`s.
static std::string join(ArrayRef<StringRef> items, StringRef quote, StringRef last) {
  std::string result;
  for (auto [index, item] : llvm::enumerate(items)) {
    if (index != 0)
      result += index + 1 == items.size() ? last : StringRef(", ");
    result += (quote + item + quote).str();
  }
  return result;
}

static llvm::SmallVector<StringRef> toRefs(ArrayRef<StringLiteral> literals) {
  return llvm::SmallVector<StringRef>(literals.begin(), literals.end());
}

static unsigned kindsOf(const Node &node) {
  if (node.isMapping())
    return KindMapping;
  if (node.isSequence())
    return KindSequence;
  switch (node.type()) {
  case ScalarType::Bool:
    return KindBool;
  case ScalarType::Int:
    return KindInt;
  case ScalarType::Float:
    return KindFloat;
  case ScalarType::String:
    break;
  }
  return node.isExpression() ? KindExpression | KindString : KindString;
}

/// "an integer, an expression ('$...') or a list".
static std::string describeKinds(unsigned kinds) {
  llvm::SmallVector<StringRef> words;
  if (kinds & KindBool)
    words.push_back("true or false");
  if (kinds & KindFloat)
    words.push_back("a number");
  else if (kinds & KindInt)
    words.push_back("an integer");
  if (kinds & KindString)
    words.push_back("a string");
  else if (kinds & KindExpression)
    words.push_back("an expression ('$...')");
  if (kinds & KindSequence)
    words.push_back("a list");
  if (kinds & KindMapping)
    words.push_back("a mapping");
  return join(words, "", " or ");
}

/// Checks kind and choice of one value. `name` is its key, or that of the list it stands in.
static LogicalResult checkValue(const Node &value, const ValueSpec &spec, StringRef name) {
  if ((kindsOf(value) & spec.kinds) == 0)
    return value.emitError() << "expected " << describeKinds(spec.kinds) << " for '" << name
                             << "', found " << value.describe();
  if (spec.choices.empty() || !value.isString() || value.isExpression())
    return success();
  const llvm::SmallVector<StringRef> choices = toRefs(spec.choices);
  if (llvm::is_contained(choices, value.text()))
    return success();
  return value.emitError() << "expected " << join(choices, "'", " or ") << " for '" << name
                           << "', found " << value.describe()
                           << basalt::didYouMean(value.text(), choices);
}

static const KeySpec *findKey(const Schema &schema, StringRef key) {
  const auto *found = llvm::find_if(schema.keys, [&](const KeySpec &k) { return k.name == key; });
  return found == schema.keys.end() ? nullptr : found;
}

/// What may stand at `key`, or null if the key is not allowed.
static const ValueSpec *findSpec(const Schema &schema, StringRef key) {
  if (const KeySpec *known = findKey(schema, key))
    return &known->value;
  return schema.names == NameForm::None ? nullptr : &schema.named;
}

static llvm::SmallVector<StringRef> namesOfKeys(const Schema &schema) {
  llvm::SmallVector<StringRef> names;
  for (const KeySpec &key : schema.keys)
    names.push_back(key.name);
  return names;
}

static LogicalResult refuseUnknownKey(const Entry &entry, const Schema &schema) {
  const llvm::SmallVector<StringRef> names = namesOfKeys(schema);
  mlir::InFlightDiagnostic diagnostic = mlir::emitError(entry.keyLoc())
                                        << "unknown key '" << entry.key() << "'"
                                        << basalt::didYouMean(entry.key(), names);
  diagnostic.attachNote() << "the keys of " << schema.what << " are " << join(names, "'", " and ");
  return diagnostic;
}

static LogicalResult checkName(const Entry &entry, const Schema &schema) {
  const bool isPathForm = schema.names == NameForm::Path;
  if (isPathForm ? isPath(entry.key()) : isIdentifier(entry.key()))
    return success();
  return mlir::emitError(entry.keyLoc())
         << "'" << entry.key() << "' is no name for " << schema.nameOf << ": expected "
         << (isPathForm ? "names joined by dots" : "letters, digits and '_', no digit first");
}

static LogicalResult checkEntry(const Entry &entry, const Schema &schema) {
  const ValueSpec *spec = findSpec(schema, entry.key());
  if (!spec)
    return refuseUnknownKey(entry, schema);
  const bool chosen = !findKey(schema, entry.key());
  if (chosen && failed(checkName(entry, schema)))
    return failure();
  return checkValue(*entry.value, *spec, entry.key());
}

static LogicalResult checkRequired(const Node &node, const Schema &schema) {
  LogicalResult result = success();
  for (const KeySpec &key : schema.keys)
    if (key.required && !node.find(key.name))
      result = node.emitError() << schema.what << " needs the key '" << key.name << "'";
  return result;
}

static LogicalResult checkExclusive(const Node &node, const Schema &schema) {
  const Entry *first = nullptr;
  for (const Entry &entry : node.entries()) {
    if (!llvm::is_contained(schema.exclusive, entry.key()))
      continue;
    if (!first) {
      first = &entry;
      continue;
    }
    mlir::InFlightDiagnostic diagnostic = mlir::emitError(entry.keyLoc())
                                          << schema.what << " cannot have both '" << first->key()
                                          << "' and '" << entry.key() << "'";
    diagnostic.attachNote(first->keyLoc()) << "'" << first->key() << "' is given here";
    return diagnostic;
  }
  return success();
}

/// The schema that applies to the mapping `node`: `schema` itself, or that of its alternatives
/// whose first key the mapping has. Null if none fits.
static const Schema *select(const Node &node, const Schema &schema) {
  if (schema.alternatives.empty())
    return &schema;
  for (const Schema *alternative : schema.alternatives)
    if (node.find(alternative->keys.front().name))
      return alternative;
  return nullptr;
}

/// Reports that `node` is none of the alternatives.
static LogicalResult refuseAlternatives(const Node &node, const Schema &schema) {
  llvm::SmallVector<StringRef> telling;
  for (const Schema *alternative : schema.alternatives)
    telling.push_back(alternative->keys.front().name);
  mlir::InFlightDiagnostic diagnostic = node.emitError();
  diagnostic << "expected " << schema.what << ", a mapping with the key "
             << join(telling, "'", " or ");
  if (node.entries().empty())
    return diagnostic;
  diagnostic << ", found '" << node.entries().front().key() << "'";
  for (const Entry &entry : node.entries())
    if (std::string meant = basalt::didYouMean(entry.key(), telling); !meant.empty())
      return diagnostic << meant;
  return diagnostic;
}

/// Whether nothing else of the mapping can depend on this unknown key. One that is most likely
/// another that is missing would make everything that needs that one wrong.
static bool isStray(const Entry &entry, const Node &node, const Schema &schema) {
  if (findSpec(schema, entry.key()))
    return false;
  std::optional<StringRef> meant = basalt::suggest(entry.key(), namesOfKeys(schema));
  return !meant || node.find(*meant);
}

/// Stray keys are reported, too, but are no failure if there is a place to note them.
static LogicalResult checkKeys(const Node &node, const Schema &given, bool *hasStrays) {
  if (!node.isMapping())
    return node.emitError() << "expected a mapping (" << given.what << "), found "
                            << node.describe();
  const Schema *schema = select(node, given);
  if (!schema)
    return refuseAlternatives(node, given);
  LogicalResult result = success();
  auto also = [&](LogicalResult part) {
    if (failed(part))
      result = failure();
  };
  for (const Entry &entry : node.entries()) {
    const LogicalResult checked = checkEntry(entry, *schema);
    if (hasStrays && isStray(entry, node, *schema))
      *hasStrays = true;
    else
      also(checked);
  }
  also(checkRequired(node, *schema));
  also(checkExclusive(node, *schema));
  return result;
}

LogicalResult basalt::frontend::yaml::checkMapping(const Node &node, const Schema &schema) {
  return checkKeys(node, schema, nullptr);
}

/// Looks into a value whose own kind has been checked.
static LogicalResult checkBelow(const Node &value, const ValueSpec &spec, StringRef name) {
  if (value.isMapping() && spec.mapping)
    return checkTree(value, *spec.mapping);
  if (!value.isSequence() || !spec.items)
    return success();
  LogicalResult result = success();
  for (const Node *item : value.items())
    if (failed(checkValue(*item, *spec.items, name)) ||
        failed(checkBelow(*item, *spec.items, name)))
      result = failure();
  return result;
}

static LogicalResult checkAll(const Node &node, const Schema &given, bool *hasStrays) {
  LogicalResult result = checkKeys(node, given, hasStrays);
  if (!node.isMapping())
    return result;
  const Schema *schema = select(node, given);
  if (!schema)
    return failure();
  // Also if there were errors here: what can be told about the values is told in the same run.
  for (const Entry &entry : node.entries()) {
    const ValueSpec *spec = findSpec(*schema, entry.key());
    if (!spec || (kindsOf(*entry.value) & spec->kinds) == 0)
      continue;
    if (failed(checkBelow(*entry.value, *spec, entry.key())))
      result = failure();
  }
  return result;
}

LogicalResult basalt::frontend::yaml::checkTree(const Node &node, const Schema &schema) {
  return checkAll(node, schema, nullptr);
}

Form basalt::frontend::yaml::checkDocument(const Node &root) {
  bool hasStrays = false;
  if (failed(checkAll(root, schema::topLevel, &hasStrays)))
    return Form::Wrong;
  return hasStrays ? Form::StrayKeys : Form::Right;
}
