// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy's text of arrays. One format is chosen for all elements that are shown (width, digits,
// fixed or scientific), then rows are laid out with a line width, and the middle of long axes is
// left out. NumPy's defaults are the constants below. The golden test compares with NumPy itself.
#include "runtime/native/Format.h"

#include "runtime/native/Layout.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

using namespace basalt::rt;

static constexpr int kPrecision = 8;       // fractional digits at most
static constexpr size_t kThreshold = 1000; // elements before the middle is left out
static constexpr int64_t kEdgeItems = 3;   // what is shown of an axis then, at each end
static constexpr int kLineWidth = 75;

//===-- Single numbers
//---------------------------------------------------------------------------===//

namespace {
/// A float together with its type, which decides how many digits identify it.
struct Number {
  double value;
  bool isSingle;
};

/// A decimal text in its parts, e.g. `-1` `.` `25` `e` `-05`.
struct Decimal {
  std::string whole;    // with the sign
  std::string fraction; // without the point
  std::string exponent; // with the sign, at least two digits; empty in fixed notation
};
} // namespace

static Decimal split(const char *begin, const char *end) {
  const char *mark = std::find(begin, end, 'e');
  const char *point = std::find(begin, mark, '.');
  Decimal result;
  result.whole.assign(begin, point);
  if (point != mark)
    result.fraction.assign(point + 1, mark);
  if (mark != end)
    result.exponent.assign(mark + 1, end);
  return result;
}

static void trimZeros(std::string &digits) {
  while (!digits.empty() && digits.back() == '0')
    digits.pop_back();
}

/// The shortest digits that identify the number.
static Decimal shortest(Number number, std::chars_format format) {
  char buffer[400]; // the greatest double in fixed notation has 309 digits
  std::to_chars_result result =
      number.isSingle ? std::to_chars(buffer, buffer + sizeof(buffer), float(number.value), format)
                      : std::to_chars(buffer, buffer + sizeof(buffer), number.value, format);
  return split(buffer, result.ptr);
}

/// Rounded to `precision` fractional digits.
static Decimal rounded(Number number, std::chars_format format, int precision) {
  char buffer[400];
  std::to_chars_result result =
      std::to_chars(buffer, buffer + sizeof(buffer), number.value, format, precision);
  return split(buffer, result.ptr);
}

static std::string nonFinite(double value) {
  return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

/// Fixed notation of a scalar: the digits that identify it, then zeros. (In arrays NumPy shows
/// large integers exactly, as to_chars does.)
static Decimal fixedFromDigits(Number number) {
  Decimal scientific = shortest(number, std::chars_format::scientific);
  int exponent = std::stoi(scientific.exponent);
  if (exponent < int(scientific.fraction.size()))
    return shortest(number, std::chars_format::fixed);
  Decimal result;
  result.whole = scientific.whole + scientific.fraction +
                 std::string(size_t(exponent) - scientific.fraction.size(), '0');
  return result;
}

/// The shortest digits that identify the number, but no more than the precision allows.
static Decimal shortestWithin(Number number, std::chars_format format) {
  Decimal result = shortest(number, format);
  if (result.fraction.size() > size_t(kPrecision))
    result = rounded(number, format, kPrecision);
  trimZeros(result.fraction);
  return result;
}

/// `str` of a scalar float: all digits; scientific for very small and very large ones.
static std::string formatScalar(Number number) {
  double size = std::fabs(number.value);
  if (!std::isfinite(size))
    return nonFinite(number.value);
  if (size == 0 || (size >= 1e-4 && size < 1e16)) {
    Decimal text = fixedFromDigits(number);
    return text.whole + "." + (text.fraction.empty() ? "0" : text.fraction);
  }
  Decimal text = shortest(number, std::chars_format::scientific);
  return text.whole + (text.fraction.empty() ? "" : "." + text.fraction) + "e" + text.exponent;
}

//===-- One format for the elements of an array
//--------------------------------------------------===//

namespace {
/// How the floats of an array are shown alike.
class FloatFormat {
public:
  explicit FloatFormat(const std::vector<Number> &shown);
  std::string operator()(Number number) const;

private:
  void chooseNotation(const std::vector<Number> &finite);
  void measure(const std::vector<Number> &finite);

  bool scientific = false;
  size_t wholeWidth = 0, fractionWidth = 0, exponentDigits = 0;
  size_t afterWhole = 0; // characters after the whole part, without the point
};
} // namespace

FloatFormat::FloatFormat(const std::vector<Number> &shown) {
  std::vector<Number> finite;
  size_t widestOther = 0; // of nan, inf, -inf
  for (Number number : shown) {
    if (std::isfinite(number.value))
      finite.push_back(number);
    else
      widestOther = std::max(widestOther, nonFinite(number.value).size());
  }
  chooseNotation(finite);
  measure(finite);
  // NumPy makes room for `nan` and `inf` whichever of them occurs.
  if (widestOther > 0 && widestOther > wholeWidth + afterWhole + 1)
    wholeWidth = widestOther - afterWhole - 1;
}

void FloatFormat::chooseNotation(const std::vector<Number> &finite) {
  double least = INFINITY, greatest = 0;
  for (Number number : finite) {
    double size = std::fabs(number.value);
    if (size == 0)
      continue;
    least = std::min(least, size);
    greatest = std::max(greatest, size);
  }
  if (greatest == 0)
    return;
  // Comparison and quotient are in the type of the elements.
  bool single = finite.front().isSingle;
  double small = single ? double(1e-4f) : 1e-4;
  double ratio = single ? double(float(greatest) / float(least)) : greatest / least;
  scientific = greatest >= 1e8 || least < small || ratio > 1000;
}

void FloatFormat::measure(const std::vector<Number> &finite) {
  std::chars_format notation =
      scientific ? std::chars_format::scientific : std::chars_format::fixed;
  for (Number number : finite) {
    Decimal text = shortestWithin(number, notation);
    wholeWidth = std::max(wholeWidth, text.whole.size());
    fractionWidth = std::max(fractionWidth, text.fraction.size());
    if (scientific)
      exponentDigits = std::max(exponentDigits, text.exponent.size() - 1);
  }
  afterWhole = fractionWidth + (scientific ? exponentDigits + 2 : 0);
}

static std::string padLeft(const std::string &text, size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

std::string FloatFormat::operator()(Number number) const {
  if (!std::isfinite(number.value))
    return padLeft(nonFinite(number.value), wholeWidth + afterWhole + 1);
  if (!scientific) {
    Decimal text = shortestWithin(number, std::chars_format::fixed);
    text.fraction.resize(fractionWidth, ' ');
    return padLeft(text.whole, wholeWidth) + "." + text.fraction;
  }
  Decimal text = rounded(number, std::chars_format::scientific, int(fractionWidth));
  std::string digits = text.exponent.substr(1);
  digits.insert(0, exponentDigits > digits.size() ? exponentDigits - digits.size() : 0, '0');
  return padLeft(text.whole, wholeWidth) + "." + text.fraction + "e" + text.exponent[0] + digits;
}

//===-- Arrays
//-----------------------------------------------------------------------------------===//

static Number numberAt(const View &view, size_t i) {
  return {loadFloat(view.element, dataOf(view), i), view.element.bits == 32};
}

namespace {
/// Lays out one array.
class ArrayText {
public:
  explicit ArrayText(const View &view);
  std::string text();

private:
  void collect(unsigned axis, size_t offset);
  std::string rows(unsigned axis, size_t &next, const std::string &indent, int width);
  std::string elements(unsigned axis, size_t &next, const std::string &indent, int width);
  void formatWords();
  bool isCut(unsigned axis) const { return cut && view.shape[axis] > 2 * kEdgeItems; }

  const View &view;
  bool cut;
  std::vector<size_t> shown;      // offsets of the elements that appear, in order
  std::vector<std::string> words; // their texts, all of one width
};
} // namespace

ArrayText::ArrayText(const View &view)
    : view(view), cut(elementCount(view.rank, view.shape) > kThreshold) {}

void ArrayText::collect(unsigned axis, size_t offset) {
  if (axis == view.rank) {
    shown.push_back(offset);
    return;
  }
  int64_t extent = view.shape[axis];
  for (int64_t i = 0; i < extent; ++i) {
    if (isCut(axis) && i == kEdgeItems)
      i = extent - kEdgeItems;
    collect(axis + 1, offset * size_t(extent) + size_t(i));
  }
}

void ArrayText::formatWords() {
  if (view.element.kind == Kind::Float) {
    std::vector<Number> numbers;
    for (size_t i : shown)
      numbers.push_back(numberAt(view, i));
    FloatFormat format(numbers);
    for (Number number : numbers)
      words.push_back(format(number));
    return;
  }
  bool truth = view.element.kind == Kind::Bool;
  size_t width = truth ? 5 : 0;
  for (size_t i : shown) {
    int64_t value = loadInt(view.element, dataOf(view), i);
    words.push_back(truth ? (value ? "True" : "False") : std::to_string(value));
    width = std::max(width, words.back().size());
  }
  for (std::string &word : words)
    word = padLeft(word, width);
}

/// The innermost axis: words, wrapped where the line is full. `next` counts the words used so far.
std::string ArrayText::elements(unsigned axis, size_t &next, const std::string &indent, int width) {
  std::string done, line = indent;
  size_t room = size_t(std::max(0, width - 1)); // one for the bracket
  auto append = [&](const std::string &word) {
    if (line.size() + word.size() > room && line.size() > indent.size()) {
      line.erase(line.find_last_not_of(' ') + 1);
      done += line + "\n";
      line = indent;
    }
    line += word;
  };
  int64_t count = isCut(axis) ? 2 * kEdgeItems : view.shape[axis];
  for (int64_t i = 0; i < count; ++i) {
    if (i > 0)
      line += " ";
    if (isCut(axis) && i == kEdgeItems) {
      append("...");
      line += " ";
    }
    append(words[next++]);
  }
  return "[" + (done + line).substr(indent.size()) + "]";
}

std::string ArrayText::rows(unsigned axis, size_t &next, const std::string &indent, int width) {
  if (axis + 1 == view.rank)
    return elements(axis, next, indent, width);
  std::string separator(view.rank - axis - 1, '\n');
  std::string result;
  int64_t count = isCut(axis) ? 2 * kEdgeItems : view.shape[axis];
  for (int64_t i = 0; i < count; ++i) {
    if (i > 0)
      result += separator + indent;
    if (isCut(axis) && i == kEdgeItems)
      result += "..." + separator + indent;
    result += rows(axis + 1, next, indent + " ", width - 1);
  }
  return "[" + result + "]";
}

std::string ArrayText::text() {
  if (elementCount(view.rank, view.shape) == 0)
    return "[]";
  collect(0, 0);
  formatWords();
  size_t next = 0;
  return rows(0, next, " ", kLineWidth);
}

std::string basalt::rt::formatValue(const View &view) {
  if (view.rank > 0)
    return ArrayText(view).text();
  if (view.element.kind == Kind::Float)
    return formatScalar(numberAt(view, 0));
  int64_t value = loadInt(view.element, dataOf(view), 0);
  if (view.element.kind == Kind::Bool)
    return value ? "True" : "False";
  return std::to_string(value);
}

std::string basalt::rt::formatText(const char *format, const View *operands, size_t count) {
  std::string result;
  size_t next = 0;
  for (const char *c = format; *c; ++c) {
    if (c[0] == '{' && c[1] == '}' && next < count) {
      result += formatValue(operands[next++]);
      ++c;
      continue;
    }
    result += *c;
    if ((c[0] == '{' && c[1] == '{') || (c[0] == '}' && c[1] == '}'))
      ++c;
  }
  return result;
}
