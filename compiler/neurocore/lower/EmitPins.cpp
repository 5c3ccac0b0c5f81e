// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From instances that are pinned to populations: which neurons are those of an instance, and which
// of several instances are the same neurons, is known only now.
#include "compiler/neurocore/lower/Lowering.h"

#include "compiler/support/Suggest.h"

using namespace mlir;

namespace basalt::neurocore {

std::vector<Pin> pinsOf(ModuleOp module) {
  std::vector<Pin> pins;
  if (auto all = module->getAttrOfType<ArrayAttr>(kPinsAttr))
    for (auto pin : all.getAsRange<DictionaryAttr>()) {
      auto cores = pin.getAs<DenseI64ArrayAttr>("cores");
      pins.push_back({pin.getAs<StringAttr>("instance"), pin.getAs<IntegerAttr>("chip").getInt(),
                      SmallVector<int64_t>(cores ? cores.asArrayRef() : ArrayRef<int64_t>()),
                      Location(pin.getAs<LocationAttr>("loc"))});
    }
  return pins;
}

void setPins(ModuleOp module, ArrayRef<Pin> pins) {
  module->removeAttr(kPinsAttr);
  if (pins.empty())
    return;
  Builder builder(module.getContext());
  SmallVector<Attribute> all;
  for (const Pin &pin : pins) {
    NamedAttrList attributes;
    attributes.set("instance", pin.instance);
    attributes.set("chip", builder.getI64IntegerAttr(pin.chip));
    if (!pin.cores.empty())
      attributes.set("cores", builder.getDenseI64ArrayAttr(pin.cores));
    attributes.set("loc", LocationAttr(pin.loc));
    all.push_back(attributes.getDictionary(module.getContext()));
  }
  module->setAttr(kPinsAttr, builder.getArrayAttr(all));
}

/// "is 0" or "are 0 to 3".
static std::string numbersTo(int64_t count) {
  return count == 1 ? "is 0" : "are 0 to " + std::to_string(count - 1);
}

LogicalResult checkPins(ArrayRef<Pin> pins, const nc::Target &target) {
  LogicalResult result = success();
  for (const Pin &pin : pins) {
    if (pin.chip < 0 || pin.chip >= target.chipCount()) {
      result = emitError(pin.loc) << "'" << pin.instance.getValue() << "' is pinned to chip "
                                  << pin.chip << ", and the chips of '" << target.name << "' "
                                  << numbersTo(target.chipCount());
      continue;
    }
    for (int64_t core : pin.cores)
      if (core < 0 || core >= target.chip.cores)
        result = emitError(pin.loc) << "'" << pin.instance.getValue() << "' is pinned to core "
                                    << core << ", and the cores of a chip of '" << target.name
                                    << "' " << numbersTo(target.chip.cores);
  }
  return result;
}

/// Whether the program has code of an instance.
static bool hasCode(step::ProgramOp program, StringRef instance) {
  for (auto phase : program.getBody().getOps<step::PhaseOp>())
    for (auto task : phase.getBody().getOps<step::TaskOp>())
      if (task.getInstance() == instance)
        return true;
  return false;
}

/// An instance that has no neurons is pinned.
static LogicalResult reportNoNeurons(const Lowering &lowering, const Pin &pin) {
  StringRef name = pin.instance.getValue();
  InFlightDiagnostic diagnostic = emitError(pin.loc) << "'" << name << "' ";
  if (!hasCode(lowering.program, name)) {
    SmallVector<StringRef> known;
    for (const auto &population : lowering.neurons.populations)
      llvm::append_range(known, population->instances);
    return diagnostic << "is pinned, but no neurons have this name" << didYouMean(name, known);
  }
  if (lowering.instances.contains(name))
    return diagnostic << "is pinned, but has no neurons; synapses stand on the cores of the "
                         "neurons that they lead to";
  return diagnostic << "is pinned, but has no neurons; it runs on an embedded processor";
}

LogicalResult emitPins(Lowering &lowering, ArrayRef<Pin> pins) {
  LogicalResult result = success();
  auto isSame = [](const Pin &a, const Pin &b) {
    auto sorted = [](const Pin &pin) {
      SmallVector<int64_t> cores(pin.cores);
      llvm::sort(cores);
      return cores;
    };
    return a.chip == b.chip && sorted(a) == sorted(b);
  };
  llvm::MapVector<Operation *, const Pin *> pinned;
  for (const Pin &pin : pins) {
    bool any = false;
    for (auto [population, op] : llvm::zip(lowering.neurons.populations, lowering.populations)) {
      if (!llvm::is_contained(population->instances, pin.instance.getValue()))
        continue;
      any = true;
      auto [it, isNew] = pinned.insert({op, &pin});
      if (isNew || isSame(*it->second, pin))
        continue;
      InFlightDiagnostic diagnostic =
          emitError(pin.loc) << "'" << pin.instance.getValue() << "' is pinned elsewhere than '"
                             << it->second->instance.getValue()
                             << "', but both are the same neurons: pin one of them";
      diagnostic.attachNote(it->second->loc)
          << "'" << it->second->instance.getValue() << "' is pinned here";
      result = diagnostic;
    }
    if (!any)
      result = reportNoNeurons(lowering, pin);
  }
  if (failed(result))
    return failure();
  OpBuilder &builder = lowering.builder;
  for (auto [op, pin] : pinned)
    PinOp::create(builder, pin->loc, pin->instance,
                  FlatSymbolRefAttr::get(cast<PopulationOp>(op).getSymNameAttr()),
                  builder.getI64IntegerAttr(pin->chip),
                  pin->cores.empty() ? DenseI64ArrayAttr()
                                     : builder.getDenseI64ArrayAttr(pin->cores));
  return success();
}

} // namespace basalt::neurocore
