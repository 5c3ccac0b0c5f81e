// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The verifier: embedded processes, their programs and what these may reach.
#include "runtime/neurocore/Embedded.h"
#include "runtime/neurocore/EmbeddedCalls.h"
#include "runtime/neurocore/VerifyImpl.h"

using namespace basalt::nc;

/// Elements of all messages that a channel holds.
static constexpr uint64_t kMostChannelElements = uint64_t(1) << 24;

/// Indices are in their table and ascend.
bool ImageVerifier::checkReferences(const std::vector<uint32_t> &indices, size_t count,
                                    const Path &path) {
  for (size_t i = 0; i < indices.size(); ++i) {
    if (!index(path, indices[i], count))
      return false;
    if (i > 0 && indices[i - 1] >= indices[i])
      return fail(path, "has " + std::to_string(indices[i]) + " behind " +
                            std::to_string(indices[i - 1]));
  }
  return true;
}

bool ImageVerifier::checkEmbeddedProgram(uint32_t number, const Path &path) {
  const EmbeddedProgram &program = image.embedded[number];
  const auto &limits = target.embedded;
  if (!index(path.at("chip"), program.chip, uint64_t(target.chipCount())) ||
      !index(path.at("cpu"), program.cpu, uint64_t(limits.count)) ||
      !range(path.at("memoryBytes"), program.memoryBytes, 1,
             int64_t(kStackBase) + limits.codeBytes + limits.dataBytes + limits.stackBytes) ||
      !range(path.at("fuel"), int64_t(program.fuel), 1, limits.fuel) ||
      !checkReferences(program.reads, image.vars.size(), path.at("reads")) ||
      !checkReferences(program.writes, image.vars.size(), path.at("writes")) ||
      !checkReferences(program.injectors, image.injectors.size(), path.at("injectors")) ||
      !checkReferences(program.channels, image.channels.size(), path.at("channels")))
    return false;
  for (uint32_t var : program.reads)
    if (!image.vars[var].readable)
      return fail(path.at("reads"), "has '" + image.vars[var].name + "', which is not readable");
  for (uint32_t var : program.writes)
    if (!image.vars[var].writable)
      return fail(path.at("writes"), "has '" + image.vars[var].name + "', which is not writable");
  for (uint32_t channel : program.channels)
    if (image.channels[channel].source != number && image.channels[channel].target != number)
      return fail(path.at("channels"),
                  "has '" + image.channels[channel].name + "', which connects others");
  std::string wrong = verifyEmbeddedProgram(image, number);
  return wrong.empty() || fail(path, wrong);
}

bool ImageVerifier::checkCalls() {
  for (size_t i = 0; i < image.calls.size(); ++i) {
    const EmbeddedCall &call = image.calls[i];
    Path path("calls", i);
    if (!index(path.at("process"), call.process, image.processes.size()) ||
        !index(path.at("program"), call.program, image.embedded.size()) ||
        !index(path.at("address"), call.address, image.embedded[call.program].memoryBytes))
      return false;
    if (i > 0 && image.calls[i - 1].phase > call.phase)
      return fail(path.at("phase"), "is one before that of the call before it");
  }
  return true;
}

bool ImageVerifier::checkChannel(const Channel &channel, const Path &path) {
  uint64_t elements = 0;
  if (channel.kind == rt::Kind::Float)
    return fail(path.at("kind"), "is a float, which no neurocore has");
  if (!range(path.at("bits"), channel.bits, 1, channel.kind == rt::Kind::Bool ? 1 : 64) ||
      !checkShape(channel.shape, elements, path) ||
      !range(path.at("depth"), channel.depth, 1, int64_t(kMostChannelElements)) ||
      !index(path.at("source"), channel.source, image.embedded.size()) ||
      !index(path.at("target"), channel.target, image.embedded.size()))
    return false;
  if (channel.source == channel.target)
    return fail(path.at("target"), "is the source, too");
  // The shape has been found to be of at most 2^28 elements.
  return elements * channel.depth <= kMostChannelElements ||
         fail(path, "holds " + std::to_string(elements * channel.depth) +
                        " elements, expected at most " + std::to_string(kMostChannelElements));
}

bool ImageVerifier::checkEmbedded() {
  for (size_t i = 0; i < image.channels.size(); ++i)
    if (!checkChannel(image.channels[i], Path("channels", i)))
      return false;
  if (!size(Path("channels"), image.channels.size(), 0, uint64_t(target.embedded.channels)))
    return false;
  if (!checkCalls())
    return false;
  std::set<std::pair<uint16_t, uint16_t>> places;
  for (uint32_t i = 0; i < image.embedded.size(); ++i) {
    if (!checkEmbeddedProgram(i, Path("embedded", i)))
      return false;
    if (!places.insert({image.embedded[i].chip, image.embedded[i].cpu}).second)
      return fail(Path("embedded", i).at("cpu"), "is that of another program of the chip");
  }
  for (size_t i = 0; i < image.sites.size(); ++i) {
    const ErrorSite &site = image.sites[i];
    if (site.location.file != kNone &&
        !index(Path("sites", i).at("location"), site.location.file, image.files.size()))
      return false;
    if (site.process != kNone &&
        !index(Path("sites", i).at("process"), site.process, image.processes.size()))
      return false;
  }
  return true;
}
