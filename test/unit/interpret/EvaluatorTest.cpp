// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The evaluator against values worked out by hand, and that no value operation lacks one.
#include "Evaluation.h"

#include "dialect/num/Num.h"

#include "llvm/ADT/StringSet.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace basalt;
using namespace basalt::interp;

// The extremes of 64 bits.
#define LEAST "-9223372036854775808"
#define GREATEST "9223372036854775807"
#define NAN64 "0x7FF8000000000000"
#define INF64 "0x7FF0000000000000"
#define NEGINF64 "0xFFF0000000000000"

static std::vector<Case> integerCases() {
  return {
      {"arith.addi",
       "",
       {"dense<[1, " GREATEST "]> : tensor<2xi64>", "dense<[2, 1]> : tensor<2xi64>"},
       "dense<[3, " LEAST "]> : tensor<2xi64>"},
      {"arith.addi", "", {"8388607 : i24", "1 : i24"}, "-8388608 : i24"},
      {"arith.addi", "", {"true", "true"}, "false"},
      {"arith.subi",
       "",
       {"dense<[1, " LEAST "]> : tensor<2xi64>", "dense<[2, 1]> : tensor<2xi64>"},
       "dense<[-1, " GREATEST "]> : tensor<2xi64>"},
      {"arith.muli",
       "",
       {"dense<[" LEAST ", 3]> : tensor<2xi64>", "dense<[-1, -5]> : tensor<2xi64>"},
       "dense<[" LEAST ", -15]> : tensor<2xi64>"},
      {"arith.muli", "", {"300 : i12", "300 : i12"}, "-112 : i12"},
      {"arith.andi", "", {"12 : i64", "10 : i64"}, "8 : i64"},
      {"arith.ori", "", {"12 : i64", "10 : i64"}, "14 : i64"},
      {"arith.xori", "", {"12 : i64", "-1 : i64"}, "-13 : i64"},
      {"arith.xori", "", {"true", "true"}, "false"},
      {"arith.maxsi",
       "",
       {"dense<[-5, 3]> : tensor<2xi24>", "dense<[4, 2]> : tensor<2xi24>"},
       "dense<[4, 3]> : tensor<2xi24>"},
      {"arith.maxsi", "", {"true", "false"}, "false"},
      {"arith.minsi",
       "",
       {"dense<[-5, 3]> : tensor<2xi24>", "dense<[4, 2]> : tensor<2xi24>"},
       "dense<[-5, 2]> : tensor<2xi24>"},
      {"num.floordiv",
       "",
       {"dense<[7, -7, 7, -7, 5, " LEAST "]> : tensor<6xi64>",
        "dense<[2, 2, -2, -2, 0, -1]> : tensor<6xi64>"},
       "dense<[3, -4, -4, 3, 0, " LEAST "]> : tensor<6xi64>"},
      {"num.mod",
       "",
       {"dense<[7, -7, 7, -7, 5, " LEAST "]> : tensor<6xi64>",
        "dense<[2, 2, -2, -2, 0, -1]> : tensor<6xi64>"},
       "dense<[1, 1, -1, -1, 0, 0]> : tensor<6xi64>"},
      {"num.shift",
       "",
       {"dense<[1, -1, -1, -7, 1, 1, 5, -5]> : tensor<8xi64>",
        "dense<[63, 63, 64, -1, -64, " GREATEST ", " LEAST ", " LEAST "]> : tensor<8xi64>"},
       "dense<[" LEAST ", " LEAST ", 0, -4, 0, 0, 0, -1]> : tensor<8xi64>"},
      {"num.powi",
       "",
       {"dense<[2, 2, -3, 0, 2, 10]> : tensor<6xi64>",
        "dense<[62, 64, 3, 0, -1, 0]> : tensor<6xi64>"},
       "dense<[4611686018427387904, 0, -27, 1, 0, 1]> : tensor<6xi64>"},
      {"num.absi",
       "",
       {"dense<[-3, 4, " LEAST "]> : tensor<3xi64>"},
       "dense<[3, 4, " LEAST "]> : tensor<3xi64>"},
      {"num.signi",
       "",
       {"dense<[-3, 0, " GREATEST "]> : tensor<3xi64>"},
       "dense<[-1, 0, 1]> : tensor<3xi64>"},
      {"num.mul_shr",
       "",
       {"dense<[-7, 7, " LEAST ", " LEAST ", 3]> : tensor<5xi64>",
        "dense<[1, 1, " LEAST ", 1, 5]> : tensor<5xi64>",
        "dense<[1, 1, 63, 100, -4]> : tensor<5xi64>"},
       "dense<[-3, 3, " LEAST ", 0, 240]> : tensor<5xi64>"},
      {"arith.cmpi", "predicate = 0 : i64", {"3 : i64", "3 : i64"}, "true"},
      {"arith.cmpi", "predicate = 1 : i64", {"3 : i64", "3 : i64"}, "false"},
      {"arith.cmpi",
       "predicate = 2 : i64",
       {"dense<[-1, 1]> : tensor<2xi24>", "dense<[1, -1]> : tensor<2xi24>"},
       "dense<[true, false]> : tensor<2xi1>"},
      {"arith.cmpi", "predicate = 3 : i64", {"3 : i64", "3 : i64"}, "true"},
      {"arith.cmpi", "predicate = 4 : i64", {"3 : i64", "3 : i64"}, "false"},
      {"arith.cmpi", "predicate = 5 : i64", {"3 : i64", "3 : i64"}, "true"},
      {"arith.cmpi",
       "predicate = 6 : i64",
       {"dense<[-1, 1]> : tensor<2xi24>", "dense<[1, -1]> : tensor<2xi24>"},
       "dense<[false, true]> : tensor<2xi1>"},
      {"arith.cmpi", "predicate = 8 : i64", {"true", "false"}, "true"},
      {"arith.cmpi", "predicate = 4 : i64", {"true", "false"}, "false"},
  };
}

static std::vector<Case> floatCases() {
  return {
      {"arith.addf",
       "",
       {"dense<[0.1, " INF64 "]> : tensor<2xf64>", "dense<[0.2, " NEGINF64 "]> : tensor<2xf64>"},
       "dense<[0.30000000000000004, " NAN64 "]> : tensor<2xf64>"},
      {"arith.addf", "", {"16777216.0 : f32", "1.0 : f32"}, "16777216.0 : f32"},
      {"arith.subf", "", {"1.0 : f64", "1.0 : f64"}, "0.0 : f64"},
      {"arith.mulf", "", {"0.1 : f32", "3.0 : f32"}, "0x3E99999A : f32"},
      {"arith.divf",
       "",
       {"dense<[1.0, 0.0, -1.0]> : tensor<3xf64>", "dense<0.0> : tensor<3xf64>"},
       "dense<[" INF64 ", " NAN64 ", " NEGINF64 "]> : tensor<3xf64>"},
      {"arith.negf",
       "",
       {"dense<[0.0, 2.0]> : tensor<2xf64>"},
       "dense<[-0.0, -2.0]> : tensor<2xf64>"},
      {"arith.maximumf",
       "",
       {"dense<[-0.0, " NAN64 ", 1.0]> : tensor<3xf64>",
        "dense<[0.0, 1.0, " NAN64 "]> : tensor<3xf64>"},
       "dense<[0.0, " NAN64 ", " NAN64 "]> : tensor<3xf64>"},
      {"arith.minimumf",
       "",
       {"dense<[0.0, 5.0]> : tensor<2xf64>", "dense<[-0.0, 4.0]> : tensor<2xf64>"},
       "dense<[-0.0, 4.0]> : tensor<2xf64>"},
      {"num.floordivf",
       "",
       {"dense<[7.0, -7.0, 1.0]> : tensor<3xf64>", "dense<[2.0, 2.0, 0.0]> : tensor<3xf64>"},
       "dense<[3.0, -4.0, " INF64 "]> : tensor<3xf64>"},
      {"num.modf",
       "",
       {"dense<[7.0, -7.0, 1.0]> : tensor<3xf64>", "dense<[2.0, 2.0, 0.0]> : tensor<3xf64>"},
       "dense<[1.0, 1.0, " NAN64 "]> : tensor<3xf64>"},
      {"num.absf",
       "",
       {"dense<[-0.0, -2.5]> : tensor<2xf32>"},
       "dense<[0.0, 2.5]> : tensor<2xf32>"},
      {"num.signf",
       "",
       {"dense<[-2.5, 0.0, 3.0, " NAN64 "]> : tensor<4xf64>"},
       "dense<[-1.0, 0.0, 1.0, " NAN64 "]> : tensor<4xf64>"},
      {"num.floor",
       "",
       {"dense<[-0.5, 1.5]> : tensor<2xf64>"},
       "dense<[-1.0, 1.0]> : tensor<2xf64>"},
      {"num.ceil",
       "",
       {"dense<[-0.5, 1.5]> : tensor<2xf64>"},
       "dense<[-0.0, 2.0]> : tensor<2xf64>"},
      {"num.round",
       "",
       {"dense<[0.5, 1.5, 2.5, -1.5]> : tensor<4xf64>"},
       "dense<[0.0, 2.0, 2.0, -2.0]> : tensor<4xf64>"},
      {"num.trunc",
       "",
       {"dense<[-1.5, 1.5]> : tensor<2xf64>"},
       "dense<[-1.0, 1.0]> : tensor<2xf64>"},
      {"num.sqrt",
       "",
       {"dense<[2.0, -1.0]> : tensor<2xf64>"},
       "dense<[1.4142135623730951, " NAN64 "]> : tensor<2xf64>"},
  };
}

static std::vector<Case> transcendentalCases() {
  return {
      {"num.exp",
       "",
       {"dense<[0.0, " NEGINF64 ", " NAN64 "]> : tensor<3xf64>"},
       "dense<[1.0, 0.0, " NAN64 "]> : tensor<3xf64>"},
      {"num.log",
       "",
       {"dense<[1.0, 0.0, -1.0]> : tensor<3xf64>"},
       "dense<[0.0, " NEGINF64 ", " NAN64 "]> : tensor<3xf64>"},
      {"num.sin",
       "",
       {"dense<[0.0, " INF64 "]> : tensor<2xf64>"},
       "dense<[0.0, " NAN64 "]> : tensor<2xf64>"},
      {"num.cos",
       "",
       {"dense<[0.0, " INF64 "]> : tensor<2xf64>"},
       "dense<[1.0, " NAN64 "]> : tensor<2xf64>"},
      {"num.tanh",
       "",
       {"dense<[0.0, 0x7F800000, -50.0]> : tensor<3xf32>"},
       "dense<[0.0, 1.0, -1.0]> : tensor<3xf32>"},
      {"num.powf",
       "",
       {"dense<[2.0, 5.0, -8.0]> : tensor<3xf64>", "dense<[10.0, 0.0, 0.5]> : tensor<3xf64>"},
       "dense<[1024.0, 1.0, " NAN64 "]> : tensor<3xf64>"},
  };
}

static std::vector<Case> conversionCases() {
  return {
      {"arith.constant",
       "value = dense<[1, 2]> : tensor<2xi12>",
       {},
       "dense<[1, 2]> : tensor<2xi12>"},
      {"arith.constant", "value = 0.5 : f32", {}, "0.5 : f32"},
      {"arith.select",
       "",
       {"dense<[true, false]> : tensor<2xi1>", "dense<[1, 2]> : tensor<2xi8>",
        "dense<[3, 4]> : tensor<2xi8>"},
       "dense<[1, 4]> : tensor<2xi8>"},
      {"arith.select",
       "",
       {"false", "dense<[1.0, 2.0]> : tensor<2xf32>", "dense<[3.0, 4.0]> : tensor<2xf32>"},
       "dense<[3.0, 4.0]> : tensor<2xf32>"},
      {"arith.extsi", "", {"dense<[-1, 5]> : tensor<2xi12>"}, "dense<[-1, 5]> : tensor<2xi64>"},
      {"arith.extsi", "", {"true"}, "-1 : i64"},
      {"arith.extui", "", {"dense<[-1, 5]> : tensor<2xi12>"}, "dense<[4095, 5]> : tensor<2xi64>"},
      {"arith.extui", "", {"true"}, "1 : i64"},
      {"arith.trunci",
       "",
       {"dense<[4095, 2048, -4097, 5]> : tensor<4xi64>"},
       "dense<[-1, -2048, -1, 5]> : tensor<4xi12>"},
      {"arith.trunci", "", {"3 : i64"}, "true"},
      {"arith.sitofp",
       "",
       {"dense<[-3, 9007199254740993]> : tensor<2xi64>"},
       "dense<[-3.0, 9007199254740992.0]> : tensor<2xf64>"},
      // Rounded once: through f64 it would become 0x5A000000.
      {"arith.sitofp", "", {"9007199791611905 : i64"}, "0x5A000001 : f32"},
      {"arith.sitofp", "", {"true"}, "-1.0 : f64"},
      {"arith.extf", "", {"0x3DCCCCCD : f32"}, "0x3FB99999A0000000 : f64"},
      {"arith.truncf", "", {"0.1 : f64"}, "0x3DCCCCCD : f32"},
      {"num.to_int",
       "",
       {"dense<[-1.9, 1.9, " NAN64 ", " INF64 ", -1.0e300]> : tensor<5xf64>"},
       "dense<[-1, 1, 0, " GREATEST ", " LEAST "]> : tensor<5xi64>"},
      {"num.item", "", {"dense<true> : tensor<i1>"}, "true"},
      {"num.from_scalar", "", {"-7 : i24"}, "dense<-7> : tensor<i24>"},
  };
}

static std::vector<Case> shapeCases() {
  return {
      {"num.broadcast", "", {"dense<5> : tensor<i64>"}, "dense<5> : tensor<2x2xi64>"},
      {"num.broadcast",
       "",
       {"dense<[[1], [2]]> : tensor<2x1xi64>"},
       "dense<[[[1, 1], [2, 2]], [[1, 1], [2, 2]]]> : tensor<2x2x2xi64>"},
      {"num.broadcast",
       "",
       {"dense<[1, 2, 3]> : tensor<3xi8>"},
       "dense<[[1, 2, 3], [1, 2, 3]]> : tensor<2x3xi8>"},
      {"num.reshape",
       "",
       {"dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>"},
       "dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi64>"},
      {"num.transpose",
       "permutation = array<i64: 1, 0>",
       {"dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>"},
       "dense<[[1, 4], [2, 5], [3, 6]]> : tensor<3x2xi64>"},
      {"num.transpose",
       "permutation = array<i64: 2, 0, 1>",
       {"dense<[[[1, 2, 3], [4, 5, 6]]]> : tensor<1x2x3xi64>"},
       "dense<[[[1, 4]], [[2, 5]], [[3, 6]]]> : tensor<3x1x2xi64>"},
      {"num.extract",
       "offsets = array<i64: 1, 2>, sizes = array<i64: 1, 2>, strides = array<i64: 1, -2>, dropped "
       "= array<i64: 0>",
       {"dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>"},
       "dense<[6, 4]> : tensor<2xi64>"},
      {"num.extract",
       "offsets = array<i64: -9223372036854775808>, sizes = array<i64: 1>, strides = array<i64: "
       "1>, dropped = array<i64: 0>",
       {"dense<[1.0, 2.0, 3.0]> : tensor<3xf32>", "dense<-1> : tensor<i64>"},
       "dense<3.0> : tensor<f32>"},
      {"num.extract",
       "offsets = array<i64: 3>, sizes = array<i64: 0>, strides = array<i64: 1>, dropped = "
       "array<i64>",
       {"dense<[1, 2, 3]> : tensor<3xi8>"},
       "dense<> : tensor<0xi8>"},
      {"num.insert",
       "offsets = array<i64: 0, 1>, sizes = array<i64: 2, 1>, strides = array<i64: 1, 1>, dropped "
       "= array<i64: 1>",
       {"dense<[8, 9]> : tensor<2xi64>", "dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>"},
       "dense<[[1, 8, 3], [4, 9, 6]]> : tensor<2x3xi64>"},
      {"num.insert",
       "offsets = array<i64: -9223372036854775808, 2>, sizes = array<i64: 1, 2>, strides = "
       "array<i64: 1, -1>, dropped = array<i64: 0>",
       {"dense<[8, 9]> : tensor<2xi64>", "dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>",
        "dense<-1> : tensor<i64>"},
       "dense<[[1, 2, 3], [4, 9, 8]]> : tensor<2x3xi64>"},
  };
}

static std::vector<Case> reductionCases() {
  return {
      {"num.reduce",
       "kind = 0 : i32, axes = array<i64: 0>",
       {"dense<[[1, 2, 3], [4, 5, " GREATEST "]]> : tensor<2x3xi64>"},
       "dense<[5, 7, -9223372036854775806]> : tensor<3xi64>"},
      {"num.reduce",
       "kind = 0 : i32, axes = array<i64: 0, 1>",
       {"dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>"},
       "dense<21> : tensor<i64>"},
      {"num.reduce",
       "kind = 2 : i32, axes = array<i64: 0>",
       {"dense<[3, 2, 1]> : tensor<3xi64>", "dense<2> : tensor<i64>"},
       "dense<2> : tensor<i64>"},
      {"num.reduce",
       "kind = 3 : i32, axes = array<i64: 0>",
       {"dense<[-3, -2]> : tensor<2xi64>", "dense<0> : tensor<i64>"},
       "dense<0> : tensor<i64>"},
      {"num.reduce",
       "kind = 0 : i32, axes = array<i64: 0>",
       {"dense<[-0.0, 1.0]> : tensor<2xf64>", "dense<1> : tensor<i64>"},
       "dense<-0.0> : tensor<f64>"},
      {"num.reduce",
       "kind = 5 : i32, axes = array<i64: 0>",
       {"dense<[true, false]> : tensor<2xi1>", "dense<0> : tensor<i64>"},
       "dense<true> : tensor<i1>"},
      // In index order: 1e16 swallows the ones before it is taken away.
      {"num.reduce",
       "kind = 0 : i32, axes = array<i64: 0>",
       {"dense<[1.0e16, 1.0, 1.0, -1.0e16]> : tensor<4xf64>"},
       "dense<0.0> : tensor<f64>"},
      {"num.reduce",
       "kind = 0 : i32, axes = array<i64: 0>",
       {"dense<[16777216.0, 1.0, 1.0]> : tensor<3xf32>"},
       "dense<16777216.0> : tensor<f32>"},
      {"num.reduce",
       "kind = 1 : i32, axes = array<i64: 1>",
       {"dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>"},
       "dense<[6, 120]> : tensor<2xi64>"},
      {"num.reduce",
       "kind = 1 : i32, axes = array<i64: 0>",
       {"dense<> : tensor<0xf64>"},
       "dense<1.0> : tensor<f64>"},
      {"num.reduce",
       "kind = 2 : i32, axes = array<i64: 0>",
       {"dense<[3, -1, 2]> : tensor<3xi64>"},
       "dense<-1> : tensor<i64>"},
      {"num.reduce",
       "kind = 2 : i32, axes = array<i64: 1>",
       {"dense<[[1.0, " NAN64 "], [2.0, 3.0]]> : tensor<2x2xf64>"},
       "dense<[" NAN64 ", 2.0]> : tensor<2xf64>"},
      {"num.reduce",
       "kind = 3 : i32, axes = array<i64: 0>",
       {"dense<[-3, -1, -2]> : tensor<3xi64>"},
       "dense<-1> : tensor<i64>"},
      {"num.reduce",
       "kind = 4 : i32, axes = array<i64: 1>",
       {"dense<[[false, true], [false, false]]> : tensor<2x2xi1>"},
       "dense<[true, false]> : tensor<2xi1>"},
      {"num.reduce",
       "kind = 5 : i32, axes = array<i64: 1>",
       {"dense<[[false, true], [true, true]]> : tensor<2x2xi1>"},
       "dense<[false, true]> : tensor<2xi1>"},
  };
}

static std::vector<Case> compareFloatCases() {
  // The predicates in their order for less, equal, greater, unordered.
  const char *expected[] = {
      "false, false, false, false", "false, true, false, false", "false, false, true, false",
      "false, true, true, false",   "true, false, false, false", "true, true, false, false",
      "true, false, true, false",   "true, true, true, false",   "false, true, false, true",
      "false, false, true, true",   "false, true, true, true",   "true, false, false, true",
      "true, true, false, true",    "true, false, true, true",   "false, false, false, true",
      "true, true, true, true"};
  std::vector<Case> cases;
  for (int predicate = 0; predicate < 16; ++predicate)
    cases.push_back({"arith.cmpf",
                     "predicate = " + std::to_string(predicate) + " : i64",
                     {"dense<[1.0, 0.0, 2.0, " NAN64 "]> : tensor<4xf64>",
                      "dense<[2.0, -0.0, 1.0, 1.0]> : tensor<4xf64>"},
                     std::string("dense<[") + expected[predicate] + "]> : tensor<4xi1>"});
  return cases;
}

static std::vector<std::vector<Case>> allCases() {
  return {integerCases(),     floatCases(),     transcendentalCases(), conversionCases(),
          shapeCases(),       reductionCases(), compareFloatCases(),   productCases(),
          convolutionCases(), synapseCases(),   gatherCases(),         randomCases()};
}

static void expectAll(const std::vector<Case> &cases) {
  for (const Case &given : cases)
    expectValue(given);
}

TEST(Evaluator, integers) { expectAll(integerCases()); }
TEST(Evaluator, floats) { expectAll(floatCases()); }
TEST(Evaluator, transcendentals) { expectAll(transcendentalCases()); }
TEST(Evaluator, conversions) { expectAll(conversionCases()); }
TEST(Evaluator, shapes) { expectAll(shapeCases()); }
TEST(Evaluator, reductions) { expectAll(reductionCases()); }
TEST(Evaluator, comparisonsOfFloats) { expectAll(compareFloatCases()); }

TEST(Evaluator, indexOutOfRange) {
  Case given{"num.extract",
             "offsets = array<i64: -9223372036854775808>, sizes = array<i64: 1>, strides = "
             "array<i64: 1>, dropped = array<i64: 0>",
             {"dense<[1, 2, 3, 4, 5]> : tensor<5xi64>", ""},
             "dense<0> : tensor<i64>"};
  for (const char *index : {"5", "7", "-6", LEAST, GREATEST}) {
    given.operands[1] = std::string("dense<") + index + "> : tensor<i64>";
    EXPECT_EQ(errorOf(given),
              std::string("index ") + index + " is out of range for an axis of extent 5");
  }
  Case insert{"num.insert",
              given.properties,
              {"dense<0> : tensor<i64>", "dense<0> : tensor<2xi64>", "dense<2> : tensor<i64>"},
              "dense<0> : tensor<2xi64>"};
  EXPECT_EQ(errorOf(insert), "index 2 is out of range for an axis of extent 2");
}

TEST(Evaluator, refusesOtherOperations) {
  EXPECT_EQ(errorOf({"arith.divsi", "", {"1 : i64", "1 : i64"}, "1 : i64"}),
            "'arith.divsi' is not a value operation");
}

/// Whoever adds a value operation adds it to the tables above.
TEST(Evaluator, everyValueOperationHasACase) {
  llvm::StringSet<> tested;
  for (const std::vector<Case> &cases : allCases())
    for (const Case &given : cases)
      tested.insert(given.op);
  size_t known = 0;
  for (RegisteredOperationName name : testContext().getRegisteredOperations()) {
    Operation *op =
        Operation::create(UnknownLoc::get(&testContext()), name, TypeRange(), ValueRange(),
                          NamedAttrList(), OpaqueProperties(nullptr), BlockRange(), 0);
    if (num::isValueOp(op)) {
      EXPECT_TRUE(tested.contains(name.getStringRef())) << name.getStringRef().str();
      ++known;
    }
    op->destroy();
  }
  EXPECT_EQ(known, tested.size());
}

TEST(Fold, needsConstantsAndAModestSize) {
  OwningOpRef<ModuleOp> module = parseCase(
      {"num.broadcast", "", {"dense<5> : tensor<i64>"}, "dense<5> : tensor<100x100xi64>"});
  Operation *op = &module->getBody()->back();
  ASSERT_TRUE(foldToConstant(op));
  EXPECT_TRUE(foldToConstant(op)->isSplat());
  EXPECT_FALSE(foldToConstant(op, 9999));
  op->setOperand(0, op->getResult(0));
  EXPECT_FALSE(foldToConstant(op));
}

TEST(Tensor, copiesGoTheirOwnWayOnceWrittenTo) {
  Tensor one(RankedTensorType::get({3}, IntegerType::get(&testContext(), 32))), two = one;
  two.setInteger(1, 7);
  Tensor three = two;
  three.copy(0, two, 1);
  EXPECT_EQ(one.integer(1), 0);
  EXPECT_EQ(two.integer(0), 0);
  EXPECT_EQ(two.integer(1), 7);
  EXPECT_EQ(three.integer(0), 7);
}

/// Constants go to memory and back without a tensor between them where they look the same there.
TEST(TensorMemory, constantsAreAsTensorsHaveThem) {
  for (unsigned bits : {1, 7, 8, 16, 24, 32, 64})
    for (bool isSplat : {false, true})
      for (auto sign : {IntegerType::Signed, IntegerType::Unsigned}) {
        auto declared = RankedTensorType::get({3}, IntegerType::get(&testContext(), bits, sign));
        Tensor value(declared);
        for (int64_t i = 0; i < 3; ++i)
          value.setInteger(i, isSplat ? -1 : i - 1);
        std::vector<uint64_t> fast(3), slow(3);
        storeAttr(value.toAttr(), declared, fast.data());
        storeTensor(value, declared, slow.data());
        EXPECT_EQ(fast, slow) << bits;
        EXPECT_EQ(loadAttr(declared, slow.data()), loadTensor(declared, slow.data()).toAttr())
            << bits;
        EXPECT_EQ(Tensor::fromAttr(value.toAttr()), value) << bits;
      }
}

TEST(TensorMemory, holdsEachDeclaredTypeInItsLayout) {
  MLIRContext *context = &testContext();
  auto check = [&](Type element, rt::Kind kind, size_t bytes, std::vector<int64_t> given,
                   std::vector<int64_t> held) {
    auto type = RankedTensorType::get({static_cast<int64_t>(given.size())}, element);
    EXPECT_EQ(storageElement(element).kind, kind);
    EXPECT_EQ(storageSize(type), bytes * given.size());
    Tensor value(type);
    for (size_t i = 0; i < given.size(); ++i)
      value.setInteger(i, given[i]);
    std::vector<char> memory(storageSize(type));
    storeTensor(value, type, memory.data());
    Tensor back = loadTensor(type, memory.data());
    EXPECT_EQ(back, value);
    for (size_t i = 0; i < held.size(); ++i)
      EXPECT_EQ(back.integer(i), held[i]);
  };
  auto integer = [&](unsigned width, IntegerType::SignednessSemantics sign) {
    return IntegerType::get(context, width, sign);
  };
  check(integer(24, IntegerType::Signed), rt::Kind::Signed, 4, {5, -5, 8388608}, {5, -5, -8388608});
  check(integer(12, IntegerType::Unsigned), rt::Kind::Unsigned, 2, {5, 4095}, {5, -1});
  check(integer(8, IntegerType::Signed), rt::Kind::Signed, 1, {127, 128}, {127, -128});
  check(integer(1, IntegerType::Unsigned), rt::Kind::Unsigned, 1, {0, 1}, {0, 1});
  check(integer(1, IntegerType::Signless), rt::Kind::Bool, 1, {0, 1}, {0, 1});
  check(integer(64, IntegerType::Signed), rt::Kind::Signed, 8, {INT64_MIN, INT64_MAX},
        {INT64_MIN, INT64_MAX});
  auto singles = RankedTensorType::get({2}, Float32Type::get(context));
  Tensor value(singles);
  value.setReal(0, 0.1);
  float memory[2] = {};
  storeTensor(value, singles, memory);
  EXPECT_EQ(memory[0], 0.1F);
  EXPECT_EQ(loadTensor(singles, memory), value);
}
