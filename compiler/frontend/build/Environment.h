// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The names of one scope of YAML expressions (a file, or an instance of a process): evaluated when
// they are first asked for, so that they can stand in any order.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_ENVIRONMENT_H
#define BASALT_COMPILER_FRONTEND_BUILD_ENVIRONMENT_H

#include "compiler/frontend/build/Constant.h"
#include "compiler/frontend/typing/Names.h"

#include <functional>
#include <map>

namespace basalt::frontend {

class Environment : public Names {
public:
  using Evaluate = std::function<mlir::FailureOr<Constant>()>;

  Environment(mlir::MLIRContext *context, const Functions &functions)
      : context(context), functions(functions) {}

  /// A name whose value is computed when it is needed. A later definition of the same name is
  /// ignored.
  void define(llvm::StringRef name, mlir::Location loc, Evaluate evaluate);
  void define(llvm::StringRef name, Constant value);
  /// Replaces the value of a name, e.g. by one of its declared type.
  void redefine(llvm::StringRef name, Constant value);
  bool contains(llvm::StringRef name) const { return items.count(name.str()); }
  /// The value of a defined name; failure if it cannot be evaluated (reported once) or depends on
  /// itself.
  mlir::FailureOr<Constant> get(llvm::StringRef name, mlir::Location use);

  /// Evaluates a parsed expression or a text.
  mlir::FailureOr<Constant> evaluate(const behaviour::Expr &expr);
  mlir::FailureOr<Constant> evaluate(llvm::StringRef text, mlir::FileLineColLoc loc);

  /// Evaluates an integer, or a list of them, that stands in a shape.
  mlir::LogicalResult appendExtents(const behaviour::Expr &expr,
                                    llvm::SmallVectorImpl<int64_t> &extents);

  Meaning lookup(llvm::StringRef name, mlir::Location use) override;
  void list(llvm::SmallVectorImpl<llvm::StringRef> &names) override;

  mlir::MLIRContext *getContext() const { return context; }

private:
  struct Item {
    enum State { Pending, Evaluating, Done, Failed } state = Pending;
    mlir::Location loc;
    Evaluate evaluate;
    std::optional<Constant> value;
  };
  mlir::FailureOr<Constant> evaluate(llvm::StringRef name, Item &item, mlir::Location use);

  mlir::MLIRContext *context;
  const Functions &functions;
  std::map<std::string, Item> items;
  /// Names that are being evaluated.
  unsigned depth = 0;
  const char *stackBase = nullptr; ///< where the first of them stands
};

/// The limit that a node declares: `#proc.limits`, or an array of the values that are allowed.
mlir::FailureOr<mlir::Attribute> readLimit(const yaml::Node &node, Environment &env,
                                           DataFiles &files);

/// Refuses shapes of too many axes or elements; extents that are not known do not count.
mlir::LogicalResult checkShape(mlir::Location loc, llvm::ArrayRef<int64_t> extents);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_ENVIRONMENT_H
