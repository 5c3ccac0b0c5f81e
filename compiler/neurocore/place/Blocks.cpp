// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All numbers of blocks are tried. Fewer cores are worth more messages, since each source reaches
// all blocks, but not by as large a share.
#include "compiler/neurocore/place/Blocks.h"

#include <numeric>

using namespace mlir;

namespace basalt::neurocore {

/// Channels, or pixels with theirs, that lists look the same from: how far the neurons are apart
/// that lists of all sources begin at.
static int64_t stepOf(const Slicer &slicer, unsigned member) {
  int64_t step = 0;
  bool isShared = false;
  for (unsigned incoming : slicer.members[member].incoming)
    if (const Projection &projection = slicer.projections[incoming]; projection.isShared()) {
      isShared = true;
      step = std::gcd(step, projection.stepOfBases());
    }
  return isShared && step > 0 && slicer.neuronsOf(member) % step == 0 ? step : 0;
}

/// Neurons i with the same i % step / (step / blocks) stand together.
static std::vector<int32_t> orderOf(int64_t neurons, int64_t step, int64_t blocks) {
  std::vector<int32_t> order;
  int64_t size = step / blocks;
  for (int64_t block = 0; block < blocks; ++block)
    for (int64_t pixel = 0; pixel < neurons; pixel += step)
      for (int64_t i = 0; i < size; ++i)
        order.push_back(int32_t(pixel + block * size + i));
  return order;
}

namespace {
/// Parts of a population that are each as large as a core allows.
struct Cut {
  std::vector<int64_t> borders;
  int64_t axons = 0; ///< one from each source to each part that it reaches

  double cost() const { return double(borders.size()) * double(axons); }
};
} // namespace

/// Populations for which it is not counted again and again what fits a core.
static constexpr int64_t kLarge = 1 << 15;

/// How many neurons from `first` on fit a core. Parts of an image are much alike: whether it is
/// about as many as `guess` is tried before all else, if counting takes long.
static int64_t largestNear(const Slicer &slicer, int64_t first, int64_t guess) {
  int64_t rest = slicer.neuronsOf(0) - first, low = guess, high = guess + guess / 8 + 1;
  auto fits = [&](int64_t neurons) {
    return slicer.fits(OpenCore(), slicer.sliceOf(0, first, neurons));
  };
  if (slicer.neuronsOf(0) < kLarge || guess == 0 || high > rest || !fits(low) || fits(high))
    return slicer.largestSlice(0, first, rest + 1).group.neurons;
  while (low + 1 < high)
    (fits((low + high) / 2) ? low : high) = (low + high) / 2;
  return low;
}

/// Of the one population of `slicer`; nothing if there would be more parts than `most`, or a neuron
/// fits no core.
static std::optional<Cut> cutAlone(const Slicer &slicer, size_t most) {
  Cut cut;
  int64_t before = 0;
  for (int64_t first = 0, count = slicer.neuronsOf(0); first < count;) {
    int64_t here = largestNear(slicer, first, std::min(before, count - first));
    before = here;
    if (here == 0 || cut.borders.size() == most)
      return std::nullopt;
    cut.borders.push_back(first);
    for (const Projection &projection : slicer.projections)
      projection.visitLists(*projection.formatFor(here, slicer.target), first, here,
                            [&](const SourceList &) { ++cut.axons; });
    first += here;
  }
  return cut;
}

std::optional<Blocks> findBlocks(const Slicer &slicer, unsigned member) {
  int64_t step = stepOf(slicer, member), neurons = slicer.neuronsOf(member);
  auto bound = size_t(llvm::divideCeil(
      uint64_t(neurons), uint64_t(std::min(slicer.neuronsPerCore, slicer.target.core.neurons))));
  if (step < 2)
    return std::nullopt;
  PopulationOp op = slicer.members[member].op;
  Attribute before = op->getAttr(op.getOrderAttrName());
  op.removeOrderAttr();
  std::optional<Blocks> best;
  if (std::optional<Slicer> alone = slicer.only(member))
    if (std::optional<Cut> least = cutAlone(*alone, SIZE_MAX)) {
      for (int64_t blocks = 2; blocks <= step && least->borders.size() > bound; ++blocks) {
        if (step % blocks != 0 || size_t(blocks) >= least->borders.size())
          continue;
        std::vector<int32_t> order = orderOf(neurons, step, blocks);
        op.setOrder(order);
        std::optional<Slicer> other = slicer.only(member);
        auto tried = other ? cutAlone(*other, least->borders.size() - 1) : std::nullopt;
        if (!tried || tried->cost() >= least->cost())
          continue;
        best = {std::move(order), tried->borders};
        least = std::move(tried);
      }
    }
  op.removeOrderAttr();
  if (before)
    op->setAttr(op.getOrderAttrName(), before);
  return best;
}

} // namespace basalt::neurocore
