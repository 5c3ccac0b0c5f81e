// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the proc dialect, and small methods of its ops.
#include "dialect/proc/Proc.h"
#include "dialect/num/Num.h"
#include "dialect/proc/Types.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "dialect/proc/ProcDialect.cpp.inc"
#include "dialect/proc/ProcEnums.cpp.inc"

/// `[2, 5]`, possibly empty.
static ParseResult parseIntList(AsmParser &parser, SmallVector<int64_t> &list) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                        [&] { return parser.parseInteger(list.emplace_back()); });
}
static void printIntList(AsmPrinter &printer, ArrayRef<int64_t> list) {
  printer << '[';
  llvm::interleaveComma(list, printer);
  printer << ']';
}

#define GET_TYPEDEF_CLASSES
#include "dialect/proc/ProcTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/proc/ProcAttrs.cpp.inc"

#define GET_OP_CLASSES
#include "dialect/proc/ProcOps.cpp.inc"

namespace basalt::proc {

void ProcDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialect/proc/ProcOps.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/proc/ProcTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/proc/ProcAttrs.cpp.inc"
      >();
}

bool ModelOp::isHierarchical() { return !getBody().getOps<InstanceOp>().empty(); }

Type ModelOp::bind(Type declared) {
  return bindNames(declared, getTypes().value_or(DictionaryAttr()));
}

} // namespace basalt::proc
