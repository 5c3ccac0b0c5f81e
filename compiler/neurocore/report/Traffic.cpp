// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Messages along the axons of an image.
#include "compiler/neurocore/report/Traffic.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

namespace basalt::neurocore {

Traffic trafficOf(const nc::Image &image) {
  Traffic traffic;
  for (auto [number, core] : llvm::enumerate(image.cores))
    for (const nc::OutAxon &axon : core.outAxons)
      traffic[{uint32_t(number), axon.core}] += axon.count;
  return traffic;
}

TrafficSums sumsOf(const Traffic &traffic, const nc::Image &image, const nc::Target &target) {
  nc::Mesh mesh(target);
  TrafficSums sums;
  llvm::DenseMap<int64_t, uint64_t> links;
  for (const auto &[cores, messages] : traffic) {
    const nc::Core &from = image.cores[cores.first], &to = image.cores[cores.second];
    int64_t begin = mesh.routerOf(from.chip, from.core), end = mesh.routerOf(to.chip, to.core);
    nc::Hops hops = mesh.hops(begin, end);
    for (int64_t link : mesh.route(begin, end))
      sums.busiest = std::max(sums.busiest, links[link] += messages);
    sums.messages += messages;
    sums.betweenCores += cores.first != cores.second ? messages : 0;
    sums.betweenChips += from.chip != to.chip ? messages : 0;
    sums.hopsX += messages * uint64_t(hops.x);
    sums.hopsY += messages * uint64_t(hops.y);
    sums.hopsZ += messages * uint64_t(hops.z);
    sums.crossings += messages * uint64_t(hops.chips);
    if (messages > 0)
      sums.longest = std::max(sums.longest, uint64_t(hops.all()));
  }
  return sums;
}

/// The hops of a core's messages (`amounts`, largest first, one for each core it talks with) if
/// those cores stood as near to it as they can; `room` is how many cores are at each distance.
static uint64_t nearest(const std::vector<uint64_t> &amounts, const std::vector<int64_t> &room) {
  uint64_t sum = 0;
  size_t distance = 0;
  int64_t left = room[0] - 1; // its own place is taken
  for (uint64_t amount : amounts) {
    while (left == 0 && distance + 1 < room.size())
      left = room[++distance];
    sum += amount * distance;
    --left;
  }
  return sum;
}

uint64_t hopBound(const Traffic &traffic, const nc::Image &image, const nc::Target &target) {
  std::vector<std::map<uint32_t, uint64_t>> partners(image.cores.size());
  for (const auto &[cores, messages] : traffic) {
    if (cores.first == cores.second)
      continue;
    partners[cores.first][cores.second] += messages;
    partners[cores.second][cores.first] += messages;
  }
  nc::Mesh mesh(target);
  // What is at each distance of each router that has cores.
  std::map<int64_t, int64_t> places; // cores that a router can have
  int64_t chips = image.cores.empty() ? 0 : image.cores.back().chip + 1;
  for (int64_t chip = 0; chip < chips; ++chip)
    for (int64_t core = 0; core < target.chip.cores; ++core)
      ++places[mesh.routerOf(chip, core)];
  std::vector<std::vector<int64_t>> rooms;
  for (const auto &[router, own] : places) {
    std::vector<int64_t> room;
    for (const auto &[other, count] : places) {
      auto distance = size_t(mesh.hops(router, other).all());
      room.resize(std::max(room.size(), distance + 1));
      room[distance] += count;
    }
    if (!llvm::is_contained(rooms, room))
      rooms.push_back(std::move(room));
  }
  uint64_t twice = 0; // each pair of cores is counted at both ends
  for (const std::map<uint32_t, uint64_t> &others : partners) {
    std::vector<uint64_t> amounts;
    for (const auto &[other, amount] : others)
      amounts.push_back(amount);
    llvm::sort(amounts, std::greater<>());
    uint64_t least = UINT64_MAX;
    for (const std::vector<int64_t> &room : rooms)
      least = std::min(least, nearest(amounts, room));
    twice += least;
  }
  return (twice + 1) / 2;
}

} // namespace basalt::neurocore
