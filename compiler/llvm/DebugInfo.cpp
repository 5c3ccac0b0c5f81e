// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Places of the user's files as debug information. A place is the line of the model, as in errors
// at run time, not that of the instance that uses it; names of files are as given, so that the
// same network makes the same bytes on every machine.
#include "compiler/llvm/Conversion.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/BinaryFormat/Dwarf.h"

using namespace mlir;

namespace basalt::llvmir {

static FileLineColLoc placeOf(Location loc) {
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return placeOf(call.getCallee());
  if (auto named = dyn_cast<NameLoc>(loc))
    return placeOf(named.getChildLoc());
  return loc->findInstanceOf<FileLineColLoc>();
}

namespace {
struct Subprograms {
  explicit Subprograms(MLIRContext *context) : context(context), builder(context) {}

  LLVM::DIFileAttr file(StringRef name) { return LLVM::DIFileAttr::get(context, name, ""); }
  void add(LLVM::LLVMFuncOp function);

  MLIRContext *context;
  Builder builder;
  LLVM::DICompileUnitAttr unit;
};
} // namespace

void Subprograms::add(LLVM::LLVMFuncOp function) {
  FileLineColLoc place = placeOf(function.getLoc());
  LLVM::DIFileAttr home = file(place ? place.getFilename().getValue() : StringRef("-"));
  if (!unit)
    unit =
        LLVM::DICompileUnitAttr::get(DistinctAttr::create(builder.getUnitAttr()),
                                     llvm::dwarf::DW_LANG_C, home, builder.getStringAttr("basalt"),
                                     /*isOptimized=*/true, LLVM::DIEmissionKind::LineTablesOnly);
  auto type = LLVM::DISubroutineTypeAttr::get(context, llvm::dwarf::DW_CC_normal, {});
  unsigned line = place ? place.getLine() : 0;
  auto scope = LLVM::DISubprogramAttr::get(
      context, DistinctAttr::create(builder.getUnitAttr()), unit, home, function.getNameAttr(),
      function.getNameAttr(), home, line, line,
      LLVM::DISubprogramFlags::Definition | LLVM::DISubprogramFlags::Optimized, type, {}, {});
  function->setLoc(FusedLoc::get(context, {function.getLoc()}, scope));
  function.walk([&](Operation *op) {
    if (op == function)
      return;
    FileLineColLoc at = placeOf(op->getLoc());
    if (!at) {
      op->setLoc(FileLineColLoc::get(home.getName(), line, 0));
      return;
    }
    LLVM::DIFileAttr from = file(at.getFilename());
    if (from == home) {
      op->setLoc(at);
      return;
    }
    auto block = LLVM::DILexicalBlockFileAttr::get(context, scope, from, /*discriminator=*/0);
    op->setLoc(FusedLoc::get(context, {Location(at)}, block));
  });
}

void addDebugInfo(ModuleOp module) {
  Subprograms subprograms(module.getContext());
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (!function.isExternal())
      subprograms.add(function);
}

} // namespace basalt::llvmir
