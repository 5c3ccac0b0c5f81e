// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interning of kernels by structure; names and locations do not count.
#include "compiler/optimize/KernelPool.h"

#include "mlir/IR/OperationSupport.h"

#include "llvm/ADT/Hashing.h"

using namespace mlir;

namespace basalt {

static size_t hashOf(step::KernelOp kernel) {
  Block &body = kernel.getBody().front();
  llvm::hash_code hash = llvm::hash_combine_range(body.getArgumentTypes());
  llvm::DenseMap<Value, size_t> numbers;
  for (BlockArgument argument : body.getArguments())
    numbers.try_emplace(argument, numbers.size());
  for (Operation &op : body) {
    hash = llvm::hash_combine(
        hash, OperationEquivalence::computeHash(
                  &op,
                  /*hashOperands=*/
                  [&](Value operand) { return llvm::hash_code(numbers.lookup(operand)); },
                  /*hashResults=*/[](Value) { return llvm::hash_code(0); },
                  OperationEquivalence::IgnoreLocations));
    for (Value result : op.getResults())
      numbers.try_emplace(result, numbers.size());
  }
  return hash;
}

static bool areEqual(step::KernelOp a, step::KernelOp b) {
  return OperationEquivalence::isRegionEquivalentTo(&a.getBody(), &b.getBody(),
                                                    OperationEquivalence::IgnoreLocations);
}

KernelPool::KernelPool(step::ProgramOp program) : program(program), symbols(program) {
  for (auto kernel : program.getBody().getOps<step::KernelOp>())
    byHash[hashOf(kernel)].push_back(kernel);
}

void KernelPool::insert(step::KernelOp kernel, StringRef name) {
  std::string unique = name.str();
  for (unsigned number = 2; symbols.lookup(unique); ++number)
    unique = (name + "_" + Twine(number)).str();
  kernel.setSymName(unique);
  // Before what uses it: guards and phases come last in a program.
  Block &body = program.getBody().front();
  auto place =
      llvm::find_if(body, [](Operation &op) { return isa<step::GuardOp, step::PhaseOp>(op); });
  symbols.insert(kernel, place);
}

step::KernelOp KernelPool::intern(step::KernelOp kernel, StringRef name) {
  SmallVector<step::KernelOp, 1> &candidates = byHash[hashOf(kernel)];
  for (step::KernelOp known : candidates)
    if (areEqual(known, kernel)) {
      kernel->erase();
      return known;
    }
  insert(kernel, name);
  candidates.push_back(kernel);
  return kernel;
}

} // namespace basalt
