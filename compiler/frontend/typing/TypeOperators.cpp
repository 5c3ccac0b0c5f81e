// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators: promotion, broadcasting, and the op that each operator is.
#include "compiler/frontend/typing/Typer.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

//===--- Promotion and broadcasting ---===//

Type Typer::promote(ArrayRef<Typed> values, bool allowBool) {
  if (allowBool && llvm::all_of(values, [](const Typed &value) { return value.isBool(); }))
    return emit.boolType();
  Type common;
  bool isWeak = true;
  for (const Typed &value : values) {
    // A bool counts as an integer; integer with float gives the float; of floats the wider, but a
    // literal yields.
    Type type = value.isBool() ? emit.intType() : value.element();
    bool isWiderFloat =
        isa<FloatType>(type) && (!common || !isa<FloatType>(common) || common.isF32());
    bool replaces =
        !common || (isa<FloatType>(type) && (!isa<FloatType>(common) || (isWeak && !value.isWeak) ||
                                             (isWiderFloat && isWeak == value.isWeak)));
    if (isa_and_nonnull<FloatType>(common) && isa<FloatType>(type))
      isWeak &= value.isWeak;
    else if (replaces)
      isWeak = value.isWeak;
    if (replaces)
      common = type;
  }
  return common;
}

Typed Typer::convert(Location loc, const Typed &value, Type element) {
  return {emit.toElement(loc, value.value, element), {}, value.isWeak, value.sparse};
}

LogicalResult Typer::unifyShapes(Location loc, MutableArrayRef<Typed> values, StringRef what) {
  FailureOr<proc::SparseAttr> sparse = commonPattern(loc, values, what);
  if (failed(sparse))
    return failure();
  if (*sparse)
    return unifyEntries(loc, values, *sparse, what);
  SmallVector<int64_t> shape;
  for (const Typed &value : values) {
    std::optional<SmallVector<int64_t>> joint = broadcastShapes(shape, value.shape());
    if (!joint)
      return emitError(loc) << what
                            << " have shapes that do not broadcast: " << proc::spellShape(shape)
                            << " and " << proc::spellShape(value.shape());
    shape = *joint;
  }
  for (Typed &value : values)
    value.value = emit.broadcast(loc, value.value, shape);
  return success();
}

LogicalResult Typer::unify(Location loc, Typed &lhs, Typed &rhs, Type element, StringRef what) {
  Typed both[] = {convert(loc, lhs, element), convert(loc, rhs, element)};
  if (failed(unifyShapes(loc, both, what)))
    return failure();
  lhs = both[0];
  rhs = both[1];
  return success();
}

static std::string operandsOf(StringRef spelling) {
  return ("the operands of '" + spelling + "'").str();
}

//===--- Unary ---===//

FailureOr<Typed> Typer::typeUnary(const UnaryExpr &expr) {
  FailureOr<Typed> operand = typeValue(*expr.getOperand());
  if (failed(operand))
    return failure();
  Location loc = expr.getLoc();
  bool wantsBool = expr.getOp() == UnaryOp::Not;
  if (wantsBool != operand->isBool() && (wantsBool || expr.getOp() == UnaryOp::Minus)) {
    if (wantsBool)
      return emitError(loc) << "'not' expects bool, found " << describe(*operand)
                            << "; compare with 0";
    return emitError(loc) << "'-' expects a number, found " << describe(*operand)
                          << "; write 'not' for the opposite";
  }
  Value value = operand->value;
  if (expr.getOp() == UnaryOp::Plus)
    return *operand;
  if (expr.getOp() == UnaryOp::Minus) {
    if (operand->isFloat())
      return Typed{emit.make<arith::NegFOp>(loc, value), {}, operand->isWeak, operand->sparse};
    Value zero = emit.broadcast(loc, emit.constantInt(loc, 0), operand->shape());
    return Typed{emit.make<arith::SubIOp>(loc, zero, value), {}, operand->isWeak, operand->sparse};
  }
  if (operand->isFloat())
    return emitError(loc) << "'~' expects an integer or bool, found " << describe(*operand);
  Value ones = operand->isBool() ? emit.constantBool(loc, true) : emit.constantInt(loc, -1);
  return Typed{emit.make<arith::XOrIOp>(loc, value, emit.broadcast(loc, ones, operand->shape())),
               {},
               operand->isWeak,
               operand->sparse};
}

//===--- Binary ---===//

FailureOr<Typed> Typer::typeBinary(const BinaryExpr &expr) {
  FailureOr<Typed> lhs = typeValue(*expr.getLhs()), rhs = typeValue(*expr.getRhs());
  if (failed(lhs) || failed(rhs))
    return failure();
  return binary(expr.getOpLoc(), expr.getOp(), *lhs, *rhs);
}

FailureOr<Typed> Typer::binary(Location loc, BinaryOp op, const Typed &lhs, const Typed &rhs) {
  switch (op) {
  case BinaryOp::MatMul:
    return matmul(loc, lhs, rhs);
  case BinaryOp::Pow:
    return power(loc, lhs, rhs);
  case BinaryOp::ShiftLeft:
  case BinaryOp::ShiftRight:
    return shift(loc, lhs, rhs, op == BinaryOp::ShiftLeft);
  case BinaryOp::BitAnd:
  case BinaryOp::BitOr:
  case BinaryOp::BitXor:
    return bitwise(loc, op, lhs, rhs);
  default:
    return arithmetic(loc, op, lhs, rhs);
  }
}

LogicalResult Typer::checkDivisor(Location loc, BinaryOp op, const Typed &divisor) {
  bool divides = op == BinaryOp::Div || op == BinaryOp::FloorDiv || op == BinaryOp::Mod;
  if (!divides || divisor.isFloat())
    return success();
  std::optional<DenseElementsAttr> constant = constantOf(divisor.value);
  if (!constant)
    return success();
  for (const llvm::APInt &element : constant->getValues<llvm::APInt>())
    if (element.isZero())
      return emitError(loc) << "division by zero: the divisor of '" << getSpelling(op)
                            << "' is the constant 0";
  return success();
}

FailureOr<Typed> Typer::boolArithmetic(Location loc, BinaryOp op, const Typed &lhs,
                                       const Typed &rhs) {
  bool isWeak = false;
  if (op == BinaryOp::Add)
    return Typed{emit.make<arith::OrIOp>(loc, lhs.value, rhs.value), {}, isWeak, lhs.sparse};
  if (op == BinaryOp::Mul)
    return Typed{emit.make<arith::AndIOp>(loc, lhs.value, rhs.value), {}, isWeak, lhs.sparse};
  return emitError(loc) << "'-' of two bools has no meaning; write '^' or 'and not'";
}

FailureOr<Typed> Typer::arithmetic(Location loc, BinaryOp op, Typed lhs, Typed rhs) {
  if (failed(checkDivisor(loc, op, rhs)))
    return failure();
  bool addsUp = op == BinaryOp::Add || op == BinaryOp::Sub || op == BinaryOp::Mul;
  Type element = promote({lhs, rhs}, addsUp);
  if (op == BinaryOp::Div && !isa<FloatType>(element))
    element = emit.doubleType();
  if (failed(unify(loc, lhs, rhs, element, operandsOf(getSpelling(op)))))
    return failure();
  if (element.isInteger(1))
    return boolArithmetic(loc, op, lhs, rhs);
  Value a = lhs.value, b = rhs.value;
  bool isFloat = isa<FloatType>(element);
  auto result = [&](Value value) -> FailureOr<Typed> {
    return Typed{value, {}, lhs.isWeak && rhs.isWeak, lhs.sparse};
  };
  switch (op) {
  case BinaryOp::Add:
    return result(isFloat ? emit.make<arith::AddFOp>(loc, a, b)
                          : emit.make<arith::AddIOp>(loc, a, b));
  case BinaryOp::Sub:
    return result(isFloat ? emit.make<arith::SubFOp>(loc, a, b)
                          : emit.make<arith::SubIOp>(loc, a, b));
  case BinaryOp::Mul:
    return result(isFloat ? emit.make<arith::MulFOp>(loc, a, b)
                          : emit.make<arith::MulIOp>(loc, a, b));
  case BinaryOp::Div:
    return result(emit.make<arith::DivFOp>(loc, a, b));
  case BinaryOp::FloorDiv:
    return result(isFloat ? emit.make<num::FloorDivFOp>(loc, a, b)
                          : emit.make<num::FloorDivOp>(loc, a, b));
  default:
    return result(isFloat ? emit.make<num::ModFOp>(loc, a, b) : emit.make<num::ModOp>(loc, a, b));
  }
}

FailureOr<Typed> Typer::bitwise(Location loc, BinaryOp op, Typed lhs, Typed rhs) {
  for (const Typed *operand : {&lhs, &rhs})
    if (operand->isFloat())
      return emitError(loc) << "'" << getSpelling(op) << "' expects integers or bools, found "
                            << describe(*operand);
  if (failed(unify(loc, lhs, rhs, promote({lhs, rhs}, true), operandsOf(getSpelling(op)))))
    return failure();
  Value a = lhs.value, b = rhs.value;
  Value value = op == BinaryOp::BitAnd  ? emit.make<arith::AndIOp>(loc, a, b)
                : op == BinaryOp::BitOr ? emit.make<arith::OrIOp>(loc, a, b)
                                        : emit.make<arith::XOrIOp>(loc, a, b);
  return Typed{value, {}, lhs.isWeak && rhs.isWeak, lhs.sparse};
}

FailureOr<Typed> Typer::shift(Location loc, Typed lhs, Typed rhs, bool left) {
  for (const Typed *operand : {&lhs, &rhs})
    if (operand->isFloat())
      return emitError(loc) << "a shift expects integers, found " << describe(*operand);
  if (failed(unify(loc, lhs, rhs, emit.intType(), "the operands of a shift")))
    return failure();
  Value amount = rhs.value;
  if (!left) {
    // -k would wrap for the smallest integer; below -64 all amounts are alike.
    Value least = emit.broadcast(loc, emit.constantInt(loc, -64), rhs.shape());
    Value zero = emit.broadcast(loc, emit.constantInt(loc, 0), rhs.shape());
    amount = emit.make<arith::SubIOp>(loc, zero, emit.make<arith::MaxSIOp>(loc, amount, least));
  }
  return Typed{
      emit.make<num::ShiftOp>(loc, lhs.value, amount), {}, lhs.isWeak && rhs.isWeak, lhs.sparse};
}

FailureOr<Typed> Typer::power(Location loc, Typed lhs, Typed rhs) {
  Type element = promote({lhs, rhs}, false);
  if (isa<IntegerType>(element))
    if (std::optional<DenseElementsAttr> exponent = constantOf(rhs.value);
        exponent && !rhs.isBool())
      for (const llvm::APInt &k : exponent->getValues<llvm::APInt>())
        if (k.isNegative())
          return emitError(loc) << "an integer to the power of " << k.getSExtValue()
                                << " is no integer; make an operand a float";
  if (failed(unify(loc, lhs, rhs, element, operandsOf("**"))))
    return failure();
  Value value = isa<FloatType>(element) ? emit.make<num::PowFOp>(loc, lhs.value, rhs.value)
                                        : emit.make<num::PowIOp>(loc, lhs.value, rhs.value);
  return Typed{value, {}, lhs.isWeak && rhs.isWeak, lhs.sparse};
}

//===--- Comparisons and logic ---===//

FailureOr<Typed> Typer::typeCompare(const CompareExpr &expr) {
  FailureOr<Typed> lhs = typeExpr(*expr.getFirst());
  if (failed(lhs))
    return failure();
  std::optional<Typed> result;
  for (const CompareLink &link : expr.getLinks()) {
    FailureOr<Typed> rhs = typeExpr(*link.operand);
    if (failed(rhs))
      return failure();
    FailureOr<Typed> holds = compare(link.opLoc, link.op, *lhs, *rhs);
    if (failed(holds))
      return failure();
    if (result) {
      if (failed(unify(link.opLoc, *result, *holds, emit.boolType(),
                       "the parts of a chained comparison")))
        return failure();
      holds = Typed{emit.make<arith::AndIOp>(link.opLoc, result->value, holds->value),
                    {},
                    false,
                    result->sparse};
    }
    result = *holds;
    lhs = rhs;
  }
  return *result;
}

FailureOr<Typed> Typer::compareStrings(Location loc, CompareOp op, const Typed &lhs,
                                       const Typed &rhs) {
  if (!lhs.isString() || !rhs.isString())
    return emitError(loc) << "cannot compare " << describe(lhs) << " with " << describe(rhs);
  if (op != CompareOp::Equal && op != CompareOp::NotEqual)
    return emitError(loc) << "strings can be compared with '==' and '!=', not with '"
                          << getSpelling(op) << "'";
  return Typed{
      emit.constantBool(loc, (*lhs.text == *rhs.text) == (op == CompareOp::Equal)), {}, false};
}

FailureOr<Typed> Typer::compare(Location loc, CompareOp op, Typed lhs, Typed rhs) {
  if (lhs.isSymbolic() || rhs.isSymbolic())
    return compareStrings(loc, op, lhs, rhs);
  Type element = promote({lhs, rhs}, false);
  if (failed(unify(loc, lhs, rhs, element, operandsOf(getSpelling(op)))))
    return failure();
  static constexpr arith::CmpIPredicate integer[] = {
      arith::CmpIPredicate::slt, arith::CmpIPredicate::sle, arith::CmpIPredicate::sgt,
      arith::CmpIPredicate::sge, arith::CmpIPredicate::eq,  arith::CmpIPredicate::ne};
  static constexpr arith::CmpFPredicate real[] = {
      arith::CmpFPredicate::OLT, arith::CmpFPredicate::OLE, arith::CmpFPredicate::OGT,
      arith::CmpFPredicate::OGE, arith::CmpFPredicate::OEQ, arith::CmpFPredicate::UNE};
  unsigned index = static_cast<unsigned>(op);
  Value value = isa<FloatType>(element)
                    ? emit.make<arith::CmpFOp>(loc, real[index], lhs.value, rhs.value)
                    : emit.make<arith::CmpIOp>(loc, integer[index], lhs.value, rhs.value);
  return Typed{value, {}, false, lhs.sparse};
}

FailureOr<Typed> Typer::typeLogical(const LogicalExpr &expr) {
  FailureOr<Typed> lhs = typeValue(*expr.getLhs()), rhs = typeValue(*expr.getRhs());
  if (failed(lhs) || failed(rhs))
    return failure();
  StringRef spelling = getSpelling(expr.getOp());
  for (const auto &[operand, side] :
       {std::pair(*lhs, expr.getLhs()), std::pair(*rhs, expr.getRhs())})
    if (!operand.isBool())
      return emitError(side->getLoc())
             << "'" << spelling << "' expects bool, found " << describe(operand)
             << "; compare with 0, or use '" << (expr.getOp() == LogicalOp::And ? "&" : "|")
             << "' for bits";
  if (failed(unify(expr.getOpLoc(), *lhs, *rhs, emit.boolType(), operandsOf(spelling))))
    return failure();
  Value value = expr.getOp() == LogicalOp::And
                    ? emit.make<arith::AndIOp>(expr.getOpLoc(), lhs->value, rhs->value)
                    : emit.make<arith::OrIOp>(expr.getOpLoc(), lhs->value, rhs->value);
  return Typed{value, {}, false, lhs->sparse};
}

} // namespace basalt::frontend
