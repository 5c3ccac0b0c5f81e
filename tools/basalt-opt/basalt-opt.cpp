// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// basalt-opt: reads IR of any stage, runs the passes that its command line names, prints IR. For
// tests and for looking at one pass; users want `basalt`.
#include "compiler/pipeline/Register.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  basalt::registerAllDialects(registry);
  basalt::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "Basalt optimizer\n", registry));
}
