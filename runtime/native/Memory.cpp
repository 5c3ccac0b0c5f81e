// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of the machine and of a run.
#include "runtime/native/Memory.h"

#include "runtime/native/Error.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Names.h"
#include "runtime/native/Outside.h"
#include "runtime/native/Rows.h"
#include "runtime/native/Shares.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/resource.h>
#include <unistd.h>

using namespace basalt::rt;

std::string basalt::rt::sizeText(uint64_t bytes) {
  const std::pair<int, const char *> units[] = {{40, "TiB"}, {30, "GiB"}, {20, "MiB"}, {10, "KiB"}};
  for (auto [shift, name] : units)
    if (bytes >= uint64_t(1) << shift)
      return fmt::format("{:.1f} {}", double(bytes) / double(uint64_t(1) << shift), name);
  return fmt::format("{} B", bytes);
}

//===-- The machine
//------------------------------------------------------------------------------===//

/// The number in the line `name:  1234 kB` of /proc/meminfo, in bytes.
static uint64_t readMeminfo(const std::string &text, const std::string &name) {
  size_t at = text.find("\n" + name + ":");
  return at == std::string::npos
             ? 0
             : std::strtoull(text.c_str() + at + name.size() + 2, nullptr, 10) * 1024;
}

static std::string readAll(const std::string &path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The number that a file of a control group has; none if it has no number.
static std::optional<uint64_t> readNumber(const std::string &path) {
  std::string text = readAll(path);
  if (text.empty() || text[0] < '0' || text[0] > '9')
    return std::nullopt;
  return std::strtoull(text.c_str(), nullptr, 10);
}

/// The number behind `name ` in a file of lines.
static uint64_t readStatistic(const std::string &path, const std::string &name) {
  std::istringstream lines(readAll(path));
  std::string key;
  for (uint64_t value; lines >> key >> value;)
    if (key == name)
      return value;
  return 0;
}

static void lower(MemoryLimit &limit, uint64_t bytes, const char *reason) {
  if (bytes < limit.bytes)
    limit = {bytes, reason};
}

/// The control groups of the process, from its own up to the first: `memory.max` and so on of
/// version 2, other names of version 1.
static void lowerByControlGroups(MemoryLimit &limit, const std::string &root) {
  std::istringstream lines(readAll(root + "/proc/self/cgroup"));
  for (std::string line; std::getline(lines, line);) {
    size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos)
      continue;
    std::string controllers = line.substr(first + 1, second - first - 1);
    bool isSecond = controllers.empty();
    if (!isSecond && ("," + controllers + ",").find(",memory,") == std::string::npos)
      continue;
    std::string base = root + "/sys/fs/cgroup" + (isSecond ? "" : "/memory");
    for (std::string group = line.substr(second + 1);; group.erase(group.rfind('/'))) {
      std::string folder = base + (group == "/" ? "" : group) + "/";
      std::optional<uint64_t> most =
          readNumber(folder + (isSecond ? "memory.max" : "memory.limit_in_bytes"));
      std::optional<uint64_t> used =
          readNumber(folder + (isSecond ? "memory.current" : "memory.usage_in_bytes"));
      if (most && used) {
        // Pages of files give way.
        uint64_t files = readStatistic(folder + "memory.stat",
                                       isSecond ? "inactive_file" : "total_inactive_file");
        uint64_t taken = *used - std::min(files, *used);
        lower(limit, *most - std::min(taken, *most), "what a control group leaves");
      }
      if (group.empty() || group == "/")
        break;
    }
  }
}

MemoryLimit basalt::rt::availableMemory(uint64_t mapped, const std::string &root) {
  MemoryLimit limit{kNoMemoryLimit, ""};
  std::string meminfo = "\n" + readAll(root + "/proc/meminfo");
  if (uint64_t free = readMeminfo(meminfo, "MemAvailable"))
    lower(limit, free + readMeminfo(meminfo, "SwapFree"), "what the machine has free");
  lowerByControlGroups(limit, root);
  rlimit addresses{};
  if (::getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY) {
    uint64_t pages = 0;
    std::istringstream(readAll(root + "/proc/self/statm")) >> pages;
    uint64_t taken = pages * uint64_t(::sysconf(_SC_PAGESIZE)), most = addresses.rlim_cur;
    lower(limit, most - std::min(taken, most) + mapped,
          "what the limit of the process, ulimit -v, leaves");
  }
  return limit;
}

//===-- A run
//------------------------------------------------------------------------------------===//

std::string basalt::rt::ownerOf(Table<StateInfo> states, size_t index) {
  std::string name = states[index].name;
  // Where the entries of `x.weights` are is in `x.weights.offsets` and `x.weights.targets`.
  for (const StateInfo &state : states)
    if (state.synapses && (state.synapses->offsets == index || state.synapses->targets == index)) {
      name.resize(name.rfind('.'));
      break;
    }
  return name.substr(0, std::min(name.rfind('.'), name.size()));
}

std::vector<MemoryPart> Simulation::memory(const std::vector<bool> &wanted, unsigned threads) {
  std::vector<MemoryPart> parts;
  for (size_t i = 0; i < states().size(); ++i)
    parts.push_back({ownerOf(states(), i), "states", stateBytes(states()[i]), true});
  return parts;
}

std::vector<bool> basalt::rt::wantedStates(Simulation &simulation, const RunOptions &options) {
  Names names(simulation);
  std::vector<bool> wanted(simulation.states().size());
  auto want = [&](const std::string &name) {
    if (std::optional<size_t> state = names.state(name))
      wanted[*state] = true;
  };
  for (const std::string &probe : options.probes)
    want(probe.substr(0, probe.find('@')));
  for (const std::string &get : options.gets)
    want(get);
  for (const SetRequest &set : options.sets)
    want(set.name);
  if (options.stages)
    for (const StageItem &item : *options.stages)
      if (item.set)
        want(item.set->name);
  return wanted;
}

/// Rows of probes and gets, as they go to files.
static void addRecorded(Simulation &simulation, const RunOptions &options,
                        std::vector<MemoryPart> &parts) {
  Names names(simulation);
  auto sizeOf = [&](const std::string &name) -> uint64_t {
    size_t bytes = 0;
    if (std::optional<size_t> index = names.state(name)) {
      const StateInfo &state = simulation.states()[*index];
      std::vector<int64_t> shape = outsideShape(state);
      bytes = elementCount(uint8_t(shape.size()), shape.data()) * fileElementSize(state.element);
    } else if (std::optional<size_t> index = names.port(name)) {
      const PortInfo &port = simulation.ports()[*index];
      bytes = elementCount(port.rank, port.shape) * fileElementSize(port.element);
    }
    return bytes;
  };
  for (const std::string &probe : options.probes)
    parts.push_back({"", "rows of probes", sizeOf(probe.substr(0, probe.find('@')))});
  uint64_t largest = 0; // gets are written one after the other
  for (const std::string &get : options.gets)
    largest = std::max(largest, sizeOf(get));
  parts.push_back({"", "rows of gets", largest});
}

void basalt::rt::sortMemory(std::vector<MemoryPart> &parts) {
  std::map<std::pair<std::string, std::string>, MemoryPart> sums;
  for (const MemoryPart &part : parts) {
    auto [it, isNew] = sums.try_emplace({part.owner, part.what}, part);
    if (!isNew)
      it->second.bytes += part.bytes;
  }
  parts.clear();
  for (auto &[key, part] : sums)
    if (part.bytes != 0)
      parts.push_back(part);
  std::stable_sort(parts.begin(), parts.end(),
                   [](const MemoryPart &a, const MemoryPart &b) { return a.bytes > b.bytes; });
}

void basalt::rt::checkMemory(Simulation &simulation, const RunOptions &options) {
  if (options.memoryLimit == kNoMemoryLimit)
    return;
  unsigned threads = std::min(options.threads.value_or(1), usefulThreads(simulation.axes()));
  std::vector<MemoryPart> parts = simulation.memory(wantedStates(simulation, options), threads);
  addRecorded(simulation, options, parts);
  uint64_t all = 0, mapped = 0;
  for (const MemoryPart &part : parts) {
    all += part.bytes;
    mapped += part.isMapped ? part.bytes : 0;
  }
  MemoryLimit limit = options.memoryLimit
                          ? MemoryLimit{*options.memoryLimit, "the limit of --memory-limit"}
                          : availableMemory(mapped);
  if (all <= limit.bytes)
    return;
  std::string text = fmt::format("the run needs about {} of memory, but {} are available ({})",
                                 sizeText(all), sizeText(limit.bytes), limit.reason);
  sortMemory(parts);
  constexpr size_t kMost = 12;
  for (size_t i = 0; i < std::min(kMost, parts.size()); ++i)
    text += fmt::format("\n{:>12}  {}{}{}", sizeText(parts[i].bytes), parts[i].owner,
                        parts[i].owner.empty() ? "" : "  ", parts[i].what);
  if (parts.size() > kMost)
    text += fmt::format("\n{:>12}  and {} smaller parts", "", parts.size() - kMost);
  text += "\nto run it nevertheless, use --memory-limit none";
  throw InputError(text);
}
