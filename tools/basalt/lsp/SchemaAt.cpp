// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the root of a text down the tables of the language.
#include "tools/basalt/lsp/SchemaAt.h"

using namespace basalt;
using namespace basalt::lsp;
using basalt::frontend::yaml::KeySpec;
using basalt::frontend::yaml::Schema;
using basalt::frontend::yaml::ValueSpec;

static const KeySpec *findKey(const Schema &schema, llvm::StringRef name) {
  for (const KeySpec &key : schema.keys)
    if (key.name == name)
      return &key;
  return nullptr;
}

/// Those of the alternatives whose first key is there; all of them if none is.
static llvm::SmallVector<const Schema *> choose(const Schema &schema, const Entry &entry) {
  if (schema.alternatives.empty())
    return {&schema};
  for (const Schema *alternative : schema.alternatives)
    if (entry.find(alternative->keys.front().name))
      return {alternative};
  return llvm::SmallVector<const Schema *>(schema.alternatives);
}

llvm::SmallVector<const Schema *> basalt::lsp::schemasAt(const Entry &entry) {
  if (!entry.parent)
    return {&frontend::yaml::schema::topLevel};
  const ValueSpec *spec = specAt(entry);
  return spec && spec->mapping ? choose(*spec->mapping, entry)
                               : llvm::SmallVector<const Schema *>();
}

const KeySpec *basalt::lsp::keyAt(const Entry &entry) {
  if (!entry.parent || entry.isItem)
    return nullptr;
  for (const Schema *schema : schemasAt(*entry.parent))
    if (const KeySpec *key = findKey(*schema, entry.key))
      return key;
  return nullptr;
}

const ValueSpec *basalt::lsp::specAt(const Entry &entry) {
  if (!entry.parent)
    return nullptr;
  if (entry.isItem) {
    const ValueSpec *list = specAt(*entry.parent);
    return list ? list->items : nullptr;
  }
  for (const Schema *schema : schemasAt(*entry.parent)) {
    if (const KeySpec *key = findKey(*schema, entry.key))
      return &key->value;
    if (schema->names != frontend::yaml::NameForm::None)
      return &schema->named;
  }
  return nullptr;
}
