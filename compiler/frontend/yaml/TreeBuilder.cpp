// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- TreeBuilder.cpp - parser events to tree ----------------------------===//

#include "compiler/frontend/yaml/TreeBuilder.h"
#include "llvm/ADT/Twine.h"
#include <algorithm>

using llvm::ArrayRef;
using llvm::failure;
using llvm::LogicalResult;
using llvm::StringRef;
using llvm::success;
using llvm::Twine;
using namespace basalt::frontend::yaml;

/// A file with more errors than this is something else than YAML, and reading stops.
static constexpr size_t maxProblems = 100;

mlir::FileLineColLoc TreeBuilder::locAt(size_t offset) const {
  const Position position = source.position(offset);
  return mlir::FileLineColLoc::get(file, position.line, position.column);
}

Node *TreeBuilder::makeNode(NodeKind kind, size_t offset) {
  const Position position = source.position(offset);
  return new (arena) Node(kind, file, position.line, position.column);
}

template <typename T> ArrayRef<T> TreeBuilder::copy(ArrayRef<T> list) {
  T *memory = arena.Allocate<T>(list.size());
  std::uninitialized_copy(list.begin(), list.end(), memory);
  return ArrayRef<T>(memory, list.size());
}

void TreeBuilder::problem(mlir::Location loc, const Twine &message) {
  problems.push_back({loc, message.str(), std::nullopt, {}});
}

LogicalResult TreeBuilder::stop(mlir::Location loc, const Twine &message) {
  problem(loc, message);
  return failure();
}

/// Offset of the node whose first property is at `offset`. A tag is an error.
size_t TreeBuilder::skipProperties(size_t offset) {
  const Properties properties = source.properties(offset);
  if (!properties.tagOffset)
    return properties.end;
  const mlir::FileLineColLoc loc = locAt(*properties.tagOffset);
  // A block mapping and its first key may both be said to start at the key's tag.
  if (problems.empty() || problems.back().loc != mlir::Location(loc))
    problem(loc, "tag '" + properties.tag +
                     "' is not allowed; quote the text if it is to start with '!'");
  return properties.end;
}

/// Adds to the number of nodes, and stops at the limits.
LogicalResult TreeBuilder::count(const Built &built, size_t offset) {
  nodes += built.size;
  if (nodes > limits.nodes)
    return stop(locAt(offset), "the document has more than " + Twine(limits.nodes) +
                                   " values (what an alias stands for counts each time)");
  if (frames.size() + built.height > limits.depth)
    return stop(locAt(offset),
                "lists and mappings are nested more than " + Twine(limits.depth) + " deep");
  if (problems.size() >= maxProblems)
    return failure();
  return success();
}

void TreeBuilder::placeKey(const Node *key, mlir::Location loc) {
  Frame &frame = frames.back();
  frame.key = key;
  if (!key->isScalar()) {
    problem(loc, "expected a word as key, found " + key->describe());
    return;
  }
  if (key->text() == "<<" && key->style() == ScalarStyle::Plain) {
    problem(loc, "merge key '<<' is not allowed; write the keys out, or use 'extends'");
    return;
  }
  auto [known, isNew] = frame.keys.try_emplace(key->text(), frame.entries.size());
  if (isNew)
    return;
  problem(loc, "duplicate key '" + key->text() + "'");
  problems.back().noteLoc = frame.entries[known->second].keyLoc();
  problems.back().note = "first given here";
}

/// Puts a complete node, written at `offset`, where the innermost collection expects one.
LogicalResult TreeBuilder::place(const Built &built, size_t offset) {
  if (frames.empty()) {
    root = built.node;
    return success();
  }
  Frame &frame = frames.back();
  frame.built.size += built.size;
  frame.built.height = std::max(frame.built.height, built.height + 1);
  if (frame.node->isSequence()) {
    frame.items.push_back(built.node);
    return success();
  }
  if (frame.key) {
    frame.entries.push_back({frame.key, built.node});
    frame.key = nullptr;
    return success();
  }
  if (frame.entries.empty() && !frame.flow) {
    const Position first = source.position(offset);
    frame.node->nodeLine = first.line;
    frame.node->nodeColumn = first.column;
  }
  placeKey(built.node, locAt(offset));
  return success();
}

LogicalResult TreeBuilder::scalar(size_t offset, unsigned anchor, StringRef value) {
  offset = skipProperties(offset);
  if (value.size() > limits.scalarBytes)
    return stop(locAt(offset), "this text has " + Twine(value.size()) + " bytes; at most " +
                                   Twine(limits.scalarBytes) + " are allowed");
  Node *node = makeNode(NodeKind::Scalar, offset);
  const ScalarLayout layout = source.layout(offset, value);
  if (!layout.closed)
    return stop(locAt(offset), Twine("this quote is never closed"));
  node->scalarText = value.copy(arena);
  node->scalarStyle = layout.style;
  node->folded = layout.folded;
  node->escaped = layout.escaped;
  node->contentLine = layout.content.line;
  node->contentColumn = layout.content.column;
  if (layout.style == ScalarStyle::Plain)
    node->scalarType = resolvePlainScalar(node->scalarText);
  lastScalar = node;
  // After a tag there may be nothing at all; the tag has been reported.
  const Built built{node};
  if (anchor != 0)
    anchors[anchor] = built;
  if (failed(count(built, offset)))
    return failure();
  return place(built, offset);
}

/// Reports that there is a null at `offset`, written or by omission. yaml-cpp has the place of the
/// next token for what is not written, hence the search for something better.
void TreeBuilder::reportNull(size_t offset) {
  const StringRef word = source.wordAt(offset).split(':').first;
  const bool written = word == "~" || word == "null" || word == "Null" || word == "NULL";
  const bool isKeyOfNext = source.text().substr(offset + word.size()).ltrim(' ').starts_with(":");
  if (frames.empty())
    return problem(locAt(offset), Twine("the file is empty"));
  const Frame &frame = frames.back();
  if (frame.node->isMapping() && !frame.key)
    return problem(locAt(offset), written
                                      ? "'" + word + "' is no key; quote it if it is meant to be"
                                      : Twine("a key is missing"));
  if (written && !isKeyOfNext)
    return problem(locAt(offset), "'" + word +
                                      "' is no value; leave the key out, or quote it if it " +
                                      "is meant to be a string");
  if (frame.node->isMapping())
    return problem(frame.key->loc(), "'" + frame.key->text() + "' has no value");
  problem(frame.flow ? locAt(offset) : frame.node->loc(),
          "item " + Twine(frame.items.size() + 1) + " of the list has no value");
}

LogicalResult TreeBuilder::null(size_t offset, unsigned anchor) {
  offset = skipProperties(offset);
  reportNull(offset);
  // Something must stand there so that what follows is read aright.
  const Built built{makeNode(NodeKind::Scalar, offset)};
  if (anchor != 0)
    anchors[anchor] = built;
  if (failed(count(built, offset)))
    return failure();
  if (!frames.empty() && frames.back().node->isMapping() && !frames.back().key) {
    frames.back().key = built.node;
    return success();
  }
  return place(built, offset);
}

LogicalResult TreeBuilder::alias(size_t offset, unsigned anchor) {
  const Built built = anchors.lookup(anchor);
  if (!built.node)
    return stop(locAt(offset),
                "alias '" + source.wordAt(offset) + "' stands within what it stands for");
  if (failed(count(built, offset)))
    return failure();
  return place(built, offset);
}

LogicalResult TreeBuilder::beginCollection(NodeKind kind, size_t offset, unsigned anchor,
                                           bool flow) {
  offset = skipProperties(offset);
  const Built open{nullptr, 1, 1};
  if (failed(count(open, offset)))
    return failure();
  if (anchor != 0)
    anchors[anchor] = open;
  frames.emplace_back();
  Frame &frame = frames.back();
  frame.node = makeNode(kind, offset);
  frame.offset = offset;
  frame.anchor = anchor;
  frame.flow = flow;
  frame.built = {frame.node, 1, 1};
  return success();
}

LogicalResult TreeBuilder::endCollection() {
  Frame frame = std::move(frames.back());
  frames.pop_back();
  frame.node->sequenceItems = copy(ArrayRef<const Node *>(frame.items));
  frame.node->mappingEntries = copy(ArrayRef<Entry>(frame.entries));
  if (frame.anchor != 0)
    anchors[frame.anchor] = frame.built;
  return place(frame.built, frame.offset);
}

void TreeBuilder::reportProblems() {
  for (const Problem &found : problems) {
    mlir::InFlightDiagnostic diagnostic = mlir::emitError(found.loc) << found.message;
    if (found.noteLoc)
      diagnostic.attachNote(found.noteLoc) << found.note;
  }
}

llvm::FailureOr<const Node *> TreeBuilder::finish() {
  if (problems.empty())
    return root;
  reportProblems();
  return failure();
}

void TreeBuilder::reportSyntaxError(size_t offset, StringRef message) {
  // The end of the file is no place that tells anybody anything; the last character is.
  if (source.text().substr(std::min(offset, source.text().size())).trim().empty())
    offset = source.text().rtrim().size();
  mlir::InFlightDiagnostic diagnostic = mlir::emitError(locAt(offset)) << message;
  if (lastScalar && lastScalar->isFolded() && lastScalar->style() != ScalarStyle::Folded) {
    const bool quoted = lastScalar->style() != ScalarStyle::Plain;
    diagnostic.attachNote(lastScalar->loc())
        << "the text that begins here goes on over several lines; is "
        << (quoted ? "its closing quote missing?" : "the indentation right?");
    return;
  }
  const bool isBlock = lastScalar && (lastScalar->style() == ScalarStyle::Literal ||
                                      lastScalar->style() == ScalarStyle::Folded);
  if (isBlock && lastScalar->text().trim().empty()) {
    diagnostic.attachNote(lastScalar->loc())
        << "the block that begins here has no text; is it indented, and has no blank line before "
           "it more spaces than its first line?";
    return;
  }
  if (!frames.empty() && (frames.back().flow || frames.size() > 1))
    diagnostic.attachNote(frames.back().node->loc())
        << "within the " << (frames.back().node->isMapping() ? "mapping" : "list")
        << " that begins here";
}
