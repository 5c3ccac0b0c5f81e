// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between the emulator and whatever runs embedded programs: what a program can ask for, and how it
// is called. Nothing here knows an instruction set.
#ifndef BASALT_RUNTIME_NEUROCORE_EMBEDDED_H
#define BASALT_RUNTIME_NEUROCORE_EMBEDDED_H

#include "runtime/native/View.h"
#include "runtime/neurocore/Image.h"

#include <memory>
#include <string>

namespace basalt::nc {

/// What an embedded program reaches outside its memory: its environment calls end here. Functions
/// that return false have refused (an index out of range, a Var that the program may not access, a
/// full channel); `reason()` then says why, and the program has failed.
class Environment {
public:
  virtual ~Environment() = default;

  /// Elements first, first + stride, ... of a Var, as values of its type in 64 bits. Reads see all
  /// writes before, whoever made them.
  virtual bool readVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                       int64_t *values) = 0;
  virtual bool writeVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                        const int64_t *values) = 0;
  /// The same, adding to what is there.
  virtual bool addToVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                        const int64_t *values) = 0;
  /// Sends a message of this step: source first + i has sent values[i], if that is not 0.
  virtual bool inject(uint32_t injector, int64_t first, int64_t count, const int64_t *values) = 0;

  virtual bool channelSend(uint32_t channel, const int64_t *values, int64_t count) = 0;
  /// Refuses if the channel is empty; see channelProbe.
  virtual bool channelReceive(uint32_t channel, int64_t *values, int64_t count) = 0;
  /// Messages in the channel.
  virtual int64_t channelProbe(uint32_t channel) = 0;

  /// The step that runs, 0 in init; the number of the last one in host.
  virtual int64_t timeStep() = 0;
  virtual uint64_t seed() = 0;
  /// `format` as num's print: each {} is replaced by the next operand.
  virtual void print(const char *format, const rt::View *operands, size_t count) = 0;
  virtual void pause() = 0;
  virtual void stop() = 0;

  /// Ends the run with an error at a place of Image::sites (kNone or beyond it: none).
  [[noreturn]] virtual void failAssertion(uint32_t site, const std::string &message) = 0;
  [[noreturn]] virtual void failIndex(uint32_t site, int64_t index, int64_t extent) = 0;
  [[noreturn]] virtual void fail(uint32_t site, const std::string &message) = 0;

  virtual const std::string &reason() const = 0;
};

/// An embedded processor with the memory of one program.
class EmbeddedCpu {
public:
  virtual ~EmbeddedCpu() = default;

  /// Calls the function at `address` and returns what it returns. Ends the run through
  /// `Environment::fail` if the program does what it must not, or needs more than its fuel.
  virtual int64_t call(uint32_t address, Environment &environment) = 0;
  /// The memory, for Vars that live in it; its size is EmbeddedProgram::memoryBytes.
  virtual uint8_t *memory() = 0;
  /// Instructions so far.
  virtual uint64_t executed() const = 0;
};

/// Makes a processor for a program that has been verified.
std::unique_ptr<EmbeddedCpu> makeEmbeddedCpu(const EmbeddedProgram &program);

/// What is wrong with the object of a program and the addresses of its calls; nothing if it can
/// run. For objects of unknown origin.
std::string verifyEmbeddedProgram(const Image &image, uint32_t program);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_EMBEDDED_H
