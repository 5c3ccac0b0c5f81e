// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- DiagnosticPrinterTest.cpp - diagnostics as the user sees them ------===//

#include "compiler/support/DiagnosticPrinter.h"
#include "compiler/support/EmitWarning.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace basalt;

namespace {
class DiagnosticPrinterTest : public testing::Test {
protected:
  DiagnosticPrinterTest() {
    sources.addBuffer("b.yaml", "first line\nsecond line\nthird line\n");
    sources.addBuffer("a.yaml", "other file\n");
  }

  mlir::Location at(llvm::StringRef file, unsigned line, unsigned column) {
    return mlir::FileLineColLoc::get(&context, file, line, column);
  }
  mlir::Location named(llvm::StringRef name, mlir::Location loc) {
    return mlir::NameLoc::get(mlir::StringAttr::get(&context, name), loc);
  }
  /// What is printed for what `emit` emits.
  template <typename Emit> std::string printed(Emit emit, const DiagnosticOptions &options = {}) {
    std::string text;
    llvm::raw_string_ostream os(text);
    DiagnosticPrinter printer(sources, &context, os, options);
    emit();
    errors = printer.errorCount();
    warnings = printer.warningCount();
    printer.flush();
    return text;
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  SourceFiles sources;
  unsigned errors = 0, warnings = 0;
};
} // namespace

TEST_F(DiagnosticPrinterTest, Form) {
  EXPECT_EQ(printed([&] { mlir::emitError(at("b.yaml", 2, 8)) << "bad 'line'"; }),
            "b.yaml:2:8: error: bad 'line'\nsecond line\n       ^\n");
  EXPECT_EQ(errors, 1u);
}

TEST_F(DiagnosticPrinterTest, SortedByPlaceWithNotes) {
  EXPECT_EQ(printed([&] {
              mlir::emitError(at("a.yaml", 1, 1)) << "e4";
              mlir::emitWarning(at("b.yaml", 3, 1)) << "e3";
              mlir::emitError(at("b.yaml", 2, 3)).attachNote(at("a.yaml", 1, 7)) << "n2";
              mlir::emitError(at("b.yaml", 2, 1)) << "e1";
            }),
            "b.yaml:2:1: error: e1\nsecond line\n^\n"
            "b.yaml:2:3: error: \nsecond line\n  ^\n"
            "a.yaml:1:7: note: n2\nother file\n      ^\n"
            "b.yaml:3:1: warning: e3\nthird line\n^\n"
            "a.yaml:1:1: error: e4\nother file\n^\n");
  EXPECT_EQ(errors, 3u);
  EXPECT_EQ(warnings, 1u);
}

static DiagnosticOptions limited(unsigned errors) {
  DiagnosticOptions options;
  options.errorLimit = errors;
  return options;
}

TEST_F(DiagnosticPrinterTest, Limit) {
  auto emit = [&] {
    for (unsigned column = 1; column <= 4; ++column)
      mlir::emitError(at("b.yaml", 1, column)) << "e" << column;
  };
  const std::string two = "b.yaml:1:1: error: e1\nfirst line\n^\n"
                          "b.yaml:1:2: error: e2\nfirst line\n ^\n";
  EXPECT_EQ(printed(emit, limited(2)), two + "error: 2 more errors are not shown\n");
  EXPECT_EQ(errors, 4u);
  EXPECT_EQ(printed(emit, limited(0)).find("not shown"), std::string::npos);
}

TEST_F(DiagnosticPrinterTest, InstancesOfOneProcess) {
  const mlir::Location line = at("b.yaml", 2, 1);
  auto emit = [&] {
    for (unsigned column : {1u, 3u}) {
      mlir::Location caller = named(column == 1 ? "lif" : "lif2", at("b.yaml", 3, column));
      mlir::emitError(mlir::CallSiteLoc::get(line, caller)) << "bad";
    }
  };
  EXPECT_EQ(printed(emit), "b.yaml:2:1: error: bad\nsecond line\n^\n"
                           "b.yaml:3:1: note: in instance 'lif'\nthird line\n^\n");
  EXPECT_EQ(errors, 1u); // the second says nothing new
}

TEST_F(DiagnosticPrinterTest, NameAroundTheCallAndHierarchy) {
  const mlir::Location outer = named("net", at("a.yaml", 1, 1));
  const mlir::Location inner = mlir::CallSiteLoc::get(named("lif", at("b.yaml", 3, 1)), outer);
  EXPECT_EQ(printed([&] {
              mlir::emitError(mlir::CallSiteLoc::get(at("b.yaml", 2, 1), inner)) << "bad";
              mlir::emitError(named("x", mlir::CallSiteLoc::get(at("b.yaml", 2, 2), outer)))
                  << "b2";
              mlir::emitError(mlir::CallSiteLoc::get(at("b.yaml", 2, 3), at("a.yaml", 1, 1)))
                  << "b3";
            }),
            "b.yaml:2:1: error: bad\nsecond line\n^\n"
            "b.yaml:3:1: note: in instance 'lif'\nthird line\n^\n"
            "a.yaml:1:1: note: in instance 'net'\nother file\n^\n"
            "b.yaml:2:2: error: b2\nsecond line\n ^\n"
            "a.yaml:1:1: note: in instance 'net'\nother file\n^\n"
            "b.yaml:2:3: error: b3\nsecond line\n  ^\n"
            "a.yaml:1:1: note: in the instance made here\nother file\n^\n");
}

TEST_F(DiagnosticPrinterTest, OtherLocations) {
  const mlir::Location nowhere = mlir::UnknownLoc::get(&context);
  const std::string text = printed([&] {
    mlir::emitError(nowhere).append("nowhere").attachNote(nowhere) << "at all";
    mlir::emitError(mlir::FusedLoc::get(
        &context, {mlir::UnknownLoc::get(&context), at("b.yaml", 1, 1), at("b.yaml", 2, 1)}))
        << "fused";
    mlir::emitError(named("lif", at("b.yaml", 1, 2))) << "named";
  });
  EXPECT_EQ(text, "b.yaml:1:1: error: fused\nfirst line\n^\n"
                  "b.yaml:1:2: error: named\nfirst line\n ^\n"
                  "error: nowhere\n"
                  "note: at all\n");
}

TEST_F(DiagnosticPrinterTest, NamesOfWarnings) {
  const std::string name = infoOf(Warning::RemoteRace).name.str();
  auto emit = [&] { emitWarning(at("b.yaml", 2, 1), Warning::RemoteRace) << "race"; };
  EXPECT_EQ(printed(emit), "b.yaml:2:1: warning: race [-W" + name + "]\nsecond line\n^\n");
  EXPECT_EQ(warnings, 1u);
  DiagnosticOptions options;
  options.warnings.makeError(Warning::RemoteRace);
  EXPECT_EQ(printed(emit, options),
            "b.yaml:2:1: error: race [-Werror,-W" + name + "]\nsecond line\n^\n");
  EXPECT_EQ(errors, 1u);
  EXPECT_EQ(warnings, 0u);
  options.warnings.silenceAll();
  EXPECT_EQ(printed(emit, options), "");
  EXPECT_EQ(errors, 0u);
}

TEST_F(DiagnosticPrinterTest, PrintsWhenItDies) {
  std::string text;
  llvm::raw_string_ostream os(text);
  {
    DiagnosticPrinter printer(sources, &context, os);
    mlir::emitError(at("b.yaml", 1, 1)) << "late";
    EXPECT_EQ(text, "");
  }
  EXPECT_EQ(text, "b.yaml:1:1: error: late\nfirst line\n^\n");
}
