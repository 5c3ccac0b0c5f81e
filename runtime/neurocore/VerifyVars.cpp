// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The verifier: Vars, ports, and the places of their elements.
#include "runtime/neurocore/VerifyImpl.h"

#include "runtime/native/View.h"

#include <unordered_set>

using namespace basalt::nc;

/// Elements of a Var: what the emulator makes of few bytes.
static constexpr uint64_t kMostElements = uint64_t(1) << 28;

bool ImageVerifier::checkShape(const std::vector<uint32_t> &shape, uint64_t &elements,
                               const Path &path) {
  if (!size(path.at("shape"), shape.size(), 0, rt::kMaxRank))
    return false;
  elements = 1;
  for (uint32_t extent : shape) {
    elements *= extent;
    if (elements > kMostElements)
      return fail(path.at("shape"), "has more than " + std::to_string(kMostElements) + " elements");
  }
  return true;
}

//===-- Places
//-----------------------------------------------------------------------------------===//

bool ImageVerifier::checkNeuronPlace(const Fragment &fragment, const Group &group,
                                     const Path &path) {
  size_t counts[] = {image.layouts[group.layout].slots.size(), group.parameters.size(), 0,
                     group.accumulators.size()};
  size_t count =
      fragment.space == Space::Output ? group.outputs.size() : counts[unsigned(fragment.space)];
  if (!index(path.at("index"), fragment.index, count))
    return false;
  uint64_t last = fragment.first + uint64_t(fragment.count - 1) * fragment.step +
                  uint64_t(fragment.copies - 1) * fragment.copyStep;
  if (last >= group.count)
    return fail(path,
                "goes to neuron " + std::to_string(last) + " of " + std::to_string(group.count));
  uint32_t slots =
      fragment.space == Space::Accumulator ? group.accumulators[fragment.index].slots : 1;
  return index(path.at("slot"), fragment.slot, slots);
}

bool ImageVerifier::checkSynapsePlace(const Fragment &fragment, const Path &path) {
  const ListMap &known = lists[fragment.core];
  auto list = known.find(fragment.index);
  if (list == known.end())
    return fail(path.at("index"),
                "is " + std::to_string(fragment.index) + ", where no list begins");
  if (fragment.copies != 1)
    return fail(path.at("copies"), "is " + std::to_string(fragment.copies) + ", expected 1");
  if (fragment.byTarget)
    return true;
  uint64_t last = fragment.first + uint64_t(fragment.count - 1) * fragment.step;
  return last < list->second.entries ||
         fail(path, "goes to entry " + std::to_string(last) + " of " +
                        std::to_string(list->second.entries));
}

bool ImageVerifier::checkPlace(const Fragment &fragment, const Path &path) {
  if (fragment.space == Space::Nothing)
    return true;
  if (fragment.space == Space::Embedded) {
    if (!index(path.at("index"), fragment.index, image.embedded.size()))
      return false;
    bool isWidth =
        fragment.bits == 8 || fragment.bits == 16 || fragment.bits == 32 || fragment.bits == 64;
    if (!isWidth)
      return fail(path.at("bits"),
                  "is " + std::to_string(fragment.bits) + ", expected 8, 16, 32 or 64");
    uint64_t end = fragment.first + uint64_t(fragment.count - 1) * fragment.step +
                   uint64_t(fragment.copies - 1) * fragment.copyStep + fragment.bits / 8;
    uint64_t memory = image.embedded[fragment.index].memoryBytes;
    return end <= memory ||
           fail(path, "goes to byte " + std::to_string(end) + " of " + std::to_string(memory));
  }
  if (fragment.space == Space::Output && fragment.core == kNone) {
    if (!index(path.at("index"), fragment.index, image.injectors.size()))
      return false;
    uint64_t last = fragment.first + uint64_t(fragment.count - 1) * fragment.step;
    uint32_t sources = image.injectors[fragment.index].count;
    return last < sources ||
           fail(path, "goes to source " + std::to_string(last) + " of " + std::to_string(sources));
  }
  if (!index(path.at("core"), fragment.core, image.cores.size()))
    return false;
  if (fragment.space == Space::Weight || fragment.space == Space::Delay)
    return checkSynapsePlace(fragment, path);
  const Core &core = image.cores[fragment.core];
  if (!index(path.at("group"), fragment.group, core.groups.size()))
    return false;
  const Group &group = core.groups[fragment.group];
  bool isShared = fragment.space == Space::Constant || fragment.space == Space::Interval ||
                  fragment.space == Space::Offset;
  if (!isShared)
    return checkNeuronPlace(fragment, group, path);
  size_t constants = group.cuba.empty() ? group.constants.size() : kCubaNumbers;
  size_t count = fragment.space == Space::Constant ? constants : group.timers.size();
  return index(path.at("index"), fragment.index, count) &&
         range(path.at("count"), fragment.count, 1, 1) &&
         range(path.at("copies"), fragment.copies, 1, 1);
}

bool ImageVerifier::checkFragment(const Fragment &fragment, uint64_t elements, const Path &path) {
  if (!range(path.at("count"), fragment.count, 1, int64_t(elements)) ||
      !range(path.at("stride"), fragment.stride, fragment.count > 1, UINT32_MAX) ||
      !range(path.at("step"), fragment.step, fragment.count > 1, UINT32_MAX) ||
      !range(path.at("copies"), fragment.copies, 1, kMostNeurons) ||
      !range(path.at("copyStep"), fragment.copyStep, fragment.copies > 1, UINT32_MAX) ||
      !range(path.at("transform").at("shift"), fragment.transform.shift, -63, 63))
    return false;
  if (fragment.transform.scale != 1 && fragment.transform.scale != -1)
    return fail(path.at("transform").at("scale"),
                "is " + std::to_string(fragment.transform.scale) + ", expected 1 or -1");
  if (fragment.byElement && !checkByElement(fragment, path))
    return false;
  uint64_t last = elementOf(image, fragment, fragment.count - 1);
  for (uint32_t i = 0; fragment.byElement && i < fragment.count; ++i)
    last = std::max(last, elementOf(image, fragment, i));
  if (last >= elements)
    return fail(path,
                "goes to element " + std::to_string(last) + " of " + std::to_string(elements));
  return checkPlace(fragment, path);
}

/// Whether there are neurons whose numbers can be taken.
bool ImageVerifier::checkByElement(const Fragment &fragment, const Path &path) {
  bool isSynapse = fragment.space == Space::Weight || fragment.space == Space::Delay;
  bool isNeuron = fragment.space == Space::State || fragment.space == Space::Parameter ||
                  fragment.space == Space::Accumulator || fragment.space == Space::Output;
  if (!isNeuron && !(isSynapse && fragment.byTarget))
    return fail(path.at("byElement"), "is true, but these are no neurons");
  if (!index(path.at("core"), fragment.core, image.cores.size()) ||
      !index(path.at("group"), fragment.group, image.cores[fragment.core].groups.size()))
    return false;
  uint64_t last = fragment.first + uint64_t(fragment.count - 1) * fragment.step;
  uint32_t count = image.cores[fragment.core].groups[fragment.group].count;
  return last < count ||
         fail(path, "goes to neuron " + std::to_string(last) + " of " + std::to_string(count));
}

/// Every element is somewhere.
bool ImageVerifier::checkCoverage(const std::vector<Fragment> &fragments, uint64_t elements,
                                  const Path &path) {
  uint64_t places = 0;
  for (const Fragment &fragment : fragments)
    places += fragment.count;
  if (places < elements)
    return fail(path, "has " + std::to_string(elements) + " elements, and fragments for " +
                          std::to_string(places));
  for (const Fragment &fragment : fragments)
    if (fragment.space == Space::Nothing && fragment.count == elements && fragment.stride == 1)
      return true;
  std::vector<bool> covered(elements);
  for (const Fragment &fragment : fragments)
    for (uint32_t i = 0; i < fragment.count; ++i)
      covered[elementOf(image, fragment, i)] = true;
  for (uint64_t i = 0; i < elements; ++i)
    if (!covered[i])
      return fail(path, "has no fragment for element " + std::to_string(i));
  return true;
}

//===-- Vars and ports
//---------------------------------------------------------------------------===//

bool ImageVerifier::checkVar(const Var &var, const Path &path) {
  uint64_t elements = 0;
  bool isBool = var.kind == rt::Kind::Bool;
  if (var.kind == rt::Kind::Float)
    return fail(path.at("kind"), "is a float, which no neurocore has");
  if (!range(path.at("bits"), var.bits, 1,
             isBool                         ? 1
             : var.kind == rt::Kind::Signed ? 64
                                            : 63) ||
      !checkShape(var.shape, elements, path))
    return false;
  for (size_t i = 0; i < var.fragments.size(); ++i) {
    const Fragment &fragment = var.fragments[i];
    Path at = path.at("fragments", i);
    if (!checkFragment(fragment, elements, at))
      return false;
    if (var.writable && fragment.space == Space::Output)
      return fail(at.at("space"), "is an output, but the Var is writable");
  }
  if (var.probe.call != kNone) {
    if (!index(path.at("probe").at("call"), var.probe.call, image.calls.size()))
      return false;
    if (image.calls[var.probe.call].phase != EntryPhase::PostManagement)
      return fail(path.at("probe").at("call"), "is of another phase than post_mgmt");
  }
  if (var.summed && var.writable)
    return fail(path.at("summed"), "is true, but the Var is writable");
  bool isHidden = !var.readable && !var.writable;
  return isHidden || checkCoverage(var.fragments, elements, path);
}

bool ImageVerifier::checkPort(const Port &port, const Path &path) {
  uint64_t elements = 0;
  if (port.kind == rt::Kind::Float)
    return fail(path.at("kind"), "is a float, which no neurocore has");
  if (!range(path.at("bits"), port.bits, 1, port.kind == rt::Kind::Bool ? 1 : 64) ||
      !checkShape(port.shape, elements, path))
    return false;
  for (size_t i = 0; i < port.fragments.size(); ++i) {
    if (!checkFragment(port.fragments[i], elements, path.at("fragments", i)))
      return false;
    // What an embedded process sends is in its memory.
    if (port.fragments[i].space != Space::Output && port.fragments[i].space != Space::Embedded)
      return fail(path.at("fragments", i).at("space"), "is no output");
  }
  return true;
}

bool ImageVerifier::checkNames() {
  std::unordered_set<std::string> names, vars;
  auto add = [&](const std::string &name, const Path &path) {
    if (name.empty() || name.find('\0') != name.npos)
      return fail(path.at("name"), "is empty or has a zero in it");
    return names.insert(name).second || fail(path.at("name"), "'" + name + "' is there twice");
  };
  for (size_t i = 0; i < image.vars.size(); ++i) {
    if (!add(image.vars[i].name, Path("vars", i)))
      return false;
    vars.insert(image.vars[i].name);
  }
  for (size_t i = 0; i < image.ports.size(); ++i)
    if (!add(image.ports[i].name, Path("ports", i)))
      return false;
  for (size_t i = 0; i < image.aliases.size(); ++i) {
    const Alias &alias = image.aliases[i];
    if (!add(alias.alias, Path("aliases", i)))
      return false;
    if (vars.count(alias.target) == 0)
      return fail(Path("aliases", i).at("target"), "'" + alias.target + "' is no Var");
  }
  return true;
}

bool ImageVerifier::checkVars() {
  uint64_t elements = 0;
  for (size_t i = 0; i < image.vars.size(); ++i) {
    if (!checkVar(image.vars[i], Path("vars", i)))
      return false;
    uint64_t count = 1;
    for (uint32_t extent : image.vars[i].shape)
      count *= extent;
    elements += count;
    if (elements > kMostElements)
      return fail(Path("vars", i),
                  "is beyond " + std::to_string(kMostElements) + " elements of all Vars");
  }
  for (size_t i = 0; i < image.ports.size(); ++i)
    if (!checkPort(image.ports[i], Path("ports", i)))
      return false;
  return checkNames();
}
