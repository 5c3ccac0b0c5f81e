// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values from the command line and from files into the memory of a Var, without losing anything.
#include "runtime/native/Values.h"

#include "runtime/native/Error.h"
#include "runtime/native/Format.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Npy.h"
#include "runtime/native/Outside.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

using namespace basalt::rt;

//===-- Values as they are given
//-----------------------------------------------------------------===//

namespace {
/// One number as it is given. An integer that int64_t cannot hold is a float.
struct Number {
  bool isInt;
  int64_t integer;
  double real;
};

/// A value as it is given.
struct Given {
  std::vector<int64_t> shape;
  std::vector<Number> numbers;
};

/// Parses a number or a nested list. Lists must be rectangular.
class ListParser {
public:
  ListParser(std::string_view text, const std::string &name)
      : rest(text), whole(text), name(name) {}

  Given parse() {
    value(0);
    skipSpace();
    if (!rest.empty())
      fail("expected a number, a list like [1, 2, 3], or @file.npy");
    return std::move(given);
  }

private:
  [[noreturn]] void fail(const std::string &what) const {
    throw InputError("cannot set '" + name + "' to '" + std::string(whole) + "': " + what);
  }
  void skipSpace() {
    while (!rest.empty() && std::string_view(" \t\n").find(rest.front()) != std::string_view::npos)
      rest.remove_prefix(1);
  }
  bool consume(char c) {
    skipSpace();
    if (rest.empty() || rest.front() != c)
      return false;
    rest.remove_prefix(1);
    return true;
  }
  void value(size_t depth);
  void number();

  std::string_view rest, whole;
  const std::string &name;
  Given given;
  bool rankKnown = false; // the depth of the first number is the rank
};
} // namespace

void ListParser::value(size_t depth) {
  if (!consume('[')) {
    if (rankKnown && depth != given.shape.size())
      fail("its lists are not nested alike");
    rankKnown = true;
    return number();
  }
  if (depth == kMaxRank)
    fail("its lists are nested more than " + std::to_string(kMaxRank) + " deep");
  if (rankKnown && depth >= given.shape.size())
    fail("its lists are not nested alike");
  bool first = !rankKnown && depth == given.shape.size();
  if (first)
    given.shape.push_back(-1);
  int64_t count = 0;
  if (!consume(']')) {
    do {
      value(depth + 1);
      ++count;
    } while (consume(','));
    if (!consume(']'))
      fail("expected ',' or ']'");
  } else {
    rankKnown = true;
  }
  if (given.shape[depth] >= 0 && given.shape[depth] != count)
    fail("its lists are of different lengths");
  given.shape[depth] = count;
}

void ListParser::number() {
  skipSpace();
  size_t length = 0;
  while (length < rest.size() &&
         std::string_view(",] \t\n").find(rest[length]) == std::string_view::npos)
    ++length;
  std::string_view word = rest.substr(0, length);
  rest.remove_prefix(length);
  if (word == "true" || word == "True" || word == "false" || word == "False") {
    given.numbers.push_back({true, word[0] == 't' || word[0] == 'T', 0});
    return;
  }
  if (word.size() > 1 && word[0] == '+' && word[1] != '-')
    word.remove_prefix(1);
  const char *end = word.data() + word.size();
  Number number = {true, 0, 0};
  auto [intEnd, intError] = std::from_chars(word.data(), end, number.integer);
  if (!word.empty() && intError == std::errc() && intEnd == end) {
    given.numbers.push_back(number);
    return;
  }
  number.isInt = false;
  auto [realEnd, realError] = std::from_chars(word.data(), end, number.real);
  if (word.empty() || realEnd != end || realError == std::errc::invalid_argument)
    fail("expected a number, found '" + std::string(word) + "'");
  if (realError != std::errc())
    fail("the number '" + std::string(word) + "' is too large or too small for f64");
  given.numbers.push_back(number);
}

static Given fromFile(const std::string &path, size_t maxBytes) {
  NpyArray array = readNpy(path, maxBytes);
  Given given;
  given.shape = array.shape;
  size_t count = array.size();
  given.numbers.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    if (array.kind == 'f') {
      given.numbers.push_back({false, 0, array.floatAt(i)});
      continue;
    }
    int64_t value = array.intAt(i);
    bool beyond = array.kind == 'u' && value < 0;
    given.numbers.push_back({!beyond, value, double(uint64_t(value))});
  }
  return given;
}

//===-- Values as the Var needs them
//-------------------------------------------------------------===//

namespace {
/// Converts numbers to the element of one state.
class Converter {
public:
  Converter(const StateInfo &state, const std::string &name) : state(state), name(name) {}
  void store(Number number, void *data, size_t i) const;

private:
  void storeInteger(Number number, void *data, size_t i) const;
  void storeReal(Number number, void *data, size_t i) const;
  [[noreturn]] void fail(Number number, const std::string &what) const;

  const StateInfo &state;
  const std::string &name;
};
} // namespace

static std::string numberText(Number number) {
  return number.isInt ? std::to_string(number.integer) : formatValue(scalar(number.real));
}

void Converter::fail(Number number, const std::string &what) const {
  throw InputError("cannot set '" + name + "' to " + numberText(number) + ": " + what);
}

void Converter::store(Number number, void *data, size_t i) const {
  if (state.element.kind == Kind::Float)
    storeReal(number, data, i);
  else
    storeInteger(number, data, i);
}

void Converter::storeInteger(Number number, void *data, size_t i) const {
  Element element = state.element;
  int64_t least = leastInt(element), greatest = greatestInt(element);
  if (!number.isInt && number.real != std::trunc(number.real))
    fail(number, "its type " + typeName(element) + " holds integers only");
  // The casts are exact: both ends of int64_t are, as floats, just beyond or at the limit.
  bool fits = number.isInt ? number.integer >= least && number.integer <= greatest
                           : number.real >= -0x1p63 && number.real < 0x1p63 &&
                                 int64_t(number.real) >= least && int64_t(number.real) <= greatest;
  if (!fits)
    fail(number, "its type " + typeName(element) + " holds " + std::to_string(least) + " to " +
                     std::to_string(greatest));
  int64_t value = number.isInt ? number.integer : int64_t(number.real);
  const Limits *limits = state.limits;
  if (limits && (value < limits->low || value > limits->high))
    fail(number, "its limits are " + (limits->low == INT64_MIN ? "" : std::to_string(limits->low)) +
                     ".." + (limits->high == INT64_MAX ? "" : std::to_string(limits->high)));
  storeInt(element, data, i, value);
}

void Converter::storeReal(Number number, void *data, size_t i) const {
  Element element = state.element;
  double value = number.isInt ? double(number.integer) : number.real;
  double stored = element.bits == 32 ? double(float(value)) : value;
  // Decimal fractions are rounded to the type, as everywhere; integers are exact or an error.
  bool exact =
      !number.isInt || (stored >= -0x1p63 && stored < 0x1p63 && int64_t(stored) == number.integer);
  if (!exact)
    fail(number, "its type " + typeName(element) + " cannot hold this integer exactly");
  if (std::isinf(stored) && !std::isinf(value))
    fail(number, "it is too large for its type " + typeName(element));
  const Limits *limits = state.limits;
  if (limits && !(value >= limits->lowFloat && value <= limits->highFloat))
    fail(number, "its limits are " +
                     (std::isinf(limits->lowFloat) ? "" : formatValue(scalar(limits->lowFloat))) +
                     ".." +
                     (std::isinf(limits->highFloat) ? "" : formatValue(scalar(limits->highFloat))));
  storeFloat(element, data, i, value);
}

/// For each axis of `expected`, how far one step on it goes in the given value (0 where it
/// broadcasts). Throws if the shapes do not fit.
static std::vector<size_t> broadcastStrides(const std::vector<int64_t> &expected,
                                            const std::string &name,
                                            const std::vector<int64_t> &shape) {
  auto fail = [&] {
    throw InputError("cannot set '" + name + "': the value has the shape " +
                     shapeText(shape.data(), shape.size()) + ", expected " +
                     shapeText(expected.data(), expected.size()) + " or what broadcasts to it");
  };
  size_t rank = expected.size(), extra = shape.size() > rank ? shape.size() - rank : 0;
  for (size_t i = 0; i < extra; ++i)
    if (shape[i] != 1)
      fail();
  std::vector<size_t> strides(rank, 0);
  size_t stride = 1, missing = extra ? 0 : rank - shape.size();
  for (size_t axis = rank; axis-- > missing;) {
    int64_t extent = shape[axis - missing + extra];
    if (extent != expected[axis] && extent != 1)
      fail();
    strides[axis] = extent == 1 ? 0 : stride;
    stride *= size_t(extent);
  }
  return strides;
}

/// Calls `visit(place, number)` for each place of a value of `shape` that `given` broadcasts to.
template <typename Visitor>
static void forNumbers(const Given &given, const std::string &name,
                       const std::vector<int64_t> &shape, Visitor visit) {
  std::vector<size_t> strides = broadcastStrides(shape, name, given.shape);
  std::vector<int64_t> position(shape.size(), 0);
  size_t from = 0, count = elementCount(uint8_t(shape.size()), shape.data());
  for (size_t place = 0; place < count; ++place) {
    visit(place, given.numbers[from]);
    for (size_t axis = shape.size(); axis-- > 0;) { // the next place, last axis fastest
      from += strides[axis];
      if (++position[axis] < shape[axis])
        break;
      from -= strides[axis] * size_t(position[axis]);
      position[axis] = 0;
    }
  }
}

/// What says where entries are does not change.
static void expectVariable(Table<StateInfo> states, size_t index, const std::string &name) {
  for (const StateInfo &state : states)
    if (state.synapses && (state.synapses->offsets == index || state.synapses->targets == index))
      throw InputError("cannot set '" + name + "': it says where the entries of '" + state.name +
                       "' are, which is fixed");
}

static std::vector<char> convert(Table<StateInfo> states, size_t index, const std::string &name,
                                 const Given &given) {
  const StateInfo &state = states[index];
  std::vector<int64_t> shape = outsideShape(state);
  std::vector<char> bytes(elementCount(state.rank, state.shape) * storageSize(state.element));
  Converter converter(state, name);
  OutsidePlaces places(states, index, name);
  forNumbers(given, name, shape, [&](size_t place, const Number &number) {
    size_t element = places.elementAt(place);
    if (element != OutsidePlaces::kNone)
      return converter.store(number, bytes.data(), element);
    if (number.isInt ? number.integer != 0 : number.real != 0)
      throw InputError("cannot set '" + name + "' to " + numberText(number) + " at " +
                       placeText(place, shape) + ": it stores no entry there");
  });
  return bytes;
}

std::vector<char> basalt::rt::setValue(Table<StateInfo> states, size_t index,
                                       const std::string &name, const std::string &text) {
  expectVariable(states, index, name);
  std::vector<int64_t> shape = outsideShape(states[index]);
  // No useful file has more elements than the Var, in the widest type; smaller ones are read
  // anyway, so that the message is about shapes.
  size_t limit = std::max(elementCount(uint8_t(shape.size()), shape.data()) * 8, size_t(1) << 26);
  Given given = !text.empty() && text[0] == '@' ? fromFile(text.substr(1), limit)
                                                : ListParser(text, name).parse();
  return convert(states, index, name, given);
}

std::vector<char> basalt::rt::setNumbers(Table<StateInfo> states, size_t index,
                                         const std::string &name,
                                         const std::vector<int64_t> &values) {
  expectVariable(states, index, name);
  Given given{outsideShape(states[index]), {}};
  for (int64_t value : values)
    given.numbers.push_back({true, value, 0});
  return convert(states, index, name, given);
}

std::vector<char> basalt::rt::setNumbers(Table<StateInfo> states, size_t index,
                                         const std::string &name,
                                         const std::vector<double> &values) {
  expectVariable(states, index, name);
  Given given{outsideShape(states[index]), {}};
  for (double value : values)
    given.numbers.push_back({false, 0, value});
  return convert(states, index, name, given);
}
