// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layers of .net files whose synapses move a kernel over an image.
#ifndef BASALT_COMPILER_IMPORT_NETIMAGE_H
#define BASALT_COMPILER_IMPORT_NETIMAGE_H

#include "compiler/import/NetLayer.h"

namespace basalt::import {

/// The synapses of a layer, as a process.
struct NetSynapse {
  std::string className;
  std::vector<Setting> values;
  std::vector<int64_t> output; ///< x, y, channels
};

/// Whether layers of this type are such: conv, pool, convT, unpool.
bool isImageType(const std::string &type);

/// `input` is what comes, x, y and channels. What does not fit is reported.
std::optional<NetSynapse> readNetImage(const NetReader &layer, const std::string &type,
                                       const std::vector<int64_t> &input);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NETIMAGE_H
