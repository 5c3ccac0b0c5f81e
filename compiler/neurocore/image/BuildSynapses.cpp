// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lists in the memories of cores, and the axons that lead to them.
#include "compiler/neurocore/image/Builder.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace basalt::neurocore {

static bool sameFormat(const nc::SynapseFormat &a, const nc::SynapseFormat &b) {
  return a.kind == b.kind && a.sign == b.sign && a.weightBits == b.weightBits &&
         a.exponent == b.exponent && a.delayBits == b.delayBits && a.indexBits == b.indexBits &&
         a.skipBits == b.skipBits && a.graded == b.graded;
}

/// Number of the format on the core; adds it if there is none. Placement has counted them.
static unsigned formatNumber(nc::Core &core, const nc::SynapseFormat &format) {
  for (size_t i = 0; i < core.formats.size(); ++i)
    if (sameFormat(core.formats[i], format))
      return unsigned(i);
  assert(core.formats.size() < nc::kMostFormats && "placement has counted the formats");
  core.formats.push_back(format);
  return unsigned(core.formats.size() - 1);
}

/// Axons of sources first to first + count - 1, of which `of` has the lists; the core has their
/// in-axons from number `next` on.
static void addAxons(const Projection &projection, const nc::Target &target,
                     ArrayRef<SourceList> of, nc::OutAxon axon, uint32_t next, nc::Core &core,
                     int64_t first, std::vector<nc::OutAxon> &into) {
  AxonChooser chooser(projection, target);
  size_t before = into.size();
  auto add = [&](const Axon &chosen) {
    bool isPopulation = chosen.kind == nc::AxonKind::Pop16 || chosen.kind == nc::AxonKind::Pop32;
    axon.kind = chosen.kind;
    axon.first = uint32_t(chosen.first - first);
    axon.count = uint32_t(chosen.count);
    axon.axon = next;
    for (uint32_t atom = 1; isPopulation && atom < axon.count; ++atom)
      core.inAxons[next + atom].continued = 1;
    next += axon.count;
    // A run of neighbours is one entry of the file.
    if (into.size() > before && !isPopulation && into.back().kind == axon.kind &&
        into.back().first + into.back().count == axon.first)
      into.back().count += axon.count;
    else
      into.push_back(axon);
  };
  for (const SourceList &list : of)
    chooser.add(list, add);
  chooser.finish(add);
}

/// Out-axons from where the sources are, for their lists on a core, which has their in-axons from
/// number `next` on.
void ImageBuilder::addAxons(const Projection &projection, uint32_t number, ArrayRef<SourceList> of,
                            uint32_t next) {
  SynapsesOp op = projection.op;
  nc::Core &core = image.cores[number];
  auto add = [&](std::vector<nc::OutAxon> &into, uint16_t group, uint8_t output, int64_t first,
                 int64_t count) {
    auto sourceLess = [](const SourceList &list, int64_t source) { return list.source < source; };
    const SourceList *begin = llvm::lower_bound(of, first, sourceLess),
                     *end = llvm::lower_bound(of, first + count, sourceLess);
    nc::OutAxon axon;
    axon.group = group;
    axon.output = output;
    axon.core = number;
    neurocore::addAxons(projection, target, {begin, end}, axon, next + uint32_t(begin - of.begin()),
                        core, first, into);
  };
  StringAttr source = op.getSourceAttr().getAttr();
  auto it = parts.find(source);
  if (it == parts.end()) {
    nc::Injector &injector = image.injectors[injectors[source.getValue()]];
    return add(injector.axons, 0, 0, 0, injector.count);
  }
  for (const Part &part : it->second)
    add(image.cores[part.core].outAxons, uint16_t(part.group), uint8_t(op.getOutput()), part.first,
        part.count);
}

void ImageBuilder::connect(unsigned number, const Part &part) {
  const Projection &projection = projections[number];
  SynapsesOp op = projection.op;
  nc::Core &core = image.cores[part.core];
  std::optional<nc::SynapseFormat> format = projection.formatFor(part.count, target);
  assert(format && "placement has found a format");
  unsigned formatIndex = formatNumber(core, *format);
  std::vector<SourceList> of;
  auto firstAxon = uint32_t(core.inAxons.size());
  ListMap<nc::ListPlace> known;
  for (int64_t source : projection.sourcesOf(part.first, part.count)) {
    EntryRange range = projection.range(source, part.first, part.count);
    if (range.empty())
      continue;
    CoreList list = projection.listOf(range, part.first);
    auto [place, isNew] = known.try_emplace(list.list);
    if (isNew) {
      place->second =
          nc::packList(*format, formatIndex,
                       nc::entriesOf(*format, projection.synapsesOf(list.list)), core.synapses);
      lists.push_back({number, part.core, part.group, list.list, place->second.word});
    }
    of.push_back({source, place->second.word, place->second.words, list.base, isNew});
    core.inAxons.push_back({place->second.word, place->second.words, uint32_t(list.base),
                            uint16_t(part.group), uint8_t(op.getAccumulator()), 0});
  }
  addAxons(projection, part.core, of, firstAxon);
}

void ImageBuilder::sortAxons() {
  for (nc::Core &core : image.cores)
    std::stable_sort(core.outAxons.begin(), core.outAxons.end(),
                     [](const nc::OutAxon &a, const nc::OutAxon &b) {
                       return std::tie(a.group, a.output) < std::tie(b.group, b.output);
                     });
}

LogicalResult ImageBuilder::buildSynapses() {
  for (auto op : network.getBody().getOps<InjectorOp>()) {
    auto type = cast<IntegerType>(op.getType());
    injectors[op.getSymName()] = uint32_t(image.injectors.size());
    image.injectors.push_back({op.getSymName().str(),
                               uint32_t(op.getCount()),
                               uint8_t(type.getWidth()),
                               !type.isUnsigned() && type.getWidth() > 1,
                               {}});
  }
  for (auto op : network.getBody().getOps<SynapsesOp>()) {
    auto population = cast<PopulationOp>(SymbolTable::lookupSymbolIn(network, op.getTargetAttr()));
    FailureOr<Projection> projection = Projection::make(op, target, int64_t(population.getCount()));
    if (failed(projection))
      return failure();
    projections.push_back(std::move(*projection));
    for (const Part &part : parts[op.getTargetAttr().getAttr()])
      connect(unsigned(projections.size() - 1), part);
  }
  sortAxons();
  return success();
}

} // namespace basalt::neurocore
