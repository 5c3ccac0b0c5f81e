// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a user can name: Vars and OutPorts, also by their aliases.
#ifndef BASALT_RUNTIME_NATIVE_NAMES_H
#define BASALT_RUNTIME_NATIVE_NAMES_H

#include "runtime/native/Simulation.h"

#include <optional>
#include <string>
#include <unordered_map>

namespace basalt::rt {

/// The names that a user can give: states, ports, and their aliases.
class Names {
public:
  /// Of the tables of `simulation`, which need not live as long.
  explicit Names(Simulation &simulation);

  std::optional<size_t> state(const std::string &name) const { return find(states, name); }
  std::optional<size_t> port(const std::string &name) const { return find(ports, name); }
  /// The state `name`; throws InputError for what is none, with a suggestion. For `--set` or
  /// `--get`.
  size_t expectState(const std::string &name, const char *option) const;
  [[noreturn]] void failUnknown(const std::string &name, const char *what, bool withPorts) const;

private:
  using Index = std::unordered_map<std::string, size_t>;
  static std::optional<size_t> find(const Index &index, const std::string &name) {
    auto found = index.find(name);
    return found == index.end() ? std::nullopt : std::optional<size_t>(found->second);
  }

  Index states, ports;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_NAMES_H
