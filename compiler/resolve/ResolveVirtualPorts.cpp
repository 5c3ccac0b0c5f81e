// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// resolve-virtual-ports: virtual ports become transforms of connections; see Passes.td.
#include "compiler/resolve/Fit.h"
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Scopes.h"
#include "compiler/resolve/Sources.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_RESOLVEVIRTUALPORTS
#include "compiler/resolve/Passes.h.inc"

namespace {

/// Rewrites the connections of one scope.
class ScopeRewrite {
public:
  explicit ScopeRewrite(Operation *scope)
      : scope(scope), shapes(scope, typeOf, tables, /*report=*/true) {}
  LogicalResult run();

private:
  static Type typeOf(const proc::End &end) { return proc::outsideType(end.member); }

  LogicalResult rewrite(proc::ConnectOp connect);
  FailureOr<ArrayAttr> transformsOf(proc::ConnectOp connect, const Origin &origin);
  FailureOr<Attribute> placeOf(proc::VirtualPortOp concat, unsigned index);
  FailureOr<SmallVector<int64_t>> staticShape(SymbolRefAttr ref, Location loc);

  Operation *scope;
  SymbolTableCollection tables;
  SourceShapes shapes;
};

struct ResolveVirtualPortsPass : impl::ResolveVirtualPortsBase<ResolveVirtualPortsPass> {
  void runOnOperation() override {
    for (Operation *scope : scopesOf(getOperation()))
      if (failed(ScopeRewrite(scope).run()))
        return signalPassFailure();
  }
};

} // namespace

LogicalResult ScopeRewrite::run() {
  for (auto connect : llvm::make_early_inc_range(bodyOf(scope).getOps<proc::ConnectOp>()))
    if (failed(rewrite(connect)))
      return failure();
  for (auto port : llvm::make_early_inc_range(bodyOf(scope).getOps<proc::VirtualPortOp>()))
    port.erase();
  return success();
}

/// One connection for each port behind the source, in order.
LogicalResult ScopeRewrite::rewrite(proc::ConnectOp connect) {
  FailureOr<SmallVector<Origin>> origins = originsOf(scope, connect.getSourceAttr(), tables);
  if (failed(origins))
    return failure();
  OpBuilder builder(connect);
  for (const Origin &origin : *origins) {
    FailureOr<ArrayAttr> via = transformsOf(connect, origin);
    if (failed(via))
      return failure();
    if (via->empty() && origin.through.empty() && !connect.getVia())
      return success();
    proc::ConnectOp::create(builder, connect.getLoc(), origin.ref, connect.getTargetAttr(),
                            via->empty() ? ArrayAttr() : *via);
  }
  connect.erase();
  return success();
}

FailureOr<SmallVector<int64_t>> ScopeRewrite::staticShape(SymbolRefAttr ref, Location loc) {
  FailureOr<proc::PartialShape> shape = shapes.of(ref);
  if (failed(shape))
    return failure();
  if (!proc::isStatic(*shape))
    return emitError(loc) << "the shape of '" << proc::spell(ref)
                          << "' is not known; infer-types has to run before";
  return **shape;
}

FailureOr<Attribute> ScopeRewrite::placeOf(proc::VirtualPortOp concat, unsigned index) {
  FailureOr<SmallVector<int64_t>> whole =
      staticShape(FlatSymbolRefAttr::get(concat.getSymNameAttr()), concat.getLoc());
  if (failed(whole))
    return failure();
  int64_t axis = cast<proc::ConcatAttr>(concat.getTransform()).getAxis();
  axis = axis < 0 ? axis + whole->size() : axis;
  SmallVector<int64_t> offsets(whole->size(), 0);
  for (auto source : concat.getSources().getAsRange<SymbolRefAttr>()) {
    if (index-- == 0)
      break;
    FailureOr<SmallVector<int64_t>> before = staticShape(source, concat.getLoc());
    if (failed(before))
      return failure();
    offsets[axis] += (*before)[axis];
  }
  return Attribute(proc::PlaceAttr::get(concat.getContext(), offsets, *whole));
}

/// Whether the transform changes nothing of that shape.
static bool isIdentity(Attribute transform, ArrayRef<int64_t> before, ArrayRef<int64_t> after) {
  if (before != after)
    return false;
  auto transpose = dyn_cast<proc::TransposeAttr>(transform);
  auto slice = dyn_cast<proc::SliceAttr>(transform);
  return (!transpose || llvm::is_sorted(transpose.getPermutation())) &&
         (!slice || llvm::all_of(slice.getStrides(), [](int64_t n) { return n == 1; }));
}

FailureOr<ArrayAttr> ScopeRewrite::transformsOf(proc::ConnectOp connect, const Origin &origin) {
  FailureOr<SmallVector<int64_t>> shape = staticShape(origin.ref, connect.getLoc());
  if (failed(shape))
    return failure();
  SmallVector<Attribute> via;
  auto append = [&](Attribute transform) -> LogicalResult {
    transform = proc::normalise(transform, *shape);
    FailureOr<proc::PartialShape> after = proc::transformShape(
        transform, *shape, [&](const Twine &text) { connect.emitError(text); });
    if (failed(after))
      return failure();
    if (!isIdentity(transform, *shape, **after))
      via.push_back(transform);
    *shape = **after;
    return success();
  };
  for (auto [port, index] : origin.through) {
    FailureOr<Attribute> transform = port.getTransform();
    if (isa<proc::ConcatAttr>(*transform))
      transform = placeOf(port, index);
    if (failed(transform) || failed(append(*transform)))
      return failure();
  }
  for (Attribute transform :
       connect.getViaAttr() ? connect.getViaAttr().getValue() : ArrayRef<Attribute>())
    if (failed(append(transform)))
      return failure();
  proc::End target = proc::lookupEnd(scope, connect.getTargetAttr(), &tables);
  if (proc::PartialShape to = partialShape(typeOf(target));
      reachesOneElement(origin, target, *shape, to) &&
      failed(append(proc::ReshapeAttr::get(connect.getContext(), *to))))
    return failure();
  return ArrayAttr::get(connect.getContext(), via);
}

} // namespace basalt
