// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an embedded program asks for, answered by the emulator.
#ifndef BASALT_RUNTIME_NEUROCORE_EMULATORENVIRONMENT_H
#define BASALT_RUNTIME_NEUROCORE_EMULATORENVIRONMENT_H

#include "runtime/neurocore/VarAccess.h"

#include <deque>

namespace basalt::nc {

/// What all programs share.
struct Shared {
  explicit Shared(Machine &machine) : machine(machine), channels(machine.image.channels.size()) {}

  Machine &machine;
  std::vector<VarAccess> vars;
  std::vector<std::deque<std::vector<int64_t>>> channels;
  Counters counters;
};

/// The environment of one call.
class EmulatorEnvironment final : public Environment {
public:
  EmulatorEnvironment(Shared &shared, rt::Context &ctx, const EmbeddedCall &call)
      : shared(shared), ctx(ctx), called(call),
        program(shared.machine.image.embedded[call.program]) {}

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
  int64_t timeStep() override { return ctx.timeStep; }
  uint64_t seed() override { return ctx.seed; }
  void print(const char *format, const rt::View *operands, size_t count) override;
  void pause() override { ctx.pauseRequested = true; }
  void stop() override { ctx.stopRequested = true; }
  [[noreturn]] void failAssertion(uint32_t site, const std::string &message) override;
  [[noreturn]] void failIndex(uint32_t site, int64_t index, int64_t extent) override;
  [[noreturn]] void fail(uint32_t site, const std::string &message) override;
  const std::string &reason() const override { return why; }

private:
  bool refuse(const std::string &message) {
    why = message;
    return false;
  }
  bool mayAccess(const std::vector<uint32_t> &allowed, uint32_t var, int64_t first, int64_t stride,
                 int64_t count, const char *verb);
  bool checkMessage(uint32_t channel, int64_t count, bool sends);

  Shared &shared;
  rt::Context &ctx;
  const EmbeddedCall &called;
  const EmbeddedProgram &program;
  std::string why;
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_EMULATORENVIRONMENT_H
