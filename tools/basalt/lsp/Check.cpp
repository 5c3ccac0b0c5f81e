// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A child process checks and writes into a pipe. The server has one thread, so it may fork.
#include "tools/basalt/lsp/Check.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/JSON.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace basalt::lsp;
using llvm::StringRef;
namespace json = llvm::json;
namespace protocol = llvm::lsp;

/// More than this of a report is of no use to anybody.
static constexpr size_t mostOutput = size_t(32) << 20;

/// Standard input and output belong to the editor; errors go to the pipe.
static void takeStreams(int pipe) {
  int null = ::open("/dev/null", O_RDWR);
  if (null < 0 || ::dup2(null, STDIN_FILENO) < 0 || ::dup2(null, STDOUT_FILENO) < 0 ||
      ::dup2(pipe, STDERR_FILENO) < 0)
    ::_exit(1);
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

Check::Check(const CheckRequest &request, const Checker &checker, std::chrono::milliseconds limit)
    : root(request.file), latest(Clock::now() + limit) {
  int ends[2];
  if (::pipe(ends) != 0)
    return;
  child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    takeStreams(ends[1]);
    checker(request);
    llvm::errs() << "{\"end\": true}\n";
    ::_exit(0);
  }
  ::close(ends[1]);
  pipe = ends[0];
  ::fcntl(pipe, F_SETFL, O_NONBLOCK);
  ::fcntl(pipe, F_SETFD, FD_CLOEXEC);
}

Check::~Check() {
  if (pipe >= 0)
    ::close(pipe);
  if (child <= 0)
    return;
  ::kill(child, SIGKILL);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR)
    ;
}

bool Check::read() {
  char bytes[1 << 16];
  while (pipe >= 0 && output.size() < mostOutput) {
    ssize_t count = ::read(pipe, bytes, sizeof(bytes));
    if (count > 0)
      output.append(bytes, size_t(count));
    else if (count < 0 && errno == EINTR)
      continue;
    else
      return count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }
  return true;
}

static Message toMessage(const json::Object &object) {
  Message message;
  message.severity =
      llvm::StringSwitch<protocol::DiagnosticSeverity>(object.getString("severity").value_or(""))
          .Case("error", protocol::DiagnosticSeverity::Error)
          .Case("warning", protocol::DiagnosticSeverity::Warning)
          .Default(protocol::DiagnosticSeverity::Information);
  message.file = object.getString("file").value_or("").str();
  message.line = unsigned(object.getInteger("line").value_or(0));
  message.column = unsigned(object.getInteger("column").value_or(0));
  message.text = object.getString("message").value_or("").str();
  if (std::optional<StringRef> warning = object.getString("warning"))
    message.text += " [-W" + warning->str() + "]";
  if (const json::Array *notes = object.getArray("notes"))
    for (const json::Value &note : *notes)
      if (const json::Object *inner = note.getAsObject())
        message.notes.push_back(toMessage(*inner));
  return message;
}

Report Check::report() const {
  Report report;
  llvm::SmallVector<StringRef> lines;
  StringRef(output).split(lines, '\n', -1, /*KeepEmpty=*/false);
  bool isComplete = false;
  for (StringRef line : lines) {
    // What libraries say in their own way is not for the user.
    llvm::Expected<json::Value> value = json::parse(line);
    if (!value) {
      llvm::consumeError(value.takeError());
      continue;
    }
    const json::Object *object = value->getAsObject();
    if (!object)
      continue;
    if (object->getBoolean("end")) {
      isComplete = true;
    } else if (std::optional<StringRef> file = object->getString("read")) {
      report.files.push_back(file->str());
    } else if (std::optional<StringRef> instance = object->getString("member")) {
      Message place = toMessage(*object);
      std::string key =
          place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
      report.members[key].push_back({instance->str(), object->getString("type").value_or("").str(),
                                     object->getString("value").value_or("").str()});
    } else {
      report.messages.push_back(toMessage(*object));
    }
  }
  if (!isComplete)
    report.messages.push_back({protocol::DiagnosticSeverity::Warning,
                               "",
                               1,
                               1,
                               "not checked to the end: that takes too long, or Basalt has failed",
                               {}});
  return report;
}
