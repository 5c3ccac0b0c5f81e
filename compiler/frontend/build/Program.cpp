// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/Program.h"
#include "compiler/frontend/build/ProcessClass.h"
#include "compiler/frontend/yaml/Schema.h"
#include "compiler/support/Resources.h"
#include "compiler/support/Suggest.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
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
  LogicalResult result = success();
  for (const behaviour::FunctionDecl *function : *parsed) {
    const behaviour::FunctionDecl *earlier =
        allFunctions.add(root.loc().getFilename().getValue(), function);
    if (!earlier)
      continue;
    InFlightDiagnostic diagnostic = emitError(function->getNameLoc())
                                    << "the function '" << function->getName()
                                    << "' is declared twice";
    diagnostic.attachNote(earlier->getNameLoc()) << "first declared here";
    result = failure();
  }
  return result;
}

/// The path of an imported file. A bare name is that of a file of the library.
FailureOr<std::string> Program::importPath(const yaml::Node &item, StringRef importer) {
  StringRef name = item.text();
  if (llvm::sys::path::is_absolute(name))
    return name.str();
  SmallString<128> path;
  if (!yaml::isIdentifier(name)) {
    path = llvm::sys::path::parent_path(importer);
    llvm::sys::path::append(path, name);
    return path.str().str();
  }
  path = library;
  llvm::sys::path::append(path, name + ".yaml");
  if (!library.empty() && llvm::sys::fs::exists(path))
    return path.str().str();
  std::vector<std::string> names = namesIn(library);
  return emitError(item.loc()) << "the library has no file '" << name
                               << "' (one of your own is named with its suffix: '" << name
                               << ".yaml')"
                               << didYouMean(name, llvm::to_vector_of<StringRef>(names));
}

LogicalResult Program::readImports(size_t document, StringRef path,
                                   ArrayRef<std::string> importers) {
  const yaml::Node *imports = documents[document].root->find("import");
  if (!imports)
    return success();
  LogicalResult result = success();
  for (const yaml::Node *item : imports->items()) {
    FailureOr<std::string> imported = importPath(*item, path);
    FailureOr<StringRef> file = succeeded(imported)
                                    ? readDocument(*imported, item->loc(), importers)
                                    : FailureOr<StringRef>();
    if (failed(file))
      result = failure();
    else
      documents[document].imports.push_back(file->str());
  }
  return result;
}

FailureOr<StringRef> Program::readDocument(StringRef path, Location requestedAt,
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
      return document.file(); // imported twice is imported once
  if (documents.size() >= maxImports)
    return emitError(requestedAt) << "more than " << maxImports << " files are imported";
  FailureOr<const yaml::Node *> root = reader.readFile(path, requestedAt);
  if (failed(root))
    return failure();
  yaml::Form form = yaml::checkDocument(**root);
  if (form == yaml::Form::Wrong || failed(checkVersion(**root)))
    return failure();
  strayKeys |= form == yaml::Form::StrayKeys;
  documents.push_back({*root, key, readingStandard, {}});
  SmallVector<std::string> chain(importers);
  chain.push_back(key);
  LogicalResult functions = parseFunctions(**root);
  if (failed(readImports(documents.size() - 1, path, chain)) || failed(functions))
    return failure();
  return (*root)->loc().getFilename().getValue();
}

/// Two imports with one name are an error, unless the main file has it as well.
LogicalResult Program::checkHiddenNames(StringRef section, StringRef what) {
  llvm::StringMap<Location> seen;
  const yaml::Node *own = main().find(section);
  LogicalResult result = success();
  for (const Document &document : ArrayRef(documents).drop_front()) {
    const yaml::Node *declared = document.root->find(section);
    if (!declared || document.isStandard)
      continue;
    for (const yaml::Entry &entry : declared->entries()) {
      auto [it, isNew] = seen.try_emplace(entry.key(), entry.keyLoc());
      if (isNew || (own && own->findEntry(entry.key())))
        continue;
      InFlightDiagnostic diagnostic = emitError(entry.keyLoc())
                                      << "the " << what << " '" << entry.key()
                                      << "' is imported from two files";
      diagnostic.attachNote(it->second) << "the other one is here";
      result = failure();
    }
  }
  return result;
}

//===--- The standard library ---===//

namespace {
/// Looks for names of processes, records and functions that are not among those that are declared.
class MissingNames {
public:
  llvm::StringSet<> processes, records;
  const Functions *functions;

  bool isMissingIn(const yaml::Node &root) const;

private:
  bool hasMissingRecord(const yaml::Node &node) const;
  bool isMissingInNetwork(const yaml::Node *network) const;
  bool isMissingInCode(const yaml::Node &node) const;
  bool isMissingRecord(const yaml::Node *name) const {
    return name && !records.contains(name->text());
  }
  bool isMissingFunction(StringRef code) const;
};
} // namespace

/// A value of a missing record somewhere below `node`.
bool MissingNames::hasMissingRecord(const yaml::Node &node) const {
  return llvm::any_of(node.entries(), [&](const yaml::Entry &entry) {
    return isMissingRecord(entry.value->find("class")) || hasMissingRecord(*entry.value);
  });
}

bool MissingNames::isMissingInNetwork(const yaml::Node *network) const {
  const yaml::Node *instances = network ? network->find("instances") : nullptr;
  if (!instances)
    return false;
  return llvm::any_of(instances->entries(), [&](const yaml::Entry &entry) {
    const yaml::Node *name = entry.value->isMapping() ? entry.value->find("class") : entry.value;
    return (name && !processes.contains(name->text())) || hasMissingRecord(*entry.value);
  });
}

/// A word before a bracket, unless it is a method, known, or one that no library should declare. A
/// mistake costs the reading of the library.
bool MissingNames::isMissingFunction(StringRef code) const {
  static const llvm::StringSet<> usual{
      "where",  "argmin", "argmax", "abs",   "sign",   "min",   "max",   "clip",     "sqrt",
      "exp",    "log",    "sin",    "cos",   "tanh",   "floor", "ceil",  "round",    "trunc",
      "sum",    "prod",   "any",    "all",   "mean",   "zeros", "ones",  "arange",   "roll",
      "concat", "range",  "sat",    "shift", "mulshr", "print", "pause", "stop",     "i8",
      "i16",    "i24",    "i32",    "i64",   "f32",    "f64",   "sgn",   "transpose"};
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t open = code.find('('); open != StringRef::npos; open = code.find('(', open + 1)) {
    size_t start = open;
    while (start > 0 && isWord(code[start - 1]))
      --start;
    StringRef word = code.slice(start, open);
    bool isMethod = start > 0 && code[start - 1] == '.';
    if (!word.empty() && !isMethod && !usual.contains(word) && !functions->contains(word))
      return true;
  }
  return false;
}

bool MissingNames::isMissingInCode(const yaml::Node &node) const {
  if (node.isScalar())
    return isMissingFunction(node.text());
  return llvm::any_of(node.items(),
                      [&](const yaml::Node *item) { return isMissingInCode(*item); }) ||
         llvm::any_of(node.entries(), [&](const yaml::Entry &entry) {
           return entry.key() != "doc" && isMissingInCode(*entry.value);
         });
}

bool MissingNames::isMissingIn(const yaml::Node &root) const {
  if (isMissingInNetwork(root.find("network")))
    return true;
  for (StringRef section : {"params", "records"})
    if (const yaml::Node *list = root.find(section); list && hasMissingRecord(*list))
      return true;
  if (const yaml::Node *list = root.find("records"))
    for (const yaml::Entry &entry : list->entries())
      if (isMissingRecord(entry.value->find("extends")))
        return true;
  if (const yaml::Node *list = root.find("processes"))
    for (const yaml::Entry &process : list->entries()) {
      const yaml::Node *base = process.value->find("extends"),
                       *models = process.value->find("models");
      if (base && !processes.contains(base->text()))
        return true;
      if (models && llvm::any_of(models->items(), [&](const yaml::Node *model) {
            return isMissingInNetwork(model->find("network"));
          }))
        return true;
    }
  return llvm::any_of(root.entries(), [&](const yaml::Entry &entry) {
    return entry.key() != "import" && entry.key() != "run" && isMissingInCode(*entry.value);
  });
}

bool Program::needsStandard() const {
  if (library.empty())
    return false;
  MissingNames names;
  names.functions = &allFunctions;
  for (const Document &document : documents)
    if (const yaml::Node *processes = document.root->find("processes"))
      for (const yaml::Entry &entry : processes->entries())
        names.processes.insert(entry.key());
  for (const Document &document : documents)
    if (const yaml::Node *declared = document.root->find("records"))
      for (const yaml::Entry &entry : declared->entries())
        names.records.insert(entry.key());
  return llvm::any_of(documents,
                      [&](const Document &document) { return names.isMissingIn(*document.root); });
}

void Program::recordScopes() {
  for (const Document &document : documents) {
    auto imports = llvm::to_vector_of<StringRef>(document.imports);
    fileScopes.add(document.file(), imports);
    allFunctions.addFile(document.file(), imports);
  }
}

LogicalResult Program::read(StringRef path) {
  Location start = FileLineColLoc::get(context, path, 0, 0);
  if (failed(readDocument(path, start, {})))
    return failure();
  if (needsStandard()) {
    readingStandard = true;
    if (failed(readDocument(library + "/std.yaml", start, {})))
      return failure();
  }
  recordScopes();
  LogicalResult processes = checkHiddenNames("processes", "process"),
                records = checkHiddenNames("records", "record");
  return success(succeeded(processes) && succeeded(records));
}

} // namespace basalt::frontend
