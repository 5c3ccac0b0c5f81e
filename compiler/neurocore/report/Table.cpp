// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Columns as wide as what is in them.
#include "compiler/neurocore/report/Table.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

namespace basalt::neurocore {

static bool isNumber(llvm::StringRef cell) {
  return cell.empty() || llvm::isDigit(cell.front()) || cell.front() == '-';
}

std::string Table::text() const {
  std::vector<size_t> widths;
  std::vector<bool> right; // numbers only
  for (auto [number, row] : llvm::enumerate(rows)) {
    widths.resize(std::max(widths.size(), row.size()));
    right.resize(widths.size(), true);
    for (auto [column, cell] : llvm::enumerate(row)) {
      widths[column] = std::max(widths[column], cell.size());
      if (column == 0 || (number > 0 && !isNumber(cell)))
        right[column] = false;
    }
  }
  std::string result;
  for (const std::vector<std::string> &row : rows) {
    std::string line;
    for (auto [column, cell] : llvm::enumerate(row)) {
      std::string padding(widths[column] - cell.size(), ' ');
      line += column ? "  " : "";
      line += right[column] ? padding + cell : cell + padding;
    }
    result += llvm::StringRef(line).rtrim().str() + "\n";
  }
  return result;
}

std::string numberText(double value) {
  double size = std::abs(value);
  int digits = size >= 100 || size == std::floor(size) ? 0 : size >= 1 ? 1 : 2;
  if (size > 0 && size < 0.1)
    digits = 1 - int(std::floor(std::log10(size)));
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.*f", digits, value);
  return digits > 0 ? llvm::StringRef(text).rtrim('0').rtrim('.').str() : text;
}

std::string shareText(double amount, double limit) {
  return limit > 0 ? numberText(100 * amount / limit) + " %" : "";
}

} // namespace basalt::neurocore
