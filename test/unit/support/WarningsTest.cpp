// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- WarningsTest.cpp - which warnings the user wants -------------------===//

#include "compiler/support/Warnings.h"
#include "gtest/gtest.h"

using namespace basalt;
using Treatment = WarningOptions::Treatment;

/// What becomes of remote-race (on by default) after these options.
static Treatment after(llvm::ArrayRef<llvm::StringRef> options) {
  WarningOptions result;
  for (llvm::StringRef option : options)
    EXPECT_EQ(result.parse(option), "") << option.str();
  return result.treatmentOf(Warning::RemoteRace);
}

TEST(WarningsTest, Names) {
  for (size_t i = 0; i < allWarnings().size(); ++i)
    EXPECT_EQ(warningNamed(allWarnings()[i].name), static_cast<Warning>(i));
  EXPECT_EQ(infoOf(Warning::RemoteRace).name, "remote-race");
  EXPECT_EQ(warningNamed("Remote-race"), std::nullopt);
}

TEST(WarningsTest, LaterOptionsWin) {
  EXPECT_EQ(after({}), Treatment::Warning);
  EXPECT_EQ(after({"no-remote-race"}), Treatment::Silent);
  EXPECT_EQ(after({"no-remote-race", "remote-race"}), Treatment::Warning);
  EXPECT_EQ(after({"no-remote-race", "all"}), Treatment::Warning);
  EXPECT_EQ(after({"all", "no-remote-race"}), Treatment::Silent);
}

TEST(WarningsTest, Errors) {
  EXPECT_EQ(after({"error"}), Treatment::Error);
  EXPECT_EQ(after({"error", "no-error"}), Treatment::Warning);
  EXPECT_EQ(after({"error", "no-error=remote-race"}), Treatment::Warning);
  EXPECT_EQ(after({"no-error=remote-race", "error"}), Treatment::Warning);
  EXPECT_EQ(after({"error=remote-race", "no-error=remote-race"}), Treatment::Warning);
  EXPECT_EQ(after({"no-error=remote-race", "error=remote-race"}), Treatment::Error);
  EXPECT_EQ(after({"no-remote-race", "error"}), Treatment::Silent);
  EXPECT_EQ(after({"no-remote-race", "error=remote-race"}), Treatment::Error);
  EXPECT_EQ(after({"error=remote-race", "no-remote-race"}), Treatment::Silent);
}

TEST(WarningsTest, SilenceWins) {
  WarningOptions options;
  options.silenceAll();
  EXPECT_EQ(options.parse("error=remote-race"), "");
  EXPECT_EQ(options.treatmentOf(Warning::RemoteRace), Treatment::Silent);
}

TEST(WarningsTest, Unknown) {
  WarningOptions options;
  EXPECT_EQ(options.parse("remote-rase"),
            "unknown warning 'remote-rase'; did you mean 'remote-race'?");
  EXPECT_EQ(options.parse("no-error=x"), "unknown warning 'x'");
  EXPECT_EQ(options.parse(""), "unknown warning ''");
}
