// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Environment calls (EmbeddedCalls.h): arguments are checked here, permissions by the environment.
#include "runtime/neurocore/Rv64.h"

#include "runtime/native/Layout.h"

#include <algorithm>

using namespace basalt;
using namespace basalt::nc;

static constexpr uint64_t kMostOperands = 1024;

void Rv64Cpu::check(bool done) {
  if (!done)
    fault(environment->reason());
}

Rv64Cpu::Array Rv64Cpu::array(uint64_t address, uint64_t count, uint64_t element, bool written) {
  Array result;
  uint64_t kind = element >> 8, bits = element & 255;
  if (kind > uint64_t(rt::Kind::Unsigned) || bits < 1 || bits > 64)
    fault("a request has elements of unknown type " + std::to_string(element));
  result.element = {rt::Kind(kind), uint8_t(bits)};
  result.elementBytes = rt::storageSize(result.element);
  result.address = address;
  result.count = count;
  uint64_t end = bytes.size();
  if (written && address < layout.stackTop)
    end = layout.stackTop;
  bool isThere = address >= kStackBase && address <= end &&
                 count <= (end - address) / result.elementBytes &&
                 (!written || address < layout.stackTop || address >= layout.dataStart);
  if (!isThere || address % result.elementBytes != 0)
    fault("a request has " + std::to_string(count) + " elements of " +
          std::to_string(result.elementBytes) + " bytes at " + std::to_string(address) +
          ", which is not its memory");
  spend(count);
  return result;
}

std::vector<int64_t> Rv64Cpu::loadArray(const Array &array) {
  std::vector<int64_t> values(array.count);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = rt::loadInt(array.element, bytes.data() + array.address, i);
  return values;
}

void Rv64Cpu::storeArray(const Array &array, const std::vector<int64_t> &values) {
  for (size_t i = 0; i < values.size(); ++i)
    rt::storeInt(array.element, bytes.data() + array.address, i, values[i]);
}

std::string Rv64Cpu::text(uint64_t address, uint64_t length) {
  if (length == 0)
    return "";
  Array characters = array(address, length, 8, false);
  return {reinterpret_cast<const char *>(bytes.data() + characters.address), characters.count};
}

/// Numbers of Vars and channels are 32 bits to the environment; none of them is kNone.
static uint32_t number(uint64_t argument) { return argument < kNone ? uint32_t(argument) : kNone; }

void Rv64Cpu::requestVar(EmbeddedRequest request) {
  bool isRead = request == EmbeddedRequest::ReadVar;
  uint32_t var = number(argument(0));
  auto first = int64_t(argument(1)), stride = int64_t(argument(2));
  Array elements = array(argument(4), argument(3), argument(5), isRead);
  auto count = int64_t(elements.count);
  if (isRead) {
    std::vector<int64_t> values(elements.count);
    check(environment->readVar(var, first, stride, count, values.data()));
    return storeArray(elements, values);
  }
  std::vector<int64_t> values = loadArray(elements);
  bool isWrite = request == EmbeddedRequest::WriteVar;
  check(isWrite ? environment->writeVar(var, first, stride, count, values.data())
                : environment->addToVar(var, first, stride, count, values.data()));
}

void Rv64Cpu::requestChannel(EmbeddedRequest request) {
  uint32_t channel = number(argument(0));
  if (request == EmbeddedRequest::ChannelProbe)
    return setResult(environment->channelProbe(channel));
  bool isReceive = request == EmbeddedRequest::ChannelReceive;
  Array elements = array(argument(2), argument(1), argument(3), isReceive);
  auto count = int64_t(elements.count);
  if (!isReceive) {
    std::vector<int64_t> values = loadArray(elements);
    return check(environment->channelSend(channel, values.data(), count));
  }
  std::vector<int64_t> values(elements.count);
  check(environment->channelReceive(channel, values.data(), count));
  storeArray(elements, values);
}

void Rv64Cpu::requestInject() {
  Array elements = array(argument(3), argument(2), argument(4), false);
  std::vector<int64_t> values = loadArray(elements);
  check(environment->inject(number(argument(0)), int64_t(argument(1)), int64_t(elements.count),
                            values.data()));
}

//===-- Printing
//---------------------------------------------------------------------------------===//

rt::View Rv64Cpu::operandAt(uint64_t address) {
  rt::View view = {};
  auto elements = load<uint64_t>(address);
  auto element = load<uint32_t>(address + 8), rank = load<uint32_t>(address + 12);
  if (rank > rt::kMaxRank)
    fault("a value to print has " + std::to_string(rank) + " axes");
  uint64_t count = 1, work = 1; // an axis of no elements must not hide others
  view.rank = uint8_t(rank);
  for (uint32_t i = 0; i < rank; ++i) {
    view.shape[i] = load<int64_t>(address + 16 + 8 * uint64_t(i));
    if (view.shape[i] < 0 || uint64_t(view.shape[i]) > bytes.size())
      fault("a value to print has an axis of " + std::to_string(view.shape[i]) + " elements");
    count *= uint64_t(view.shape[i]);
    work *= std::max<uint64_t>(uint64_t(view.shape[i]), 1);
    spend(work);
  }
  Array all = array(elements, count, element, false);
  view.element = all.element;
  view.data = bytes.data() + all.address;
  return view;
}

/// The number of `{}` that are to be replaced.
static uint64_t placesIn(const std::string &format) {
  uint64_t places = 0;
  for (size_t i = 0; i + 1 < format.size(); ++i) {
    bool isEscape = format[i] == format[i + 1] && (format[i] == '{' || format[i] == '}');
    bool isPlace = format[i] == '{' && format[i + 1] == '}';
    places += isPlace;
    i += isPlace || isEscape;
  }
  return places;
}

void Rv64Cpu::requestPrint() {
  std::string format = text(argument(0), argument(1));
  uint64_t count = argument(3);
  if (count > kMostOperands || placesIn(format) != count)
    fault("it prints " + std::to_string(count) + " values in " + std::to_string(placesIn(format)) +
          " places");
  std::vector<rt::View> operands;
  for (uint64_t i = 0; i < count; ++i)
    operands.push_back(operandAt(argument(2) + i * sizeof(PrintOperand)));
  environment->print(format.c_str(), operands.data(), operands.size());
}

void Rv64Cpu::request() {
  auto request = EmbeddedRequest(registers[17]);
  switch (request) {
  case EmbeddedRequest::ReadVar:
  case EmbeddedRequest::WriteVar:
  case EmbeddedRequest::AddToVar:
    return requestVar(request);
  case EmbeddedRequest::Inject:
    return requestInject();
  case EmbeddedRequest::ChannelSend:
  case EmbeddedRequest::ChannelReceive:
  case EmbeddedRequest::ChannelProbe:
    return requestChannel(request);
  case EmbeddedRequest::TimeStep:
    return setResult(environment->timeStep());
  case EmbeddedRequest::Seed:
    return setResult(int64_t(environment->seed()));
  case EmbeddedRequest::Print:
    return requestPrint();
  case EmbeddedRequest::Pause:
    return environment->pause();
  case EmbeddedRequest::Stop:
    return environment->stop();
  case EmbeddedRequest::FailAssertion:
    environment->failAssertion(number(argument(0)), text(argument(1), argument(2)));
  case EmbeddedRequest::FailIndex:
    environment->failIndex(number(argument(0)), int64_t(argument(1)), int64_t(argument(2)));
  }
  fault("it makes request " + std::to_string(registers[17]) + ", which there is not");
}
