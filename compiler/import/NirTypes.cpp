// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table, for both ways.
#include "compiler/import/NirTypes.h"

namespace basalt::import {

using Kind = NirLayer::Kind;

const std::map<std::string, NirType> &nirTypes() {
  const NirField r{"r"}, leak{"v_leak"}, threshold{"v_threshold"}, reset{"v_reset", true},
      tau{"tau", false, true}, synapse{"tau_syn", false, true}, membrane{"tau_mem", false, true},
      weight{"w_in", true};
  static const std::map<std::string, NirType> table = {
      {"Input", {Kind::Input, {}, {"shape"}, {}}},
      {"Output", {Kind::Output, {}, {"shape"}, {}}},
      {"Affine", {Kind::Weights, {}, {"weight", "bias"}, {}}},
      {"Linear", {Kind::Weights, {}, {"weight"}, {}}},
      {"Conv1d",
       {Kind::Window,
        {},
        {"input_shape", "weight", "bias", "stride", "padding", "dilation", "groups"},
        {}}},
      {"Conv2d",
       {Kind::Window,
        {},
        {"input_shape", "weight", "bias", "stride", "padding", "dilation", "groups"},
        {}}},
      {"SumPool2d", {Kind::Window, {}, {"kernel_size", "stride", "padding"}, {}}},
      {"AvgPool2d", {Kind::Window, {}, {"kernel_size", "stride", "padding"}, {}}},
      {"Flatten", {Kind::Flatten, {}, {"start_dim", "end_dim", "input_type"}, {}}},
      {"Scale", {Kind::Elementwise, {{"scale"}}, {}, {}}},
      {"Threshold", {Kind::Elementwise, {{"threshold"}}, {}, {}, false, true}},
      {"Delay", {Kind::Elementwise, {{"delay"}}, {}, {"dt"}, true}},
      {"I", {Kind::Elementwise, {r}, {}, {"dt", "drive"}, true}},
      {"IF", {Kind::Elementwise, {r, threshold, reset}, {}, {"dt", "drive", "reset"}, true, true}},
      {"LI", {Kind::Elementwise, {tau, r, leak}, {}, {"dt", "integrator"}, true}},
      {"LIF",
       {Kind::Elementwise,
        {tau, r, leak, threshold, reset},
        {},
        {"dt", "integrator", "reset"},
        true,
        true}},
      {"CubaLI",
       {Kind::Elementwise,
        {synapse, membrane, r, leak, weight},
        {},
        {"dt", "integrator", "cuba_order"},
        true}},
      {"CubaLIF",
       {Kind::Elementwise,
        {synapse, membrane, r, leak, threshold, weight, reset},
        {},
        {"dt", "integrator", "reset", "cuba_order"},
        true,
        true}},
  };
  return table;
}

} // namespace basalt::import
