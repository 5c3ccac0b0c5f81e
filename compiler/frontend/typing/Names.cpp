// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/typing/Names.h"
#include "dialect/proc/Lookup.h"

using namespace mlir;

namespace basalt::frontend {

Meaning ProcessNames::lookup(StringRef name, Location use) {
  Operation *member = proc::lookupMember(process, name);
  if (!member || isa<proc::ModelOp>(member))
    return {};
  if (auto param = dyn_cast<proc::ParamOp>(member))
    return {Meaning::Constant, param.getValue(), !isa<ElementsAttr>(param.getValue()), nullptr};
  return {Meaning::Member, {}, false, member};
}

Type ProcessNames::lookupType(StringRef name) {
  if (!model || !model.getTypes())
    return {};
  auto type = dyn_cast_or_null<TypeAttr>(model.getTypes()->get(name));
  return type ? type.getValue() : Type();
}

void ProcessNames::list(SmallVectorImpl<StringRef> &names) {
  for (Operation &op : process.getBody().getOps())
    if (auto symbol = dyn_cast<SymbolOpInterface>(op); symbol && !isa<proc::ModelOp>(op))
      names.push_back(symbol.getName());
}

} // namespace basalt::frontend
