// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names by table, and the one that somebody may have meant.
#include "runtime/native/Names.h"

#include "runtime/native/Error.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

using namespace basalt::rt;

/// How many single-character edits make `a` of `b`.
static size_t editDistance(const std::string &a, const std::string &b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

Names::Names(Simulation &simulation) {
  for (size_t i = 0; i < simulation.states().size(); ++i)
    states.emplace(simulation.states()[i].name, i);
  for (size_t i = 0; i < simulation.ports().size(); ++i)
    ports.emplace(simulation.ports()[i].name, i);
  for (const AliasInfo &alias : simulation.aliases())
    if (std::optional<size_t> target = state(alias.target))
      states.emplace(alias.alias, *target);
    else if (std::optional<size_t> target = port(alias.target))
      ports.emplace(alias.alias, *target);
}

void Names::failUnknown(const std::string &name, const char *what, bool withPorts) const {
  std::string best;
  size_t bestDistance = std::max<size_t>(1, name.size() / 4) + 1;
  auto consider = [&](const Index &index) {
    for (const auto &[candidate, unused] : index) {
      size_t distance = editDistance(name, candidate);
      // The order of the table is not defined, so equal distances go by the alphabet.
      if (distance < bestDistance ||
          (distance == bestDistance && !best.empty() && candidate < best)) {
        best = candidate;
        bestDistance = distance;
      }
    }
  };
  consider(states);
  if (withPorts)
    consider(ports);
  throw InputError(fmt::format("there is no {} '{}'{}", what, name,
                               best.empty() ? "" : "; did you mean '" + best + "'?"));
}

size_t Names::expectState(const std::string &name, const char *option) const {
  if (std::optional<size_t> index = state(name))
    return *index;
  if (port(name))
    throw InputError(fmt::format("'{}' is a port, and {} needs a Var", name, option));
  failUnknown(name, "Var", false);
}
