// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An image as text.
#include "runtime/neurocore/Inspect.h"

#include "runtime/neurocore/Microcode.h"
#include "runtime/neurocore/Synapses.h"
#include "runtime/neurocore/Verify.h"

#include <algorithm>
#include <array>
#include <map>

using namespace basalt;
using namespace basalt::nc;

/// Of a resource that the target does not bound.
static constexpr int64_t kNoLimit = int64_t(1) << 62;

namespace {
class TextPrinter {
public:
  TextPrinter(const Image &image, const InspectOptions &options) : image(image), options(options) {}

  void print(const std::string &id);
  std::string text;

private:
  void line(unsigned depth, const std::string &content) {
    text += std::string(2 * depth, ' ') + content + "\n";
  }
  void programs();
  void core(const Core &core);
  void group(const Core &core, size_t number);
  void axons(const Core &core);
  void inAxon(const Core &core, const InAxon &axon, size_t number);
  void outAxon(const OutAxon &axon, const std::string &source);
  void vars();
  void fragment(const Fragment &fragment);
  void embedded();

  std::string placeOf(uint32_t core) const {
    return std::to_string(image.cores[core].chip) + "." + std::to_string(image.cores[core].core);
  }
  std::string locationText(const SourceLocation &location) const {
    if (location.file >= image.files.size())
      return "";
    return image.files[location.file] + ":" + std::to_string(location.line) + ":" +
           std::to_string(location.column);
  }

  const Image &image;
  const InspectOptions &options;
};
} // namespace

/// `3 lists`, `1 list`.
static std::string count(uint64_t number, const std::string &what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

static std::string typeText(unsigned bits, bool isSigned) {
  return (isSigned ? "i" : "u") + std::to_string(bits);
}
static std::string elementText(rt::Kind kind, unsigned bits) {
  return kind == rt::Kind::Bool ? "bool" : typeText(bits, kind == rt::Kind::Signed);
}

static std::string shapeText(const std::vector<uint32_t> &shape) {
  std::string result = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    result += (i ? ", " : "") + std::to_string(shape[i]);
  return result + "]";
}

static std::string valuesText(const Values &values, bool all) {
  if (values.all.size() == 1)
    return std::to_string(values.all[0]);
  auto [least, most] = std::minmax_element(values.all.begin(), values.all.end());
  if (!all)
    return std::to_string(*least) + ".." + std::to_string(*most);
  std::string result = "[";
  for (size_t i = 0; i < values.all.size(); ++i)
    result += (i ? ", " : "") + std::to_string(values.all[i]);
  return result + "]";
}

/// Names of the operands as the first group that runs the program has them.
static OperandNames namesFor(const Image &image, uint32_t program) {
  const Group *found = nullptr;
  for (const Core &core : image.cores)
    for (const Group &group : core.groups)
      if (!found && group.program == program)
        found = &group;
  OperandNames names;
  names.nameOf = [&image, found](uint8_t operand) -> std::string {
    using namespace operands;
    if (!found || operand < FirstState || operand >= Zero)
      return "";
    auto nameIn = [](const auto &table, unsigned i) {
      return i < table.size() ? table[i].name : "";
    };
    if (operand >= FirstAccumulator)
      return nameIn(found->accumulators, operand - FirstAccumulator);
    if (operand >= FirstParameter)
      return nameIn(found->parameters, operand - FirstParameter);
    if (operand >= FirstConstant)
      return nameIn(found->constants, operand - FirstConstant);
    return nameIn(image.layouts[found->layout].slots, operand - FirstState);
  };
  return names;
}

void TextPrinter::programs() {
  for (uint32_t i = 0; i < image.programs.size(); ++i) {
    const Program &program = image.programs[i];
    line(0, "program " + std::to_string(i) + " '" + program.name + "', " +
                count(program.words.size(), "word"));
    OperandNames names = namesFor(image, i);
    for (size_t k = 0; k < program.words.size(); ++k) {
      std::string content = disassemble({program.words[k]}, &names);
      content.pop_back();
      std::string place = program.locations.empty() ? "" : locationText(program.locations[k]);
      if (!place.empty())
        content += std::string(content.size() < 36 ? 36 - content.size() : 1, ' ') + "# " + place;
      line(1, std::to_string(k) + ": " + content);
    }
  }
}

//===-- Cores
//------------------------------------------------------------------------------------===//

void TextPrinter::group(const Core &core, size_t number) {
  const Group &group = core.groups[number];
  line(1, "group " + std::to_string(number) + " '" + group.name + "', " +
              count(group.count, "neuron") +
              (group.elements.empty() ? " from element " + std::to_string(group.firstElement)
                                      : ", elements " + valuesText({group.elements}, options.all)) +
              " of population " + std::to_string(group.population) + ", " +
              (group.program == kNone ? "fixed" : "program " + std::to_string(group.program)));
  const std::vector<Slot> &slots = image.layouts[group.layout].slots;
  for (size_t i = 0; i < slots.size(); ++i)
    line(2, "s" + std::to_string(i) + " " + slots[i].name + ": " +
                typeText(slots[i].bits, slots[i].isSigned) + " " + nameOf(slots[i].store) + " = " +
                valuesText(group.state[i], options.all));
  for (size_t i = 0; i < group.accumulators.size(); ++i)
    line(2, "a" + std::to_string(i) + " " + group.accumulators[i].name + ": " +
                typeText(group.accumulators[i].bits, true) + ", " +
                count(group.accumulators[i].slots, "slot"));
  for (size_t i = 0; i < group.constants.size(); ++i)
    line(2, "k" + std::to_string(i) + " " + group.constants[i].name + " = " +
                std::to_string(group.constants[i].value));
  for (size_t i = 0; i < group.parameters.size(); ++i)
    line(2, "p" + std::to_string(i) + " " + group.parameters[i].name + ": " +
                typeText(group.parameters[i].bits, group.parameters[i].isSigned) + " = " +
                valuesText(group.parameters[i].initial, options.all));
  for (const Timer &timer : group.timers)
    line(2, "timer " + timer.name + ": " + std::to_string(timer.offset) + " of every " +
                std::to_string(timer.interval));
  for (size_t i = 0; i < group.outputs.size(); ++i)
    line(2, "output " + std::to_string(i) + " " + group.outputs[i].name + ": " +
                typeText(group.outputs[i].bits, group.outputs[i].isSigned));
  for (const RandomSite &site : group.sites)
    line(2, "random " + std::to_string(site.stream) + ", " + std::to_string(site.key));
  for (const CubaConfig &cuba : group.cuba)
    line(2, "fixed du " + std::to_string(cuba.du) + ", dv " + std::to_string(cuba.dv) + ", vth " +
                std::to_string(cuba.vth) + ", bias " + std::to_string(cuba.bias) + " << " +
                std::to_string(cuba.biasExponent));
}

void TextPrinter::outAxon(const OutAxon &axon, const std::string &source) {
  line(2, source + " neurons " + std::to_string(axon.first) + ".." +
              std::to_string(axon.first + axon.count - 1) + " to core " + placeOf(axon.core) +
              " axon " + std::to_string(axon.axon) + ", " + nameOf(axon.kind));
}

void TextPrinter::inAxon(const Core &core, const InAxon &axon, size_t number) {
  std::string content = "axon " + std::to_string(number) + " to group " +
                        std::to_string(axon.group) + " a" + std::to_string(axon.accumulator) +
                        " from " + std::to_string(axon.base) + ", list at word " +
                        std::to_string(axon.word) + ":";
  UnpackedList list;
  unpackList(core, axon.word, axon.words, list);
  for (const Synapse &entry : list.entries)
    content += " " + std::to_string(entry.index) + ":" + std::to_string(entry.weight) +
               (entry.delay ? "@" + std::to_string(entry.delay) : "");
  line(2, content);
}

void TextPrinter::axons(const Core &core) {
  std::map<uint32_t, std::pair<unsigned, uint64_t>> lists; // by word: format, entries
  std::map<unsigned, std::array<uint64_t, 3>> byFormat;    // lists, entries, words
  for (const InAxon &axon : core.inAxons) {
    UnpackedList list;
    if (axon.words == 0 || lists.count(axon.word))
      continue;
    unpackList(core, axon.word, axon.words, list);
    lists[axon.word] = {list.format, list.entries.size()};
    std::array<uint64_t, 3> &sums = byFormat[list.format];
    sums[0] += 1;
    sums[1] += list.entries.size();
    sums[2] += axon.words;
  }
  for (size_t i = 0; i < core.formats.size(); ++i) {
    const SynapseFormat &format = core.formats[i];
    const std::array<uint64_t, 3> &sums = byFormat[unsigned(i)];
    line(1, "format " + std::to_string(i) + ": " + nameOf(format.kind) + ", " +
                std::to_string(format.weightBits) + " bit " + nameOf(format.sign) + " << " +
                std::to_string(format.exponent) + ", delay " + std::to_string(format.delayBits) +
                ", index " + std::to_string(format.indexBits) + ", skip " +
                std::to_string(format.skipBits) + (format.graded ? ", graded" : "") + "; " +
                count(sums[0], "list") + ", " + std::to_string(sums[1]) + " entries, " +
                count(sums[2], "word"));
  }
  line(1, count(core.inAxons.size(), "in-axon"));
  if (options.all)
    for (size_t i = 0; i < core.inAxons.size(); ++i)
      inAxon(core, core.inAxons[i], i);
  line(1, count(core.outAxons.size(), "out-axon range"));
  for (const OutAxon &axon : core.outAxons)
    outAxon(axon, "group " + std::to_string(axon.group) + " output " + std::to_string(axon.output));
}

void TextPrinter::core(const Core &core) {
  line(0, "core " + std::to_string(core.chip) + "." + std::to_string(core.core));
  std::optional<Target> target = parseCanonicalText(image.target, nullptr);
  if (target) {
    Usage usage = usageOf(useOf(image, core), *target);
    for (size_t i = 0; i < kResourceCount; ++i)
      if (int64_t limit = limitOf(*target, Resource(i)); usage.amounts[i] != 0 && limit < kNoLimit)
        line(1, std::to_string(usage.amounts[i]) + " of " + std::to_string(limit) + " " +
                    resourceName(Resource(i)));
  }
  for (size_t i = 0; i < core.groups.size(); ++i)
    group(core, i);
  axons(core);
}

//===-- Vars
//-------------------------------------------------------------------------------------===//

void TextPrinter::fragment(const Fragment &fragment) {
  std::string elements = std::to_string(fragment.start);
  if (fragment.count > 1)
    elements += ".." +
                std::to_string(fragment.start + uint64_t(fragment.count - 1) * fragment.stride) +
                (fragment.stride > 1 ? " by " + std::to_string(fragment.stride) : "");
  if (fragment.byElement)
    elements =
        std::to_string(fragment.start) + " + " + std::to_string(fragment.stride) + " * element";
  std::string place = std::string(nameOf(fragment.space)) + " " + std::to_string(fragment.index);
  bool isSynapse = fragment.space == Space::Weight || fragment.space == Space::Delay;
  if (fragment.space == Space::Embedded)
    place = "program " + std::to_string(fragment.index) + " byte";
  else if (fragment.space == Space::Nothing)
    return line(1, "elements with no other place: nowhere, always 0");
  else if (fragment.core == kNone)
    place = "injector " + std::to_string(fragment.index) + " source";
  else if (isSynapse)
    place = "core " + placeOf(fragment.core) + " " + nameOf(fragment.space) +
            " of the list at word " + std::to_string(fragment.index) +
            (fragment.byTarget ? " index" : " entry");
  else
    place = "core " + placeOf(fragment.core) + " group " + std::to_string(fragment.group) + " " +
            place +
            (fragment.space == Space::Accumulator ? " slot +" + std::to_string(fragment.slot) : "");
  bool isShared = fragment.space == Space::Constant || fragment.space == Space::Interval ||
                  fragment.space == Space::Offset;
  if (!isShared)
    place += " from " + std::to_string(fragment.first) +
             (fragment.step != 1 ? " by " + std::to_string(fragment.step) : "") +
             (fragment.copies > 1 ? ", " + std::to_string(fragment.copies) + " times" : "");
  const Transform &transform = fragment.transform;
  if (!transform.isIdentity())
    place += std::string(", raw = (") + (transform.scale < 0 ? "-" : "") + "value + " +
             std::to_string(transform.offset) + ") << " + std::to_string(transform.shift);
  line(1, "[" + elements + "] " + place);
}

void TextPrinter::vars() {
  for (const Var &var : image.vars) {
    std::string access = var.readable && var.writable ? ""
                         : var.writable               ? ", write only"
                         : var.readable               ? ", read only"
                                                      : ", hidden";
    line(0, "var " + var.name + ": " + elementText(var.kind, var.bits) + shapeText(var.shape) +
                access + (var.settled ? ", not set before the first step" : "") +
                (var.summed ? ", the sum of its places" : "") +
                (var.reason.empty() ? "" : " (" + var.reason + ")"));
    for (const Fragment &part : var.fragments)
      fragment(part);
  }
  for (const Port &port : image.ports) {
    line(0, "port " + port.name + ": " + elementText(port.kind, port.bits) + shapeText(port.shape));
    for (const Fragment &part : port.fragments)
      fragment(part);
  }
  for (const Alias &alias : image.aliases)
    line(0, "alias " + alias.alias + " = " + alias.target);
}

//===-- Embedded programs
//------------------------------------------------------------------------===//

void TextPrinter::embedded() {
  for (const Injector &injector : image.injectors) {
    line(0, "injector " + injector.name + ": " + typeText(injector.bits, injector.isSigned) + "[" +
                std::to_string(injector.count) + "]");
    for (const OutAxon &axon : injector.axons)
      outAxon(axon, "sources as");
  }
  for (const Channel &channel : image.channels)
    line(0, "channel " + channel.name + ": " + elementText(channel.kind, channel.bits) +
                shapeText(channel.shape) + ", depth " + std::to_string(channel.depth) +
                ", from program " + std::to_string(channel.source) + " to program " +
                std::to_string(channel.target));
  for (uint32_t i = 0; i < image.embedded.size(); ++i) {
    const EmbeddedProgram &program = image.embedded[i];
    line(0, "embedded program " + std::to_string(i) + " '" + program.name + "' on cpu " +
                std::to_string(program.chip) + "." + std::to_string(program.cpu) + ", " +
                count(program.object.size(), "byte") + ", memory " +
                std::to_string(program.memoryBytes) + ", fuel " + std::to_string(program.fuel));
    for (uint32_t injector : program.injectors)
      line(1, "sends to " + image.injectors[injector].name);
    for (uint32_t channel : program.channels)
      line(1, (image.channels[channel].source == i ? "sends to " : "receives from ") +
                  image.channels[channel].name);
    for (uint32_t var : program.reads)
      line(1, "reads " + image.vars[var].name);
    for (uint32_t var : program.writes)
      line(1, "writes " + image.vars[var].name);
    for (const EmbeddedCall &call : image.calls)
      if (call.program == i)
        line(1, std::string(nameOf(call.phase)) + " of '" + image.processes[call.process].name +
                    "' at " + std::to_string(call.address));
    if (options.disassembler)
      text += options.disassembler(image, i);
  }
}

void TextPrinter::print(const std::string &id) {
  uint64_t neurons = 0, words = 0;
  for (const Core &part : image.cores) {
    words += part.synapses.size();
    for (const Group &group : part.groups)
      neurons += group.count;
  }
  std::optional<Target> target = parseCanonicalText(image.target, nullptr);
  line(0, "image '" + image.name + "' " + id);
  line(0, "format " + std::to_string(kFormatMajor) + "." + std::to_string(kFormatMinor) +
              ", target " + (target ? target->name : "?") + ", seed " + std::to_string(image.seed));
  line(0, count(image.cores.size(), "core") + ", " + count(neurons, "neuron") + ", " +
              count(words, "synapse word"));
  for (const std::string &option : image.options)
    line(0, "option " + option);
  for (const Remark &remark : image.remarks)
    line(0, remark.key + ": " + remark.value);
  programs();
  for (const Core &part : image.cores)
    core(part);
  vars();
  embedded();
}

std::string basalt::nc::inspectText(const Image &image, const std::string &id,
                                    const InspectOptions &options) {
  TextPrinter printer(image, options);
  printer.print(id);
  return printer.text;
}
