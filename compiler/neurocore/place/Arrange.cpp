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

namespace basalt::neurocore {

/// Passes over all pairs of places; most networks need less than ten.
static constexpr unsigned kMostPasses = 64;

namespace {
/// Places of cores, and what hops they cause. Places are numbers on the board.
class Arrangement {
public:
  Arrangement(const CoreTraffic &traffic, size_t cores, const nc::Target &target);

  void startInOrder();
  void startGreedily();
  void refine();
  int64_t hops() const;
  std::vector<int64_t> places; ///< of each core

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

static int64_t placesOf(size_t cores, const nc::Target &target) {
  return int64_t(llvm::divideCeil(cores, size_t(target.chip.cores))) * target.chip.cores;
}

Arrangement::Arrangement(const CoreTraffic &traffic, size_t cores, const nc::Target &target)
    : partners(cores) {
  std::map<std::pair<unsigned, unsigned>, int64_t> both;
  for (const auto &[pair, axons] : traffic)
    if (pair.first != pair.second) {
      both[pair] += axons;
      both[{pair.second, pair.first}] += axons;
    }
  for (const auto &[pair, axons] : both)
    partners[pair.first].push_back({pair.second, axons});
  nc::Mesh mesh(target);
  for (int64_t place = 0; place < placesOf(cores, target); ++place) {
    routerOf.push_back(mesh.routerOf(place / target.chip.cores, place % target.chip.cores));
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

void Arrangement::startInOrder() {
  places.assign(partners.size(), -1);
  coreAt.assign(routerOf.size(), -1);
  costs.assign(partners.size() * size_t(routers), 0);
  for (unsigned core = 0; core < partners.size(); ++core)
    put(core, core);
}

/// The core with most axons to those that stand goes where it has the fewest hops to them; the
/// first of all to the middle.
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
  for (size_t step = 0; step < partners.size(); ++step) {
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
      if (coreAt[size_t(place)] < 0 && (best < 0 || rank(place) < rank(best)))
        best = place;
    put(next, best);
    for (auto [other, axons] : partners[next])
      talk[other].first += axons;
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
    if (to == from)
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

std::vector<int64_t> arrange(const CoreTraffic &traffic, size_t cores, const nc::Target &target) {
  Arrangement arrangement(traffic, cores, target);
  arrangement.startInOrder();
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
  return best;
}

std::vector<int64_t> shuffle(size_t cores, const nc::Target &target, uint64_t seed) {
  std::vector<int64_t> places(size_t(placesOf(cores, target)));
  std::iota(places.begin(), places.end(), 0);
  // Not std::shuffle, which may differ between libraries.
  std::mt19937_64 random(seed);
  for (size_t i = places.size(); i > 1; --i)
    std::swap(places[i - 1], places[size_t(random() % i)]);
  places.resize(cores);
  return places;
}

} // namespace basalt::neurocore
