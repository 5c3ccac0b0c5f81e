// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random draws: distributions as compositions of other ops over num.random_bits.
#include "compiler/frontend/typing/Typer.h"
#include "compiler/support/Hash.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

namespace {
struct Parameter {
  StringRef name;
  double otherwise;   ///< if it is not given
  bool mayBeNegative; ///< whether that makes sense
  bool isRequired;
};
struct Distribution {
  StringRef name;
  bool isInteger; ///< of its parameters
  SmallVector<Parameter, 2> parameters;
};
} // namespace

static ArrayRef<Distribution> distributions() {
  static const Distribution table[] = {
      {"uniform", false, {{"low", 0, true, false}, {"high", 1, true, false}}},
      {"normal", false, {{"mean", 0, true, false}, {"std", 1, false, false}}},
      {"integers", true, {{"low", 0, true, true}, {"high", 0, true, false}}},
      {"poisson", false, {{"lam", 1, false, false}}},
  };
  return table;
}

struct Typer::Draw {
  const Distribution &distribution;
  std::string name; ///< as in `random.normal`
  Location loc;
  /// Of the parameters, in their type; in the shape of the draw but for a mean of all numbers.
  SmallVector<Value, 2> values;
  SmallVector<int64_t> shape;
};

bool Typer::isRandom(const Expr &base) {
  const auto *name = dyn_cast<NameExpr>(&base);
  return name && name->getName() == "random" && !findLocal("random") &&
         names.lookup("random", name->getLoc()).kind == Meaning::Unknown;
}

LogicalResult Typer::requireDraws(Location loc) {
  if (place == Place::Constant)
    return emitError(loc, "a random draw cannot stand in a given value; write "
                          "'{random: normal, mean: 0, std: 1}'");
  return requireEffects(loc, "a random draw");
}

//===--- Arguments ---===//

/// Whether all elements that are known satisfy `predicate`.
static bool allKnown(Value value, llvm::function_ref<bool(double)> predicate) {
  std::optional<DenseElementsAttr> constant = constantOf(value);
  if (!constant)
    return true;
  if (isa<FloatType>(constant->getElementType()))
    return llvm::all_of(constant->getValues<double>(), predicate);
  return llvm::all_of(constant->getValues<llvm::APInt>(), [&](const llvm::APInt &element) {
    return predicate(static_cast<double>(element.getSExtValue()));
  });
}

/// Finds the argument of each parameter, by position or by name; as in NumPy, the size may follow.
LogicalResult Typer::bindDraw(Draw &draw, const Arguments &args) {
  Type element = draw.distribution.isInteger ? emit.intType() : emit.doubleType();
  size_t next = 0;
  for (const Parameter &parameter : draw.distribution.parameters) {
    size_t position = next++;
    auto keyword = args.keywords.find(parameter.name);
    bool isPositional = position < args.positional.size();
    if (isPositional && keyword != args.keywords.end())
      return emitError(keyword->second.second) << "'" << parameter.name << "' is given twice";
    bool isGiven = isPositional || keyword != args.keywords.end();
    if (!isGiven && parameter.isRequired)
      return emitError(draw.loc) << "the argument '" << parameter.name << "' of '" << draw.name
                                 << "' is missing";
    Typed value = isPositional ? args.positional[position]
                  : isGiven    ? keyword->second.first
                               : Typed{emit.constantFloat(draw.loc, parameter.otherwise), {}, true};
    if (!isGiven && draw.distribution.isInteger) {
      // NumPy's `integers(n)`: from 0 to n.
      draw.values.insert(draw.values.begin(), emit.constantInt(draw.loc, 0));
      continue;
    }
    if (draw.distribution.isInteger && value.isFloat())
      return emitError(draw.loc) << "'" << draw.name << "' expects integers, found "
                                 << describe(value);
    value = convert(draw.loc, value, element);
    auto isSensible = [&](double number) { return parameter.mayBeNegative || number >= 0; };
    if (!allKnown(value.value, isSensible))
      return emitError(draw.loc) << "'" << parameter.name << "' of '" << draw.name
                                 << "' must not be negative";
    draw.values.push_back(value.value);
  }
  return success();
}

/// The shape that `size` says, else that of the arguments, which are brought to it.
LogicalResult Typer::shapeOfDraw(Draw &draw, const Arguments &args) {
  size_t count = draw.distribution.parameters.size();
  auto keyword = args.keywords.find("size");
  bool isGiven = keyword != args.keywords.end(), isPositional = args.positional.size() > count;
  if (isGiven && isPositional)
    return emitError(keyword->second.second, "'size' is given twice");
  for (Value value : draw.values) {
    ArrayRef<int64_t> other = cast<ShapedType>(value.getType()).getShape();
    std::optional<SmallVector<int64_t>> joint = broadcastShapes(draw.shape, other);
    if (!joint)
      return emitError(draw.loc) << "the arguments of '" << draw.name
                                 << "' have shapes that do not fit: "
                                 << proc::spellShape(draw.shape) << " and "
                                 << proc::spellShape(other);
    draw.shape = *joint;
  }
  if (isGiven || isPositional) {
    const Typed &size = isGiven ? keyword->second.first : args.positional[count];
    FailureOr<SmallVector<int64_t>> shape = constantInts(size, draw.loc, "'size'");
    if (failed(shape) || failed(checkExtents(draw.loc, *shape)))
      return failure();
    std::optional<SmallVector<int64_t>> joint = broadcastShapes(draw.shape, *shape);
    if (!joint || *joint != *shape)
      return emitError(draw.loc) << "arguments of shape " << proc::spellShape(draw.shape)
                                 << " do not fit the size " << proc::spellShape(*shape);
    draw.shape = *shape;
  }
  return success();
}

/// Brings all arguments to the shape of the draw.
void Typer::broadcastArguments(Draw &draw) {
  for (Value &value : draw.values)
    value = emit.broadcast(draw.loc, value, draw.shape);
}

//===--- Bits ---===//

/// What a draw is keyed by beside its stream: seed, instance and step, and the counters of the
/// loops that run around it.
SmallVector<Value> Typer::randomKeys(const Draw &draw) {
  auto scalar = emit.tensor({}, emit.intType());
  SmallVector<Value> keys{proc::SeedOp::create(emit.builder, draw.loc, scalar),
                          proc::InstanceKeyOp::create(emit.builder, draw.loc, scalar),
                          proc::TimeStepOp::create(emit.builder, draw.loc, scalar)};
  SmallVector<Value> counters; // innermost first
  for (Operation *op = emit.builder.getInsertionBlock()->getParentOp(); op; op = op->getParentOp())
    if (auto loop = dyn_cast<scf::ForOp>(op))
      counters.push_back(loop.getInductionVar());
  llvm::append_range(keys, llvm::reverse(counters));
  return keys;
}

/// The stream of the next draw: its number within the code, so a call that is typed again (in a
/// loop that is unrolled, or a function) draws other numbers.
int64_t Typer::nextStream() { return keyOfText(drawsOf + "." + std::to_string(draws++)); }

/// 64 random bits for each element.
Value Typer::randomBits(const Draw &draw) {
  SmallVector<Value> keys = randomKeys(draw);
  return emit.make<num::RandomBitsOp>(draw.loc, emit.tensor(draw.shape, emit.intType()),
                                      nextStream(), keys);
}

/// Numbers of 53 bits from 0 to 1, which is excluded.
Value Typer::unitNumbers(const Draw &draw) {
  Location loc = draw.loc;
  auto all = [&](Value number) { return emit.broadcast(loc, number, draw.shape); };
  Value bits = emit.make<num::ShiftOp>(loc, randomBits(draw), all(emit.constantInt(loc, -11)));
  bits = emit.make<arith::AndIOp>(loc, bits, all(emit.constantInt(loc, (int64_t(1) << 53) - 1)));
  Value number = emit.toElement(loc, bits, emit.doubleType());
  return emit.make<arith::MulFOp>(loc, number, all(emit.constantFloat(loc, 0x1p-53)));
}

//===--- Distributions ---===//

Value Typer::drawUniform(const Draw &draw) {
  Value low = draw.values[0], high = draw.values[1];
  Value width = emit.make<arith::SubFOp>(draw.loc, high, low);
  Value part = emit.make<arith::MulFOp>(draw.loc, width, unitNumbers(draw));
  return emit.make<arith::AddFOp>(draw.loc, low, part);
}

/// Box and Muller: sqrt(-2 log(1 - u)) cos(2 pi v), where 1 - u is above 0.
Value Typer::drawNormal(const Draw &draw) {
  Location loc = draw.loc;
  auto all = [&](double number) {
    return emit.broadcast(loc, emit.constantFloat(loc, number), draw.shape);
  };
  Value u = emit.make<arith::SubFOp>(loc, all(1), unitNumbers(draw));
  Value square = emit.make<arith::MulFOp>(loc, emit.make<num::LogOp>(loc, u), all(-2));
  Value radius = emit.make<num::SqrtOp>(loc, square);
  Value angle = emit.make<arith::MulFOp>(loc, unitNumbers(draw), all(2 * M_PI));
  Value standard = emit.make<arith::MulFOp>(loc, radius, emit.make<num::CosOp>(loc, angle));
  Value deviation = emit.make<arith::MulFOp>(loc, draw.values[1], standard);
  return emit.make<arith::AddFOp>(loc, draw.values[0], deviation);
}

/// floor(b * range / 2^63) with 63 random bits b: the chance of a number is off by less than 2^-63.
Value Typer::drawIntegers(const Draw &draw) {
  Location loc = draw.loc;
  auto all = [&](int64_t number) {
    return emit.broadcast(loc, emit.constantInt(loc, number), draw.shape);
  };
  Value low = draw.values[0], high = draw.values[1];
  Value range = emit.make<arith::SubIOp>(loc, high, low);
  range = emit.make<arith::MaxSIOp>(loc, range, all(0)); // of an empty range its low end
  Value bits = emit.make<arith::AndIOp>(loc, randomBits(draw), all(INT64_MAX));
  Value offset = emit.make<num::MulShrOp>(loc, bits, range, all(63));
  return emit.make<arith::AddIOp>(loc, low, offset);
}

Value Typer::drawPoisson(const Draw &draw) {
  auto numbers = emit.tensor(draw.shape, emit.builder.getI32Type());
  Value drawn = emit.make<num::RandomPoissonOp>(draw.loc, numbers, draw.values[0], nextStream(),
                                                randomKeys(draw));
  return emit.make<arith::ExtSIOp>(draw.loc, emit.tensor(draw.shape, emit.intType()), drawn);
}

/// Refuses ranges of `integers` that are known to be empty, or too wide for the arithmetic.
static LogicalResult checkRange(Emitter &emit, Location loc, Value low, Value high) {
  Value isEmpty = emit.make<arith::CmpIOp>(loc, arith::CmpIPredicate::sge, low, high);
  Value width = emit.make<arith::SubIOp>(loc, high, low);
  std::optional<DenseElementsAttr> empty = constantOf(isEmpty), widths = constantOf(width);
  if (!empty || !widths)
    return success();
  if (llvm::is_contained(empty->getValues<bool>(), true))
    return emitError(loc, "'random.integers' has nothing to draw from: 'high', which is excluded, "
                          "must be above 'low'");
  for (const llvm::APInt &element : widths->getValues<llvm::APInt>())
    if (element.isNegative())
      return emitError(loc, "'random.integers' draws from less than 2^63 numbers");
  return success();
}

FailureOr<Typed> Typer::typeRandom(const CallExpr &call, const MemberExpr &callee) {
  StringRef name = callee.getMember();
  const auto *known =
      llvm::find_if(distributions(), [&](const Distribution &each) { return each.name == name; });
  if (known == distributions().end())
    return emitError(callee.getMemberLoc())
           << "'random' has no '" << name << "'; it has 'uniform', 'normal', 'integers' and "
           << "'poisson'"
           << didYouMean(name, llvm::map_to_vector(distributions(), [](const Distribution &each) {
                           return StringRef(each.name);
                         }));
  if (failed(requireDraws(call.getLoc())))
    return failure();
  Draw draw{*known, ("random." + name).str(), call.getLoc(), {}, {}};
  FailureOr<Arguments> args = typeArguments(call, draw.name, false);
  SmallVector<StringRef> keywords{"size"};
  for (const Parameter &parameter : known->parameters)
    keywords.push_back(parameter.name);
  if (failed(args) || failed(expectArguments(*args, 0, keywords.size(), keywords)))
    return failure();
  FailureOr<proc::SparseAttr> sparse = takeEntries(*args);
  if (failed(sparse) || failed(bindDraw(draw, *args)) || failed(shapeOfDraw(draw, *args)))
    return failure();
  if (name != "poisson" || cast<ShapedType>(draw.values[0].getType()).getRank() != 0)
    broadcastArguments(draw);
  if (name == "integers" && failed(checkRange(emit, draw.loc, draw.values[0], draw.values[1])))
    return failure();
  Value value = name == "uniform"    ? drawUniform(draw)
                : name == "normal"   ? drawNormal(draw)
                : name == "integers" ? drawIntegers(draw)
                                     : drawPoisson(draw);
  return Typed{value, {}, false, *sparse};
}

} // namespace basalt::frontend
