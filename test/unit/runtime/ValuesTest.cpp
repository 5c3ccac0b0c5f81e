// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The values of --set: exact, in range, of the right shape, or an error that says why.
#include "runtime/native/Values.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Npy.h"

#include "Support.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

/// A state of one type and shape, without memory.
struct Var {
  std::vector<int64_t> shape;
  StateInfo info;

  Var(Element element, std::vector<int64_t> extents, const Limits *limits = nullptr)
      : shape(std::move(extents)),
        info{"p.x", element, uint8_t(shape.size()), shape.data(), nullptr, false, limits} {}

  std::vector<int64_t> ints(const std::string &text) const {
    std::vector<char> bytes = setValue({&info, 1}, 0, "p.x", text);
    std::vector<int64_t> result;
    for (size_t i = 0; i < bytes.size() / storageSize(info.element); ++i)
      result.push_back(loadInt(info.element, bytes.data(), i));
    return result;
  }
  std::vector<double> reals(const std::string &text) const {
    std::vector<char> bytes = setValue({&info, 1}, 0, "p.x", text);
    std::vector<double> result;
    for (size_t i = 0; i < bytes.size() / storageSize(info.element); ++i)
      result.push_back(loadFloat(info.element, bytes.data(), i));
    return result;
  }
  std::string error(const std::string &text) const {
    return errorOf([&] { setValue({&info, 1}, 0, "p.x", text); });
  }
};

constexpr Element i16 = {Kind::Signed, 16}, i24 = {Kind::Signed, 24}, u12 = {Kind::Unsigned, 12},
                  truth = {Kind::Bool, 1}, f32 = {Kind::Float, 32}, f64 = {Kind::Float, 64},
                  i64 = {Kind::Signed, 64};
using Ints = std::vector<int64_t>;
using Reals = std::vector<double>;

TEST(Values, Scalars) {
  EXPECT_EQ(Var(i16, {}).ints("12"), Ints({12}));
  EXPECT_EQ(Var(i16, {}).ints(" -32768 "), Ints({-32768}));
  EXPECT_EQ(Var(i16, {}).ints("+7"), Ints({7}));
  EXPECT_EQ(Var(i16, {}).ints("1e3"), Ints({1000}));
  EXPECT_EQ(Var(i24, {}).ints("8388607"), Ints({8388607}));
  EXPECT_EQ(Var(u12, {}).ints("4095"), Ints({4095}));
  EXPECT_EQ(Var({Kind::Signed, 1}, {2}).ints("[-1, 0]"), Ints({-1, 0}));
  EXPECT_EQ(Var({Kind::Unsigned, 1}, {2}).ints("[1, 0]"), Ints({1, 0}));
  EXPECT_EQ(Var(truth, {}).ints("true"), Ints({1}));
  EXPECT_EQ(Var(truth, {}).ints("0"), Ints({0}));
  EXPECT_EQ(Var(i64, {}).ints("-9223372036854775808"), Ints({INT64_MIN}));
  EXPECT_EQ(Var(f64, {}).reals("0.1"), Reals({0.1}));
  EXPECT_EQ(Var(f64, {}).reals("-inf"), Reals({-INFINITY}));
  EXPECT_TRUE(std::isnan(Var(f64, {}).reals("nan")[0]));
  EXPECT_EQ(Var(f32, {}).reals("0.1"), Reals({double(0.1f)}));
  EXPECT_EQ(Var(f32, {}).reals("3"), Reals({3}));
  EXPECT_EQ(Var(f64, {}).reals("100000000000000000000"), Reals({1e20}));
}

TEST(Values, UnsignedOnesAreHeldSignExtended) {
  Var var(u12, {});
  std::vector<char> bytes = setValue({&var.info, 1}, 0, "p.x", "4095");
  int16_t held;
  ASSERT_EQ(bytes.size(), sizeof(held));
  std::memcpy(&held, bytes.data(), sizeof(held));
  EXPECT_EQ(held, -1);
}

TEST(Values, Broadcast) {
  Var matrix(i16, {2, 3});
  EXPECT_EQ(matrix.ints("7"), Ints({7, 7, 7, 7, 7, 7}));
  EXPECT_EQ(matrix.ints("[1, 2, 3]"), Ints({1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(matrix.ints("[[1], [2]]"), Ints({1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(matrix.ints("[[1,2,3],[4,5,6]]"), Ints({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(matrix.ints("[[[1, 2, 3]]]"), Ints({1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(Var(i16, {}).ints("[[5]]"), Ints({5}));
  EXPECT_EQ(Var(i16, {0}).ints("[]"), Ints({}));
  EXPECT_EQ(Var(i16, {0, 2}).ints("3"), Ints({}));
}

TEST(Values, WrongShapes) {
  Var matrix(i16, {2, 3});
  EXPECT_EQ(
      matrix.error("[1, 2]"),
      "cannot set 'p.x': the value has the shape [2], expected [2, 3] or what broadcasts to it");
  EXPECT_EQ(matrix.error("[[1, 2, 3]]"), "none");
  EXPECT_EQ(
      matrix.error("[]"),
      "cannot set 'p.x': the value has the shape [0], expected [2, 3] or what broadcasts to it");
  EXPECT_EQ(Var(i16, {}).error("[1, 2]"),
            "cannot set 'p.x': the value has the shape [2], expected [] or what broadcasts to it");
}

TEST(Values, Inexact) {
  EXPECT_EQ(Var(i16, {}).error("9.5"), "cannot set 'p.x' to 9.5: its type i16 holds integers only");
  EXPECT_EQ(Var(i16, {}).error("40000"),
            "cannot set 'p.x' to 40000: its type i16 holds -32768 to 32767");
  EXPECT_EQ(Var(i24, {2}).error("[1, -8388609]"),
            "cannot set 'p.x' to -8388609: its type i24 holds -8388608 to 8388607");
  EXPECT_EQ(Var(u12, {}).error("-1"), "cannot set 'p.x' to -1: its type u12 holds 0 to 4095");
  EXPECT_EQ(Var(truth, {}).error("2"), "cannot set 'p.x' to 2: its type bool holds 0 to 1");
  EXPECT_EQ(Var({Kind::Signed, 1}, {}).error("1"),
            "cannot set 'p.x' to 1: its type i1 holds -1 to 0");
  EXPECT_EQ(Var({Kind::Unsigned, 1}, {}).error("-1"),
            "cannot set 'p.x' to -1: its type u1 holds 0 to 1");
  EXPECT_EQ(Var(i64, {}).error("9223372036854775808"),
            "cannot set 'p.x' to 9.223372036854776e+18: its type i64 holds -9223372036854775808 to "
            "9223372036854775807");
  EXPECT_EQ(Var(i16, {}).error("inf"),
            "cannot set 'p.x' to inf: its type i16 holds -32768 to 32767");
  EXPECT_EQ(Var(i16, {}).error("nan"), "cannot set 'p.x' to nan: its type i16 holds integers only");
  EXPECT_EQ(Var(f32, {}).error("16777217"),
            "cannot set 'p.x' to 16777217: its type f32 cannot hold this integer exactly");
  EXPECT_EQ(Var(f64, {}).error("9007199254740993"),
            "cannot set 'p.x' to 9007199254740993: its type f64 cannot hold this integer exactly");
  EXPECT_EQ(Var(f32, {}).error("1e300"),
            "cannot set 'p.x' to 1e+300: it is too large for its type f32");
}

TEST(Values, Limits) {
  Limits limits = {0, 4095, -INFINITY, 1.5};
  EXPECT_EQ(Var(i24, {}, &limits).error("4095"), "none");
  EXPECT_EQ(Var(i24, {}, &limits).error("4096"),
            "cannot set 'p.x' to 4096: its limits are 0..4095");
  EXPECT_EQ(Var(f64, {}, &limits).error("2"), "cannot set 'p.x' to 2: its limits are ..1.5");
  EXPECT_EQ(Var(f64, {}, &limits).error("nan"), "cannot set 'p.x' to nan: its limits are ..1.5");
  Limits open = {1, INT64_MAX, 0, 0};
  EXPECT_EQ(Var(i24, {}, &open).error("0"), "cannot set 'p.x' to 0: its limits are 1..");
}

TEST(Values, WrongText) {
  Var x(i16, {});
  auto prefix = [](const std::string &text) { return "cannot set 'p.x' to '" + text + "': "; };
  EXPECT_EQ(x.error(""), prefix("") + "expected a number, found ''");
  EXPECT_EQ(x.error("twelve"), prefix("twelve") + "expected a number, found 'twelve'");
  EXPECT_EQ(x.error("12x"), prefix("12x") + "expected a number, found '12x'");
  EXPECT_EQ(x.error("1 2"),
            prefix("1 2") + "expected a number, a list like [1, 2, 3], or @file.npy");
  EXPECT_EQ(x.error("[1, 2"), prefix("[1, 2") + "expected ',' or ']'");
  EXPECT_EQ(x.error("[1, [2]]"), prefix("[1, [2]]") + "its lists are not nested alike");
  EXPECT_EQ(x.error("[[1], 2]"), prefix("[[1], 2]") + "its lists are not nested alike");
  EXPECT_EQ(x.error("[[], 2]"), prefix("[[], 2]") + "its lists are not nested alike");
  EXPECT_EQ(x.error("[[1, 2], [3]]"),
            prefix("[[1, 2], [3]]") + "its lists are of different lengths");
  const std::string deep(100000, '[');
  EXPECT_EQ(x.error(deep), prefix(deep) + "its lists are nested more than 8 deep");
  EXPECT_EQ(x.error("1e999"),
            prefix("1e999") + "the number '1e999' is too large or too small for f64");
}

TEST(Values, Files) {
  TemporaryFolder folder;
  std::string path = folder / "w.npy";
  {
    NpyWriter writer(path, NpyWriter::Type::Float64);
    double values[3] = {1, 2, 3};
    writer.write(values, sizeof(values));
    writer.finish({3});
    writer.publish();
  }
  EXPECT_EQ(Var(f64, {2, 3}).reals("@" + path), Reals({1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(Var(i16, {3}).ints("@" + path), Ints({1, 2, 3})); // whole numbers are exact
  EXPECT_EQ(Var(i16, {4}).error("@" + path),
            "cannot set 'p.x': the value has the shape [3], expected [4] or what broadcasts to it");
  EXPECT_EQ(Var(i16, {4}).error("@" + folder / "none.npy"),
            "cannot open '" + folder / "none.npy" + "': No such file or directory");
}

} // namespace
