// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Input is untrusted: whatever becomes of our examples when bytes, words and lines of them are
// changed, the front end and the passes behind it end, with a program or with an error at a place.
#include "compiler/frontend/Frontend.h"
#include "compiler/pipeline/Pipeline.h"
#include "compiler/pipeline/Register.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

#include <fstream>
#include <random>
#include <sstream>

using namespace basalt;
using namespace mlir;

namespace {

std::string readText(const std::string &path) {
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

class MutationTest : public testing::Test {
protected:
  MutationTest() : context(dialects(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
    context.printOpOnDiagnostic(false);
    for (const char *name : {"remote_memory", "remote_memory_explicit", "remote_memory_hierarchy",
                             "remote_memory_readers", "leaky_neurons"})
      add(readText("examples/" + std::string(name) + "/net.yaml"));
    for (const char *name :
         {"builtins", "declarations", "functions", "hierarchy", "records", "statements"}) {
      std::string text = readText("test/frontend/" + std::string(name) + ".yaml");
      add(llvm::StringRef(text).split("# CHECKS").first.str());
    }
  }

  static DialectRegistry dialects() {
    DialectRegistry registry;
    registerAllDialects(registry);
    return registry;
  }

  void add(const std::string &text) {
    ASSERT_FALSE(text.empty());
    texts.push_back(text);
    SmallVector<StringRef> found;
    llvm::SplitString(text, found, " \n\t[]{}():,.");
    for (StringRef word : found)
      words.push_back(word.str());
  }

  size_t below(size_t limit) { return limit == 0 ? 0 : random() % limit; }

  /// A place where a word begins.
  static size_t wordAt(const std::string &text, size_t at) {
    while (at > 0 && (llvm::isAlnum(text[at - 1]) || text[at - 1] == '_'))
      --at;
    return at;
  }

  void mutate(std::string &text) {
    static const char bytes[] = "\n\t :-[]{}()'\"|>$&*#=.,+@0919\x80\0az";
    size_t at = below(text.size());
    size_t line = text.rfind('\n', at), end = text.find('\n', at);
    line = line == std::string::npos ? 0 : line;
    end = end == std::string::npos ? text.size() : end;
    size_t word = wordAt(text, at), wordEnd = text.find_first_not_of(letters, word);
    wordEnd = wordEnd == std::string::npos ? text.size() : wordEnd;
    switch (below(7)) {
    case 0:
      text.resize(at);
      break;
    case 1:
      text[at] = bytes[below(sizeof(bytes) - 1)];
      break;
    case 2:
      text.insert(at, 1, bytes[below(sizeof(bytes) - 1)]);
      break;
    case 3:
      text.erase(line, end - line);
      break;
    case 4:
      text.insert(below(text.size()), text.substr(line, end - line));
      break;
    default: // a word for another one: what is left is most often still YAML
      text.replace(word, wordEnd - word, words[below(words.size())]);
    }
  }

  /// Imports the text and takes it through the passes; a failure must say why, and where.
  void compile(const std::string &text) {
    unsigned errors = 0;
    std::string unplaced;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
        return;
      ++errors;
      // A verifier speaks of ops: then the front end has let something pass that it should not.
      std::string said = diagnostic.str();
      bool isInternal = StringRef(said).contains("' op ") || StringRef(said).contains("internal");
      if (isInternal || !diagnostic.getLocation()->findInstanceOf<FileLineColLoc>())
        unplaced = said;
    });
    SourceFiles sources;
    sources.addBuffer("net.yaml", text);
    frontend::RunDefaults defaults;
    FailureOr<OwningOpRef<ModuleOp>> module =
        frontend::importYaml(sources, "net.yaml", &context, {}, defaults);
    bool ok = succeeded(module);
    if (ok) {
      ++imported;
      PassManager manager(&context, ModuleOp::getOperationName());
      buildPipeline(manager, Stage::Proc, Stage::Step, {});
      ok = succeeded(manager.run(**module));
    }
    compiled += ok;
    EXPECT_EQ(ok, errors == 0) << text;
    EXPECT_EQ(unplaced, "") << text;
  }

  static constexpr const char *letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  MLIRContext context;
  std::vector<std::string> texts, words;
  std::mt19937 random{1};
  unsigned imported = 0, compiled = 0;
};

TEST_F(MutationTest, UnchangedTextsCompile) {
  for (const std::string &text : texts)
    compile(text);
  EXPECT_EQ(compiled, texts.size());
}

TEST_F(MutationTest, EveryEndIsFound) {
  const std::string &text = texts.front();
  for (size_t size = 0; size < text.size(); size += 3)
    compile(text.substr(0, size));
}

TEST_F(MutationTest, ChangedTextsEndWithAnError) {
  constexpr unsigned rounds = 4000;
  for (unsigned round = 0; round < rounds && !HasFailure(); ++round) {
    std::string text = texts[round % texts.size()];
    for (size_t count = 1 + below(3); count > 0; --count)
      mutate(text);
    compile(text);
  }
  // Both ways must have been taken often, or the test does not test.
  EXPECT_GT(imported, rounds / 20);
  EXPECT_GT(rounds - imported, rounds / 20);
  EXPECT_GT(compiled, rounds / 50);
}

} // namespace
