// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// narrow-integers: arithmetic in 32 bits where that gives the same bits. See Passes.td.
#include "compiler/native/Assumptions.h"
#include "compiler/native/Passes.h"
#include "compiler/native/Scalars.h"
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_NARROWINTEGERS
#include "compiler/native/NativePasses.h.inc"

namespace native {
namespace {

/// The narrow form of one function's 64-bit integers.
class Narrowing {
public:
  Narrowing(func::FuncOp function, Widths &widths) : function(function), widths(widths) {}
  void run();

private:
  bool fits(Value value) { return value.getType().isInteger() && widths.of(value) <= 32; }
  /// Whether nothing depends on more than the low 32 bits of `value`.
  bool isCutOff(Value value);
  bool canNarrow(Operation *op);
  bool canNarrowMulShr(num::MulShrOp op);
  void narrow(Operation *op);
  Value low(OpBuilder &builder, Value value);

  func::FuncOp function;
  Widths &widths;
  llvm::DenseMap<Value, bool> cutOff;
};

} // namespace

/// Operations whose low bits depend on the low bits of their operands alone.
static bool isRingOp(Operation *op) {
  return isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::AndIOp, arith::OrIOp,
             arith::XOrIOp, arith::SelectOp>(op);
}

static bool shiftsLeft(Operation *op) {
  auto shift = dyn_cast<num::ShiftOp>(op);
  std::optional<int64_t> k = shift ? getConstantIntValue(shift.getRhs()) : std::nullopt;
  return k && *k >= 0 && *k <= 63;
}

bool Narrowing::isCutOff(Value value) {
  auto [it, isNew] = cutOff.try_emplace(value, false);
  if (!isNew)
    return it->second;
  bool result = llvm::all_of(value.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<arith::TruncIOp>(user))
      return user->getResult(0).getType().getIntOrFloatBitWidth() <= 32;
    if (!isRingOp(user) && !(shiftsLeft(user) && use.getOperandNumber() == 0))
      return false;
    return user->getResult(0).getType().isInteger(64) && isCutOff(user->getResult(0));
  });
  return cutOff[value] = result; // the map may have grown
}

/// The product is made of two that fit 32 bits each; see rt::mulShr32.
bool Narrowing::canNarrowMulShr(num::MulShrOp op) {
  std::optional<int64_t> k = getConstantIntValue(op.getK());
  Range b = widths.range(op.getB());
  return k && *k >= 0 && *k <= 16 && fits(op.getA()) && b.low >= 0 && b.high <= int64_t(1) << *k;
}

bool Narrowing::canNarrow(Operation *op) {
  if (op->getNumResults() != 1)
    return false;
  auto operandsFit = [&] {
    return llvm::all_of(op->getOperands(), [&](Value v) { return fits(v); });
  };
  if (isa<arith::CmpIOp, arith::SIToFPOp>(op))
    return op->getOperand(0).getType().isInteger(64) && operandsFit();
  Value result = op->getResult(0);
  if (!result.getType().isInteger(64))
    return false;
  if (isa<arith::MinSIOp, arith::MaxSIOp>(op))
    return operandsFit();
  if (auto product = dyn_cast<num::MulShrOp>(op))
    return canNarrowMulShr(product);
  if (!fits(result) && !isCutOff(result))
    return false;
  if (isa<num::ShiftOp>(op))
    return shiftsLeft(op) || operandsFit();
  return isRingOp(op);
}

/// The low 32 bits; of a number that fits, the number.
Value Narrowing::low(OpBuilder &builder, Value value) {
  Type narrow = builder.getI32Type();
  if (!value.getType().isInteger(64))
    return value;
  if (auto constant = getConstantIntValue(value))
    return arith::ConstantIntOp::create(builder, value.getLoc(), narrow,
                                        static_cast<int32_t>(*constant));
  Operation *def = value.getDefiningOp();
  if (isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(def)) {
    Value from = def->getOperand(0);
    unsigned bits = from.getType().getIntOrFloatBitWidth();
    if (bits == 32)
      return from;
    if (bits < 32) {
      Operation *extend = builder.clone(*def);
      extend->getResult(0).setType(narrow);
      return extend->getResult(0);
    }
  }
  return arith::TruncIOp::create(builder, value.getLoc(), narrow, value);
}

void Narrowing::narrow(Operation *op) {
  OpBuilder builder(op);
  Value result = op->getResult(0);
  SmallVector<Value> operands;
  for (Value operand : op->getOperands())
    operands.push_back(low(builder, operand));
  Operation *fresh = builder.clone(*op);
  fresh->setOperands(operands);
  if (isa<num::MulShrOp>(op))
    fresh->setAttr(kNarrowProductAttr, builder.getUnitAttr());
  if (isa<arith::CmpIOp, arith::SIToFPOp>(op)) {
    result.replaceAllUsesWith(fresh->getResult(0));
    return;
  }
  Range range = widths.range(result);
  fresh->getResult(0).setType(builder.getI32Type());
  Value wide =
      arith::ExtSIOp::create(builder, op->getLoc(), builder.getI64Type(), fresh->getResult(0));
  // What is cut off is as good as any number with these low bits.
  widths.assume(wide, fits(result) ? range : Range{INT32_MIN, INT32_MAX});
  result.replaceAllUsesWith(wide);
}

void Narrowing::run() {
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) { ops.push_back(op); });
  llvm::SmallDenseSet<Operation *> narrowable; // decided before anything is replaced
  for (Operation *op : ops)
    if (canNarrow(op))
      narrowable.insert(op);
  for (Operation *op : ops)
    if (narrowable.contains(op))
      narrow(op);
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
}

/// Truncations of what has just been extended.
static void foldConversions(func::FuncOp function) {
  function.walk([](arith::TruncIOp op) {
    auto extend = op.getIn().getDefiningOp<arith::ExtSIOp>();
    if (extend && extend.getIn().getType() == op.getType())
      op.replaceAllUsesWith(extend.getIn());
  });
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
}

/// Gives a kernel the low bits of arguments of which it needs no more.
static void narrowArguments(func::FuncOp function, ArrayRef<func::CallOp> calls) {
  if (!function.isPrivate())
    return;
  for (BlockArgument arg : function.getArguments()) {
    bool isNarrow =
        arg.getType().isInteger(64) && !arg.use_empty() &&
        llvm::all_of(arg.getUsers(), [](Operation *user) {
          return isa<arith::TruncIOp>(user) && user->getResult(0).getType().isInteger(32);
        });
    if (!isNarrow)
      continue;
    Type narrow = IntegerType::get(function.getContext(), 32);
    for (Operation *user : llvm::make_early_inc_range(arg.getUsers())) {
      user->getResult(0).replaceAllUsesWith(arg);
      user->erase();
    }
    arg.setType(narrow);
    for (func::CallOp call : calls) {
      OpOperand &passed = call->getOpOperand(arg.getArgNumber());
      OpBuilder builder(call);
      passed.set(arith::TruncIOp::create(builder, call.getLoc(), narrow, passed.get()));
    }
  }
  function.setFunctionType(FunctionType::get(function.getContext(),
                                             function.getBody().front().getArgumentTypes(),
                                             function.getResultTypes()));
}

namespace {
struct NarrowIntegers : impl::NarrowIntegersBase<NarrowIntegers> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    Assumptions assumptions(module);
    SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
    // All are looked at before the first changes: what a call passes is part of what is known.
    SmallVector<Widths> widths;
    for (func::FuncOp function : functions)
      widths.push_back(assumptions.of(function));
    for (auto [function, known] : llvm::zip(functions, widths)) {
      Narrowing(function, known).run();
      foldConversions(function);
    }
    for (func::FuncOp function : functions)
      if (!assumptions.isCalledByLibrary(function))
        narrowArguments(function, assumptions.callsOf(function));
    for (func::FuncOp function : functions)
      foldConversions(function);
  }
};
} // namespace
} // namespace native
} // namespace basalt
