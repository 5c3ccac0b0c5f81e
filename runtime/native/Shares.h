// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each thread of a team has of a program, and the parallel regions that they go through.
#ifndef BASALT_RUNTIME_NATIVE_SHARES_H
#define BASALT_RUNTIME_NATIVE_SHARES_H

#include "runtime/native/Generated.h"
#include "runtime/native/Simulation.h"
#include "runtime/native/Team.h"

#include <exception>
#include <memory>
#include <vector>

namespace basalt::rt {

class Profile;

/// The most threads that have something of these axes to do; 1 if there are none.
unsigned usefulThreads(Table<Axis> axes);

class Shares {
public:
  /// Of a program with these axes, and a team of `threads` for it.
  Shares(unsigned threads, Table<Axis> axes);

  Team &team() { return threads; }
  Range rangeOf(unsigned thread, size_t axis) const { return members[thread].ranges[axis]; }

  /// While there is one, regions say to it what each thread does.
  void setProfile(Profile *given) { profile = given; }

  /// `function(body, share)` in every thread. Of what they throw, the exception of the first
  /// statement is thrown again, and of those of the first range.
  void run(SharedBody function, const void *body);

private:
  struct alignas(64) Member {
    std::vector<Range> ranges;
    Share share{};
    std::exception_ptr error;
  };

  Team threads;
  std::vector<Member> members; // by thread
  Profile *profile = nullptr;
};

/// For a simulation that is asked to run on `threads`; null if one has all there is to do.
std::unique_ptr<Shares> shareAmong(unsigned threads, Table<Axis> axes);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_SHARES_H
