// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An embedded processor whose programs are functions of the test.
#include "FakeCpu.h"

using namespace basalt::nc;
using namespace basalt::nc::test;

std::map<uint32_t, FakeFunction> &basalt::nc::test::fakeFunctions() {
  static std::map<uint32_t, FakeFunction> functions;
  return functions;
}

namespace {
class FakeCpu final : public EmbeddedCpu {
public:
  explicit FakeCpu(const EmbeddedProgram &program) : bytes(program.memoryBytes) {}
  int64_t call(uint32_t address, Environment &environment) override {
    ++count;
    return fakeFunctions().at(address)(environment, *this);
  }
  uint8_t *memory() override { return bytes.data(); }
  uint64_t executed() const override { return count; }

private:
  std::vector<uint8_t> bytes;
  uint64_t count = 0;
};
} // namespace

std::unique_ptr<EmbeddedCpu> basalt::nc::makeEmbeddedCpu(const EmbeddedProgram &program) {
  return std::make_unique<FakeCpu>(program);
}

std::string basalt::nc::verifyEmbeddedProgram(const Image &image, uint32_t program) { return ""; }
