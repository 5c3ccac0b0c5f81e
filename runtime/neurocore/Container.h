// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file around an image: ELF64, little-endian, of no machine, with one section for each memory.
// The usual tools list, dump and extract them.
#ifndef BASALT_RUNTIME_NEUROCORE_CONTAINER_H
#define BASALT_RUNTIME_NEUROCORE_CONTAINER_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::nc {

/// Types of sections, in ELF's range for users; notes have ELF's own type.
enum class SectionType : uint32_t {
  Note = 7,
  Manifest = 0x80000000,
  Words = 0x80000001,   ///< programs, synapses
  Values = 0x80000002,  ///< initial state
  Records = 0x80000003, ///< axons
  Object = 0x80000004,  ///< an embedded program
  Text = 0x80000005,    ///< the target
};

struct Section {
  std::string name;
  SectionType type = SectionType::Words;
  uint32_t entrySize = 0;
  std::string bytes;
};

/// A name for bytes of a section, for tools such as nm.
struct Symbol {
  std::string name;
  uint32_t section = 0; ///< in the list of sections
  uint64_t offset = 0, size = 0;
};

/// The bytes of a file. Equal content gives equal bytes.
std::string writeContainer(const std::vector<Section> &sections,
                           const std::vector<Symbol> &symbols);

/// A section of a file in memory.
struct SectionView {
  std::string_view name;
  uint32_t type = 0;
  std::string_view bytes;
};

/// Reads the list of sections of a file of unknown origin; symbols and strings are not among them.
/// Returns what is wrong, or nothing.
std::string readContainer(std::string_view file, std::vector<SectionView> &sections);

/// The symbols of such a file; none if its table is damaged.
std::vector<Symbol> readSymbols(std::string_view file);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_CONTAINER_H
