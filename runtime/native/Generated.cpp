// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What generated code calls out of line.
#include "runtime/native/Generated.h"

#include "runtime/native/Error.h"
#include "runtime/native/FiniteCheck.h"
#include "runtime/native/Format.h"
#include "runtime/native/Memory.h"
#include "runtime/native/Output.h"
#include "runtime/native/Projection.h"
#include "runtime/native/Recorder.h"
#include "runtime/native/Shares.h"

using namespace basalt::rt;

void basalt::rt::fail(const Context &ctx, const Site &site, const char *message) {
  throw RunError(site, ctx.timeStep, message);
}

void basalt::rt::failAssertion(const Context &ctx, const Site &site, const char *message) {
  std::string text = "assertion failed";
  if (message && *message)
    text += std::string(": ") + message;
  throw RunError(site, ctx.timeStep, text);
}

void basalt::rt::failIndex(const Context &ctx, const Site &site, int64_t index, int64_t extent) {
  throw RunError(site, ctx.timeStep,
                 "index " + std::to_string(index) + " is out of range for an axis of extent " +
                     std::to_string(extent));
}

void basalt::rt::printViews(Context &ctx, const char *format, const View *operands, size_t count) {
  if (ctx.output)
    ctx.output->write(formatText(format, operands, count) + "\n");
}

void *basalt::rt::allocateObject(size_t bytes) {
  try {
    return Pages(bytes).release();
  } catch (const std::bad_alloc &) {
    throw InputError("the states of the network take " + sizeText(bytes) +
                     ", more addresses than the process may have (ulimit -v)");
  }
}

void basalt::rt::releaseObject(void *object, size_t bytes) {
  Pages(static_cast<char *>(object), bytes);
}

void basalt::rt::due(Context &ctx, Projection *projection, void *into) {
  for (unsigned part = 0; part < projection->partCount(); ++part)
    projection->due(ctx.timeStep, part, into);
}

void basalt::rt::due(Context &ctx, Projection *projection, void *into, size_t low, size_t high) {
  for (unsigned part = 0; part < projection->partCount(); ++part) {
    Range targets = projection->targetsOf(part);
    if (targets.size() != 0 && low <= targets.low && targets.high <= high)
      projection->due(ctx.timeStep, part, into);
  }
}

void basalt::rt::keepSpikes(Context &ctx, SpikeHistory *history, const uint8_t *spikes) {
  history->keep(ctx.timeStep, spikes);
}

void basalt::rt::recordStateNow(Context &ctx, size_t index) {
  if (ctx.recorder)
    ctx.recorder->recordState(index);
}

void basalt::rt::recordPortNow(Context &ctx, size_t index, const void *data) {
  if (ctx.recorder)
    ctx.recorder->recordPort(index, data);
}

void basalt::rt::recordPortNow(Context &ctx, size_t index, const void *data, Range range) {
  if (ctx.recorder)
    ctx.recorder->recordPort(index, data, range);
}

void basalt::rt::runShared(Shares &shares, SharedBody function, const void *body) {
  shares.run(function, body);
}

void basalt::rt::recordPhaseNow(Context &ctx, Phase phase) {
  if (ctx.recorder)
    ctx.recorder->recordPhase(phase);
  if (ctx.finiteCheck)
    ctx.finiteCheck->look(ctx, phase);
}
