// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands behind the source of a connection: ports, and the virtual ports they are seen
// through.
#ifndef BASALT_COMPILER_RESOLVE_SOURCES_H
#define BASALT_COMPILER_RESOLVE_SOURCES_H

#include "dialect/proc/Lookup.h"
#include "dialect/proc/Transforms.h"

namespace basalt {

/// A port, and the virtual ports through which a connection sees it.
struct Origin {
  mlir::SymbolRefAttr ref;
  proc::End end;
  /// Nearest to the port first; the number says which of its sources leads to the port.
  llvm::SmallVector<std::pair<proc::VirtualPortOp, unsigned>> through;
};

/// The ports behind `ref` in `scope`, in order; several behind a concat. Fails, and says so, if a
/// virtual port is behind itself.
llvm::FailureOr<llvm::SmallVector<Origin>>
originsOf(mlir::Operation *scope, mlir::SymbolRefAttr ref, mlir::SymbolTableCollection &tables);

/// What is known of the shape of a declared type.
proc::PartialShape partialShape(mlir::Type declared);

/// Tells what is known of the type of a port or Var.
using TypeOfEnd = llvm::function_ref<mlir::Type(const proc::End &)>;

/// Shapes of sources behind virtual ports and the transforms of a connection.
class SourceShapes {
public:
  /// Errors are reported at the transform if `report`.
  SourceShapes(mlir::Operation *scope, TypeOfEnd typeOf, mlir::SymbolTableCollection &tables,
               bool report)
      : scope(scope), typeOf(typeOf), tables(tables), report(report) {}

  /// The shape of a port or virtual port.
  llvm::FailureOr<proc::PartialShape> of(mlir::SymbolRefAttr ref);
  /// The shape that arrives at the target of a connection.
  llvm::FailureOr<proc::PartialShape> of(proc::ConnectOp connect);

private:
  llvm::FailureOr<proc::PartialShape> ofVirtual(proc::VirtualPortOp port);

  mlir::Operation *scope;
  TypeOfEnd typeOf;
  mlir::SymbolTableCollection &tables;
  bool report;
};

} // namespace basalt

#endif // BASALT_COMPILER_RESOLVE_SOURCES_H
