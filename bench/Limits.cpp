// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What this machine can do on one thread, for what a network of neurons consists of: adding a
// synapse into the sum of its target, a step of a neuron, a Poisson draw. Prints a line of name and
// rate (1/s) for each.
//
// Synapses lie in rows, one for each source, which come in random order; the row that comes next
// but a few is asked for before it is needed. Targets within a row are ascending, as a random
// network has them.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <numeric>
#include <type_traits>
#include <vector>

namespace {

struct Free {
  void operator()(void *memory) const { std::free(memory); }
};
template <typename T> using Memory = std::unique_ptr<T[], Free>;

/// Zeros, at the start of a page.
template <typename T> Memory<T> allocate(size_t count) {
  constexpr size_t kPage = size_t(2) << 20;
  size_t bytes = (count * sizeof(T) + kPage - 1) / kPage * kPage;
  void *memory = std::aligned_alloc(kPage, bytes);
  std::memset(memory, 0, bytes);
  return Memory<T>(static_cast<T *>(memory));
}

class Random {
public:
  uint64_t next() { // splitmix64
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

private:
  uint64_t state = 1;
};

volatile float sink;

/// Of this thread: others on the machine take none of it.
double secondsOfThread() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

/// The best of several rates: what the machine can do if nobody disturbs it.
template <typename Body> void report(const char *name, double operations, Body body) {
  double best = 0;
  body();
  for (int i = 0; i < 7; ++i) {
    double start = secondsOfThread();
    body();
    best = std::max(best, operations / (secondsOfThread() - start));
  }
  std::printf("%s %.4g\n", name, best);
  std::fflush(stdout);
}

//===-- Synapses
//----------------------------------------------------------------------------------===//

struct NoWeight {};

/// Synapses of `Weight` each, in rows of `length`, to `targets` neurons; `bytes` of them in all.
template <typename Weight>
void deliver(const char *name, size_t bytes, size_t length, size_t targets) {
  constexpr bool weighted = !std::is_same_v<Weight, NoWeight>;
  size_t each = sizeof(uint16_t) + (weighted ? sizeof(Weight) : 0);
  size_t rows = std::max<size_t>(1, bytes / each / length), count = rows * length;
  Memory<uint16_t> target = allocate<uint16_t>(count);
  Memory<float> sums = allocate<float>(targets), weight;
  if (weighted)
    weight = allocate<float>(count);
  Random random;
  for (size_t i = 0; i < count; ++i) {
    size_t place = i % length, low = place * targets / length,
           high = std::max(low + 1, (place + 1) * targets / length);
    target[i] = uint16_t(low + random.next() % (high - low));
    if (weighted)
      weight[i] = 0.01f * float(random.next() % 256);
  }
  std::vector<uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0u);
  for (size_t i = rows; i > 1; --i)
    std::swap(order[i - 1], order[random.next() % i]);

  size_t ahead = std::max<size_t>(1, 4096 / (length * each));
  size_t times = std::max<size_t>(1, (size_t(100) << 20) / count);
  report(name, double(count) * double(times), [&] {
    for (size_t time = 0; time < times; ++time)
      for (size_t k = 0; k < rows; ++k) {
        size_t row = size_t(order[k]) * length,
               next = size_t(order[std::min(rows - 1, k + ahead)]) * length;
        for (size_t i = 0; i < length; i += 32) {
          __builtin_prefetch(&target[next + i]);
          if (weighted) {
            __builtin_prefetch(&weight[next + i]);
            __builtin_prefetch(&weight[next + i + 16]);
          }
          for (size_t j = row + i, end = row + std::min(length, i + 32); j < end; ++j)
            sums[target[j]] += weighted ? weight[j] : 0.1f;
        }
      }
    sink = sums[0];
  });
}

//===-- Neurons
//-----------------------------------------------------------------------------------===//

/// A leaky neuron with two currents and a refractory time, 16 bytes; spikes are truth values.
void stepNeurons(const char *name, size_t count) {
  Memory<float> v = allocate<float>(count), e = allocate<float>(count), i = allocate<float>(count);
  Memory<int32_t> held = allocate<int32_t>(count);
  Memory<uint8_t> spikes = allocate<uint8_t>(count);
  for (size_t n = 0; n < count; ++n)
    v[n] = float(n * 7919 % 1000) * 0.01f;
  size_t steps = std::max<size_t>(4, (size_t(100) << 20) / count);
  report(name, double(steps) * double(count), [&, count] {
    float *__restrict pv = v.get(), *__restrict pe = e.get(), *__restrict pi = i.get();
    int32_t *__restrict ph = held.get();
    uint8_t *__restrict ps = spikes.get();
    for (size_t step = 0; step < steps; ++step)
      for (size_t n = 0; n < count; ++n) {
        float moved = pv[n] * 0.995f + 0.0551f + pe[n] * 0.0049f + pi[n] * 0.0049f;
        float now = ph[n] > 0 ? pv[n] : moved;
        bool spike = now > 10.f;
        pv[n] = spike ? 0.f : now;
        ph[n] = spike ? 50 : std::max(ph[n], 1) - 1;
        pe[n] *= 0.98f;
        pi[n] *= 0.99f;
        ps[n] = spike;
      }
    sink = v[0];
  });
}

/// Poisson numbers of mean 2 added to a float: a cheap generator in lanes, 12 comparisons a draw.
void drawPoisson(const char *name, size_t count) {
  using Lanes [[gnu::vector_size(64)]] = uint64_t;
  using Words [[gnu::vector_size(64)]] = uint32_t;
  uint32_t cut[12];
  double chance = 0.1353352832366127, sum = chance;
  for (int k = 0; k < 12; ++k, sum += chance *= 2.0 / k)
    cut[k] = uint32_t(std::min(4294967295.0, sum * 4294967296.0));
  Memory<float> v = allocate<float>(count);
  Random random;
  Lanes a{}, b{};
  for (int i = 0; i < 8; ++i) {
    a[i] = random.next();
    b[i] = random.next();
  }
  size_t steps = std::max<size_t>(4, (size_t(100) << 20) / count);
  report(name, double(steps) * double(count), [&, count] {
    for (size_t step = 0; step < steps; ++step)
      for (size_t n = 0; n < count; n += 16) {
        auto words = Words(a + b); // xorshift128+
        Lanes old = a ^ (a << 23);
        a = b;
        b = old ^ b ^ (old >> 18) ^ (b >> 5);
        Words number{};
        for (uint32_t each : cut)
          number -= Words(words >= each);
        for (size_t i = 0; i < 16; ++i)
          v[n + i] += 0.1f * float(int32_t(number[i]));
      }
    sink = v[0];
  });
}

} // namespace

int main() {
  constexpr size_t kMemory = size_t(512) << 20, kCache = 4000 * 80;
  deliver<NoWeight>("memory_rows_1000_2_bytes", kMemory, 1000, 12500);
  deliver<float>("memory_rows_1000_6_bytes", kMemory, 1000, 12500);
  deliver<float>("memory_rows_60_6_bytes", kMemory, 60, 38500);
  deliver<NoWeight>("cache_rows_80_2_bytes", kCache * 2, 80, 4000);
  stepNeurons("neurons_4000", 4000);
  stepNeurons("neurons_77000", 77000);
  drawPoisson("poisson_12500", 12512);
  return 0;
}
