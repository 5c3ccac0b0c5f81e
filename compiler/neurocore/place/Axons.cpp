// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Choosing and counting axons.
#include "compiler/neurocore/place/Axons.h"

#include "llvm/Support/MathExtras.h"
#include <optional>

namespace basalt::neurocore {

nc::OutAxonUse Axon::use() const {
  nc::OutAxonUse use;
  int64_t *const kinds[] = {&use.discrete, &use.pop16, &use.pop32, &use.graded};
  // A population axon is one, however many atoms it has.
  bool isPopulation = kind == nc::AxonKind::Pop16 || kind == nc::AxonKind::Pop32;
  *kinds[unsigned(kind)] = isPopulation ? 1 : count;
  return use;
}

/// The axon for the first of `count` sources that can share some, and how many of them have it: of
/// the kind that takes the fewest slots for all of them.
static Axon axonFor(int64_t first, int64_t count, const nc::Target &target) {
  struct Kind {
    nc::AxonKind kind;
    int64_t slots, atoms;
  };
  const Kind kinds[] = {{nc::AxonKind::Discrete, target.axons.discreteSlots, 1},
                        {nc::AxonKind::Pop16, target.axons.pop16Slots, target.axons.pop16Atoms},
                        {nc::AxonKind::Pop32, target.axons.pop32Slots, target.axons.pop32Atoms}};
  std::optional<int64_t> least;
  Axon best;
  for (const Kind &kind : kinds) {
    if (kind.slots == 0 || kind.atoms == 0) // the target does not have it
      continue;
    int64_t slots = int64_t(llvm::divideCeil(uint64_t(count), uint64_t(kind.atoms))) * kind.slots;
    // Of the same slots rather few axons, which have entries at the other end.
    if (least && (slots > *least || (slots == *least && count <= best.count)))
      continue;
    least = slots;
    best = {kind.kind, first, std::min(count, kind.atoms)};
  }
  return best;
}

AxonChooser::AxonChooser(const Projection &projection, const nc::Target &target)
    : target(&target), isGraded(projection.format.graded),
      hasPopulations(!isGraded && (target.axons.pop16Slots > 0 || target.axons.pop32Slots > 0)) {}

bool AxonChooser::continues(const SourceList &list) {
  if (count == 0 || !hasPopulations || list.source != last.source + 1 || list.words != last.words)
    return false;
  Step next = Step::None;
  if (list.word == last.word)
    next = Step::Bases;
  else if (list.word == last.word + last.words && list.base == last.base)
    next = Step::Lists;
  int64_t distance = list.base - last.base;
  if (next == Step::None || (count > 1 && (next != step || distance != baseStep)))
    return false;
  step = next;
  baseStep = distance;
  return true;
}

void AxonChooser::add(const SourceList &list, Visit visit) {
  if (!continues(list)) {
    finish(visit);
    first = list.source;
  }
  ++count;
  last = list;
}

void AxonChooser::finish(Visit visit) {
  while (count > 0) {
    Axon axon = isGraded ? Axon{nc::AxonKind::Graded, first, 1} : axonFor(first, count, *target);
    visit(axon);
    first += axon.count;
    count -= axon.count;
  }
}

static nc::OutAxonUse largest(const nc::OutAxonUse &a, const nc::OutAxonUse &b) {
  return {std::max(a.discrete, b.discrete), std::max(a.pop16, b.pop16), std::max(a.pop32, b.pop32),
          std::max(a.graded, b.graded), 0};
}

SourceAxons SourceAxons::make(const Projection &projection, const nc::Target &target,
                              llvm::ArrayRef<int64_t> borders, int64_t neurons) {
  struct Part {
    AxonChooser chooser;
    ListAddresses addresses;
    nc::SynapseFormat format;
    int64_t first;
  };
  std::vector<Part> parts;
  std::vector<unsigned> partOf(static_cast<size_t>(neurons));
  for (size_t i = 0; i < borders.size(); ++i) {
    int64_t end = i + 1 < borders.size() ? borders[i + 1] : neurons;
    std::fill(partOf.begin() + borders[i], partOf.begin() + end, unsigned(i));
    // Without a format no neuron of this part is placed.
    parts.push_back({AxonChooser(projection, target),
                     {},
                     projection.formatFor(end - borders[i], target).value_or(projection.format),
                     borders[i]});
  }
  SourceAxons result;
  auto sources = static_cast<size_t>(projection.sourceCount());
  result.begun.resize(sources + 1);
  result.open.resize(sources + 1);
  // Both hold differences until all axons are there.
  auto visit = [&](const Axon &axon) {
    result.begun[size_t(axon.first) + 1] += axon.use();
    result.open[size_t(axon.first) + 1] += axon.use();
    result.open[size_t(axon.first + axon.count)] -= axon.use();
  };
  for (int64_t source = 0; source < int64_t(sources); ++source)
    projection.visitParts(source, partOf, [&](unsigned number, const EntryRange &range) {
      Part &part = parts[number];
      part.chooser.add(part.addresses.place(projection, part.format, source, range, part.first),
                       visit);
    });
  for (Part &part : parts)
    part.chooser.finish(visit);
  for (size_t i = 1; i <= sources; ++i) {
    result.begun[i] += result.begun[i - 1];
    result.open[i] += result.open[i - 1];
  }
  return result;
}

SourceAxons SourceAxons::most(const Projection &projection, const nc::Target &target) {
  SourceAxons result;
  auto sources = static_cast<size_t>(projection.sourceCount());
  result.begun.resize(sources + 1);
  result.open.resize(sources + 1);
  const auto &axons = target.axons;
  auto countOf = [&](nc::OutAxonUse &use) -> int64_t & {
    if (projection.format.graded)
      return use.graded;
    if (axons.discreteSlots > 0)
      return use.discrete;
    return axons.pop16Slots > 0 && axons.pop16Atoms > 0 ? use.pop16 : use.pop32;
  };
  for (size_t i = 0; i < sources; ++i) {
    result.begun[i + 1] = result.begun[i];
    countOf(result.begun[i + 1]) += projection.all(int64_t(i)).size();
  }
  return result;
}

nc::OutAxonUse SourceAxons::of(int64_t first, int64_t count) const {
  nc::OutAxonUse use = begun[size_t(first + count)];
  use -= begun[size_t(first)];
  use += open[size_t(first)];
  return use;
}

void SourceAxons::keep(const SourceAxons &before) {
  nc::OutAxonUse last; // what `begun` has had before each source
  for (size_t i = 1; i < begun.size(); ++i) {
    nc::OutAxonUse now = begun[i], then = before.begun[i];
    now -= last;
    then -= before.begun[i - 1];
    last = begun[i];
    begun[i] = begun[i - 1];
    begun[i] += largest(now, then);
    open[i] = largest(open[i], before.open[i]);
  }
}

} // namespace basalt::neurocore
