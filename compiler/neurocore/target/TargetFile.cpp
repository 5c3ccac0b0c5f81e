// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finding files of targets, and what holds for a target as a whole.
#include "compiler/neurocore/target/TargetFile.h"

#include "compiler/support/Hash.h"
#include "compiler/support/Resources.h"
#include "compiler/support/Suggest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace basalt;
using namespace basalt::neurocore;
using frontend::yaml::Node;
using llvm::failure;
using llvm::FailureOr;
using llvm::LogicalResult;
using llvm::StringRef;
using llvm::success;
namespace path = llvm::sys::path;

/// Of the form of descriptions that this code reads.
static constexpr int64_t kVersion = 1;

static bool isPath(StringRef name) { return name.contains('/') || name.ends_with(".yaml"); }

std::vector<std::string> basalt::neurocore::listTargets() { return namesIn(findTargets()); }

namespace {

class Loading {
public:
  Loading(SourceFiles &sources, mlir::MLIRContext *context) : reader(sources, context) {}

  /// Reads the file that `name`, said in a file of `folder`, means, on top of what it inherits.
  LogicalResult load(StringRef name, StringRef folder, mlir::Location requestedAt);
  LogicalResult check();

  nc::Target target;

private:
  FailureOr<std::string> find(StringRef name, StringRef folder, mlir::Location requestedAt);
  LogicalResult checkHead(const Node &root);
  LogicalResult inherit(const Node &root, StringRef file);
  /// That of the fields which is in the topmost file that has any, and its place; else the first
  /// one, and that file.
  std::pair<StringRef, mlir::Location> placeOf(llvm::ArrayRef<StringRef> fields);

  frontend::yaml::Reader reader;
  llvm::SmallVector<std::string> opened;     // canonical paths, from the outside in
  llvm::SmallVector<const Node *> documents; // the inherited ones first
};

FailureOr<std::string> Loading::find(StringRef name, StringRef folder, mlir::Location requestedAt) {
  if (isPath(name)) {
    llvm::SmallString<256> file(path::is_absolute(name) ? "" : folder);
    path::append(file, name);
    return file.str().str();
  }
  std::vector<std::string> names = listTargets();
  if (llvm::is_contained(names, name))
    return findTargets() + "/" + name.str() + ".yaml";
  llvm::SmallVector<StringRef> known(names.begin(), names.end());
  mlir::InFlightDiagnostic diagnostic =
      mlir::emitError(requestedAt) << "unknown target '" << name << "'" << didYouMean(name, known);
  diagnostic.attachNote() << "targets are " << llvm::join(names, ", ")
                          << ", or files whose names end in '.yaml'";
  return failure();
}

LogicalResult Loading::checkHead(const Node &root) {
  if (!root.isMapping())
    return root.emitError() << "expected a mapping (a target), found " << root.describe();
  const Node *version = root.find("version");
  for (StringRef key : {"target", "version"})
    if (!root.find(key))
      return root.emitError() << "a target needs the key '" << key << "'";
  if (version->asInt() != kVersion)
    return version->emitError() << "expected version " << kVersion
                                << " of target descriptions, found " << version->describe();
  return success();
}

LogicalResult Loading::inherit(const Node &root, StringRef file) {
  const Node *base = root.find("inherits");
  if (!base)
    return success();
  if (!base->isString())
    return base->emitError() << "expected the name of a target for 'inherits', found "
                             << base->describe();
  return load(base->text(), path::parent_path(file), base->loc());
}

LogicalResult Loading::load(StringRef name, StringRef folder, mlir::Location requestedAt) {
  FailureOr<std::string> file = find(name, folder, requestedAt);
  if (failed(file))
    return failure();
  llvm::SmallString<256> real;
  if (llvm::sys::fs::real_path(*file, real))
    real = *file; // the reader says why it cannot be read
  if (llvm::is_contained(opened, real.str()))
    return mlir::emitError(requestedAt) << "target '" << name << "' inherits itself";
  opened.push_back(real.str().str());
  FailureOr<const Node *> root = reader.readFile(*file, requestedAt);
  if (failed(root) || failed(checkHead(**root)) || failed(inherit(**root, *file)))
    return failure();
  documents.push_back(*root);
  return readTarget(**root, target);
}

std::pair<StringRef, mlir::Location> Loading::placeOf(llvm::ArrayRef<StringRef> fields) {
  for (const Node *document : llvm::reverse(documents))
    for (StringRef field : fields) {
      auto [section, key] = field.split('.');
      if (const Node *mapping = document->find(section))
        if (const Node *value = mapping->find(key))
          return {field, value->loc()};
    }
  return {fields.front(), documents.back()->loc()};
}

LogicalResult Loading::check() {
  LogicalResult result = success();
  for (const nc::Field &field : nc::fields())
    if (!target.provenance.count(field.path))
      result = documents.back()->emitError() << "target '" << target.name << "' lacks '"
                                             << field.path << "' (" << field.doc << ")";
  if (failed(result))
    return failure();
  for (const nc::Contradiction &contradiction : nc::contradictions(target)) {
    llvm::SmallVector<StringRef> fields = {contradiction.path};
    llvm::append_range(fields, contradiction.others);
    auto [field, loc] = placeOf(fields);
    result = mlir::emitError(loc) << "contradiction in '" << field
                                  << "': " << contradiction.message;
  }
  return result;
}

} // namespace

FailureOr<LoadedTarget> basalt::neurocore::loadTarget(SourceFiles &sources,
                                                      mlir::MLIRContext *context, StringRef name,
                                                      mlir::Location requestedAt) {
  Loading loading(sources, context);
  if (failed(loading.load(name, "", requestedAt)) || failed(loading.check()))
    return failure();
  LoadedTarget result;
  result.target = std::move(loading.target);
  result.canonical = nc::canonicalText(result.target);
  result.sha256 = sha256Hex(result.canonical);
  return result;
}
