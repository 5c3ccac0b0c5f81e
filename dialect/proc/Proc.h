// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The proc dialect: networks of communicating processes. See ProcOps.td.
#ifndef BASALT_DIALECT_PROC_PROC_H
#define BASALT_DIALECT_PROC_PROC_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/proc/ProcDialect.h.inc"
#include "dialect/proc/ProcEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialect/proc/ProcTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/proc/ProcAttrs.h.inc"

#define GET_OP_CLASSES
#include "dialect/proc/ProcOps.h.inc"

#endif // BASALT_DIALECT_PROC_PROC_H
