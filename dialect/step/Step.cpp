// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the step dialect and the textual form of kernels.
#include "dialect/step/Step.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;

#include "dialect/step/StepDialect.cpp.inc"

#define GET_OP_CLASSES
#include "dialect/step/StepOps.cpp.inc"

namespace basalt::step {

namespace {
/// Constants stay in the task, guard or kernel that uses them.
struct KeepConstantsInside : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const final {
    return isa<TaskOp, GuardOp, KernelOp>(region->getParentOp());
  }
};
} // namespace

void StepDialect::initialize() {
  addInterfaces<KeepConstantsInside>();
  addOperations<
#define GET_OP_LIST
#include "dialect/step/StepOps.cpp.inc"
      >();
}

// `step.kernel @k(%a: i64, %b: i24) { ... }`: the arguments of the block, like a function's.
ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  SmallVector<OpAsmParser::Argument> arguments;
  if (parser.parseSymbolName(name, SymbolTable::getSymbolAttrName(), result.attributes) ||
      parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren, /*allowType=*/true) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  return parser.parseRegion(*result.addRegion(), arguments);
}

void KernelOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << '(';
  llvm::interleaveComma(getBody().getArguments(), printer,
                        [&](BlockArgument arg) { printer.printRegionArgument(arg); });
  printer << ')';
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {SymbolTable::getSymbolAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

/// Drops results that nobody uses.
LogicalResult TaskOp::canonicalize(TaskOp task, PatternRewriter &rewriter) {
  auto isUnused = [](OpResult result) { return result.use_empty(); };
  if (llvm::none_of(task.getResults(), isUnused))
    return failure();
  auto yield = cast<YieldOp>(task.getBody().front().getTerminator());
  SmallVector<Value> yielded, used;
  for (auto [result, value] : llvm::zip_equal(task.getResults(), yield.getValues())) {
    if (isUnused(result))
      continue;
    used.push_back(result);
    yielded.push_back(value);
  }
  rewriter.modifyOpInPlace(yield, [&] { yield.getValuesMutable().assign(yielded); });
  auto smaller = TaskOp::create(rewriter, task.getLoc(), TypeRange(ValueRange(yielded)),
                                task.getInstanceAttr(), task.getProcessAttr(), task.getGuardAttr());
  rewriter.inlineRegionBefore(task.getBody(), smaller.getBody(), smaller.getBody().end());
  for (auto [old, fresh] : llvm::zip_equal(used, smaller.getResults()))
    rewriter.replaceAllUsesWith(old, fresh);
  rewriter.eraseOp(task);
  return success();
}

} // namespace basalt::step
