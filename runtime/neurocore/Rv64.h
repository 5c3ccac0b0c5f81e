// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An RV64IM processor with the memory of one embedded program. Whatever the program is, it can do
// nothing but compute in its own memory, ask its environment, and fail: each access is checked, and
// each instruction and each element that a request moves is paid for with fuel.
#ifndef BASALT_RUNTIME_NEUROCORE_RV64_H
#define BASALT_RUNTIME_NEUROCORE_RV64_H

#include "runtime/native/Contract.h"
#include "runtime/neurocore/Embedded.h"
#include "runtime/neurocore/EmbeddedCalls.h"
#include "runtime/neurocore/EmbeddedObject.h"
#include "runtime/neurocore/Rv64Decode.h"

#include <cstring>

namespace basalt::nc {

class Rv64Cpu final : public EmbeddedCpu {
public:
  /// Throws rt::InputError if the object cannot be used.
  explicit Rv64Cpu(const EmbeddedProgram &program);

  int64_t call(uint32_t address, Environment &environment) override;
  uint8_t *memory() override { return bytes.data(); }
  uint64_t executed() const override { return executedBefore; }

private:
  // Rv64.cpp: instructions.
  void run();
  template <typename T> T load(uint64_t address);
  template <typename T> void store(uint64_t address, T value);
  [[noreturn]] void fault(const std::string &message);
  [[noreturn]] void faultAccess(const char *what, uint64_t address, unsigned size);
  [[noreturn]] void faultFuel();
  void spend(uint64_t amount);
  /// The index of the instruction at `address`.
  size_t place(uint64_t address);

  // Rv64Requests.cpp: ecall.
  struct Array {
    rt::Element element;
    uint64_t address = 0, count = 0, elementBytes = 0;
  };
  void request();
  uint64_t argument(unsigned i) const { return registers[10 + i]; }
  void setResult(int64_t value) { registers[10] = uint64_t(value); }
  /// What arguments say about elements in memory; faults if they are not all there.
  Array array(uint64_t address, uint64_t count, uint64_t element, bool written);
  std::vector<int64_t> loadArray(const Array &array);
  void storeArray(const Array &array, const std::vector<int64_t> &values);
  std::string text(uint64_t address, uint64_t length);
  void requestVar(EmbeddedRequest request);
  void requestChannel(EmbeddedRequest request);
  void requestInject();
  void requestPrint();
  rt::View operandAt(uint64_t address);
  /// Ends the run if the environment has refused.
  void check(bool done);

  std::string name;
  uint64_t fuelOfCall;
  ObjectLayout layout; ///< its contents are not valid any more
  LineTable lines;
  std::vector<uint8_t> bytes;
  std::vector<Rv64Instruction> code; ///< one more than there are, which is illegal
  uint64_t registers[33] = {};
  size_t pc = 0; ///< in `code`
  uint64_t fuel = 0, executedBefore = 0;
  Environment *environment = nullptr;
};

template <typename T> T Rv64Cpu::load(uint64_t address) {
  if (address < kStackBase || address > bytes.size() - sizeof(T) || address % sizeof(T) != 0)
    faultAccess("reads", address, sizeof(T));
  T value;
  std::memcpy(&value, bytes.data() + address, sizeof(T));
  return value;
}

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_RV64_H
