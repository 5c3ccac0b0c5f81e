// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What instructions read, compute and write.
#include "runtime/neurocore/ChunkRunner.h"

#include "runtime/native/Random.h"
#include "runtime/neurocore/Kernels.h"

namespace basalt::nc {

//===-- Operands
//---------------------------------------------------------------------------------===//

void ChunkRunner::prepareInput(unsigned port) {
  const Ring &ring = group.accumulators[port];
  size_t place = ring.placeOf(ring.slotOf(info.step), first);
  if (ring.isWide())
    kernels::fit(scratch.wideInputs[port], ring.wide.data() + place, n, ring.bits, true,
                 StoreMode::Wrap);
  else
    kernels::fit(scratch.inputs[port], ring.narrow.data() + place, n, ring.bits, true,
                 StoreMode::Wrap);
}

void ChunkRunner::prepare() {
  for (unsigned port = 0; port < group.accumulators.size(); ++port)
    prepareInput(port);
  for (unsigned port = 0; port < group.outputs.size(); ++port)
    if (group.program.sendsAt[port] > 1)
      std::fill_n(scratch.latched[port], n, 0);
  if (group.program.branches)
    std::fill_n(scratch.resume, n, uint16_t(0));
  if (!group.program.timed)
    return;
  std::fill_n(scratch.step, n, int32_t(uint32_t(info.step)));
  uint32_t flags = 0;
  for (size_t i = 0; i < group.timers.size(); ++i)
    flags |= uint32_t(rt::mod(info.step, group.timers[i].interval) == group.timers[i].offset) << i;
  std::fill_n(scratch.timers, n, int32_t(flags));
}

/// The words of an operand; of a pair the low ones, which need a place (0 for a, 1 for b).
const int32_t *ChunkRunner::wordOf(uint8_t operand, bool pair, unsigned which) {
  using namespace operands;
  const int64_t *wide = nullptr;
  if (operand == Zero)
    return scratch.zero;
  if (operand == One)
    return scratch.one;
  if (operand == Step)
    return scratch.step;
  if (operand == Timers)
    return scratch.timers;
  if (operand >= FirstAccumulator) {
    unsigned port = operand - FirstAccumulator;
    if (!group.accumulators[port].isWide())
      return scratch.inputs[port];
    wide = scratch.wideInputs[port];
  } else if (operand >= FirstParameter) {
    return group.parameters[operand - FirstParameter].narrow.data() + first;
  } else if (operand >= FirstConstant) {
    return group.constantWords(operand - FirstConstant);
  } else if (operand >= FirstState) {
    const Plane &plane = group.state[operand - FirstState];
    if (!plane.isWide())
      return plane.narrow.data() + first;
    wide = plane.wide.data() + first;
  } else {
    if (!pair)
      return scratch.registers[operand];
    wide = scratch.pairs[operand / 2];
  }
  int32_t *low = scratch.low[which];
  for (uint32_t i = 0; i < n; ++i)
    low[i] = int32_t(wide[i]);
  return low;
}

const int64_t *ChunkRunner::extend(const int32_t *words, bool isUnsigned, unsigned which) {
  int64_t *result = scratch.extended[which];
  if (isUnsigned)
    for (uint32_t i = 0; i < n; ++i)
      result[i] = int64_t(uint32_t(words[i]));
  else
    for (uint32_t i = 0; i < n; ++i)
      result[i] = words[i];
  return result;
}

const int64_t *ChunkRunner::pairOf(uint8_t operand, bool pair, unsigned which) {
  using namespace operands;
  bool isUnsigned = false;
  if (operand < FirstState && pair)
    return scratch.pairs[operand / 2];
  if (operand >= FirstState && operand < FirstConstant) {
    const Plane &plane = group.state[operand - FirstState];
    if (plane.isWide())
      return plane.wide.data() + first;
    isUnsigned = !plane.isSigned;
  } else if (operand >= FirstParameter && operand < FirstAccumulator) {
    isUnsigned = !group.parameters[operand - FirstParameter].isSigned;
  } else if (operand >= FirstAccumulator && operand < Zero &&
             group.accumulators[operand - FirstAccumulator].isWide()) {
    return scratch.wideInputs[operand - FirstAccumulator];
  }
  return extend(wordOf(operand, false, which), isUnsigned, which);
}

//===-- Results
//----------------------------------------------------------------------------------===//

template <typename T> void ChunkRunner::assign(T *d, const T *values, const int32_t *mask) {
  if (mask)
    kernels::blend(d, values, mask, n);
  else if (d != values)
    std::copy_n(values, n, d);
}

void ChunkRunner::storeWords(uint8_t dst, int32_t *values, const int32_t *mask) {
  Plane &plane = group.state[dst - operands::FirstState];
  if (plane.isWide()) {
    for (uint32_t i = 0; i < n; ++i)
      scratch.wideResult[i] = values[i];
    return storePairs(dst, scratch.wideResult, mask);
  }
  int32_t *d = plane.narrow.data() + first;
  bool isWhole = plane.bits == 32 && plane.store == StoreMode::Wrap;
  if (!mask && !isWhole)
    return kernels::fit(d, values, n, plane.bits, plane.isSigned, plane.store);
  if (!isWhole)
    kernels::fit(values, values, n, plane.bits, plane.isSigned, plane.store);
  assign(d, values, mask);
}

void ChunkRunner::storePairs(uint8_t dst, int64_t *values, const int32_t *mask) {
  Plane &plane = group.state[dst - operands::FirstState];
  kernels::fit(values, values, n, plane.bits, plane.isSigned, plane.store);
  if (plane.isWide())
    return assign(plane.wide.data() + first, values, mask);
  for (uint32_t i = 0; i < n; ++i)
    scratch.result[i] = int32_t(values[i]);
  assign(plane.narrow.data() + first, scratch.result, mask);
}

/// A narrow instruction that writes. Where nothing has to be done to its result it goes to its
/// place at once.
void ChunkRunner::writeWords(const Instruction &in, const CheckedInstruction &checked,
                             const int32_t *mask) {
  bool toRegister = in.dst < operands::FirstState;
  if (toRegister && !mask)
    return compute(in, checked, scratch.registers[in.dst]);
  if (!mask && in.dst < operands::FirstConstant) {
    Plane &plane = group.state[in.dst - operands::FirstState];
    if (plane.bits == 32 && plane.store == StoreMode::Wrap)
      return compute(in, checked, plane.narrow.data() + first);
  }
  compute(in, checked, scratch.result);
  if (toRegister)
    assign(scratch.registers[in.dst], scratch.result, mask);
  else if (in.dst != operands::Discard)
    storeWords(in.dst, scratch.result, mask);
}

void ChunkRunner::writePairs(const Instruction &in, const CheckedInstruction &checked,
                             const int32_t *mask) {
  computeWide(in, checked, scratch.wideResult);
  if (in.dst < operands::FirstState)
    assign(scratch.pairs[in.dst / 2], scratch.wideResult, mask);
  else if (in.dst != operands::Discard)
    storePairs(in.dst, scratch.wideResult, mask);
}

//===-- Computing
//--------------------------------------------------------------------------------===//

template <typename T>
void ChunkRunner::arithmetic(const Instruction &in, T *d, const T *a, const T *b) {
  kernels::arithmetic(in, d, a, b, scratch.c, n);
}

void ChunkRunner::draw(const Instruction &in, int64_t *d) {
  const RandomSite &site = group.sites[in.a];
  rt::RandomKey key = rt::randomKey(site.stream, int64_t(info.seed), site.key, info.step);
  for (uint32_t i = 0; i < n; ++i)
    d[i] = rt::randomBits(key, group.elementOf(uint64_t(first) + i));
}

void ChunkRunner::compute(const Instruction &in, const CheckedInstruction &checked, int32_t *d) {
  if (in.op == Op::Ldi) {
    std::fill_n(d, n, in.value);
    return;
  }
  if (in.op == Op::Rnd) {
    draw(in, scratch.wideResult);
    for (uint32_t i = 0; i < n; ++i)
      d[i] = int32_t(scratch.wideResult[i]);
    return;
  }
  const int32_t *a = wordOf(in.a, checked.aPair, 0);
  const int32_t *b = infoOf(in.op).readsB ? wordOf(in.b, checked.bPair, 1) : a;
  arithmetic(in, d, a, b);
}

void ChunkRunner::computeWide(const Instruction &in, const CheckedInstruction &checked,
                              int64_t *d) {
  if (in.op == Op::Ldi) {
    std::fill_n(d, n, in.value);
    return;
  }
  if (in.op == Op::Rnd)
    return draw(in, d);
  const int64_t *a = pairOf(in.a, checked.aPair, 0);
  const int64_t *b = infoOf(in.op).readsB ? pairOf(in.b, checked.bPair, 1) : a;
  arithmetic(in, d, a, b);
}

void ChunkRunner::compare(const CheckedInstruction &checked, const int32_t *mask) {
  const Instruction &in = checked.instruction;
  // Under a mask the flag of the others stays; `mask` may be the flag itself.
  int32_t *c = mask ? scratch.low[0] : scratch.c;
  if (in.wide)
    kernels::compare(in.op, scratch.result, c, pairOf(in.a, checked.aPair, 0),
                     pairOf(in.b, checked.bPair, 1), n);
  else
    kernels::compare(in.op, scratch.result, c, wordOf(in.a, checked.aPair, 0),
                     wordOf(in.b, checked.bPair, 1), n);
  if (in.dst < operands::FirstState)
    assign(scratch.registers[in.dst], scratch.result, mask);
  else if (in.dst != operands::Discard)
    storeWords(in.dst, scratch.result, mask);
  if (mask)
    kernels::blend(scratch.c, c, mask, n);
}

} // namespace basalt::nc
