// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// step.kernel @k(%v: i24, %a: i64) => func.func private @k(%n: index, %v: memref<?xi24>, %a:
// memref<?xi64>) with a loop.
#include "compiler/lower/Kernels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace basalt::lower {

SmallVector<Value> inlineKernel(OpBuilder &builder, step::KernelOp kernel, ValueRange arguments) {
  IRMapping mapping;
  Block &body = kernel.getBody().front();
  mapping.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  SmallVector<Value> results;
  for (Value value : body.getTerminator()->getOperands())
    results.push_back(mapping.lookupOrDefault(value));
  return results;
}

func::FuncOp Kernels::get(const KernelUse &use) {
  std::string form;
  for (bool isScalar : use.scalarInputs)
    form += isScalar ? 's' : 'a';
  func::FuncOp &function = functions[{use.kernel, form}];
  if (!function)
    function = build(use);
  return function;
}

namespace {
/// The arguments of the function of a kernel, in order.
struct Signature {
  explicit Signature(OpBuilder &builder, const KernelUse &use) {
    add(builder.getIndexType(), "n");
    step::KernelOp kernel = use.kernel;
    Block &body = kernel.getBody().front();
    unsigned arguments = body.getNumArguments(), states = use.states;
    place.resize(arguments);
    for (unsigned i = 0; i < arguments; ++i)
      if (!isScalar(use, i))
        place[i] = add(memory(body.getArgument(i).getType()), use.names[i]);
    TypeRange yielded = body.getTerminator()->getOperandTypes();
    firstResult = types.size();
    for (unsigned i = states; i < yielded.size(); ++i)
      add(memory(yielded[i]), use.names[arguments + i - states]);
    for (unsigned i = 0; i < arguments; ++i)
      if (isScalar(use, i))
        place[i] = add(body.getArgument(i).getType(), use.names[i]);
  }

  static bool isScalar(const KernelUse &use, unsigned argument) {
    return argument >= use.states && use.scalarInputs[argument - use.states];
  }

  SmallVector<Type> types;
  SmallVector<std::string> names;
  SmallVector<unsigned> place; // of each argument of the kernel
  unsigned firstResult;

private:
  unsigned add(Type type, StringRef name) {
    types.push_back(type);
    names.push_back(name.str());
    return types.size() - 1;
  }
  static Type memory(Type element) { return MemRefType::get({ShapedType::kDynamic}, element); }
};
} // namespace

func::FuncOp Kernels::build(const KernelUse &use) {
  step::KernelOp kernel = use.kernel;
  OpBuilder builder(kernel.getContext());
  Signature signature(builder, use);
  Location loc = kernel.getLoc();
  auto function = func::FuncOp::create(builder, loc, kernel.getSymName(),
                                       builder.getFunctionType(signature.types, {}));
  function.setPrivate();
  symbols.insert(function); // makes the name unique
  Block *entry = function.addEntryBlock();
  for (auto [i, name] : llvm::enumerate(signature.names))
    function.setArgAttr(i, "rt.name", builder.getStringAttr(name));

  builder.setInsertionPointToEnd(entry);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  auto loop = scf::ForOp::create(builder, loc, zero, entry->getArgument(0), one);
  func::ReturnOp::create(builder, loc);
  builder.setInsertionPointToStart(loop.getBody());
  Value at = loop.getInductionVar();
  SmallVector<Value> arguments;
  for (unsigned place : signature.place) {
    Value argument = entry->getArgument(place);
    if (isa<MemRefType>(argument.getType()))
      argument = memref::LoadOp::create(builder, loc, argument, at);
    arguments.push_back(argument);
  }
  for (auto [i, value] : llvm::enumerate(inlineKernel(builder, kernel, arguments))) {
    unsigned place = i < use.states ? signature.place[i] : signature.firstResult + i - use.states;
    memref::StoreOp::create(builder, value.getLoc(), value, entry->getArgument(place), at);
  }
  return function;
}

} // namespace basalt::lower
