// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- JsonSchema.cpp - the keys of the language for editors --------------===//

#include "compiler/frontend/yaml/JsonSchema.h"
#include "compiler/frontend/yaml/Schema.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

using llvm::StringLiteral;
using llvm::StringRef;
using namespace basalt::frontend::yaml;
namespace json = llvm::json;

namespace {
/// Each Schema becomes a definition, since they refer to each other in circles.
class Writer {
public:
  json::Value write();

private:
  /// `{"$ref": ...}`.
  json::Object refer(const Schema &schema);
  json::Object define(const Schema &schema);
  void restrictNames(const Schema &schema, json::Object &object);
  json::Object writeValue(const ValueSpec &spec);
  json::Object writeString(const ValueSpec &spec);
  std::string nameFor(const Schema &schema);

  llvm::DenseMap<const Schema *, std::string> names;
  llvm::StringSet<> taken;
  json::Object definitions;
};
} // namespace

static json::Object typeOnly(StringRef type) { return json::Object{{"type", type}}; }

/// `process` for "a process"; a number tells apart what is called the same.
std::string Writer::nameFor(const Schema &schema) {
  std::string name = schema.what.split(' ').second.str();
  std::replace(name.begin(), name.end(), ' ', '-');
  std::string unique = name;
  for (unsigned number = 2; !taken.insert(unique).second; ++number)
    unique = name + "-" + std::to_string(number);
  return unique;
}

json::Object Writer::refer(const Schema &schema) {
  auto [it, isNew] = names.try_emplace(&schema);
  std::string name = isNew ? it->second = nameFor(schema) : it->second;
  if (isNew)
    definitions[name] = define(schema);
  return json::Object{{"$ref", "#/definitions/" + name}};
}

json::Object Writer::writeString(const ValueSpec &spec) {
  json::Object expression{{"type", "string"}, {"pattern", "^\\$"}};
  if (!(spec.kinds & KindString))
    return expression;
  if (spec.choices.empty())
    return typeOnly("string");
  json::Array choices;
  for (StringLiteral choice : spec.choices)
    choices.push_back(choice);
  return json::Object{
      {"anyOf", json::Array{json::Object{{"enum", std::move(choices)}}, std::move(expression)}}};
}

json::Object Writer::writeValue(const ValueSpec &spec) {
  json::Array alternatives;
  auto add = [&](unsigned kinds, json::Object schema) {
    if (spec.kinds & kinds)
      alternatives.push_back(std::move(schema));
  };
  add(KindBool, typeOnly("boolean"));
  add(KindFloat, typeOnly("number"));
  if (!(spec.kinds & KindFloat)) // an integer is a number, too
    add(KindInt, typeOnly("integer"));
  add(KindString | KindExpression, writeString(spec));
  add(KindSequence, spec.items ? json::Object{{"type", "array"}, {"items", writeValue(*spec.items)}}
                               : typeOnly("array"));
  add(KindMapping, spec.mapping ? refer(*spec.mapping) : typeOnly("object"));
  if (alternatives.size() == 1)
    return std::move(*alternatives.front().getAsObject());
  return json::Object{{"anyOf", std::move(alternatives)}};
}

/// Keys that the user chooses.
void Writer::restrictNames(const Schema &schema, json::Object &object) {
  if (schema.names == NameForm::None) {
    object["additionalProperties"] = false;
    return;
  }
  const std::string identifier = "[A-Za-z_][A-Za-z_0-9]*";
  object["additionalProperties"] = writeValue(schema.named);
  object["propertyNames"] = json::Object{
      {"pattern", schema.names == NameForm::Path ? "^" + identifier + "(\\." + identifier + ")*$"
                                                 : "^" + identifier + "$"}};
}

json::Object Writer::define(const Schema &schema) {
  json::Object object{{"description", schema.doc}};
  if (!schema.alternatives.empty()) {
    json::Array alternatives;
    for (const Schema *alternative : schema.alternatives)
      alternatives.push_back(refer(*alternative));
    object["anyOf"] = std::move(alternatives);
    return object;
  }
  object["type"] = "object";
  json::Object properties;
  json::Array required;
  for (const KeySpec &key : schema.keys) {
    json::Object value = writeValue(key.value);
    value["description"] = key.doc; // also beside a `$ref`, where editors show it
    properties[key.name] = std::move(value);
    if (key.required)
      required.push_back(key.name);
  }
  if (!schema.keys.empty())
    object["properties"] = std::move(properties);
  if (!required.empty())
    object["required"] = std::move(required);
  restrictNames(schema, object);
  json::Array pairs;
  for (size_t i = 0; i < schema.exclusive.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      pairs.push_back(json::Object{
          {"not",
           json::Object{{"required", json::Array{schema.exclusive[k], schema.exclusive[i]}}}}});
  if (!pairs.empty())
    object["allOf"] = std::move(pairs);
  return object;
}

json::Value Writer::write() {
  // Beside a `$ref` nothing counts, so it stands in a list.
  json::Array whole{refer(schema::topLevel)};
  return json::Object{{"$schema", "http://json-schema.org/draft-07/schema#"},
                      {"title", "Basalt"},
                      {"allOf", std::move(whole)},
                      {"definitions", std::move(definitions)}};
}

json::Value basalt::frontend::yaml::jsonSchema() { return Writer().write(); }
