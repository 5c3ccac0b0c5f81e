// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The object of an embedded program: an ELF file for RV64IM, linked, that nothing has to be done to
// but to copy its segments. Read here from bytes of unknown origin.
#ifndef BASALT_RUNTIME_NEUROCORE_EMBEDDEDOBJECT_H
#define BASALT_RUNTIME_NEUROCORE_EMBEDDEDOBJECT_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::nc {

/// A part of memory that has contents at the start; what is beyond them is zero.
struct ObjectSegment {
  uint32_t address = 0, bytes = 0;
  bool writable = false, executable = false;
  std::string_view contents;
};

/// How a program lies in its memory (see EmbeddedCalls.h): nothing below kStackBase, the stack up
/// to `stackTop`, one segment of code and constants, then data.
struct ObjectLayout {
  std::vector<ObjectSegment> segments; ///< ascending
  uint32_t stackTop = 0;
  uint32_t codeStart = 0, codeEnd = 0; ///< what can be executed
  uint32_t dataStart = 0;              ///< from here on, memory can be written
};

/// Reads the layout of `object` in a memory of `memoryBytes`. Returns what is wrong, or nothing.
/// `layout` refers to the bytes of `object`.
std::string readObject(std::string_view object, uint32_t memoryBytes, ObjectLayout &layout);

/// The section that tells where code is from: little-endian numbers of 32 bits, first those of rows
/// and of files, then for each row address, file, line (0: unknown) and column, ascending in the
/// address, then the names of the files, each with a zero behind it.
inline constexpr const char *kLineSection = ".basalt.lines";

struct LineRow {
  uint32_t address, file, line, column;
};

struct LineTable {
  std::vector<LineRow> rows;
  std::vector<std::string> files;

  /// The row of the code at `address`; null if nothing is known about it.
  const LineRow *find(uint32_t address) const;
  /// `net.yaml:12:5`, or nothing.
  std::string describe(uint32_t address) const;
};

/// The line table of `object`, empty if it has none, or not one that makes sense.
LineTable readLines(std::string_view object);

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_EMBEDDEDOBJECT_H
