// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Warnings.cpp - warnings have names ---------------------------------===//

#include "compiler/support/Warnings.h"
#include "compiler/support/Suggest.h"
#include "llvm/ADT/STLExtras.h"

using namespace basalt;

static constexpr WarningInfo table[] = {
#define BASALT_WARNING(id, name, onByDefault, text) {name, onByDefault, text},
#include "compiler/support/Warnings.def"
#undef BASALT_WARNING
};

llvm::ArrayRef<WarningInfo> basalt::allWarnings() { return table; }

std::optional<Warning> basalt::warningNamed(llvm::StringRef name) {
  const auto *found =
      llvm::find_if(table, [&](const WarningInfo &info) { return info.name == name; });
  if (found == std::end(table))
    return std::nullopt;
  return static_cast<Warning>(found - std::begin(table));
}

WarningOptions::WarningOptions() {
  for (auto [index, info] : llvm::enumerate(table))
    enabled[index] = info.onByDefault;
}

void WarningOptions::makeError(Warning warning) {
  auto index = static_cast<size_t>(warning);
  enabled.set(index);
  errors.set(index);
  notErrors.reset(index);
}

static std::string unknownWarning(llvm::StringRef name) {
  llvm::SmallVector<llvm::StringRef> names;
  for (const WarningInfo &info : table)
    names.push_back(info.name);
  return "unknown warning '" + name.str() + "'" + didYouMean(name, names);
}

std::string WarningOptions::parse(llvm::StringRef option) {
  if (option == "all") {
    enabled.set();
    return "";
  }
  llvm::StringRef name = option;
  bool isNot = name.consume_front("no-");
  if (name == "error") {
    allErrors = !isNot;
    return "";
  }
  bool isAboutErrors = name.consume_front("error=");
  std::optional<Warning> warning = warningNamed(name);
  if (!warning)
    return unknownWarning(name);
  auto index = static_cast<size_t>(*warning);
  if (!isAboutErrors) {
    enabled.set(index, !isNot);
  } else if (!isNot) {
    makeError(*warning);
  } else {
    errors.reset(index);
    notErrors.set(index);
  }
  return "";
}

WarningOptions::Treatment WarningOptions::treatmentOf(Warning warning) const {
  auto index = static_cast<size_t>(warning);
  if (silent || !enabled[index])
    return Treatment::Silent;
  bool isError = errors[index] || (allErrors && !notErrors[index]);
  return isError ? Treatment::Error : Treatment::Warning;
}
