// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Warnings.h - warnings have names -----------------------------------===//
//
// Every warning is one of the table Warnings.def, by whose name users silence it or make it an
// error. Passes emit all of them (EmitWarning.h); who prints diagnostics knows what the user asked
// for.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SUPPORT_WARNINGS_H
#define BASALT_COMPILER_SUPPORT_WARNINGS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <bitset>
#include <iterator>
#include <optional>
#include <string>

namespace basalt {

enum class Warning : unsigned {
#define BASALT_WARNING(id, name, onByDefault, text) id,
#include "compiler/support/Warnings.def"
#undef BASALT_WARNING
};

/// How many there are.
inline constexpr size_t warningCount = std::size({
#define BASALT_WARNING(id, name, onByDefault, text) Warning::id,
#include "compiler/support/Warnings.def"
#undef BASALT_WARNING
});

/// A row of the table.
struct WarningInfo {
  llvm::StringLiteral name; ///< as in -Wname
  bool onByDefault;
  llvm::StringLiteral text; ///< what it warns of
};

/// All warnings in the order of the enumeration.
llvm::ArrayRef<WarningInfo> allWarnings();
inline const WarningInfo &infoOf(Warning warning) {
  return allWarnings()[static_cast<unsigned>(warning)];
}

std::optional<Warning> warningNamed(llvm::StringRef name);

/// What the user wants to know of, by options in clang's manner; later ones win.
class WarningOptions {
public:
  enum class Treatment { Silent, Warning, Error };

  WarningOptions();

  /// Takes what follows `-W`: `name`, `no-name`, `error=name`, `no-error=name`, and `all`, `error`
  /// and `no-error`. Returns what is wrong with it, or nothing.
  std::string parse(llvm::StringRef option);
  void silenceAll() { silent = true; }
  void makeError(Warning warning);

  Treatment treatmentOf(Warning warning) const;

private:
  bool silent = false;    // -w
  bool allErrors = false; // -Werror
  std::bitset<warningCount> enabled;
  std::bitset<warningCount> errors;    // -Werror=name
  std::bitset<warningCount> notErrors; // -Wno-error=name
};

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_WARNINGS_H
