// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The tables of the run-time contract (runtime/native/Contract.h) as C++ text: states, ports,
// aliases, sites, the program itself.
#ifndef BASALT_COMPILER_NATIVE_TABLES_H
#define BASALT_COMPILER_NATIVE_TABLES_H

#include "compiler/native/Names.h"
#include "dialect/rt/Rt.h"
#include "dialect/step/Step.h"

#include <map>

namespace basalt::native {

/// What the tables are made of.
struct ProgramTables {
  step::ProgramOp program; // the declarations
  std::string className;
  llvm::StringSet<> probed;  // states that the program records itself
  llvm::StringSet<> methods; // phases and guards that have code
  unsigned constantGuards = 0;
  llvm::SmallVector<rtop::AxisOp> axes; // that threads share
  llvm::StringMap<unsigned> axisOf;     // of projections: that of their targets

  /// What marks tell apart, as initialisers.
  llvm::ArrayRef<std::string> parts;

  /// Indexes of entries by target, by the names of their fields: a state whose entries they are of.
  std::map<std::string, llvm::StringRef> targetIndexes;

  /// Everything behind the class, but `main`.
  std::string text(Names &names);

private:
  void writeStates(llvm::raw_ostream &out, Names &names);
  void writePorts(llvm::raw_ostream &out);
  void writeAliases(llvm::raw_ostream &out);
  void writeProjections(llvm::raw_ostream &out, Names &names);
  void writeTargetIndexes(llvm::raw_ostream &out, Names &names);
  void writeParts(llvm::raw_ostream &out);
  void writeProgram(llvm::raw_ostream &out);
  /// The name of the array with the extents of `type`, which is written when it is first asked for.
  std::string shape(llvm::raw_ostream &out, mlir::RankedTensorType type);

  /// The name of the limits, likewise.
  std::string limits(llvm::raw_ostream &out, proc::LimitsAttr limits);

  /// The name of what says which entries a state stores, which is written.
  std::string synapses(llvm::raw_ostream &out, proc::SparseAttr sparse);

  llvm::StringSet<> shapes;
  llvm::DenseMap<mlir::Attribute, std::string> limitNames, synapseNames;
  llvm::StringMap<unsigned> numbers; // of states
  size_t historyCount = 0, projectionCount = 0;
};

/// `const rt::Site kSites[] = {...};`, or nothing.
std::string sitesText(llvm::ArrayRef<std::string> sites);

/// `const rt::Axis kAxes[] = {...};`, and the ranges that one thread has of them.
std::string axesText(llvm::ArrayRef<rtop::AxisOp> axes);

} // namespace basalt::native

#endif // BASALT_COMPILER_NATIVE_TABLES_H
