// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/ClassTable.h"
#include "compiler/support/Suggest.h"

using namespace mlir;

namespace basalt::frontend {

void ClassTable::add(StringRef file, const yaml::Entry &entry, bool isStandard) {
  Source &source = sources[file][entry.key()];
  source.entry = &entry;
  source.isStandard = isStandard;
}

FailureOr<std::unique_ptr<ProcessClass>> ClassTable::parseEntry(const yaml::Entry &entry) {
  const ProcessClass *base = nullptr;
  if (const yaml::Node *extends = entry.value->find("extends")) {
    FailureOr<const ProcessClass *> found = find(extends->text(), extends->loc());
    if (failed(found))
      return failure();
    base = *found;
  }
  auto parse = kind == Process ? parseProcessClass : parseRecordClass;
  return parse(entry.key(), entry.keyLoc(), *entry.value, base, ast);
}

FailureOr<const ProcessClass *> ClassTable::parse(Source &source) {
  if (source.state == Source::Done)
    return source.parsed.get();
  if (source.state == Source::Failed)
    return failure();
  const yaml::Entry &entry = *source.entry;
  if (source.state == Source::Parsing)
    return emitError(entry.keyLoc()) << "'" << entry.key() << "' extends itself";
  source.state = Source::Parsing;
  auto parsed = parseEntry(entry);
  source.state = failed(parsed) ? Source::Failed : Source::Done;
  if (failed(parsed))
    return failure();
  source.parsed = std::move(*parsed);
  return source.parsed.get();
}

/// The line of a documentation that speaks of Lava's process `name`, which may stand behind a
/// module: "Lava's source.RingBuffer". Empty if there is none.
static StringRef mentionOf(StringRef name, StringRef doc) {
  while (!doc.empty()) {
    auto [line, rest] = doc.split('\n');
    doc = rest;
    for (size_t at = line.find("Lava's "); at != StringRef::npos;
         at = line.find("Lava's ", at + 1)) {
      StringRef word = line.drop_front(at + strlen("Lava's ")).split(' ').first.rtrim(".,;:)");
      if (word == name || word.rsplit('.').second == name)
        return line.trim();
    }
  }
  return "";
}

/// Some processes of Lava have other names here, or something else does what they do.
void ClassTable::noteMentions(StringRef name, InFlightDiagnostic &error) const {
  SmallVector<const yaml::Entry *> entries;
  for (const auto &file : sources)
    for (const auto &entry : file.second)
      if (entry.second.isStandard)
        entries.push_back(entry.second.entry);
  llvm::sort(entries, [](auto *a, auto *b) { return a->key() < b->key(); });
  if (size_t dot = name.rfind('.'); dot != StringRef::npos)
    name = name.drop_front(dot + 1);
  for (const yaml::Entry *entry : entries) {
    const yaml::Node *doc = entry->value->find("doc");
    if (StringRef line = doc ? mentionOf(name, doc->text()) : ""; !line.empty())
      error.attachNote(entry->keyLoc()) << "of '" << entry->key() << "': " << line;
  }
}

FailureOr<const ProcessClass *> ClassTable::find(StringRef name, Location use) {
  for (StringRef file : scopes.order(use))
    if (auto ofFile = sources.find(file); ofFile != sources.end())
      if (auto it = ofFile->second.find(name); it != ofFile->second.end())
        return parse(it->second);
  SmallVector<StringRef> names;
  for (const auto &file : sources)
    for (const auto &entry : file.second)
      names.push_back(entry.getKey());
  llvm::sort(names);
  InFlightDiagnostic error = emitError(use);
  error << "unknown " << (kind == Process ? "process" : "record") << " '" << name << "'"
        << didYouMean(name, names);
  noteMentions(name, error);
  return error;
}

LogicalResult ClassTable::parseAll() {
  SmallVector<Source *> inOrder;
  for (auto &file : sources)
    for (auto &entry : file.second)
      if (!entry.second.isStandard)
        inOrder.push_back(&entry.second);
  llvm::sort(inOrder,
             [](const Source *a, const Source *b) { return a->entry->key() < b->entry->key(); });
  LogicalResult result = success();
  for (Source *source : inOrder)
    if (failed(parse(*source)))
      result = failure();
  return result;
}

} // namespace basalt::frontend
