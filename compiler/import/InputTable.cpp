// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads line by line; any other heading than those of events is ignored.
#include "compiler/import/InputTable.h"

#include "compiler/import/Network.h"
#include "compiler/support/Files.h"
#include "runtime/native/Error.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>

namespace basalt::import {

using llvm::StringRef;

static constexpr uint64_t maxBytes = uint64_t(1) << 30;

namespace {
class TableReader {
public:
  explicit TableReader(const std::string &path) : path(path) {}

  InputTable read();

private:
  void readLine(StringRef line);
  void readHeading(llvm::ArrayRef<StringRef> cells);
  void readEvent(llvm::ArrayRef<StringRef> cells);
  double number(StringRef cell) const;
  int64_t integer(StringRef cell) const;
  [[noreturn]] void fail(const std::string &text) const {
    throw rt::InputError(path + ":" + std::to_string(lineNumber) + ": " + text);
  }

  const std::string &path;
  InputTable table;
  std::vector<double> values;
  size_t lineNumber = 0, columns = 0, lines = 0;
  bool areIntegers = true;
};
} // namespace

double TableReader::number(StringRef cell) const {
  double value = 0;
  if (cell.getAsDouble(value) || std::isnan(value))
    fail("expected a number, found '" + cell.str() + "'");
  return value;
}

int64_t TableReader::integer(StringRef cell) const {
  int64_t value = 0;
  if (cell.getAsInteger(10, value) || value < 0 || value > INT32_MAX)
    fail("expected an integer from 0 on, found '" + cell.str() + "'");
  return value;
}

void TableReader::readHeading(llvm::ArrayRef<StringRef> cells) {
  bool hasTimes = cells[0] == "time", hasSteps = cells[0] == "step";
  bool isEvents = (hasTimes || hasSteps) && cells.size() >= 2 && cells[1] == "index" &&
                  (cells.size() == 2 || (cells.size() == 3 && cells[2] == "value"));
  table.isEvents = isEvents;
  table.hasTimes = isEvents && hasTimes;
  columns = isEvents ? cells.size() : 0;
}

void TableReader::readEvent(llvm::ArrayRef<StringRef> cells) {
  InputEvent event;
  if (table.hasTimes)
    event.time = number(cells[0]);
  else
    event.step = integer(cells[0]);
  event.index = integer(cells[1]);
  if (cells.size() == 3)
    event.value = number(cells[2]);
  table.events.push_back(event);
}

void TableReader::readLine(StringRef line) {
  llvm::SmallVector<StringRef> cells;
  llvm::SplitString(line, cells, ",; \t\r");
  if (cells.empty() || cells[0].starts_with("#"))
    return;
  ++lines;
  double ignored = 0;
  if (lines == 1 && llvm::isAlpha(cells[0].front()) && cells[0].getAsDouble(ignored))
    return readHeading(cells);
  if (columns == 0)
    columns = cells.size();
  if (cells.size() != columns)
    fail("expected " + std::to_string(columns) + " columns, found " + std::to_string(cells.size()));
  if (table.isEvents)
    return readEvent(cells);
  for (StringRef cell : cells) {
    values.push_back(number(cell));
    areIntegers &= values.back() == std::floor(values.back()) && std::abs(values.back()) < 1e15;
  }
}

InputTable TableReader::read() {
  std::string reason;
  auto buffer = readFile(path, maxBytes, &reason);
  if (failed(buffer))
    throw rt::InputError(reason);
  for (StringRef rest = (*buffer)->getBuffer(); !rest.empty();) {
    ++lineNumber;
    auto [line, next] = rest.split('\n');
    readLine(line);
    rest = next;
  }
  if (table.isEvents)
    return std::move(table);
  std::vector<int64_t> shape{columns ? int64_t(values.size() / columns) : 0, int64_t(columns)};
  table.rows = areIntegers ? makeArray(shape, std::vector<int64_t>(values.begin(), values.end()))
                           : makeArray(shape, values);
  return std::move(table);
}

InputTable readInputTable(const std::string &path) { return TableReader(path).read(); }

} // namespace basalt::import
