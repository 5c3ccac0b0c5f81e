// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From populations to cores of the board.
#include "compiler/neurocore/place/Placement.h"

#include "compiler/neurocore/place/Arrange.h"
#include "compiler/neurocore/place/Orders.h"
#include "compiler/neurocore/place/Pins.h"

using namespace mlir;

namespace basalt::neurocore {

static std::vector<int64_t> numbersOf(const Slicer &slicer, ArrayRef<OpenCore> cores,
                                      const PlaceOptions &options) {
  std::vector<Home> homes = homesOf(cores);
  switch (options.strategy) {
  case Strategy::FirstFit:
    return inOrder(homes, slicer.target);
  case Strategy::Traffic:
    return arrange(trafficOf(slicer, cores), homes, slicer.target);
  case Strategy::Shuffle:
    return shuffle(homes, slicer.target, options.seed);
  }
  llvm_unreachable("all strategies are above");
}

namespace {
/// Neurons in some order, on cores.
struct Mapping {
  std::unique_ptr<Slicer> slicer;
  std::vector<OpenCore> cores;
  double load = 0;
  int64_t axons = 0; ///< between cores

  void measure() {
    load = largestLoad(*slicer, cores);
    axons = axonsBetween(*slicer, cores);
  }
};
} // namespace

/// Whether an order is worth it: fewer cores, for which axons between them may be more, but not by
/// as large a share; less on the fullest, or fewer axons, and nothing of these worse.
static bool isBetter(const Mapping &mapping, const Mapping &other) {
  if (mapping.cores.size() != other.cores.size())
    return mapping.cores.size() < other.cores.size() &&
           double(mapping.axons) * double(mapping.cores.size()) <=
               double(other.axons) * double(other.cores.size());
  if (mapping.load < 0.95 * other.load)
    return mapping.axons <= other.axons;
  return mapping.load <= 1.02 * other.load && mapping.axons < other.axons - other.axons / 20;
}

/// The same network with orders, on as many cores as have `homes` at the most; nothing if that
/// fails. `parts` are those of each population, and become those that first fit finds enough.
static std::optional<Mapping> mapInOrder(NetworkOp network, const PlaceOptions &options,
                                         const Slicer &before, const Orders &orders,
                                         std::vector<Home> homes, Borders &parts) {
  ScopedDiagnosticHandler silence(network.getContext(), [](Diagnostic &) { return success(); });
  setOrders(network, orders);
  Mapping mapping;
  mapping.slicer = std::make_unique<Slicer>(network, before.target, options.neuronsPerCore);
  Slicer &slicer = *mapping.slicer;
  if (failed(slicer.read()))
    return std::nullopt;
  slicer.isTrial = true;
  slicer.caution = before.caution;
  Borders balanced = parts;
  FailureOr<std::vector<OpenCore>> first = placeFirstFit(slicer);
  if (succeeded(first) && first->size() <= homes.size()) {
    mapping.cores = std::move(*first);
    homes = homesOf(mapping.cores);
    balanced = parts = bordersOf(slicer, mapping.cores);
  } else {
    slicer.manyChips = before.manyChips;
  }
  slicer.wanted = orders.borders;
  for (auto [of, wanted] : llvm::zip(balanced, orders.borders))
    if (!wanted.empty())
      of = wanted;
  if (std::optional<std::vector<OpenCore>> made = balanceOn(slicer, balanced, std::move(homes)))
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
/// the best order is another one.
static void reorder(NetworkOp network, const PlaceOptions &options, Mapping &mapping) {
  constexpr unsigned kMostRounds = 3;
  if (mapping.cores.size() < 2)
    return;
  mapping.measure();
  std::unique_ptr<Slicer> plain;
  const Slicer *inOrder = mapping.slicer.get();
  Borders before = bordersOf(*inOrder, mapping.cores), parts = before;
  OrderFinder finder(*inOrder, before);
  Orders chosen;
  for (unsigned round = 0; round < kMostRounds; ++round) {
    Orders orders = finder.find(parts);
    if (orders.empty())
      break;
    Borders enough = parts;
    std::optional<Mapping> tried =
        mapInOrder(network, options, *inOrder, orders, homesOf(mapping.cores), enough);
    bool isFinal = sizesOf(enough) == sizesOf(parts);
    parts = std::move(enough);
    if (tried && isBetter(*tried, mapping)) {
      if (!plain)
        plain = std::move(mapping.slicer);
      mapping = std::move(*tried);
      chosen = std::move(orders);
    }
    if (isFinal)
      break;
  }
  setOrders(network, chosen);
}

static FailureOr<Mapping> mapNeurons(NetworkOp network, const nc::Target &target,
                                     const PlaceOptions &options, Caution caution,
                                     bool isTrial = false) {
  Mapping mapping;
  mapping.slicer = std::make_unique<Slicer>(network, target, options.neuronsPerCore);
  mapping.slicer->caution = caution;
  mapping.slicer->isTrial = isTrial;
  if (failed(mapping.slicer->read()))
    return failure();
  FailureOr<std::vector<OpenCore>> cores = placeFirstFit(*mapping.slicer);
  if (failed(cores))
    return failure();
  mapping.cores = std::move(*cores);
  return mapping;
}

/// The same, but what is in the way is neither said nor looked into.
static std::optional<Mapping> tryToMap(NetworkOp network, const nc::Target &target,
                                       const PlaceOptions &options, Caution caution) {
  ScopedDiagnosticHandler silence(network.getContext(), [](Diagnostic &) { return success(); });
  FailureOr<Mapping> mapping = mapNeurons(network, target, options, caution, /*isTrial=*/true);
  return succeeded(mapping) ? std::optional(std::move(*mapping)) : std::nullopt;
}

/// In any order; nothing if they need more room so.
static std::optional<Mapping> mapShuffled(NetworkOp network, const nc::Target &target,
                                          const PlaceOptions &options, Caution caution) {
  setOrders(network, shuffledOrders(network, options.seed));
  std::optional<Mapping> mapping = tryToMap(network, target, options, caution);
  if (!mapping)
    setOrders(network, {});
  return mapping;
}

/// Neurons that find no room in the order of the file may find it in another one, which is looked
/// for as if there were axons enough.
static std::optional<Mapping> mapInAnyOrder(NetworkOp network, const nc::Target &target,
                                            const PlaceOptions &options, Caution caution) {
  Caution blind = caution;
  blind.isBlind = true;
  std::optional<Mapping> wanted = tryToMap(network, target, options, blind);
  if (!wanted)
    return std::nullopt;
  Borders parts = bordersOf(*wanted->slicer, wanted->cores);
  Orders orders = OrderFinder(*wanted->slicer, parts).find(parts);
  if (orders.empty())
    return std::nullopt;
  setOrders(network, orders);
  std::optional<Mapping> mapping = tryToMap(network, target, options, caution);
  if (!mapping)
    setOrders(network, {});
  return mapping;
}

static void balance(Mapping &mapping) {
  mapping.cores = balance(*mapping.slicer, std::move(mapping.cores));
}

static FailureOr<Mapping> mapBy(NetworkOp network, const nc::Target &target,
                                const PlaceOptions &options, Caution caution) {
  if (options.strategy == Strategy::Shuffle)
    if (std::optional<Mapping> shuffled = mapShuffled(network, target, options, caution))
      return std::move(*shuffled);
  if (options.strategy == Strategy::Traffic) {
    if (std::optional<Mapping> mapping = tryToMap(network, target, options, caution)) {
      balance(*mapping);
      reorder(network, options, *mapping);
      return std::move(*mapping);
    }
    if (std::optional<Mapping> mapping = mapInAnyOrder(network, target, options, caution)) {
      balance(*mapping);
      return std::move(*mapping);
    }
  }
  // First fit, or once more to say what is in the way.
  return mapNeurons(network, target, options, caution);
}

/// In the orders that were found before, if neurons fit so.
static std::optional<Mapping> mapAgain(NetworkOp network, const nc::Target &target,
                                       const PlaceOptions &options, Caution caution) {
  if (options.strategy != Strategy::Traffic)
    return std::nullopt;
  std::optional<Mapping> mapping = tryToMap(network, target, options, caution);
  if (mapping)
    balance(*mapping);
  return mapping;
}

/// The next thing to assume of a mapping that does not hold: rather more than it has been.
static Caution moreThan(Caution caution, double leaving) {
  double next = std::max(leaving, caution.leaving);
  if (next == 0 || caution.leaving >= 1)
    return {1, true};
  return {std::min(1.0, 1.1 * next + 0.05), false};
}

FailureOr<std::vector<PlacedCore>> placeNeurons(NetworkOp network, const PlaceOptions &options) {
  // The verifier has parsed it, too.
  nc::Target target = *nc::parseCanonicalText(network.getLimits(), nullptr);
  std::optional<Mapping> mapping;
  std::vector<int64_t> numbers;
  for (Caution caution; !mapping;) {
    if (caution.leaving > 0)
      mapping = mapAgain(network, target, options, caution);
    if (!mapping) {
      if (caution.leaving > 0) // what has been tried before leaves nothing
        setOrders(network, {});
      FailureOr<Mapping> made = mapBy(network, target, options, caution);
      if (failed(made))
        return failure();
      mapping = std::move(*made);
    }
    numbers = numbersOf(*mapping->slicer, mapping->cores, options);
    if (caution.sharesNone)
      break;
    Held held = holdAt(*mapping->slicer, mapping->cores, numbers);
    if (held.all)
      break;
    caution = moreThan(caution, held.leaving);
    mapping.reset();
  }
  std::vector<PlacedCore> result;
  for (auto [core, number] : llvm::zip(mapping->cores, numbers))
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
