// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversion and sums of messages.
#include "compiler/interpret/Messages.h"

#include "runtime/native/Arithmetic.h"

using namespace mlir;

namespace basalt::interp {

static bool isBool(Type declared) { return declared.isSignlessInteger(1); }

/// Element `i` as the number that the declaration says it is.
static int64_t number(const Message &message, int64_t i) {
  bool isSigned = message.declared.isSignedInteger();
  return isSigned ? message.value.signExtended(i) : message.value.zeroExtended(i);
}

static double realOf(const Message &message, int64_t i, bool single) {
  if (message.value.isFloat())
    return message.value.real(i);
  // Straight to f32: through a double it would be rounded twice.
  int64_t integer = number(message, i);
  return single ? static_cast<double>(static_cast<float>(integer)) : static_cast<double>(integer);
}

static int64_t integerOf(const Message &message, int64_t i) {
  return message.value.isFloat() ? rt::toInt(message.value.real(i)) : number(message, i);
}

Message convert(const Message &message, Type declared) {
  Tensor result(declared, message.value.shape());
  for (int64_t i = 0; i < result.size(); ++i) {
    if (result.isFloat())
      result.setReal(i, realOf(message, i, result.isSingle()));
    else if (isBool(declared))
      result.setInteger(i, message.value.isFloat() ? message.value.real(i) != 0
                                                   : message.value.integer(i) != 0);
    else
      result.setInteger(i, integerOf(message, i));
  }
  return {result, declared};
}

/// The type in which two messages are added.
static Type commonType(Type a, Type b) {
  if (isBool(a) && isBool(b))
    return a;
  if (a.isF64() || b.isF64())
    return a.isF64() ? a : b;
  if (a.isF32() || b.isF32())
    return a.isF32() ? a : b;
  return IntegerType::get(a.getContext(), 64, IntegerType::Signed);
}

Message add(const Message &a, const Message &b) {
  Type common = commonType(a.declared, b.declared);
  Tensor left = convert(a, common).value, right = convert(b, common).value;
  Tensor sum(common, left.shape());
  for (int64_t i = 0; i < sum.size(); ++i) {
    if (sum.isSingle())
      sum.setReal(i, static_cast<float>(left.real(i)) + static_cast<float>(right.real(i)));
    else if (sum.isFloat())
      sum.setReal(i, left.real(i) + right.real(i));
    else if (isBool(common))
      sum.setInteger(i, left.integer(i) | right.integer(i));
    else
      sum.setInteger(i, rt::add(left.integer(i), right.integer(i)));
  }
  return {sum, common};
}

} // namespace basalt::interp
