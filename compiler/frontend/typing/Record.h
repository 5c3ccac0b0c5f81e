// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What exists at compile time only and is no number or string: records, learning rules and their
// parts, and what is known of values that are drawn. In IR they are dictionaries, told apart by the
// keys they have:
//
//   record   {class = "STDPLoihi", tau_plus = 10 : i64, dw = <rule>, ...}
//   rule     {products = [<product>, ...]}
//   product  {dependency = "x0", mantissa = -1 : i64, exponent = 0 : i64, factors = [<factor>,
//   ...]}
//            and `uk = 2 : i64` if the dependency is "u"
//   factor   {variable = "y1"}, perhaps with `plus = -3 : i64` (or f64), and with `sign` for
//   sgn(...)
//   drawn    {shape = dense<[3, 2]>, least = 0 : i64, greatest = 63 : i64}: what is known of values
//            that are drawn when a run starts; an end that is missing is open
#ifndef BASALT_COMPILER_FRONTEND_TYPING_RECORD_H
#define BASALT_COMPILER_FRONTEND_TYPING_RECORD_H

#include "mlir/IR/BuiltinAttributes.h"

#include <string>

namespace basalt::frontend {

/// Keys of the dictionaries.
namespace record {
inline constexpr llvm::StringLiteral className = "class", products = "products",
                                     dependency = "dependency", mantissa = "mantissa",
                                     exponent = "exponent", uk = "uk", factors = "factors",
                                     variable = "variable", plus = "plus", sign = "sign",
                                     shape = "shape", least = "least", greatest = "greatest";
} // namespace record

enum class ObjectKind { Record, Rule, Product, Factor, Drawn, List };

/// Whether an attribute is such an object.
bool isObject(mlir::Attribute value);
ObjectKind objectKind(mlir::Attribute object);
/// In the language's words: "a record of 'STDPLoihi'", "a learning rule".
std::string describeObject(mlir::Attribute object);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_TYPING_RECORD_H
