// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Environment calls: arguments in registers, checked.
#include "Machine.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace basalt::nc;

namespace {

/// A program that makes one request with the arguments that stand in its data.
struct Request {
  Machine machine;
  Rv64Cpu cpu{program()};

  static EmbeddedProgram program() {
    std::vector<uint32_t> code = {0x00003337}; // lui t1, 3
    for (uint32_t i = 0; i < 6; ++i)           // ld a<i>, 8i(t1)
      code.push_back((8 * i) << 20 | 6 << 15 | 3 << 12 | (10 + i) << 7 | 0x03);
    code.push_back(48U << 20 | 6 << 15 | 3 << 12 | 17 << 7 | 0x03); // ld a7, 48(t1)
    code.push_back(0x00000073);
    code.push_back(0x00008067);
    return programOf(code);
  }

  template <typename T> void put(uint32_t address, std::vector<T> values) {
    std::memcpy(cpu.memory() + address, values.data(), sizeof(T) * values.size());
  }
  int64_t make(EmbeddedRequest request, std::vector<int64_t> arguments) {
    arguments.resize(6);
    arguments.push_back(int64_t(request));
    put(kDataAt, arguments);
    return cpu.call(kCodeAt, machine);
  }
  std::string failure(EmbeddedRequest request, std::vector<int64_t> arguments) {
    try {
      make(request, std::move(arguments));
    } catch (const Ended &ended) {
      std::string text = ended.what();
      const std::string at = "embedded program 'test' at 0x2020: ";
      return text.rfind(at, 0) == 0 ? text.substr(at.size()) : text;
    }
    return "";
  }
};

constexpr int64_t kArray = kDataAt + 256;
constexpr int64_t kI16 = 1 << 8 | 16, kU7 = 2 << 8 | 7, kI64 = 1 << 8 | 64, kBool = 1, kU1 = 0x201;

} // namespace

TEST(Request, Vars) {
  Request request;
  request.machine.vars = {{}, {1, -2, 3, -4, 5}};
  request.make(EmbeddedRequest::ReadVar, {1, 0, 2, 3, kArray, kI16});
  int16_t read[4];
  std::memcpy(read, request.cpu.memory() + kArray, 8);
  EXPECT_EQ(std::vector<int>(read, read + 4), (std::vector<int>{1, 3, 5, 0}));

  // 100 is -28 in the seven bits that memory has sign-extended, and 100 again outside.
  request.put<int8_t>(kArray, {-28, 5});
  request.make(EmbeddedRequest::WriteVar, {1, 1, 1, 2, kArray, kU7});
  EXPECT_EQ(request.machine.vars[1], (std::vector<int64_t>{1, 100, 5, -4, 5}));
  request.make(EmbeddedRequest::AddToVar, {1, 0, 4, 2, kArray, kU7});
  EXPECT_EQ(request.machine.vars[1], (std::vector<int64_t>{101, 100, 5, -4, 10}));
  request.put<uint8_t>(kArray, {1, 0, 1});
  request.make(EmbeddedRequest::WriteVar, {1, 0, 1, 3, kArray, kU1});
  request.make(EmbeddedRequest::WriteVar, {1, 3, 1, 1, kArray, kBool});
  EXPECT_EQ(request.machine.vars[1], (std::vector<int64_t>{1, 0, 1, 1, 10}));
  EXPECT_EQ(request.failure(EmbeddedRequest::ReadVar, {1, 3, 1, 3, kArray, kI16}),
            "there is no such Var");
  EXPECT_EQ(request.failure(EmbeddedRequest::ReadVar, {2, 0, 1, 1, kArray, kI16}),
            "there is no such Var");
  EXPECT_EQ(request.failure(EmbeddedRequest::WriteVar, {-1, 0, 1, 1, kArray, kI16}),
            "there is no such Var");
}

TEST(Request, MemoryOfRequests) {
  Request request;
  request.machine.vars = {std::vector<int64_t>(1000)};
  auto failure = [&](EmbeddedRequest what, int64_t count, int64_t address, int64_t element) {
    return request.failure(what, {0, 0, 1, count, address, element});
  };
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 1, kEnd - 8, kI64), "");
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 2, kEnd - 8, kI64),
            "a request has 2 elements of 8 bytes at 16376, which is not its memory");
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 1, kCodeAt, kI64),
            "a request has 1 elements of 8 bytes at 8192, which is not its memory");
  EXPECT_EQ(failure(EmbeddedRequest::WriteVar, 1, kCodeAt, kI64), ""); // reads memory
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 2, kCodeAt - 16, kI64), "");
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 3, kCodeAt - 16, kI64),
            "a request has 3 elements of 8 bytes at 8176, which is not its memory");
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 1, 8, kI64),
            "a request has 1 elements of 8 bytes at 8, which is not its memory");
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 1, kArray + 4, kI64),
            "a request has 1 elements of 8 bytes at 12548, which is not its memory");
  EXPECT_EQ(failure(EmbeddedRequest::WriteVar, -1, kArray, kI64),
            "a request has 18446744073709551615 elements of 8 bytes at 12544, which is not its "
            "memory");
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 1, kArray, 3 << 8 | 32),
            "a request has elements of unknown type 800");
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 1, kArray, 1 << 8 | 65),
            "a request has elements of unknown type 321");
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 1, kArray, 1 << 8),
            "a request has elements of unknown type 256");
  // Each element is paid for.
  EmbeddedProgram program = Request::program();
  EXPECT_EQ(failure(EmbeddedRequest::ReadVar, 1000, kArray, kI16),
            "it has not ended after 1000 instructions");
}

TEST(Request, ChannelsAndInjectors) {
  Request request;
  request.put<int16_t>(kArray, {7, 0, -9});
  request.make(EmbeddedRequest::Inject, {3, 10, 3, kArray, kI16});
  EXPECT_EQ(request.machine.injected, (std::vector<std::string>{"3.10=7", "3.12=-9"}));
  request.make(EmbeddedRequest::ChannelSend, {1, 3, kArray, kI16});
  EXPECT_EQ(request.make(EmbeddedRequest::ChannelProbe, {1}), 1);
  EXPECT_EQ(request.make(EmbeddedRequest::ChannelProbe, {0}), 0);
  request.make(EmbeddedRequest::ChannelReceive, {1, 3, kArray + 16, kI64});
  int64_t received[3];
  std::memcpy(received, request.cpu.memory() + kArray + 16, 24);
  EXPECT_EQ(std::vector<int64_t>(received, received + 3), (std::vector<int64_t>{7, 0, -9}));
  EXPECT_EQ(request.failure(EmbeddedRequest::ChannelReceive, {1, 3, kArray, kI64}),
            "there is no message");
}

TEST(Request, Queries) {
  Request request;
  request.machine.step = 42;
  request.machine.keySeed = 7;
  EXPECT_EQ(request.make(EmbeddedRequest::TimeStep, {}), 42);
  EXPECT_EQ(request.make(EmbeddedRequest::Seed, {}), 7);
  request.make(EmbeddedRequest::Pause, {});
  EXPECT_TRUE(request.machine.paused);
  EXPECT_FALSE(request.machine.stopped);
  request.make(EmbeddedRequest::Stop, {});
  EXPECT_TRUE(request.machine.stopped);
  EXPECT_EQ(request.failure(EmbeddedRequest(0), {}), "it makes request 0, which there is not");
  EXPECT_EQ(request.failure(EmbeddedRequest(15), {}), "it makes request 15, which there is not");
}

TEST(Request, Failures) {
  Request request;
  request.put<char>(kArray, {'o', 'h'});
  EXPECT_EQ(request.failure(EmbeddedRequest::FailAssertion, {5, kArray, 2}), "assertion 5: oh");
  EXPECT_EQ(request.failure(EmbeddedRequest::FailAssertion, {5, 0, 0}), "assertion 5: ");
  EXPECT_EQ(request.failure(EmbeddedRequest::FailIndex, {6, -4, 3}), "index 6: -4 of 3");
}

TEST(Request, Print) {
  Request request;
  const std::string format = "{} {{}} {}";
  request.put<char>(kArray, {format.begin(), format.end()});
  request.put<int16_t>(kArray + 64, {1, 2, 3, -4});
  PrintOperand operands[2] = {{kArray + 64, uint32_t(kI16), 2, {2, 2}},
                              {kArray + 64, uint32_t(kBool), 0, {}}};
  request.put<PrintOperand>(kArray + 128, {operands[0], operands[1]});
  request.make(EmbeddedRequest::Print, {kArray, int64_t(format.size()), kArray + 128, 2});
  EXPECT_EQ(request.machine.printed, "[[ 1  2]\n [ 3 -4]] {} True\n");
  auto failure = [&](int64_t count) {
    return request.failure(EmbeddedRequest::Print,
                           {kArray, int64_t(format.size()), kArray + 128, count});
  };
  EXPECT_EQ(failure(1), "it prints 1 values in 2 places");
  EXPECT_EQ(failure(int64_t(1) << 40), "it prints 1099511627776 values in 2 places");
  operands[0].rank = 9;
  request.put<PrintOperand>(kArray + 128, {operands[0]});
  EXPECT_EQ(failure(2), "a value to print has 9 axes");
  operands[0] = {kArray + 64, uint32_t(kI16), 2, {2, -1}};
  request.put<PrintOperand>(kArray + 128, {operands[0]});
  EXPECT_EQ(failure(2), "a value to print has an axis of -1 elements");
  operands[0] = {kArray + 64, uint32_t(kI16), 2, {16000, 0}};
  request.put<PrintOperand>(kArray + 128, {operands[0]});
  EXPECT_EQ(failure(2), "it has not ended after 1000 instructions");
  operands[0] = {kEnd - 2, uint32_t(kI16), 1, {2}};
  request.put<PrintOperand>(kArray + 128, {operands[0]});
  EXPECT_EQ(failure(2), "a request has 2 elements of 2 bytes at 16382, which is not its memory");
}
