// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of axes, and regions.
#include "runtime/native/Shares.h"

#include "runtime/native/Profile.h"

#include <algorithm>
#include <atomic>

using namespace basalt::rt;

unsigned basalt::rt::usefulThreads(Table<Axis> axes) {
  size_t pieces = 0; // small axes go to different threads
  for (const Axis &axis : axes)
    pieces += piecesOf(axis.extent, axis.grain);
  return unsigned(std::clamp<size_t>(pieces, 1, kMaxThreads));
}

Shares::Shares(unsigned count, Table<Axis> axes) : threads(count), members(threads.size()) {
  unsigned first = 0;
  for (const Axis &axis : axes) {
    for (unsigned i = 0; i < threads.size(); ++i)
      members[i].ranges.push_back(partOf(axis.extent, i, threads.size(), axis.grain, first));
    first = unsigned((first + piecesOf(axis.extent, axis.grain)) % threads.size());
  }
  for (Member &member : members)
    member.share.ranges = member.ranges.data();
}

void Shares::run(SharedBody function, const void *body) {
  std::atomic<bool> failed{false};
  // A region is part of what the first thread was doing, unless it says more.
  uint32_t part = profile ? profile->track(0).part() : 0;
  if (profile) // to wake the others takes its time, too
    profile->track(0).switchTo(profile->numberOf(CommonPart::Waiting));
  threads.run([&](unsigned thread) {
    Member &member = members[thread];
    member.share.statement = 0;
    member.share.track = profile ? &profile->track(thread) : nullptr;
    if (profile)
      member.share.track->switchTo(part);
    try {
      function(body, member.share);
    } catch (...) {
      member.error = std::current_exception();
      failed.store(true, std::memory_order_relaxed);
    }
    if (profile)
      member.share.track->switchTo(profile->numberOf(CommonPart::Waiting));
  });
  if (profile)
    profile->track(0).switchTo(part);
  if (!failed.load(std::memory_order_relaxed))
    return;
  // Of a statement, the ranges are in the order of the threads.
  Member *first = nullptr;
  for (Member &member : members)
    if (member.error && (!first || member.share.statement < first->share.statement))
      first = &member;
  std::exception_ptr error = first->error;
  for (Member &member : members)
    member.error = nullptr;
  std::rethrow_exception(error);
}

std::unique_ptr<Shares> basalt::rt::shareAmong(unsigned threads, Table<Axis> axes) {
  threads = std::min(threads, usefulThreads(axes));
  return threads == 1 ? nullptr : std::make_unique<Shares>(threads, axes);
}
