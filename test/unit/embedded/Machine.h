// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An environment for embedded programs, with Vars and channels that are vectors of numbers, and
// objects made by hand.
#ifndef BASALT_TEST_UNIT_EMBEDDED_MACHINE_H
#define BASALT_TEST_UNIT_EMBEDDED_MACHINE_H

#include "runtime/neurocore/Rv64.h"

#include <deque>
#include <stdexcept>

namespace basalt::nc {

/// What an environment ends a run with.
struct Ended : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Machine final : public Environment {
public:
  std::vector<std::vector<int64_t>> vars;
  std::vector<std::deque<std::vector<int64_t>>> channels;
  std::vector<std::string> injected;
  std::string printed;
  int64_t step = 0;
  uint64_t keySeed = 0;
  bool paused = false, stopped = false;

  bool readVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
               int64_t *values) override;
  bool writeVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                const int64_t *values) override;
  bool addToVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                const int64_t *values) override;
  bool inject(uint32_t injector, int64_t first, int64_t count, const int64_t *values) override;
  bool channelSend(uint32_t channel, const int64_t *values, int64_t count) override;
  bool channelReceive(uint32_t channel, int64_t *values, int64_t count) override;
  int64_t channelProbe(uint32_t channel) override;
  int64_t timeStep() override { return step; }
  uint64_t seed() override { return keySeed; }
  void print(const char *format, const rt::View *operands, size_t count) override;
  void pause() override { paused = true; }
  void stop() override { stopped = true; }
  [[noreturn]] void failAssertion(uint32_t site, const std::string &message) override;
  [[noreturn]] void failIndex(uint32_t site, int64_t index, int64_t extent) override;
  [[noreturn]] void fail(uint32_t site, const std::string &message) override;
  const std::string &reason() const override { return why; }

private:
  /// The elements of a Var, or null, with a reason, if they are not all there.
  int64_t *elements(uint32_t var, int64_t first, int64_t stride, int64_t count);

  std::string why;
};

inline constexpr uint32_t kCodeAt = 0x2000, kDataAt = 0x3000, kEnd = 0x4000;

/// A program of `code` at kCodeAt, with data from kDataAt to kEnd.
EmbeddedProgram programOf(const std::vector<uint32_t> &code);

/// What calling `program` at `address` fails with; empty if it does not.
std::string failureOf(const EmbeddedProgram &program, uint32_t address = kCodeAt);

} // namespace basalt::nc

#endif // BASALT_TEST_UNIT_EMBEDDED_MACHINE_H
