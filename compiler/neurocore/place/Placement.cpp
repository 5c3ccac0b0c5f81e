// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From populations to cores of the board.
#include "compiler/neurocore/place/Placement.h"

#include "compiler/neurocore/place/Arrange.h"
#include "compiler/neurocore/place/Orders.h"

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

namespace {
/// Neurons in some order, on cores.
struct Mapping {
  std::shared_ptr<Slicer> slicer;
  std::vector<OpenCore> cores;
  double load = 0;
  int64_t axons = 0; ///< between cores

  void measure() {
    load = largestLoad(*slicer, cores);
    axons = axonsBetween(*slicer, cores);
  }
};
} // namespace

/// Whether an order is worth it: fewer cores, less on the fullest, or fewer axons between them, and
/// nothing of these worse.
static bool isBetter(const Mapping &mapping, const Mapping &other) {
  if (mapping.cores.size() != other.cores.size())
    return mapping.cores.size() < other.cores.size() && mapping.axons <= other.axons;
  if (mapping.load < 0.95 * other.load)
    return mapping.axons <= other.axons;
  return mapping.load <= 1.02 * other.load && mapping.axons < other.axons - other.axons / 20;
}

/// The same network with orders, on `cores` cores at the most; nothing if that fails. `parts` are
/// those of each population, and become those that first fit finds enough.
static std::optional<Mapping> mapInOrder(NetworkOp network, const PlaceOptions &options,
                                         const Slicer &before, const Orders &orders, size_t cores,
                                         Borders &parts) {
  ScopedDiagnosticHandler silence(network.getContext(), [](Diagnostic &) { return success(); });
  setOrders(network, orders);
  Mapping mapping;
  mapping.slicer = std::make_shared<Slicer>(network, before.target, options.neuronsPerCore);
  Slicer &slicer = *mapping.slicer;
  if (failed(slicer.read()))
    return std::nullopt;
  slicer.isTrial = true;
  slicer.caution = before.caution;
  Borders balanced = parts;
  FailureOr<std::vector<OpenCore>> first = placeFirstFit(slicer);
  if (succeeded(first) && first->size() <= cores) {
    mapping.cores = std::move(*first);
    cores = mapping.cores.size();
    balanced = parts = bordersOf(slicer, mapping.cores);
  } else {
    slicer.manyChips = before.manyChips;
  }
  slicer.wanted = orders.borders;
  for (auto [of, wanted] : llvm::zip(balanced, orders.borders))
    if (!wanted.empty())
      of = wanted;
  if (std::optional<std::vector<OpenCore>> made = balanceOn(slicer, balanced, cores))
    mapping.cores = std::move(*made);
  if (mapping.cores.empty())
    return std::nullopt;
  mapping.measure();
  return mapping;
}

static std::vector<size_t> sizesOf(const Borders &parts) {
  std::vector<size_t> sizes;
  for (const std::vector<int64_t> &of : parts)
    sizes.push_back(of.size());
  return sizes;
}

/// In an order that saves axons, if there is one. With fewer axons fewer cores may do, for which
/// the best order is another one. `before` has the parts of `inOrder`; a mapping without cores is
/// worse than any.
static void reorder(NetworkOp network, const PlaceOptions &options, const Slicer &inOrder,
                    const Borders &before, Mapping &mapping) {
  constexpr unsigned kMostRounds = 3;
  Borders parts = before;
  Orders chosen;
  for (unsigned round = 0; round < kMostRounds; ++round) {
    Orders orders = findOrders(inOrder, before, parts);
    if (orders.empty())
      break;
    Borders enough = parts;
    size_t most = mapping.cores.empty() ? size_t(inOrder.target.coreCount()) : mapping.cores.size();
    std::optional<Mapping> tried = mapInOrder(network, options, inOrder, orders, most, enough);
    bool isFinal = sizesOf(enough) == sizesOf(parts);
    parts = std::move(enough);
    if (tried && (mapping.cores.empty() || isBetter(*tried, mapping))) {
      mapping = std::move(*tried);
      chosen = std::move(orders);
    }
    if (isFinal)
      break;
  }
  setOrders(network, chosen);
}

static FailureOr<Mapping> mapNeurons(NetworkOp network, const nc::Target &target,
                                     const PlaceOptions &options, Caution caution) {
  Mapping mapping;
  mapping.slicer = std::make_shared<Slicer>(network, target, options.neuronsPerCore);
  mapping.slicer->caution = caution;
  if (failed(mapping.slicer->read()))
    return failure();
  FailureOr<std::vector<OpenCore>> cores = placeFirstFit(*mapping.slicer);
  if (failed(cores))
    return failure();
  mapping.cores = std::move(*cores);
  return mapping;
}

/// So many parts of each population as it has neurons and synapses for, whatever it needs of axons.
static Borders fewestParts(const Slicer &slicer) {
  Borders borders;
  for (unsigned member = 0; member < slicer.members.size(); ++member) {
    std::vector<double> weights = slicer.weightsOf(member);
    int64_t count = slicer.neuronsOf(member);
    double cores = std::accumulate(weights.begin(), weights.end(), 0.0);
    auto parts = std::max<int64_t>(int64_t(1.1 * cores) + 1,
                                   (count + slicer.neuronsPerCore - 1) / slicer.neuronsPerCore);
    parts = std::min(parts, count);
    std::vector<int64_t> &of = borders.emplace_back();
    for (int64_t part = 0; part < parts; ++part)
      of.push_back(part * count / parts);
  }
  return borders;
}

/// Evenly, near to those that they talk with, and in another order if they stand better in it, or
/// find no room as they are, since the sources of the neurons of a core are too many. Nothing if
/// there is no room in any order.
static std::optional<Mapping> mapByTraffic(NetworkOp network, const nc::Target &target,
                                           const PlaceOptions &options, Caution caution) {
  ScopedDiagnosticHandler silence(network.getContext(), [](Diagnostic &) { return success(); });
  auto slicer = std::make_shared<Slicer>(network, target, options.neuronsPerCore);
  slicer->caution = caution;
  slicer->isTrial = true;
  if (failed(slicer->read()))
    return std::nullopt;
  Mapping mapping;
  Borders before;
  FailureOr<std::vector<OpenCore>> first = placeFirstFit(*slicer);
  if (succeeded(first)) {
    mapping.slicer = slicer;
    mapping.cores = balance(*slicer, std::move(*first));
    if (mapping.cores.size() < 2)
      return mapping;
    mapping.measure();
    before = bordersOf(*slicer, mapping.cores);
  } else {
    slicer->forget();
    before = fewestParts(*slicer);
  }
  reorder(network, options, *slicer, before, mapping);
  return mapping.cores.empty() ? std::nullopt : std::optional(std::move(mapping));
}

/// In any order; nothing if they need more room so.
static std::optional<Mapping> mapShuffled(NetworkOp network, const nc::Target &target,
                                          const PlaceOptions &options, Caution caution) {
  ScopedDiagnosticHandler silence(network.getContext(), [](Diagnostic &) { return success(); });
  setOrders(network, shuffledOrders(network, options.seed));
  FailureOr<Mapping> mapping = mapNeurons(network, target, options, caution);
  if (succeeded(mapping))
    return std::move(*mapping);
  setOrders(network, {});
  return std::nullopt;
}

static FailureOr<Mapping> mapBy(NetworkOp network, const nc::Target &target,
                                const PlaceOptions &options, Caution caution) {
  if (options.strategy == Strategy::Shuffle)
    if (std::optional<Mapping> shuffled = mapShuffled(network, target, options, caution))
      return std::move(*shuffled);
  if (options.strategy == Strategy::Traffic)
    if (std::optional<Mapping> mapping = mapByTraffic(network, target, options, caution))
      return std::move(*mapping);
  // First fit, which says what is in the way.
  return mapNeurons(network, target, options, caution);
}

FailureOr<std::vector<PlacedCore>> placeNeurons(NetworkOp network, const PlaceOptions &options) {
  // The verifier has parsed it, too.
  nc::Target target = *nc::parseCanonicalText(network.getLimits(), nullptr);
  std::vector<PlacedCore> result;
  for (Caution caution : {Caution::None, Caution::Chips, Caution::Most}) {
    setOrders(network, {});
    FailureOr<Mapping> mapping = mapBy(network, target, options, caution);
    if (failed(mapping))
      return failure();
    std::vector<int64_t> numbers = numbersOf(*mapping->slicer, mapping->cores, options);
    if (caution != Caution::Most && !holdAt(*mapping->slicer, mapping->cores, numbers))
      continue;
    for (auto [core, number] : llvm::zip(mapping->cores, numbers))
      result.push_back(
          {number / target.chip.cores, number % target.chip.cores, std::move(core.groups)});
    break;
  }
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
