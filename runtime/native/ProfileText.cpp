// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Profiles as tables.
#include "runtime/native/Memory.h"
#include "runtime/native/Profile.h"

#include <algorithm>
#include <fmt/format.h>

using namespace basalt::rt;

/// Rows that a table has; what is left is one more.
static constexpr size_t kMostRows = 30;

/// `12.3 µs`
static std::string timeText(double seconds) {
  const std::pair<double, const char *> units[] = {{1, "s "}, {1e-3, "ms"}, {1e-6, "µs"}};
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

static std::string rowText(const Profile &profile, const Profile::Row &row) {
  double all = profile.seconds() * profile.threads();
  return fmt::format("{:>5.1f} %  {:>9}  {:>9}  {:<9}  {}{}{}\n", 100 * row.seconds / all,
                     timeText(row.seconds), timeText(row.seconds / double(profile.steps())),
                     row.part.phase, row.part.instance, *row.part.instance ? "  " : "",
                     row.part.what);
}

/// Of each phase what all of its parts take.
static std::string phasesText(const Profile &profile, const std::vector<Profile::Row> &rows) {
  std::vector<Profile::Row> phases;
  for (const Profile::Row &row : rows) {
    if (!*row.part.phase)
      continue;
    auto phase = std::find_if(phases.begin(), phases.end(), [&](const Profile::Row &other) {
      return std::string(other.part.phase) == row.part.phase;
    });
    if (phase == phases.end())
      phases.push_back({{row.part.phase, "", "all of it"}, row.seconds});
    else
      phase->seconds += row.seconds;
  }
  std::string text;
  for (const Profile::Row &phase : phases)
    text += rowText(profile, phase);
  return text;
}

static std::string timesText(const Profile &profile) {
  std::vector<Profile::Row> rows = profile.rows();
  if (rows.empty())
    return "";
  std::string text = "\n  share       time     a step  phase      process, code\n";
  text += phasesText(profile, rows);
  if (!profile.hasParts())
    return text + "the time of each process is known of programs that are compiled with "
                  "--profile\n";
  if (rows.size() > kMostRows) {
    Profile::Row rest{{"", "", "all others"}, 0};
    for (size_t i = kMostRows; i < rows.size(); ++i)
      rest.seconds += rows[i].seconds;
    rows.resize(kMostRows);
    rows.push_back(rest);
  }
  text += "\n";
  for (Profile::Row &row : rows) {
    if (*row.part.phase && !*row.part.instance && !*row.part.what)
      row.part.what = "between processes";
    text += rowText(profile, row);
  }
  return text;
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
  return headText(profile) + timesText(profile) + activityText(profile, activity) +
         memoryText(memory);
}
