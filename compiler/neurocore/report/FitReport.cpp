// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counting, text and JSON of `basalt report fit`.
#include "compiler/neurocore/report/FitReport.h"

#include "compiler/neurocore/report/Table.h"
#include "runtime/neurocore/Synapses.h"
#include "runtime/neurocore/Verify.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include <set>

namespace basalt::neurocore {

/// The entries of a core's lists; several axons may share one.
static uint64_t synapsesOf(const nc::Core &core) {
  std::set<uint32_t> seen;
  uint64_t count = 0;
  for (const nc::InAxon &axon : core.inAxons) {
    nc::UnpackedList list;
    if (axon.words == 0 || !seen.insert(axon.word).second)
      continue;
    nc::unpackList(core, axon.word, axon.words, list);
    count += list.entries.size();
  }
  return count;
}

Fit fitOf(const nc::Image &image, const nc::Target &target) {
  Fit fit;
  std::set<uint16_t> chips;
  for (auto [number, core] : llvm::enumerate(image.cores)) {
    chips.insert(core.chip);
    fit.usages.push_back(nc::usageOf(nc::useOf(image, core), target));
    fit.synapses.push_back(synapsesOf(core));
    nc::Load load = nc::loadOf(fit.usages.back(), target);
    if (load.share > fit.largest.share) {
      fit.largest = load;
      fit.largestCore = number;
    }
  }
  fit.cores = image.cores.size();
  fit.chips = chips.size();
  fit.traffic = trafficOf(image);
  fit.sums = sumsOf(fit.traffic, image, target);
  fit.hopBound = hopBound(fit.traffic, image, target);
  fit.bounds = boundsOf(image, target);
  return fit;
}

namespace {
/// A number that describes a mapping; smaller is better.
struct Figure {
  const char *name, *key;
  double (*of)(const Fit &);
  double (*bound)(const Fit &, const nc::Target &);
};
} // namespace

static uint64_t largestOf(const std::vector<uint64_t> &amounts) {
  return amounts.empty() ? 0 : *llvm::max_element(amounts);
}

/// The largest load if the cores shared evenly what there must be.
static double evenLoad(const Fit &fit, const nc::Target &target) {
  return fit.cores ? nc::loadOf(fit.bounds.totals, target).share / double(fit.cores) : 0;
}

static const Figure kFigures[] = {
    {"cores", "cores", [](const Fit &fit) { return double(fit.cores); },
     [](const Fit &fit, const nc::Target &) { return double(fit.bounds.cores); }},
    {"chips", "chips", [](const Fit &fit) { return double(fit.chips); },
     [](const Fit &fit, const nc::Target &) { return fit.cores ? 1.0 : 0.0; }},
    {"largest load of a core, % of a limit", "largest_load_percent",
     [](const Fit &fit) { return 100 * fit.largest.share; },
     [](const Fit &fit, const nc::Target &target) { return 100 * evenLoad(fit, target); }},
    {"most synapses of a core", "most_synapses",
     [](const Fit &fit) { return double(largestOf(fit.synapses)); },
     [](const Fit &fit, const nc::Target &) {
       return fit.cores ? double(llvm::divideCeil(fit.bounds.synapses, fit.cores)) : 0.0;
     }},
    {"axons of neurons", "axons", [](const Fit &fit) { return double(fit.sums.messages); },
     [](const Fit &fit, const nc::Target &) { return double(fit.bounds.axons); }},
    {"axons between cores", "axons_between_cores",
     [](const Fit &fit) { return double(fit.sums.betweenCores); },
     [](const Fit &fit, const nc::Target &) { return double(fit.bounds.betweenCores); }},
    {"axons between chips", "axons_between_chips",
     [](const Fit &fit) { return double(fit.sums.betweenChips); },
     [](const Fit &, const nc::Target &) { return 0.0; }},
    {"hops, if each neuron spikes once", "hops",
     [](const Fit &fit) { return double(fit.sums.hops()); },
     [](const Fit &fit, const nc::Target &) { return double(fit.hopBound); }},
    {"messages on the busiest link", "busiest_link",
     [](const Fit &fit) { return double(fit.sums.busiest); },
     [](const Fit &fit, const nc::Target &target) {
       int64_t links = nc::Mesh(target).linkCount();
       return links > 0 ? double(llvm::divideCeil(fit.hopBound, uint64_t(links))) : 0.0;
     }},
    {"longest way, hops", "longest_way", [](const Fit &fit) { return double(fit.sums.longest); },
     [](const Fit &, const nc::Target &) { return 0.0; }},
};

static std::string placeOf(const nc::Core &core) {
  return std::to_string(core.chip) + "." + std::to_string(core.core);
}

namespace {
/// What cores have of a resource.
struct Summary {
  int64_t limit = 0, most = 0, total = 0, least = 0; ///< least: the largest of an even mapping
  size_t core = 0;                                   ///< the first that has the most
};
} // namespace

static Summary summaryOf(const Fit &fit, const nc::Target &target, nc::Resource resource) {
  Summary summary;
  summary.limit = nc::limitOf(target, resource);
  for (auto [number, usage] : llvm::enumerate(fit.usages)) {
    summary.total += usage[resource];
    if (usage[resource] > summary.most) {
      summary.most = usage[resource];
      summary.core = number;
    }
  }
  if (nc::addsUp(resource) && fit.cores > 0)
    summary.least = int64_t(llvm::divideCeil(uint64_t(fit.bounds.totals[resource]), fit.cores));
  return summary;
}

static nc::Provenance provenanceOf(const nc::Target &target, nc::Resource resource) {
  auto it = target.provenance.find(nc::fieldOf(resource));
  return it == target.provenance.end() ? nc::Provenance() : it->second;
}

std::string fitText(const nc::Image &image, const nc::Target &target, const Fit &fit,
                    const OtherFit *other) {
  std::string text = "'" + image.name + "' on " + target.name + "\n\n";
  std::vector<std::string> names = {"", "here", "bound"};
  if (other)
    names.push_back("first fit");
  Table figures(names);
  for (const Figure &figure : kFigures) {
    std::vector<std::string> row = {figure.name, numberText(figure.of(fit)),
                                    numberText(figure.bound(fit, target))};
    if (other)
      row.push_back(other->fit ? numberText(figure.of(*other->fit)) : "no room");
    figures.add(row);
  }
  text += figures.text() + "\n";
  Table limits({"limit of a core", "most", "of", "used", "on core", "bound", "mean", "known as"});
  for (size_t i = 0; i < nc::kResourceCount; ++i) {
    auto resource = nc::Resource(i);
    Summary summary = summaryOf(fit, target, resource);
    if (summary.most == 0 || !nc::isLimited(target, resource))
      continue;
    bool adds = nc::addsUp(resource);
    limits.add({nc::resourceName(resource), std::to_string(summary.most),
                std::to_string(summary.limit),
                shareText(double(summary.most), double(summary.limit)),
                placeOf(image.cores[summary.core]), adds ? std::to_string(summary.least) : "",
                adds ? numberText(double(summary.total) / double(fit.cores)) : "",
                nc::statusName(provenanceOf(target, resource).status)});
  }
  return text + limits.text();
}

static llvm::json::Object jsonOf(const Fit &fit) {
  llvm::json::Object object;
  for (const Figure &figure : kFigures)
    object[figure.key] = figure.of(fit);
  return object;
}

std::string fitJson(const nc::Image &image, const nc::Target &target, const Fit &fit,
                    const OtherFit *other) {
  llvm::json::Object bounds, limits;
  for (const Figure &figure : kFigures)
    bounds[figure.key] = figure.bound(fit, target);
  for (size_t i = 0; i < nc::kResourceCount; ++i) {
    auto resource = nc::Resource(i);
    Summary summary = summaryOf(fit, target, resource);
    if (!nc::isLimited(target, resource))
      continue;
    nc::Provenance provenance = provenanceOf(target, resource);
    limits[nc::fieldOf(resource)] =
        llvm::json::Object{{"name", nc::resourceName(resource)},
                           {"limit", summary.limit},
                           {"most", summary.most},
                           {"total", summary.total},
                           {"bound_of_most", summary.least},
                           {"status", nc::statusName(provenance.status)},
                           {"source", provenance.source}};
  }
  llvm::json::Array cores;
  for (auto [core, usage, synapses] : llvm::zip(image.cores, fit.usages, fit.synapses)) {
    llvm::json::Object used;
    for (size_t i = 0; i < nc::kResourceCount; ++i)
      if (usage.amounts[i] != 0)
        used[nc::fieldOf(nc::Resource(i))] = usage.amounts[i];
    cores.push_back(llvm::json::Object{{"chip", core.chip},
                                       {"core", core.core},
                                       {"synapses", synapses},
                                       {"used", std::move(used)}});
  }
  llvm::json::Object all{{"network", image.name},       {"target", target.name},
                         {"mapping", jsonOf(fit)},      {"bounds", std::move(bounds)},
                         {"limits", std::move(limits)}, {"cores", std::move(cores)}};
  if (other)
    all["first_fit"] =
        other->fit ? llvm::json::Value(jsonOf(*other->fit)) : llvm::json::Value(nullptr);
  std::string text;
  llvm::raw_string_ostream(text) << llvm::formatv("{0:2}", llvm::json::Value(std::move(all)))
                                 << "\n";
  return text;
}

} // namespace basalt::neurocore
