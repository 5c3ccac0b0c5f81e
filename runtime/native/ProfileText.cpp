// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Profiles as tables.
#include "runtime/native/Memory.h"
#include "runtime/native/Profile.h"

#include <algorithm>
#include <fmt/format.h>

using namespace basalt::rt;

/// Rows that a table has, or a part of it; what is left is one more.
static constexpr size_t kMostRows = 30;
/// The share of a row below which it is one of the others.
static constexpr double kLeastShare = 0.0005;

/// `12.3 µs`
static std::string timeText(double seconds) {
  const std::pair<double, const char *> units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}};
  for (auto [unit, name] : units)
    if (seconds >= 0.9995 * unit)
      return fmt::format("{:.3g} {}", seconds / unit, name);
  return fmt::format("{:.3g} ns", seconds * 1e9);
}

/// `1.23 G`
static std::string countText(double count) {
  const std::pair<double, const char *> units[] = {{1e9, " G"}, {1e6, " M"}, {1e3, " k"}};
  for (auto [unit, name] : units)
    if (count >= 0.9995 * unit)
      return fmt::format("{:.3g}{}", count / unit, name);
  return fmt::format("{:.3g}", count);
}

static std::string headText(const Profile &profile) {
  std::string text =
      fmt::format("profile of '{}': {} time step{} in {}", profile.name(), profile.steps(),
                  profile.steps() == 1 ? "" : "s", timeText(profile.seconds()));
  if (profile.steps() > 0)
    text += ", " + timeText(profile.seconds() / double(profile.steps())) + " each";
  text += fmt::format(", {} thread{}", profile.threads(), profile.threads() == 1 ? "" : "s");
  if (profile.measuredSteps() < profile.steps())
    text += fmt::format("; {} of them were measured", profile.measuredSteps());
  for (const Profile::Other &other : profile.others())
    text += fmt::format("\n{:>10}  {}", timeText(other.seconds), other.what);
  return text + "\n";
}

namespace {
/// Time that something took, and what it is made of: phases of processes, these of pieces of code.
struct Node {
  std::string name;
  double seconds = 0;
  std::vector<Node> parts;

  Node &part(const std::string &wanted) {
    auto it = std::find_if(parts.begin(), parts.end(),
                           [&](const Node &node) { return node.name == wanted; });
    return it != parts.end() ? *it : parts.emplace_back(Node{wanted, 0, {}});
  }
  /// Adds the time of a row to what it is part of.
  void add(const std::vector<std::string> &path, double time, size_t depth = 0) {
    seconds += time;
    if (depth < path.size())
      part(path[depth]).add(path, time, depth + 1);
  }
};

class TimeTable {
public:
  explicit TimeTable(const Profile &profile) : profile(profile) {}

  void print(Node &node, unsigned depth);
  std::string text = "\n   share       time     a step  phase, process, code\n";

private:
  void line(const std::string &name, double seconds, unsigned depth) {
    double all = profile.seconds() * profile.threads();
    text +=
        fmt::format("{:>6.1f} %  {:>9}  {:>9}  {:{}}{}\n", 100 * seconds / all, timeText(seconds),
                    timeText(seconds / double(profile.steps())), "", 2 * depth, name);
  }

  const Profile &profile;
};
} // namespace

/// The parts of a node, the longest first.
void TimeTable::print(Node &node, unsigned depth) {
  std::stable_sort(node.parts.begin(), node.parts.end(),
                   [](const Node &a, const Node &b) { return a.seconds > b.seconds; });
  double rest = node.seconds, least = kLeastShare * profile.seconds() * profile.threads();
  size_t rows = 0;
  for (Node &part : node.parts) {
    if (rows == kMostRows || part.seconds < least)
      break;
    ++rows;
    rest -= part.seconds;
    bool isOne = depth > 0 && part.parts.size() == 1; // on one line
    line(isOne ? part.name + ": " + part.parts.front().name : part.name, part.seconds, depth);
    if (!isOne)
      print(part, depth + 1);
  }
  if (rows < node.parts.size())
    line(fmt::format("{} more", node.parts.size() - rows), rest, depth);
}

static std::string timesText(const Profile &profile) {
  Node root;
  for (const Profile::Row &row : profile.rows()) {
    std::vector<std::string> path;
    for (const char *name : {row.part.phase, row.part.instance, row.part.what})
      if (*name)
        path.push_back(name);
    if (path.size() == 1 && *row.part.phase && profile.hasParts())
      path.push_back("between processes");
    root.add(path, row.seconds);
  }
  if (root.parts.empty())
    return "";
  TimeTable table(profile);
  table.print(root, 0);
  if (!profile.hasParts())
    table.text += "how much of it each process takes, programs tell that are compiled with "
                  "--profile\n";
  return table.text;
}

static std::string activityText(const Profile &profile, const Activity &activity) {
  uint64_t events = activity.events + profile.events();
  if (activity.spikes == 0 && events == 0)
    return "";
  auto rate = [&](uint64_t count) { return countText(double(count) / profile.seconds()); };
  return fmt::format("\n{:>8} spikes, {}/s; {} synaptic events, {}/s\n",
                     countText(double(activity.spikes)), rate(activity.spikes),
                     countText(double(events)), rate(events));
}

static std::string memoryText(std::vector<MemoryPart> parts) {
  sortMemory(parts);
  uint64_t all = 0;
  for (const MemoryPart &part : parts)
    all += part.bytes;
  std::string text = fmt::format("\n{:>10}  memory\n", sizeText(all));
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i == kMostRows) {
      uint64_t rest = 0;
      for (; i < parts.size(); ++i)
        rest += parts[i].bytes;
      text += fmt::format("{:>10}  all others\n", sizeText(rest));
      break;
    }
    text += fmt::format("{:>10}  {}{}{}\n", sizeText(parts[i].bytes), parts[i].owner,
                        parts[i].owner.empty() ? "" : "  ", parts[i].what);
  }
  return text;
}

std::string basalt::rt::profileText(const Profile &profile, const Activity &activity,
                                    const std::vector<MemoryPart> &memory) {
  std::string text =
      headText(profile) + timesText(profile) + activityText(profile, activity) + memoryText(memory);
  text.pop_back();
  return text;
}
