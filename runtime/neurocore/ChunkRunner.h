// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One chunk of neurons in one step, for Machine.cpp and ChunkValues.cpp.
#ifndef BASALT_RUNTIME_NEUROCORE_CHUNKRUNNER_H
#define BASALT_RUNTIME_NEUROCORE_CHUNKRUNNER_H

#include "runtime/neurocore/Machine.h"

#include <algorithm>

namespace basalt::nc {

/// What instructions need beyond the group: registers, converted operands, flags.
class Scratch {
public:
  using Words = int32_t[kChunk];
  using Pairs = int64_t[kChunk];

  alignas(64) Words registers[16];
  alignas(64) Pairs pairs[8];
  alignas(64) Words inputs[kMostPorts];
  alignas(64) Words zero = {}, one, step, timers;
  alignas(64) Words c, active, mask, low[2], result;
  alignas(64) Pairs extended[2], wideResult, wideInputs[kMostPorts];
  alignas(64) uint16_t resume[kChunk];
  /// Outputs with more than one SPK: what was sent by whom.
  alignas(64) Words latch[kMostPorts], latched[kMostPorts];
  /// The state before a step, for comparison.
  std::vector<int32_t> narrowBefore;
  std::vector<int64_t> wideBefore;

  Scratch() { std::fill_n(one, kChunk, 1); }
};

/// One chunk in one step.
class ChunkRunner {
public:
  ChunkRunner(GroupState &group, const StepInfo &info, Scratch &scratch, uint32_t chunk)
      : group(group), info(info), scratch(scratch), first(chunk * kChunk),
        count(std::min(kChunk, group.count - first)), n((count + 15) / 16 * 16) {}

  /// Returns the number of instructions.
  uint64_t run();

private:
  void prepare();
  void prepareInput(unsigned port);
  void execute(uint32_t at);
  void executePlain(const PlainStep &step);
  const int32_t *maskOf(const Instruction &in);
  void updateActive(uint32_t at);
  void branch(uint32_t at, const Instruction &in, const int32_t *mask);

  const int32_t *wordOf(uint8_t operand, bool pair, unsigned which);
  const int64_t *pairOf(uint8_t operand, bool pair, unsigned which);
  const int64_t *extend(const int32_t *words, bool isUnsigned, unsigned which);

  void compute(const Instruction &in, const CheckedInstruction &checked, int32_t *d);
  void computeWide(const Instruction &in, const CheckedInstruction &checked, int64_t *d);
  template <typename T> void arithmetic(const Instruction &in, T *d, const T *a, const T *b);
  void compare(const CheckedInstruction &checked, const int32_t *mask);

  void writeWords(const Instruction &in, const CheckedInstruction &checked, const int32_t *mask);
  void writePairs(const Instruction &in, const CheckedInstruction &checked, const int32_t *mask);
  template <typename T> void assign(T *d, const T *values, const int32_t *mask);
  void storeWords(uint8_t dst, int32_t *values, const int32_t *mask);
  void storePairs(uint8_t dst, int64_t *values, const int32_t *mask);

  void draw(const Instruction &in, int64_t *d);
  void send(const CheckedInstruction &checked, const int32_t *mask);
  void sendBlock(unsigned port, uint32_t block, const int32_t *values, const int32_t *mask,
                 bool always);
  void flushLatches();

  GroupState &group;
  const StepInfo &info;
  Scratch &scratch;
  uint32_t first, count, n; // n is `count`, up to whole vectors
  bool masked = false;      // `active` counts
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_CHUNKRUNNER_H
