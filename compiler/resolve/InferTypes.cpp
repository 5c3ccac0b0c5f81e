// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// infer-types: type names and unknown extents from given values and connections; see Passes.td.
#include "compiler/frontend/TypeBehaviours.h"
#include "compiler/frontend/typing/Names.h"
#include "compiler/resolve/Fit.h"
#include "compiler/resolve/InferenceState.h"
#include "compiler/resolve/InitialValues.h"
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Specialise.h"
#include "dialect/num/Num.h"
#include "dialect/proc/Rules.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_INFERTYPES
#include "compiler/resolve/Passes.h.inc"

namespace {

/// Which values bind names, in the order in which they are asked.
enum class Binder { GivenTensor, GivenScalar, Declared };

/// Lets types and extents travel through the tree of instances.
class Inference {
public:
  explicit Inference(InstanceNode &root) { collect(root); }

  void run();
  LogicalResult check();
  const InferenceState &result() const { return state; }

private:
  void collect(InstanceNode &node);
  void bindFromChildren();
  void bindFromValues(Binder binder);
  void bindFromValues(InstanceNode &node, Binder binder);
  void propagate();
  bool propagate(InstanceNode &node, proc::ConnectOp connect);
  bool propagate(InstanceNode &node, proc::AliasOp alias);
  bool learn(InstanceNode &node, const proc::End &end, Type element,
             const proc::PartialShape &shape, Location loc);
  LogicalResult check(InstanceNode &node, proc::ConnectOp connect);
  LogicalResult check(InstanceNode &node, proc::AliasOp alias);
  Type typeOf(InstanceNode &node, const proc::End &end);
  InstanceNode &nodeOf(InstanceNode &node, const proc::End &end);

  InferenceState state;
  SymbolTableCollection tables;
  /// Instances and connections (or aliases) that something is not known of, with the node whose
  /// scope they stand in.
  SmallVector<InstanceNode *> openNodes;
  SmallVector<std::pair<InstanceNode *, Operation *>> openLinks;
};

struct InferTypesPass : impl::InferTypesBase<InferTypesPass> {
  void runOnOperation() override;

private:
  LogicalResult infer();
  LogicalResult convertValues();
  LogicalResult typeCode();
};

} // namespace

/// Of a connection or an alias.
static std::pair<SymbolRefAttr, SymbolRefAttr> endsOf(Operation *link) {
  if (auto connect = dyn_cast<proc::ConnectOp>(link))
    return {connect.getSourceAttr(), connect.getTargetAttr()};
  auto alias = cast<proc::AliasOp>(link);
  return {alias.getAliasAttr(), alias.getTargetAttr()};
}

//===--- What is open ---===//

static bool endsOpen(Operation *scope, ArrayRef<SymbolRefAttr> refs,
                     SymbolTableCollection &tables) {
  for (SymbolRefAttr ref : refs) {
    FailureOr<SmallVector<Origin>> origins = originsOf(scope, ref, tables);
    if (failed(origins))
      return false; // reported
    for (const Origin &origin : *origins)
      if (Type type = proc::declaredType(origin.end.member);
          type && (!proc::isConcrete(type) || origin.end.member->hasAttr("shape_names")))
        return true;
  }
  return false;
}

void Inference::collect(InstanceNode &node) {
  if (node.process && isOpen(node.process))
    openNodes.push_back(&node);
  if (node.isLeaf())
    return;
  for (Operation &op : bodyOf(node.scope)) {
    if (!isa<proc::ConnectOp>(op) && !(isa<proc::AliasOp>(op) && isa<proc::ModelOp>(node.scope)))
      continue;
    auto [a, b] = endsOf(&op);
    if (endsOpen(node.scope, {a, b}, tables))
      openLinks.push_back({&node, &op});
  }
  for (const auto &child : node.children)
    collect(*child);
}

InstanceNode &Inference::nodeOf(InstanceNode &node, const proc::End &end) {
  proc::InstanceOp instance = end.instance;
  return instance ? *node.child(instance.getSymName()) : node;
}

Type Inference::typeOf(InstanceNode &node, const proc::End &end) {
  Type type = state.typeOf(nodeOf(node, end), end.member);
  return type ? proc::outsideType(end.member, type) : NoneType::get(end.member->getContext());
}

//===--- Values ---===//

/// Whether integers that are drawn are known not to fit i32.
static bool exceeds32Bits(proc::DistributionAttr drawn) {
  proc::LimitsAttr support = proc::supportOf(drawn);
  return llvm::any_of(ArrayRef{support.getLow(), support.getHigh()}, [](Attribute bound) {
    auto integer = dyn_cast_or_null<IntegerAttr>(bound);
    return integer && integer.getValue().getSignificantBits() > 32;
  });
}

/// The type that a literal has: i32, or i64 if it does not fit.
static Type literalType(ElementsAttr value, proc::DistributionAttr drawn) {
  Type element = value.getElementType();
  MLIRContext *context = value.getContext();
  if (isa<FloatType>(element))
    return Float64Type::get(context);
  if (element.isInteger(1))
    return element;
  auto isSmall = [](const APInt &n) { return n.getSignificantBits() <= 32; };
  bool fits = drawn             ? !exceeds32Bits(drawn)
              : value.isSplat() ? isSmall(value.getSplatValue<APInt>())
                                : llvm::all_of(value.getValues<APInt>(), isSmall);
  return IntegerType::get(context, fits ? 32 : 64, IntegerType::Signed);
}

/// The type of two values that share a type name.
static Type widerType(Type a, Type b) {
  if (!a || isa<FloatType>(b) || a.isInteger(1))
    return b;
  if (isa<FloatType>(a) || b.isInteger(1))
    return a;
  return a.getIntOrFloatBitWidth() >= b.getIntOrFloatBitWidth() ? a : b;
}

void Inference::bindFromValues(InstanceNode &node, Binder binder) {
  SmallVector<std::tuple<proc::VarOp, ElementsAttr, proc::DistributionAttr, Location>> values;
  if (binder == Binder::Declared) {
    for (auto var : node.process.getBody().getOps<proc::VarOp>())
      if (var.getInit())
        values.push_back({var, *var.getInit(), {}, var.getLoc()});
  } else {
    for (auto given : node.instance.getValues().getOps<proc::ValueOp>())
      values.push_back(
          {cast<proc::VarOp>(proc::lookupMember(node.process, given.getVar(), &tables)),
           given.getValue(), given.getDistributionAttr(), given.getLoc()});
  }
  llvm::MapVector<StringAttr, Type> elements;
  for (auto &[var, value, drawn, loc] : values)
    if (auto named = dyn_cast<proc::NamedType>(getElementTypeOrSelf(var.getType()))) {
      Type &type = elements[StringAttr::get(var.getContext(), named.getName())];
      type = widerType(type, literalType(value, drawn));
    }
  for (auto &[var, value, drawn, loc] : values) {
    // A scalar goes to every element, so it says little about the shape.
    bool scalar = value.getShapedType().getRank() == 0;
    proc::PartialShape shape;
    if (!scalar || binder != Binder::GivenTensor)
      shape = llvm::to_vector(value.getShapedType().getShape());
    auto named = dyn_cast<proc::NamedType>(getElementTypeOrSelf(var.getType()));
    Type element = named ? elements[StringAttr::get(var.getContext(), named.getName())] : Type();
    state.learn(node, var, element, shape, loc);
  }
}

void Inference::bindFromValues(Binder binder) {
  for (InstanceNode *node : openNodes)
    bindFromValues(*node, binder);
}

//===--- Connections ---===//

bool Inference::learn(InstanceNode &node, const proc::End &end, Type element,
                      const proc::PartialShape &shape, Location loc) {
  return state.learn(nodeOf(node, end), end.member, element, shape, loc);
}

bool Inference::propagate(InstanceNode &node, proc::ConnectOp connect) {
  Operation *scope = node.scope;
  FailureOr<SmallVector<Origin>> origins = originsOf(scope, connect.getSourceAttr(), tables);
  proc::End target = proc::lookupEnd(scope, connect.getTargetAttr(), &tables);
  auto types = [&](const proc::End &end) { return typeOf(node, end); };
  FailureOr<proc::PartialShape> shape =
      SourceShapes(scope, types, tables, /*report=*/false).of(connect);
  if (failed(origins) || failed(shape))
    return false; // reported by check()
  Location loc = connect.getLoc();
  bool news = false;
  for (const Origin &origin : *origins)
    news |= learn(node, target, getElementTypeOrSelf(types(origin.end)), *shape, loc);
  Type to = types(target);
  proc::PartialShape before = partialShape(to);
  for (Attribute transform : llvm::reverse(connect.getViaAttr() ? connect.getViaAttr().getValue()
                                                                : ArrayRef<Attribute>()))
    before = proc::shapeBefore(transform, before);
  for (const Origin &origin : *origins) {
    proc::PartialShape own = before;
    for (auto [port, index] : llvm::reverse(origin.through))
      own = proc::shapeBefore(port.getTransform(), own);
    news |= learn(node, origin.end, getElementTypeOrSelf(to), own, loc);
  }
  return news;
}

bool Inference::propagate(InstanceNode &node, proc::AliasOp alias) {
  proc::End outer = proc::lookupEnd(node.scope, alias.getAliasAttr(), &tables),
            inner = proc::lookupEnd(node.scope, alias.getTargetAttr(), &tables);
  bool news = false;
  Type type = typeOf(node, inner);
  news |= learn(node, outer, getElementTypeOrSelf(type), partialShape(type), alias.getLoc());
  type = typeOf(node, outer);
  news |= learn(node, inner, getElementTypeOrSelf(type), partialShape(type), alias.getLoc());
  return news;
}

/// The types of a hierarchical process are those that the models of its children say, before
/// anything that comes from outside: of their Vars first, then of their ports.
void Inference::bindFromChildren() {
  auto learnOwn = [&](InstanceNode &node, SymbolRefAttr own, SymbolRefAttr other, Location loc) {
    proc::End end = proc::lookupEnd(node.scope, own, &tables);
    proc::End inner = proc::lookupEnd(node.scope, other, &tables);
    return node.process && !end.instance && inner.instance &&
           learn(node, end, getElementTypeOrSelf(typeOf(node, inner)), std::nullopt, loc);
  };
  auto learnFrom = [&](auto isWanted) {
    bool news = false;
    for (auto [node, op] : llvm::reverse(openLinks)) // inner processes come behind outer ones
      if (auto [a, b] = endsOf(op); isWanted(op)) {
        news |= learnOwn(*node, a, b, op->getLoc());
        news |= learnOwn(*node, b, a, op->getLoc());
      }
    return news;
  };
  while (learnFrom(llvm::IsaPred<proc::AliasOp>) || learnFrom(llvm::IsaPred<proc::ConnectOp>))
    ;
}

void Inference::propagate() {
  bool forward = true;
  for (bool news = true; news; forward = !forward) {
    news = false;
    auto visit = [&](auto &link) {
      if (auto connect = dyn_cast<proc::ConnectOp>(link.second))
        news |= propagate(*link.first, connect);
      else
        news |= propagate(*link.first, cast<proc::AliasOp>(link.second));
    };
    // Back and forth, so that a long chain needs few rounds whichever way it is written.
    if (forward)
      llvm::for_each(openLinks, visit);
    else
      llvm::for_each(llvm::reverse(openLinks), visit);
  }
}

void Inference::run() {
  // What a declaration itself says of its names.
  for (InstanceNode *node : openNodes)
    for (Operation &member : node->process.getBody().getOps())
      if (member.hasAttr("shape_names"))
        state.learn(*node, &member, {}, partialShape(proc::declaredType(&member)), member.getLoc());
  bindFromChildren();
  for (Binder binder : {Binder::GivenTensor, Binder::GivenScalar, Binder::Declared}) {
    bindFromValues(binder);
    propagate();
  }
}

//===--- Checks ---===//

LogicalResult Inference::check(InstanceNode &node, proc::ConnectOp connect) {
  proc::End target = proc::lookupEnd(node.scope, connect.getTargetAttr(), &tables);
  FailureOr<SmallVector<Origin>> origins = originsOf(node.scope, connect.getSourceAttr(), tables);
  if (failed(origins))
    return failure();
  auto explain = [&](Diagnostic &error) {
    for (const Origin &origin : *origins)
      state.explain(nodeOf(node, origin.end), origin.end.member, error);
    state.explain(nodeOf(node, target), target.member, error);
  };
  return checkTypes(
      connect, [&](const proc::End &end) { return typeOf(node, end); }, tables, explain);
}

LogicalResult Inference::check(InstanceNode &node, proc::AliasOp alias) {
  proc::End outer = proc::lookupEnd(node.scope, alias.getAliasAttr(), &tables),
            inner = proc::lookupEnd(node.scope, alias.getTargetAttr(), &tables);
  Type a = typeOf(node, outer), b = typeOf(node, inner);
  if (a == b || !proc::isConcrete(a) || !proc::isConcrete(b))
    return success();
  InFlightDiagnostic error = alias.emitError()
                             << "alias '" << proc::spell(alias.getAliasAttr()) << "' is "
                             << proc::spellType(a) << ", but '"
                             << proc::spell(alias.getTargetAttr()) << "' is " << proc::spellType(b);
  state.explain(nodeOf(node, outer), outer.member, *error.getUnderlyingDiagnostic());
  state.explain(nodeOf(node, inner), inner.member, *error.getUnderlyingDiagnostic());
  return error;
}

LogicalResult Inference::check() {
  bool ok = true;
  for (auto [node, op] : openLinks) {
    if (auto connect = dyn_cast<proc::ConnectOp>(op))
      ok &= succeeded(check(*node, connect));
    else
      ok &= succeeded(check(*node, cast<proc::AliasOp>(op)));
  }
  if (!ok)
    return failure(); // a name that is not bound may be so because of this
  for (InstanceNode *node : openNodes)
    for (Operation &member : node->process.getBody().getOps()) {
      Type type = member.hasAttr("type") ? state.typeOf(*node, &member) : Type();
      if (!type || proc::isConcrete(type))
        continue;
      ok = false;
      state.reportUnbound(*node, &member);
    }
  return success(ok);
}

//===--- Pass ---===//

LogicalResult InferTypesPass::infer() {
  ModuleOp module = getOperation();
  proc::NetworkOp network = rootNetwork(module);
  if (!network || llvm::none_of(module.getOps<proc::ProcessOp>(), isOpen))
    return success();
  if (failed(checkRecursion(module)))
    return failure();
  std::unique_ptr<InstanceNode> root = buildInstanceTree(network);
  Inference inference(*root);
  inference.run();
  if (failed(inference.check()))
    return failure();
  specialise(module, *root, inference.result());
  return success();
}

LogicalResult InferTypesPass::convertValues() {
  bool ok = true;
  for (auto process : getOperation().getOps<proc::ProcessOp>())
    ok &= succeeded(convertDeclaredValues(process));
  for (Operation *scope : scopesOf(getOperation()))
    for (auto instance : bodyOf(scope).getOps<proc::InstanceOp>())
      ok &= succeeded(convertGivenValues(instance));
  return success(ok);
}

LogicalResult InferTypesPass::typeCode() {
  llvm::DenseMap<StringAttr, Location> instances; // the first one of each process
  getOperation().walk([&](proc::InstanceOp instance) {
    instances.try_emplace(instance.getProcessAttr().getAttr(), instance.getLoc());
  });
  bool ok = true;
  for (auto process : llvm::to_vector(getOperation().getOps<proc::ProcessOp>())) {
    auto instance = instances.find(process.getSymNameAttr());
    ScopedDiagnosticHandler addInstance(&getContext(), [&](Diagnostic &diagnostic) {
      if (instance != instances.end())
        frontend::noteInstance(diagnostic, instance->second);
      return failure(); // not handled yet
    });
    ok &= succeeded(frontend::typeBehaviours(process));
  }
  return success(ok);
}

void InferTypesPass::runOnOperation() {
  if (failed(infer()) || failed(convertValues()) || failed(typeCode()))
    signalPassFailure();
}

} // namespace basalt
