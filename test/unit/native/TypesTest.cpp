// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C++ types and literals of generated code.
#include "compiler/native/Types.h"

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

#include <cstdlib>
#include <limits>

using namespace basalt::native;

namespace {
struct TypesTest : testing::Test {
  TypesTest() { context.loadDialect<mlir::emitc::EmitCDialect>(); }

  std::string number(double value) { return spellNumber(builder.getF64FloatAttr(value)); }
  std::string number(float value) { return spellNumber(builder.getF32FloatAttr(value)); }
  mlir::MemRefType memory(int64_t extent, mlir::Type element) {
    return mlir::MemRefType::get({extent}, element);
  }

  mlir::MLIRContext context;
  mlir::OpBuilder builder{&context};
};
} // namespace

TEST_F(TypesTest, MemoryIsTheSmallestThatHolds) {
  EXPECT_EQ(storageName(builder.getI1Type()), "uint8_t");
  EXPECT_EQ(storageName(builder.getIntegerType(2)), "int8_t");
  EXPECT_EQ(storageName(builder.getIntegerType(9)), "int16_t");
  EXPECT_EQ(storageName(builder.getIntegerType(24)), "int32_t");
  EXPECT_EQ(storageName(builder.getIntegerType(33)), "int64_t");
  EXPECT_EQ(storageName(builder.getF32Type()), "float");
  EXPECT_EQ(fieldName(memory(100, builder.getIntegerType(24))), "rt::Array<int32_t, 100>");
  EXPECT_EQ(argumentName(memory(3, builder.getI1Type()), true), "const uint8_t *__restrict");
  EXPECT_EQ(localType(builder.getIntegerType(12)), builder.getIntegerType(16));
  EXPECT_EQ(localType(builder.getI1Type()), builder.getI1Type());
}

TEST_F(TypesTest, FloatsComeBackExactly) {
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(1.0), "1.0");
  EXPECT_EQ(number(-0.0), "-0.0");
  EXPECT_EQ(number(1e300), "1e+300");
  EXPECT_EQ(number(0.1f), "0.1f");
  EXPECT_EQ(number(16777216.0f), "16777216.0f");
  for (double value : {1.0 / 3, 5e-324, 1.7976931348623157e308, 123456789.123456789, 2.0 / 7})
    EXPECT_EQ(std::strtod(number(value).c_str(), nullptr), value);
  for (float value : {1.0f / 3, 1e-45f, 3.4028235e38f})
    EXPECT_EQ(std::strtof(number(value).c_str(), nullptr), value);
  EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "-__builtin_inf()");
  EXPECT_EQ(number(std::numeric_limits<float>::quiet_NaN()), "__builtin_nanf(\"\")");
}

TEST_F(TypesTest, IntegersAreLiteralsOfCpp) {
  EXPECT_EQ(spellNumber(builder.getI64IntegerAttr(-5)), "-5");
  EXPECT_EQ(spellNumber(builder.getI64IntegerAttr(INT64_MIN)), "INT64_MIN");
  EXPECT_EQ(spellNumber(builder.getIntegerAttr(builder.getIntegerType(12), -2048)), "-2048");
  EXPECT_EQ(spellNumber(builder.getBoolAttr(true)), "true");
}

TEST_F(TypesTest, TextIsQuoted) {
  EXPECT_EQ(quote("a \"b\" \\ c"), R"("a \"b\" \\ c")");
  EXPECT_EQ(quote("two\nlines\t1"), R"("two\nlines\0111")");
  EXPECT_EQ(quote("?\?/"), "\"\\?\\?/\"") << "no trigraph";
  EXPECT_EQ(quote("gr\xc3\xb6\xc3\x9f"), "\"gr\xc3\xb6\xc3\x9f\"");
}
