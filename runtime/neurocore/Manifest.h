// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables of an image as a FlatBuffer, the manifest: everything except the vectors that are
// sections of their own, of which it has the lengths.
#ifndef BASALT_RUNTIME_NEUROCORE_MANIFEST_H
#define BASALT_RUNTIME_NEUROCORE_MANIFEST_H

#include "runtime/neurocore/ImageFields.h"

#include <string_view>

namespace basalt::nc {

inline constexpr const char *kManifestId = "NCIM";

/// Another section of the file: its size and SHA-256 (64 hexadecimal digits).
struct SectionDigest {
  std::string name;
  uint64_t size = 0;
  std::string sha256;
};

/// The root table. `required` and `optional` are sets of features: a reader refuses an image with a
/// required one that it does not know.
struct Manifest {
  uint16_t major = kFormatMajor, minor = kFormatMinor;
  uint64_t required = 0, optional = 0;
  std::vector<SectionDigest> sections;
  Image image;
};

/// What the manifest says of the length of a vector: of values, their number times four plus the
/// logarithm of the bytes of each.
template <typename T> uint32_t rawLength(const std::vector<T> &vector) {
  return uint32_t(vector.size());
}
uint32_t rawLength(const std::vector<int64_t> &values);

/// Lengths of the raw vectors in the order in which a visitor meets them.
using RawLengths = std::vector<uint32_t>;

std::string writeManifest(const Manifest &manifest);

/// Reads a manifest of unknown origin: an error, or nothing and `manifest` and `lengths` are there.
/// Needs memory in proportion to the size of `bytes`.
std::string readManifest(std::string_view bytes, Manifest &manifest, RawLengths &lengths);

/// The name of a field in schemas and JSON: `first_element`.
std::string fieldName(std::string_view name);

/// The schema of the manifest in the language of FlatBuffers.
std::string manifestSchema();

template <> struct Fields<SectionDigest> {
  static constexpr const char *name = "SectionDigest";
  template <typename S, typename V> static void visit(S &s, V &v) {
    v("name", s.name);
    v("size", s.size);
    v("sha256", s.sha256);
  }
};

template <> struct Fields<Manifest> {
  static constexpr const char *name = "Manifest";
  template <typename S, typename V> static void visit(S &s, V &v) {
    v("major", s.major);
    v("minor", s.minor);
    v("required", s.required);
    v("optional", s.optional);
    v("sections", s.sections);
    v("image", s.image);
  }
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_MANIFEST_H
