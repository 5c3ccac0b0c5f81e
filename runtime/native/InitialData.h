// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Initial values of all states and default options of a program: the part that changes without a
// rebuild. The compiler writes it, to a file of its own or behind an executable; the program maps
// it.
//
// Format (little-endian, version kInitialDataVersion). All offsets count from the first byte of the
// container, and everything is checked against its size before it is used.
//
//   header    char[8] "BSLTDATA", u32 version, u32 contract version, u64 size of the container,
//             u32 number of defaults, u32 number of states
//   defaults  each: u32 length, bytes (not terminated)
//   padding   to a multiple of 8
//   states    each 40 bytes: u64 offset and u64 length of the name, u32 mode (0 zeros, 1 whole,
//             2 one element, repeated, 3 zeros until a rule, 4 a distribution makes it: see
//             DrawnValues.h), u32 zero, u64 offset and u64 size of the data
//   names, then data, each piece of which starts at a multiple of 64
//   trailer   only behind an executable: u64 size of the container, char[8] "BSLTTAIL"
#ifndef BASALT_RUNTIME_NATIVE_INITIALDATA_H
#define BASALT_RUNTIME_NATIVE_INITIALDATA_H

#include "runtime/native/DrawnValues.h"
#include "runtime/native/Simulation.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace basalt::rt {

inline constexpr uint32_t kInitialDataVersion = 2;

/// The initial value of one state.
struct InitialValue {
  enum Mode : uint32_t { Zeros = 0, Whole = 1, Repeated = 2, ByRule = 3, Drawn = 4 };

  std::string name; // of the state, as in StateInfo
  Mode mode = Zeros;
  /// The bytes in the layout of the state (Whole), or one element (Repeated), or those of the rule
  /// or distribution. Not owned: it must live until the container is written.
  const void *data = nullptr;
  size_t size = 0;
};

/// What the compiler puts into a container; one entry a state, in the order of the program's table.
struct InitialContents {
  std::vector<std::string> defaults; // arguments, as on the command line
  std::vector<InitialValue> states;
};

/// Writes a container as the file `path` (whole or not at all); throws InputError.
void writeInitialData(const std::string &path, const InitialContents &contents);

/// Appends a container and its trailer to the executable `path`; throws InputError.
void appendInitialData(const std::string &path, const InitialContents &contents);

/// A container, mapped into memory.
class InitialData {
public:
  InitialData() = default; // empty: no defaults, states stay zero
  InitialData(InitialData &&other) noexcept { swap(other); }
  InitialData &operator=(InitialData &&other) noexcept {
    swap(other);
    return *this;
  }
  ~InitialData();

  /// Reads the file `path`, or what stands behind the executable `path` (nothing there: an empty
  /// one). Both throw InputError for anything that is not a container of this version.
  static InitialData fromFile(const std::string &path);
  static InitialData fromExecutable(const std::string &path);

  const std::vector<std::string> &defaults() const { return arguments; }
  bool empty() const { return !mapping; }

  /// Throws InputError if the values are not of these states.
  void check(Table<StateInfo> states) const;
  /// Copies the values into `states`; throws InputError, also if they are damaged.
  void apply(Table<StateInfo> states) const;

  /// What the values of the states are made by that are not there yet, by their numbers; throws
  /// InputError.
  std::vector<std::pair<size_t, DrawnValue>> drawnValues() const;

private:
  struct Entry {
    std::string_view name;
    uint32_t mode;
    std::string_view data;
  };

  void swap(InitialData &other) noexcept;
  void map(const std::string &path);
  void parse(std::string_view container);

  std::string source; // for messages
  void *mapping = nullptr;
  size_t mappingSize = 0;
  std::vector<std::string> arguments;
  std::vector<Entry> entries;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_INITIALDATA_H
