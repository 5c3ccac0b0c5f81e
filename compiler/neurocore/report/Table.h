// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of text, as reports print them.
#ifndef BASALT_COMPILER_NEUROCORE_REPORT_TABLE_H
#define BASALT_COMPILER_NEUROCORE_REPORT_TABLE_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace basalt::neurocore {

/// Rows of cells, of which the first has the columns' names. The first column is flush left, as are
/// cells that begin no number; an empty cell at the end takes no room.
class Table {
public:
  explicit Table(std::vector<std::string> names) : rows{std::move(names)} {}

  void add(std::vector<std::string> cells) { rows.push_back(std::move(cells)); }
  std::string text() const;

private:
  std::vector<std::vector<std::string>> rows;
};

/// A number with as many digits as say something: `1234`, `12.3`, `0.012`.
std::string numberText(double value);
/// How much of `limit` it is: `12.3 %`.
std::string shareText(double amount, double limit);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_REPORT_TABLE_H
