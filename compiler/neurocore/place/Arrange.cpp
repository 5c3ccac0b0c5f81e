// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A start that puts each core near those it talks with, and swaps of two as long as they help; the
// same from where first fit would leave them, and the better of both. Nothing is drawn at random.
#include "compiler/neurocore/place/Arrange.h"

#include "runtime/neurocore/Mesh.h"

#include "llvm/ADT/STLExtras.h"
#include <numeric>
#include <random>

using llvm::ArrayRef;

namespace basalt::neurocore {

/// Passes over all pairs of places; most networks need less than ten.
static constexpr unsigned kMostPasses = 64;

namespace {
/// Cores of some chips, with numbers of their own; which of them are taken.
class Board {
public:
  Board(ArrayRef<Home> homes, const nc::Target &target);

  size_t size() const { return numbers.size(); }
  /// Whether the home of the core lets it stand there.
  bool allows(unsigned core, int64_t place) const;
  /// Whether it may have this place, which is free, so that those with homes on the chip that have
  /// none yet still get theirs.
  bool leavesRoom(unsigned core, int64_t place) const;
  void take(unsigned core, int64_t place);
  bool isFree(int64_t place) const { return !taken[size_t(place)]; }
  /// All cores with homes that are one place first, then those on one chip, then the others: each
  /// group in order.
  std::vector<unsigned> strictestFirst() const;

  std::vector<Home> homes;      ///< of cores
  std::vector<int64_t> numbers; ///< on the board, of each place
  int64_t cores;                ///< of a chip

private:
  int64_t chipOf(int64_t place) const { return numbers[size_t(place)] / cores; }

  std::vector<bool> taken;
  std::map<int64_t, int64_t> freeOn, waitingFor; ///< by chip
};

/// Places of cores, and what hops they cause.
class Arrangement {
public:
  Arrangement(const CoreTraffic &traffic, ArrayRef<Home> homes, const nc::Target &target);

  /// Each where it stands in `start`.
  void startAt(ArrayRef<int64_t> start);
  void startGreedily();
  void refine();
  int64_t hops() const;
  std::vector<int64_t> places; ///< of each core
  Board board;

private:
  void put(unsigned core, int64_t place);
  void take(unsigned core);
  void addCosts(unsigned core, int64_t router, int64_t sign);
  bool improve(unsigned core);
  int64_t axonsBetween(unsigned a, unsigned b) const;
  int64_t distance(int64_t a, int64_t b) const { return distances[size_t(a * routers + b)]; }
  int64_t &cost(unsigned core, int64_t router) {
    return costs[core * size_t(routers) + size_t(router)];
  }

  std::vector<std::vector<std::pair<unsigned, int64_t>>> partners; ///< sorted, with axons
  std::vector<int64_t> routerOf;                                   ///< of each place
  int64_t routers = 0;
  std::vector<int64_t> distances;
  std::vector<int64_t> costs;  ///< hops of a core at a router, to those that have a place
  std::vector<int64_t> coreAt; ///< of each place; -1: none
};
} // namespace

std::vector<int64_t> chipsFor(ArrayRef<Home> homes, const nc::Target &target) {
  std::vector<int64_t> chips;
  for (Home home : homes)
    if (home.chip >= 0 && !llvm::is_contained(chips, home.chip))
      chips.push_back(home.chip);
  for (int64_t chip = 0; int64_t(chips.size()) * target.chip.cores < int64_t(homes.size()); ++chip)
    if (!llvm::is_contained(chips, chip))
      chips.push_back(chip);
  llvm::sort(chips);
  return chips;
}

Board::Board(ArrayRef<Home> homes, const nc::Target &target)
    : homes(homes.begin(), homes.end()), cores(target.chip.cores) {
  for (int64_t chip : chipsFor(homes, target)) {
    for (int64_t core = 0; core < cores; ++core)
      numbers.push_back(chip * cores + core);
    freeOn[chip] = cores;
    waitingFor[chip] = llvm::count_if(homes, [&](Home home) { return home.chip == chip; });
  }
  taken.resize(numbers.size());
}

bool Board::allows(unsigned core, int64_t place) const {
  Home home = homes[core];
  return home.chip < 0 || (home.chip == chipOf(place) &&
                           (home.core < 0 || home.core == numbers[size_t(place)] % cores));
}

bool Board::leavesRoom(unsigned core, int64_t place) const {
  int64_t chip = chipOf(place);
  return homes[core].chip == chip || freeOn.at(chip) > waitingFor.at(chip);
}

void Board::take(unsigned core, int64_t place) {
  taken[size_t(place)] = true;
  --freeOn[chipOf(place)];
  if (homes[core].chip >= 0)
    --waitingFor[homes[core].chip];
}

std::vector<unsigned> Board::strictestFirst() const {
  std::vector<unsigned> order(homes.size());
  std::iota(order.begin(), order.end(), 0u);
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    auto rank = [&](unsigned core) {
      return std::make_pair(homes[core].core < 0, homes[core].chip < 0);
    };
    return rank(a) < rank(b);
  });
  return order;
}

/// The first place of `wanted` that each core may have.
static std::vector<int64_t> firstAllowed(Board board, ArrayRef<int64_t> wanted) {
  std::vector<int64_t> places(board.homes.size());
  for (unsigned core : board.strictestFirst()) {
    places[core] = *llvm::find_if(
        wanted, [&](int64_t place) { return board.isFree(place) && board.allows(core, place); });
    board.take(core, places[core]);
  }
  return places;
}

static std::vector<int64_t> allPlaces(const Board &board) {
  std::vector<int64_t> places(board.size());
  std::iota(places.begin(), places.end(), 0);
  return places;
}

static std::vector<int64_t> numbersOf(const Board &board, std::vector<int64_t> places) {
  for (int64_t &place : places)
    place = board.numbers[size_t(place)];
  return places;
}

Arrangement::Arrangement(const CoreTraffic &traffic, ArrayRef<Home> homes, const nc::Target &target)
    : board(homes, target), partners(homes.size()) {
  std::map<std::pair<unsigned, unsigned>, int64_t> both;
  for (const auto &[pair, axons] : traffic)
    if (pair.first != pair.second) {
      both[pair] += axons;
      both[{pair.second, pair.first}] += axons;
    }
  for (const auto &[pair, axons] : both)
    partners[pair.first].push_back({pair.second, axons});
  nc::Mesh mesh(target);
  for (int64_t number : board.numbers) {
    routerOf.push_back(mesh.routerOf(number / target.chip.cores, number % target.chip.cores));
    routers = std::max(routers, routerOf.back() + 1);
  }
  for (int64_t a = 0; a < routers; ++a)
    for (int64_t b = 0; b < routers; ++b)
      distances.push_back(mesh.hops(a, b).all());
}

void Arrangement::addCosts(unsigned core, int64_t router, int64_t sign) {
  for (auto [other, axons] : partners[core])
    for (int64_t at = 0; at < routers; ++at)
      cost(other, at) += sign * axons * distance(router, at);
}

void Arrangement::put(unsigned core, int64_t place) {
  places[core] = place;
  coreAt[size_t(place)] = core;
  addCosts(core, routerOf[size_t(place)], 1);
}

void Arrangement::take(unsigned core) {
  addCosts(core, routerOf[size_t(places[core])], -1);
  coreAt[size_t(places[core])] = -1;
}

void Arrangement::startAt(ArrayRef<int64_t> start) {
  places.assign(partners.size(), -1);
  coreAt.assign(routerOf.size(), -1);
  costs.assign(partners.size() * size_t(routers), 0);
  for (unsigned core = 0; core < partners.size(); ++core)
    put(core, start[core]);
}

/// Those that have but one place get it. Then the core with most axons to those that stand goes
/// where it has the fewest hops to them; the first of all to the middle.
void Arrangement::startGreedily() {
  places.assign(partners.size(), -1);
  coreAt.assign(routerOf.size(), -1);
  costs.assign(partners.size() * size_t(routers), 0);
  std::vector<int64_t> reach(size_t(routers), 0);
  for (int64_t router = 0; router < routers; ++router)
    for (int64_t other : routerOf)
      reach[size_t(router)] += distance(router, other);
  std::vector<std::pair<int64_t, int64_t>> talk(partners.size()); // with those that stand; with all
  for (unsigned core = 0; core < partners.size(); ++core)
    for (auto [other, axons] : partners[core])
      talk[core].second += axons;
  Board left = board;
  auto settle = [&](unsigned core, int64_t place) {
    put(core, place);
    left.take(core, place);
    for (auto [other, axons] : partners[core])
      talk[other].first += axons;
  };
  size_t settled = 0;
  for (unsigned core = 0; core < partners.size(); ++core)
    if (board.homes[core].core >= 0) {
      std::vector<int64_t> all = allPlaces(board);
      settle(core, *llvm::find_if(all, [&](int64_t at) { return board.allows(core, at); }));
      ++settled;
    }
  for (size_t step = settled; step < partners.size(); ++step) {
    unsigned next = 0;
    for (unsigned core = 0; core < partners.size(); ++core)
      if (places[core] < 0 && (places[next] >= 0 || talk[core] > talk[next]))
        next = core;
    int64_t best = -1;
    auto rank = [&](int64_t place) {
      int64_t router = routerOf[size_t(place)];
      return std::make_pair(cost(next, router), reach[size_t(router)]);
    };
    for (int64_t place = 0; place < int64_t(coreAt.size()); ++place)
      if (left.isFree(place) && left.allows(next, place) && left.leavesRoom(next, place) &&
          (best < 0 || rank(place) < rank(best)))
        best = place;
    settle(next, best);
  }
}

int64_t Arrangement::axonsBetween(unsigned a, unsigned b) const {
  const auto &all = partners[a];
  auto it = llvm::lower_bound(all, std::make_pair(b, INT64_MIN));
  return it != all.end() && it->first == b ? it->second : 0;
}

/// Takes the core to the place where it saves most hops; who stands there comes to its own.
bool Arrangement::improve(unsigned core) {
  int64_t from = routerOf[size_t(places[core])], best = -1, most = 0;
  for (int64_t place = 0; place < int64_t(coreAt.size()); ++place) {
    int64_t to = routerOf[size_t(place)], other = coreAt[size_t(place)];
    if (to == from || !board.allows(core, place) ||
        (other >= 0 && !board.allows(unsigned(other), places[core])))
      continue;
    int64_t saved = cost(core, from) - cost(core, to);
    if (other >= 0)
      // The way between both stays as long as it is, which neither cost knows.
      saved += cost(unsigned(other), to) - cost(unsigned(other), from) -
               2 * axonsBetween(core, unsigned(other)) * distance(from, to);
    if (saved > most) {
      most = saved;
      best = place;
    }
  }
  if (best < 0)
    return false;
  int64_t own = places[core], other = coreAt[size_t(best)];
  take(core);
  if (other >= 0) {
    take(unsigned(other));
    put(unsigned(other), own);
  }
  put(core, best);
  return true;
}

void Arrangement::refine() {
  bool changed = true;
  for (unsigned pass = 0; pass < kMostPasses && changed; ++pass) {
    changed = false;
    for (unsigned core = 0; core < partners.size(); ++core)
      changed |= improve(core);
  }
}

int64_t Arrangement::hops() const {
  int64_t twice = 0;
  for (unsigned core = 0; core < partners.size(); ++core)
    for (auto [other, axons] : partners[core])
      twice += axons * distance(routerOf[size_t(places[core])], routerOf[size_t(places[other])]);
  return twice / 2;
}

std::vector<int64_t> inOrder(ArrayRef<Home> homes, const nc::Target &target) {
  Board board(homes, target);
  return numbersOf(board, firstAllowed(board, allPlaces(board)));
}

std::vector<int64_t> arrange(const CoreTraffic &traffic, ArrayRef<Home> homes,
                             const nc::Target &target) {
  Arrangement arrangement(traffic, homes, target);
  arrangement.startAt(firstAllowed(arrangement.board, allPlaces(arrangement.board)));
  std::vector<int64_t> best = arrangement.places;
  int64_t least = arrangement.hops();
  auto keepBetter = [&] {
    arrangement.refine();
    if (int64_t hops = arrangement.hops(); hops < least) {
      least = hops;
      best = arrangement.places;
    }
  };
  keepBetter();
  arrangement.startGreedily();
  keepBetter();
  return numbersOf(arrangement.board, best);
}

std::vector<int64_t> shuffle(ArrayRef<Home> homes, const nc::Target &target, uint64_t seed) {
  Board board(homes, target);
  std::vector<int64_t> places = allPlaces(board);
  // Not std::shuffle, which may differ between libraries.
  std::mt19937_64 random(seed);
  for (size_t i = places.size(); i > 1; --i)
    std::swap(places[i - 1], places[size_t(random() % i)]);
  return numbersOf(board, firstAllowed(board, places));
}

} // namespace basalt::neurocore
