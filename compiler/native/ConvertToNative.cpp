// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// convert-to-native: a lowered program => one C++ file as EmitC. See Passes.td.
#include "compiler/lower/Passes.h"
#include "compiler/native/Functions.h"
#include "compiler/native/Passes.h"
#include "compiler/native/Tables.h"
#include "compiler/native/Types.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/Path.h"

#include <numeric>

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_CONVERTTONATIVE
#include "compiler/native/NativePasses.h.inc"

namespace native {
namespace {

class ProgramConversion {
public:
  ProgramConversion(ModuleOp module, step::ProgramOp program, bool profile)
      : module(module), assumptions(module), builder(OpBuilder::atBlockEnd(module.getBody())) {
    tables.program = program;
    symbols.withMarks = profile;
  }

  LogicalResult run();

private:
  void collectNames();
  void collectAxes();
  void findTargetIndex(FlatSymbolRefAttr state);
  void findConstantGuards();
  void convertConstants();
  LogicalResult convertKernels();
  LogicalResult convertClass();
  void convertFields();
  void text(StringRef text) { emitc::VerbatimOp::create(builder, module.getLoc(), text); }

  ModuleOp module;
  Assumptions assumptions;
  OpBuilder builder;
  Symbols symbols;
  ProgramTables tables;
  SmallVector<Operation *> originals;
};

void ProgramConversion::collectNames() {
  for (Operation &op : *module.getBody())
    originals.push_back(&op);
  unsigned states = 0, ports = 0;
  for (auto state : tables.program.getBody().getOps<step::StateOp>())
    symbols.states[state.getSymName()] = states++;
  for (auto port : tables.program.getBody().getOps<step::PortOp>())
    symbols.ports[port.getSymName()] = ports++;
  for (auto projection : tables.program.getBody().getOps<step::ProjectionOp>())
    symbols.histories[projection.getSymName()] = (projection.getHistory() + ".history").str();
  collectAxes();
  module.walk([&](rtop::UpdateEntriesOp op) {
    if (op.getBy() == step::EntryRole::Target)
      findTargetIndex(op.getStateAttr());
  });
  module.walk([&](rtop::RecordStateOp op) { tables.probed.insert(op.getState()); });
  tables.className = symbols.names.of(tables.program.getSymName());
}

void ProgramConversion::collectAxes() {
  llvm::StringMap<unsigned> numbers;
  for (auto axis : module.getOps<rtop::AxisOp>()) {
    unsigned number = numbers[axis.getSymName()] = tables.axes.size();
    symbols.ranges[axis.getSymName()] =
        "rt::rangeOf<" + std::to_string(std::gcd(axis.getExtent(), axis.getGrain())) + ">(share, " +
        std::to_string(number) + ")";
    tables.axes.push_back(axis);
  }
  // A projection is laid out for the ranges in which it is asked for what is due.
  module.walk([&](rtop::DueOp due) {
    if (due.getRange().empty())
      return;
    auto low = cast<BlockArgument>(due.getRange().front());
    auto parallel = cast<rtop::ParallelOp>(low.getOwner()->getParentOp());
    auto axis = cast<FlatSymbolRefAttr>(parallel.getAxes()[low.getArgNumber() / 2]);
    tables.axisOf[due.getProjection()] = numbers.lookup(axis.getValue());
  });
}

/// States whose entries are at the same places share an index.
void ProgramConversion::findTargetIndex(FlatSymbolRefAttr name) {
  auto state = cast<step::StateOp>(SymbolTable::lookupSymbolIn(tables.program, name));
  StringRef owner = state.getSparse()->getOffsets().getValue().rsplit('.').first;
  std::string index = (owner + ".by_target").str();
  symbols.targetIndexes[name.getValue()] = index;
  tables.targetIndexes.insert({index, name.getValue()});
}

/// Guards that are a constant are a number in the contract, not a function.
void ProgramConversion::findConstantGuards() {
  for (StringRef name : {"guards_after_spk", "guards_before_post"}) {
    auto function = module.lookupSymbol<func::FuncOp>(name);
    if (!function)
      continue;
    APInt bits;
    Block &body = function.getBody().front();
    if (body.getOperations().size() <= 2 &&
        matchPattern(body.getTerminator()->getOperand(0), m_ConstantInt(&bits))) {
      tables.constantGuards |= bits.getZExtValue();
      llvm::erase(originals, function.getOperation());
      function.erase();
    }
  }
}

/// `{1, 2, 3}`. EmitC's printer would write the least int64_t and infinities in ways that C++
/// refuses.
static emitc::OpaqueAttr spellElements(DenseElementsAttr values) {
  std::string text;
  for (Attribute value : values.getValues<Attribute>())
    text += (text.empty() ? "" : ", ") + spellNumber(cast<TypedAttr>(value));
  return emitc::OpaqueAttr::get(values.getContext(), "{" + text + "}");
}

/// Constant tensors are arrays at the top of the file.
void ProgramConversion::convertConstants() {
  for (Operation *op : originals) {
    auto global = dyn_cast<memref::GlobalOp>(op);
    if (!global || !global.getConstant())
      continue;
    MemRefType type = global.getType();
    Type element = storageType(type.getElementType());
    auto values = cast<DenseElementsAttr>(global.getConstantInitValue());
    if (auto integer = dyn_cast<IntegerType>(element))
      values = cast<DenseIntElementsAttr>(values).mapValues(element, [&](const APInt &value) {
        return integer.isUnsigned() ? value.zext(8) : value.sext(integer.getWidth());
      });
    emitc::GlobalOp::create(builder, global.getLoc(), symbols.names.of(global.getSymName()),
                            emitc::ArrayType::get(type.getShape(), element), spellElements(values),
                            /*extern_specifier=*/false, /*static_specifier=*/true,
                            /*const_specifier=*/true);
  }
}

LogicalResult ProgramConversion::convertKernels() {
  for (Operation *op : originals) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (!function || !function.isPrivate())
      continue;
    if (failed(convertFunction(builder, function, symbols, assumptions)))
      return failure();
    text("");
  }
  return success();
}

void ProgramConversion::convertFields() {
  MLIRContext *context = module.getContext();
  for (Operation *op : originals) {
    auto global = dyn_cast<memref::GlobalOp>(op);
    if (!global || global.getConstant())
      continue;
    emitc::FieldOp::create(
        builder, global.getLoc(), builder.getStringAttr(symbols.names.of(global.getSymName())),
        TypeAttr::get(opaque(context, fieldName(global.getType()))), Attribute());
  }
  auto pointer = [&](StringRef name, StringRef type) {
    emitc::FieldOp::create(builder, module.getLoc(), builder.getStringAttr(symbols.names.of(name)),
                           TypeAttr::get(emitc::PointerType::get(opaque(context, type))),
                           Attribute());
  };
  llvm::StringSet<> histories;
  for (auto projection : tables.program.getBody().getOps<step::ProjectionOp>()) {
    StringRef history = symbols.histories[projection.getSymName()];
    if (histories.insert(history).second)
      pointer(history, "rt::SpikeHistory");
    pointer(projection.getSymName(), "rt::Projection");
  }
  for (auto &[index, state] : tables.targetIndexes)
    pointer(index, "const rt::TargetIndex");
  if (!symbols.states.empty())
    emitc::FieldOp::create(builder, module.getLoc(), builder.getStringAttr("stateTable"),
                           TypeAttr::get(emitc::ArrayType::get({int64_t(symbols.states.size())},
                                                               opaque(context, "rt::StateInfo"))),
                           Attribute());
}

LogicalResult ProgramConversion::convertClass() {
  OpBuilder::InsertionGuard guard(builder);
  auto result = emitc::ClassOp::create(builder, tables.program.getLoc(), tables.className,
                                       /*final_specifier=*/false);
  builder.setInsertionPointToEnd(&result.getBody().emplaceBlock());
  convertFields();
  for (Operation *op : originals) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (!function || function.isPrivate())
      continue;
    text("");
    if (failed(convertFunction(builder, function, symbols, assumptions)))
      return failure();
    tables.methods.insert(function.getSymName());
  }
  return success();
}

LogicalResult ProgramConversion::run() {
  collectNames();
  findConstantGuards();
  std::string file = placeOf(tables.program.getLoc()).file;
  text("// The network '" + tables.program.getSymName().str() + "'" +
       (file.empty() ? "" : " of " + llvm::sys::path::filename(file).str()) +
       ", compiled by Basalt.\n// Initial values are not here, but in the data that go with the "
       "program.");
  emitc::IncludeOp::create(builder, module.getLoc(), "runtime/native/Generated.h", false);
  text("\nnamespace rt = basalt::rt;\n\nnamespace {\n");
  convertConstants();
  Operation *before = &module.getBody()->back();
  if (failed(convertKernels()) || failed(convertClass()))
    return failure();
  tables.parts = symbols.parts;
  text("\n" + tables.text(symbols.names) + "\n} // namespace\n");
  text("int main(int argc, char **argv) { return rt::runMain(argc, argv, kProgram); }");
  builder.setInsertionPointAfter(before);
  if (!symbols.sites.empty())
    text(sitesText(symbols.sites));
  if (!tables.axes.empty())
    text(axesText(tables.axes));
  for (Operation *op : originals)
    op->erase();
  return success();
}

} // namespace
} // namespace native

namespace {
struct ConvertToNative : impl::ConvertToNativeBase<ConvertToNative> {
  using ConvertToNativeBase::ConvertToNativeBase;

  void runOnOperation() override {
    auto programs = getOperation().getOps<step::ProgramOp>();
    if (!llvm::hasSingleElement(programs)) {
      getOperation().emitError("expected one step.program");
      return signalPassFailure();
    }
    if (failed(native::ProgramConversion(getOperation(), *programs.begin(), profile).run()))
      signalPassFailure();
  }
};
} // namespace
} // namespace basalt
