// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which texts have to be checked, and when: a moment after the last change, one at a time.
#ifndef BASALT_TOOLS_BASALT_LSP_CHECKS_H
#define BASALT_TOOLS_BASALT_LSP_CHECKS_H

#include "tools/basalt/lsp/Channel.h"
#include "tools/basalt/lsp/Features.h"

#include <set>

namespace basalt::lsp {

class Checks : public Background {
public:
  /// `publish` is called with each file of which the messages may have changed.
  Checks(Workspace &workspace, Checker checker, std::function<void(const std::string &)> publish)
      : workspace(workspace), checker(std::move(checker)), publish(std::move(publish)) {}

  /// The text of an open file is new.
  void changed(const std::string &file);
  /// A file is no longer open.
  void closed(const std::string &file);
  const Reports &reports() const { return found; }

  int descriptor() const override { return running ? running->descriptor() : -1; }
  std::optional<Clock::time_point> deadline() const override;
  void wake() override;

private:
  /// Whether the text of `file` counts when `root` is checked, as far as is known.
  bool reads(const std::string &root, const std::string &file) const;
  /// All open texts that `file` counts for are to be checked again.
  void request(const std::string &file);
  void start();
  void finish();
  void replace(const std::string &root, Report report);

  Workspace &workspace;
  Checker checker;
  std::function<void(const std::string &)> publish;
  std::set<std::string> waiting;
  Clock::time_point due;
  std::unique_ptr<Check> running;
  Reports found;
};

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_CHECKS_H
