// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The last look at a mapping, when it is known which axons lead to other chips, and where the
// sources of each core's axons stand.
#include "compiler/neurocore/place/Slices.h"

namespace basalt::neurocore {

namespace {
/// A part of a population, and the number of its core.
struct Part {
  unsigned core;
  int64_t first, count;
};
} // namespace

/// The axons of a projection to the neurons of a part, from those of `sources`; injectors are one
/// source without a core.
static void addAxons(const Projection &projection, const nc::Target &target, const Part &part,
                     llvm::ArrayRef<Part> sources, bool isInjector, llvm::ArrayRef<int64_t> numbers,
                     llvm::MutableArrayRef<OpenCore> cores) {
  auto chipOf = [&](unsigned core) { return numbers[core] / target.chip.cores; };
  AxonChooser chooser(projection, target);
  const Part *source = sources.begin();
  auto add = [&](const Axon &axon) {
    ++cores[part.core].use.inAxons;
    if (isInjector)
      return;
    nc::OutAxonUse &out = cores[source->core].use.outAxons;
    out += axon.use();
    if (chipOf(source->core) != chipOf(part.core))
      out.toOtherChips += axon.use().all();
  };
  std::optional<nc::SynapseFormat> format = projection.formatFor(part.count, target);
  projection.visitLists(*format, part.first, part.count, [&](const SourceList &list) {
    while (list.source >= source->first + source->count) {
      chooser.finish(add);
      ++source;
    }
    chooser.add(list, add);
  });
  chooser.finish(add);
}

Held holdAt(const Slicer &slicer, llvm::ArrayRef<OpenCore> cores, llvm::ArrayRef<int64_t> numbers) {
  std::vector<OpenCore> exact = cores;
  std::vector<std::vector<Part>> parts(slicer.members.size());
  for (auto [number, core] : llvm::enumerate(exact)) {
    core.use.inAxons = 0;
    core.use.outAxons = {};
    for (auto [member, group] : llvm::zip(core.members, core.groups))
      parts[member].push_back({unsigned(number), group.first, group.count});
  }
  for (std::vector<Part> &of : parts)
    llvm::sort(of, [](const Part &a, const Part &b) { return a.first < b.first; });
  for (auto [number, projection] : llvm::enumerate(slicer.projections)) {
    std::optional<unsigned> source = slicer.sourceOf(unsigned(number));
    std::vector<Part> all = {{0, 0, projection.sourceCount()}};
    for (const Part &part : parts[slicer.targetOf(unsigned(number))])
      addAxons(projection, slicer.target, part, source ? parts[*source] : all, !source, numbers,
               exact);
  }
  Held held;
  for (const OpenCore &core : exact)
    if (nc::findExcess(slicer.usageOf(core), slicer.target)) {
      const nc::OutAxonUse &out = core.use.outAxons;
      held.all = false;
      held.leaving = std::max(held.leaving,
                              double(out.toOtherChips) / double(std::max<int64_t>(1, out.all())));
    }
  return held;
}

} // namespace basalt::neurocore
