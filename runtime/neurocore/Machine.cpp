// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions over chunks of neurons. Where neurons take different paths, each has the word at
// which it goes on; whoever is behind it at a word is masked.
#include "runtime/neurocore/Machine.h"

#include "runtime/neurocore/ChunkRunner.h"
#include "runtime/neurocore/Kernels.h"

namespace basalt::nc {

ScratchPointer makeScratch() {
  return {new Scratch, [](Scratch *scratch) { delete scratch; }};
}

//===-- Sending
//----------------------------------------------------------------------------------===//

/// Whether a block of neurons has something to send: most have not.
static bool hasValue(const int32_t *values) {
  int32_t any = 0;
  for (size_t i = 0; i < kernels::kBlock; ++i)
    any |= values[i];
  return any != 0;
}

/// What neurons of a block send, where `mask` (null: everywhere) has a bit.
void ChunkRunner::sendBlock(unsigned port, uint32_t block, const int32_t *values,
                            const int32_t *mask, bool always) {
  bool isLatched = group.program.sendsAt[port] > 1;
  for (uint32_t i = 0, end = std::min<uint32_t>(kernels::kBlock, count - block); i < end; ++i) {
    if ((mask && !mask[block + i]) || (!always && values[i] == 0))
      continue;
    if (isLatched) {
      scratch.latch[port][block + i] = values[i];
      scratch.latched[port][block + i] = 1;
    } else {
      group.spikes[port].push_back({first + block + i, values[i]});
    }
  }
}

void ChunkRunner::send(const CheckedInstruction &checked, const int32_t *mask) {
  const Instruction &in = checked.instruction;
  if (!group.heard[in.dst])
    return;
  const Output &output = group.outputs[in.dst];
  const int32_t *given = wordOf(in.a, checked.aPair, 0);
  bool always = in.op == Op::Spka;
  for (uint32_t block = 0; block < count; block += kernels::kBlock) {
    if (!always && !hasValue(given + block))
      continue;
    int32_t values[kernels::kBlock];
    kernels::fit(values, given + block, kernels::kBlock, output.bits, output.isSigned,
                 StoreMode::Wrap);
    sendBlock(in.dst, block, values, mask, always);
  }
}

void ChunkRunner::flushLatches() {
  for (unsigned port = 0; port < group.outputs.size(); ++port) {
    if (group.program.sendsAt[port] < 2)
      continue;
    for (uint32_t i = 0; i < count; ++i)
      if (scratch.latched[port][i])
        group.spikes[port].push_back({first + i, scratch.latch[port][i]});
  }
}

//===-- Control
//----------------------------------------------------------------------------------===//

void ChunkRunner::updateActive(uint32_t at) {
  for (uint32_t i = 0; i < n; ++i)
    scratch.active[i] = scratch.resume[i] <= at ? -1 : 0;
}

/// Where the instruction has an effect; null: everywhere.
const int32_t *ChunkRunner::maskOf(const Instruction &in) {
  if (!masked)
    return in.predicated ? scratch.c : nullptr;
  if (!in.predicated)
    return scratch.active;
  kernels::binary(scratch.mask, scratch.active, scratch.c, n,
                  [](int32_t x, int32_t y) { return x & y; });
  return scratch.mask;
}

void ChunkRunner::branch(uint32_t at, const Instruction &in, const int32_t *mask) {
  uint32_t target = in.op == Op::Halt ? UINT16_MAX : at + 1 + uint32_t(in.value);
  for (uint32_t i = 0; i < n; ++i) {
    bool takes = (!mask || mask[i]) && (in.op != Op::Sknc || !scratch.c[i]);
    if (takes)
      scratch.resume[i] = uint16_t(target);
  }
  masked = true;
  updateActive(at + 1);
}

void ChunkRunner::execute(uint32_t at) {
  const CheckedInstruction &checked = group.program.code[at];
  const Instruction &in = checked.instruction;
  if (masked && checked.joins)
    updateActive(at);
  const int32_t *mask = maskOf(in);
  switch (in.op) {
  case Op::Halt:
  case Op::Sknc:
  case Op::Jmp:
    return branch(at, in, mask);
  case Op::Spk:
  case Op::Spka:
    return send(checked, mask);
  case Op::Gt:
  case Op::Ge:
  case Op::Lt:
  case Op::Eq:
    return compare(checked, mask);
  default:
    return in.wide ? writePairs(in, checked, mask) : writeWords(in, checked, mask);
  }
}

void ChunkRunner::executePlain(const PlainStep &step) {
  int32_t *d = step.d + (step.moves & PlainStep::D ? first : 0);
  const int32_t *a = step.a + (step.moves & PlainStep::A ? first : 0);
  const int32_t *b = step.b + (step.moves & PlainStep::B ? first : 0);
  step.kernel(step, d, a, b, scratch.c, n);
  if (step.fits)
    kernels::fit(d, d, n, step.fits->bits, step.fits->isSigned, step.fits->store);
}

uint64_t ChunkRunner::run() {
  prepare();
  const std::vector<CheckedInstruction> &code = group.program.code;
  uint32_t at = 0;
  for (; at < code.size(); ++at) {
    const PlainStep &step = group.plain[at];
    if (step.kernel) {
      executePlain(step);
      continue;
    }
    bool ends = code[at].instruction.op == Op::Halt && !group.program.branches;
    if (ends)
      break;
    execute(at);
  }
  flushLatches();
  return uint64_t(at) * count;
}

//===-- Groups
//-----------------------------------------------------------------------------------===//

/// Copies the state of a chunk, or compares it with a copy.
static bool stateOfChunk(GroupState &group, Scratch &scratch, uint32_t chunk, bool compare) {
  uint32_t first = chunk * kChunk, count = std::min(kChunk, group.count - first);
  size_t narrow = 0, wide = 0;
  scratch.narrowBefore.resize(kMostSlots * kChunk);
  scratch.wideBefore.resize(kMostSlots * kChunk);
  bool same = true;
  auto visit = [&](auto *values, auto *copy) {
    if (compare)
      same = same && std::equal(values, values + count, copy);
    else
      std::copy_n(values, count, copy);
  };
  for (Plane &plane : group.state)
    if (plane.isWide())
      visit(plane.wide.data() + first, scratch.wideBefore.data() + kChunk * wide++);
    else
      visit(plane.narrow.data() + first, scratch.narrowBefore.data() + kChunk * narrow++);
  return same;
}

bool GroupState::runChunk(const StepInfo &info, Scratch &scratch, uint32_t chunk,
                          Counters &counters) {
  bool input = hasInput(info, chunk);
  if (!input && quiet[chunk])
    return false;
  // Comparing costs about as much as two instructions, so it is not done in each step.
  bool watch = !input && !program.timed && age[chunk]++ % 8 == 0;
  if (watch)
    stateOfChunk(*this, scratch, chunk, false);
  size_t before = 0, after = 0;
  for (const std::vector<Spike> &list : spikes)
    before += list.size();
  counters.instructions += ChunkRunner(*this, info, scratch, chunk).run();
  for (const std::vector<Spike> &list : spikes)
    after += list.size();
  quiet[chunk] = watch && before == after && stateOfChunk(*this, scratch, chunk, true);
  if (input) {
    age[chunk] = 0;
    for (Ring &ring : accumulators)
      ring.clear(ring.slotOf(info.step), chunk);
  }
  return true;
}

void GroupState::run(const StepInfo &info, Scratch &scratch, Counters &counters) {
  for (std::vector<Spike> &list : spikes)
    list.clear();
  if (plainFor != &scratch)
    findPlainSteps(scratch);
  for (uint32_t chunk = 0; chunk < quiet.size(); ++chunk) {
    bool ran = runChunk(info, scratch, chunk, counters);
    (ran ? counters.updates : counters.idle) += std::min(kChunk, count - chunk * kChunk);
  }
  for (const std::vector<Spike> &list : spikes)
    counters.spikes += list.size();
}

} // namespace basalt::nc
