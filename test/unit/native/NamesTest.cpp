// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The map from users' names to C++ identifiers: readable, valid, one-to-one.
#include "compiler/native/Names.h"

#include "gtest/gtest.h"

#include <cctype>
#include <set>
#include <string>

using basalt::native::Names;

static std::string only(llvm::StringRef name) {
  Names names;
  return names.of(name).str();
}

TEST(Names, ReadLikeTheOriginal) {
  EXPECT_EQ(only("lif1.v"), "lif1_v");
  EXPECT_EQ(only("net.layer.lif.bias_mant"), "net_layer_lif_bias_mant");
  EXPECT_EQ(only("x"), "x");
}

TEST(Names, GiveTheSameIdentifierForTheSameName) {
  Names names;
  std::string first = names.of("a.b").str();
  names.of("a_b");
  EXPECT_EQ(names.of("a.b"), first);
}

TEST(Names, TellApartWhatWouldBeTheSame) {
  Names names;
  EXPECT_EQ(names.of("a.b_c"), "a_b_c");
  EXPECT_EQ(names.of("a_b.c"), "a_b_c_2");
  EXPECT_EQ(names.of("a_b_c_2"), "a_b_c_2_2");
  EXPECT_EQ(names.of("a.b.c"), "a_b_c_3");
}

TEST(Names, KeepClearOfCpp) {
  EXPECT_EQ(only("class"), "class_2");
  EXPECT_EQ(only("main"), "main_2");
  EXPECT_EQ(only("int32_t"), "int32_t_2");
  EXPECT_EQ(only("xor"), "xor_2");
  EXPECT_EQ(only("2d.x"), "x2d_x");
  EXPECT_EQ(only("_Private"), "x_Private");
  EXPECT_EQ(only("a__b"), "a_b") << "two underscores in a row are reserved";
  EXPECT_EQ(only("gr\xc3\xb6\xc3\x9f"
                 "e"),
            "gr_e");
  EXPECT_EQ(only(""), "x");
}

TEST(Names, KeepClearOfTheGeneratedText) {
  EXPECT_EQ(only("v12"), "v_12") << "a local of the printer";
  EXPECT_EQ(only("i0"), "i_0") << "a loop counter of the printer";
  EXPECT_EQ(only("v1x"), "v1x");
  EXPECT_EQ(only("w12"), "w12");
  EXPECT_EQ(only("ctx"), "ctx_2");
  EXPECT_EQ(only("spk"), "spk_2");
  EXPECT_EQ(only("kSites"), "k_Sites");
}

TEST(Names, AreOneToOneAndValid) {
  // All names of up to four letters of an alphabet in which everything collides.
  Names names;
  std::set<std::string> seen;
  std::string letters = "a_.1v";
  size_t count = 0;
  for (size_t length = 1; length <= 4; ++length) {
    size_t total = 1;
    for (size_t i = 0; i < length; ++i)
      total *= letters.size();
    for (size_t code = 0; code < total; ++code, ++count) {
      std::string name;
      for (size_t i = 0, rest = code; i < length; ++i, rest /= letters.size())
        name += letters[rest % letters.size()];
      std::string identifier = names.of(name).str();
      EXPECT_TRUE(seen.insert(identifier).second) << name << " is " << identifier << " too";
      EXPECT_TRUE(std::isalpha(static_cast<unsigned char>(identifier[0]))) << identifier;
      EXPECT_EQ(identifier.find("__"), std::string::npos) << identifier;
    }
  }
  EXPECT_EQ(seen.size(), count);
}
