// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vars while an image runs: their elements, wherever fragments say that they are.
#ifndef BASALT_RUNTIME_NEUROCORE_VARACCESS_H
#define BASALT_RUNTIME_NEUROCORE_VARACCESS_H

#include "runtime/neurocore/Delivery.h"
#include "runtime/neurocore/Embedded.h"

namespace basalt::nc {

/// A core while it runs.
struct CoreState {
  CoreState(const Image &image, const Core &core);

  std::vector<GroupState> groups;
  CoreSynapses synapses;
  std::vector<Incoming> incoming, injected; ///< from neurons, and from injectors
  Counters counters;
};

/// All that runs.
struct Machine {
  const Image &image;
  std::vector<std::unique_ptr<CoreState>> cores;
  std::vector<std::vector<Spike>> injectors; ///< what each has sent in this step, in order
  std::vector<std::unique_ptr<EmbeddedCpu>> cpus;
  /// The step whose input slot 0 of accumulators is: the next that neurons run.
  int64_t nextStep = 1;
};

/// The elements of one Var (or port).
class VarAccess {
public:
  VarAccess(Machine &machine, rt::Kind kind, uint8_t bits, const std::vector<uint32_t> &shape,
            const std::vector<Fragment> &fragments, bool summed = false);

  int64_t elements() const { return count; }
  /// All elements, in order; those without a place are 0.
  void readAll(int64_t *values);
  void read(int64_t first, int64_t stride, int64_t count, int64_t *values);
  /// Writes go to all places of an element. False if a place cannot hold its value (a weight, a
  /// delay, a synapse that is not there); `reason` says why, and some elements may have been
  /// written.
  bool writeAll(const int64_t *values);
  bool write(int64_t first, int64_t stride, int64_t count, const int64_t *values);

  const std::string &reason() const { return why; }

private:
  void buildIndex();
  bool writeNothing(const int64_t *values);
  template <typename F> bool forPlaces(int64_t element, F f);
  int64_t readPlace(const Fragment &fragment, uint32_t i);
  bool writePlace(const Fragment &fragment, uint32_t i, int64_t value);
  int64_t readRaw(const Fragment &fragment, uint32_t i);
  bool writeRaw(const Fragment &fragment, uint32_t i, int64_t raw);
  bool writePlane(Plane &plane, uint32_t neuron, int64_t raw);
  bool writeRawCopy(const Fragment &fragment, uint64_t place, int64_t raw);
  bool writeSynapse(const Fragment &fragment, uint32_t i, int64_t raw);
  int64_t readOutput(const Fragment &fragment, uint32_t i);
  uint32_t entryOf(const CoreSynapses &synapses, const Fragment &fragment, uint32_t i);
  void wake();
  int64_t typed(int64_t value) const;

  Machine &machine;
  rt::Kind kind;
  uint8_t bits;
  bool summed;
  int64_t count = 1;
  const std::vector<Fragment> &fragments;
  /// By element, the fragments that have it: made when single elements of many fragments are
  /// wanted.
  std::vector<uint32_t> indexStart, indexFragments;
  /// Whether some fragments go by the numbers of neurons; then the index also has the place of an
  /// element in its fragment.
  bool goesByElement = false;
  std::vector<uint32_t> indexNumbers;
  std::string why;
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_VARACCESS_H
