// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Messages are headers, an empty line, and as many bytes as `Content-Length` says.
#include "tools/basalt/lsp/Channel.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <unistd.h>

using namespace basalt::lsp;
using llvm::StringRef;

/// What no editor sends.
static constexpr size_t mostHeader = 4096, mostBytes = size_t(64) << 20;
/// The parser of JSON calls itself for each bracket within a bracket.
static constexpr unsigned mostNesting = 100;

/// Whether it is a message at all: the library would end the connection for anything else.
static bool isMessage(StringRef text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return false;
  }
  const llvm::json::Object *object = value->getAsObject();
  return object && object->getString("jsonrpc") == "2.0" &&
         (object->getString("method") || object->get("id"));
}

static bool isNestedTooDeeply(StringRef json) {
  unsigned depth = 0;
  bool isString = false;
  for (size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (isString) {
      i += c == '\\';
      isString = c != '"';
      continue;
    }
    isString = c == '"';
    if (c == '[' || c == '{')
      if (++depth > mostNesting)
        return true;
    if ((c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return false;
}

/// The number after `Content-Length:`.
static std::optional<size_t> lengthIn(StringRef header) {
  llvm::SmallVector<StringRef> lines;
  header.split(lines, '\n');
  for (StringRef line : lines) {
    auto [name, value] = line.split(':');
    size_t length = 0;
    if (name.trim().equals_insensitive("Content-Length") && !value.trim().getAsInteger(10, length))
      return length;
  }
  return std::nullopt;
}

Channel::Taken Channel::take(std::string &json) {
  StringRef text = pending;
  size_t end = text.find("\r\n\r\n");
  if (end == StringRef::npos) {
    if (pending.size() <= mostHeader)
      return Taken::Nothing;
    pending.clear();
    return Taken::Garbage;
  }
  std::optional<size_t> length = lengthIn(text.take_front(end));
  size_t begin = end + 4;
  if (!length || *length > mostBytes) {
    pending.erase(0, begin);
    return Taken::Garbage;
  }
  if (text.size() - begin < *length)
    return Taken::Nothing;
  json = text.substr(begin, *length).str();
  pending.erase(0, begin + *length);
  return !isNestedTooDeeply(json) && isMessage(json) ? Taken::Message : Taken::Garbage;
}

void Channel::read() {
  char bytes[1 << 16];
  ssize_t count = ::read(input, bytes, sizeof(bytes));
  if (count > 0)
    pending.append(bytes, size_t(count));
  else if (count == 0 || errno != EINTR)
    ended = true;
}

void Channel::wait() {
  using namespace std::chrono;
  pollfd descriptors[] = {{input, POLLIN, 0}, {background.descriptor(), POLLIN, 0}};
  int timeout = -1;
  if (std::optional<Background::Clock::time_point> deadline = background.deadline()) {
    auto left = ceil<milliseconds>(*deadline - Background::Clock::now()).count();
    timeout = int(std::clamp<int64_t>(left, 0, 60'000));
  }
  int ready = ::poll(descriptors, 2, timeout);
  if (ready < 0)
    return; // interrupted: once more
  // Changes before work: they may make it needless.
  if (descriptors[0].revents != 0)
    read();
  else
    background.wake();
}

llvm::LogicalResult Channel::readStandardMessage(std::string &json) {
  while (true) {
    switch (take(json)) {
    case Taken::Message:
      return llvm::success();
    case Taken::Garbage:
      return llvm::failure();
    case Taken::Nothing:
      break;
    }
    if (ended)
      return llvm::failure();
    wait();
  }
}
