// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt targets`: the chips that Basalt knows, and the numbers of one with where they are from.
#include "tools/basalt/Commands.h"

#include "compiler/neurocore/target/TargetFile.h"
#include "compiler/support/DiagnosticPrinter.h"
#include "runtime/native/Error.h"
#include "runtime/native/Output.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;

namespace {

/// What reading targets needs.
struct Reading {
  SourceFiles files;
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  DiagnosticPrinter printer{files, &context, llvm::errs()};

  llvm::FailureOr<neurocore::LoadedTarget> load(llvm::StringRef name) {
    return neurocore::loadTarget(files, &context, name, mlir::UnknownLoc::get(&context));
  }
};

void writeOut(const std::string &text) {
  rt::FileOutput output(STDOUT_FILENO, "standard output");
  output.write(text);
  output.flush();
}

rt::ExitCode listAll() {
  Reading reading;
  std::string text;
  for (const std::string &name : neurocore::listTargets()) {
    auto loaded = reading.load(name);
    if (failed(loaded))
      return rt::kFailed;
    text += llvm::formatv("{0,-14} {1}\n", name, loaded->target.doc).str();
  }
  writeOut(text);
  return rt::kDone;
}

std::string line(llvm::StringRef path, llvm::StringRef value, const nc::Provenance &provenance,
                 llvm::StringRef doc) {
  std::string from = nc::statusName(provenance.status);
  if (!provenance.source.empty())
    from += " (" + provenance.source + ")";
  return llvm::formatv("{0,-30} {1,-12} {2,-22} {3}\n", path, value, from, doc);
}

std::string number(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", value);
  return text;
}

std::string describe(const neurocore::LoadedTarget &loaded) {
  const nc::Target &target = loaded.target;
  std::string text = target.name + ": " + target.doc + "\nSHA-256 " + loaded.sha256 + "\n\n";
  for (const nc::Field &field : nc::fields())
    text += line(field.path, field.get(target), target.provenance.at(field.path), field.doc);
  for (const nc::CostTable &table : target.costs) {
    text += "\ncosts, " + table.name + ":\n";
    for (const nc::CostQuantity &quantity : nc::costQuantities())
      if (auto it = table.costs.find(quantity.name); it != table.costs.end())
        text += line(quantity.name, number(it->second.value), it->second.provenance, quantity.doc);
  }
  text += "\nsources:\n";
  for (const auto &[tag, source] : target.sources)
    text += llvm::formatv("{0,-6} {1}\n", tag, source);
  return text;
}

} // namespace

int basalt::driver::targets(const Arguments &arguments) {
  if (arguments.target.empty())
    return listAll();
  Reading reading;
  auto loaded = reading.load(arguments.target);
  if (failed(loaded))
    return rt::kFailed;
  writeOut(arguments.canonical ? loaded->canonical : describe(*loaded));
  return rt::kDone;
}
