// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recognising accumulators by what their states become.
#include "compiler/neurocore/form/Buffers.h"

#include "dialect/neurocore/Neurocore.h"
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
/// A value inside a kernel, or of the graph itself (`update` is null).
struct Place {
  Value value;
  step::UpdateOp update;
};

class BufferReader {
public:
  BufferReader(const Flat &flat, StringAttr state, Value final)
      : flat(flat), state(state), final(final) {}

  /// Nothing: no products, the state is a neuron's.
  FailureOr<std::optional<Buffer>> read();

private:
  Place enter(Place place);
  bool addTerms(Place place, int64_t shift, bool outside);
  bool addRing(Value value);
  LogicalResult refuse();

  const Flat &flat;
  StringAttr state;
  Value final;
  Buffer buffer;
  SmallVector<Operation *> products;
  std::optional<int64_t> shift;
  bool inSum = false;
};
} // namespace

/// Products that `value` is computed of.
static void collectProducts(Value value, llvm::SetVector<Operation *> &products,
                            llvm::DenseSet<Operation *> &visited) {
  Operation *op = value.getDefiningOp();
  if (!op || !visited.insert(op).second)
    return;
  if (isProduct(op)) {
    products.insert(op);
    return;
  }
  for (Value operand : op->getOperands())
    collectProducts(operand, products, visited);
}

/// Steps into the kernel of an update, and out of it at an argument.
Place BufferReader::enter(Place place) {
  while (true) {
    if (auto argument = dyn_cast<BlockArgument>(place.value)) {
      place = {place.update->getOperand(argument.getArgNumber()), {}};
    } else if (auto update = place.value.getDefiningOp<step::UpdateOp>()) {
      Operation *yield = flat.kernelOf(update).getBody().front().getTerminator();
      place = {yield->getOperand(cast<OpResult>(place.value).getResultNumber()), update};
    } else {
      return place;
    }
  }
}

/// Column k of the state becomes column k - 1, and the last one 0.
bool BufferReader::addRing(Value value) {
  Origins origins = originsOf(flat, value, Through::Wraps);
  if (origins.bases.size() > 1 || buffer.ring)
    return false;
  if (origins.bases.size() == 1) {
    auto get = origins.bases[0].getDefiningOp<step::GetOp>();
    if (!get || get.getStateAttr().getAttr() != state)
      return false;
  }
  auto shape = cast<ShapedType>(value.getType()).getShape();
  if (shape.size() != 2)
    return false;
  int64_t columns = shape[1];
  for (int64_t at = 0, end = int64_t(origins.base.size()); at < end; ++at) {
    bool last = at % columns == columns - 1;
    bool matches = last ? origins.base[at] == Origins::kZero
                        : origins.base[at] == 0 && origins.index[at] == at + 1;
    if (!matches)
      return false;
  }
  buffer.ring = true;
  buffer.columns = columns;
  return true;
}

/// Adds what `place` is the sum of. `outside`: no shift has been seen yet, so a ring can come.
bool BufferReader::addTerms(Place place, int64_t by, bool outside) {
  place = enter(place);
  Operation *op = place.value.getDefiningOp();
  if (isProduct(op)) {
    // Sums are shifted as a whole, once.
    if (shift.value_or(by) != by || llvm::is_contained(products, op))
      return false;
    shift = by;
    products.push_back(op);
    return true;
  }
  if (isa<arith::ExtSIOp, arith::TruncIOp, num::ReshapeOp>(op)) {
    unsigned bits = cast<IntegerType>(getElementTypeOrSelf(place.value.getType())).getWidth();
    unsigned stored = cast<ShapedType>(buffer.op.getType()).getElementTypeBitWidth();
    bool wraps = isa<arith::TruncIOp>(op) && bits < stored;
    if (wraps && (!outside || inSum || buffer.wrap))
      return false;
    if (wraps)
      buffer.wrap = bits;
    return addTerms({op->getOperand(0), place.update}, by, outside);
  }
  if (auto shifted = dyn_cast<num::ShiftOp>(op)) {
    std::optional<int64_t> amount = getConstantIntValue(shifted.getRhs());
    if (!amount || (by != 0 && *amount != 0) || std::abs(*amount) > 31)
      return false;
    return addTerms({shifted.getLhs(), place.update}, by + *amount, false);
  }
  if (isa<arith::AddIOp>(op)) {
    inSum = true;
    for (Value operand : op->getOperands()) {
      Place term = enter({operand, place.update});
      Value whole = operand;
      if (auto argument = dyn_cast<BlockArgument>(operand))
        whole = place.update->getOperand(argument.getArgNumber());
      llvm::SetVector<Operation *> inside;
      llvm::DenseSet<Operation *> visited;
      Value probe = isa<ShapedType>(whole.getType()) ? whole : Value();
      // Inside a kernel a conversion can stand before the argument.
      while (!probe && term.value.getDefiningOp() &&
             isa<arith::ExtSIOp, arith::TruncIOp>(term.value.getDefiningOp())) {
        Value inner = term.value.getDefiningOp()->getOperand(0);
        if (auto argument = dyn_cast<BlockArgument>(inner))
          probe = term.update->getOperand(argument.getArgNumber());
        term.value = inner;
      }
      if (probe)
        collectProducts(probe, inside, visited);
      bool isRing = probe && inside.empty() && outside;
      if (isRing ? !addRing(probe) : !addTerms({operand, place.update}, by, outside))
        return false;
    }
    return true;
  }
  return false;
}

LogicalResult BufferReader::refuse() {
  return emitError(final.getLoc())
         << "what synapses bring is not kept in '" << state.getValue()
         << "' as it is: a chip keeps sums of weights, which may be shifted as a whole, for the "
            "next step";
}

FailureOr<std::optional<Buffer>> BufferReader::read() {
  llvm::SetVector<Operation *> inside;
  llvm::DenseSet<Operation *> visited;
  collectProducts(final, inside, visited);
  if (inside.empty())
    return std::optional<Buffer>();
  buffer.state = state;
  buffer.op = flat.states.lookup(state);
  auto type = cast<ShapedType>(buffer.op.getType());
  if (!addTerms({final, {}}, 0, true) || products.size() != inside.size() ||
      (buffer.ring && buffer.wrap))
    return refuse();
  buffer.shift = *shift;
  buffer.elements = type.getNumElements() / buffer.columns;
  if (buffer.ring && buffer.shift < 0)
    return emitError(final.getLoc())
           << "what arrives at '" << state.getValue()
           << "' is shifted right in each step for itself; a chip with delays shifts only the sum "
              "of all that is due";
  for (Operation *op : products) {
    FailureOr<Product> product = readProduct(flat, op);
    if (failed(product))
      return failure();
    if (!buffer.ring && product->slots != 1)
      return refuse();
    buffer.products.push_back(std::move(*product));
  }
  return std::optional<Buffer>(std::move(buffer));
}

const Buffer *bufferOf(const Buffers &buffers, Value value) {
  auto get = value.getDefiningOp<step::GetOp>();
  const auto *it = get ? buffers.find(get.getStateAttr().getAttr()) : buffers.end();
  return it == buffers.end() ? nullptr : &it->second;
}

FailureOr<Buffers> findBuffers(const Flat &flat) {
  Buffers buffers;
  for (auto &[state, value] : flat.stores) {
    FailureOr<std::optional<Buffer>> buffer = BufferReader(flat, state, value).read();
    if (failed(buffer))
      return failure();
    if (*buffer)
      buffers[state] = std::move(**buffer);
  }
  return std::move(buffers);
}

std::optional<SmallVector<int64_t>> initialSums(const Buffer &buffer, int64_t column,
                                                unsigned bits) {
  step::StateOp op = buffer.op;
  auto type = cast<IntegerType>(cast<ShapedType>(op.getType()).getElementType());
  SmallVector<int64_t> all = integersOf(op.getInit(), !type.isUnsigned()), result;
  for (int64_t i = 0; i < buffer.elements; ++i) {
    int64_t value = all.size() == 1 ? all[0] : all[i * buffer.columns + column];
    int64_t down = std::max<int64_t>(buffer.shift, 0), up = std::max<int64_t>(-buffer.shift, 0);
    int64_t sum = (value >> down) * (int64_t(1) << up);
    if ((sum << down >> up) != value || (bits < 64 && sum >> (bits - 1) != sum >> 63))
      return std::nullopt;
    result.push_back(sum);
  }
  return result;
}

} // namespace basalt::neurocore
