// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All references of the proc dialect are looked up here: `@instance::@member` crosses from the
// network to the instance's process type, which the standard symbol tables do not know.
#ifndef BASALT_DIALECT_PROC_LOOKUP_H
#define BASALT_DIALECT_PROC_LOOKUP_H

#include "dialect/proc/Proc.h"

namespace basalt::proc {

/// One end of a connection or alias.
struct End {
  InstanceOp instance; // null: a member of the enclosing process, or a virtual port
  mlir::Operation *member =
      nullptr; // VarOp, InPortOp, OutPortOp, RefPortOp, VarPortOp or VirtualPortOp
};

/// The process type of an instance, or null.
ProcessOp lookupProcess(InstanceOp instance, mlir::SymbolTableCollection *tables = nullptr);

/// A parameter, Var or port of a process by name, or null.
mlir::Operation *lookupMember(ProcessOp process, llvm::StringRef name,
                              mlir::SymbolTableCollection *tables = nullptr);

/// What `ref` names in `scope` (a NetworkOp or a hierarchical ModelOp). Member is null if there is
/// no such thing.
End lookupEnd(mlir::Operation *scope, mlir::SymbolRefAttr ref,
              mlir::SymbolTableCollection *tables = nullptr);

/// The kind of a member in the user's words: "Var", "InPort", "OutPort", "RefPort", "VarPort".
llvm::StringRef kindOf(mlir::Operation *member);

/// `@a::@b` as the user writes it: `a.b`.
std::string spell(mlir::SymbolRefAttr ref);

/// Declared type of a Var or port; that of a VarPort is its Var's. Null for others.
mlir::Type declaredType(mlir::Operation *member);

/// That type as it is seen from outside the process: a sparse Var is its matrix.
mlir::Type outsideType(mlir::Operation *member);
/// Likewise for what is known of the type of `member`.
mlir::Type outsideType(mlir::Operation *member, mlir::Type type);

/// What is wrong when a number is written to a sparse Var where it has no entry.
std::string messageOfLostEntry(llvm::StringRef var);

/// The Var of a VarPort.
VarOp varOf(VarPortOp port);

/// The one model of a process after select-models, or null if there is none.
ModelOp modelOf(ProcessOp process);

/// The guard that says whether a process takes part in a phase; nothing: it always does.
std::optional<GuardKind> guardKindOf(PhaseKind phase);

/// The phase or guard of a model, or null.
PhaseOp phaseOf(ModelOp model, PhaseKind kind);
GuardOp guardOf(ModelOp model, GuardKind kind);

} // namespace basalt::proc

#endif // BASALT_DIALECT_PROC_LOOKUP_H
