// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/Program.h"
#include "compiler/frontend/build/ProcessClass.h"
#include "compiler/frontend/yaml/Schema.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace basalt::frontend {

/// The newest version of the language that this compiler knows.
static constexpr int64_t languageVersion = 1;
static constexpr size_t maxImports = 256;

static LogicalResult checkVersion(const yaml::Node &root) {
  const yaml::Node *version = root.find("basalt");
  std::optional<int64_t> number = version->asInt();
  if (number && *number >= 1 && *number <= languageVersion)
    return success();
  InFlightDiagnostic diagnostic = emitError(version->loc());
  if (number && *number > languageVersion)
    return diagnostic << "the file is written in version " << *number
                      << " of the language; this compiler knows versions up to " << languageVersion;
  return diagnostic << "unknown version '" << version->text()
                    << "' of the language; the first is 1";
}

LogicalResult Program::parseFunctions(const yaml::Node &root) {
  const yaml::Node *text = root.find("functions");
  if (!text)
    return success();
  FailureOr<behaviour::Source> source = sourceOf(*text, context, "a function");
  if (failed(source))
    return failure();
  auto parsed = behaviour::parseFunctions(*source, ast);
  if (failed(parsed))
    return failure();
  llvm::StringMap<Location> here;
  LogicalResult result = success();
  for (const behaviour::FunctionDecl *function : *parsed) {
    if (auto [it, isNew] = here.try_emplace(function->getName(), function->getNameLoc()); !isNew) {
      InFlightDiagnostic diagnostic = emitError(function->getNameLoc())
                                      << "the function '" << function->getName()
                                      << "' is declared twice";
      diagnostic.attachNote(it->second) << "first declared here";
      result = failure();
    }
    functionsByName.try_emplace(function->getName(), function); // a file's own hide imported ones
  }
  return result;
}

LogicalResult Program::readImports(const yaml::Node &root, StringRef path,
                                   ArrayRef<std::string> importers) {
  const yaml::Node *imports = root.find("import");
  if (!imports)
    return success();
  LogicalResult result = success();
  for (const yaml::Node *item : imports->items()) {
    SmallString<128> name(item->text());
    if (!llvm::sys::path::is_absolute(name)) {
      name = llvm::sys::path::parent_path(path);
      llvm::sys::path::append(name, item->text());
    }
    if (failed(readDocument(name, item->loc(), importers)))
      result = failure();
  }
  return result;
}

LogicalResult Program::readDocument(StringRef path, Location requestedAt,
                                    ArrayRef<std::string> importers) {
  SmallString<128> real;
  if (llvm::sys::fs::real_path(path, real))
    real = path;
  std::string key = real.str().str();
  if (llvm::is_contained(importers, key))
    return emitError(requestedAt) << "'" << path << "' imports itself"
                                  << (importers.size() > 1 ? ", by way of other files" : "");
  for (const Document &document : documents)
    if (document.path == key)
      return success(); // imported twice is imported once
  if (documents.size() >= maxImports)
    return emitError(requestedAt) << "more than " << maxImports << " files are imported";
  FailureOr<const yaml::Node *> root = reader.readFile(path, requestedAt);
  if (failed(root) || failed(yaml::checkDocument(**root)) || failed(checkVersion(**root)))
    return failure();
  documents.push_back({*root, key});
  SmallVector<std::string> chain(importers);
  chain.push_back(key);
  LogicalResult functions = parseFunctions(**root);
  return success(succeeded(readImports(**root, path, chain)) && succeeded(functions));
}

/// Two imports with one name are an error, unless the main file has it as well.
LogicalResult Program::checkHiddenNames() {
  llvm::StringMap<Location> seen;
  const yaml::Node *own = main().find("processes");
  LogicalResult result = success();
  for (const Document &document : ArrayRef(documents).drop_front()) {
    const yaml::Node *processes = document.root->find("processes");
    if (!processes)
      continue;
    for (const yaml::Entry &entry : processes->entries()) {
      auto [it, isNew] = seen.try_emplace(entry.key(), entry.keyLoc());
      if (isNew || (own && own->findEntry(entry.key())))
        continue;
      InFlightDiagnostic diagnostic = emitError(entry.keyLoc()) << "the process '" << entry.key()
                                                                << "' is imported from two files";
      diagnostic.attachNote(it->second) << "the other one is here";
      result = failure();
    }
  }
  return result;
}

LogicalResult Program::read(StringRef path) {
  Location start = FileLineColLoc::get(context, path, 0, 0);
  if (failed(readDocument(path, start, {})))
    return failure();
  return checkHiddenNames();
}

} // namespace basalt::frontend
