// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text with numbers: a line for each time step, or, with a heading that says so, for each event.
#ifndef BASALT_COMPILER_IMPORT_INPUTTABLE_H
#define BASALT_COMPILER_IMPORT_INPUTTABLE_H

#include "runtime/native/Npy.h"

#include <string>
#include <vector>

namespace basalt::import {

/// What arrives at an element in a step.
struct InputEvent {
  int64_t step = 0, index = 0;
  double value = 1;
  double time = 0; ///< seconds, in the place of the step
};

struct InputTable {
  bool isEvents = false, hasTimes = false;
  rt::NpyArray rows; ///< unless these are events
  std::vector<InputEvent> events;
};

/// Columns are separated by commas, semicolons or blanks; lines that start with '#' do not count.
/// With the heading `time,index` or `step,index`, and perhaps `,value`, lines are events. Throws
/// rt::InputError, with the line.
InputTable readInputTable(const std::string &path);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_INPUTTABLE_H
