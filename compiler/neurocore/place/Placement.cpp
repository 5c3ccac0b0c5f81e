// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From populations to cores of the board.
#include "compiler/neurocore/place/Placement.h"

#include "compiler/neurocore/place/Arrange.h"
#include "compiler/neurocore/place/Slices.h"

using namespace mlir;

namespace basalt::neurocore {

static std::vector<int64_t> numbersOf(const Slicer &slicer, ArrayRef<OpenCore> cores,
                                      const PlaceOptions &options) {
  std::vector<int64_t> numbers(cores.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  switch (options.strategy) {
  case Strategy::FirstFit:
    return numbers;
  case Strategy::Traffic:
    return arrange(trafficOf(slicer, cores), cores.size(), slicer.target);
  case Strategy::Shuffle:
    return shuffle(cores.size(), slicer.target, options.seed);
  }
  llvm_unreachable("all strategies are above");
}

FailureOr<std::vector<PlacedCore>> placeNeurons(NetworkOp network, const PlaceOptions &options) {
  // The verifier has parsed it, too.
  nc::Target target = *nc::parseCanonicalText(network.getLimits(), nullptr);
  Slicer slicer(network, target, options.neuronsPerCore);
  if (failed(slicer.read()))
    return failure();
  FailureOr<std::vector<OpenCore>> cores = placeFirstFit(slicer);
  if (failed(cores))
    return failure();
  if (options.strategy == Strategy::Traffic)
    *cores = balance(slicer, std::move(*cores));
  std::vector<PlacedCore> result;
  for (auto [core, number] : llvm::zip(*cores, numbersOf(slicer, *cores, options)))
    result.push_back(
        {number / target.chip.cores, number % target.chip.cores, std::move(core.groups)});
  llvm::sort(result, [](const PlacedCore &a, const PlacedCore &b) {
    return std::tie(a.chip, a.core) < std::tie(b.chip, b.core);
  });
  return result;
}

std::optional<Strategy> strategyNamed(StringRef name) {
  return llvm::StringSwitch<std::optional<Strategy>>(name)
      .Case("traffic", Strategy::Traffic)
      .Case("first-fit", Strategy::FirstFit)
      .Case("shuffle", Strategy::Shuffle)
      .Default(std::nullopt);
}

} // namespace basalt::neurocore
