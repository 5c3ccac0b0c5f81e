// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The types of NIR's nodes and their parameters.
#ifndef BASALT_COMPILER_IMPORT_NIRTYPES_H
#define BASALT_COMPILER_IMPORT_NIRTYPES_H

#include "compiler/import/NirLayer.h"

#include <map>

namespace basalt::import {

/// A parameter that has a number for each neuron.
struct NirField {
  const char *name;
  bool isOptional = false;
  bool isTime = false; ///< must be positive
};

struct NirType {
  NirLayer::Kind kind;
  std::vector<NirField> fields;      ///< elementwise
  std::vector<const char *> others;  ///< parameters of another form
  std::vector<const char *> choices; ///< parameters of the process that NIR leaves open
  bool hasState = false, isSpiking = false;
};

/// By name; `X` is the process NIR_X of the library, whose Vars and parameters are called as those
/// of the node.
const std::map<std::string, NirType> &nirTypes();

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIRTYPES_H
