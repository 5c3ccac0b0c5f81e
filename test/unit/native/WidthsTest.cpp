// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Widths of integer values: where a plain operator cannot overflow.
#include "compiler/native/Widths.h"

#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using basalt::native::Widths;

namespace {
struct WidthsTest : testing::Test {
  WidthsTest() {
    context.loadDialect<arith::ArithDialect, basalt::num::NumDialect>();
    builder.setInsertionPointToEnd(module->getBody());
  }

  /// A value of which nothing is known but its type, widened to 64 bits.
  Value wide(unsigned bits, bool isUnsigned = false) {
    Type narrow = builder.getIntegerType(bits);
    Value value =
        UnrealizedConversionCastOp::create(builder, loc, narrow, ValueRange()).getResult(0);
    if (isUnsigned)
      return arith::ExtUIOp::create(builder, loc, builder.getI64Type(), value);
    return arith::ExtSIOp::create(builder, loc, builder.getI64Type(), value);
  }
  Value constant(int64_t value) {
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
  }
  template <typename OpT> Value make(Value a, Value b) { return OpT::create(builder, loc, a, b); }

  MLIRContext context;
  OpBuilder builder{&context};
  Location loc = builder.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  Widths widths;
};
} // namespace

TEST_F(WidthsTest, ComeFromTypesAndConstants) {
  EXPECT_EQ(widths.of(wide(24)), 24u);
  EXPECT_EQ(widths.of(wide(12, true)), 13u) << "room for the sign";
  EXPECT_EQ(widths.of(constant(0)), 1u);
  EXPECT_EQ(widths.of(constant(127)), 8u);
  EXPECT_EQ(widths.of(constant(-128)), 8u);
  EXPECT_EQ(widths.of(constant(INT64_MIN)), 64u);
}

TEST_F(WidthsTest, GrowWithArithmetic) {
  EXPECT_EQ(widths.of(make<arith::AddIOp>(wide(24), wide(24))), 25u);
  EXPECT_EQ(widths.of(make<arith::SubIOp>(wide(24), wide(8))), 25u);
  EXPECT_EQ(widths.of(make<arith::MulIOp>(wide(24), wide(13))), 37u);
  EXPECT_EQ(widths.of(make<arith::MaxSIOp>(wide(24), wide(13))), 24u);
  EXPECT_EQ(widths.of(make<basalt::num::FloorDivOp>(wide(24), wide(3))), 25u) << "the least by -1";
  EXPECT_EQ(widths.of(make<basalt::num::ModOp>(wide(24), constant(7))), 4u);
  EXPECT_EQ(widths.of(make<basalt::num::ShiftOp>(wide(2), wide(2))), 3u) << "-2 by 1 at most";
  EXPECT_EQ(widths.of(make<basalt::num::ShiftOp>(wide(2), wide(8))), 64u);
}

TEST_F(WidthsTest, SayWhatCannotOverflow) {
  Value product = make<arith::MulIOp>(wide(32), wide(32));
  EXPECT_TRUE(widths.isExact(product.getDefiningOp()));
  EXPECT_FALSE(widths.isExact(make<arith::MulIOp>(wide(33), wide(32)).getDefiningOp()));
  EXPECT_FALSE(widths.isExact(make<arith::AddIOp>(product, product).getDefiningOp()));
  EXPECT_TRUE(widths.isExact(make<arith::AddIOp>(wide(32), wide(63 - 32)).getDefiningOp()));
}

TEST_F(WidthsTest, KnowClampsAndScaledProducts) {
  Value sum = make<arith::AddIOp>(wide(64), wide(64));
  Value clamped =
      make<arith::MinSIOp>(make<arith::MaxSIOp>(sum, constant(-8388607)), constant(8388607));
  EXPECT_EQ(widths.of(clamped), 24u);
  EXPECT_EQ(widths.of(make<basalt::num::ShiftOp>(clamped, constant(6))), 30u);
  EXPECT_EQ(widths.of(make<basalt::num::ShiftOp>(clamped, constant(-6))), 18u);
  EXPECT_EQ(widths.of(make<basalt::num::ShiftOp>(clamped, constant(-99))), 1u);
  EXPECT_EQ(widths.of(make<basalt::num::ShiftOp>(clamped, constant(41))), 64u) << "wraps";
  Value scaled =
      basalt::num::MulShrOp::create(builder, loc, wide(24), wide(12, true), constant(12));
  EXPECT_EQ(widths.of(scaled), 24u);
  EXPECT_TRUE(widths.isProductExact(wide(32), wide(32)));
  EXPECT_FALSE(widths.isProductExact(wide(33), wide(32)));
}

TEST_F(WidthsTest, TakeWhatIsAssumed) {
  Value value = wide(32);
  widths.assume(value, {0, 9});
  EXPECT_EQ(widths.of(value), 5u);
}
