// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connectivity that is listed: `{rule: from_list, sources: {file: s.npy}, targets: {file: t.npy},
// value: {file: w.npy}}`. Several synapses may be at one place. They are stored in order of
// sources, those of one source in the order of the list.
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/build/Generator.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"

#include <numeric>

using namespace mlir;

namespace basalt::frontend {

/// Integers of one axis, each below `extent`.
static FailureOr<SmallVector<int64_t>> readIndices(const yaml::Node &node, StringRef key,
                                                   int64_t extent, Environment &scope,
                                                   DataFiles &files) {
  const yaml::Node *list = node.find(key);
  if (!list)
    return emitError(node.loc()) << "'from_list' needs '" << key << "'";
  FailureOr<Constant> value = readConstant(*list, scope, files);
  if (failed(value))
    return failure();
  if (!value->isNumber() || value->shape().size() != 1 ||
      !value->elements().getElementType().isInteger(64))
    return emitError(value->loc) << "'" << key << "' is a list of integers, found "
                                 << describe(*value);
  SmallVector<int64_t> result;
  for (const APInt &index : value->elements().getValues<APInt>()) {
    result.push_back(index.getSExtValue());
    if (result.back() < 0 || result.back() >= extent)
      return emitError(value->loc)
             << "'" << key << "' of 'from_list' has " << result.back() << " at ["
             << result.size() - 1 << "]; there are " << extent << ", counted from 0";
  }
  return result;
}

/// A value for each synapse of a list, in the order of that.
FailureOr<Constant> Builder::atListed(Use &use, const ValueDecl &decl, const ValueDecl &pattern,
                                      const Constant &value) {
  ArrayRef<int64_t> order = use.listed.find(pattern.name)->second;
  auto count = static_cast<int64_t>(order.size());
  if (value.isNumber() && value.shape() == ArrayRef(count)) {
    Constant result = value;
    result.value = pickElements(value.elements(), order);
    result.sparse = use.env->get(pattern.name, decl.loc)->sparse;
    return result;
  }
  InFlightDiagnostic diagnostic = emitError(value.loc)
                                  << "'" << decl.name << "' of '" << use.path
                                  << "' has a value for each of the " << count
                                  << " synapses that are listed for '" << pattern.name
                                  << "', found " << describe(value);
  diagnostic.attachNote(decl.loc) << "'" << decl.name << "' is declared here";
  return diagnostic;
}

/// The value of each synapse, in the order of the list.
FailureOr<Constant> Builder::listedNumbers(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                           int64_t count, Environment &scope) {
  Type i64 = IntegerType::get(context, 64);
  const yaml::Node *given = node.find("value");
  if (given && isGenerator(*given))
    return generate(*given, use.path + "." + decl.name.str(),
                    RankedTensorType::get({count}, Float64Type::get(context)), scope, files);
  FailureOr<Constant> value = Constant{IntegerAttr::get(i64, 1), node.loc()};
  if (given)
    value = readConstant(*given, scope, files);
  if (failed(value))
    return failure();
  bool isOne = value->isNumber() && value->shape().empty();
  if (!value->isNumber() || !(isOne || value->shape() == ArrayRef(count)))
    return emitError(value->loc) << "the value of 'from_list' is a number or one for each of the "
                                 << count << " synapses, found " << describe(*value);
  if (isOne)
    value->value =
        DenseElementsAttr::get(RankedTensorType::get({count}, value->elements().getElementType()),
                               *value->elements().getValues<Attribute>().begin());
  return value;
}

FailureOr<Constant> Builder::listedValue(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                         ArrayRef<int64_t> shape, Environment &scope) {
  for (const yaml::Entry &entry : node.entries())
    if (!llvm::is_contained({"rule", "sources", "targets", "value", "shape"}, entry.key()))
      return emitError(entry.keyLoc()) << "'from_list' has no parameter '" << entry.key() << "'";
  FailureOr<SmallVector<int64_t>> targets = readIndices(node, "targets", shape[0], scope, files),
                                  sources = readIndices(node, "sources", shape[1], scope, files);
  if (failed(targets) || failed(sources))
    return failure();
  if (targets->size() != sources->size())
    return emitError(node.find("sources")->loc())
           << "'from_list' has " << targets->size() << " targets, but " << sources->size()
           << " sources";
  auto count = static_cast<int64_t>(targets->size());
  FailureOr<Constant> value = listedNumbers(use, decl, node, count, scope);
  if (failed(value))
    return failure();

  // By source, those of one as they are listed: counted, since there may be millions.
  SmallVector<int64_t> order(count), offsets(shape[1] + 1, 0);
  SmallVector<int32_t> ordered(count);
  for (int64_t source : *sources)
    ++offsets[source + 1];
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  SmallVector<int64_t> next(offsets.begin(), offsets.end() - 1);
  for (int64_t place = 0; place < count; ++place) {
    int64_t entry = next[(*sources)[place]]++;
    order[entry] = place;
    ordered[entry] = static_cast<int32_t>((*targets)[place]);
  }
  auto offsetType = RankedTensorType::get({shape[1] + 1}, IntegerType::get(context, 64)),
       targetType = RankedTensorType::get({count}, IntegerType::get(context, 32));
  use.env->define(
      offsetsName(decl.name),
      Constant{DenseElementsAttr::get(offsetType, ArrayRef<int64_t>(offsets)), node.loc(), false});
  use.env->define(
      targetsName(decl.name),
      Constant{DenseElementsAttr::get(targetType, ArrayRef<int32_t>(ordered)), node.loc(), false});
  value->value = pickElements(value->elements(), order);
  value->sparse = sparseAttr(decl, shape);
  use.listed[decl.name] = std::move(order);
  return value;
}

} // namespace basalt::frontend
