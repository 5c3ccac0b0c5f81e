// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which axons the sources of a projection need to a core: what placement counts and what images are
// written from. Neighbours whose lists a core finds by their number share a population axon.
#ifndef BASALT_COMPILER_NEUROCORE_PLACE_AXONS_H
#define BASALT_COMPILER_NEUROCORE_PLACE_AXONS_H

#include "compiler/neurocore/place/Projections.h"
#include "runtime/neurocore/Image.h"
#include "runtime/neurocore/Resources.h"

namespace basalt::neurocore {

/// Of sources first to first + count - 1, one for all of them or, if it is not a population axon,
/// for the only one.
struct Axon {
  nc::AxonKind kind = nc::AxonKind::Discrete;
  int64_t first = 0, count = 1;

  /// As cores count them.
  nc::OutAxonUse use() const;
};

/// Finds runs of sources that can be atoms of one axon: their lists have as many words each and
/// stand one behind the other, or are one list, with bases at equal distances.
class AxonChooser {
public:
  using Visit = llvm::function_ref<void(const Axon &)>;

  AxonChooser(const Projection &projection, const nc::Target &target);

  /// The list of the next source, on one core; they ascend. Axons are visited in order, each when
  /// it is known where its run ends.
  void add(const SourceList &list, Visit visit);
  /// No source follows.
  void finish(Visit visit);

private:
  enum class Step : uint8_t { None, Lists, Bases };

  bool continues(const SourceList &list);

  const nc::Target *target;
  bool isGraded, hasPopulations;
  int64_t first = 0, count = 0; ///< the run
  SourceList last;
  Step step = Step::None;
  int64_t baseStep = 0;
};

/// The axons that each source of a projection needs, if the targets are cut into parts.
class SourceAxons {
public:
  /// With parts that begin at `borders`.
  static SourceAxons make(const Projection &projection, const nc::Target &target,
                          llvm::ArrayRef<int64_t> borders, int64_t neurons);
  /// One of their own for each synapse, of which no source has more.
  static SourceAxons most(const Projection &projection, const nc::Target &target);

  /// Those of sources first to first + count - 1, or a few more: where the range begins within a
  /// run, axons that choose again from there are never more than those that reach into it.
  nc::OutAxonUse of(int64_t first, int64_t count) const;
  /// Lets no source have fewer than it had.
  void keep(const SourceAxons &before);

private:
  /// Axons that begin before each source, and those that began before it and reach it.
  std::vector<nc::OutAxonUse> begun, open;
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_PLACE_AXONS_H
