// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of remote accesses.
#include "compiler/schedule/RemoteReport.h"
#include "compiler/schedule/RemoteAccesses.h"

#include <array>

using namespace mlir;

namespace basalt {

namespace {
using Row = std::array<std::string, 5>;
} // namespace

/// The names of those that do it; the owner of the Var does not count as another process.
static std::string namesOf(ArrayRef<Accessor> accessors, bool Accessor::*does) {
  std::string names;
  for (const Accessor &accessor : accessors)
    if (accessor.*does)
      names += (names.empty() ? "" : ", ") + accessor.instance.str();
  return names.empty() ? "-" : names;
}

static std::string orderOf(const RemoteAccesses &remote, const VarInPhase &var) {
  SmallVector<RemoteAccesses::Pair> pairs = remote.unordered(var);
  if (pairs.empty())
    return "-";
  auto [a, b] = pairs.front();
  std::string text = a->instance.str() + ", " + b->instance.str();
  return pairs.size() == 1 ? text : text + " and " + std::to_string(pairs.size() - 1) + " more";
}

static void print(ArrayRef<Row> rows, llvm::raw_ostream &out) {
  std::array<size_t, 5> widths{};
  for (const Row &row : rows)
    for (auto [width, cell] : llvm::zip(widths, row))
      width = std::max(width, cell.size());
  for (const Row &row : rows) {
    std::string line;
    for (auto [width, cell] : llvm::zip(widths, row))
      line += cell + std::string(width - cell.size() + 2, ' ');
    out << StringRef(line).rtrim() << "\n";
  }
}

void printRemoteReport(ModuleOp module, llvm::raw_ostream &out) {
  for (auto program : module.getOps<step::ProgramOp>()) {
    StateAccesses accesses(program);
    RemoteAccesses remote(program, accesses);
    SmallVector<Row> rows{{"Var", "phase", "read by", "written by", "unordered"}};
    step::StateOp last;
    size_t shared = 0;
    for (const VarInPhase &var : remote.all()) {
      bool isNew = last != var.state;
      shared += isNew;
      last = var.state;
      rows.push_back({isNew ? remote.nameOf(var.state) : "", stringifyEnum(var.phase).str(),
                      namesOf(var.accessors, &Accessor::reads),
                      namesOf(var.accessors, &Accessor::writes), orderOf(remote, var)});
    }
    if (shared > 0)
      print(rows, out);
    size_t all = 0, constant = 0;
    for (auto state : program.getBody().getOps<step::StateOp>()) {
      ++all;
      constant += accesses.isConstant(state.getSymNameAttr());
    }
    out << all << (all == 1 ? " Var: " : " Vars: ") << shared
        << " accessed by processes that do not own them, " << constant << " that no step changes\n";
  }
}

} // namespace basalt
