// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Node.cpp - values of scalars, places within them -------------------===//

#include "compiler/frontend/yaml/Node.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"
#include <limits>

using llvm::StringRef;
using namespace basalt::frontend::yaml;

static bool isTrue(StringRef text) { return text == "true" || text == "True" || text == "TRUE"; }
static bool isFalse(StringRef text) {
  return text == "false" || text == "False" || text == "FALSE";
}
static bool isInfinity(StringRef text) {
  return text == ".inf" || text == ".Inf" || text == ".INF";
}
static bool isNotANumber(StringRef text) {
  return text == ".nan" || text == ".NaN" || text == ".NAN";
}

static bool consumeSign(StringRef &text) {
  const bool negative = text.starts_with("-");
  if (negative || text.starts_with("+"))
    text = text.drop_front();
  return negative;
}

/// Takes the leading digits off; whether there were any.
static bool consumeDigits(StringRef &text) {
  StringRef rest = text.drop_while(llvm::isDigit);
  const bool any = rest.size() != text.size();
  text = rest;
  return any;
}

static bool isInteger(StringRef text) {
  if (text.consume_front("0x"))
    return !text.empty() && llvm::all_of(text, llvm::isHexDigit);
  if (text.consume_front("0o"))
    return !text.empty() && llvm::all_of(text, [](char c) { return c >= '0' && c <= '7'; });
  consumeSign(text);
  return !text.empty() && llvm::all_of(text, llvm::isDigit);
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
static bool isDecimal(StringRef text) {
  consumeSign(text);
  const bool whole = consumeDigits(text);
  if (text.consume_front(".")) {
    const bool fraction = consumeDigits(text);
    if (!whole && !fraction)
      return false;
  } else if (!whole) {
    return false;
  }
  if (text.consume_front("e") || text.consume_front("E")) {
    consumeSign(text);
    if (!consumeDigits(text))
      return false;
  }
  return text.empty();
}

ScalarType basalt::frontend::yaml::resolvePlainScalar(StringRef text) {
  if (isTrue(text) || isFalse(text))
    return ScalarType::Bool;
  if (isInteger(text))
    return ScalarType::Int;
  StringRef unsignedText = text;
  consumeSign(unsignedText);
  if (isDecimal(text) || isInfinity(unsignedText) || isNotANumber(text))
    return ScalarType::Float;
  return ScalarType::String;
}

std::string Node::describe() const {
  // A behaviour may be long, and a message has one line.
  constexpr size_t longest = 40;
  StringRef shown = scalarText.split('\n').first.take_front(longest);
  const bool cut = shown.size() != scalarText.size();
  const std::string quoted = "'" + shown.str() + (cut ? "...'" : "'");
  switch (nodeKind) {
  case NodeKind::Sequence:
    return "a list";
  case NodeKind::Mapping:
    return "a mapping";
  case NodeKind::Scalar:
    break;
  }
  switch (scalarType) {
  case ScalarType::Bool:
    return "the boolean " + quoted;
  case ScalarType::Int:
    return "the integer " + quoted;
  case ScalarType::Float:
    return "the number " + quoted;
  case ScalarType::String:
    break;
  }
  return "the string " + quoted;
}

std::optional<bool> Node::asBool() const {
  if (!isBool())
    return std::nullopt;
  return isTrue(scalarText);
}

std::optional<int64_t> Node::asInt() const {
  if (!isInt())
    return std::nullopt;
  StringRef digits = scalarText;
  unsigned radix = 10;
  if (digits.consume_front("0x"))
    radix = 16;
  else if (digits.consume_front("0o"))
    radix = 8;
  const bool negative = consumeSign(digits);
  uint64_t magnitude = 0;
  if (digits.getAsInteger(radix, magnitude))
    return std::nullopt;
  const uint64_t largest = uint64_t(std::numeric_limits<int64_t>::max()) + negative;
  if (magnitude > largest)
    return std::nullopt;
  return int64_t(negative ? 0 - magnitude : magnitude);
}

std::optional<double> Node::asFloat() const {
  if (!isInt() && !isFloat())
    return std::nullopt;
  StringRef text = scalarText;
  if (isNotANumber(text))
    return std::numeric_limits<double>::quiet_NaN();
  if (text.starts_with("0x") || text.starts_with("0o")) {
    llvm::APInt value;
    text.drop_front(2).getAsInteger(text[1] == 'x' ? 16 : 8, value);
    return value.roundToDouble();
  }
  const bool negative = consumeSign(text);
  double value = std::numeric_limits<double>::infinity();
  if (!isInfinity(text)) {
    llvm::APFloat number(llvm::APFloat::IEEEdouble());
    // The form was checked when the type was resolved; overflow rounds to infinity.
    llvm::consumeError(
        number.convertFromString(text, llvm::APFloat::rmNearestTiesToEven).takeError());
    value = number.convertToDouble();
  }
  return negative ? -value : value;
}

mlir::FileLineColLoc Node::textLoc(size_t offset) const {
  if (!hasExactText())
    return loc();
  StringRef before = scalarText.take_front(offset);
  const size_t lines = before.count('\n');
  const size_t inLine = lines == 0 ? before.size() : before.size() - before.rfind('\n') - 1;
  return locAt(contentLine + lines, contentColumn + inLine);
}

const Entry *Node::findEntry(StringRef key) const {
  for (const Entry &entry : mappingEntries)
    if (entry.key() == key)
      return &entry;
  return nullptr;
}

const Node *Node::find(StringRef key) const {
  const Entry *entry = findEntry(key);
  return entry ? entry->value : nullptr;
}
