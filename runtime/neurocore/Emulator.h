// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An image as a simulation: the same options, probes, sets and output as of a native simulator, and
// the same bits, for any number of threads.
#ifndef BASALT_RUNTIME_NEUROCORE_EMULATOR_H
#define BASALT_RUNTIME_NEUROCORE_EMULATOR_H

#include "runtime/native/Simulation.h"
#include "runtime/neurocore/Machine.h"

#include <memory>

namespace basalt::nc {

class Emulator final : public rt::Simulation {
public:
  /// `image` has been verified and lives as long as this. `threads` is at least 1.
  explicit Emulator(const Image &image, unsigned threads = 1);
  ~Emulator() override;

  rt::Table<rt::StateInfo> states() override;
  rt::Table<rt::PortInfo> ports() override;
  rt::Table<rt::AliasInfo> aliases() override;

  void init(rt::Context &ctx) override;
  void step(rt::Context &ctx) override;
  void host(rt::Context &ctx) override;
  void refresh(size_t state) override;
  void written(size_t state) override;

  /// What has happened on a core so far, and on all embedded processors together (instructions,
  /// reads and writes).
  Counters countersOf(size_t core) const;
  Counters embeddedCounters() const;

  /// Spikes that have arrived so far.
  struct Messages {
    uint32_t from = kNone, to = 0; ///< in Image::cores; kNone: from injectors
    uint64_t count = 0;
  };
  /// In no order, with any number of entries for a pair of cores.
  std::vector<Messages> messages() const;

private:
  class Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_EMULATOR_H
