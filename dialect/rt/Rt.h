// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rt dialect: requests of compiled code to the run-time library. See RtOps.td. The namespace is
// not basalt::rt, which is the run-time library itself.
#ifndef BASALT_DIALECT_RT_RT_H
#define BASALT_DIALECT_RT_RT_H

#include "dialect/rt/Split.h"
#include "dialect/step/EntryRoles.h"
#include "dialect/step/ExchangesState.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/rt/RtDialect.h.inc"

#define GET_OP_CLASSES
#include "dialect/rt/RtOps.h.inc"

#endif // BASALT_DIALECT_RT_RT_H
