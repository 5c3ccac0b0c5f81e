// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Watches all stores of a program that is run in exact numbers.
#include "compiler/schedule/LateWraps.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt {

arith::TruncIOp cutOf(Value stored, Type declared) {
  bool isBool = getElementTypeOrSelf(declared).isSignlessInteger();
  return isBool ? arith::TruncIOp() : stored.getDefiningOp<arith::TruncIOp>();
}

bool wraps(const Numbers &given, Type declared) {
  return given.areInts() && !Numbers::allOf(declared).range().contains(given.range());
}

LateWraps findLateWraps(step::ProgramOp program, const RangeAnalysis &first,
                        const llvm::StringSet<> &changing) {
  SmallVector<std::pair<Value, Type>> stores;
  program.walk([&](step::SetOp set) {
    Type declared = first.state(set.getStateAttr()).getType();
    arith::TruncIOp cut = cutOf(set.getValue(), declared);
    if (cut && !wraps(first.of(cut.getIn()), declared))
      stores.push_back({cut.getIn(), declared});
  });
  LateWraps found;
  RangeAnalysis exact(program, Knowledge::Exact, changing);
  for (bool isNew = true; isNew && !stores.empty();) {
    isNew = exact.advance();
    llvm::erase_if(stores, [&](const auto &store) {
      const Numbers &given = exact.of(store.first);
      if (!given.isOne() || !wraps(given, store.second))
        return false;
      found[store.first] = {given, exact.timeStep()};
      return true;
    });
  }
  return found;
}

} // namespace basalt
