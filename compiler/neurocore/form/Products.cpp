// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights, delays and places of each kind of product.
#include "compiler/neurocore/form/Products.h"

#include "dialect/neurocore/Neurocore.h"
#include "dialect/num/Num.h"
#include "runtime/native/Arithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace basalt::neurocore {

bool isProduct(Operation *op) {
  return isa_and_nonnull<num::MatVecOp, num::DeliverOp, num::Conv2DOp, num::SparseMatVecOp,
                         num::SparseDeliverOp>(op);
}

namespace {
/// Numbers that are known at compile time: a state's at the start, or a constant's.
struct Numbers {
  SmallVector<int64_t> values; ///< one, or all of the base
  Origins origins;
  StringAttr state;
  int64_t first = 0; ///< what is subtracted from all

  int64_t at(int64_t i) const {
    if (origins.base[i] == Origins::kZero)
      return rt::sub(0, first);
    return rt::sub(values.size() == 1 ? values[0] : values[origins.index[i]], first);
  }
  int32_t element(int64_t i) const {
    return state && origins.base[i] != Origins::kZero ? int32_t(origins.index[i]) : -1;
  }
};

class ProductReader {
public:
  ProductReader(const Flat &flat, Operation *op) : flat(flat), op(op) { product.op = op; }

  FailureOr<Product> read();

private:
  FailureOr<Numbers> numbers(Value value, StringRef what);
  FailureOr<Numbers> delaysBehind(Value value);
  LogicalResult readDense(Value matrix, Value delays, Value vector);
  LogicalResult readSparse(Value values, Value delays, Value offsets, Value targets, Value vector);
  LogicalResult readConv(num::Conv2DOp conv);
  void setMessage(Value vector);
  LogicalResult add(int64_t source, int64_t target, const Numbers &weights, int64_t weight,
                    const Numbers *delays, int64_t delay);

  const Flat &flat;
  Operation *op;
  Product product;
  Origins message;
  bool binary = false;
};
} // namespace

FailureOr<Numbers> ProductReader::numbers(Value value, StringRef what) {
  Numbers result;
  result.origins = originsOf(flat, value, Through::Conversions);
  if (result.origins.bases.empty())
    return result.values = {0}, result;
  Value base = result.origins.bases[0];
  DenseElementsAttr constant;
  auto get = base.getDefiningOp<step::GetOp>();
  bool isOne = result.origins.bases.size() == 1;
  if (isOne && matchPattern(base, m_Constant(&constant))) {
    result.values = integersOf(constant, true);
    return result;
  }
  if (!isOne || !get)
    return op->emitError("the ")
           << what << " of a product in '" << flat.instanceOf(op)
           << "' are computed in each step; on a neurocore they are a Var that stays as it is";
  step::StateOp state = flat.stateOf(get);
  if (flat.stores.contains(get.getStateAttr().getAttr()))
    return op->emitError("'") << state.getSymName()
                              << "' changes in spk; weights that learn cannot stand on a neurocore";
  auto type = cast<IntegerType>(cast<ShapedType>(state.getType()).getElementType());
  result.state = state.getSymNameAttr();
  result.values = integersOf(state.getInit(), !type.isUnsigned());
  return result;
}

/// Delays may be counted from another one than 0.
FailureOr<Numbers> ProductReader::delaysBehind(Value value) {
  Operation *def = value.getDefiningOp();
  APInt number(64, 0);
  bool isMoved = isa_and_nonnull<arith::SubIOp, arith::AddIOp>(def) &&
                 (cast<ShapedType>(value.getType()).getNumElements() == 0 ||
                  matchPattern(def->getOperand(1), m_ConstantInt(&number)));
  FailureOr<Numbers> result = numbers(isMoved ? def->getOperand(0) : value, "delays");
  if (failed(result) || !isMoved)
    return result;
  result->first = (isa<arith::AddIOp>(def) ? -number : number).getSExtValue();
  product.first = result->first;
  return result;
}

void ProductReader::setMessage(Value vector) {
  message = originsOf(flat, vector, Through::Spikes, &binary);
  for (Value base : message.bases) {
    Connection connection;
    connection.message = base;
    connection.binary = binary || cast<ShapedType>(base.getType()).getElementType().isInteger(1);
    product.connections.push_back(std::move(connection));
  }
}

LogicalResult ProductReader::add(int64_t source, int64_t target, const Numbers &weights,
                                 int64_t weight, const Numbers *delays, int64_t delay) {
  int32_t base = message.base[source];
  if (base == Origins::kZero)
    return success();
  int64_t value = weights.at(weight);
  if (value < INT32_MIN || value > INT32_MAX)
    return op->emitError("a weight of '")
           << flat.instanceOf(op) << "' is " << value << ", which has more than 32 bits";
  int64_t after = delays ? delays->at(delay) : 0;
  if (after < 0 || after >= product.slots) // delivers nothing
    return success();
  product.connections[base].synapses.push_back(
      {int32_t(message.index[source]), int32_t(target), int32_t(value), int32_t(after),
       weights.element(weight), delays ? delays->element(delay) : -1});
  return success();
}

LogicalResult ProductReader::readDense(Value matrix, Value delays, Value vector) {
  ArrayRef<int64_t> shape = cast<ShapedType>(matrix.getType()).getShape();
  product.targets = shape[0];
  FailureOr<Numbers> weights = numbers(matrix, "weights");
  if (failed(weights))
    return failure();
  FailureOr<Numbers> after = Numbers();
  if (delays && failed(after = delaysBehind(delays)))
    return failure();
  product.weights = weights->state;
  product.delays = after->state;
  setMessage(vector);
  for (int64_t j = 0; j < shape[1]; ++j)
    for (int64_t i = 0; i < shape[0]; ++i) {
      int64_t at = i * shape[1] + j;
      if (failed(add(j, i, *weights, at, delays ? &*after : nullptr, at)))
        return failure();
    }
  return success();
}

LogicalResult ProductReader::readSparse(Value values, Value delays, Value offsets, Value targets,
                                        Value vector) {
  FailureOr<Numbers> weights = numbers(values, "weights"), begins = numbers(offsets, "places"),
                     places = numbers(targets, "places");
  FailureOr<Numbers> after = Numbers();
  if (failed(weights) || failed(begins) || failed(places) ||
      (delays && failed(after = delaysBehind(delays))))
    return failure();
  product.targets = cast<ShapedType>(op->getResult(0).getType()).getDimSize(0);
  product.weights = weights->state;
  product.delays = after->state;
  setMessage(vector);
  int64_t sources = cast<ShapedType>(vector.getType()).getNumElements();
  for (int64_t j = 0; j < sources; ++j)
    for (int64_t e = begins->at(j), end = begins->at(j + 1); e < end; ++e)
      if (failed(add(j, places->at(e), *weights, e, delays ? &*after : nullptr, e)))
        return failure();
  return success();
}

LogicalResult ProductReader::readConv(num::Conv2DOp conv) {
  FailureOr<Numbers> weights = numbers(conv.getKernel(), "weights");
  if (failed(weights))
    return failure();
  product.weights = weights->state;
  setMessage(conv.getInput());
  ArrayRef<int64_t> in = conv.getInput().getType().getShape(),
                    out = conv.getResult().getType().getShape(),
                    kernel = conv.getKernel().getType().getShape();
  product.targets = ShapedType::getNumElements(out);
  int64_t perGroup = out[2] / int64_t(conv.getGroups());
  for (int64_t ox = 0; ox < out[0]; ++ox)
    for (int64_t oy = 0; oy < out[1]; ++oy)
      for (int64_t o = 0; o < out[2]; ++o)
        for (int64_t i = 0; i < kernel[1]; ++i)
          for (int64_t j = 0; j < kernel[2]; ++j) {
            int64_t x = ox * conv.getStride()[0] + i * conv.getDilation()[0] - conv.getPadding()[0];
            int64_t y = oy * conv.getStride()[1] + j * conv.getDilation()[1] - conv.getPadding()[1];
            if (x < 0 || x >= in[0] || y < 0 || y >= in[1])
              continue;
            for (int64_t c = 0; c < kernel[3]; ++c) {
              int64_t channel = o / perGroup * kernel[3] + c;
              int64_t source = (x * in[1] + y) * in[2] + channel;
              int64_t target = (ox * out[1] + oy) * out[2] + o;
              int64_t weight = ((o * kernel[1] + i) * kernel[2] + j) * kernel[3] + c;
              if (failed(add(source, target, *weights, weight, nullptr, 0)))
                return failure();
            }
          }
  return success();
}

FailureOr<Product> ProductReader::read() {
  if (!getElementTypeOrSelf(op->getResult(0).getType()).isInteger())
    return op->emitError("'") << flat.instanceOf(op)
                              << "' computes with floats, which no neurocore has";
  auto slotsOf = [&](Value result) { return cast<ShapedType>(result.getType()).getDimSize(1); };
  LogicalResult result = llvm::TypeSwitch<Operation *, LogicalResult>(op)
                             .Case<num::MatVecOp>([&](auto op) {
                               return readDense(op.getMatrix(), Value(), op.getVector());
                             })
                             .Case<num::DeliverOp>([&](auto op) {
                               product.slots = slotsOf(op.getResult());
                               return readDense(op.getMatrix(), op.getDelays(), op.getVector());
                             })
                             .Case<num::SparseMatVecOp>([&](auto op) {
                               return readSparse(op.getValues(), Value(), op.getOffsets(),
                                                 op.getTargets(), op.getVector());
                             })
                             .Case<num::SparseDeliverOp>([&](auto op) {
                               product.slots = slotsOf(op.getResult());
                               return readSparse(op.getValues(), op.getDelays(), op.getOffsets(),
                                                 op.getTargets(), op.getVector());
                             })
                             .Case<num::Conv2DOp>([&](auto op) { return readConv(op); });
  if (failed(result))
    return failure();
  return std::move(product);
}

FailureOr<Product> readProduct(const Flat &flat, Operation *op) {
  return ProductReader(flat, op).read();
}

} // namespace basalt::neurocore
