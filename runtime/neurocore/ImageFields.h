// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one list of what the tables of an image consist of. Writer, reader, schema, JSON and
// comparison are visitors of it. A field's place in its table is its id in the file: new ones go to
// the end, and none is ever taken out.
//
// A visitor has
//   operator()(name, field)   numbers, enumerations, strings, tables, and vectors of these
//   raw(name, vector, region) what the file keeps outside the manifest, which has its length
#ifndef BASALT_RUNTIME_NEUROCORE_IMAGEFIELDS_H
#define BASALT_RUNTIME_NEUROCORE_IMAGEFIELDS_H

#include "runtime/neurocore/Image.h"

#include <type_traits>

namespace basalt::nc {

/// The kinds of memory that are sections of their own; from Synapses on, one for each chip.
enum class Region : uint8_t { Programs, Embedded, Synapses, State, InAxons, OutAxons };

/// How many members an enumeration has: a file with others is refused.
constexpr unsigned countOf(rt::Kind) { return 4; }
constexpr unsigned countOf(StoreMode) { return 4; }
constexpr unsigned countOf(SynapseKind) { return 3; }
constexpr unsigned countOf(SignMode) { return 3; }
constexpr unsigned countOf(AxonKind) { return 4; }
constexpr unsigned countOf(Space) { return 11; }
constexpr unsigned countOf(EntryPhase) { return kEntryPhases; }

/// `name` and `visit(table, visitor)`.
template <typename T> struct Fields;

#define BASALT_TABLE(NAME)                                                                         \
  template <> struct Fields<NAME> {                                                                \
    static constexpr const char *name = #NAME;                                                     \
    template <typename S, typename V> static void visit(S &s, V &v);                               \
  };                                                                                               \
  template <typename S, typename V> void Fields<NAME>::visit(S &s, V &v)
#define BASALT_FIELD(NAME) v(#NAME, s.NAME)

BASALT_TABLE(Values) { v.raw("all", s.all, Region::State); }

BASALT_TABLE(SourceLocation) {
  BASALT_FIELD(file);
  BASALT_FIELD(line);
  BASALT_FIELD(column);
}

BASALT_TABLE(Program) {
  BASALT_FIELD(name);
  v.raw("words", s.words, Region::Programs);
  BASALT_FIELD(locations);
}

BASALT_TABLE(Slot) {
  BASALT_FIELD(name);
  BASALT_FIELD(bits);
  BASALT_FIELD(isSigned);
  BASALT_FIELD(store);
}

BASALT_TABLE(StateLayout) {
  BASALT_FIELD(name);
  BASALT_FIELD(slots);
}

BASALT_TABLE(Accumulator) {
  BASALT_FIELD(name);
  BASALT_FIELD(bits);
  BASALT_FIELD(slots);
  BASALT_FIELD(initial);
}

BASALT_TABLE(Constant) {
  BASALT_FIELD(name);
  BASALT_FIELD(value);
}

BASALT_TABLE(Parameter) {
  BASALT_FIELD(name);
  BASALT_FIELD(bits);
  BASALT_FIELD(isSigned);
  BASALT_FIELD(initial);
}

BASALT_TABLE(Timer) {
  BASALT_FIELD(name);
  BASALT_FIELD(interval);
  BASALT_FIELD(offset);
}

BASALT_TABLE(Output) {
  BASALT_FIELD(name);
  BASALT_FIELD(bits);
  BASALT_FIELD(isSigned);
}

BASALT_TABLE(RandomSite) {
  BASALT_FIELD(stream);
  BASALT_FIELD(key);
}

BASALT_TABLE(CubaConfig) {
  BASALT_FIELD(du);
  BASALT_FIELD(dv);
  BASALT_FIELD(vth);
  BASALT_FIELD(bias);
  BASALT_FIELD(biasExponent);
  BASALT_FIELD(decayBits);
  BASALT_FIELD(thresholdBits);
  BASALT_FIELD(thresholdShift);
  BASALT_FIELD(biasBits);
  BASALT_FIELD(biasExponentMost);
}

BASALT_TABLE(Group) {
  BASALT_FIELD(name);
  BASALT_FIELD(count);
  BASALT_FIELD(population);
  BASALT_FIELD(firstElement);
  BASALT_FIELD(program);
  BASALT_FIELD(layout);
  BASALT_FIELD(state);
  BASALT_FIELD(accumulators);
  BASALT_FIELD(constants);
  BASALT_FIELD(parameters);
  BASALT_FIELD(timers);
  BASALT_FIELD(outputs);
  BASALT_FIELD(sites);
  BASALT_FIELD(cuba);
  v.raw("elements", s.elements, Region::State);
}

BASALT_TABLE(SynapseFormat) {
  BASALT_FIELD(kind);
  BASALT_FIELD(sign);
  BASALT_FIELD(weightBits);
  BASALT_FIELD(exponent);
  BASALT_FIELD(delayBits);
  BASALT_FIELD(indexBits);
  BASALT_FIELD(skipBits);
  BASALT_FIELD(graded);
}

BASALT_TABLE(Core) {
  BASALT_FIELD(chip);
  BASALT_FIELD(core);
  BASALT_FIELD(groups);
  BASALT_FIELD(formats);
  v.raw("synapses", s.synapses, Region::Synapses);
  v.raw("inAxons", s.inAxons, Region::InAxons);
  v.raw("outAxons", s.outAxons, Region::OutAxons);
}

/// In the manifest: injectors have few.
BASALT_TABLE(OutAxon) {
  BASALT_FIELD(group);
  BASALT_FIELD(output);
  BASALT_FIELD(kind);
  BASALT_FIELD(first);
  BASALT_FIELD(count);
  BASALT_FIELD(core);
  BASALT_FIELD(axon);
}

BASALT_TABLE(Injector) {
  BASALT_FIELD(name);
  BASALT_FIELD(count);
  BASALT_FIELD(bits);
  BASALT_FIELD(isSigned);
  BASALT_FIELD(axons);
}

BASALT_TABLE(Transform) {
  BASALT_FIELD(scale);
  BASALT_FIELD(shift);
  BASALT_FIELD(offset);
}

BASALT_TABLE(Fragment) {
  BASALT_FIELD(start);
  BASALT_FIELD(count);
  BASALT_FIELD(stride);
  BASALT_FIELD(space);
  BASALT_FIELD(slot);
  BASALT_FIELD(byTarget);
  BASALT_FIELD(core);
  BASALT_FIELD(group);
  BASALT_FIELD(index);
  BASALT_FIELD(first);
  BASALT_FIELD(step);
  BASALT_FIELD(copies);
  BASALT_FIELD(copyStep);
  BASALT_FIELD(bits);
  BASALT_FIELD(transform);
  BASALT_FIELD(byElement);
}

BASALT_TABLE(ProbeMoment) { BASALT_FIELD(call); }

BASALT_TABLE(Var) {
  BASALT_FIELD(name);
  BASALT_FIELD(kind);
  BASALT_FIELD(bits);
  BASALT_FIELD(shape);
  BASALT_FIELD(readable);
  BASALT_FIELD(writable);
  BASALT_FIELD(reason);
  BASALT_FIELD(limited);
  BASALT_FIELD(low);
  BASALT_FIELD(high);
  BASALT_FIELD(probe);
  BASALT_FIELD(fragments);
  BASALT_FIELD(settled);
  BASALT_FIELD(summed);
}

BASALT_TABLE(Port) {
  BASALT_FIELD(name);
  BASALT_FIELD(kind);
  BASALT_FIELD(bits);
  BASALT_FIELD(shape);
  BASALT_FIELD(fragments);
}

BASALT_TABLE(Alias) {
  BASALT_FIELD(alias);
  BASALT_FIELD(target);
}

BASALT_TABLE(EmbeddedProcess) {
  BASALT_FIELD(name);
  BASALT_FIELD(guards);
}

BASALT_TABLE(EmbeddedCall) {
  BASALT_FIELD(phase);
  BASALT_FIELD(process);
  BASALT_FIELD(program);
  BASALT_FIELD(address);
}

BASALT_TABLE(EmbeddedProgram) {
  BASALT_FIELD(name);
  BASALT_FIELD(chip);
  BASALT_FIELD(cpu);
  v.raw("object", s.object, Region::Embedded);
  BASALT_FIELD(memoryBytes);
  BASALT_FIELD(fuel);
  BASALT_FIELD(reads);
  BASALT_FIELD(writes);
  BASALT_FIELD(injectors);
  BASALT_FIELD(channels);
}

BASALT_TABLE(Channel) {
  BASALT_FIELD(name);
  BASALT_FIELD(depth);
  BASALT_FIELD(kind);
  BASALT_FIELD(bits);
  BASALT_FIELD(shape);
  BASALT_FIELD(source);
  BASALT_FIELD(target);
}

BASALT_TABLE(ErrorSite) {
  BASALT_FIELD(location);
  BASALT_FIELD(process);
}

BASALT_TABLE(Remark) {
  BASALT_FIELD(key);
  BASALT_FIELD(value);
}

BASALT_TABLE(Image) {
  BASALT_FIELD(name);
  BASALT_FIELD(target);
  BASALT_FIELD(seed);
  BASALT_FIELD(options);
  BASALT_FIELD(files);
  BASALT_FIELD(programs);
  BASALT_FIELD(layouts);
  BASALT_FIELD(cores);
  BASALT_FIELD(injectors);
  BASALT_FIELD(vars);
  BASALT_FIELD(ports);
  BASALT_FIELD(aliases);
  BASALT_FIELD(processes);
  BASALT_FIELD(embedded);
  BASALT_FIELD(calls);
  BASALT_FIELD(channels);
  BASALT_FIELD(sites);
  BASALT_FIELD(remarks);
}

#undef BASALT_TABLE
#undef BASALT_FIELD

/// Whether `T` is a table.
template <typename T, typename = void> struct IsTable : std::false_type {};
template <typename T> struct IsTable<T, std::void_t<decltype(Fields<T>::name)>> : std::true_type {};

template <typename T> struct IsVector : std::false_type {};
template <typename T> struct IsVector<std::vector<T>> : std::true_type {
  using Item = T;
};

} // namespace basalt::nc

#endif // BASALT_RUNTIME_NEUROCORE_IMAGEFIELDS_H
