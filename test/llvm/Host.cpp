// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What such programs call, by means of the run-time library.
#include "test/llvm/Host.h"

#include "runtime/native/Options.h"
#include "runtime/native/Run.h"
#include "runtime/native/Simulation.h"
#include "runtime/neurocore/EmbeddedCalls.h"

#include <string>

rt::Context *context;
static const rt::Site kNowhere = {"", 0, 0, ""};

extern "C" {
int64_t basalt_floordiv(int64_t a, int64_t b) { return rt::floordiv(a, b); }
int64_t basalt_mod(int64_t a, int64_t b) { return rt::mod(a, b); }
int64_t basalt_shift(int64_t x, int64_t k) { return rt::shift(x, k); }
int64_t basalt_powi(int64_t x, int64_t k) { return rt::ipow(x, k); }
int64_t basalt_mulshr(int64_t a, int64_t b, int64_t k) { return rt::mulShr(a, b, k); }
int64_t basalt_absi(int64_t x) { return rt::absInt(x); }
int64_t basalt_signi(int64_t x) { return rt::sign(x); }
int64_t basalt_time_step() { return context->timeStep; }
int64_t basalt_seed() { return int64_t(context->seed); }
void basalt_pause() { rt::pause(*context); }
void basalt_stop() { rt::stop(*context); }

void basalt_assert(int64_t ok, int64_t, const char *text, int64_t length) {
  rt::check(*context, ok, kNowhere, std::string(text ? text : "", size_t(length)).c_str());
}
int64_t basalt_index(int64_t i, int64_t extent, int64_t) {
  return rt::index(*context, i, extent, kNowhere);
}

void basalt_print(const char *format, int64_t length, const basalt::nc::PrintOperand *operands,
                  int64_t count) {
  if (!context->printing)
    return;
  rt::View views[64] = {};
  for (int64_t i = 0; i < count; ++i) {
    const basalt::nc::PrintOperand &from = operands[i];
    views[i].data = reinterpret_cast<const void *>(from.address);
    views[i].element = {rt::Kind(from.element >> 8), uint8_t(from.element & 255)};
    views[i].rank = uint8_t(from.rank);
    for (unsigned axis = 0; axis < from.rank; ++axis)
      views[i].shape[axis] = from.shape[axis];
  }
  rt::printViews(*context, std::string(format, size_t(length)).c_str(), views, size_t(count));
}
}

int runHost(int argc, char **argv, const rt::Program &program) {
  rt::CommandLine line = rt::parseArguments({argv + 1, argv + argc}, "llvm");
  rt::NativeSimulation simulation(program);
  return rt::run(simulation, line.options);
}
