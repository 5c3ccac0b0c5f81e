// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A network as a file of NIR.
#ifndef BASALT_COMPILER_EXPORT_NIREXPORT_H
#define BASALT_COMPILER_EXPORT_NIREXPORT_H

#include "compiler/frontend/Frontend.h"

namespace basalt::exporter {

/// The bytes of a .nir file from which `basalt import` makes a network that computes the same
/// numbers. `module` is at the stage Resolved; `defaults` are of its run section, whose probes are
/// the outputs of a graph that has none; `library` is the folder of the standard library. What NIR
/// cannot express is reported at its place, all of it. Throws rt::InputError without memory.
mlir::FailureOr<std::string> exportNir(mlir::ModuleOp module, const frontend::RunDefaults &defaults,
                                       const std::string &library);

} // namespace basalt::exporter

#endif // BASALT_COMPILER_EXPORT_NIREXPORT_H
