// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images for people: as text, as JSON, and the differences of two.
#ifndef BASALT_RUNTIME_NEUROCORE_INSPECT_H
#define BASALT_RUNTIME_NEUROCORE_INSPECT_H

#include "runtime/neurocore/Image.h"

#include <functional>

namespace basalt::nc {

/// Lines of an embedded program's code; whoever can makes them.
using Disassembler = std::function<std::string(const Image &, uint32_t program)>;

struct InspectOptions {
  bool all = false; ///< also each axon, synapse and initial value
  Disassembler disassembler;
};

/// The image as text, part by part.
std::string inspectText(const Image &image, const std::string &id, const InspectOptions &options);

/// Everything of the image, in the names of docs/image.fbs; synapses as lists, programs also as
/// text.
std::string inspectJson(const Image &image, const std::string &id);

/// A line for each field that differs, `cores[0].groups[1].count: 5, 6`; none if the images are
/// equal.
std::string compareImages(const Image &a, const Image &b);

/// How the values of an enumeration are written.
const char *nameOf(rt::Kind kind);
const char *nameOf(StoreMode mode);
const char *nameOf(SynapseKind kind);
const char *nameOf(SignMode mode);
const char *nameOf(AxonKind kind);
const char *nameOf(Space space);
const char *nameOf(EntryPhase phase);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_INSPECT_H
