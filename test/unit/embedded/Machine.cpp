// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The environment of the tests.
#include "Machine.h"

#include "runtime/native/Format.h"

#include <algorithm>
#include <cstring>
#include <elf.h>

namespace basalt::nc {

int64_t *Machine::elements(uint32_t var, int64_t first, int64_t stride, int64_t count) {
  bool isThere = var < vars.size() && first >= 0 && stride >= 1 &&
                 first + stride * (count - 1) < int64_t(vars[var].size());
  why = isThere ? "" : "there is no such Var";
  return isThere ? vars[var].data() + first : nullptr;
}

bool Machine::readVar(uint32_t var, int64_t first, int64_t stride, int64_t count, int64_t *values) {
  const int64_t *from = elements(var, first, stride, count);
  for (int64_t i = 0; from && i < count; ++i)
    values[i] = from[i * stride];
  return from != nullptr;
}

bool Machine::writeVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                       const int64_t *values) {
  int64_t *to = elements(var, first, stride, count);
  for (int64_t i = 0; to && i < count; ++i)
    to[i * stride] = values[i];
  return to != nullptr;
}

bool Machine::addToVar(uint32_t var, int64_t first, int64_t stride, int64_t count,
                       const int64_t *values) {
  int64_t *to = elements(var, first, stride, count);
  for (int64_t i = 0; to && i < count; ++i)
    to[i * stride] += values[i];
  return to != nullptr;
}

bool Machine::inject(uint32_t injector, int64_t first, int64_t count, const int64_t *values) {
  for (int64_t i = 0; i < count; ++i)
    if (values[i] != 0)
      injected.push_back(std::to_string(injector) + "." + std::to_string(first + i) + "=" +
                         std::to_string(values[i]));
  return true;
}

bool Machine::channelSend(uint32_t channel, const int64_t *values, int64_t count) {
  channels.resize(std::max<size_t>(channels.size(), channel + 1));
  channels[channel].emplace_back(values, values + count);
  return true;
}

bool Machine::channelReceive(uint32_t channel, int64_t *values, int64_t count) {
  if (channelProbe(channel) == 0 || channels[channel].front().size() != size_t(count)) {
    why = "there is no message";
    return false;
  }
  std::copy_n(channels[channel].front().begin(), count, values);
  channels[channel].pop_front();
  return true;
}

int64_t Machine::channelProbe(uint32_t channel) {
  return channel < channels.size() ? int64_t(channels[channel].size()) : 0;
}

void Machine::print(const char *format, const rt::View *operands, size_t count) {
  printed += rt::formatText(format, operands, count) + "\n";
}

void Machine::failAssertion(uint32_t site, const std::string &message) {
  throw Ended("assertion " + std::to_string(site) + ": " + message);
}

void Machine::failIndex(uint32_t site, int64_t index, int64_t extent) {
  throw Ended("index " + std::to_string(site) + ": " + std::to_string(index) + " of " +
              std::to_string(extent));
}

void Machine::fail(uint32_t, const std::string &message) { throw Ended(message); }

//===-- Objects
//----------------------------------------------------------------------------------===//

EmbeddedProgram programOf(const std::vector<uint32_t> &code) {
  struct {
    Elf64_Ehdr header = {};
    Elf64_Phdr segments[2] = {};
  } head;
  std::memcpy(head.header.e_ident, ELFMAG, SELFMAG);
  head.header.e_ident[EI_CLASS] = ELFCLASS64;
  head.header.e_ident[EI_DATA] = ELFDATA2LSB;
  head.header.e_type = ET_EXEC;
  head.header.e_machine = 243;
  head.header.e_phoff = sizeof(Elf64_Ehdr);
  head.header.e_phentsize = sizeof(Elf64_Phdr);
  head.header.e_phnum = 2;
  auto size = uint64_t(4 * code.size());
  head.segments[0] = {PT_LOAD, PF_R | PF_X, sizeof(head), kCodeAt, kCodeAt, size, size, 4};
  head.segments[1] = {PT_LOAD, PF_R | PF_W, sizeof(head), kDataAt, kDataAt, 0, kEnd - kDataAt, 16};
  EmbeddedProgram program;
  program.name = "test";
  program.object.resize(sizeof(head) + size);
  std::memcpy(program.object.data(), &head, sizeof(head));
  std::memcpy(program.object.data() + sizeof(head), code.data(), size);
  program.memoryBytes = kEnd;
  program.fuel = 1000;
  return program;
}

std::string failureOf(const EmbeddedProgram &program, uint32_t address) {
  Machine machine;
  try {
    Rv64Cpu(program).call(address, machine);
  } catch (const Ended &ended) {
    return ended.what();
  }
  return "";
}

} // namespace basalt::nc
