// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses of states that are elsewhere: read before, write after. The program's own copy is never
// trusted from one access to the next.
#include "compiler/neurocore/embedded/Embedded.h"

#include "dialect/num/Num.h"
#include "dialect/proc/Types.h"
#include "dialect/rt/Rt.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Exposing {
public:
  Exposing(step::ProgramOp program, const llvm::StringSet<> &remotes)
      : remotes(remotes), symbols(program), builder(program.getContext()) {}

  void fetch(Operation *before, StringRef state);
  void publish(Operation *after, StringRef state);

private:
  step::StateOp matrixOf(step::StateOp state);
  Value get(Location loc, StringRef state);
  void set(Location loc, StringRef state, Value value) {
    step::SetOp::create(builder, loc, FlatSymbolRefAttr::get(builder.getStringAttr(state)), value,
                        FlatSymbolRefAttr());
  }

  const llvm::StringSet<> &remotes;
  SymbolTable symbols;
  OpBuilder builder;
  llvm::DenseMap<Operation *, step::StateOp> matrices; // of states that store some entries
};
} // namespace

/// Outside, a state that stores some entries of a matrix is that matrix: this is the copy of it.
step::StateOp Exposing::matrixOf(step::StateOp state) {
  step::StateOp &matrix = matrices[state];
  if (!matrix) {
    auto type =
        RankedTensorType::get(state.getSparse()->getShape(), getElementTypeOrSelf(state.getType()));
    auto values = cast<RankedTensorType>(proc::valueType(type));
    builder.clearInsertionPoint();
    matrix = step::StateOp::create(
        builder, state.getLoc(), builder.getStringAttr(state.getSymName() + ".matrix"),
        TypeAttr::get(type),
        DenseElementsAttr::get(values, builder.getZeroAttr(values.getElementType())),
        proc::LimitsAttr(), proc::SparseAttr(), UnitAttr(), proc::RuleAttr(),
        proc::DistributionAttr());
    symbols.insert(matrix, state->getIterator());
  }
  return matrix;
}

Value Exposing::get(Location loc, StringRef state) {
  return step::GetOp::create(builder, loc, symbols.lookup<step::StateOp>(state).getInit().getType(),
                             FlatSymbolRefAttr::get(builder.getStringAttr(state)),
                             FlatSymbolRefAttr());
}

void Exposing::fetch(Operation *before, StringRef name) {
  if (!remotes.contains(name))
    return;
  Location loc = before->getLoc();
  builder.setInsertionPoint(before);
  auto state = symbols.lookup<step::StateOp>(name);
  std::optional<proc::SparseAttr> sparse = state.getSparse();
  if (!sparse) {
    rtop::FetchOp::create(builder, loc, name, name);
    return;
  }
  StringRef matrix = matrixOf(state).getSymName();
  builder.setInsertionPoint(before);
  rtop::FetchOp::create(builder, loc, matrix, name);
  Value offsets = get(loc, sparse->getOffsets().getValue()),
        targets = get(loc, sparse->getTargets().getValue());
  set(loc, name,
      num::AtSynapsesOp::create(builder, loc, state.getInit().getType(), get(loc, matrix), offsets,
                                targets));
}

void Exposing::publish(Operation *after, StringRef name) {
  if (!remotes.contains(name))
    return;
  Location loc = after->getLoc();
  auto state = symbols.lookup<step::StateOp>(name);
  std::optional<proc::SparseAttr> sparse = state.getSparse();
  if (!sparse) {
    builder.setInsertionPointAfter(after);
    rtop::PublishOp::create(builder, loc, name, name);
    return;
  }
  step::StateOp matrix = matrixOf(state);
  builder.setInsertionPointAfter(after);
  Value offsets = get(loc, sparse->getOffsets().getValue()),
        targets = get(loc, sparse->getTargets().getValue());
  set(loc, matrix.getSymName(),
      num::ToDenseOp::create(builder, loc, matrix.getInit().getType(), get(loc, name), offsets,
                             targets));
  rtop::PublishOp::create(builder, loc, matrix.getSymName(), name);
}

void exposeRemotes(step::ProgramOp program, const llvm::StringSet<> &remotes) {
  Exposing exposing(program, remotes);
  SmallVector<Operation *> accesses;
  program.walk([&](Operation *op) {
    if (isa<step::GetOp, step::SetOp, step::UpdateOp>(op))
      accesses.push_back(op);
  });
  for (Operation *op : accesses) {
    if (auto get = dyn_cast<step::GetOp>(op)) {
      exposing.fetch(op, get.getState());
    } else if (auto set = dyn_cast<step::SetOp>(op)) {
      exposing.publish(op, set.getState());
    } else {
      auto states = cast<step::UpdateOp>(op).getStates().getAsRange<FlatSymbolRefAttr>();
      for (FlatSymbolRefAttr state : states) {
        exposing.fetch(op, state.getValue());
        exposing.publish(op, state.getValue());
      }
    }
  }
}

} // namespace basalt::neurocore
