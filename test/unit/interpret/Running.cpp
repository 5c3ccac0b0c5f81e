// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs networks given as IR text.
#include "Running.h"

#include "compiler/interpret/Interpreter.h"
#include "dialect/num/Num.h"
#include "dialect/proc/Proc.h"
#include "runtime/native/Run.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include <filesystem>
#include <gtest/gtest.h>

using namespace mlir;

namespace basalt::interp {

std::vector<int64_t> Outcome::integers(const std::string &name) const {
  auto found = arrays.find(name);
  if (found == arrays.end()) {
    ADD_FAILURE() << "nothing recorded as " << name << "; " << error;
    return {};
  }
  std::vector<int64_t> result;
  for (size_t i = 0; i < found->second.size(); ++i)
    result.push_back(found->second.intAt(i));
  return result;
}

static OwningOpRef<ModuleOp> parse(const std::string &ir, MLIRContext &context) {
  context.loadDialect<arith::ArithDialect, scf::SCFDialect, num::NumDialect, proc::ProcDialect>();
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(ir, "net.mlir"), llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  EXPECT_TRUE(module) << ir;
  return module;
}

static void readArrays(const std::filesystem::path &folder, Outcome &outcome) {
  for (const auto &entry : std::filesystem::directory_iterator(folder))
    outcome.arrays[entry.path().stem().string()] = rt::readNpy(entry.path().string());
}

Outcome runNetwork(const std::string &ir, const rt::RunOptions &given) {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = parse(ir, context);
  Outcome outcome;
  if (!module)
    return outcome;
  FailureOr<std::unique_ptr<Interpreter>> interpreter = Interpreter::create(*module);
  EXPECT_TRUE(succeeded(interpreter));
  if (failed(interpreter))
    return outcome;
  rt::RunOptions options = given;
  std::string folder = testing::TempDir() + "basalt-interpret-XXXXXX";
  EXPECT_NE(mkdtemp(folder.data()), nullptr);
  if (!options.probes.empty() || !options.gets.empty())
    options.out = folder;
  rt::StringOutput output;
  try {
    rt::execute(**interpreter, options, output);
  } catch (const std::exception &error) {
    outcome.error = error.what();
  }
  outcome.printed = output.text();
  readArrays(folder, outcome);
  std::filesystem::remove_all(folder);
  return outcome;
}

rt::RunOptions stages(const std::string &plan) {
  rt::RunOptions options;
  options.stages = rt::parseStages(plan);
  return options;
}

Outcome runNetwork(const std::string &ir, int64_t steps) {
  return runNetwork(ir, stages(std::to_string(steps)));
}

std::string creationErrors(const std::string &ir) {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = parse(ir, context);
  std::string errors;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    llvm::raw_string_ostream(errors) << diagnostic.getLocation() << ": " << diagnostic << "\n";
    return success();
  });
  EXPECT_TRUE(!module || failed(Interpreter::create(*module)));
  return errors;
}

} // namespace basalt::interp
