// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of inputs with roles.
#include "dialect/step/EntryRoles.h"

#include "mlir/IR/Operation.h"

#include "dialect/step/StepEnums.cpp.inc"

using namespace mlir;

namespace basalt::step {

ParseResult parseEntryInputs(OpAsmParser &parser,
                             SmallVectorImpl<OpAsmParser::UnresolvedOperand> &inputs,
                             SmallVectorImpl<Type> &types, DenseI32ArrayAttr &roles) {
  SmallVector<int32_t> numbers;
  auto parseInput = [&]() -> ParseResult {
    SMLoc at = parser.getCurrentLocation();
    StringRef word;
    if (parser.parseKeyword(&word))
      return failure();
    std::optional<EntryRole> role = symbolizeEntryRole(word);
    if (!role)
      return parser.emitError(at, "expected 'entry', 'source', 'target' or 'every'");
    numbers.push_back(static_cast<int32_t>(*role));
    return failure(parser.parseOperand(inputs.emplace_back()) ||
                   parser.parseColonType(types.emplace_back()));
  };
  if (parser.parseCommaSeparatedList(parseInput))
    return failure();
  roles = DenseI32ArrayAttr::get(parser.getContext(), numbers);
  return success();
}

void printEntryInputs(OpAsmPrinter &printer, Operation *, ValueRange inputs, TypeRange types,
                      DenseI32ArrayAttr roles) {
  llvm::interleaveComma(llvm::zip(inputs, types, roles.asArrayRef()), printer, [&](auto input) {
    auto [value, type, role] = input;
    printer << stringifyEntryRole(static_cast<EntryRole>(role)) << ' ' << value << " : " << type;
  });
}

LogicalResult verifyRoles(Operation *op, ValueRange inputs, ArrayRef<int32_t> roles) {
  bool known = llvm::all_of(
      roles, [](int32_t role) { return symbolizeEntryRole(static_cast<uint32_t>(role)); });
  if (inputs.size() != roles.size() || !known)
    return op->emitOpError("expects a role for each of its ") << inputs.size() << " inputs";
  return success();
}

} // namespace basalt::step
