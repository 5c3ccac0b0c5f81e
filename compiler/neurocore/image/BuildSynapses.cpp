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

/// Out-axons from where the sources are, for axons (source, number) of a core in ascending order.
void ImageBuilder::addAxons(const Projection &projection, uint32_t core,
                            ArrayRef<std::pair<int64_t, uint32_t>> axons) {
  SynapsesOp op = projection.op;
  nc::AxonKind kind = projection.format.graded ? nc::AxonKind::Graded : nc::AxonKind::Discrete;
  auto add = [&](std::vector<nc::OutAxon> &into, uint16_t group, uint8_t output, int64_t first,
                 int64_t count) {
    for (size_t i = 0; i < axons.size();) {
      // A run of neighbours that the part has.
      if (axons[i].first < first || axons[i].first >= first + count) {
        ++i;
        continue;
      }
      size_t end = i + 1;
      while (end < axons.size() && axons[end].first == axons[end - 1].first + 1 &&
             axons[end].first < first + count)
        ++end;
      into.push_back({group, output, kind, uint32_t(axons[i].first - first), uint32_t(end - i),
                      core, axons[i].second});
      i = end;
    }
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
  std::vector<std::pair<int64_t, uint32_t>> axons;
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
    axons.emplace_back(source, uint32_t(core.inAxons.size()));
    core.inAxons.push_back({place->second.word, place->second.words, uint32_t(list.base),
                            uint16_t(part.group), uint8_t(op.getAccumulator()), 0});
  }
  addAxons(projection, part.core, axons);
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
