// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks run in processes of their own: those that crash or never end do no harm.
#include "tools/basalt/lsp/Check.h"
#include "tools/basalt/lsp/Checks.h"

#include "gtest/gtest.h"

#include <csignal>
#include <poll.h>
#include <unistd.h>

using namespace basalt::lsp;

static void say(const char *text) {
  ASSERT_EQ(::write(STDERR_FILENO, text, strlen(text)), ssize_t(strlen(text)));
}

static const char *const error =
    R"({"severity": "error", "file": "/a.yaml", "line": 3, "column": 5, "message": "wrong",
"notes": []})";

/// All that a check says, or says until its time is over.
static Report run(const Checker &checker, std::chrono::milliseconds limit) {
  Check check({"/a.yaml", {}}, checker, limit);
  while (Check::Clock::now() < check.deadline()) {
    pollfd descriptor{check.descriptor(), POLLIN, 0};
    ::poll(&descriptor, 1, 20);
    if (check.read())
      break;
  }
  return check.report();
}

static std::string oneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text + "\n";
}

TEST(Check, SaysWhatItFinds) {
  Report report = run(
      [](const CheckRequest &request) {
        say(oneLine(error).c_str());
        say("a library complains\n[1]\n");
        say(("{\"read\": \"" + request.file + "\"}\n").c_str());
        say("{\"member\": \"p\", \"file\": \"/a.yaml\", \"line\": 1, \"column\": 2, "
            "\"type\": \"f64\", \"value\": \"3\"}\n");
      },
      std::chrono::seconds(60));
  ASSERT_EQ(report.messages.size(), 1u);
  EXPECT_EQ(report.messages[0].text, "wrong");
  EXPECT_EQ(report.messages[0].line, 3u);
  EXPECT_EQ(report.files, std::vector<std::string>{"/a.yaml"});
  ASSERT_EQ(report.members["/a.yaml:1:2"].size(), 1u);
  EXPECT_EQ(report.members["/a.yaml:1:2"][0].type, "f64");
}

TEST(Check, CrashIsToldOf) {
  Report report = run(
      [](const CheckRequest &) {
        say(oneLine(error).c_str());
        ::raise(SIGKILL);
      },
      std::chrono::seconds(60));
  ASSERT_EQ(report.messages.size(), 2u);
  EXPECT_EQ(report.messages[1].text,
            "not checked to the end: that takes too long, or Basalt has failed");
}

TEST(Check, EndlessOneIsStopped) {
  auto forever = [](const CheckRequest &) {
    while (true)
      ::pause();
  };
  Report report = run(forever, std::chrono::milliseconds(50));
  ASSERT_EQ(report.messages.size(), 1u);
}

/// The library's folder is none, so that only the texts count.
TEST(Checks, ChangesWaitAndStopWhatRuns) {
  Workspace workspace("");
  std::vector<std::string> published;
  Checks checks(
      workspace,
      [](const CheckRequest &request) {
        if (request.buffers.front().second == "slow")
          ::pause();
        say(oneLine(error).c_str());
      },
      [&](const std::string &file) { published.push_back(file); });
  auto wait = [&](auto isDone) {
    while (!isDone()) {
      pollfd descriptor{checks.descriptor(), POLLIN, 0};
      ::poll(&descriptor, 1, 10);
      checks.wake();
    }
  };
  EXPECT_FALSE(checks.deadline());
  workspace.open("/a.yaml", "slow");
  checks.changed("/a.yaml");
  EXPECT_EQ(checks.descriptor(), -1); // not at once
  wait([&] { return checks.descriptor() >= 0; });
  workspace.open("/a.yaml", "quick");
  checks.changed("/a.yaml");
  EXPECT_EQ(checks.descriptor(), -1); // the slow one is stopped
  wait([&] { return !published.empty(); });
  EXPECT_EQ(published, std::vector<std::string>{"/a.yaml"});
  EXPECT_EQ(checks.reports().at("/a.yaml").messages.size(), 1u);
  workspace.close("/a.yaml");
  checks.closed("/a.yaml");
  EXPECT_TRUE(checks.reports().empty());
  EXPECT_EQ(published.size(), 2u);
}
