// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A child process writes what it has read, or why it could not, into a pipe. Only fork is called,
// no other program, so the child has all that its parent has in memory.
#include "compiler/frontend/build/Isolated.h"
#include "compiler/frontend/build/ArrayFiles.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace basalt::frontend {

/// How what is in the pipe begins.
enum Outcome : char { Read = 'R', BadPart = 'P', BadFile = 'F' };

namespace {
/// One end of the pipe.
class Pipe {
public:
  explicit Pipe(int descriptor) : descriptor(descriptor) {}

  /// Both return whether they did it all.
  bool write(const void *data, size_t size);
  bool read(void *data, size_t size);
  template <typename T> bool writeValue(T value) { return write(&value, sizeof(value)); }
  template <typename T> bool readValue(T &value) { return read(&value, sizeof(value)); }

  bool writeBytes(const std::string &bytes) {
    return writeValue(uint64_t(bytes.size())) && write(bytes.data(), bytes.size());
  }
  bool readBytes(std::string &bytes) {
    uint64_t size = 0;
    if (!readValue(size))
      return false;
    bytes.resize(size);
    return read(bytes.data(), bytes.size());
  }

private:
  int descriptor;
};
} // namespace

bool Pipe::write(const void *data, size_t size) {
  const char *next = static_cast<const char *>(data);
  while (size > 0) {
    ssize_t count = ::write(descriptor, next, size);
    if (count < 0 && errno != EINTR)
      return false;
    next += std::max<ssize_t>(count, 0);
    size -= size_t(std::max<ssize_t>(count, 0));
  }
  return true;
}

bool Pipe::read(void *data, size_t size) {
  char *next = static_cast<char *>(data);
  while (size > 0) {
    ssize_t count = ::read(descriptor, next, size);
    if (count == 0 || (count < 0 && errno != EINTR))
      return false;
    next += std::max<ssize_t>(count, 0);
    size -= size_t(std::max<ssize_t>(count, 0));
  }
  return true;
}

//===--- The child ---===//

/// A crash is silent, and whatever never ends does.
static void expectTheWorst(rlim_t maxSeconds) {
  for (int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGPIPE})
    std::signal(signal, SIG_DFL);
  rlimit none{0, 0}, seconds{maxSeconds, maxSeconds};
  ::setrlimit(RLIMIT_CORE, &none);
  ::setrlimit(RLIMIT_CPU, &seconds);
}

static bool writeResult(Pipe &pipe, Outcome outcome, const std::string &bytes) {
  return pipe.writeValue(outcome) && pipe.writeBytes(bytes);
}

static bool runChild(Pipe pipe, const std::function<std::string()> &read) {
  try {
    return writeResult(pipe, Outcome::Read, read());
  } catch (const PartError &error) {
    return writeResult(pipe, Outcome::BadPart, error.what());
  } catch (const rt::InputError &error) {
    return writeResult(pipe, Outcome::BadFile, error.what());
  } catch (const std::exception &) { // no memory, most likely
    return false;
  }
}

//===--- The parent ---===//

/// What the child has written; nothing if that is not complete.
static std::optional<std::string> receive(Pipe pipe) {
  Outcome outcome = Outcome::BadFile;
  std::string bytes;
  if (!pipe.readValue(outcome) || !pipe.readBytes(bytes))
    return std::nullopt;
  if (outcome == Outcome::BadPart)
    throw PartError(bytes);
  if (outcome == Outcome::BadFile)
    throw rt::InputError(bytes);
  return bytes;
}

std::optional<std::string> readIsolated(const std::function<std::string()> &read,
                                        unsigned long maxSeconds) {
  int ends[2];
  if (::pipe(ends) != 0)
    rt::throwSystemError("cannot make a pipe", errno);
  pid_t child = ::fork();
  if (child < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    rt::throwSystemError("cannot start a process", errno);
  }
  if (child == 0) {
    ::close(ends[0]);
    expectTheWorst(maxSeconds);
    ::_exit(runChild(Pipe(ends[1]), read) ? 0 : 1);
  }
  ::close(ends[1]);
  struct Waiter {
    int end;
    pid_t child;
    ~Waiter() {
      ::close(end);
      while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR)
        ;
    }
  } waiter{ends[0], child};
  return receive(Pipe(ends[0]));
}

} // namespace basalt::frontend
