// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts times the costs of a target. Several tables of costs are several opinions, of which the
// least and the greatest are given; what is only assumed is no opinion.
#include "compiler/neurocore/report/Cost.h"

#include "compiler/neurocore/report/Table.h"
#include "runtime/neurocore/Synapses.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <cmath>
#include <map>
#include <set>

namespace basalt::neurocore {

Activity fullStep(const nc::Image &image) {
  Activity activity;
  activity.steps = 1;
  for (const nc::Core &core : image.cores) {
    nc::Counters counters;
    for (const nc::Group &group : core.groups) {
      counters.updates += group.count;
      if (group.program != nc::kNone)
        counters.instructions += uint64_t(group.count) * image.programs[group.program].words.size();
    }
    std::set<std::pair<uint16_t, uint8_t>> heard; // outputs that lead somewhere
    for (const nc::OutAxon &axon : core.outAxons)
      if (heard.insert({axon.group, axon.output}).second)
        counters.spikes += core.groups[axon.group].count;
    std::map<uint32_t, unsigned> sources; // of each list
    for (const nc::InAxon &axon : core.inAxons)
      if (axon.words > 0)
        ++sources[axon.word];
    for (const nc::InAxon &axon : core.inAxons) {
      ++counters.axons;
      counters.words += axon.words;
      nc::UnpackedList list;
      if (axon.words == 0)
        continue;
      nc::unpackList(core, axon.word, axon.words, list); // has been verified
      counters.synapses += list.entries.size();
      if (sources[axon.word] > 1)
        counters.shared += list.entries.size();
      else if (core.formats[list.format].kind == nc::SynapseKind::Dense)
        counters.dense += list.entries.size();
    }
    activity.cores.push_back(counters);
  }
  activity.traffic = trafficOf(image);
  return activity;
}

namespace {
/// What is counted, and how the costs of one are called, without `_pj` and `_ns`; empty: nothing is
/// known of it. Where no table has a cost of the first name, that of the second is meant.
struct Quantity {
  const char *name, *key, *cost, *otherCost;
  uint64_t (*ofCore)(const nc::Counters &);
  uint64_t (*ofMesh)(const TrafficSums &);
};

/// What several tables say.
struct Interval {
  double low = 0, high = 0;

  Interval plus(const Interval &other) const { return {low + other.low, high + other.high}; }
  Interval times(double factor) const { return {low * factor, high * factor}; }
  Interval atLeast(const Interval &other) const {
    return {std::max(low, other.low), std::max(high, other.high)};
  }
};

class Coster {
public:
  Coster(const nc::Image &image, const nc::Target &target, const Activity &activity)
      : image(image), target(target), activity(activity),
        sums(sumsOf(activity.traffic, image, target)) {
    for (const nc::Counters &counters : activity.cores)
      total.add(counters);
  }

  uint64_t countOf(const Quantity &quantity) const {
    return quantity.ofCore ? quantity.ofCore(total) : quantity.ofMesh(sums);
  }
  /// Nothing if no table has a number.
  std::optional<Interval> energyOf(const Quantity &quantity) const;
  std::optional<Interval> energy() const;
  /// Of a step, in nanoseconds: the busiest core, one thing after the other, and the barrier.
  std::optional<Interval> time(size_t &busiest) const;
  std::vector<std::string> sources() const;
  std::vector<std::string> sourceTexts() const;

  const nc::Image &image;
  const nc::Target &target;
  const Activity &activity;
  TrafficSums sums;
  nc::Counters total;

private:
  std::optional<Interval> find(const std::string &name) const;
  std::optional<Interval> costOf(const Quantity &quantity, const char *unit) const;
};
} // namespace

static const Quantity kQuantities[] = {
    {"synaptic operations of dense lists", "synaptic_operations_dense", "synop_dense", "",
     [](const nc::Counters &counters) { return counters.dense; }, nullptr},
    {"synaptic operations of shared lists", "synaptic_operations_shared", "synop_convolution",
     "synop_dense", [](const nc::Counters &counters) { return counters.shared; }, nullptr},
    {"synaptic operations of other lists", "synaptic_operations_other", "synop_sparse",
     "synop_dense",
     [](const nc::Counters &counters) {
       return counters.synapses - counters.shared - counters.dense;
     },
     nullptr},
    {"updates of neurons", "updates", "neuron_active", "",
     [](const nc::Counters &counters) { return counters.updates; }, nullptr},
    {"updates saved", "updates_saved", "neuron_inactive", "",
     [](const nc::Counters &counters) { return counters.idle; }, nullptr},
    {"instructions of neurons", "instructions", "program_op", "",
     [](const nc::Counters &counters) { return counters.instructions; }, nullptr},
    {"spikes", "spikes", "spike", "", [](const nc::Counters &counters) { return counters.spikes; },
     nullptr},
    {"messages sent", "messages", "axon_out", "", nullptr,
     [](const TrafficSums &sums) { return sums.messages; }},
    {"messages taken in", "messages_in", "axon_in", "",
     [](const nc::Counters &counters) { return counters.axons; }, nullptr},
    {"messages to other cores", "messages_between_cores", "", "", nullptr,
     [](const TrafficSums &sums) { return sums.betweenCores; }},
    {"messages to other chips", "messages_between_chips", "", "", nullptr,
     [](const TrafficSums &sums) { return sums.betweenChips; }},
    {"hops east and west", "hops_x", "hop_x", "", nullptr,
     [](const TrafficSums &sums) { return sums.hopsX; }},
    {"hops north and south", "hops_y", "hop_y", "", nullptr,
     [](const TrafficSums &sums) { return sums.hopsY; }},
    {"memory words of synapses read", "synapse_words", "", "",
     [](const nc::Counters &counters) { return counters.words; }, nullptr},
};

std::optional<Interval> Coster::find(const std::string &name) const {
  std::optional<Interval> result;
  for (const nc::CostTable &table : target.costs) {
    auto it = table.costs.find(name);
    if (it == table.costs.end() || it->second.provenance.status == nc::Status::Assumed)
      continue;
    double value = it->second.value;
    if (!result)
      result = Interval{value, value};
    result->low = std::min(result->low, value);
    result->high = std::max(result->high, value);
  }
  return result;
}

std::optional<Interval> Coster::costOf(const Quantity &quantity, const char *unit) const {
  for (const char *name : {quantity.cost, quantity.otherCost})
    if (*name)
      if (std::optional<Interval> cost = find(std::string(name) + unit))
        return cost;
  return std::nullopt;
}

std::optional<Interval> Coster::energyOf(const Quantity &quantity) const {
  std::optional<Interval> cost = costOf(quantity, "_pj");
  return cost ? std::optional<Interval>(cost->times(double(countOf(quantity)))) : std::nullopt;
}

std::optional<Interval> Coster::energy() const {
  std::optional<Interval> sum;
  for (const Quantity &quantity : kQuantities)
    if (std::optional<Interval> energy = energyOf(quantity))
      sum = sum.value_or(Interval()).plus(*energy);
  return sum;
}

std::optional<Interval> Coster::time(size_t &busiest) const {
  bool any = false;
  Interval most;
  for (auto [number, counters] : llvm::enumerate(activity.cores)) {
    Interval sum;
    for (const Quantity &quantity : kQuantities)
      if (quantity.ofCore)
        if (std::optional<Interval> cost = costOf(quantity, "_ns")) {
          sum = sum.plus(cost->times(double(quantity.ofCore(counters))));
          any = true;
        }
    if (sum.high > most.high)
      busiest = number;
    most = most.atLeast(sum);
  }
  Interval step = most.times(1 / double(std::max<uint64_t>(1, activity.steps)));
  if (std::optional<Interval> least = find("step_least_ns")) {
    step = step.atLeast(*least);
    any = true;
  }
  nc::Mesh mesh(target);
  std::set<int64_t> routers;
  for (const nc::Core &core : image.cores)
    routers.insert(mesh.routerOf(core.chip, core.core));
  if (std::optional<Interval> barrier = find(routers.size() > 1 ? "barrier_chip_ns" : "barrier_ns"))
    step = step.plus(*barrier);
  return any ? std::optional<Interval>(step) : std::nullopt;
}

/// Where the costs are from: `published: D18 (second-hand), ...`.
std::vector<std::string> Coster::sources() const {
  std::vector<std::string> result;
  for (const nc::CostTable &table : target.costs) {
    std::set<std::string> from;
    for (const auto &[name, cost] : table.costs)
      if (cost.provenance.status != nc::Status::Assumed)
        from.insert(cost.provenance.source + " (" + nc::statusName(cost.provenance.status) + ")");
    if (!from.empty())
      result.push_back(table.name + ": " + llvm::join(from, ", "));
  }
  return result;
}

/// What the tags of sources stand for.
std::vector<std::string> Coster::sourceTexts() const {
  std::set<std::string> tags;
  for (const nc::CostTable &table : target.costs)
    for (const auto &[name, cost] : table.costs) {
      llvm::SmallVector<llvm::StringRef> parts;
      llvm::StringRef(cost.provenance.source).split(parts, ',');
      for (llvm::StringRef part : parts)
        tags.insert(part.trim().str());
    }
  std::vector<std::string> result;
  for (const auto &[tag, text] : target.sources)
    if (tags.count(tag))
      result.push_back(tag + ": " + text);
  return result;
}

/// Two digits, since estimates differ by more, with a multiple of the unit: `12 nJ`. The value
/// is in picojoules or nanoseconds.
static std::string scaled(double value, llvm::StringRef unit) {
  static constexpr const char *kPrefixes[] = {"p", "n", "u", "m", "", "k"};
  size_t prefix = unit == "s" ? 1 : 0;
  auto rounded = [&] {
    double digit = value > 0 ? std::pow(10, std::floor(std::log10(value)) - 1) : 1;
    return std::round(value / digit) * digit;
  };
  while (rounded() >= 1000 && prefix + 1 < std::size(kPrefixes)) {
    value /= 1000;
    ++prefix;
  }
  return numberText(rounded()) + " " + kPrefixes[prefix] + unit.str();
}

static std::string rangeText(const std::optional<Interval> &range, llvm::StringRef unit) {
  if (!range)
    return "";
  std::string low = scaled(range->low, unit), high = scaled(range->high, unit);
  return low == high ? low : low + " to " + high;
}

std::string costText(const nc::Image &image, const nc::Target &target, const Activity &activity) {
  Coster coster(image, target, activity);
  std::string text = "'" + image.name + "' on " + target.name + ", ";
  text += activity.isRun
              ? std::to_string(activity.steps) + (activity.steps == 1 ? " step" : " steps") +
                    " in the emulator\n\n"
              : "a step in which each neuron runs and spikes; --steps counts those of a run\n\n";
  std::vector<std::string> names = {"", "count"};
  if (activity.isRun)
    names.push_back("of a step");
  names.push_back("energy, estimated");
  Table table(names);
  auto add = [&](const std::string &name, uint64_t count, const std::string &energy) {
    std::vector<std::string> row = {name, std::to_string(count)};
    if (activity.isRun)
      row.push_back(numberText(double(count) / double(activity.steps)));
    row.push_back(energy);
    table.add(row);
  };
  for (const Quantity &quantity : kQuantities)
    add(quantity.name, coster.countOf(quantity), rangeText(coster.energyOf(quantity), "J"));
  add("barriers", activity.steps, "");
  if (activity.isRun) {
    add("instructions of embedded programs", activity.embedded.instructions, "");
    add("elements of Vars read and written by them",
        activity.embedded.reads + activity.embedded.writes, "");
  }
  text += table.text() + "\n";
  if (std::optional<Interval> energy = coster.energy())
    text += "energy of all that has a cost: " + rangeText(energy, "J") + "\n";
  else
    text += "energy: nothing is public of " + target.name + "\n";
  size_t busiest = 0;
  if (std::optional<Interval> time = coster.time(busiest))
    text += "time of a step: " + rangeText(time, "s") + ", as core " +
            std::to_string(image.cores[busiest].chip) + "." +
            std::to_string(image.cores[busiest].core) + " needs most, one thing after the other\n";
  else
    text += "time: nothing is public of " + target.name + "\n";
  std::vector<std::string> sources = coster.sources();
  if (!sources.empty())
    text += "\ncosts\n";
  for (const std::string &line : sources)
    text += "  " + line + "\n";
  for (const std::string &line : coster.sourceTexts())
    text += "  " + line + "\n";
  return text;
}

static llvm::json::Value jsonOf(const std::optional<Interval> &range) {
  if (!range)
    return nullptr;
  return llvm::json::Array{range->low, range->high};
}

std::string costJson(const nc::Image &image, const nc::Target &target, const Activity &activity) {
  Coster coster(image, target, activity);
  llvm::json::Object counts, energies;
  for (const Quantity &quantity : kQuantities) {
    counts[quantity.key] = coster.countOf(quantity);
    if (std::optional<Interval> energy = coster.energyOf(quantity))
      energies[quantity.key] = jsonOf(energy);
  }
  counts["barriers"] = activity.steps;
  counts["embedded_instructions"] = activity.embedded.instructions;
  counts["embedded_reads"] = activity.embedded.reads;
  counts["embedded_writes"] = activity.embedded.writes;
  size_t busiest = 0;
  std::optional<Interval> time = coster.time(busiest);
  llvm::json::Array sources;
  for (const std::string &line : coster.sources())
    sources.push_back(line);
  llvm::json::Value all = llvm::json::Object{{"network", image.name},
                                             {"target", target.name},
                                             {"steps", activity.steps},
                                             {"run", activity.isRun},
                                             {"counts", std::move(counts)},
                                             {"energies_pj", std::move(energies)},
                                             {"energy_pj", jsonOf(coster.energy())},
                                             {"step_ns", jsonOf(time)},
                                             {"sources", std::move(sources)}};
  std::string text;
  llvm::raw_string_ostream(text) << llvm::formatv("{0:2}", all) << "\n";
  return text;
}

} // namespace basalt::neurocore
