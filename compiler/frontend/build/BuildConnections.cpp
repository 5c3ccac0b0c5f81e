// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connections: `source -> destination`, with virtual ports.
#include "compiler/frontend/build/Builder.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Lookup.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace basalt::frontend {

/// Names of the instances of a network, or of the ports and Vars of a process.
static SmallVector<StringRef> namesIn(Operation *table) {
  SmallVector<StringRef> names;
  for (Operation &op : table->getRegion(0).front())
    if (isa<proc::InstanceOp, proc::VarOp, proc::InPortOp, proc::OutPortOp, proc::RefPortOp,
            proc::VarPortOp>(op))
      names.push_back(cast<SymbolOpInterface>(op).getName());
  return names;
}

FailureOr<SymbolRefAttr> Builder::memberRef(Operation *scope, const behaviour::ConnectionEnd &end) {
  Operation *process = nullptr;
  if (end.instance.empty()) {
    auto model = dyn_cast<proc::ModelOp>(scope);
    if (!model)
      return emitError(end.memberLoc)
             << "'" << end.member << "' names no port; expected 'instance.port'";
    process = model->getParentOp();
  } else {
    // All instances are there before the first connection.
    auto name = StringAttr::get(context, end.instance);
    auto instance = dyn_cast_or_null<proc::InstanceOp>(instances.lookupSymbolIn(scope, name));
    if (!instance && broken[scope].contains(end.instance))
      return failure(); // which has been reported
    if (!instance)
      return emitError(end.instanceLoc) << "unknown instance '" << end.instance << "'"
                                        << didYouMean(end.instance, namesIn(scope));
    process = proc::lookupProcess(instance);
  }
  auto type = cast<proc::ProcessOp>(process);
  Operation *member = proc::lookupMember(type, end.member);
  if (member && !isa<proc::ParamOp, proc::ModelOp>(member)) {
    auto name = FlatSymbolRefAttr::get(context, end.member);
    return end.instance.empty() ? SymbolRefAttr(name)
                                : SymbolRefAttr::get(context, end.instance, {name});
  }
  InFlightDiagnostic diagnostic = emitError(end.memberLoc);
  if (isa_and_nonnull<proc::ParamOp>(member)) {
    diagnostic << "'" << end.member << "' is a parameter of '"
               << type.getSourceName().value_or(type.getSymName())
               << "'; only ports and Vars can be connected";
    diagnostic.attachNote(member->getLoc()) << "it is declared here";
    return diagnostic;
  }
  if (end.instance.empty())
    diagnostic << "this process has no port or Var '" << end.member << "'";
  else
    diagnostic << "'" << end.instance << "' (" << type.getSourceName().value_or(type.getSymName())
               << ") has no port or Var '" << end.member << "'";
  diagnostic << didYouMean(end.member, namesIn(process));
  diagnostic.attachNote(type.getLoc()) << "the process is declared here";
  return diagnostic;
}

FailureOr<SmallVector<int64_t>> Builder::constantInts(ArrayRef<const behaviour::Expr *> exprs,
                                                      Environment &env) {
  SmallVector<int64_t> result;
  for (const behaviour::Expr *expr : exprs) {
    FailureOr<Constant> value = env.evaluate(*expr);
    if (failed(value))
      return failure();
    if (!value->isNumber() || !value->elements().getElementType().isInteger(64) ||
        value->shape().size() > 1)
      return emitError(expr->getLoc(), "expected an integer, or a list of integers");
    for (const llvm::APInt &element : value->elements().getValues<llvm::APInt>())
      result.push_back(element.getSExtValue());
  }
  return result;
}

FailureOr<Attribute> Builder::sliceAttr(const behaviour::Transform &transform, Environment &env) {
  SmallVector<int64_t> offsets, sizes, strides;
  for (const behaviour::IndexItem &item : transform.items) {
    if (item.kind == behaviour::IndexItemKind::Ellipsis && &item == &transform.items.back())
      break; // axes that are not named are taken whole
    if (item.kind != behaviour::IndexItemKind::Slice)
      return emitError(item.loc, "only slices such as '[:800]' are supported on a port yet");
    int64_t bounds[3]; // start, stop, step
    bool isGiven[3];
    const behaviour::Expr *given[] = {item.start, item.stop, item.step};
    for (auto [position, expr] : llvm::enumerate(given)) {
      isGiven[position] = expr != nullptr;
      bounds[position] = position == 2 ? 1 : 0;
      if (!expr)
        continue;
      FailureOr<SmallVector<int64_t>> value = constantInts(expr, env);
      if (failed(value))
        return failure();
      if (value->size() != 1)
        return emitError(expr->getLoc(), "expected one integer");
      // Beyond any axis all bounds are alike, and arithmetic on these does not overflow.
      bounds[position] = std::clamp(value->front(), -(int64_t(1) << 40), int64_t(1) << 40);
    }
    auto [start, stop, step] = std::tie(bounds[0], bounds[1], bounds[2]);
    if (step == 0)
      return emitError(item.loc, "the step of a slice cannot be 0");
    if (step < 0)
      return emitError(item.loc, "a slice of a port that goes backwards is not supported yet");
    if (isGiven[1] && start < 0 && stop >= 0)
      return emitError(
          item.loc,
          "a slice of a port from its end to a place counted from its start is not supported yet");
    // A size that is not known yet: -1 is to the end of the axis, -4 to three elements before it.
    bool isOpen = !isGiven[1] || (start >= 0 && stop < 0);
    int64_t span = std::max<int64_t>(stop - start, 0);
    offsets.push_back(start);
    sizes.push_back(isOpen ? (isGiven[1] ? stop - 1 : -1) : (span + step - 1) / step);
    strides.push_back(step);
  }
  return Attribute(proc::SliceAttr::get(context, offsets, sizes, strides));
}

FailureOr<Attribute> Builder::transformAttr(const behaviour::Transform &transform,
                                            Environment &env) {
  if (transform.kind == behaviour::TransformKind::Slice)
    return sliceAttr(transform, env);
  if (transform.kind == behaviour::TransformKind::Flatten)
    return Attribute(proc::ReshapeAttr::get(context, ArrayRef<int64_t>{-1}));
  FailureOr<SmallVector<int64_t>> values = constantInts(transform.args, env);
  if (failed(values))
    return failure();
  if (transform.kind == behaviour::TransformKind::Reshape)
    return Attribute(proc::ReshapeAttr::get(context, *values));
  return Attribute(proc::TransposeAttr::get(context, *values));
}

SymbolRefAttr Builder::addVirtualPort(Operation *scope, Location loc, Attribute transform,
                                      ArrayRef<SymbolRefAttr> sources) {
  OpBuilder builder = OpBuilder::atBlockEnd(&scope->getRegion(0).front());
  std::string name;
  do
    name = "virtual" + std::to_string(nameCounts["virtual port"]++);
  while (SymbolTable::lookupSymbolIn(scope, name));
  SmallVector<Attribute> refs(sources.begin(), sources.end());
  proc::VirtualPortOp::create(builder, loc, builder.getStringAttr(name), transform,
                              builder.getArrayAttr(refs));
  return SymbolRefAttr::get(context, name);
}

FailureOr<SymbolRefAttr> Builder::buildEnd(Operation *scope, const behaviour::ConnectionEnd &end,
                                           Environment &env) {
  SymbolRefAttr ref;
  if (end.isConcat()) {
    SmallVector<SymbolRefAttr> parts;
    for (const behaviour::ConnectionEnd *part : end.parts) {
      FailureOr<SymbolRefAttr> source = buildEnd(scope, *part, env);
      if (failed(source))
        return failure();
      parts.push_back(*source);
    }
    int64_t axis = 0;
    if (end.axis) {
      FailureOr<SmallVector<int64_t>> given = constantInts(end.axis, env);
      if (failed(given))
        return failure();
      if (given->size() != 1)
        return emitError(end.axis->getLoc(), "expected one integer");
      axis = given->front();
    }
    ref = addVirtualPort(scope, end.span.loc, proc::ConcatAttr::get(context, axis), parts);
  } else {
    FailureOr<SymbolRefAttr> member = memberRef(scope, end);
    if (failed(member))
      return failure();
    ref = *member;
  }
  for (const behaviour::Transform &transform : end.transforms) {
    FailureOr<Attribute> attribute = transformAttr(transform, env);
    if (failed(attribute))
      return failure();
    ref = addVirtualPort(scope, transform.loc, *attribute, ref);
  }
  return ref;
}

LogicalResult Builder::buildConnection(Operation *scope, const yaml::Node &node, Environment &env) {
  FailureOr<behaviour::Source> source = sourceOf(node, context, "a connection");
  if (failed(source))
    return failure();
  auto connection = behaviour::parseConnection(*source, ast);
  if (failed(connection))
    return failure();
  LogicalResult result = success();
  SmallVector<std::pair<SymbolRefAttr, Location>> from, to;
  for (auto [ends, refs] :
       {std::pair(connection->sources, &from), std::pair(connection->destinations, &to)})
    for (const behaviour::ConnectionEnd *end : ends) {
      FailureOr<SymbolRefAttr> ref = buildEnd(scope, *end, env);
      if (failed(ref))
        result = failure();
      else
        refs->push_back({*ref, end->span.loc});
    }
  if (failed(result))
    return failure();
  OpBuilder builder = OpBuilder::atBlockEnd(&scope->getRegion(0).front());
  // Each stands where its source does; if there is one source only, the target tells them apart.
  for (const auto &[target, targetLoc] : to)
    for (const auto &[origin, originLoc] : from)
      proc::ConnectOp::create(builder, from.size() == 1 && to.size() > 1 ? targetLoc : originLoc,
                              origin, target, ArrayAttr());
  return success();
}

} // namespace basalt::frontend
