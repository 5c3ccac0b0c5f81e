// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON and comparison: both walk over the fields.
#include "runtime/neurocore/Inspect.h"
#include "runtime/neurocore/Manifest.h"
#include "runtime/neurocore/Microcode.h"
#include "runtime/neurocore/Synapses.h"

#include <cstdio>
#include <map>

using namespace basalt;
using namespace basalt::nc;

//===-- Names
//------------------------------------------------------------------------------------===//

const char *basalt::nc::nameOf(rt::Kind kind) {
  static const char *const kNames[] = {"bool", "signed", "unsigned", "float"};
  return kNames[unsigned(kind)];
}
const char *basalt::nc::nameOf(StoreMode mode) {
  static const char *const kNames[] = {"wrap", "saturate", "saturate_symmetric", "wrap_up"};
  return kNames[unsigned(mode)];
}
const char *basalt::nc::nameOf(SynapseKind kind) {
  static const char *const kNames[] = {"sparse", "run_length", "dense"};
  return kNames[unsigned(kind)];
}
const char *basalt::nc::nameOf(SignMode mode) {
  static const char *const kNames[] = {"mixed", "excitatory", "inhibitory"};
  return kNames[unsigned(mode)];
}
const char *basalt::nc::nameOf(AxonKind kind) {
  static const char *const kNames[] = {"discrete", "pop16", "pop32", "graded"};
  return kNames[unsigned(kind)];
}
const char *basalt::nc::nameOf(Space space) {
  static const char *const kNames[] = {"state",    "parameter", "constant", "accumulator",
                                       "interval", "offset",    "weight",   "delay",
                                       "output",   "embedded",  "nothing"};
  return kNames[unsigned(space)];
}
const char *basalt::nc::nameOf(EntryPhase phase) {
  static const char *const kNames[] = {"init",      "spk_before", "spk_after", "lrn_guard",
                                       "pre_guard", "pre_mgmt",   "lrn",       "post_guard",
                                       "post_mgmt", "host"};
  return kNames[unsigned(phase)];
}

/// A number, a truth value, a name or a string as JSON.
template <typename T> static std::string scalarText(const T &value) {
  if constexpr (std::is_same_v<T, bool>)
    return value ? "true" : "false";
  else if constexpr (std::is_enum_v<T>)
    return std::string("\"") + nameOf(value) + "\"";
  else
    return std::to_string(value);
}

static std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    char buffer[8];
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if ((unsigned char)c < 0x20) {
      std::snprintf(buffer, sizeof(buffer), "\\u%04x", c);
      result += buffer;
    } else {
      result += c;
    }
  }
  return result + "\"";
}

template <typename T>
static constexpr bool kIsScalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

//===-- JSON
//-------------------------------------------------------------------------------------===//

namespace {
class JsonPrinter {
public:
  std::string text;

  template <typename T> void operator()(const char *name, const T &field) {
    member(name);
    value(field);
  }
  template <typename T> void raw(const char *name, const std::vector<T> &vector, Region region) {
    member(name);
    if constexpr (std::is_same_v<T, uint8_t>)
      bytes(vector);
    else
      items(vector, [&](const T &item) { value(item); });
  }
  /// What is there beside the fields.
  void extra(const StateLayout &) {}
  template <typename T> void extra(const T &) {}
  void extra(const Program &program) {
    member("text");
    items(program.words, [&](uint32_t word) {
      std::string line = disassemble({word});
      text += quoted(std::string_view(line).substr(0, line.size() - 1));
    });
  }
  void extra(const Core &core);

private:
  void member(const char *name) {
    text += first ? "\n" : ",\n";
    first = false;
    text += std::string(2 * depth, ' ') + quoted(fieldName(name)) + ": ";
  }
  template <typename T> void value(const T &field);
  void value(const std::string &field) { text += quoted(field); }
  void value(const InAxon &axon) {
    numbers({axon.word, axon.words, axon.base, axon.group, axon.accumulator, axon.continued});
  }
  void numbers(const std::vector<int64_t> &values) {
    items(values, [&](int64_t number) { text += std::to_string(number); });
  }
  void bytes(const std::vector<uint8_t> &vector) {
    text += '"';
    for (uint8_t byte : vector) {
      char buffer[4];
      std::snprintf(buffer, sizeof(buffer), "%02x", byte);
      text += buffer;
    }
    text += '"';
  }
  template <typename T, typename F> void items(const std::vector<T> &vector, F print) {
    text += '[';
    for (size_t i = 0; i < vector.size(); ++i) {
      text += i ? ", " : "";
      print(vector[i]);
    }
    text += ']';
  }

  bool first = true;
  unsigned depth = 1;
};
} // namespace

template <typename T> void JsonPrinter::value(const T &field) {
  if constexpr (kIsScalar<T>) {
    text += scalarText(field);
  } else if constexpr (IsTable<T>::value) {
    text += '{';
    ++depth;
    first = true;
    Fields<T>::visit(field, *this);
    extra(field);
    --depth;
    first = false;
    text += "\n" + std::string(2 * depth, ' ') + "}";
  } else {
    items(field, [&](const auto &item) { value(item); });
  }
}

/// Lists by their first word: the number of the format, then index, weight and delay of each entry.
void JsonPrinter::extra(const Core &core) {
  std::map<uint32_t, uint32_t> places;
  for (const InAxon &axon : core.inAxons)
    places[axon.word] = axon.words;
  member("lists");
  text += '[';
  const char *separator = "";
  for (auto [word, words] : places) {
    UnpackedList list;
    if (!unpackList(core, word, words, list).empty())
      continue;
    std::vector<int64_t> values = {word, list.format};
    for (const Synapse &entry : list.entries)
      values.insert(values.end(), {entry.index, entry.weight, entry.delay});
    text += separator;
    numbers(values);
    separator = ", ";
  }
  text += ']';
}

std::string basalt::nc::inspectJson(const Image &image, const std::string &id) {
  JsonPrinter printer;
  printer.text = "{";
  printer("id", id);
  Fields<Image>::visit(image, printer);
  return printer.text + "\n}\n";
}

//===-- Comparison
//-------------------------------------------------------------------------------===//

namespace {
/// Every field with its path: `cores[0].groups[1].count`.
class Flattener {
public:
  std::vector<std::pair<std::string, std::string>> fields;

  template <typename T> void operator()(const char *name, const T &field) {
    size_t length = path.size();
    path += (path.empty() ? "" : ".") + fieldName(name);
    value(field);
    path.resize(length);
  }
  template <typename T> void raw(const char *name, const std::vector<T> &vector, Region region) {
    size_t length = path.size();
    path += (path.empty() ? "" : ".") + fieldName(name);
    memory(vector);
    path.resize(length);
  }

private:
  template <typename T> void value(const T &field) {
    if constexpr (kIsScalar<T>) {
      fields.emplace_back(path, scalarText(field));
    } else if constexpr (std::is_same_v<T, std::string>) {
      fields.emplace_back(path, quoted(field));
    } else if constexpr (IsTable<T>::value) {
      Fields<T>::visit(field, *this);
    } else {
      fields.emplace_back(path + ".size", std::to_string(field.size()));
      memory(field);
    }
  }
  template <typename T> void memory(const std::vector<T> &vector) {
    size_t length = path.size();
    for (size_t i = 0; i < vector.size(); ++i) {
      path += "[" + std::to_string(i) + "]";
      if constexpr (std::is_same_v<T, InAxon>)
        fields.emplace_back(path, std::to_string(vector[i].word) + "+" +
                                      std::to_string(vector[i].words) + " to " +
                                      std::to_string(vector[i].group) + "." +
                                      std::to_string(vector[i].accumulator) + "[" +
                                      std::to_string(vector[i].base) + "]");
      else
        value(vector[i]);
      path.resize(length);
    }
  }

  std::string path;
};
} // namespace

static std::map<std::string, std::string> flatten(const Image &image,
                                                  std::vector<std::string> &order) {
  Flattener flattener;
  Fields<Image>::visit(image, flattener);
  std::map<std::string, std::string> result;
  for (auto &[path, value] : flattener.fields) {
    order.push_back(path);
    result.emplace(std::move(path), std::move(value));
  }
  return result;
}

std::string basalt::nc::compareImages(const Image &a, const Image &b) {
  std::vector<std::string> orderOfA, orderOfB;
  std::map<std::string, std::string> ofA = flatten(a, orderOfA), ofB = flatten(b, orderOfB);
  std::string text;
  for (const std::string &path : orderOfA) {
    auto other = ofB.find(path);
    if (other == ofB.end())
      text += path + ": " + ofA[path] + ", nothing\n";
    else if (other->second != ofA[path])
      text += path + ": " + ofA[path] + ", " + other->second + "\n";
  }
  for (const std::string &path : orderOfB)
    if (ofA.count(path) == 0)
      text += path + ": nothing, " + ofB[path] + "\n";
  return text;
}
