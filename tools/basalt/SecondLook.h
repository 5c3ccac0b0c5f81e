// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// More errors of a network that has some. Each stage needs what the ones before it promise, so an
// error keeps later ones from looking at a network at all; here they see what is left of it without
// the parts that errors are about.
#ifndef BASALT_TOOLS_BASALT_SECONDLOOK_H
#define BASALT_TOOLS_BASALT_SECONDLOOK_H

#include "compiler/frontend/Frontend.h"
#include "compiler/resolve/Passes.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"

#include <vector>

namespace basalt::driver {

/// Notes where errors are reported while it lives.
class ErrorPlaces {
public:
  explicit ErrorPlaces(mlir::MLIRContext *context);
  const std::vector<mlir::Location> &all() const { return places; }

private:
  std::vector<mlir::Location> places;
  mlir::ScopedDiagnosticHandler handler;
};

/// `module` is what the front end made, the whole network or what it could; `errors` are those that
/// have been reported. Reports what else is wrong with connections, with the order of messages and
/// accesses, and with the items of `run`, as far as it does not follow from those. Changes the
/// module.
void lookAgain(mlir::ModuleOp module, bool isWhole, llvm::ArrayRef<mlir::Location> errors,
               const ResolveOptions &options, const frontend::RunDefaults &run);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_SECONDLOOK_H
