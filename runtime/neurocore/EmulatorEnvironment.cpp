// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requests of embedded programs: checked against what the image allows them, then done.
#include "runtime/neurocore/EmulatorEnvironment.h"

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Error.h"
#include "runtime/native/Generated.h"

#include <algorithm>

using namespace basalt;
using namespace basalt::nc;

static bool contains(const std::vector<uint32_t> &sorted, uint32_t value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

//===-- Vars
//-------------------------------------------------------------------------------------===//

bool EmulatorEnvironment::mayAccess(const std::vector<uint32_t> &allowed, uint32_t var,
                                    int64_t first, int64_t stride, int64_t count,
                                    const char *verb) {
  if (!contains(allowed, var))
    return refuse("it may not " + std::string(verb) + " Var " + std::to_string(var));
  int64_t elements = shared.vars[var].elements();
  // first and last are within; products of wild numbers are not formed.
  bool inside = count >= 0 && count <= elements && (count == 0 || (first >= 0 && first < elements));
  if (inside && count > 1)
    inside = stride >= -elements && stride <= elements && first + stride * (count - 1) >= 0 &&
             first + stride * (count - 1) < elements;
  if (!inside)
    return refuse(std::to_string(count) + " elements from " + std::to_string(first) +
                  " on, by steps of " + std::to_string(stride) + ", are not in '" +
                  shared.machine.image.vars[var].name + "', which has " + std::to_string(elements));
  return true;
}

bool EmulatorEnvironment::readVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                                  int64_t *values) {
  if (!mayAccess(program.reads, var, first, stride, count, "read"))
    return false;
  shared.vars[var].read(first, stride, count, values);
  shared.counters.reads += uint64_t(count);
  return true;
}

bool EmulatorEnvironment::writeVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                                   const int64_t *values) {
  if (!mayAccess(program.writes, var, first, stride, count, "write"))
    return false;
  shared.counters.writes += uint64_t(count);
  VarAccess &access = shared.vars[var];
  if (!access.write(first, stride, count, values))
    return refuse("'" + shared.machine.image.vars[var].name + "': " + access.reason());
  return true;
}

bool EmulatorEnvironment::addToVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                                   const int64_t *values) {
  if (!mayAccess(program.writes, var, first, stride, count, "write"))
    return false;
  std::vector<int64_t> sums(size_t(std::max<int64_t>(count, 0)));
  shared.vars[var].read(first, stride, count, sums.data());
  for (size_t i = 0; i < sums.size(); ++i)
    sums[i] = rt::add(sums[i], values[i]);
  return writeVar(var, first, stride, count, sums.data());
}

//===-- Messages
//---------------------------------------------------------------------------------===//

/// `value` in an element of `bits` bits.
static int64_t wrapped(int64_t value, uint8_t bits, bool isSigned) {
  return isSigned ? int64_t(uint64_t(value) << (64 - bits)) >> (64 - bits) : rt::mask(value, bits);
}

bool EmulatorEnvironment::inject(uint32_t number, int64_t first, int64_t count,
                                 const int64_t *values) {
  if (!contains(program.injectors, number))
    return refuse("it may not send through injector " + std::to_string(number));
  if (called.phase != EntryPhase::SpkBefore && called.phase != EntryPhase::SpkAfter)
    return refuse("messages are sent in spk only");
  const Injector &injector = shared.machine.image.injectors[number];
  bool inside =
      first >= 0 && count >= 0 && first <= injector.count && count <= injector.count - first;
  if (!inside)
    return refuse(std::to_string(count) + " sources from " + std::to_string(first) +
                  " on are not in '" + injector.name + "', which has " +
                  std::to_string(injector.count));
  std::vector<Spike> &spikes = shared.machine.injectors[number];
  for (int64_t i = 0; i < count; ++i) {
    int64_t payload = wrapped(values[i], injector.bits, injector.isSigned);
    if (payload != 0)
      spikes.push_back({uint32_t(first + i), int32_t(payload)});
  }
  // Whoever delivers relies on the order.
  std::stable_sort(spikes.begin(), spikes.end(),
                   [](const Spike &a, const Spike &b) { return a.source < b.source; });
  return true;
}

bool EmulatorEnvironment::checkMessage(uint32_t number, int64_t count, bool sends) {
  if (!contains(program.channels, number))
    return refuse("it may not use channel " + std::to_string(number));
  const Channel &channel = shared.machine.image.channels[number];
  if ((sends ? channel.source : channel.target) != called.program)
    return refuse(std::string("it may not ") + (sends ? "send" : "receive") + " through '" +
                  channel.name + "', which is the other way round");
  int64_t elements = 1;
  for (uint32_t extent : channel.shape)
    elements *= extent;
  return count == elements ||
         refuse("a message of " + std::to_string(count) + " elements, where those of '" +
                channel.name + "' have " + std::to_string(elements));
}

bool EmulatorEnvironment::channelSend(uint32_t number, const int64_t *values, int64_t count) {
  if (!checkMessage(number, count, true))
    return false;
  const Channel &channel = shared.machine.image.channels[number];
  auto &queue = shared.channels[number];
  if (queue.size() == channel.depth)
    return refuse("the channel '" + channel.name + "' is full");
  std::vector<int64_t> &message = queue.emplace_back(values, values + count);
  for (int64_t &value : message)
    value = wrapped(value, channel.bits, channel.kind == rt::Kind::Signed);
  return true;
}

bool EmulatorEnvironment::channelReceive(uint32_t number, int64_t *values, int64_t count) {
  if (!checkMessage(number, count, false))
    return false;
  auto &queue = shared.channels[number];
  if (queue.empty())
    return refuse("the channel '" + shared.machine.image.channels[number].name + "' is empty");
  std::copy(queue.front().begin(), queue.front().end(), values);
  queue.pop_front();
  return true;
}

int64_t EmulatorEnvironment::channelProbe(uint32_t number) {
  return contains(program.channels, number) ? int64_t(shared.channels[number].size()) : 0;
}

void EmulatorEnvironment::print(const char *format, const rt::View *operands, size_t count) {
  if (ctx.printing)
    rt::printViews(ctx, format, operands, count);
}

//===-- Failures
//---------------------------------------------------------------------------------===//

/// Calls `raise` with the site as the runtime has it.
template <typename F>
[[noreturn]] static void failAt(const Image &image, uint32_t number, uint32_t process, F raise) {
  rt::Site site = {"", 0, 0, image.processes[process].name.c_str()};
  if (number < image.sites.size()) {
    const ErrorSite &place = image.sites[number];
    if (place.location.file != kNone)
      site.file = image.files[place.location.file].c_str();
    site.line = place.location.line;
    site.column = place.location.column;
    if (place.process != kNone)
      site.instance = image.processes[place.process].name.c_str();
  }
  raise(site);
  std::abort();
}

void EmulatorEnvironment::failAssertion(uint32_t site, const std::string &message) {
  failAt(shared.machine.image, site, called.process, [&](const rt::Site &place) {
    rt::failAssertion(ctx, place, message.empty() ? nullptr : message.c_str());
  });
}

void EmulatorEnvironment::failIndex(uint32_t site, int64_t index, int64_t extent) {
  failAt(shared.machine.image, site, called.process,
         [&](const rt::Site &place) { rt::failIndex(ctx, place, index, extent); });
}

void EmulatorEnvironment::fail(uint32_t site, const std::string &message) {
  failAt(shared.machine.image, site, called.process,
         [&](const rt::Site &place) { rt::fail(ctx, place, message.c_str()); });
}
