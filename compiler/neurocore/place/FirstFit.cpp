// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First fit over the cores in order; what does not fit is split.
#include "compiler/neurocore/place/Slices.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class FirstFit {
public:
  explicit FirstFit(Slicer &slicer) : slicer(slicer), target(slicer.target) {}

  FailureOr<std::vector<OpenCore>> run();

private:
  LogicalResult placeAll();
  LogicalResult place(unsigned number);

  Slicer &slicer;
  const nc::Target &target;
  std::vector<OpenCore> cores;
};
} // namespace

LogicalResult FirstFit::place(unsigned number) {
  auto count = int64_t(slicer.members[number].op.getCount());
  int64_t made = 0;
  for (int64_t first = 0; first < count; ++made) {
    // A core that takes all of the rest, else a new one.
    Slice slice = slicer.sliceOf(number, first, count - first);
    auto chosen =
        llvm::find_if(cores, [&](const OpenCore &core) { return slicer.fits(core, slice); });
    if (chosen == cores.end()) {
      if (int64_t(cores.size()) >= target.coreCount())
        return reportNoRoom(slicer, number, first);
      if (!slicer.fits(OpenCore(), slice))
        slice = slicer.largestSlice(number, first, count - first);
      if (slice.group.neurons == 0)
        return reportTooLarge(slicer, number, first);
      cores.emplace_back();
      slicer.manyChips |= cores.size() > size_t(target.chip.cores);
      chosen = std::prev(cores.end());
    }
    *chosen = slicer.with(*chosen, slice);
    first += slice.group.neurons;
  }
  slicer.parts[number] = std::max(slicer.parts[number], made);
  return success();
}

LogicalResult FirstFit::placeAll() {
  cores.clear();
  for (unsigned number = 0; number < slicer.members.size(); ++number)
    if (failed(place(number)))
      return failure();
  return success();
}

FailureOr<std::vector<OpenCore>> FirstFit::run() {
  // How many axons leave a core depends on the parts of those they lead to.
  for (unsigned round = 0; round < 16; ++round) {
    std::vector<int64_t> before = slicer.parts;
    bool manyChips = slicer.manyChips;
    if (failed(placeAll()))
      return failure();
    if (slicer.parts == before && slicer.manyChips == manyChips)
      break;
  }
  return std::move(cores);
}

FailureOr<std::vector<OpenCore>> placeFirstFit(Slicer &slicer) { return FirstFit(slicer).run(); }

} // namespace basalt::neurocore
