// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requests to the run-time library as calls of what runtime/native/Generated.h declares.
#include "compiler/native/FunctionConversion.h"

#include "dialect/proc/Proc.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt::native {

bool FunctionConversion::convertRequest(Operation *op) {
  Location loc = op->getLoc();
  return TypeSwitch<Operation *, bool>(op)
      .Case<rtop::PrintOp>([&](auto op) { return convertPrint(op), true; })
      .Case<rtop::AssertOp>([&](auto op) { return convertAssert(op), true; })
      .Case<rtop::IndexOp>([&](auto op) { return convertIndex(op), true; })
      .Case<rtop::RecordPortOp>([&](auto op) { return convertRecordPort(op), true; })
      .Case<rtop::DueOp>([&](auto op) { return convertDue(op), true; })
      .Case<rtop::UpdateEntriesOp>([&](auto op) { return convertUpdateEntries(op), true; })
      .Case<rtop::AddRowsOp>([&](auto op) { return convertAddRows(op), true; })
      .Case<rtop::AdvanceOp>([&](auto op) { return convertAdvance(op), true; })
      .Case<rtop::FillRandomOp>([&](auto op) { return convertFillRandom(op), true; })
      .Case<rtop::FillPoissonOp>([&](auto op) { return convertFillPoisson(op), true; })
      .Case<rtop::RecordStateOp>([&](auto op) {
        std::string number = std::to_string(symbols.states.lookup(op.getState()));
        statement(loc, "rt::recordState", {context(loc), lit(loc, builder.getIndexType(), number)});
        return true;
      })
      .Case<proc::PauseOp>([&](auto) { return statement(loc, "rt::pause", context(loc)), true; })
      .Case<proc::StopOp>([&](auto) { return statement(loc, "rt::stop", context(loc)), true; })
      .Default([](Operation *) { return false; });
}

Value FunctionConversion::site(Location loc, StringRef instance) {
  std::string text = "kSites[" + std::to_string(symbols.siteOf(loc, instance)) + "]";
  return lit(loc, opaque(builder.getContext(), "rt::Site"), text);
}

void FunctionConversion::convertPrint(rtop::PrintOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> operands{context(loc)};
  std::string format = quote(op.getFormat()), text = "rt::print({}, ";
  for (char c : format) // in the text of a verbatim a brace is doubled
    text += c == '{' ? "{{" : std::string(1, c);
  for (auto [value, shape] :
       llvm::zip(op.getValues(), op.getShapes().getAsRange<DenseI64ArrayAttr>())) {
    operands.push_back(converted.lookup(value));
    bool isMemory = isa<MemRefType>(value.getType());
    // What C++ makes of two bools is an int.
    StringRef type = value.getType().isInteger(1) ? "<bool>" : "";
    text += isMemory ? ", rt::view({}"
                     : (shape.empty() ? ", rt::scalar" : ", rt::single") + type.str() + "({}";
    for (int64_t extent : shape.asArrayRef())
      text += ", " + std::to_string(extent);
    text += ")";
  }
  emitc::VerbatimOp::create(builder, loc, text + ");", operands);
}

void FunctionConversion::convertAssert(rtop::AssertOp op) {
  Location loc = op.getLoc();
  StringRef message = op.getMessage();
  Value text = lit(loc, emitc::PointerType::get(opaque(builder.getContext(), "const char")),
                   message.empty() ? "nullptr" : quote(message));
  statement(loc, "rt::check",
            {context(loc), converted.lookup(op.getCondition()), site(loc, op.getInstance()), text});
}

void FunctionConversion::convertIndex(rtop::IndexOp op) {
  Location loc = op.getLoc();
  Value extent = lit(loc, builder.getI64Type(), std::to_string(op.getExtent()));
  // Where nothing is left of the use, the check is.
  TypeRange results = op->use_empty() ? TypeRange() : TypeRange(op->getResultTypes());
  auto call = emitc::CallOpaqueOp::create(builder, loc, results, "rt::index",
                                          ValueRange{context(loc), converted.lookup(op.getValue()),
                                                     extent, site(loc, op.getInstance())});
  if (!results.empty())
    converted[op] = call.getResult(0);
}

void FunctionConversion::convertRecordPort(rtop::RecordPortOp op) {
  Location loc = op.getLoc();
  std::string number = std::to_string(symbols.ports.lookup(op.getPort()));
  SmallVector<Value> operands{context(loc), lit(loc, builder.getIndexType(), number),
                              converted.lookup(op.getValue())};
  llvm::append_range(operands, values(op.getRange()));
  statement(loc, "rt::recordPort", operands);
}

void FunctionConversion::convertDue(rtop::DueOp op) {
  Location loc = op.getLoc();
  Type pointer = opaque(builder.getContext(), "rt::Projection");
  SmallVector<Value> operands{
      context(loc),
      lit(loc, emitc::PointerType::get(pointer), symbols.names.of(op.getProjection())),
      converted.lookup(op.getTarget())};
  llvm::append_range(operands, values(op.getRange()));
  statement(loc, "rt::due", operands);
}

/// Spikes that several projections are given are kept once.
void FunctionConversion::convertAdvance(rtop::AdvanceOp op) {
  Location loc = op.getLoc();
  StringRef history = symbols.histories.find(op.getProjection())->second;
  if (!kept.insert(history).second)
    return;
  Type pointer = opaque(builder.getContext(), "rt::SpikeHistory");
  statement(loc, "rt::keepSpikes",
            {context(loc), lit(loc, emitc::PointerType::get(pointer), symbols.names.of(history)),
             converted.lookup(op.getSpikes())});
}

/// The C++ type of the elements of memory.
static std::string elementName(Value memory) {
  return storageName(cast<MemRefType>(memory.getType()).getElementType());
}

/// The class of operands of kernels (runtime/native/Entries.h).
static StringRef operandClass(step::EntryRole role) {
  switch (role) {
  case step::EntryRole::Entry:
    return "OfEntry";
  case step::EntryRole::Source:
    return "OfSource";
  case step::EntryRole::Target:
    return "OfTarget";
  case step::EntryRole::Every:
    return "";
  }
  llvm_unreachable("all roles");
}

/// `rt::updateRows<kernel>(spikes, 0, 4, offsets, targets, rt::Updated<double>{w}, ...);`
void FunctionConversion::convertUpdateEntries(rtop::UpdateEntriesOp op) {
  bool byTarget = op.getBy() == step::EntryRole::Target;
  SmallVector<Value> operands{converted.lookup(op.getSpikes())};
  std::string text = byTarget ? "rt::updateColumns<" : "rt::updateRows<";
  text += symbols.names.of(op.getCallee()).str() + ">({}, ";
  if (op.getRange().empty())
    text += "0, " + std::to_string(op.getSpikes().getType().getNumElements());
  else
    text += "{}, {}";
  llvm::append_range(operands, values(op.getRange()));
  if (byTarget) {
    text += ", *" + symbols.names.of(symbols.targetIndexes.find(op.getState())->second).str();
  } else {
    text += ", {}, {}";
    llvm::append_range(operands, values({op.getOffsets(), op.getTargets()}));
  }
  auto add = [&](StringRef kind, Value value) {
    operands.push_back(converted.lookup(value));
    text += kind.empty() ? ", {}" : (", rt::" + kind + "<" + elementName(value) + ">{{{}}").str();
  };
  add("Updated", op.getEntries());
  for (auto [i, input] : llvm::enumerate(op.getInputs()))
    add(operandClass(op.roleOf(i)), input);
  emitc::VerbatimOp::create(builder, op.getLoc(), text + ");", operands);
}

void FunctionConversion::convertAddRows(rtop::AddRowsOp op) {
  std::string text = "rt::addRows<" + elementName(op.getSums()) + ", " +
                     elementName(op.getEntries()) + ">({}, {}, {}, {}, {}, " +
                     std::to_string(op.getSpikes().getType().getNumElements()) + ");";
  emitc::VerbatimOp::create(
      builder, op.getLoc(), text,
      values({op.getSums(), op.getEntries(), op.getOffsets(), op.getTargets(), op.getSpikes()}));
}

Value FunctionConversion::randomKey(Location loc, IntegerAttr stream, ValueRange keys) {
  SmallVector<Value> operands{lit(loc, builder.getI64Type(), spellNumber(stream))};
  llvm::append_range(operands, values(keys));
  return call(builder, loc, "rt::randomKey", opaque(builder.getContext(), "rt::RandomKey"),
              operands);
}

/// `target, count, key`; of a range the last operand of the call is its first element.
SmallVector<Value> FunctionConversion::filledMemory(Location loc, Value target, ValueRange range,
                                                    Value key) {
  if (!range.empty()) {
    Value low = converted.lookup(range[0]), high = converted.lookup(range[1]);
    Value count = emitc::SubOp::create(builder, loc, builder.getIndexType(), high, low);
    return {pointerTo(loc, target, low), count, key};
  }
  std::string count = std::to_string(cast<MemRefType>(target.getType()).getNumElements());
  return {converted.lookup(target), lit(loc, builder.getIndexType(), count), key};
}

void FunctionConversion::convertFillRandom(rtop::FillRandomOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> operands = filledMemory(loc, op.getTarget(), op.getRange(),
                                             randomKey(loc, op.getStreamAttr(), op.getKeys()));
  llvm::append_range(operands, values(op.getRange().take_front()));
  statement(loc, "rt::fillRandomBits", operands);
}

void FunctionConversion::convertFillPoisson(rtop::FillPoissonOp op) {
  Location loc = op.getLoc();
  SmallVector<Value> operands = filledMemory(loc, op.getTarget(), op.getRange(),
                                             randomKey(loc, op.getStreamAttr(), op.getKeys()));
  ValueRange first = op.getRange().take_front();
  bool isMemory = isa<MemRefType>(op.getLambda().getType());
  operands.push_back(isMemory && !first.empty()
                         ? pointerTo(loc, op.getLambda(), converted.lookup(first.front()))
                         : converted.lookup(op.getLambda()));
  llvm::append_range(operands, values(first));
  statement(loc, "rt::fillPoisson", operands);
}

} // namespace basalt::native
