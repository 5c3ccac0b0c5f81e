// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of the verifier: one class, whose functions are in the files by subject. Each returns
// false when something is wrong, and has then said so in `error`.
#ifndef BASALT_RUNTIME_NEUROCORE_VERIFYIMPL_H
#define BASALT_RUNTIME_NEUROCORE_VERIFYIMPL_H

#include "runtime/neurocore/Verify.h"
#include "runtime/neurocore/VerifyProgram.h"

#include <map>
#include <set>

namespace basalt::nc {

/// Where in the image something stands: `cores[0].groups[2]`. Becomes text only in an error.
class Path {
public:
  explicit Path(const char *name, size_t index = kNoIndex, const Path *parent = nullptr)
      : parent(parent), name(name), index(index) {}
  Path at(const char *child, size_t childIndex = kNoIndex) const {
    return Path(child, childIndex, this);
  }
  std::string text() const {
    std::string result = parent ? parent->text() + "." + name : name;
    return index == kNoIndex ? result : result + "[" + std::to_string(index) + "]";
  }

private:
  static constexpr size_t kNoIndex = ~size_t(0);

  const Path *parent;
  const char *name;
  size_t index;
};

class ImageVerifier {
public:
  explicit ImageVerifier(const Image &image) : image(image) {}
  std::string run();

private:
  // Verify.cpp
  bool checkTarget();
  bool checkTables();
  bool checkLayout(const StateLayout &layout, const Path &path);
  bool checkCores();
  bool checkElements(const Group &group, const Path &path);
  bool checkGroup(const Core &core, const Group &group, const Path &path);
  bool checkGroupTables(const Group &group, const Path &path);
  bool checkProgram(const Group &group, const Path &path);
  bool checkCubaWidths(const CubaConfig &cuba, const Path &path);
  bool checkCuba(const Group &group, const Path &path);
  bool checkValues(const Values &values, uint32_t count, unsigned bits, bool isSigned,
                   const Path &path, bool isUp = false);
  bool checkPayload(uint8_t bits, bool isSigned, const Path &path);
  bool checkResources(const Core &core, const Path &path);

  // VerifyAxons.cpp
  bool checkFormat(const SynapseFormat &format, const Path &path);
  /// What is known of a list, and what it needs of a group.
  struct ListFacts {
    uint32_t words = 0, entries = 0;
    uint64_t neurons = 0;
    uint32_t slots = 1;
  };
  using ListMap = std::map<uint32_t, ListFacts>; // by first word
  bool addList(const Core &core, const InAxon &axon, ListMap &known, const Path &path);
  bool checkInAxons(const Core &core, const Path &path);
  bool checkOutAxons(const Core &core, const Path &path);
  bool checkAtoms(const OutAxon &axon, const std::vector<InAxon> &axons, const Path &path);
  bool checkDestination(const OutAxon &axon, uint32_t sources, const Path &path);
  bool checkInjectors();

  // VerifyVars.cpp
  bool checkVars();
  bool checkShape(const std::vector<uint32_t> &shape, uint64_t &elements, const Path &path);
  bool checkVar(const Var &var, const Path &path);
  bool checkPort(const Port &port, const Path &path);
  bool checkNames();
  bool checkByElement(const Fragment &fragment, const Path &path);
  bool checkFragment(const Fragment &fragment, uint64_t elements, const Path &path);
  bool checkPlace(const Fragment &fragment, const Path &path);
  bool checkNeuronPlace(const Fragment &fragment, const Group &group, const Path &path);
  bool checkSynapsePlace(const Fragment &fragment, const Path &path);
  bool checkCoverage(const std::vector<Fragment> &fragments, uint64_t elements, const Path &path);

  // VerifyEmbedded.cpp
  bool checkEmbedded();
  bool checkEmbeddedProgram(uint32_t number, const Path &path);
  bool checkChannel(const Channel &channel, const Path &path);
  bool checkReferences(const std::vector<uint32_t> &indices, size_t count, const Path &path);
  bool checkCalls();

  bool fail(const Path &path, const std::string &message) {
    if (error.empty())
      error = path.text() + " " + message;
    return false;
  }
  /// `value` is in least..most.
  bool range(const Path &path, int64_t value, int64_t least, int64_t most) {
    if (value >= least && value <= most)
      return true;
    return fail(path, "is " + std::to_string(value) + ", expected " + std::to_string(least) +
                          " to " + std::to_string(most));
  }
  /// `index` refers to one of `count`.
  bool index(const Path &path, uint64_t index, uint64_t count) {
    if (index < count)
      return true;
    return fail(path,
                "is " + std::to_string(index) + ", expected less than " + std::to_string(count));
  }
  bool size(const Path &path, uint64_t size, uint64_t least, uint64_t most) {
    if (size >= least && size <= most)
      return true;
    return fail(path, "has " + std::to_string(size) + " entries, expected " +
                          (least == most ? "" : std::to_string(least) + " to ") +
                          std::to_string(most));
  }

  const Image &image;
  Target target;
  std::string error;
  std::vector<ListMap> lists; // by core
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_VERIFYIMPL_H
