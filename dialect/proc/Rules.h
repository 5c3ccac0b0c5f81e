// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules of connectivity and distributions: from attributes to what the run-time library has, and
// back; and what is known of a value before it is drawn.
#ifndef BASALT_DIALECT_PROC_RULES_H
#define BASALT_DIALECT_PROC_RULES_H

#include "dialect/proc/Proc.h"
#include "runtime/native/Distribution.h"
#include "runtime/native/Rule.h"

#include <optional>
#include <string>

namespace basalt::proc {

rt::OwnedRule toRule(RuleAttr attr);
RuleAttr fromRule(mlir::MLIRContext *context, const rt::Rule &rule);

rt::OwnedDistribution toDistribution(DistributionAttr attr);
DistributionAttr fromDistribution(mlir::MLIRContext *context, const rt::Distribution &distribution);

/// Whether the numbers are whole by themselves.
bool drawsIntegers(DistributionAttr attr);

/// The least and the greatest number that can be drawn: of type i64 if all are whole, else f64;
/// null where there is no end.
LimitsAttr supportOf(DistributionAttr attr);

/// What can be drawn that `limit` does not allow, as text ("down to -inf"), or nothing.
std::optional<std::string> findOutside(DistributionAttr attr, mlir::Attribute limit);

/// Checks a value that is drawn: zeros that stand for entries, or for where these are.
llvm::LogicalResult verifyDrawn(mlir::Operation *op, mlir::ShapedType type,
                                mlir::ElementsAttr value, RuleAttr rule,
                                DistributionAttr distribution);

} // namespace basalt::proc

#endif // BASALT_DIALECT_PROC_RULES_H
