// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Schema.h - which keys stand where ----------------------------------===//
//
// The keys of every mapping of the language as tables (in LanguageSchema.cpp), and the check of a
// document against them. After checkDocument the builder can rely on the form: keys are known, the
// required ones are there, values are of the kinds named here, names are identifiers. What a string
// means (a declaration, a connection, an expression) is not the schema's business.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_FRONTEND_YAML_SCHEMA_H
#define BASALT_COMPILER_FRONTEND_YAML_SCHEMA_H

#include "compiler/frontend/yaml/Node.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/LogicalResult.h"

namespace basalt::frontend::yaml {

/// Kinds of values, as a set of bits.
enum ValueKinds : unsigned {
  KindBool = 1,
  KindInt = 2,
  KindFloat = 4,
  /// A string that starts with `$`.
  KindExpression = 8,
  /// Any string (an expression too).
  KindString = 16,
  KindSequence = 32,
  KindMapping = 64,

  KindCount = KindInt | KindExpression,
  KindNumber = KindInt | KindFloat | KindExpression,
  KindFlag = KindBool | KindExpression,
  KindScalar = KindBool | KindInt | KindFloat | KindString,
  KindAny = KindScalar | KindSequence | KindMapping,
};

struct Schema;

/// What may stand in one place: the value of a key, the item of a list.
struct ValueSpec {
  unsigned kinds = KindAny;
  /// Schema of a mapping here; null: not looked into.
  const Schema *mapping = nullptr;
  /// What the items of a list here are; null: not looked into.
  const ValueSpec *items = nullptr;
  /// If not empty, a string here (no expression) must be one of these.
  llvm::ArrayRef<llvm::StringLiteral> choices = {};
};

/// One key of a mapping.
struct KeySpec {
  llvm::StringLiteral name;
  ValueSpec value;
  /// For documentation and the JSON Schema.
  llvm::StringLiteral doc;
  bool required = false;
};

/// What keys that the user chooses look like.
enum class NameForm {
  None,       ///< there are none: only the keys of the table
  Identifier, ///< letters, digits, `_`; no digit first
  Path,       ///< identifiers with dots between them
};

/// The keys of one kind of mapping.
struct Schema {
  /// With article, for diagnostics: "a process".
  llvm::StringLiteral what;
  llvm::StringLiteral doc;
  llvm::ArrayRef<KeySpec> keys = {};
  NameForm names = NameForm::None;
  /// What stands at a key that the user chose.
  ValueSpec named = {};
  /// What a key that the user chose names, with article: "a process", "an instance".
  llvm::StringLiteral nameOf = "a name";
  /// Keys of which at most one may be given.
  llvm::ArrayRef<llvm::StringLiteral> exclusive = {};
  /// Mappings told apart by which key they have (`file`, `random`, ...): if not empty, the schema
  /// of a mapping is the one that has, as first key of its table, a key of the mapping.
  llvm::ArrayRef<const Schema *> alternatives = {};
};

/// Checks the keys of `node` and the kinds of their values, but does not look into the values.
/// Reports all errors, also that `node` is no mapping.
llvm::LogicalResult checkMapping(const Node &node, const Schema &schema);

/// checkMapping for `node` and everything below it that the schema describes.
llvm::LogicalResult checkTree(const Node &node, const Schema &schema);

/// What checkDocument has found.
enum class Form : uint8_t {
  Right,
  StrayKeys, ///< keys at the top that mean nothing; the builder can rely on the rest
  Wrong,
};

/// checkTree for a whole Basalt file.
Form checkDocument(const Node &root);

/// Whether `name` is letters, digits and `_`, no digit first.
bool isIdentifier(llvm::StringRef name);

/// The mappings of the language (LanguageSchema.cpp).
namespace schema {
extern const Schema topLevel, parameters, records, record, processes, process, variables, ports,
    limits, model, types, phases, network, instances, instance, aliases, run, stage, settings,
    target, places, place;
/// Long forms of declarations.
extern const Schema variable, parameter, port;
/// A parameter that is a mapping: its long form, or a value.
extern const Schema parameterMapping;
/// A value that is a mapping: one of those that follow.
extern const Schema value, fileValue, randomValue, ruleValue, blocksValue, recordValue;
} // namespace schema

} // namespace basalt::frontend::yaml

#endif // BASALT_COMPILER_FRONTEND_YAML_SCHEMA_H
