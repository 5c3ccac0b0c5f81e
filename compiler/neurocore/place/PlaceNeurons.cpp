// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// place-neurons: populations onto cores, split where they must be. See Passes.td.
#include "compiler/neurocore/lower/Passes.h"
#include "compiler/neurocore/place/Placement.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_PLACENEURONS
#include "compiler/neurocore/lower/Passes.h.inc"

namespace {

struct PlaceNeurons : impl::PlaceNeuronsBase<PlaceNeurons> {
  using PlaceNeuronsBase::PlaceNeuronsBase;

  void runOnOperation() override {
    std::optional<neurocore::Strategy> strategy = neurocore::strategyNamed(place);
    if (!strategy) {
      getOperation().emitError("unknown way to place neurons: '")
          << place << "', expected traffic, first-fit or shuffle";
      return signalPassFailure();
    }
    for (auto network : getOperation().getOps<neurocore::NetworkOp>()) {
      FailureOr<std::vector<neurocore::PlacedCore>> cores =
          neurocore::placeNeurons(network, {neuronsPerCore, *strategy, seed});
      if (failed(cores))
        return signalPassFailure();
      OpBuilder builder = OpBuilder::atBlockEnd(&network.getBody().front());
      for (const neurocore::PlacedCore &placed : *cores) {
        auto core = neurocore::CoreOp::create(builder, network.getLoc(), placed.chip, placed.core);
        OpBuilder inside = OpBuilder::atBlockEnd(&core.getBody().emplaceBlock());
        for (neurocore::PlacedGroup group : placed.groups)
          neurocore::GroupOp::create(inside, group.population.getLoc(),
                                     FlatSymbolRefAttr::get(group.population.getSymNameAttr()),
                                     inside.getI64IntegerAttr(group.first),
                                     inside.getI64IntegerAttr(group.count));
      }
    }
  }
};

} // namespace
} // namespace basalt
