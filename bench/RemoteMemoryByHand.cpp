// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The remote-memory example as a person would write it: what the generated simulator is compared
// with. Prints the nanoseconds per time step of the given number of steps.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

/// Two processes: one reads and writes the variable of the other through a reference.
struct Network {
  std::int32_t var[1] = {5};
  std::int32_t (&ref)[1] = var;

  void postMgmt(std::int64_t timeStep) {
    ref[0] = static_cast<std::int32_t>(ref[0] + timeStep);
    // As in a simulator, where somebody may look between the steps: without this the loop folds.
    asm volatile("" : : "r"(ref) : "memory");
  }
};

} // namespace

int main(int argc, char **argv) {
  const std::int64_t steps = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 100000000;
  Network network;
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t step = 1; step <= steps; ++step)
    network.postMgmt(step);
  const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - start;
  std::printf("%.3f\n", elapsed.count() / static_cast<double>(steps));
  return 0;
}
