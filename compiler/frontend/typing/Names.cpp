// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/typing/Names.h"
#include "dialect/proc/Lookup.h"

using namespace mlir;

namespace basalt::frontend {

StringRef fileOf(Location loc) {
  auto place = loc->findInstanceOf<FileLineColLoc>();
  return place ? place.getFilename().getValue() : StringRef();
}

void noteInstance(Diagnostic &diagnostic, Location instance) {
  if (diagnostic.getSeverity() == DiagnosticSeverity::Error &&
      fileOf(diagnostic.getLocation()) != fileOf(instance))
    diagnostic.attachNote(instance) << "in this instance";
}

//===--- FileScopes ---===//

void FileScopes::add(StringRef file, ArrayRef<StringRef> imported) {
  if (!imports.contains(file))
    files.push_back(file.str());
  std::vector<std::string> &list = imports[file];
  list.assign(imported.begin(), imported.end());
}

void FileScopes::visit(StringRef file, SmallVectorImpl<StringRef> &order) const {
  auto it = imports.find(file);
  if (it == imports.end() || llvm::is_contained(order, file))
    return;
  order.push_back(it->getKey());
  for (const std::string &imported : it->second)
    visit(imported, order);
}

SmallVector<StringRef> FileScopes::order(Location use) const {
  SmallVector<StringRef> result;
  visit(fileOf(use), result);
  for (const std::string &file : files)
    if (!llvm::is_contained(result, file))
      result.push_back(file);
  return result;
}

//===--- Functions ---===//

const behaviour::FunctionDecl *Functions::add(StringRef file,
                                              const behaviour::FunctionDecl *function) {
  auto [it, isNew] = byFile[file].try_emplace(function->getName(), function);
  return isNew ? nullptr : it->second;
}

const behaviour::FunctionDecl *Functions::find(StringRef name, Location use) const {
  if (!contains(name))
    return nullptr; // most calls are of built-in functions
  for (StringRef file : scopes.order(use))
    if (auto it = byFile.find(file); it != byFile.end())
      if (const behaviour::FunctionDecl *function = it->second.lookup(name))
        return function;
  return nullptr;
}

bool Functions::contains(StringRef name) const {
  return llvm::any_of(byFile, [&](const auto &file) { return file.second.contains(name); });
}

void Functions::list(SmallVectorImpl<StringRef> &names) const {
  for (const auto &file : byFile)
    for (const auto &function : file.second)
      names.push_back(function.getKey());
}

//===--- ProcessNames ---===//

Meaning ProcessNames::lookup(StringRef name, Location use) {
  Operation *member = proc::lookupMember(process, name);
  if (!member || isa<proc::ModelOp>(member))
    return {};
  if (auto param = dyn_cast<proc::ParamOp>(member))
    return {Meaning::Constant, param.getValue(), !isa<ElementsAttr>(param.getValue()), nullptr};
  return {Meaning::Member, {}, false, member};
}

Type ProcessNames::lookupType(StringRef name) {
  if (!model || !model.getTypes())
    return {};
  auto type = dyn_cast_or_null<TypeAttr>(model.getTypes()->get(name));
  return type ? type.getValue() : Type();
}

void ProcessNames::list(SmallVectorImpl<StringRef> &names) {
  for (Operation &op : process.getBody().getOps())
    // What a sparse Var is made of has a dot in its name, and is no name of the user.
    if (auto symbol = dyn_cast<SymbolOpInterface>(op);
        symbol && !isa<proc::ModelOp>(op) && !symbol.getName().contains('.'))
      names.push_back(symbol.getName());
}

} // namespace basalt::frontend
