// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is played into the inputs of an imported network: arrays, tables of numbers, lists of
// events.
#ifndef BASALT_COMPILER_IMPORT_INPUTS_H
#define BASALT_COMPILER_IMPORT_INPUTS_H

#include "compiler/import/Report.h"
#include "runtime/native/Npy.h"

#include <string>
#include <vector>

namespace basalt::import {

/// `--input FILE` or `--input NAME=FILE`.
struct InputFile {
  std::string name; ///< empty: the only input
  std::string path;
};

InputFile parseInputFile(const std::string &text);

/// The file as an array with a row for each time step of `dt` seconds, each of `shape`. `node` is
/// what the file calls the input, for files of several. Throws rt::InputError.
rt::NpyArray readInput(const std::string &path, const std::string &node,
                       const std::vector<int64_t> &shape, double dt, Report &report);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_INPUTS_H
