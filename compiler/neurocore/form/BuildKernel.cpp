// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The code of one neuron: everything that its states and messages are computed of, as scalars.
#include "compiler/neurocore/form/Population.h"
#include "compiler/neurocore/select/Select.h"
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class KernelBuilder {
public:
  KernelBuilder(const Flat &flat, const Buffers &buffers, Population &population,
                OpBuilder &builder)
      : flat(flat), buffers(buffers), population(population), builder(builder) {}

  LogicalResult build();

private:
  using Result = FailureOr<Value>;
  /// Element by element, what is used of `value`.
  Result use(Value value);
  Result element(Value value);
  Result compute(Value value);
  Result inlineKernel(step::UpdateOp update, unsigned result);
  Result readState(step::GetOp get);
  Result readBuffer(const Buffer &buffer, std::vector<int64_t> map);
  Result readMessage(Value message, std::vector<int64_t> map);
  Result constant(DenseElementsAttr elements, Value value);
  Result draw(num::RandomBitsOp op);
  std::optional<Value> timer(Value value);
  Result refuse(Operation *op, const Twine &why);
  Result refuseOp(Operation *op);
  Result clone(Operation *op, ValueRange operands);
  FailureOr<Value> argument(Role role, unsigned index, Type type, Location loc);
  bool isPlain(Type type) const;

  const Flat &flat;
  const Buffers &buffers;
  Population &population;
  OpBuilder &builder;
  Block *block = nullptr;
  llvm::DenseMap<Value, Value> scalars;
  llvm::DenseMap<std::pair<unsigned, unsigned>, Value> argumentsBy;
};
} // namespace

static ShapedType shapedType(Value value) { return cast<ShapedType>(value.getType()); }

/// The scalar op in the place of an elementwise one: the same op on elements.
FailureOr<Value> KernelBuilder::clone(Operation *op, ValueRange operands) {
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(operands);
  for (Type type : op->getResultTypes())
    state.addTypes(getElementTypeOrSelf(type));
  for (NamedAttribute attr : op->getAttrs())
    if (attr.getName() != "instance")
      state.attributes.push_back(attr);
  return builder.create(state)->getResult(0);
}

FailureOr<Value> KernelBuilder::refuse(Operation *op, const Twine &why) {
  op->emitError("'") << population.name << "' " << why;
  return failure();
}

FailureOr<Value> KernelBuilder::refuseOp(Operation *op) {
  if (isa<num::ReduceOp>(op))
    return refuse(op, "sums up or compares all its neurons, but a neuron of a chip sees no other");
  if (isa<num::GatherOp, num::ExtractOp, num::InsertOp>(op))
    return refuse(op, "picks neurons by number, but a neuron of a chip sees no other");
  return refuse(op, "computes '" + op->getName().getStringRef() +
                        "', for which neurons of a chip have no instruction");
}

bool KernelBuilder::isPlain(Type type) const {
  return isa<IntegerType>(getElementTypeOrSelf(type));
}

FailureOr<Value> KernelBuilder::argument(Role role, unsigned index, Type type, Location loc) {
  Value &value = argumentsBy[{unsigned(role), index}];
  if (!value) {
    value = block->addArgument(type, loc);
    population.arguments.push_back({role, index});
  }
  return value;
}

FailureOr<Value> KernelBuilder::constant(DenseElementsAttr elements, Value value) {
  Type type = elements.getElementType();
  if (elements.isSplat())
    return Value(arith::ConstantOp::create(builder, value.getLoc(),
                                           cast<TypedAttr>(elements.getSplatValue<Attribute>())));
  if (elements.getNumElements() != population.count)
    return refuseOp(value.getDefiningOp());
  // A parameter has one word at most.
  unsigned bits = std::min(type.getIntOrFloatBitWidth(), 32u);
  SmallVector<APInt> narrow;
  for (const APInt &number : elements.getValues<APInt>()) {
    if (!number.isSignedIntN(32) && number.getBitWidth() > 32)
      return refuse(value.getDefiningOp(),
                    "has a constant of more than 32 bits, but a neuron has words of 32");
    narrow.push_back(number.trunc(bits));
  }
  Type stored = builder.getIntegerType(bits);
  PerNeuron parameter;
  parameter.name = "constant";
  parameter.initial =
      DenseElementsAttr::get(cast<ShapedType>(elements.getType()).clone(stored), narrow);
  parameter.type = IntegerType::get(type.getContext(), bits,
                                    bits == 1 ? IntegerType::Unsigned : IntegerType::Signed);
  population.parameters.push_back(std::move(parameter));
  FailureOr<Value> held =
      argument(Role::Parameter, unsigned(population.parameters.size() - 1), stored, value.getLoc());
  if (stored == type)
    return held;
  return Value(arith::ExtSIOp::create(builder, value.getLoc(), type, *held));
}

/// Number of the entry of `list` for the state; adds one if there is none.
static unsigned indexOf(std::vector<PerNeuron> &list, step::StateOp state) {
  for (auto [i, entry] : llvm::enumerate(list))
    if (entry.state == state.getSymNameAttr() && entry.message == Value())
      return unsigned(i);
  auto type = cast<ShapedType>(state.getType());
  PerNeuron entry;
  entry.name = state.getSymName().str();
  entry.state = state.getSymNameAttr();
  entry.initial = state.getInit();
  entry.type = cast<IntegerType>(type.getElementType());
  entry.scalar = type.getRank() == 0;
  list.push_back(std::move(entry));
  return unsigned(list.size() - 1);
}

FailureOr<Value> KernelBuilder::readState(step::GetOp get) {
  StringAttr name = get.getStateAttr().getAttr();
  if (auto it = buffers.find(name); it != buffers.end()) {
    std::vector<int64_t> all(size_t(it->second.elements));
    for (size_t i = 0; i < all.size(); ++i)
      all[i] = int64_t(i);
    return readBuffer(it->second, all);
  }
  step::StateOp state = flat.stateOf(get);
  Type type = getElementTypeOrSelf(get.getType());
  bool stored = flat.stores.contains(name);
  bool isScalar = shapedType(get).getRank() == 0;
  if (stored) {
    unsigned index = indexOf(population.slots, state);
    return argument(Role::Slot, index, type, get.getLoc());
  }
  if (!isScalar) {
    // Parameters have one word at most.
    bool wide = type.getIntOrFloatBitWidth() > 32;
    std::vector<PerNeuron> &list = wide ? population.slots : population.parameters;
    unsigned index = indexOf(list, state);
    return argument(wide ? Role::Slot : Role::Parameter, index, type, get.getLoc());
  }
  for (auto [i, constant] : llvm::enumerate(population.constants))
    if (constant.state == name && constant.affine == Affine())
      return argument(Role::Constant, unsigned(i), type, get.getLoc());
  SharedNumber constant;
  constant.name = name.str();
  constant.state = name;
  population.constants.push_back(std::move(constant));
  return argument(Role::Constant, unsigned(population.constants.size() - 1), type, get.getLoc());
}

FailureOr<Value> KernelBuilder::readBuffer(const Buffer &buffer, std::vector<int64_t> map) {
  step::StateOp op = buffer.op;
  Location loc = op.getLoc();
  std::optional<unsigned> index;
  for (auto [i, input] : llvm::enumerate(population.inputs))
    if (input.buffer == &buffer && input.map == map)
      index = unsigned(i);
  if (!index) {
    index = unsigned(population.inputs.size());
    population.inputs.push_back({&buffer, std::move(map), 32});
  }
  FailureOr<Value> sum = argument(Role::Accumulator, *index, builder.getI64Type(), loc);
  Value value = *sum;
  if (buffer.shift != 0) {
    Value amount = arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(buffer.shift));
    value = num::ShiftOp::create(builder, loc, value, amount);
  }
  unsigned bits = cast<ShapedType>(op.getType()).getElementTypeBitWidth();
  unsigned kept = buffer.wrap ? buffer.wrap : bits;
  if (kept < 64)
    value = arith::TruncIOp::create(builder, loc, builder.getIntegerType(kept), value);
  if (kept < bits)
    value = arith::ExtSIOp::create(builder, loc, builder.getIntegerType(bits), value);
  return value;
}

FailureOr<Value> KernelBuilder::readMessage(Value message, std::vector<int64_t> map) {
  Type type = getElementTypeOrSelf(message.getType());
  const EmbeddedMessage &from = flat.received.find(message)->second;
  if (!isPlain(type) || type.getIntOrFloatBitWidth() > 32) {
    mlir::emitError(population.loc)
        << "'" << population.name << "' gets numbers of type " << type << " from '" << from.name
        << "', but a neuron of a chip takes integers of up to 32 bits";
    return failure();
  }
  for (auto [i, parameter] : llvm::enumerate(population.parameters))
    if (parameter.message == message && parameter.map == map)
      return argument(Role::Parameter, unsigned(i), type, population.loc);
  PerNeuron parameter;
  parameter.name = from.name;
  parameter.message = message;
  parameter.map = std::move(map);
  unsigned bits = type.getIntOrFloatBitWidth();
  parameter.type = IntegerType::get(type.getContext(), bits,
                                    bits == 1 ? IntegerType::Unsigned : IntegerType::Signed);
  parameter.initial =
      DenseElementsAttr::get(RankedTensorType::get({1}, type), builder.getZeroAttr(type));
  population.parameters.push_back(std::move(parameter));
  return argument(Role::Parameter, unsigned(population.parameters.size() - 1), type,
                  population.loc);
}

FailureOr<Value> KernelBuilder::inlineKernel(step::UpdateOp update, unsigned result) {
  Block &kernel = flat.kernelOf(update).getBody().front();
  IRMapping mapping;
  for (auto [formal, actual] : llvm::zip_equal(kernel.getArguments(), update.getInputs())) {
    if (formal.use_empty())
      continue;
    FailureOr<Value> value = use(actual);
    if (failed(value))
      return failure();
    mapping.map(formal, *value);
  }
  for (Operation &op : kernel.without_terminator()) {
    for (Type type : op.getResultTypes())
      if (!isPlain(type))
        return refuse(&op, "computes with floats, which no neurocore has");
    builder.clone(op, mapping);
  }
  for (auto [value, yielded] :
       llvm::zip_equal(update.getResults(), kernel.getTerminator()->getOperands()))
    scalars[value] = mapping.lookup(yielded);
  return scalars[update.getResult(result)];
}

/// bits = random_bits of a stream, keyed by seed, instance and step.
FailureOr<Value> KernelBuilder::draw(num::RandomBitsOp op) {
  auto keys = op.getKeys();
  bool matches = keys.size() == 3 && keys[0].getDefiningOp<proc::SeedOp>() &&
                 keys[2].getDefiningOp<proc::TimeStepOp>();
  auto get = matches ? keys[1].getDefiningOp<step::GetOp>() : step::GetOp();
  if (!get || flat.stores.contains(get.getStateAttr().getAttr()))
    return refuse(op, "draws random numbers in a loop, which neurons of a chip cannot do");
  if (shapedType(op.getResult()).getNumElements() != population.count)
    return refuse(op, "draws random numbers, but not one for each neuron");
  int64_t key = flat.stateOf(get).getInit().getSplatValue<APInt>().getSExtValue();
  population.sites.push_back({int64_t(op.getStream()), key, get.getStateAttr().getAttr()});
  return argument(Role::Site, unsigned(population.sites.size() - 1), builder.getI64Type(),
                  op.getLoc());
}

/// The number `by` in time_step + by, if value is that.
static std::optional<int64_t> stepPlus(Value value) {
  if (value.getDefiningOp<proc::TimeStepOp>())
    return 0;
  Operation *op = value.getDefiningOp();
  if (!isa_and_nonnull<arith::AddIOp, arith::SubIOp>(op))
    return std::nullopt;
  std::optional<int64_t> before = stepPlus(op->getOperand(0)),
                         by = getConstantIntValue(op->getOperand(1));
  if (!before || !by || std::abs(*by) > (int64_t(1) << 40))
    return std::nullopt;
  return isa<arith::AddIOp>(op) ? *before + *by : *before - *by;
}

/// time_step % interval == offset.
std::optional<Value> KernelBuilder::timer(Value value) {
  auto compare = value.getDefiningOp<arith::CmpIOp>();
  if (!compare || compare.getPredicate() != arith::CmpIPredicate::eq)
    return std::nullopt;
  auto mod = compare.getLhs().getDefiningOp<num::ModOp>();
  std::optional<int64_t> rest = getConstantIntValue(compare.getRhs());
  if (!mod || !rest)
    return std::nullopt;
  std::optional<int64_t> by = stepPlus(mod.getLhs()), interval = getConstantIntValue(mod.getRhs());
  if (!by || !interval || *interval < 1)
    return std::nullopt;
  Timer timer{*interval, *rest};
  if (*rest >= 0 && *rest < *interval)
    timer.offset = ((*rest - *by) % *interval + *interval) % *interval;
  auto *it = std::find(population.timers.data(),
                       population.timers.data() + population.timers.size(), timer);
  auto index = unsigned(it - population.timers.data());
  if (index == population.timers.size())
    population.timers.push_back(timer);
  return *argument(Role::Timer, index, builder.getI1Type(), value.getLoc());
}

FailureOr<Value> KernelBuilder::compute(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto it = flat.received.find(value); it != flat.received.end()) {
    std::vector<int64_t> all(size_t(shapedType(value).getNumElements()));
    for (size_t i = 0; i < all.size(); ++i)
      all[i] = int64_t(i);
    return readMessage(value, all);
  }
  if (!isPlain(value.getType()))
    return refuse(op, "computes with floats, which no neurocore has");
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)))
    return constant(elements, value);
  if (auto update = dyn_cast<step::UpdateOp>(op))
    return inlineKernel(update, cast<OpResult>(value).getResultNumber());
  if (auto get = dyn_cast<step::GetOp>(op))
    return readState(get);
  if (auto random = dyn_cast<num::RandomBitsOp>(op))
    return draw(random);
  if (isa<proc::TimeStepOp>(op))
    return argument(Role::Step, 0, builder.getI64Type(), op->getLoc());
  if (auto broadcast = dyn_cast<num::BroadcastOp>(op);
      broadcast && shapedType(broadcast.getOperand()).getNumElements() == 1)
    return use(broadcast.getOperand());
  if (std::optional<Value> flag = timer(value))
    return *flag;
  if (!num::isElementwise(op))
    return refuseOp(op);
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    FailureOr<Value> scalar = use(operand);
    if (failed(scalar))
      return failure();
    operands.push_back(*scalar);
  }
  return clone(op, operands);
}

FailureOr<Value> KernelBuilder::element(Value value) {
  if (Value known = scalars.lookup(value))
    return known;
  FailureOr<Value> result = compute(value);
  if (succeeded(result))
    scalars[value] = *result;
  return result;
}

FailureOr<Value> KernelBuilder::use(Value value) {
  if (Value known = scalars.lookup(value))
    return known;
  if (shapedType(value).getRank() == 0) {
    std::optional<AffineState> affine = affineOf(flat, value);
    if (affine) {
      native::Range range = rangeOf(flat, {"", affine->state, affine->affine, 0});
      if (range.low < INT32_MIN || range.high > INT32_MAX)
        affine.reset();
    }
    if (!affine || affine->affine == Affine() || value.getDefiningOp<step::GetOp>())
      return element(value);
    unsigned index = 0;
    std::vector<SharedNumber> &constants = population.constants;
    while (index < constants.size() &&
           !(constants[index].state == affine->state && constants[index].affine == affine->affine))
      ++index;
    if (index == constants.size())
      constants.push_back({affine->state.str(), affine->state, affine->affine, 0});
    return argument(Role::Constant, index, getElementTypeOrSelf(value.getType()), value.getLoc());
  }
  Origins origins = originsOf(flat, value, Through::Moves);
  if (Value base = origins.identity())
    return element(base);
  // One number for all neurons.
  if (origins.bases.size() == 1 && shapedType(origins.bases[0]).getNumElements() == 1 &&
      !flat.received.contains(origins.bases[0]) &&
      llvm::all_of(origins.base, [](int32_t base) { return base == 0; }) &&
      !bufferOf(buffers, origins.bases[0]))
    return use(origins.bases[0]);
  // Buffers and messages may be picked from and put together as one likes.
  Value sum;
  for (auto [number, base] : llvm::enumerate(origins.bases)) {
    std::vector<int64_t> map(origins.index.size(), -1);
    for (size_t i = 0; i < map.size(); ++i)
      if (origins.base[i] == int32_t(number))
        map[i] = origins.index[i];
    auto get = base.getDefiningOp<step::GetOp>();
    const auto *it = get ? buffers.find(get.getStateAttr().getAttr()) : buffers.end();
    FailureOr<Value> part = failure();
    if (it != buffers.end()) {
      const Buffer &buffer = it->second;
      if (llvm::any_of(map, [&](int64_t i) { return i >= 0 && i % buffer.columns != 0; }))
        return refuse(get, "looks at what is due later than in this step, which neurons of a chip "
                           "do not see");
      for (int64_t &i : map)
        i = i < 0 ? i : i / buffer.columns;
      part = readBuffer(buffer, std::move(map));
    } else if (flat.received.contains(base)) {
      part = readMessage(base, std::move(map));
    } else {
      return refuseOp(value.getDefiningOp());
    }
    if (failed(part))
      return failure();
    sum = sum ? Value(arith::AddIOp::create(builder, value.getLoc(), sum, *part)) : *part;
  }
  if (sum)
    return sum;
  Type type = getElementTypeOrSelf(value.getType());
  return Value(arith::ConstantOp::create(builder, value.getLoc(),
                                         cast<TypedAttr>(builder.getZeroAttr(type))));
}

LogicalResult KernelBuilder::build() {
  auto kernel = step::KernelOp::create(builder, population.loc, population.name);
  block = &kernel.getBody().emplaceBlock();
  population.kernel = kernel;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(block);
  SmallVector<Value> yielded;
  // More slots may be added while this runs: states that are only read.
  size_t stored = population.slots.size();
  for (size_t i = 0; i < stored; ++i) {
    FailureOr<Value> value = use(flat.stores.lookup(population.slots[i].state));
    if (failed(value))
      return failure();
    yielded.push_back(*value);
  }
  for (const Sent &output : population.outputs) {
    FailureOr<Value> value = use(output.value);
    if (failed(value))
      return failure();
    yielded.push_back(*value);
  }
  // What is only read stays as it is.
  SmallVector<Value> extra;
  for (size_t i = stored; i < population.slots.size(); ++i)
    extra.push_back(argumentsBy[{unsigned(Role::Slot), unsigned(i)}]);
  yielded.insert(yielded.begin() + ptrdiff_t(stored), extra.begin(), extra.end());
  step::YieldOp::create(builder, population.loc, yielded);
  return success();
}

LogicalResult buildKernel(const Flat &flat, const Buffers &buffers, Population &population,
                          OpBuilder &builder) {
  return KernelBuilder(flat, buffers, population, builder).build();
}

std::optional<AffineState> affineOf(const Flat &flat, Value value) {
  Operation *op = value.getDefiningOp();
  if (auto get = dyn_cast_or_null<step::GetOp>(op)) {
    step::StateOp state = flat.stateOf(get);
    if (cast<ShapedType>(state.getType()).getRank() != 0 ||
        flat.stores.contains(get.getStateAttr().getAttr()) ||
        !isa<IntegerType>(cast<ShapedType>(state.getType()).getElementType()))
      return std::nullopt;
    return AffineState{get.getStateAttr().getAttr(), {}};
  }
  if (isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(op))
    return affineOf(flat, op->getOperand(0));
  if (!isa_and_nonnull<arith::AddIOp, arith::SubIOp, num::ShiftOp>(op) ||
      !getElementTypeOrSelf(value.getType()).isInteger(64))
    return std::nullopt;
  bool swapped = getConstantIntValue(op->getOperand(0)).has_value();
  std::optional<int64_t> number = getConstantIntValue(op->getOperand(swapped ? 0 : 1));
  std::optional<AffineState> of = affineOf(flat, op->getOperand(swapped ? 1 : 0));
  if (!number || !of || std::abs(*number) > (int64_t(1) << 40))
    return std::nullopt;
  Affine &affine = of->affine;
  if (isa<num::ShiftOp>(op)) {
    if (swapped || *number < 0 || *number > 31 || affine.shift != 0)
      return std::nullopt;
    affine.shift = *number;
    return of;
  }
  if (affine.shift != 0)
    return std::nullopt;
  if (isa<arith::AddIOp>(op)) {
    affine.offset += *number;
  } else if (swapped) {
    affine.scale = -affine.scale;
    affine.offset = *number - affine.offset;
  } else {
    affine.offset -= *number;
  }
  return of;
}

} // namespace basalt::neurocore
