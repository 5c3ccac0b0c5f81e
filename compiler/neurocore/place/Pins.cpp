// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First fit of what is pinned: what has least choice first, and on the cores that fewest others are
// pinned to, too.
#include "compiler/neurocore/place/Pins.h"

using namespace mlir;

namespace basalt::neurocore {

/// The cores that a pin names; none: all of the chip.
static ArrayRef<int64_t> coresOf(PinOp pin) { return pin.getCores().value_or(ArrayRef<int64_t>()); }

bool allows(PinOp pin, Home home) {
  if (!pin)
    return true;
  ArrayRef<int64_t> cores = coresOf(pin);
  return home.chip == int64_t(pin.getChip()) &&
         (cores.empty() || llvm::is_contained(cores, home.core));
}

unsigned strictnessOf(PinOp pin) {
  if (!pin)
    return 0;
  size_t cores = coresOf(pin).size();
  return cores == 0 ? 1 : UINT_MAX - unsigned(cores);
}

std::vector<Home> homesOf(ArrayRef<OpenCore> cores) {
  std::vector<Home> homes;
  for (const OpenCore &core : cores)
    homes.push_back(core.home);
  return homes;
}

/// As many neurons from `first` on as the core has room for.
static Slice sliceFor(const Slicer &slicer, const OpenCore &core, unsigned number, int64_t first) {
  int64_t rest = slicer.neuronsOf(number) - first;
  if (slicer.canFit(number, first, rest))
    if (Slice all = slicer.sliceOf(number, first, rest); slicer.fits(core, all))
      return all;
  return slicer.largestSlice(number, first, rest, core);
}

int64_t fillGap(const Slicer &slicer, std::vector<OpenCore> &cores, unsigned number,
                int64_t first) {
  OpenCore *most = nullptr;
  Slice best;
  for (OpenCore &core : cores) {
    if (llvm::is_contained(core.members, number) || !allows(slicer.members[number].pin, core.home))
      continue;
    Slice slice = sliceFor(slicer, core, number, first);
    if (slice.group.neurons <= best.group.neurons)
      continue;
    most = &core;
    best = std::move(slice);
  }
  if (most)
    *most = slicer.with(*most, best);
  return best.group.neurons;
}

namespace {
class PinnedFit {
public:
  PinnedFit(Slicer &slicer, std::vector<OpenCore> &cores) : slicer(slicer), cores(cores) {}

  LogicalResult run();

private:
  LogicalResult placeOnCores(unsigned number);
  LogicalResult placeOnChip(unsigned number);
  LogicalResult report(unsigned number, int64_t first, const OpenCore &last, int64_t onLast);
  std::vector<int64_t> leastWantedFirst(PinOp pin) const;
  OpenCore *find(Home home);
  OpenCore &add(Home home);

  Slicer &slicer;
  std::vector<OpenCore> &cores;
};
} // namespace

OpenCore *PinnedFit::find(Home home) {
  auto it = llvm::find_if(cores, [&](const OpenCore &core) {
    return core.home.chip == home.chip && core.home.core == home.core;
  });
  return it == cores.end() ? nullptr : &*it;
}

OpenCore &PinnedFit::add(Home home) {
  cores.emplace_back().home = home;
  slicer.manyChips |= chipsFor(homesOf(cores), slicer.target).size() > 1;
  return cores.back();
}

std::vector<int64_t> PinnedFit::leastWantedFirst(PinOp pin) const {
  std::vector<int64_t> result(coresOf(pin).begin(), coresOf(pin).end());
  auto wanted = [&](int64_t core) {
    return llvm::count_if(slicer.members, [&](const Member &member) {
      return member.pin && !coresOf(member.pin).empty() &&
             allows(member.pin, {int64_t(pin.getChip()), core});
    });
  };
  llvm::stable_sort(result, [&](int64_t a, int64_t b) { return wanted(a) < wanted(b); });
  return result;
}

LogicalResult PinnedFit::placeOnCores(unsigned number) {
  PinOp pin = slicer.members[number].pin;
  int64_t first = 0, count = slicer.neuronsOf(number), onLast = 0;
  OpenCore last;
  for (int64_t core : leastWantedFirst(pin)) {
    Home home{int64_t(pin.getChip()), core};
    OpenCore *open = find(home);
    last = open ? *open : OpenCore();
    onLast = first;
    Slice slice = sliceFor(slicer, last, number, first);
    if (slice.group.neurons == 0)
      continue;
    if (!open)
      open = &add(home);
    *open = slicer.with(*open, slice);
    first += slice.group.neurons;
    if (first == count)
      return success();
  }
  if (slicer.largestSlice(number, first, 2).group.neurons == 0)
    return reportTooLarge(slicer, number, first);
  return report(number, first, last, onLast);
}

LogicalResult PinnedFit::placeOnChip(unsigned number) {
  PinOp pin = slicer.members[number].pin;
  auto chip = int64_t(pin.getChip());
  auto isThere = [&](const OpenCore &core) { return core.home.chip == chip; };
  for (int64_t first = 0, count = slicer.neuronsOf(number); first < count;) {
    Slice slice = sliceFor(slicer, OpenCore(), number, first);
    if (slice.group.neurons == 0)
      return reportTooLarge(slicer, number, first);
    auto chosen = llvm::find_if(cores, [&](const OpenCore &core) {
      return isThere(core) && slice.group.neurons == count - first && slicer.fits(core, slice);
    });
    if (chosen == cores.end() && llvm::count_if(cores, isThere) >= slicer.target.chip.cores) {
      int64_t more = fillGap(slicer, cores, number, first);
      if (more == 0)
        return reportNoRoom(slicer, number, first);
      first += more;
      continue;
    }
    OpenCore &core = chosen != cores.end() ? *chosen : add({chip, -1});
    core = slicer.with(core, slice);
    first += slice.group.neurons;
  }
  return success();
}

static std::string text(PinOp pin) {
  ArrayRef<int64_t> cores = coresOf(pin);
  std::string result = cores.size() == 1 ? "core " : "cores ";
  for (size_t i = 0; i < cores.size(); ++i)
    result += (i == 0 ? "" : i + 1 == cores.size() ? " and " : ", ") + std::to_string(cores[i]);
  return result + " of chip " + std::to_string(pin.getChip());
}

/// Neurons from `first` on find no room on the cores that they are pinned to; `last` is what else
/// stands on the last of them, for which those from `onLast` on have been left.
LogicalResult PinnedFit::report(unsigned number, int64_t first, const OpenCore &last,
                                int64_t onLast) {
  PinOp pin = slicer.members[number].pin;
  int64_t count = slicer.neuronsOf(number);
  InFlightDiagnostic diagnostic =
      pin.emitError("'") << pin.getInstance() << "' is pinned to " << text(pin) << ", where "
                         << (first == 0 ? "none" : std::to_string(first)) << " of its " << count
                         << " neurons find" << (first == 1 ? "s" : "") << " room";
  std::vector<PinOp> others;
  for (const OpenCore &core : cores)
    if (allows(pin, core.home))
      for (unsigned member : core.members)
        if (PinOp other = slicer.members[member].pin;
            member != number && !llvm::is_contained(others, other))
          others.push_back(other);
  for (PinOp other : others)
    diagnostic.attachNote(other.getLoc())
        << "'" << other.getInstance() << "' is pinned to " << text(other);
  Slice slice = slicer.sliceOf(number, onLast, count - onLast);
  std::vector<nc::Excess> excesses =
      nc::allExcesses(slicer.usageOf(slicer.with(last, slice)), slicer.target);
  if (last.neurons + count - onLast > slicer.neuronsPerCore)
    diagnostic.attachNote() << "more on a core are not wanted (--neurons-per-core, or "
                               "'neurons_per_core' of the network)";
  addExcesses(slicer, number, first, excesses, diagnostic);
  addRemedies(slicer, number, excesses, diagnostic);
  return diagnostic;
}

LogicalResult PinnedFit::run() {
  std::vector<unsigned> order;
  for (unsigned number = 0; number < slicer.members.size(); ++number)
    if (slicer.members[number].pin)
      order.push_back(number);
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    return strictnessOf(slicer.members[a].pin) > strictnessOf(slicer.members[b].pin);
  });
  for (unsigned number : order)
    if (failed(coresOf(slicer.members[number].pin).empty() ? placeOnChip(number)
                                                           : placeOnCores(number)))
      return failure();
  return success();
}

LogicalResult placePinned(Slicer &slicer, std::vector<OpenCore> &cores) {
  return PinnedFit(slicer, cores).run();
}

} // namespace basalt::neurocore
