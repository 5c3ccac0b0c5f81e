// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Identifiers of generated C++. The printer of EmitC prints names as they are, so whatever comes
// from a user goes through here.
#ifndef BASALT_COMPILER_NATIVE_NAMES_H
#define BASALT_COMPILER_NATIVE_NAMES_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace basalt::native {

/// A one-to-one map from names to valid C++ identifiers that read like them: `lif1.v` is `lif1_v`.
/// Two names that would become the same identifier are told apart by a number, in the order in
/// which they are asked for; so are names that mean something in C++ or in the generated text, or
/// that look like the printer's own locals (`v1`, `i2`).
class Names {
public:
  /// The identifier of `name`: the same one whenever it is asked for again.
  llvm::StringRef of(llvm::StringRef name);

  /// The identifier of a new name that reads like `name` and is not looked up again.
  std::string fresh(llvm::StringRef name);

private:
  llvm::StringMap<std::string> identifiers;
  llvm::StringSet<> taken;
};

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_NAMES_H
