// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The values of `--set`: parsed, checked to be exact in the type of the Var, and brought to its
// shape and layout, all before anything runs.
#ifndef BASALT_RUNTIME_NATIVE_VALUES_H
#define BASALT_RUNTIME_NATIVE_VALUES_H

#include "runtime/native/Simulation.h"

#include <string>
#include <vector>

namespace basalt::rt {

/// The bytes of state `index` after `--set name=text`, in its layout. `text` is a number (`12`,
/// `-0.5`, `inf`, `true`), a nested list of numbers (`[[1, 2], [3, 4]]`) or `@file.npy`; it
/// broadcasts as in NumPy. Of a state that stores some entries of a matrix it is the matrix, with
/// zeros where none is stored. Throws InputError that names the Var, the value and what it must be.
std::vector<char> setValue(Table<StateInfo> states, size_t index, const std::string &name,
                           const std::string &text);

/// The same for numbers that are there already, one for each place of the Var, row-major.
std::vector<char> setNumbers(Table<StateInfo> states, size_t index, const std::string &name,
                             const std::vector<int64_t> &values);
std::vector<char> setNumbers(Table<StateInfo> states, size_t index, const std::string &name,
                             const std::vector<double> &values);

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_VALUES_H
