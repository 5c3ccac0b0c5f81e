// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt lsp`: the server of tools/basalt/lsp with the compiler behind it.
#include "tools/basalt/Commands.h"
#include "tools/basalt/Session.h"
#include "tools/basalt/lsp/Server.h"

#include "compiler/support/Resources.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Types.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace basalt;
using namespace basalt::driver;

/// Of instances beyond so many the editor hears nothing.
static constexpr unsigned mostInstances = 2000;

static void print(llvm::json::Object object) {
  llvm::errs() << llvm::json::Value(std::move(object)) << '\n';
}

namespace {
/// Prints what is known of each declaration in each instance.
class MemberPrinter {
public:
  void printNetwork(mlir::Operation *network, const std::string &prefix);

private:
  void printMember(mlir::Operation *member, proc::InstanceOp instance, const std::string &path);

  unsigned instances = 0;
};
} // namespace

static std::string spellNumber(mlir::Attribute value) {
  if (auto real = mlir::dyn_cast<mlir::FloatAttr>(value))
    return llvm::formatv("{0}", llvm::format("%g", real.getValueAsDouble())).str();
  auto integer = mlir::dyn_cast<mlir::IntegerAttr>(value);
  if (!integer)
    return "";
  bool isBool = integer.getType().isInteger(1);
  return llvm::toString(integer.getValue(), 10, /*Signed=*/!isBool);
}

/// Short values as the language spells them; nothing for others.
static std::string spellValue(mlir::Attribute value) {
  if (auto text = mlir::dyn_cast<mlir::StringAttr>(value))
    return text.getValue().str();
  auto elements = mlir::dyn_cast<mlir::DenseElementsAttr>(value);
  constexpr int64_t mostShown = 8;
  if (!elements)
    return spellNumber(value);
  if (elements.getNumElements() == 0)
    return "";
  if (elements.isSplat())
    return spellNumber(elements.getSplatValue<mlir::Attribute>());
  if (elements.getType().getRank() != 1 || elements.getNumElements() > mostShown)
    return "";
  std::string text;
  for (mlir::Attribute element : elements.getValues<mlir::Attribute>())
    text += (text.empty() ? "[" : ", ") + spellNumber(element);
  return text + "]";
}

/// The value that an instance gives to a Var, else that of its declaration.
static mlir::Attribute valueOf(mlir::Operation *member, proc::InstanceOp instance) {
  if (auto param = mlir::dyn_cast<proc::ParamOp>(member))
    return param.getValue();
  auto var = mlir::dyn_cast<proc::VarOp>(member);
  if (!var)
    return {};
  if (!instance.getValues().empty())
    for (auto value : instance.getValues().getOps<proc::ValueOp>())
      if (value.getVar() == var.getSymName())
        return value.getValue();
  return var.getInitAttr();
}

void MemberPrinter::printMember(mlir::Operation *member, proc::InstanceOp instance,
                                const std::string &path) {
  auto place = member->getLoc()->findInstanceOf<mlir::FileLineColLoc>();
  if (!place)
    return;
  llvm::json::Object object{{"member", path},
                            {"file", llvm::json::fixUTF8(place.getFilename().getValue())},
                            {"line", place.getLine()},
                            {"column", place.getColumn()}};
  if (mlir::Type type = proc::outsideType(member))
    object["type"] = proc::spellType(type);
  mlir::Attribute value = valueOf(member, instance);
  if (std::string text = value ? spellValue(value) : ""; !text.empty())
    object["value"] = llvm::json::fixUTF8(text);
  print(std::move(object));
}

void MemberPrinter::printNetwork(mlir::Operation *network, const std::string &prefix) {
  for (auto instance : network->getRegion(0).getOps<proc::InstanceOp>()) {
    proc::ProcessOp process = proc::lookupProcess(instance);
    if (!process || ++instances > mostInstances)
      return;
    std::string path = prefix + instance.getSymName().str();
    for (mlir::Operation &member : process.getBody().getOps())
      if (mlir::isa<proc::ParamOp, proc::VarOp, proc::InPortOp, proc::OutPortOp, proc::RefPortOp,
                    proc::VarPortOp>(member))
        printMember(&member, instance, path);
    if (proc::ModelOp model = proc::modelOf(process))
      printNetwork(model, path + ".");
  }
}

/// In the child process of a check: as `basalt check --diagnostics=json` does, with the texts of
/// the editor.
static void checkForEditor(const lsp::CheckRequest &request) {
  Arguments arguments;
  arguments.input.file = request.file;
  arguments.diagnostics.form = DiagnosticForm::Json;
  arguments.diagnostics.errorLimit = 0;
  arguments.watch.reproducer = "/dev/null";
  Session session(arguments);
  for (const auto &[path, text] : request.buffers)
    session.sources().addBuffer(path, text);
  session.watchPasses([&](llvm::StringRef pass, mlir::ModuleOp module) {
    if (pass == "infer-types")
      for (auto network : module.getOps<proc::NetworkOp>())
        MemberPrinter().printNetwork(network, "");
  });
  session.advance(Stage::Emitc);
  session.flushDiagnostics();
  for (const auto &file : session.sources().files())
    print(llvm::json::Object{{"read", llvm::json::fixUTF8(file->path)}});
}

int basalt::driver::lsp() {
  return lsp::serve(findLibrary(), [](const lsp::CheckRequest &request) {
    // An error of the runtime's kind, which nothing but the driver knows: standard error is JSON.
    try {
      checkForEditor(request);
    } catch (const std::exception &error) {
      printMessage(llvm::errs(), DiagnosticForm::Json, mlir::DiagnosticSeverity::Error,
                   error.what());
    }
  });
}
