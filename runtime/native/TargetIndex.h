// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the stored entries of each target are, for programs that update the synapses of targets
// that spike. Entries lie by source in memory and their places never change, so an index is built
// once, before the first step. It takes 8 bytes an entry.
#ifndef BASALT_RUNTIME_NATIVE_TARGETINDEX_H
#define BASALT_RUNTIME_NATIVE_TARGETINDEX_H

#include "runtime/native/Entries.h"
#include "runtime/native/Pages.h"
#include "runtime/native/Simulation.h"

#include <vector>

namespace basalt::rt {

/// The memory of a TargetIndex.
class StoredTargetIndex {
public:
  /// Of the entries whose places are in states of the table: `offsets` has 64 bits an element,
  /// `targets` 32. Only those before the last offset exist.
  StoredTargetIndex(const Synapses &synapses, Table<StateInfo> states);

  const TargetIndex &index() const { return view; }
  size_t bytes() const { return offsets.size() + entries.size() + sources.size(); }
  /// The same before it is built, no less.
  static uint64_t estimate(const Synapses &synapses, Table<StateInfo> states);

private:
  Pages offsets, entries, sources;
  TargetIndex view{};
};

/// All that a program asks for.
class TargetIndexes {
public:
  TargetIndexes(const Program &program, void *object)
      : infos{program.targetIndexes, program.targetIndexCount}, object(object) {}

  /// Builds them, and tells the program where they are, if that has not been done. The states must
  /// have their values.
  void prepare(Table<StateInfo> states);

private:
  Table<TargetIndexInfo> infos;
  void *object;
  std::vector<StoredTargetIndex> all;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_TARGETINDEX_H
