// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- SuggestTest.cpp - "did you mean" -----------------------------------===//

#include "compiler/support/Suggest.h"
#include "gtest/gtest.h"

using namespace basalt;

TEST(Suggest, Distance) {
  EXPECT_EQ(editDistanceInHalves("", ""), 0u);
  EXPECT_EQ(editDistanceInHalves("abc", "abc"), 0u);
  EXPECT_EQ(editDistanceInHalves("", "abc"), 6u);
  EXPECT_EQ(editDistanceInHalves("abc", ""), 6u);
  EXPECT_EQ(editDistanceInHalves("abc", "abd"), 2u);
  EXPECT_EQ(editDistanceInHalves("abc", "acb"), 2u); // a swap
  EXPECT_EQ(editDistanceInHalves("LIF", "lif"), 3u); // case at half weight
  EXPECT_EQ(editDistanceInHalves("kitten", "sitting"), 6u);
}

TEST(Suggest, Closest) {
  EXPECT_EQ(suggest("conections", {"instances", "connections", "aliases"}), "connections");
  EXPECT_EQ(suggest("prot", {"part", "port"}), "port");
  EXPECT_EQ(suggest("weigths", {"weights"}), "weights");
  EXPECT_EQ(suggest("LIf", {"LIF", "Lif"}), "LIF"); // the first of equals
  EXPECT_EQ(suggest("V", {"v"}), "v");
  EXPECT_EQ(suggest("spike", {"spk"}), "spk");
}

TEST(Suggest, NothingFarFetched) {
  EXPECT_EQ(suggest("foo", {"bar", "connections"}), std::nullopt);
  EXPECT_EQ(suggest("v", {"u"}), std::nullopt);
  EXPECT_EQ(suggest("", {"u"}), std::nullopt);
  EXPECT_EQ(suggest("abc", {}), std::nullopt);
  EXPECT_EQ(suggest("abc", {"abc"}), std::nullopt);
  EXPECT_EQ(suggest(std::string(100000, 'a'), {std::string(100000, 'b')}), std::nullopt);
}

TEST(Suggest, Words) {
  EXPECT_EQ(didYouMean("prots", {"ports"}), "; did you mean 'ports'?");
  EXPECT_EQ(didYouMean("xyz", {"ports"}), "");
}
