// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which text a path means.
#include "tools/basalt/lsp/Workspace.h"

#include "compiler/frontend/yaml/Schema.h"
#include "compiler/support/Files.h"
#include "compiler/support/Resources.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace basalt::lsp;
using llvm::StringRef;

/// Larger files are not looked at.
static constexpr uint64_t maxBytes = uint64_t(4) << 20;
/// Nor are more imports.
static constexpr size_t maxVisible = 256;

std::string Workspace::canonical(StringRef path) {
  llvm::SmallString<256> real;
  return llvm::sys::fs::real_path(path, real) ? path.str() : real.str().str();
}

void Workspace::open(const std::string &path, std::string text) {
  buffers[path] = std::make_unique<Document>(path, std::move(text));
}

const Document *Workspace::find(StringRef given) {
  std::string path = canonical(given);
  if (auto it = buffers.find(path); it != buffers.end())
    return it->second.get();
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status) || !llvm::sys::fs::is_regular_file(status))
    return nullptr;
  Loaded &loaded = files[path];
  if (loaded.document && loaded.modified == status.getLastModificationTime())
    return loaded.document.get();
  std::string error;
  auto buffer = readFile(path, maxBytes, &error);
  if (failed(buffer))
    return nullptr;
  loaded.document = std::make_unique<Document>(path, (*buffer)->getBuffer().str());
  loaded.modified = status.getLastModificationTime();
  return loaded.document.get();
}

const Document *Workspace::findImport(const Document &importer, StringRef name) {
  llvm::SmallString<256> path;
  if (name.empty())
    return nullptr;
  if (frontend::yaml::isIdentifier(name)) {
    path = library;
    llvm::sys::path::append(path, name + ".yaml");
  } else if (llvm::sys::path::is_absolute(name)) {
    path = name;
  } else {
    path = llvm::sys::path::parent_path(importer.path());
    llvm::sys::path::append(path, name);
  }
  return find(path);
}

std::vector<const Document *> Workspace::visibleFrom(const Document &document) {
  std::vector<const Document *> result{&document};
  auto addImports = [&](size_t from) {
    for (size_t i = from; i < result.size() && result.size() < maxVisible; ++i) {
      const Entry *imports = result[i]->tree().root().find("import");
      if (!imports)
        continue;
      for (const auto &item : imports->children) {
        const Document *found = findImport(*result[i], result[i]->tree().value(*item));
        if (found && !llvm::is_contained(result, found))
          result.push_back(found);
      }
    }
  };
  addImports(0);
  // What every file sees without a word about it.
  llvm::SmallString<256> path(library);
  llvm::sys::path::append(path, "std.yaml");
  const Document *standard = library.empty() ? nullptr : find(path);
  if (standard && !llvm::is_contained(result, standard)) {
    result.push_back(standard);
    addImports(result.size() - 1);
  }
  return result;
}

std::vector<std::string> Workspace::libraryNames() const { return namesIn(library); }
