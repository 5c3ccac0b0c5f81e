// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of declared types, as the run-time library sees it.
#ifndef BASALT_COMPILER_INTERPRET_MEMORY_H
#define BASALT_COMPILER_INTERPRET_MEMORY_H

#include "compiler/interpret/Tensor.h"

#include <vector>

namespace basalt::interp {

/// Memory for a value of a declared type, zero at first.
class Memory {
public:
  explicit Memory(mlir::RankedTensorType declared);

  mlir::RankedTensorType declared() const { return type; }
  void *data() { return words.data(); }
  Tensor load() const { return loadTensor(type, words.data()); }
  void store(const Tensor &value) { storeTensor(value, type, words.data()); }
  void store(mlir::ElementsAttr value) { storeAttr(value, type, words.data()); }

private:
  mlir::RankedTensorType type;
  std::vector<uint64_t> words; // for the alignment; never empty
};

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_MEMORY_H
