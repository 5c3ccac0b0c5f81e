// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Identifiers of generated C++. See Names.h.
#include "compiler/native/Names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace basalt::native {

/// Words of C++, macros and types that the included headers bring, and names of the generated text.
static const StringSet<> &reservedWords() {
  static const StringSet<> words = {
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
      "case", "catch", "char", "char8_t", "char16_t", "char32_t", "class", "co_await", "co_return",
      "co_yield", "compl", "concept", "const", "const_cast", "consteval", "constexpr", "constinit",
      "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
      "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline",
      "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
      "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast",
      "requires", "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast",
      "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef",
      "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t",
      "while", "xor", "xor_eq",
      // identifiers with a meaning, types, macros
      "final", "override", "import", "module", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t",
      "uint16_t", "uint32_t", "uint64_t", "size_t", "ssize_t", "ptrdiff_t", "offsetof", "NULL",
      "INT64_MIN", "INT64_MAX", "linux", "unix", "std", "main",
      // the generated text's own
      "basalt", "rt", "ctx", "share", "timeStep", "self", "object", "table", "states", "ports",
      "stateTable", "init", "spk", "pre_mgmt", "lrn", "post_mgmt", "host", "guards_after_spk",
      "guards_before_post"};
  return words;
}

/// The printer of EmitC names locals `v1`, `v2`, and loop counters `i1`, `j2`, ... `t3`; generated
/// constants are `kStates`.
static bool looksGenerated(StringRef name) {
  if (name.size() > 1 && name[0] == 'k' && isUpper(name[1]))
    return true;
  char first = name[0];
  bool isLocal = first == 'v' || (first >= 'i' && first <= 't');
  return isLocal && name.size() > 1 && all_of(name.drop_front(), isDigit);
}

/// Letters, digits and single underscores, beginning with a letter.
static std::string spell(StringRef name) {
  std::string result;
  for (char c : name) {
    bool ends = !result.empty() && result.back() == '_';
    if (isAlnum(c))
      result += c;
    else if (!ends)
      result += '_'; // two in a row are reserved
  }
  if (result.empty() || result[0] == '_')
    result.insert(0, "x");
  if (isDigit(result[0]))
    result.insert(0, "x");
  return result;
}

std::string Names::fresh(StringRef name) {
  std::string base = spell(name);
  if (looksGenerated(base))
    base.insert(1, "_");
  std::string candidate = base;
  for (unsigned number = 2; reservedWords().contains(candidate) || !taken.insert(candidate).second;
       ++number)
    candidate = base + (base.back() == '_' ? "" : "_") + std::to_string(number);
  return candidate;
}

StringRef Names::of(StringRef name) {
  auto [it, isNew] = identifiers.try_emplace(name);
  if (isNew)
    it->second = fresh(name);
  return it->second;
}

} // namespace basalt::native
