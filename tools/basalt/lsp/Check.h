// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler as the server uses it: in a process of its own for each check, which may crash, take
// too long or be stopped because the text has changed.
#ifndef BASALT_TOOLS_BASALT_LSP_CHECK_H
#define BASALT_TOOLS_BASALT_LSP_CHECK_H

#include "tools/basalt/lsp/Document.h"

#include "llvm/ADT/StringMap.h"

#include <chrono>
#include <functional>
#include <map>
#include <sys/types.h>
#include <utility>

namespace basalt::lsp {

struct CheckRequest {
  std::string file; ///< a canonical path
  /// Texts in place of those of files, by canonical path.
  std::vector<std::pair<std::string, std::string>> buffers;
};

/// Checks a file, and writes what it finds to standard error, one JSON object a line: errors and
/// warnings as `basalt check --diagnostics=json` does; `{"read": FILE}` for each text it has read;
/// and for each member of an instance
/// `{"member": INSTANCE, "file": ..., "line": ..., "column": ..., "type": ..., "value": ...}`.
using Checker = std::function<void(const CheckRequest &)>;

/// What is known of a declaration in one instance.
struct Instantiated {
  std::string instance, type, value;
};

struct Message {
  llvm::lsp::DiagnosticSeverity severity;
  std::string file; ///< empty: none
  unsigned line = 0, column = 0;
  std::string text;
  std::vector<Message> notes;
};

/// The result of a check.
struct Report {
  std::vector<Message> messages;
  std::vector<std::string> files;
  /// By `FILE:LINE:COLUMN` of the declaration.
  llvm::StringMap<std::vector<Instantiated>> members;
};

/// A check that runs.
class Check {
public:
  using Clock = std::chrono::steady_clock;

  /// As long as a check may take.
  static constexpr std::chrono::milliseconds mostTime = std::chrono::seconds(30);

  Check(const CheckRequest &request, const Checker &checker,
        std::chrono::milliseconds limit = mostTime);
  Check(const Check &) = delete;
  ~Check(); ///< stops it

  const std::string &file() const { return root; }
  /// Readable when there is something to read.
  int descriptor() const { return pipe; }
  /// Reads what there is; true when it has ended.
  bool read();
  /// When it takes too long.
  Clock::time_point deadline() const { return latest; }
  /// Of what has been read so far; says so if that is not all.
  Report report() const;

private:
  std::string root;
  std::string output;
  int pipe = -1;
  pid_t child = -1;
  Clock::time_point latest;
};

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_CHECK_H
