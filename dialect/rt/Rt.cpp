// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the rt dialect.
#include "dialect/rt/Rt.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using basalt::step::parseEntryInputs, basalt::step::printEntryInputs;

#include "dialect/rt/RtDialect.cpp.inc"

#define GET_OP_CLASSES
#include "dialect/rt/RtOps.cpp.inc"

namespace basalt::rtop {

void RtDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialect/rt/RtOps.cpp.inc"
      >();
}

} // namespace basalt::rtop
