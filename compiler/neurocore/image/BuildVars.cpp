// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vars and ports, core by core.
#include "compiler/neurocore/image/Builder.h"
#include "runtime/native/Arithmetic.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace basalt::neurocore {

static nc::Space spaceNamed(StringRef name) {
  return llvm::StringSwitch<nc::Space>(name)
      .Case("state", nc::Space::State)
      .Case("parameter", nc::Space::Parameter)
      .Case("constant", nc::Space::Constant)
      .Case("accumulator", nc::Space::Accumulator)
      .Case("interval", nc::Space::Interval)
      .Case("offset", nc::Space::Offset)
      .Case("weight", nc::Space::Weight)
      .Case("delay", nc::Space::Delay)
      .Case("output", nc::Space::Output)
      .Case("nothing", nc::Space::Nothing)
      .Default(nc::Space::Embedded);
}

/// What of the place is on each core.
void ImageBuilder::addFragments(PlaceOp place, std::vector<nc::Fragment> &fragments) {
  nc::Fragment fragment;
  fragment.space = spaceNamed(place.getSpace());
  fragment.slot = uint8_t(place.getSlot());
  fragment.index = uint32_t(place.getIndex());
  fragment.transform = {int8_t(int64_t(place.getScale())), int8_t(int64_t(place.getShift())),
                        int64_t(place.getOffset())};
  bool isShared = fragment.space == nc::Space::Constant || fragment.space == nc::Space::Interval ||
                  fragment.space == nc::Space::Offset;
  auto first = int64_t(place.getFirst()), count = int64_t(place.getCount()),
       start = int64_t(place.getStart()), stride = int64_t(place.getStride());
  for (const Part &part : parts[place.getOwnerAttr().getAttr()]) {
    fragment.core = part.core;
    fragment.group = part.group;
    if (isShared) {
      fragments.push_back(fragment);
      continue;
    }
    if (place.getCopies()) {
      fragment.copies = uint32_t(part.count);
      fragment.copyStep = 1;
      fragments.push_back(fragment);
      continue;
    }
    const nc::Group &group = image.cores[part.core].groups[part.group];
    fragment.byElement =
        !group.elements.empty() && first == 0 && count > *llvm::max_element(group.elements);
    if (fragment.byElement) {
      fragment.start = uint32_t(start);
      fragment.count = uint32_t(part.count);
      fragment.stride = uint32_t(stride);
      fragment.first = 0;
      fragments.push_back(fragment);
      continue;
    }
    // Runs of neighbours that the place has.
    for (int64_t neuron = 0, next; neuron < part.count; neuron = next) {
      auto element = int64_t(group.elementOf(uint64_t(neuron)));
      next = group.elements.empty() ? part.count : neuron + 1;
      int64_t low = std::max(first, element),
              high = std::min(first + count, element + next - neuron);
      if (low >= high)
        continue;
      fragment.start = uint32_t(start + (low - first) * stride);
      fragment.count = uint32_t(high - low);
      fragment.stride = uint32_t(stride);
      fragment.first = uint32_t(neuron + low - element);
      fragments.push_back(fragment);
    }
  }
}

/// Entries of one list: runs of elements at equal distances, or, of a matrix of which not all is
/// stored, one fragment for a column that finds entries by their target.
void ImageBuilder::addListFragments(const List &list, SynapseField field, nc::Space space,
                                    nc::Var &into) {
  const Projection &projection = projections[list.projection];
  nc::Fragment fragment;
  fragment.space = space;
  fragment.core = list.core;
  fragment.index = list.word;
  if (space == nc::Space::Weight)
    fragment.transform.shift =
        int8_t(int64_t(SynapsesOp(projection.op).getScaled()) - projection.format.exponent);
  else
    fragment.transform.offset = rt::sub(0, int64_t(SynapsesOp(projection.op).getFirst()));
  auto [begin, end, first] = list.entries;
  auto element = [&](int64_t entry) { return int64_t(projection.at(entry, field)); };
  auto index = [&, begin = begin, first = first](int64_t entry) {
    return first + projection.at(entry, Target) - projection.at(begin, Target);
  };
  // Elements that a shared list does not have may be in another.
  bool isMatrix = into.shape.size() == 2 && !projection.isShared();
  int64_t columns = isMatrix ? int64_t(into.shape[1]) : 0;
  // Rows go by the numbers that neurons have, where these are not in order.
  const nc::Group &group = image.cores[list.core].groups[list.group];
  bool byElement = !group.elements.empty();
  auto row = [&](int64_t entry) {
    return byElement ? group.elements[size_t(index(entry))] : index(entry);
  };
  int64_t origin = element(begin) - columns * (isMatrix ? row(begin) : 0);
  bool byTarget = isMatrix && origin >= 0;
  for (int64_t entry = begin; entry < end && byTarget; ++entry)
    byTarget = element(entry) == origin + columns * row(entry);
  int64_t lastRow = byElement ? *llvm::max_element(group.elements) : int64_t(group.count) - 1;
  int64_t last = origin + columns * lastRow;
  if (byTarget && last < int64_t(into.shape[0]) * columns) {
    fragment.byTarget = true;
    fragment.byElement = byElement;
    fragment.group = byElement ? list.group : 0;
    fragment.start = uint32_t(origin);
    fragment.stride = uint32_t(columns);
    fragment.count = group.count;
    return into.fragments.push_back(fragment);
  }
  // Entries of other kinds of lists than sparse ones have filling between them.
  int64_t reach = projection.format.kind == nc::SynapseKind::Dense
                      ? 1
                      : int64_t(1) << projection.format.skipBits;
  auto step = [&](int64_t entry) { // from the place of the entry before
    int64_t distance = index(entry) - index(entry - 1);
    return projection.format.kind == nc::SynapseKind::Sparse ? 1 : 1 + (distance - 1) / reach;
  };
  int64_t place = 0;
  for (int64_t entry = begin; entry < end;) {
    int64_t next = entry + 1, stride = 0;
    if (next < end && element(entry) >= 0)
      stride = element(next) - element(entry);
    while (next < end && stride > 0 && element(next) - element(next - 1) == stride &&
           step(next) == 1)
      ++next;
    fragment.start = uint32_t(element(entry));
    fragment.stride = uint32_t(std::max<int64_t>(stride, 1));
    fragment.count = uint32_t(next - entry);
    fragment.first = uint32_t(place);
    if (element(entry) >= 0) // else it is no element of the Var
      into.fragments.push_back(fragment);
    place += next - entry - 1 + (next < end ? step(next) : 0);
    entry = next;
  }
}

void ImageBuilder::addSynapseFragments(StringRef var, bool weights, nc::Var &into) {
  nc::Space space = weights ? nc::Space::Weight : nc::Space::Delay;
  for (const List &list : lists) {
    SynapsesOp op = projections[list.projection].op;
    std::optional<StringRef> name = weights ? op.getWeights() : op.getDelays();
    if (name && *name == var)
      addListFragments(list, weights ? WeightElement : DelayElement, space, into);
  }
}

/// What counts for the elements that have no place so far, if there are any.
static void addNothing(const nc::Image &image, nc::Var &into) {
  uint64_t elements = 1, places = 0;
  for (uint32_t extent : into.shape)
    elements *= extent;
  std::vector<bool> covered(elements);
  for (const nc::Fragment &fragment : into.fragments)
    for (uint32_t i = 0; i < fragment.count; ++i) {
      std::vector<bool>::reference element = covered[nc::elementOf(image, fragment, i)];
      places += !element;
      element = true;
    }
  if (places == elements)
    return;
  nc::Fragment nothing;
  nothing.space = nc::Space::Nothing;
  nothing.count = uint32_t(elements);
  into.fragments.push_back(nothing);
}

void ImageBuilder::addEmbeddedFragments(PlaceOp place, StringRef state, nc::Var &into) {
  auto count = int64_t(place.getCount());
  uint32_t number = embeddedNumbers.lookup(*place.getOwner());
  auto it = embedded[number].states.find(state);
  if (it == embedded[number].states.end() || count == 0)
    return;
  auto [address, bytes] = it->second;
  nc::Fragment fragment;
  fragment.space = nc::Space::Embedded;
  fragment.index = number;
  fragment.bits = uint8_t(8 * bytes);
  fragment.step = bytes;
  fragment.start = uint32_t(place.getStart());
  fragment.stride = uint32_t(place.getStride());
  fragment.first = address + uint32_t(place.getFirst()) * bytes;
  fragment.count = uint32_t(count);
  auto op = dyn_cast_or_null<step::StateOp>(SymbolTable::lookupSymbolIn(program, state));
  if (!op || !op.getBySource()) {
    into.fragments.push_back(fragment);
    return;
  }
  // In memory the matrix is transposed.
  uint32_t targets = into.shape[0], sources = into.shape[1];
  for (uint32_t j = 0; j < sources; ++j) {
    fragment.start = j;
    fragment.stride = sources;
    fragment.count = targets;
    fragment.first = address + j * targets * bytes;
    into.fragments.push_back(fragment);
  }
}

void describe(Type declared, rt::Kind &kind, uint8_t &bits, std::vector<uint32_t> &shape) {
  auto type = cast<ShapedType>(declared);
  auto element = cast<IntegerType>(type.getElementType());
  kind = element.isSignless()   ? rt::Kind::Bool
         : element.isUnsigned() ? rt::Kind::Unsigned
                                : rt::Kind::Signed;
  bits = uint8_t(element.getWidth());
  shape.assign(type.getShape().begin(), type.getShape().end());
}

void ImageBuilder::buildVars() {
  llvm::StringMap<uint32_t> momentOf;
  uint32_t number = 0;
  for (auto call : network.getBody().getOps<CallOp>()) {
    // Recorded before this call: after the one before it.
    bool isFirst = number == 0 || image.calls[number - 1].phase != nc::EntryPhase::PostManagement;
    if (call.getProbes())
      for (auto probe : call.getProbes()->getAsRange<StringAttr>())
        momentOf[probe.getValue()] = isFirst ? nc::kNone : number - 1;
    ++number;
  }
  uint32_t last = nc::kNone;
  for (uint32_t i = 0; i < image.calls.size(); ++i)
    if (image.calls[i].phase == nc::EntryPhase::PostManagement)
      last = i;
  for (auto op : network.getBody().getOps<VarOp>()) {
    nc::Var var;
    var.name = op.getName().str();
    describe(op.getType(), var.kind, var.bits, var.shape);
    var.settled = op.getSettled();
    var.summed = op.getSummed();
    var.readable = !op.getUnreadable();
    if (op.getUnwritable()) {
      var.writable = false;
      var.reason = op.getUnwritable()->str();
    }
    if (std::optional<ArrayRef<int64_t>> limits = op.getLimits()) {
      var.limited = true;
      var.low = (*limits)[0];
      var.high = (*limits)[1];
    }
    // What nobody else writes is recorded when the step is over.
    auto moment = momentOf.find(var.name);
    var.probe.call = moment == momentOf.end() ? last : moment->second;
    for (auto place : op.getBody().getOps<PlaceOp>()) {
      if (place.getSpace() == "weight" || place.getSpace() == "delay")
        addSynapseFragments(var.name, place.getSpace() == "weight", var);
      else if (place.getSpace() == "embedded")
        addEmbeddedFragments(place, var.name, var);
      else if (place.getSpace() == "nothing")
        addNothing(image, var);
      else
        addFragments(place, var.fragments);
    }
    image.vars.push_back(std::move(var));
  }
}

void ImageBuilder::buildPorts() {
  for (auto op : network.getBody().getOps<PortOp>()) {
    nc::Port port;
    port.name = op.getName().str();
    describe(op.getType(), port.kind, port.bits, port.shape);
    nc::Var places;
    places.shape = port.shape;
    for (auto place : op.getBody().getOps<PlaceOp>()) {
      if (place.getSpace() == "embedded")
        addEmbeddedFragments(place, *op.getState(), places);
      else
        addFragments(place, places.fragments);
    }
    port.fragments = std::move(places.fragments);
    image.ports.push_back(std::move(port));
  }
}

} // namespace basalt::neurocore
