// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `--check-finite`: NaN and infinity that arise in a Var end the run. What is there before the
// first step, or was set, is meant to be so; it is reported only if it comes back after it was
// finite.
#ifndef BASALT_RUNTIME_NATIVE_FINITECHECK_H
#define BASALT_RUNTIME_NATIVE_FINITECHECK_H

#include "runtime/native/Simulation.h"

#include <vector>

namespace basalt::rt {

class FiniteCheck {
public:
  explicit FiniteCheck(Simulation &simulation);

  /// Asks for a look at the end of each phase in which something can happen.
  void attach(Context &ctx);

  /// What is not finite now is meant to be so: of all Vars, or of one that was set.
  void accept();
  void accept(size_t state);

  /// Throws a RunError that names the first element that is not finite and was so before. `where`
  /// completes "has become nan".
  void look(const Context &ctx, const char *where);
  /// The same at the end of a phase.
  void look(const Context &ctx, Phase phase);

private:
  /// Of a state of floats: which of its elements are not finite; empty if all are, as mostly.
  struct Known {
    size_t state;
    std::vector<bool> isNotFinite;
  };

  void accept(Known &known);
  void look(const Context &ctx, Known &known, const char *where);
  [[noreturn]] void fail(const Context &ctx, size_t state, size_t element, const char *where);
  size_t countOf(size_t state) const;

  Simulation &simulation;
  Table<StateInfo> states;
  std::vector<Known> floats;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_FINITECHECK_H
