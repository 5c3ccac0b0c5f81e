// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Instructions that can be told beforehand what to do: of programs that all neurons go through
// alike, those on words alone. For small groups, deciding takes as long as computing.
#include "runtime/neurocore/ChunkRunner.h"
#include "runtime/neurocore/Kernels.h"

namespace basalt::nc {

namespace {

template <Op op>
void compute(const PlainStep &step, int32_t *d, const int32_t *a, const int32_t *b, int32_t *c,
             size_t n) {
  Instruction in = step.instruction;
  in.op = op; // what the compiler knows then leaves one loop
  if constexpr (op == Op::Ldi)
    std::fill_n(d, n, in.value);
  else if constexpr (op == Op::Gt || op == Op::Ge || op == Op::Lt || op == Op::Eq)
    kernels::compare(op, d, c, a, b, n);
  else
    kernels::arithmetic(in, d, a, b, c, n);
}

PlainStep::Kernel kernelOf(Op op) {
  switch (op) {
#define BASALT_PLAIN(OP)                                                                           \
  case Op::OP:                                                                                     \
    return compute<Op::OP>;
    BASALT_PLAIN(Mov)
    BASALT_PLAIN(Ldi)
    BASALT_PLAIN(Sel)
    BASALT_PLAIN(Add)
    BASALT_PLAIN(Sub)
    BASALT_PLAIN(Neg)
    BASALT_PLAIN(Abs)
    BASALT_PLAIN(Min)
    BASALT_PLAIN(Max)
    BASALT_PLAIN(Muls)
    BASALT_PLAIN(Shl)
    BASALT_PLAIN(Sar)
    BASALT_PLAIN(Srz)
    BASALT_PLAIN(And)
    BASALT_PLAIN(Or)
    BASALT_PLAIN(Xor)
    BASALT_PLAIN(Sat)
    BASALT_PLAIN(Sats)
    BASALT_PLAIN(Wrap)
    BASALT_PLAIN(Gt)
    BASALT_PLAIN(Ge)
    BASALT_PLAIN(Lt)
    BASALT_PLAIN(Eq)
#undef BASALT_PLAIN
  default:
    return nullptr;
  }
}

/// Finds the places of one instruction's operands.
class Places {
public:
  Places(GroupState &group, Scratch &scratch) : group(group), scratch(scratch) {}

  /// False: not of words.
  bool find(PlainStep &step, const CheckedInstruction &checked) const {
    const Instruction &in = checked.instruction;
    const OpInfo &info = infoOf(in.op);
    step.instruction = in;
    bool fine = findDestination(step, in.dst);
    step.a = step.b = scratch.zero;
    if (info.readsA)
      fine = fine && !checked.aPair && findSource(in.a, step.a, step.moves, PlainStep::A);
    if (info.readsB)
      fine = fine && !checked.bPair && findSource(in.b, step.b, step.moves, PlainStep::B);
    return fine;
  }

private:
  bool findDestination(PlainStep &step, uint8_t operand) const {
    if (operand < operands::FirstState) {
      step.d = scratch.registers[operand];
      return true;
    }
    if (operand >= operands::FirstConstant) { // discarded
      step.d = scratch.result;
      return true;
    }
    Plane &plane = group.state[operand - operands::FirstState];
    step.d = plane.narrow.data();
    step.moves |= PlainStep::D;
    if (plane.bits != 32 || plane.store != StoreMode::Wrap)
      step.fits = &plane;
    return !plane.isWide();
  }

  bool findSource(uint8_t operand, const int32_t *&place, uint8_t &moves, uint8_t bit) const {
    using namespace operands;
    const Plane *plane = nullptr;
    if (operand < FirstState) {
      place = scratch.registers[operand];
    } else if (operand < FirstConstant) {
      plane = &group.state[operand - FirstState];
    } else if (operand < FirstParameter) {
      place = group.constantWords(operand - FirstConstant);
    } else if (operand < FirstAccumulator) {
      plane = &group.parameters[operand - FirstParameter];
    } else if (operand < Zero) {
      place = scratch.inputs[operand - FirstAccumulator];
      return !group.accumulators[operand - FirstAccumulator].isWide();
    } else {
      place = operand == Zero   ? scratch.zero
              : operand == One  ? scratch.one
              : operand == Step ? scratch.step
                                : scratch.timers;
    }
    if (!plane)
      return true;
    place = plane->narrow.data();
    moves |= bit;
    return !plane->isWide();
  }

  GroupState &group;
  Scratch &scratch;
};

} // namespace

void GroupState::findPlainSteps(Scratch &scratch) {
  plain.assign(program.code.size(), PlainStep());
  plainFor = &scratch;
  if (program.branches)
    return;
  Places places(*this, scratch);
  for (size_t i = 0; i < plain.size(); ++i) {
    const Instruction &in = program.code[i].instruction;
    PlainStep::Kernel kernel = in.wide || in.predicated ? nullptr : kernelOf(in.op);
    if (kernel && places.find(plain[i], program.code[i]))
      plain[i].kernel = kernel;
  }
}

} // namespace basalt::nc
