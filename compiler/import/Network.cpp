// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text is what a person would write: one line for an instance if it fits, numbers as short as
// they can be exact.
#include "compiler/import/Network.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace basalt::import {

//===--- Arrays ---===//

bool isTooLarge(const std::vector<int64_t> &shape) {
  constexpr int64_t most = int64_t(1) << 31;
  int64_t count = 1;
  for (int64_t extent : shape)
    if (__builtin_mul_overflow(count, extent, &count) || count > most)
      return true;
  return false;
}

int64_t elementsOf(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

template <typename T>
static rt::NpyArray makeArrayOf(char kind, std::vector<int64_t> shape,
                                const std::vector<T> &values) {
  rt::NpyArray array;
  array.kind = kind;
  array.itemSize = sizeof(T);
  array.shape = std::move(shape);
  array.data.resize(values.size() * sizeof(T));
  if (!values.empty())
    std::memcpy(array.data.data(), values.data(), array.data.size());
  return array;
}

rt::NpyArray makeArray(std::vector<int64_t> shape, const std::vector<int64_t> &values) {
  return makeArrayOf('i', std::move(shape), values);
}

rt::NpyArray makeArray(std::vector<int64_t> shape, const std::vector<double> &values) {
  return makeArrayOf('f', std::move(shape), values);
}

double numberAt(const rt::NpyArray &array, size_t i) {
  return array.kind == 'f' ? array.floatAt(i) : double(array.intAt(i));
}

bool isUniform(const rt::NpyArray &array) {
  for (size_t i = 1; i < array.size(); ++i)
    if (std::memcmp(array.data.data(), array.data.data() + i * array.itemSize, array.itemSize) != 0)
      return false;
  return array.size() > 0;
}

//===--- Spelling ---===//

std::string spell(double value) {
  if (std::isnan(value))
    return ".nan";
  if (std::isinf(value))
    return value < 0 ? "-.inf" : ".inf";
  char text[32];
  // As short as it can be and read as the same number; zeros at the end are not written.
  for (int digits = 15; digits <= 17; ++digits) {
    std::snprintf(text, sizeof(text), "%.*g", digits, value);
    if (std::strtod(text, nullptr) == value)
      break;
  }
  std::string result(text);
  // What is a float stays one.
  return result.find_first_of(".e") == std::string::npos ? result + ".0" : result;
}

std::string spell(const std::vector<int64_t> &values) {
  std::string result = "[";
  for (size_t i = 0; i < values.size(); ++i)
    result += (i ? ", " : "") + std::to_string(values[i]);
  return result + "]";
}

std::string oneLine(std::string text) {
  for (char &c : text)
    if (c < ' ' || c > '~')
      c = '?';
  return text;
}

static std::string spellElement(const rt::NpyArray &array, size_t i) {
  return array.kind == 'f' ? spell(array.floatAt(i)) : std::to_string(array.intAt(i));
}

/// Nested lists; `next` is the element to go on with.
static std::string spellList(const rt::NpyArray &array, size_t axis, size_t &next) {
  if (axis == array.shape.size())
    return spellElement(array, next++);
  std::string result = "[";
  for (int64_t i = 0; i < array.shape[axis]; ++i)
    result += (i ? ", " : "") + spellList(array, axis + 1, next);
  return result + "]";
}

//===--- The text ---===//

namespace {
class Writer {
public:
  Writer(const Network &network, const std::string &folder) : network(network), folder(folder) {}

  NetworkText write();

private:
  std::string spellValue(const std::string &owner, const Setting &setting);
  void writeInstance(const Instance &instance);
  void line(const std::string &text) { result.yaml += text + "\n"; }

  const Network &network;
  const std::string &folder;
  NetworkText result;
};
} // namespace

std::string Writer::spellValue(const std::string &owner, const Setting &setting) {
  if (const auto *text = std::get_if<std::string>(&setting.value))
    return *text;
  const auto &array = std::get<rt::NpyArray>(setting.value);
  constexpr size_t shown = 16;
  if (array.size() > 0 && array.size() <= shown) {
    size_t next = 0;
    return spellList(array, 0, next);
  }
  std::string file = folder + "/" + (owner.empty() ? "" : owner + ".") + setting.name + ".npy";
  result.arrays.emplace_back(file, array);
  // A path is quoted, since a folder may be called anything.
  std::string quoted;
  for (char c : file)
    quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return "{file: \"" + quoted + "\"}";
}

void Writer::writeInstance(const Instance &instance) {
  std::vector<std::string> parts{"class: " + instance.className};
  size_t length = parts.front().size();
  for (const Setting &setting : instance.values) {
    parts.push_back(setting.name + ": " + spellValue(instance.name, setting));
    length += parts.back().size() + 2;
  }
  if (!instance.comment.empty())
    line("    # " + instance.comment);
  constexpr size_t width = 100;
  std::string text = "    " + instance.name + ": {", used = text;
  bool isShort = text.size() + length < width;
  for (size_t i = 0; i < parts.size(); ++i) {
    bool fits = isShort || used.size() + parts[i].size() + 2 < width;
    if (i > 0) {
      text += fits ? ", " : ",\n      ";
      used = fits ? used + ", " : "      ";
    }
    text += parts[i];
    used += parts[i];
  }
  line(text + "}");
}

NetworkText Writer::write() {
  for (const std::string &text : network.header)
    line(text.empty() ? "#" : "# " + text);
  line("basalt: 1");
  if (!network.imports.empty()) {
    std::string list;
    for (const std::string &name : network.imports)
      list += (list.empty() ? "" : ", ") + name;
    line("import: [" + list + "]");
  }
  if (!network.params.empty())
    line("\nparams:");
  for (const Parameter &param : network.params) {
    std::string text = "  " + param.name + ": " + spellValue("", {param.name, param.value});
    line(param.comment.empty() ? text
                               : text + std::string(text.size() < 30 ? 30 - text.size() : 1, ' ') +
                                     "# " + param.comment);
  }
  line("\nnetwork:\n  instances:");
  for (const Instance &instance : network.instances)
    writeInstance(instance);
  if (!network.connections.empty())
    line("  connections:");
  for (const std::string &connection : network.connections)
    line("    - " + connection);
  if (!network.run.empty())
    line("\nrun:");
  for (const std::string &text : network.run)
    line("  " + text);
  return std::move(result);
}

NetworkText writeNetwork(const Network &network, const std::string &folder) {
  return Writer(network, folder).write();
}

//===--- Names ---===//

std::string Names::add(const std::string &wanted) {
  // Words of the language and of YAML, which cannot be names.
  static const char *const reserved[] = {"let",  "if",  "else", "for", "return", "fn",  "assert",
                                         "true", "and", "or",   "not", "false",  "null"};
  std::string name;
  for (char c : wanted) {
    bool isDigit = c >= '0' && c <= '9';
    bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (name.empty() && isDigit)
      name = "n";
    name += isDigit || isLetter ? c : '_';
  }
  if (name.empty())
    name = "node";
  if (std::find(std::begin(reserved), std::end(reserved), name) != std::end(reserved))
    name += "_";
  std::string result = name;
  for (int k = 2; !taken.insert(result).second; ++k)
    result = name + "_" + std::to_string(k);
  return result;
}

} // namespace basalt::import
