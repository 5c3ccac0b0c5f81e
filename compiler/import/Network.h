// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A network on its way to YAML text: what importers build, whatever they read.
#ifndef BASALT_COMPILER_IMPORT_NETWORK_H
#define BASALT_COMPILER_IMPORT_NETWORK_H

#include "runtime/native/Npy.h"

#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace basalt::import {

/// A value of an instance or parameter: YAML text, or an array.
using Value = std::variant<std::string, rt::NpyArray>;

struct Setting {
  std::string name;
  Value value;
};

struct Parameter {
  std::string name;
  Value value;
  std::string comment;
};

struct Instance {
  std::string name, className;
  std::vector<Setting> values;
  std::string comment; ///< empty: none
};

struct Network {
  std::vector<std::string> header; ///< lines of the comment at the top
  std::vector<std::string> imports;
  std::vector<Parameter> params;
  std::vector<Instance> instances;
  std::vector<std::string> connections; ///< `a.y -> b.x`
  std::vector<std::string> run;         ///< lines of the section `run`
};

/// A network as text, with the arrays that it names: `{file: net_data/fc.weight.npy}`.
struct NetworkText {
  std::string yaml;
  std::vector<std::pair<std::string, rt::NpyArray>> arrays;
};

/// Short arrays stand in the text, others in files below `folder`.
NetworkText writeNetwork(const Network &network, const std::string &folder);

/// As YAML and the language have them.
std::string spell(double value);
std::string spell(const std::vector<int64_t> &values);

/// What can stand in a comment: other characters than plain ones become '?'.
std::string oneLine(std::string text);

/// Names of instances, each once, as close as possible to what is asked for: letters, digits and
/// '_'.
class Names {
public:
  std::string add(const std::string &wanted);

private:
  std::set<std::string> taken;
};

//===--- Arrays ---===//

/// More elements than the memory of any machine holds; products of other extents are numbers.
bool isTooLarge(const std::vector<int64_t> &shape);
int64_t elementsOf(const std::vector<int64_t> &shape);
rt::NpyArray makeArray(std::vector<int64_t> shape, const std::vector<int64_t> &values);
rt::NpyArray makeArray(std::vector<int64_t> shape, const std::vector<double> &values);
/// The element `i` whatever the kind of the array.
double numberAt(const rt::NpyArray &array, size_t i);
/// Whether all elements are one number.
bool isUniform(const rt::NpyArray &array);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NETWORK_H
