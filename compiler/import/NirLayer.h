// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a node of NIR means: its process, the values of that, and the shapes it takes and gives.
#ifndef BASALT_COMPILER_IMPORT_NIRLAYER_H
#define BASALT_COMPILER_IMPORT_NIRLAYER_H

#include "compiler/import/Network.h"
#include "compiler/import/NirGraph.h"
#include "compiler/import/NirOptions.h"

namespace basalt::import {

using Shape = std::vector<int64_t>;

/// What moves over an image: a kernel or the window of a pool.
struct Window {
  Shape kernel, stride, padding, dilation; ///< an extent for each axis of the image
  bool isSame = false;                     ///< padded so that the size stays
  int64_t channels = 0, outChannels = 0;   ///< 0: any, and as many come out
};

/// A node with what is known of it.
struct NirLayer {
  /// How the shape of the output follows.
  enum class Kind : uint8_t { Input, Output, Elementwise, Weights, Window, Flatten };

  const NirNode *node;
  NirMetadata metadata;
  Kind kind = Kind::Elementwise;
  std::vector<Setting> values;        ///< of the instance, but for its shape
  std::optional<Shape> input, output; ///< as declared; later, as they are
  Window window;
  int64_t startAxis = 0, endAxis = -1; ///< of Flatten
  bool hasState = false;               ///< its output can wait for the next step
  bool isSpiking = false;              ///< sends 0 and 1
  bool takesAnyType = true;            ///< of messages; else they are made floats
  bool isStack = false;                ///< weights with axes in front, as NIR_LinearStack

  std::string path() const { return node->group->path; }
};

/// Reads a node's parameters; what is wrong with them goes to the report.
NirLayer readNirLayer(const NirNode &node, const NirChoices &choices, Report &report);

/// The shape that comes out if `input` goes in; reports what does not fit.
std::optional<Shape> outputOf(const NirLayer &layer, const Shape &input, Report &report);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_NIRLAYER_H
