// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// .npy files, text with a row for each time step or each event, and NIRData. What a file is shows
// in how it begins, not in its name.
#include "compiler/import/Inputs.h"

#include "compiler/import/Hdf5Tree.h"
#include "compiler/import/InputTable.h"
#include "compiler/import/Network.h"
#include "runtime/native/Error.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace basalt::import {

using Shape = std::vector<int64_t>;

/// Of a dense input that is made of events.
static constexpr int64_t maxElements = int64_t(1) << 28;

InputFile parseInputFile(const std::string &text) {
  size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || text.find('/') < equals)
    return {"", text};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

namespace {
class InputReader {
public:
  InputReader(const std::string &path, const std::string &node, const Shape &shape, double dt,
              Report &report)
      : path(path), node(node), shape(shape), dt(dt), report(report) {}

  rt::NpyArray read();

private:
  [[noreturn]] void fail(const std::string &text) const {
    throw rt::InputError("'" + path + "' " + text);
  }
  bool isNpy() const;
  rt::NpyArray fitRows(rt::NpyArray array) const;
  rt::NpyArray fromEvents(const std::vector<InputEvent> &events, int64_t steps) const;
  int64_t stepOf(double time) const;
  rt::NpyArray readNirData();
  const Hdf5Node &findNode(const Hdf5Node &root) const;
  rt::NpyArray readGrid(const Hdf5Node &observable);
  rt::NpyArray readEvents(const Hdf5Node &observable);
  const Hdf5Node &numbersOf(const Hdf5Node &observable, const std::string &name, size_t rank) const;

  const std::string &path, &node;
  const Shape &shape;
  double dt;
  Report &report;
};
} // namespace

//===--- Rows ---===//

/// The array with rows of the input's shape; flat rows are fine, too.
rt::NpyArray InputReader::fitRows(rt::NpyArray array) const {
  Shape row = array.shape.empty() ? Shape() : Shape(array.shape.begin() + 1, array.shape.end());
  bool isFlat = row.size() <= 1 && elementsOf(row) == elementsOf(shape);
  if (array.shape.empty() || (row != shape && !isFlat)) {
    std::string rows = spell(shape);
    rows.insert(1, shape.empty() ? "N" : "N, ");
    fail("has the shape " + spell(array.shape) + ", expected " + rows +
         ": a row for each of N time steps of '" + node + "'");
  }
  if (array.shape.front() == 0)
    fail("has no rows");
  for (size_t i = 0; array.kind == 'f' && i < array.size(); ++i)
    if (std::isnan(array.floatAt(i)))
      fail("holds a NaN, at element " + std::to_string(i));
  if (array.kind == 'b')
    array.kind = 'u'; // spikes are numbers
  int64_t rows = array.shape.front();
  array.shape = shape;
  array.shape.insert(array.shape.begin(), rows);
  return array;
}

//===--- Events ---===//

/// The time step in which a time in seconds falls; one just before the end of a step is rounding.
int64_t InputReader::stepOf(double time) const {
  double step = std::floor(time / dt + 1e-6);
  if (!(step >= 0 && step < double(maxElements)))
    fail("has an event at " + spell(time) + " s, which is no time step");
  return int64_t(step);
}

rt::NpyArray InputReader::fromEvents(const std::vector<InputEvent> &events, int64_t steps) const {
  int64_t count = elementsOf(shape);
  bool areIntegers = true;
  for (const InputEvent &event : events) {
    if (event.index < 0 || event.index >= count)
      fail("has an event of element " + std::to_string(event.index) + ", but '" + node + "' has " +
           std::to_string(count) + " elements");
    steps = std::max(steps, event.step + 1);
    areIntegers &= event.value == std::floor(event.value) && std::abs(event.value) < 1e9;
  }
  if (steps == 0)
    fail("has no events");
  if (steps > maxElements / count)
    fail("spans " + std::to_string(steps) + " time steps, which is too long");
  std::vector<double> values(size_t(steps * count));
  for (const InputEvent &event : events)
    values[size_t(event.step * count + event.index)] += event.value;
  Shape whole = shape;
  whole.insert(whole.begin(), steps);
  if (areIntegers)
    return makeArray(whole, std::vector<int64_t>(values.begin(), values.end()));
  return makeArray(whole, values);
}

//===--- NIRData ---===//

static std::string attribute(const Hdf5Node &node, const std::string &name) {
  const Hdf5Node *found = node.findAttribute(name);
  return found && found->strings.size() == 1 ? found->strings.front() : "";
}

static std::optional<double> numberAttribute(const Hdf5Node &node, const std::string &name) {
  const Hdf5Node *found = node.findAttribute(name);
  if (!found || found->kind != Hdf5Node::Kind::Numbers || found->numbers.size() != 1)
    return std::nullopt;
  return found->numbers.floatAt(0);
}

static std::string namesOf(const Hdf5Node &group) {
  std::string list;
  for (const Hdf5Node &child : group.children)
    list += (list.empty() ? "'" : ", '") + child.name + "'";
  return list.empty() ? "none" : list;
}

/// The data of the input: under its name, or the only ones.
const Hdf5Node &InputReader::findNode(const Hdf5Node &root) const {
  const Hdf5Node *nodes = root.find("nodes");
  if (!nodes || attribute(root, "__type__") != "NIRGraphData")
    fail("is an HDF5 file, but not one of NIRData");
  const Hdf5Node *found = nodes->find(node);
  if (!found && nodes->children.size() == 1)
    found = &nodes->children.front();
  if (!found)
    fail("has no data of '" + node + "'; it has " + namesOf(*nodes));
  return *found;
}

const Hdf5Node &InputReader::numbersOf(const Hdf5Node &observable, const std::string &name,
                                       size_t rank) const {
  const Hdf5Node *data = observable.find(name);
  if (!data || data->kind != Hdf5Node::Kind::Numbers || data->numbers.shape.size() < rank)
    fail("has no numbers of a sample in '" + observable.path + "/" + name + "'");
  if (data->numbers.shape.front() > 1)
    report.warning("'" + path + "' has " + std::to_string(data->numbers.shape.front()) +
                   " samples; the first one is taken");
  if (data->numbers.shape.front() < 1)
    fail("has no samples in '" + data->path + "'");
  return *data;
}

rt::NpyArray InputReader::readGrid(const Hdf5Node &observable) {
  std::optional<double> grid = numberAttribute(observable, "dt");
  if (grid && std::abs(*grid - dt) > 1e-9 * dt)
    fail("has a row each " + spell(*grid) + " s, but a time step has " + spell(dt) +
         " s; --nir-dt can say otherwise");
  rt::NpyArray array = numbersOf(observable, "data", 2).numbers;
  size_t sample = array.data.size() / size_t(array.shape.front());
  array.shape.erase(array.shape.begin());
  array.data.resize(sample);
  return fitRows(std::move(array));
}

rt::NpyArray InputReader::readEvents(const Hdf5Node &observable) {
  const rt::NpyArray &indices = numbersOf(observable, "idx", 2).numbers,
                     &times = numbersOf(observable, "time", 2).numbers;
  if (indices.shape != times.shape)
    fail("has not a time for each element in '" + observable.path + "'");
  const Hdf5Node *values = observable.find("value");
  bool hasValues =
      values && values->kind == Hdf5Node::Kind::Numbers && values->numbers.shape == indices.shape;
  std::vector<InputEvent> events;
  for (int64_t i = 0; i < indices.shape[1]; ++i) {
    double index = numberAt(indices, size_t(i)), time = numberAt(times, size_t(i));
    if (index < 0 || std::isinf(time)) // fills up the table
      continue;
    if (!(index == std::floor(index) && index < double(maxElements)))
      fail("has an event of element " + spell(index) + ", but '" + node + "' has " +
           std::to_string(elementsOf(shape)) + " elements");
    events.push_back(
        {stepOf(time), int64_t(index), hasValues ? numberAt(values->numbers, size_t(i)) : 1.0});
  }
  std::optional<double> end = numberAttribute(observable, "t_max");
  return fromEvents(events, end && *end > 0 ? stepOf(*end) : 0);
}

rt::NpyArray InputReader::readNirData() {
  Hdf5Node root = readHdf5Tree(path);
  const Hdf5Node &data = findNode(root);
  const Hdf5Node *observables = data.find("observables");
  if (!observables || observables->children.size() != 1)
    fail("must have one observable of '" + data.name + "', found " +
         (observables ? namesOf(*observables) : "none"));
  const Hdf5Node &observable = observables->children.front();
  std::string type = attribute(observable, "__type__");
  if (type == "TimeGriddedData")
    return readGrid(observable);
  if (type == "EventData" || type == "ValuedEventData")
    return readEvents(observable);
  fail("has '" + type + "' in '" + observable.path +
       "'; expected TimeGriddedData, EventData or ValuedEventData");
}

//===--- Files ---===//

bool InputReader::isNpy() const {
  std::FILE *file = std::fopen(path.c_str(), "rb");
  if (!file)
    return false;
  char start[6] = {};
  size_t count = std::fread(start, 1, sizeof(start), file);
  std::fclose(file);
  return std::string(start, count) == "\x93NUMPY";
}

rt::NpyArray InputReader::read() {
  if (looksLikeHdf5(path))
    return readNirData();
  if (isNpy())
    return fitRows(rt::readNpy(path, size_t(1) << 31));
  InputTable table = readInputTable(path);
  if (!table.isEvents)
    return fitRows(std::move(table.rows));
  for (InputEvent &event : table.events)
    if (table.hasTimes)
      event.step = stepOf(event.time);
  return fromEvents(table.events, 0);
}

rt::NpyArray readInput(const std::string &path, const std::string &node, const Shape &shape,
                       double dt, Report &report) {
  return InputReader(path, node, shape, dt, report).read();
}

} // namespace basalt::import
