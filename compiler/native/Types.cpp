// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C++ types and literals. See Types.h.
#include "compiler/native/Types.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace mlir;

namespace basalt::native {

static unsigned storageBits(unsigned bits) {
  return bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
}

Type localType(Type scalar) {
  auto integer = dyn_cast<IntegerType>(scalar);
  if (!integer || integer.getWidth() == 1)
    return scalar;
  return IntegerType::get(scalar.getContext(), storageBits(integer.getWidth()));
}

Type storageType(Type element) {
  if (element.isInteger(1))
    return IntegerType::get(element.getContext(), 8, IntegerType::Unsigned);
  return localType(element);
}

std::string storageName(Type element) {
  if (element.isF32())
    return "float";
  if (element.isF64())
    return "double";
  if (element.isInteger(1))
    return "uint8_t";
  return "int" + std::to_string(storageBits(element.getIntOrFloatBitWidth())) + "_t";
}

std::string fieldName(MemRefType type) {
  return ("rt::Array<" + Twine(storageName(type.getElementType())) + ", " +
          Twine(type.getNumElements()) + ">")
      .str();
}

std::string argumentName(MemRefType type, bool isConst) {
  return (isConst ? "const " : "") + storageName(type.getElementType()) + " *__restrict";
}

emitc::OpaqueType opaque(MLIRContext *context, StringRef text) {
  return emitc::OpaqueType::get(context, text);
}

static std::string spellFloat(const llvm::APFloat &value, bool isSingle) {
  std::string function = isSingle ? "f(" : "(";
  if (value.isNaN())
    return "__builtin_nan" + function + "\"\")";
  if (value.isInfinity())
    return std::string(value.isNegative() ? "-" : "") + "__builtin_inf" + function + ")";
  // The shortest text that brings the same number back.
  std::string text;
  for (int digits = isSingle ? 6 : 15; digits <= 17; ++digits) {
    char buffer[32];
    snprintf(buffer, sizeof(buffer), "%.*g", digits, value.convertToDouble());
    text = buffer;
    if (llvm::APFloat(value.getSemantics(), text).bitwiseIsEqual(value))
      break;
  }
  if (StringRef(text).find_first_of(".eE") == StringRef::npos)
    text += ".0";
  return text + (isSingle ? "f" : "");
}

std::string spellNumber(TypedAttr value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return spellFloat(number.getValue(), number.getType().isF32());
  auto integer = cast<IntegerAttr>(value);
  if (integer.getType().isInteger(1))
    return integer.getValue().isZero() ? "false" : "true";
  int64_t number = integer.getValue().getSExtValue();
  return number == INT64_MIN ? "INT64_MIN" : std::to_string(number);
}

std::string quote(StringRef text) {
  std::string result = "\"";
  for (unsigned char c : text) {
    if (c == '"' || c == '\\')
      result += {'\\', char(c)};
    else if (c == '\n')
      result += "\\n";
    else if (c < 0x20 || c == 0x7f || c == '?') // `??` begins a trigraph
      result +=
          c == '?'
              ? "\\?"
              : ("\\" + llvm::utostr(c >> 6) + llvm::utostr((c >> 3) & 7) + llvm::utostr(c & 7));
    else
      result += char(c);
  }
  return result + "\"";
}

} // namespace basalt::native
