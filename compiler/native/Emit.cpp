// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C++ text of a program: the passes, EmitC's printer, and names for the arguments of functions,
// which EmitC has not.
#include "compiler/native/Functions.h"
#include "compiler/native/Native.h"
#include "compiler/native/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Target/Cpp/CppEmitter.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace basalt::native {

void buildNativePipeline(OpPassManager &passes, NativeOptions options) {
  FormParallelRegionsOptions regions;
  if (options.allRegions)
    regions = {/*least=*/0, /*grain=*/1};
  passes.addPass(createNarrowIntegers());
  passes.addPass(createFormParallelRegions(regions));
  passes.addPass(createConvertToNative({options.profile}));
  passes.addPass(createFormStatements(std::move(options.sourceLine)));
  passes.addPass(createCheckNative());
}

/// The C++ spelling of the type of an argument.
static std::string spellType(Type type) {
  if (auto opaque = dyn_cast<emitc::OpaqueType>(type))
    return opaque.getValue().str();
  if (type.isIndex())
    return "size_t";
  if (type.isInteger(1))
    return "bool";
  if (type.isF32())
    return "float";
  if (type.isF64())
    return "double";
  return "int" + std::to_string(type.getIntOrFloatBitWidth()) + "_t";
}

constexpr size_t maxColumn = 100;

/// `spk(rt::Context & v1)` => `spk(rt::Context &ctx)`: the printer numbers the arguments of each
/// function from 1.
static void nameArguments(std::string &text, emitc::FuncOp function) {
  auto names = function->getAttrOfType<ArrayAttr>(kArgumentNames);
  if (!names)
    return;
  std::string printed = " " + function.getSymName().str() + "(", named = printed;
  size_t column = named.size() + strlen("static inline void");
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    std::string spelling = spellType(type);
    printed += (i ? ", " : "") + spelling + " v" + std::to_string(i + 1);
    bool attached = spelling.back() == '&' || spelling.back() == '*';
    spelling += (attached ? "" : " ") + cast<StringAttr>(names[i]).str();
    column += spelling.size() + 2;
    if (column > maxColumn) {
      column = strlen("    ") + spelling.size();
      named += ",\n    " + spelling;
    } else {
      named += (i ? ", " : "") + spelling;
    }
  }
  size_t at = text.find(printed + ")");
  if (at != std::string::npos)
    text.replace(at, printed.size(), named);
}

/// The printer ends functions without a result with `return;`.
static void dropLastReturns(std::string &text) {
  for (StringRef tail : {"\n    return;\n  }", "\n  return;\n}"})
    for (size_t at = 0; (at = text.find(tail.str(), at)) != std::string::npos;)
      text.erase(at, tail.find(';') + 1);
}

FailureOr<std::string> printCpp(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (failed(emitc::translateToCpp(module, out)))
    return failure();
  module.walk([&](emitc::FuncOp function) { nameArguments(text, function); });
  dropLastReturns(text);
  return text;
}

} // namespace basalt::native
