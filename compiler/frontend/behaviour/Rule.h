// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The syntax of learning rules, sums of products: `2^-3 * x0 * (y1 - 3) - y0 * w`. Plain values;
// what they point to is owned by the AstContext. What names mean and which numbers are possible is
// decided by those who know the parameters (build/BuildRule.cpp).

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_RULE_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_RULE_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>

namespace basalt::frontend::behaviour {

/// `7`, `2^-3`, or a name of something that holds a number.
struct RuleLiteral {
  mlir::Location loc;
  int64_t mantissa = 1;
  int64_t exponent = 0;
  /// Empty for a number.
  llvm::StringRef name;
};

/// One operand of a product: `x1`, `5`, `rate`, `(y1 - 3)`, `(3 - y1)`, `(-2)`, `sgn(w - 1)`. It
/// has a variable, a literal, or both, which is then their sum.
struct RuleFactor {
  mlir::Location loc;
  /// One of ruleVariables() or `u0` to `u9`; empty if there is only a literal.
  llvm::StringRef variable;
  mlir::Location variableLoc;
  bool isVariableNegative = false;
  std::optional<RuleLiteral> literal;
  bool isLiteralNegative = false;
  /// `sgn(...)`
  bool isSign = false;
};

/// Factors with `*` between them.
struct RuleProduct {
  mlir::Location loc;
  bool isNegative = false;
  llvm::ArrayRef<RuleFactor> factors;
};

/// The products of a sum, at least one.
struct Rule {
  mlir::Location loc;
  llvm::ArrayRef<RuleProduct> products;
};

/// Spikes (x0, y0), traces (x1, x2, y1, y2, y3), weight, delay and tag (w, d, t).
llvm::ArrayRef<llvm::StringRef> ruleVariables();
/// `u0` to `u9`.
bool isRuleEpoch(llvm::StringRef name);

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_RULE_H
