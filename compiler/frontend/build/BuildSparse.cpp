// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sparse Vars: from the matrix that is given to its stored entries, and the two Vars that say where
// those are. How many there are is a part of the process type; where they are is not.
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/typing/Emitter.h"
#include "dialect/proc/PassedOn.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt::frontend {

std::string Builder::offsetsName(StringRef var) { return (var + ".offsets").str(); }
std::string Builder::targetsName(StringRef var) { return (var + ".targets").str(); }

//===--- Elements of matrices ---===//

namespace {
/// Where the entries of a matrix of `sources` columns are, source by source.
struct Entries {
  int64_t sources;
  SmallVector<int64_t> offsets{0};
  SmallVector<int32_t> targets;

  /// Row-major positions in a tensor of that shape, which broadcasts to the matrix.
  SmallVector<int64_t> positions(ArrayRef<int64_t> shape) const {
    int64_t columns = shape.empty() ? 1 : shape.back(), rows = shape.size() < 2 ? 1 : shape[0];
    SmallVector<int64_t> result;
    result.reserve(targets.size());
    for (int64_t source = 0; source < sources; ++source)
      for (int64_t entry = offsets[source]; entry < offsets[source + 1]; ++entry)
        result.push_back((rows == 1 ? 0 : targets[entry] * columns) + (columns == 1 ? 0 : source));
    return result;
  }
};
} // namespace

template <typename ElementT>
static Entries findNonzeros(DenseElementsAttr matrix, ArrayRef<int64_t> shape) {
  Entries entries{shape[1], {0}, {}};
  auto elements = matrix.value_begin<ElementT>();
  for (int64_t source = 0; source < shape[1]; ++source) {
    for (int64_t target = 0; target < shape[0]; ++target)
      if (!(*(elements + (target * shape[1] + source))).isZero())
        entries.targets.push_back(static_cast<int32_t>(target));
    entries.offsets.push_back(static_cast<int64_t>(entries.targets.size()));
  }
  return entries;
}

/// All places of a matrix.
static Entries everywhere(ArrayRef<int64_t> shape) {
  Entries entries{shape[1], {0}, {}};
  for (int64_t source = 0; source < shape[1]; ++source) {
    for (int64_t target = 0; target < shape[0]; ++target)
      entries.targets.push_back(static_cast<int32_t>(target));
    entries.offsets.push_back(static_cast<int64_t>(entries.targets.size()));
  }
  return entries;
}

static bool holdsFloats(DenseElementsAttr matrix) {
  return isa<FloatType>(matrix.getType().getElementType());
}

/// All elements are one number other than zero.
static bool isFull(DenseElementsAttr matrix) {
  if (!matrix.isSplat())
    return false;
  return holdsFloats(matrix) ? !matrix.getSplatValue<APFloat>().isZero()
                             : !matrix.getSplatValue<APInt>().isZero();
}

/// Where the elements of a matrix, or a scalar in its place, are not zero.
static Entries findNonzeros(DenseElementsAttr matrix, ArrayRef<int64_t> shape) {
  if (isFull(matrix))
    return everywhere(shape);
  if (matrix.isSplat())
    return {shape[1], SmallVector<int64_t>(shape[1] + 1, 0), {}};
  return holdsFloats(matrix) ? findNonzeros<APFloat>(matrix, shape)
                             : findNonzeros<APInt>(matrix, shape);
}

template <typename ElementT>
static DenseElementsAttr pick(DenseElementsAttr matrix, ArrayRef<int64_t> positions) {
  SmallVector<ElementT> picked;
  picked.reserve(positions.size());
  auto elements = matrix.value_begin<ElementT>();
  for (int64_t position : positions)
    picked.push_back(*(elements + position));
  auto type = RankedTensorType::get({static_cast<int64_t>(positions.size())},
                                    matrix.getType().getElementType());
  return DenseElementsAttr::get(type, ArrayRef<ElementT>(picked));
}

/// The elements at the entries of a tensor that broadcasts to their matrix.
static DenseElementsAttr pick(DenseElementsAttr matrix, const Entries &entries) {
  Type element = matrix.getType().getElementType();
  auto count = static_cast<int64_t>(entries.targets.size());
  if (matrix.isSplat() && count > 0)
    return DenseElementsAttr::get(RankedTensorType::get({count}, element),
                                  matrix.getSplatValue<Attribute>());
  return pickElements(matrix, entries.positions(matrix.getType().getShape()));
}

DenseElementsAttr pickElements(DenseElementsAttr values, ArrayRef<int64_t> positions) {
  return holdsFloats(values) ? pick<APFloat>(values, positions) : pick<APInt>(values, positions);
}

//===--- Values ---===//

/// The shape of a sparse Var that is given one number for all its entries.
FailureOr<SmallVector<int64_t>> Builder::shapeWithoutMatrix(Use &use, const ValueDecl &decl,
                                                            Location loc) {
  SmallVector<int64_t> shape;
  for (const behaviour::Expr *expr : *decl.shape) {
    const auto *name = dyn_cast<behaviour::NameExpr>(expr);
    if (name && !use.env->contains(name->getName()))
      return emitError(loc) << "the sparse Var '" << decl.name << "' of '" << use.path
                            << "' needs a matrix as its value, or a rule with a 'shape', since "
                               "neither a value nor a connection says what '"
                            << name->getName() << "' is";
    if (failed(use.env->appendExtents(*expr, shape)))
      return failure();
  }
  return shape;
}

/// Keeps what is not zero, and defines where that was as constants of the scope.
FailureOr<Constant> Builder::makePattern(Use &use, const ValueDecl &decl, const Constant &value) {
  SmallVector<int64_t> shape(value.shape());
  if (shape.empty()) {
    FailureOr<SmallVector<int64_t>> declared = shapeWithoutMatrix(use, decl, value.loc);
    if (failed(declared) || failed(checkShape(value.loc, *declared)))
      return failure();
    shape = *declared;
  }
  if (shape.size() != 2) {
    InFlightDiagnostic diagnostic = emitError(value.loc)
                                    << "the sparse Var '" << decl.name << "' of '" << use.path
                                    << "' is a matrix of targets and sources, found the shape "
                                    << proc::spellShape(shape);
    diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
    return diagnostic;
  }
  // What is not one number for all has been read, so it fits in memory.
  if (isFull(value.elements()) && shape[0] * shape[1] > maxEntries)
    return emitError(value.loc) << "the sparse Var '" << decl.name << "' of '" << use.path
                                << "' would have " << shape[0] * shape[1] << " entries; at most "
                                << maxEntries << " are possible";
  Entries entries = findNonzeros(value.elements(), shape);
  auto count = static_cast<int64_t>(entries.targets.size());
  auto offsets =
      DenseElementsAttr::get(RankedTensorType::get({shape[1] + 1}, IntegerType::get(context, 64)),
                             ArrayRef<int64_t>(entries.offsets));
  auto targets =
      DenseElementsAttr::get(RankedTensorType::get({count}, IntegerType::get(context, 32)),
                             ArrayRef<int32_t>(entries.targets));
  use.env->define(offsetsName(decl.name), Constant{offsets, value.loc, false});
  use.env->define(targetsName(decl.name), Constant{targets, value.loc, false});
  return Constant{pick(value.elements(), entries), value.loc, value.isWeak,
                  sparseAttr(decl, shape)};
}

/// Of a matrix, what stands at the entries of another one.
FailureOr<Constant> Builder::atEntries(Use &use, const ValueDecl &decl, const ValueDecl &pattern,
                                       const Constant &value) {
  bool isOne = value.shape().empty() && !value.drawn;
  if (isOne || !use.env->contains(pattern.name))
    return value;
  FailureOr<Constant> other = use.env->get(pattern.name, decl.loc);
  if (failed(other))
    return failure();
  if (other->drawn || value.drawn)
    return atSynapses(use, decl, pattern, value, *other);
  if (use.listed.contains(pattern.name))
    return atListed(use, decl, pattern, value);
  std::optional<SmallVector<int64_t>> joint = broadcastShapes(value.shape(), other->shape());
  if (!joint || ArrayRef(*joint) != other->shape()) {
    InFlightDiagnostic diagnostic =
        emitError(value.loc) << "'" << decl.name << "' of '" << use.path
                             << "' has a value for each stored entry of '" << pattern.name
                             << "', which is " << proc::spellShape(other->shape())
                             << ", but the value has shape " << proc::spellShape(value.shape());
    diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
    return diagnostic;
  }
  Entries entries{other->shape()[1], {}, {}};
  DenseElementsAttr offsets = use.env->get(offsetsName(pattern.name), decl.loc)->elements(),
                    targets = use.env->get(targetsName(pattern.name), decl.loc)->elements();
  llvm::append_range(entries.offsets, offsets.getValues<int64_t>());
  llvm::append_range(entries.targets, targets.getValues<int32_t>());
  return Constant{pick(value.elements(), entries), value.loc, value.isWeak, other->sparse};
}

FailureOr<Constant> Builder::storedEntries(Use &use, const ValueDecl &decl,
                                           FailureOr<Constant> value) {
  const ValueDecl *pattern = use.cls->findPattern(decl);
  if (failed(value) || value->isString())
    return value;
  if (!pattern && value->drawn)
    return emitError(value->loc) << "the values for '" << decl.name << "' of '" << use.path
                                 << "' are drawn when a run starts, for the synapses of a rule; "
                                    "they can only be passed on to a sparse Var";
  if (!pattern)
    return value;
  if (pattern == &decl && value->sparse && !value->drawn) // it has been listed
    return value;
  if (pattern == &decl && value->drawn)
    return placeByRule(use, decl, *value);
  return pattern == &decl ? makePattern(use, decl, *value) : atEntries(use, decl, *pattern, *value);
}

//===--- Types and Vars ---===//

proc::SparseAttr Builder::sparseAttr(const ValueDecl &var, ArrayRef<int64_t> shape,
                                     bool isCapacity) {
  return proc::SparseAttr::get(context, shape,
                               FlatSymbolRefAttr::get(context, offsetsName(var.name)),
                               FlatSymbolRefAttr::get(context, targetsName(var.name)), isCapacity);
}

/// Vars of processes that are hierarchical in all models have no storage; from outside they are
/// their matrix.
bool Builder::storesEntries(Use &use, const ValueDecl &decl) {
  return use.cls->findPattern(decl) && hasStorage(*use.cls) && use.env->contains(decl.name);
}

/// The type of a Var that stores entries, and with it which they are.
FailureOr<Type> Builder::sparseType(Use &use, const ValueDecl &decl, proc::SparseAttr &sparse) {
  const ValueDecl &pattern = *use.cls->findPattern(decl);
  FailureOr<Constant> value = use.env->get(pattern.name, use.loc);
  if (failed(value))
    return failure();
  sparse = value->sparse;
  SmallVector<int64_t> declared;
  for (const behaviour::Expr *expr : *pattern.shape)
    if (failed(use.env->appendExtents(*expr, declared)))
      return failure();
  if (ArrayRef(declared) != sparse.getShape())
    return emitError(value->loc) << "'" << pattern.name << "' of '" << use.path << "' has shape "
                                 << proc::spellShape(declared) << ", but the value has shape "
                                 << proc::spellShape(sparse.getShape());
  ArrayAttr names;
  return declaredType(use, decl.typeName, std::nullopt, value->elements().getType().getShape(),
                      names);
}

void Builder::buildPattern(Use &use, OpBuilder &builder, const ValueDecl &decl) {
  auto declare = [&](const std::string &name, unsigned width) {
    ArrayRef<int64_t> shape = use.env->get(name, decl.loc)->shape();
    auto type = RankedTensorType::get(shape, IntegerType::get(context, width, IntegerType::Signed));
    proc::VarOp::create(builder, decl.loc, builder.getStringAttr(name), TypeAttr::get(type),
                        ElementsAttr(), builder.getUnitAttr(), ArrayAttr(), proc::LimitsAttr(),
                        proc::SparseAttr());
  };
  declare(offsetsName(decl.name), 64);
  declare(targetsName(decl.name), 32);
}

/// `elements` are those of `value`, perhaps converted.
void Builder::addValue(proc::InstanceOp instance, StringRef name, const Constant &value,
                       ElementsAttr elements, bool isPassedOn) {
  if (instance.getValues().empty())
    instance.getValues().emplaceBlock();
  OpBuilder builder = OpBuilder::atBlockEnd(&instance.getValues().front());
  bool isConstant = !value.drawn || value.drawn.getKind() == proc::DistributionKind::Constant;
  auto op = proc::ValueOp::create(builder, value.loc, FlatSymbolRefAttr::get(context, name),
                                  elements, value.drawn ? proc::RuleAttr() : value.rule,
                                  isConstant ? proc::DistributionAttr() : value.drawn);
  if (isPassedOn)
    op->setAttr(proc::kPassedOn, UnitAttr::get(context));
}

/// Where the entries of an instance's sparse Vars are.
void Builder::buildPatternValues(Use &use, proc::InstanceOp instance) {
  for (const ValueDecl &decl : use.cls->values)
    if (decl.isSparse && storesEntries(use, decl))
      for (const std::string &name : {offsetsName(decl.name), targetsName(decl.name)}) {
        FailureOr<Constant> value = use.env->get(name, decl.loc);
        addValue(instance, name, *value, value->elements(), isHierarchical(*use.cls));
      }
}

} // namespace basalt::frontend
