// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the code of embedded programs calls (compiler/llvm), compiled for RV64IM when Basalt is
// built and linked into each program. Arithmetic and random draws are those of runtime/native.
#include "runtime/native/Arithmetic.h"
#include "runtime/native/Random.h"
#include "runtime/neurocore/EmbeddedCalls.h"

using namespace basalt;
using nc::EmbeddedRequest;

namespace {

inline int64_t call(EmbeddedRequest number, int64_t a = 0, int64_t b = 0, int64_t c = 0,
                    int64_t d = 0, int64_t e = 0, int64_t f = 0) {
  register uint64_t a7 asm("a7") = uint64_t(number);
  register int64_t a0 asm("a0") = a;
  register int64_t a1 asm("a1") = b;
  register int64_t a2 asm("a2") = c;
  register int64_t a3 asm("a3") = d;
  register int64_t a4 asm("a4") = e;
  register int64_t a5 asm("a5") = f;
  asm volatile("ecall"
               : "+r"(a0)
               : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7)
               : "memory");
  return a0;
}

} // namespace

extern "C" {

//===-- Arithmetic
//-----------------------------------------------------------------------------===//

int64_t basalt_floordiv(int64_t a, int64_t b) { return rt::floordiv(a, b); }
int64_t basalt_mod(int64_t a, int64_t b) { return rt::mod(a, b); }
int64_t basalt_shift(int64_t x, int64_t k) { return rt::shift(x, k); }
int64_t basalt_powi(int64_t x, int64_t k) { return rt::ipow(x, k); }
int64_t basalt_mulshr(int64_t a, int64_t b, int64_t k) { return rt::mulShr(a, b, k); }
int64_t basalt_absi(int64_t x) { return rt::absInt(x); }
int64_t basalt_signi(int64_t x) { return rt::sign(x); }

void basalt_fill_random(int64_t *bits, int64_t count, int64_t stream, const int64_t *keys,
                        int64_t keyCount) {
  rt::RandomKey key{uint64_t(stream), uint64_t(keyCount)};
  for (int64_t i = 0; i < keyCount; ++i)
    key = key.with(keys[i]);
  for (int64_t i = 0; i < count; ++i)
    bits[i] = rt::randomBits(key, uint64_t(i));
}

//===-- Requests
//-------------------------------------------------------------------------------===//

int64_t basalt_time_step() { return call(EmbeddedRequest::TimeStep); }
int64_t basalt_seed() { return call(EmbeddedRequest::Seed); }
void basalt_pause() { call(EmbeddedRequest::Pause); }
void basalt_stop() { call(EmbeddedRequest::Stop); }

void basalt_print(const char *format, int64_t length, const nc::PrintOperand *operands,
                  int64_t count) {
  call(EmbeddedRequest::Print, int64_t(format), length, int64_t(operands), count);
}

void basalt_assert(int64_t ok, int64_t site, const char *text, int64_t length) {
  if (!ok)
    call(EmbeddedRequest::FailAssertion, site, int64_t(text), length);
}

/// As `index` of runtime/native/Generated.h.
int64_t basalt_index(int64_t i, int64_t extent, int64_t site) {
  int64_t place = i < 0 ? i + extent : i;
  if (uint64_t(place) >= uint64_t(extent))
    call(EmbeddedRequest::FailIndex, site, i, extent);
  return place;
}

void basalt_fetch(int64_t var, int64_t first, int64_t stride, int64_t count, void *data,
                  int64_t element) {
  call(EmbeddedRequest::ReadVar, var, first, stride, count, int64_t(data), element);
}
void basalt_publish(int64_t var, int64_t first, int64_t stride, int64_t count, const void *data,
                    int64_t element) {
  call(EmbeddedRequest::WriteVar, var, first, stride, count, int64_t(data), element);
}
void basalt_accumulate(int64_t var, int64_t first, int64_t stride, int64_t count, const void *data,
                       int64_t element) {
  call(EmbeddedRequest::AddToVar, var, first, stride, count, int64_t(data), element);
}
void basalt_inject(int64_t injector, int64_t first, int64_t, int64_t count, const void *data,
                   int64_t element) {
  call(EmbeddedRequest::Inject, injector, first, count, int64_t(data), element);
}
void basalt_send(int64_t channel, int64_t, int64_t, int64_t count, const void *data,
                 int64_t element) {
  call(EmbeddedRequest::ChannelSend, channel, count, int64_t(data), element);
}
void basalt_receive(int64_t channel, int64_t, int64_t, int64_t count, void *data, int64_t element) {
  call(EmbeddedRequest::ChannelReceive, channel, count, int64_t(data), element);
}

//===-- What the compiler takes for granted
//----------------------------------------------------===//

void *memcpy(void *target, const void *source, size_t size) {
  for (size_t i = 0; i < size; ++i)
    static_cast<char *>(target)[i] = static_cast<const char *>(source)[i];
  return target;
}

void *memmove(void *target, const void *source, size_t size) {
  auto *to = static_cast<char *>(target);
  const auto *from = static_cast<const char *>(source);
  if (uint64_t(to) <= uint64_t(from))
    return memcpy(target, source, size);
  for (size_t i = size; i > 0; --i)
    to[i - 1] = from[i - 1];
  return target;
}

void *memset(void *target, int value, size_t size) {
  for (size_t i = 0; i < size; ++i)
    static_cast<char *>(target)[i] = char(value);
  return target;
}

} // extern "C"
