// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First fit over the cores in order; what does not fit is split.
#include "compiler/neurocore/place/Pins.h"

using namespace mlir;

namespace basalt::neurocore {

/// Of placing all neurons; then the most axons that there can be are assumed.
static constexpr unsigned kMostRounds = 16;

namespace {
class FirstFit {
public:
  explicit FirstFit(Slicer &slicer) : slicer(slicer), target(slicer.target) {}

  FailureOr<std::vector<OpenCore>> run();

private:
  LogicalResult placeAll();
  LogicalResult place(unsigned number);
  bool recount();

  Slicer &slicer;
  const nc::Target &target;
  std::vector<OpenCore> cores;
};
} // namespace

LogicalResult FirstFit::place(unsigned number) {
  auto count = int64_t(slicer.members[number].op.getCount());
  for (int64_t first = 0; first < count;) {
    // A core that takes all of the rest, else a new one.
    Slice slice;
    bool fitsAlone = slicer.canFit(number, first, count - first);
    if (fitsAlone) {
      slice = slicer.sliceOf(number, first, count - first);
      fitsAlone = slicer.fits(OpenCore(), slice);
    }
    auto chosen = llvm::find_if(
        cores, [&](const OpenCore &core) { return fitsAlone && slicer.fits(core, slice); });
    if (chosen == cores.end()) {
      if (int64_t(cores.size()) >= target.coreCount()) {
        int64_t more = fillGap(slicer, cores, number, first);
        if (more == 0)
          return reportNoRoom(slicer, number, first);
        first += more;
        continue;
      }
      if (!fitsAlone)
        slice = slicer.largestSlice(number, first, count - first);
      if (slice.group.neurons == 0)
        return reportTooLarge(slicer, number, first);
      cores.emplace_back();
      slicer.manyChips |= chipsFor(homesOf(cores), target).size() > 1;
      chosen = std::prev(cores.end());
    }
    *chosen = slicer.with(*chosen, slice);
    first += slice.group.neurons;
  }
  return success();
}

LogicalResult FirstFit::placeAll() {
  cores.clear();
  if (failed(placePinned(slicer, cores)))
    return failure();
  for (unsigned number = 0; number < slicer.members.size(); ++number)
    if (!slicer.members[number].pin && failed(place(number)))
      return failure();
  return success();
}

/// Counts again what cores have; false if one has too much.
bool FirstFit::recount() {
  for (OpenCore &core : cores) {
    OpenCore exact;
    exact.home = core.home;
    for (auto [member, group] : llvm::zip(core.members, core.groups))
      exact = slicer.with(exact, slicer.sliceOf(member, group.first, group.count));
    if (nc::findExcess(slicer.usageOf(exact), target))
      return false;
    core = std::move(exact);
  }
  return true;
}

FailureOr<std::vector<OpenCore>> FirstFit::run() {
  // How many axons leave a core depends on the parts of those they lead to: they are counted for
  // the parts of the round before, and never fewer than before, so that this comes to an end.
  for (unsigned round = 0;; ++round) {
    bool manyChips = slicer.manyChips;
    if (round >= kMostRounds)
      slicer.countMostAxons();
    if (failed(placeAll()))
      return failure();
    AxonCounts assumed = slicer.axons;
    slicer.countAxons(bordersOf(slicer, cores));
    if (manyChips == slicer.manyChips && recount())
      return std::move(cores);
    slicer.keepAxons(assumed);
  }
}

FailureOr<std::vector<OpenCore>> placeFirstFit(Slicer &slicer) { return FirstFit(slicer).run(); }

} // namespace basalt::neurocore
