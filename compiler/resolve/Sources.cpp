// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Virtual ports: what is behind them, and which shape it has there.
#include "compiler/resolve/Sources.h"

using namespace mlir;

namespace basalt {

/// Adds the origins of `ref`; `through` are the virtual ports from the connection to it.
static LogicalResult collect(Operation *scope, SymbolRefAttr ref, SymbolTableCollection &tables,
                             SmallVectorImpl<std::pair<proc::VirtualPortOp, unsigned>> &through,
                             SmallVectorImpl<Origin> &origins) {
  proc::End end = proc::lookupEnd(scope, ref, &tables);
  auto port = dyn_cast_or_null<proc::VirtualPortOp>(end.member);
  if (!port) {
    origins.push_back({ref, end, llvm::to_vector(llvm::reverse(through))});
    return success();
  }
  if (llvm::is_contained(llvm::make_first_range(through), port))
    return port.emitError() << "virtual port '" << port.getSymName() << "' is behind itself";
  for (auto [index, source] : llvm::enumerate(port.getSources().getAsRange<SymbolRefAttr>())) {
    through.push_back({port, index});
    if (failed(collect(scope, source, tables, through, origins)))
      return failure();
    through.pop_back();
  }
  return success();
}

FailureOr<SmallVector<Origin>> originsOf(Operation *scope, SymbolRefAttr ref,
                                         SymbolTableCollection &tables) {
  SmallVector<Origin> origins;
  SmallVector<std::pair<proc::VirtualPortOp, unsigned>> through;
  if (failed(collect(scope, ref, tables, through, origins)))
    return failure();
  return origins;
}

proc::PartialShape partialShape(Type declared) {
  auto ranked = dyn_cast_or_null<RankedTensorType>(declared);
  if (!ranked)
    return std::nullopt;
  return SmallVector<int64_t>(ranked.getShape());
}

FailureOr<proc::PartialShape> SourceShapes::of(SymbolRefAttr ref) {
  proc::End end = proc::lookupEnd(scope, ref, &tables);
  if (auto port = dyn_cast_or_null<proc::VirtualPortOp>(end.member))
    return ofVirtual(port);
  return partialShape(typeOf(end));
}

FailureOr<proc::PartialShape> SourceShapes::ofVirtual(proc::VirtualPortOp port) {
  SmallVector<proc::PartialShape> sources;
  for (auto source : port.getSources().getAsRange<SymbolRefAttr>()) {
    FailureOr<proc::PartialShape> shape = of(source);
    if (failed(shape))
      return failure();
    sources.push_back(*shape);
  }
  auto complain = [&](const Twine &text) {
    if (report)
      port.emitError(text);
  };
  if (auto concat = dyn_cast<proc::ConcatAttr>(port.getTransform()))
    return proc::concatShape(concat.getAxis(), sources, complain);
  return proc::transformShape(port.getTransform(), sources.front(), complain);
}

FailureOr<proc::PartialShape> SourceShapes::of(proc::ConnectOp connect) {
  FailureOr<proc::PartialShape> shape = of(connect.getSourceAttr());
  if (failed(shape) || !connect.getVia())
    return shape;
  for (Attribute transform : connect.getViaAttr()) {
    shape = proc::transformShape(transform, *shape, [&](const Twine &text) {
      if (report)
        connect.emitError(text);
    });
    if (failed(shape))
      return failure();
  }
  return shape;
}

} // namespace basalt
