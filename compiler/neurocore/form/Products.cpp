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
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

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
  Origins origins;             ///< unless each is where it is
  bool isWhole = false;        ///< whether each is
  StringAttr state;
  int64_t first = 0; ///< what is subtracted from all

  int64_t at(int64_t i) const {
    if (isWhole)
      return rt::sub(values[values.size() == 1 ? 0 : size_t(i)], first);
    if (origins.base[i] == Origins::kZero)
      return rt::sub(0, first);
    return rt::sub(values.size() == 1 ? values[0] : values[origins.index[i]], first);
  }
  int32_t element(int64_t i) const {
    if (isWhole)
      return state ? int32_t(i) : -1;
    return state && origins.base[i] != Origins::kZero ? int32_t(origins.index[i]) : -1;
  }
};

/// Weights and delays of a product, as its columns read them.
struct Table {
  Numbers weights;
  std::optional<Numbers> delays;
  int64_t slots = 1;
  std::optional<int64_t> tooWide; ///< a weight of a synapse that has more than 32 bits

  /// The synapse with weight and delay number `at`, unless it delivers nothing.
  void visit(int64_t target, int64_t at, Product::Visit visit) {
    int64_t after = delays ? delays->at(at) : 0, weight = weights.at(at);
    if (after < 0 || after >= slots)
      return;
    if (!llvm::isInt<32>(weight))
      tooWide = weight;
    visit({int32_t(target), int32_t(weight), int32_t(after), weights.element(at),
           delays ? delays->element(at) : -1});
  }
};

class ProductReader {
public:
  ProductReader(const Flat &flat, Operation *op) : flat(flat), op(op) { product.op = op; }

  FailureOr<Product> read();

private:
  FailureOr<Numbers> numbers(Value value, StringRef what);
  FailureOr<Numbers> delaysBehind(Value value);
  FailureOr<std::shared_ptr<Table>> tableOf(Value weights, Value delays);
  LogicalResult readDense(Value matrix, Value delays, Value vector);
  LogicalResult readSparse(Value values, Value delays, Value offsets, Value targets, Value vector);
  LogicalResult readConv(num::Conv2DOp conv);
  LogicalResult checkWeights(const Table &table);
  void setMessage(Value vector);

  const Flat &flat;
  Operation *op;
  Product product;
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
  // Of the usual millions nothing is kept beside their values.
  if (result.origins.identity()) {
    result.isWhole = true;
    result.origins = {};
  }
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

FailureOr<std::shared_ptr<Table>> ProductReader::tableOf(Value weights, Value delays) {
  auto table = std::make_shared<Table>();
  FailureOr<Numbers> read = numbers(weights, "weights");
  if (failed(read))
    return failure();
  table->weights = std::move(*read);
  product.weights = table->weights.state;
  table->slots = product.slots;
  if (!delays)
    return table;
  if (failed(read = delaysBehind(delays)))
    return failure();
  table->delays = std::move(*read);
  product.delays = table->delays->state;
  return table;
}

void ProductReader::setMessage(Value vector) {
  bool binary = false;
  Origins message = originsOf(flat, vector, Through::Spikes, &binary);
  for (size_t number = 0; number < message.bases.size(); ++number) {
    Value base = message.bases[number];
    Connection connection;
    connection.message = base;
    auto type = cast<ShapedType>(base.getType());
    connection.binary = binary || type.getElementType().isInteger(1);
    // Elements of the vector, sorted by that of the message.
    auto isOfBase = [&](size_t i) { return message.base[i] == int32_t(number); };
    connection.begins.assign(size_t(type.getNumElements()) + 1, 0);
    for (size_t i = 0; i < message.base.size(); ++i)
      if (isOfBase(i))
        ++connection.begins[size_t(message.index[i]) + 1];
    std::partial_sum(connection.begins.begin(), connection.begins.end(), connection.begins.begin());
    connection.places.resize(size_t(connection.begins.back()));
    std::vector<int32_t> next = connection.begins;
    for (size_t i = 0; i < message.base.size(); ++i)
      if (isOfBase(i))
        connection.places[size_t(next[size_t(message.index[i])]++)] = int32_t(i);
    product.connections.push_back(std::move(connection));
  }
}

/// Weights of synapses have 32 bits at most.
LogicalResult ProductReader::checkWeights(const Table &table) {
  if (llvm::all_of(table.weights.values, [](int64_t value) { return llvm::isInt<32>(value); }))
    return success();
  // Perhaps no message comes to those that have more.
  for (const Connection &connection : product.connections)
    product.visitAll(connection, [](const Synapse &) {});
  if (!table.tooWide)
    return success();
  return op->emitError("a weight of '")
         << flat.instanceOf(op) << "' is " << *table.tooWide << ", which has more than 32 bits";
}

LogicalResult ProductReader::readDense(Value matrix, Value delays, Value vector) {
  ArrayRef<int64_t> shape = cast<ShapedType>(matrix.getType()).getShape();
  product.targets = shape[0];
  FailureOr<std::shared_ptr<Table>> table = tableOf(matrix, delays);
  if (failed(table))
    return failure();
  setMessage(vector);
  int64_t targets = shape[0], sources = shape[1];
  product.column = [table = *table, targets, sources](int64_t j, Product::Visit visit) {
    for (int64_t i = 0; i < targets; ++i)
      table->visit(i, i * sources + j, visit);
  };
  return checkWeights(**table);
}

LogicalResult ProductReader::readSparse(Value values, Value delays, Value offsets, Value targets,
                                        Value vector) {
  FailureOr<std::shared_ptr<Table>> table = tableOf(values, delays);
  FailureOr<Numbers> begins = numbers(offsets, "places"), places = numbers(targets, "places");
  if (failed(table) || failed(begins) || failed(places))
    return failure();
  product.targets = cast<ShapedType>(op->getResult(0).getType()).getDimSize(0);
  setMessage(vector);
  product.column = [table = *table, begins = std::make_shared<Numbers>(std::move(*begins)),
                    places = std::make_shared<Numbers>(std::move(*places))](int64_t j,
                                                                            Product::Visit visit) {
    for (int64_t e = begins->at(j), end = begins->at(j + 1); e < end; ++e)
      table->visit(places->at(e), e, visit);
  };
  return checkWeights(**table);
}

namespace {
/// A convolution of images whose channels come last, along each of the two axes.
struct Axis {
  int64_t in, out, kernel, stride, padding, dilation;

  /// Where the input at `x` counts: element `k` of the kernel for the output at `at`, ascending.
  void visit(int64_t x, llvm::function_ref<void(int64_t k, int64_t at)> visit) const {
    for (int64_t k = kernel - 1; k >= 0; --k) {
      int64_t first = x + padding - k * dilation;
      if (first >= 0 && first % stride == 0 && first / stride < out)
        visit(k, first / stride);
    }
  }
};
} // namespace

LogicalResult ProductReader::readConv(num::Conv2DOp conv) {
  FailureOr<std::shared_ptr<Table>> table = tableOf(conv.getKernel(), Value());
  if (failed(table))
    return failure();
  setMessage(conv.getInput());
  ArrayRef<int64_t> in = conv.getInput().getType().getShape(),
                    out = conv.getResult().getType().getShape(),
                    kernel = conv.getKernel().getType().getShape();
  product.targets = ShapedType::getNumElements(out);
  auto axis = [&](size_t i) {
    return Axis{in[i],
                out[i],
                kernel[i + 1],
                conv.getStride()[i],
                conv.getPadding()[i],
                conv.getDilation()[i]};
  };
  int64_t channels = in[2], outputs = out[2], ofGroup = kernel[3],
          perGroup = outputs / int64_t(conv.getGroups());
  product.column = [table = *table, x = axis(0), y = axis(1), channels, outputs, ofGroup,
                    perGroup](int64_t place, Product::Visit visit) {
    int64_t channel = place % channels, pixel = place / channels;
    int64_t first = channel / ofGroup * perGroup, c = channel % ofGroup;
    x.visit(pixel / y.in, [&](int64_t i, int64_t ox) {
      y.visit(pixel % y.in, [&](int64_t j, int64_t oy) {
        for (int64_t o = first; o < first + perGroup; ++o)
          table->visit((ox * y.out + oy) * outputs + o,
                       ((o * x.kernel + i) * y.kernel + j) * ofGroup + c, visit);
      });
    });
  };
  return checkWeights(**table);
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
