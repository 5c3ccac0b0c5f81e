// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names are looked for in the flat network, where those of instances in instances are known. That
// they are neurons is found out when there are any.
#include "tools/basalt/Places.h"

#include "compiler/neurocore/lower/PinsOf.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Proc.h"

using namespace basalt;
using namespace mlir;

void driver::setPlaces(ModuleOp module, const std::vector<frontend::PlaceDefault> &places) {
  std::vector<neurocore::Pin> pins;
  for (const frontend::PlaceDefault &place : places)
    pins.push_back({StringAttr::get(module.getContext(), place.instance), place.chip,
                    SmallVector<int64_t>(place.cores.begin(), place.cores.end()), place.loc});
  neurocore::setPins(module, pins);
}

LogicalResult driver::checkPlaces(ModuleOp module,
                                  const std::vector<frontend::PlaceDefault> &places) {
  SmallVector<StringRef> names;
  for (auto network : module.getOps<proc::NetworkOp>())
    for (auto instance : network.getBody().getOps<proc::InstanceOp>())
      names.push_back(instance.getSymName());
  LogicalResult result = success();
  for (const frontend::PlaceDefault &place : places) {
    if (llvm::is_contained(names, place.instance))
      continue;
    std::string inside;
    for (StringRef name : names)
      if (name.starts_with(place.instance + "."))
        inside += (inside.empty() ? "'" : ", '") + name.str() + "'";
    if (inside.empty()) {
      result = emitError(place.loc) << "unknown instance '" << place.instance << "'"
                                    << didYouMean(place.instance, names);
      continue;
    }
    InFlightDiagnostic diagnostic = emitError(place.loc)
                                    << "'" << place.instance
                                    << "' is a network; only what it is made of has a place";
    diagnostic.attachNote() << "its instances are " << inside;
    result = diagnostic;
  }
  return result;
}
