// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images as files (.nci). docs/image.md describes the format.
#ifndef BASALT_RUNTIME_NEUROCORE_IMAGEFILE_H
#define BASALT_RUNTIME_NEUROCORE_IMAGEFILE_H

#include "runtime/neurocore/Image.h"

#include <string_view>

namespace basalt::nc {

/// The file of an image; the same image has the same bytes.
std::string imageBytes(const Image &image);

struct ReadOptions {
  /// Whether digests must be right. Only tests do without, to reach what stands behind them.
  bool checkDigests = true;
};

/// Reads and verifies a file of unknown origin. Returns what is wrong, or nothing. Needs memory in
/// proportion to the size of the file.
std::string readImage(std::string_view file, Image &image, const ReadOptions &options = {});

/// The id of an image: the SHA-256 of its manifest, which has those of all other sections.
std::string imageId(std::string_view file);

/// The same with files. Both throw rt::InputError, `cannot read 'x.nci': ...`.
void writeImageFile(const std::string &path, const Image &image);
Image readImageFile(const std::string &path);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_IMAGEFILE_H
