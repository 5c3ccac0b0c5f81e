// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges through ops hold all that the ops give, for all small ranges of their operands.
#include "dialect/num/IntegerRange.h"

#include "dialect/num/Num.h"
#include "runtime/native/Arithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace basalt;
using num::IntegerRange;

namespace {
struct IntegerRangeTest : testing::Test {
  using Meaning = int64_t (*)(int64_t, int64_t);

  IntegerRangeTest() {
    context.loadDialect<arith::ArithDialect, num::NumDialect>();
    builder.setInsertionPointToEnd(module->getBody());
  }

  Value constant(int64_t value) {
    return arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
  }

  /// Compares with what the op gives for all numbers in all ranges within -bound..bound.
  void check(Operation *op, Meaning meaning, bool isExact, int bound = 5) {
    std::vector<IntegerRange> ranges;
    for (int low = -bound; low <= bound; ++low)
      for (int high = low; high <= bound; ++high)
        ranges.push_back({low, high});
    for (const IntegerRange &a : ranges)
      for (const IntegerRange &b : ranges)
        check(op, meaning, isExact, a, b);
  }

  void check(Operation *op, Meaning meaning, bool isExact, const IntegerRange &a,
             const IntegerRange &b) {
    std::optional<IntegerRange> found =
        num::inferRange(op, [&](unsigned i) { return i == 0 ? a : b; });
    ASSERT_TRUE(found) << op->getName().getStringRef().str();
    IntegerRange real{INT64_MAX, INT64_MIN};
    for (auto x = static_cast<int64_t>(a.low); x <= a.high; ++x)
      for (auto y = static_cast<int64_t>(b.low); y <= b.high; ++y) {
        IntegerRange::Number value = meaning(x, y);
        real = {std::min(real.low, value), std::max(real.high, value)};
      }
    EXPECT_TRUE(isExact ? *found == real : found->contains(real))
        << op->getName().getStringRef().str() << " of " << int(a.low) << ".." << int(a.high)
        << " and " << int(b.low) << ".." << int(b.high);
  }

  template <typename OpT> Operation *binary() {
    return OpT::create(builder, loc, constant(0), constant(0));
  }
  template <typename OpT> Operation *unary() { return OpT::create(builder, loc, constant(0)); }

  MLIRContext context;
  OpBuilder builder{&context};
  Location loc = builder.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
};
} // namespace

TEST_F(IntegerRangeTest, Arithmetic) {
  check(binary<arith::AddIOp>(), [](int64_t x, int64_t y) { return x + y; }, true);
  check(binary<arith::SubIOp>(), [](int64_t x, int64_t y) { return x - y; }, true);
  check(binary<arith::MulIOp>(), [](int64_t x, int64_t y) { return x * y; }, true);
  check(binary<arith::MinSIOp>(), [](int64_t x, int64_t y) { return std::min(x, y); }, true);
  check(binary<arith::MaxSIOp>(), [](int64_t x, int64_t y) { return std::max(x, y); }, true);
  check(binary<num::FloorDivOp>(), rt::floordiv, false);
  check(binary<num::ModOp>(), rt::mod, false);
  check(binary<num::ShiftOp>(), rt::shift, true);
  check(unary<num::AbsIOp>(), [](int64_t x, int64_t) { return rt::absInt(x); }, true);
  check(unary<num::SignIOp>(), [](int64_t x, int64_t) { return rt::sign(x); }, true);
}

TEST_F(IntegerRangeTest, Bits) {
  check(binary<arith::AndIOp>(), [](int64_t x, int64_t y) { return x & y; }, false, 8);
  check(binary<arith::OrIOp>(), [](int64_t x, int64_t y) { return x | y; }, false, 8);
  check(binary<arith::XOrIOp>(), [](int64_t x, int64_t y) { return x ^ y; }, false, 8);
}

TEST_F(IntegerRangeTest, QuotientsByPositiveNumbers) {
  Operation *op = binary<num::FloorDivOp>();
  check(op, rt::floordiv, true, {-7, 9}, {2, 3});
  check(op, rt::floordiv, true, {-7, -1}, {1, 4});
}

TEST_F(IntegerRangeTest, WhatIsNotKnown) {
  auto all = [](unsigned) { return num::signedRange(64); };
  EXPECT_FALSE(num::inferRange(binary<num::ShiftOp>(), all)); // by any amount
  EXPECT_FALSE(num::inferRange(binary<num::PowIOp>(), all));
  EXPECT_FALSE(num::inferRange(constant(3).getDefiningOp(), all));
}

TEST_F(IntegerRangeTest, ProductsBeyond64Bits) {
  auto all = [](unsigned) { return num::signedRange(64); };
  std::optional<IntegerRange> found = num::inferRange(binary<arith::MulIOp>(), all);
  ASSERT_TRUE(found);
  EXPECT_FALSE(num::signedRange(64).contains(*found));
  EXPECT_TRUE(found->high == IntegerRange::Number(1) << 126);
}
