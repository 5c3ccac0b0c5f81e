// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `records:` of a program, values that are records, and learning rules.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_RECORDS_H
#define BASALT_COMPILER_FRONTEND_BUILD_RECORDS_H

#include "compiler/frontend/build/ClassTable.h"
#include "compiler/frontend/build/Environment.h"

#include "llvm/ADT/DenseSet.h"

namespace basalt::frontend {

class Records {
public:
  Records(mlir::MLIRContext *context, const Functions &functions, const FileScopes &scopes)
      : context(context), functions(functions), classes(ClassTable::Record, scopes) {}

  /// Makes a record of a file known.
  void add(llvm::StringRef file, const yaml::Entry &entry, bool isStandard) {
    classes.add(file, entry, isStandard);
  }
  /// Parses every record of the program's own files.
  mlir::LogicalResult parseAll() { return classes.parseAll(); }

  /// The record that `{class: STDPLoihi, learning_rate: 1}` gives; its values are evaluated in
  /// `outer`.
  mlir::FailureOr<Constant> read(const yaml::Node &node, Environment &outer, DataFiles &files);

  /// The rule that a text gives. Names in it are looked up in `names`.
  mlir::FailureOr<Constant> readRule(const behaviour::Source &source, Environment &names);
  /// The rule that a node gives: a text, or an expression (over `outer`) that gives a rule.
  mlir::FailureOr<Constant> readRule(const yaml::Node &node, Environment &outer,
                                     Environment &names);
  /// The rule that a parameter has by default.
  mlir::FailureOr<Constant> defaultRule(const ValueDecl &decl, Environment &names);

private:
  mlir::LogicalResult defineGiven(const ProcessClass &cls, const yaml::Node &node, Environment &env,
                                  Environment &outer, DataFiles &files);
  mlir::FailureOr<Constant> defaultOf(const ValueDecl &decl, Environment &env, DataFiles &files);
  /// What is required must be given.
  static mlir::LogicalResult checkGiven(const ProcessClass &cls, const yaml::Node &node,
                                        const Environment &env);
  mlir::LogicalResult checkLimit(const ProcessClass &cls, const ValueDecl &decl,
                                 const Constant &value, Environment &env, DataFiles &files);

  mlir::MLIRContext *context;
  const Functions &functions;
  ClassTable classes;
  unsigned nesting = 0; ///< of the record that is being read
  /// Places of constants whose rounding has been reported.
  llvm::DenseSet<mlir::Location> rounded;
};

/// The attribute of a parsed rule (see Record.h). `rounded` are the places of constants that need
/// no further warning.
mlir::FailureOr<mlir::Attribute> buildRule(const behaviour::Rule &rule, Environment &names,
                                           llvm::DenseSet<mlir::Location> &rounded);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_RECORDS_H
