// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Reader.cpp - YAML text to located tree -----------------------------===//
//
// The only file that includes yaml-cpp and that is compiled with exceptions: none of them leaves
// it.
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/yaml/Reader.h"
#include "compiler/frontend/yaml/SourceText.h"
#include "compiler/frontend/yaml/TreeBuilder.h"
#include "compiler/support/Suggest.h"
#include "llvm/ADT/SmallVector.h"
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

using llvm::failure;
using llvm::FailureOr;
using llvm::LogicalResult;
using llvm::StringRef;
using namespace basalt::frontend::yaml;

namespace {
/// Thrown through yaml-cpp when reading on makes no sense.
struct Stop {};

/// Hands the events of one document to a TreeBuilder.
class EventAdapter : public YAML::EventHandler {
public:
  explicit EventAdapter(TreeBuilder &builder) : builder(builder) {}

  void OnDocumentStart(const YAML::Mark &) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override {
    check(builder.null(mark.pos, anchor));
  }
  void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override {
    check(builder.alias(mark.pos, anchor));
  }
  void OnScalar(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                const std::string &value) override {
    check(builder.scalar(mark.pos, anchor, value));
  }
  void OnSequenceStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    check(builder.beginCollection(NodeKind::Sequence, mark.pos, anchor, isFlow(style)));
  }
  void OnSequenceEnd() override { check(builder.endCollection()); }
  void OnMapStart(const YAML::Mark &mark, const std::string &, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    check(builder.beginCollection(NodeKind::Mapping, mark.pos, anchor, isFlow(style)));
  }
  void OnMapEnd() override { check(builder.endCollection()); }
  void OnAnchor(const YAML::Mark &, const std::string &name) override { builder.anchorName(name); }

private:
  static bool isFlow(YAML::EmitterStyle::value style) { return style == YAML::EmitterStyle::Flow; }
  static void check(LogicalResult result) {
    if (failed(result))
      throw Stop();
  }

  TreeBuilder &builder;
};

/// Looks where a second document begins, and no further.
class SecondDocument : public YAML::EventHandler {
public:
  void OnDocumentStart(const YAML::Mark &mark) override {
    offset = mark.pos;
    throw Stop();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark &, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark &, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark &, const std::string &, YAML::anchor_t,
                const std::string &) override {}
  void OnSequenceStart(const YAML::Mark &, const std::string &, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark &, const std::string &, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  size_t offset = 0;
};
} // namespace

/// What yaml-cpp says in the words of its grammar, in the words of the user.
static std::string explain(StringRef message, const SourceText &source, size_t offset,
                           const TreeBuilder &builder) {
  using namespace YAML;
  if (message == ErrorMsg::UNKNOWN_ANCHOR) {
    const llvm::SmallVector<StringRef> names(builder.knownAnchors());
    const StringRef alias = source.wordAt(offset);
    return ("unknown alias '" + alias + "'").str() + basalt::didYouMean(alias.drop_front(), names);
  }
  const StringRef character = source.text().substr(offset, 1);
  if (message == ErrorMsg::UNKNOWN_TOKEN)
    return ("text cannot start with '" + character + "' here; quote it").str();
  if (message == ErrorMsg::END_OF_MAP)
    return "expected the next key of the mapping, or its end; check quotes and indentation";
  if (message == ErrorMsg::END_OF_SEQ)
    return "expected the next '-' of the list, or its end; check quotes and indentation";
  if (message == ErrorMsg::END_OF_MAP_FLOW || message == ErrorMsg::END_OF_SEQ_FLOW) {
    StringRef expected =
        message == ErrorMsg::END_OF_MAP_FLOW ? "expected ',' or '}'" : "expected ',' or ']'";
    // `{v: i32[2]}`: shapes are most often what is meant.
    if (character == "[" || character == "{")
      return (expected + "; a text with '" + character + "' needs quotes here").str();
    return expected.str();
  }
  if (message == ErrorMsg::MAP_VALUE)
    return "unexpected ':'; quote the text it is part of, or check the indentation";
  if (message == ErrorMsg::MAP_KEY)
    return "unexpected '?'; quote the text it is part of, or check the indentation";
  if (message == ErrorMsg::BLOCK_ENTRY)
    return "unexpected '-'; quote the text it is part of, or begin the list on a new line";
  if (message == ErrorMsg::FLOW_END)
    return ("unmatched '" + character + "'").str();
  if (message == ErrorMsg::TAB_IN_INDENTATION)
    return "tabs cannot indent; use spaces";
  return ("not YAML: " + message).str();
}

static void reportParserException(const YAML::ParserException &exception, const SourceText &source,
                                  TreeBuilder &builder) {
  const size_t offset = exception.mark.is_null() ? 0 : exception.mark.pos;
  std::string message = explain(exception.msg, source, offset, builder);
  builder.reportSyntaxError(offset, message);
}

/// Reports the second document in the rest of the stream.
static LogicalResult refuseSecondDocument(YAML::Parser &parser, const SourceText &source,
                                          mlir::StringAttr file) {
  SecondDocument second;
  try {
    parser.HandleNextDocument(second);
  } catch (const Stop &) {
  }
  const Position position = source.position(second.offset);
  const bool marked = source.text().substr(second.offset).starts_with("---");
  mlir::emitError(mlir::FileLineColLoc::get(file, position.line, position.column))
      << (marked ? "expected one document, found a second one"
                 : "unexpected text after the end of the document; check the indentation");
  return failure();
}

/// Parses into `builder`. Reports all errors except those that the builder holds back.
static LogicalResult parse(const SourceText &source, mlir::StringAttr file, TreeBuilder &builder) {
  std::istringstream stream(source.text().str());
  EventAdapter adapter(builder);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(adapter)) {
      mlir::emitError(mlir::FileLineColLoc::get(file, 1, 1)) << "the file is empty";
      return failure();
    }
    if (parser)
      return refuseSecondDocument(parser, source, file);
    return llvm::success();
  } catch (const Stop &) {
    builder.reportProblems();
  } catch (const YAML::ParserException &exception) {
    reportParserException(exception, source, builder);
  }
  return failure();
}

FailureOr<const Node *> Reader::read(const SourceFile &file) {
  const SourceText source(file.text);
  const auto name = mlir::StringAttr::get(context, file.path);
  if (auto illegal = source.findIllegalCharacter()) {
    const Position position = source.position(illegal->first);
    mlir::emitError(mlir::FileLineColLoc::get(name, position.line, position.column))
        << illegal->second;
    return failure();
  }
  TreeBuilder builder(source, name, arena, limits);
  if (failed(parse(source, name, builder)))
    return failure();
  return builder.finish();
}

FailureOr<const Node *> Reader::readFile(StringRef path, mlir::Location requestedAt) {
  std::string error;
  FailureOr<const SourceFile *> file = sources.load(path, &error);
  if (failed(file)) {
    mlir::emitError(requestedAt) << error;
    return failure();
  }
  return read(**file);
}
