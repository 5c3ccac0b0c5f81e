// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the names of a behaviour or expression may mean besides its own locals.
#ifndef BASALT_COMPILER_FRONTEND_TYPING_NAMES_H
#define BASALT_COMPILER_FRONTEND_TYPING_NAMES_H

#include "compiler/frontend/behaviour/Ast.h"
#include "dialect/proc/Proc.h"

#include "llvm/ADT/StringMap.h"

namespace basalt::frontend {

/// What a name means.
struct Meaning {
  enum Kind {
    Unknown,  ///< there is no such name
    Poisoned, ///< there is, but an error about it has been reported
    Constant, ///< a parameter or extent: `constant`
    Member,   ///< a Var or port: `member`
  };
  Kind kind = Unknown;
  /// An IntegerAttr (i64, or i1 for a bool), FloatAttr (f64), StringAttr or DenseElementsAttr.
  mlir::Attribute constant;
  /// Whether the constant takes the other operand's type: it was given without a type.
  bool isWeak = false;
  mlir::Operation *member = nullptr;
};

/// A scope of constants and members: that of a process type, or of YAML expressions.
class Names {
public:
  virtual ~Names() = default;
  virtual Meaning lookup(llvm::StringRef name, mlir::Location use) = 0;
  /// The element type that a type name is bound to, or null.
  virtual mlir::Type lookupType(llvm::StringRef name) { return {}; }
  /// All names, for suggestions.
  virtual void list(llvm::SmallVectorImpl<llvm::StringRef> &names) = 0;
};

/// The functions that can be called, by name.
using Functions = llvm::StringMap<const behaviour::FunctionDecl *>;

/// The names of a process type under one of its models.
class ProcessNames : public Names {
public:
  ProcessNames(proc::ProcessOp process, proc::ModelOp model) : process(process), model(model) {}
  Meaning lookup(llvm::StringRef name, mlir::Location use) override;
  mlir::Type lookupType(llvm::StringRef name) override;
  void list(llvm::SmallVectorImpl<llvm::StringRef> &names) override;

private:
  proc::ProcessOp process;
  proc::ModelOp model;
};

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_TYPING_NAMES_H
