// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The trait of ops of other dialects that stand in tasks and name a state of the program.
#ifndef BASALT_DIALECT_STEP_EXCHANGESSTATE_H
#define BASALT_DIALECT_STEP_EXCHANGESSTATE_H

#include "mlir/IR/OpDefinition.h"

namespace basalt::step {

// NOLINTBEGIN(bugprone-crtp-constructor-accessibility): MLIR makes the class.
template <typename OpT>
class ExchangesState : public mlir::OpTrait::TraitBase<OpT, ExchangesState> {};
// NOLINTEND(bugprone-crtp-constructor-accessibility)

} // namespace basalt::step

#endif // BASALT_DIALECT_STEP_EXCHANGESSTATE_H
