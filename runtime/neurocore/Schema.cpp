// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The schema of the manifest, for those who read images without Basalt.
#include "runtime/neurocore/Manifest.h"

#include <set>

using namespace basalt::nc;

namespace {
template <typename T> std::string typeText();

/// Prints a table, those that it needs first.
class SchemaPrinter {
public:
  template <typename S> void table();
  std::string text;

private:
  std::set<std::string> printed;
};

struct FieldPrinter {
  SchemaPrinter &printer;
  std::string lines;

  template <typename T> void operator()(const char *name, const T &) {
    if constexpr (IsTable<T>::value)
      printer.table<T>();
    else if constexpr (IsVector<T>::value)
      if constexpr (IsTable<typename IsVector<T>::Item>::value)
        printer.table<typename IsVector<T>::Item>();
    lines += "  " + fieldName(name) + ":" + typeText<T>() + ";\n";
  }
  template <typename T> void raw(const char *name, const T &, Region region) {
    static const char *const kSections[] = {".nc.prog",        ".nc.ecpu<k>",
                                            ".nc.<chip>.syn",  ".nc.<chip>.state",
                                            ".nc.<chip>.axin", ".nc.<chip>.axout"};
    bool isValues = std::is_same_v<T, std::vector<int64_t>>;
    lines += "  " + fieldName(name) + ":uint32; // the number of elements in " +
             kSections[unsigned(region)] +
             (isValues ? ", times 4, plus the logarithm of the bytes of each" : "") + "\n";
  }
};

template <typename T> std::string typeText() {
  if constexpr (std::is_same_v<T, bool>)
    return "bool";
  else if constexpr (std::is_enum_v<T>)
    return "uint8";
  else if constexpr (std::is_arithmetic_v<T>)
    return (std::is_signed_v<T> ? "int" : "uint") + std::to_string(8 * sizeof(T));
  else if constexpr (std::is_same_v<T, std::string>)
    return "string";
  else if constexpr (IsVector<T>::value)
    return "[" + typeText<typename IsVector<T>::Item>() + "]";
  else
    return Fields<T>::name;
}
} // namespace

template <typename S> void SchemaPrinter::table() {
  if (!printed.insert(Fields<S>::name).second)
    return;
  FieldPrinter fields{*this, {}};
  const S prototype{};
  Fields<S>::visit(prototype, fields);
  text += std::string("table ") + Fields<S>::name + " {\n" + fields.lines + "}\n\n";
}

std::string basalt::nc::fieldName(std::string_view name) {
  std::string result;
  for (char c : name) {
    bool isUpper = c >= 'A' && c <= 'Z';
    if (isUpper)
      result += '_';
    result += isUpper ? char(c - 'A' + 'a') : c;
  }
  return result;
}

std::string basalt::nc::manifestSchema() {
  SchemaPrinter printer;
  printer.text =
      "// The manifest of a neurocore image; docs/image.md says what its numbers mean.\n\n";
  printer.table<Manifest>();
  printer.text += std::string("root_type Manifest;\nfile_identifier \"") + kManifestId + "\";\n";
  return printer.text;
}
