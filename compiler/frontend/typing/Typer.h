// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The type checker of the behaviour language: walks syntax and builds ops, so that what is accepted
// and what it means are decided in one place. Split over files by subject: expressions, operators,
// calls, indexing, statements.
#ifndef BASALT_COMPILER_FRONTEND_TYPING_TYPER_H
#define BASALT_COMPILER_FRONTEND_TYPING_TYPER_H

#include "compiler/frontend/typing/Emitter.h"
#include "compiler/frontend/typing/Names.h"

#include "dialect/num/Num.h"

namespace basalt::frontend {

/// Where code stands; decides what it may do.
enum class Place {
  Constant, ///< a YAML expression: parameters only
  Guard,    ///< Vars and time_step, but no effects
  Phase,    ///< everything
};

class Typer {
public:
  /// Builds at `builder`. `names` and `functions` outlive the typer.
  Typer(mlir::OpBuilder builder, Place place, Names &names, const Functions &functions)
      : emit(builder), place(place), names(names), functions(functions) {
    if (place == Place::Constant) // there is no later
      emit.foldLimit = int64_t(1) << 27;
    frames.emplace_back();
    frames.back().scopes.emplace_back();
  }

  /// Builds the statements of a phase. Reports as many errors as it can.
  mlir::LogicalResult typePhase(const behaviour::Block &block);
  /// Builds a guard's condition: a bool of rank 0.
  mlir::FailureOr<mlir::Value> typeGuard(const behaviour::Expr &expr);
  mlir::FailureOr<Typed> typeExpr(const behaviour::Expr &expr);
  /// Stored entries as their matrix; other values as they are.
  Typed toDense(mlir::Location loc, const Typed &value);

  /// What tells the random draws of this code from those of other code of the process.
  std::string drawsOf;

private:
  //===--- Names ---===//
  struct Local {
    Typed value;
    mlir::Location loc;
    bool isPoisoned = false;
    unsigned runtimeDepth = 0; ///< of the frame where it is declared
  };
  struct Scope {
    llvm::StringMap<Local> locals;
  };
  /// A phase, or a function that is being inlined.
  struct Frame {
    const behaviour::FunctionDecl *function = nullptr;
    llvm::SmallVector<Scope> scopes;
    /// What a return statement gave.
    std::optional<llvm::SmallVector<Typed>> returned;
    /// Regions of run-time conditions and loops around the current statement: a return may not
    /// stand in one.
    unsigned runtimeDepth = 0;
  };
  Frame &frame() { return frames.back(); }
  Local *findLocal(llvm::StringRef name);
  mlir::LogicalResult declare(const behaviour::NameDecl &name, const std::optional<Typed> &value);
  mlir::FailureOr<Typed> typeName(const behaviour::NameExpr &expr);
  mlir::FailureOr<Typed> typeConstant(mlir::Location loc, const Meaning &meaning);
  mlir::LogicalResult unknownName(mlir::Location loc, llvm::StringRef name);
  mlir::FailureOr<proc::VarOp> varNamed(const behaviour::NameExpr &expr);
  Typed readVar(mlir::Location loc, proc::VarOp var);
  /// The declared type of a Var or port, with the model's names bound.
  mlir::RankedTensorType declaredTypeOf(mlir::Operation *member);

  //===--- Expressions ---===//
  mlir::FailureOr<Typed> typeValue(const behaviour::Expr &expr); ///< typeExpr that wants a number
  mlir::FailureOr<Typed> expectNumber(mlir::Location loc, const Typed &typed);
  mlir::FailureOr<Typed> typeUnary(const behaviour::UnaryExpr &expr);
  mlir::FailureOr<Typed> typeBinary(const behaviour::BinaryExpr &expr);
  mlir::FailureOr<Typed> typeCompare(const behaviour::CompareExpr &expr);
  mlir::FailureOr<Typed> typeLogical(const behaviour::LogicalExpr &expr);
  mlir::FailureOr<Typed> typeMember(const behaviour::MemberExpr &expr);
  mlir::FailureOr<Typed> typeList(const behaviour::ListExpr &expr);

  //===--- Records, rules, lists (TypeRecords.cpp) ---===//
  /// The object that an expression names, or null; what it is otherwise is not looked at.
  mlir::Attribute objectOf(const behaviour::Expr &expr);
  mlir::FailureOr<Typed> typeObjectMember(const behaviour::MemberExpr &expr,
                                          mlir::Attribute object);
  mlir::FailureOr<Typed> typeObjectCall(const behaviour::CallExpr &call,
                                        const behaviour::MemberExpr &callee,
                                        mlir::Attribute object);
  /// The argument of the name `chosen`; the others are not looked at.
  mlir::FailureOr<Typed> typeChoice(const behaviour::CallExpr &call, llvm::StringRef what,
                                    llvm::StringRef chosen);
  mlir::FailureOr<Typed> typeDependency(const behaviour::CallExpr &call, mlir::Attribute product);
  mlir::FailureOr<Typed> typeFactor(const behaviour::CallExpr &call, mlir::Attribute factor);
  mlir::FailureOr<Typed> typeProduct(const behaviour::CallExpr &call, mlir::Attribute product);
  mlir::FailureOr<Typed> typeUses(const behaviour::CallExpr &call, mlir::Attribute rule);
  mlir::FailureOr<Typed> typeDrawnExtremum(const behaviour::CallExpr &call, llvm::StringRef name,
                                           mlir::Attribute object);
  std::optional<llvm::SmallVector<Typed>> partsOf(mlir::Location loc, const Typed &list);
  mlir::LogicalResult typeForList(const behaviour::ForStmt &stmt);

  //===--- Operators ---===//
  mlir::FailureOr<Typed> binary(mlir::Location loc, behaviour::BinaryOp op, const Typed &lhs,
                                const Typed &rhs);
  mlir::FailureOr<Typed> compare(mlir::Location loc, behaviour::CompareOp op, Typed lhs, Typed rhs);
  mlir::FailureOr<Typed> compareStrings(mlir::Location loc, behaviour::CompareOp op,
                                        const Typed &lhs, const Typed &rhs);
  mlir::FailureOr<Typed> arithmetic(mlir::Location loc, behaviour::BinaryOp op, Typed lhs,
                                    Typed rhs);
  mlir::FailureOr<Typed> boolArithmetic(mlir::Location loc, behaviour::BinaryOp op,
                                        const Typed &lhs, const Typed &rhs);
  mlir::FailureOr<Typed> bitwise(mlir::Location loc, behaviour::BinaryOp op, Typed lhs, Typed rhs);
  mlir::FailureOr<Typed> shift(mlir::Location loc, Typed lhs, Typed rhs, bool left);
  mlir::FailureOr<Typed> power(mlir::Location loc, Typed lhs, Typed rhs);
  mlir::FailureOr<Typed> matmul(mlir::Location loc, Typed lhs, Typed rhs);
  mlir::LogicalResult checkDivisor(mlir::Location loc, behaviour::BinaryOp op,
                                   const Typed &divisor);
  /// The element type that all take; a number type unless `allowBool` and all are bools.
  mlir::Type promote(llvm::ArrayRef<Typed> values, bool allowBool);
  /// Brings both to one element type and shape.
  mlir::LogicalResult unify(mlir::Location loc, Typed &lhs, Typed &rhs, mlir::Type element,
                            llvm::StringRef what);
  mlir::LogicalResult unifyShapes(mlir::Location loc, llvm::MutableArrayRef<Typed> values,
                                  llvm::StringRef what);
  Typed convert(mlir::Location loc, const Typed &value, mlir::Type element);

  //===--- Sparse values (TypeSparse.cpp) ---===//
  /// Where the entries of a sparse Var are, as `num.sparse_matvec` wants it.
  struct Pattern {
    mlir::Value offsets, targets;
  };
  Pattern patternOf(mlir::Location loc, proc::SparseAttr sparse);
  /// How many entries there are.
  int64_t entryCount(proc::SparseAttr sparse);
  /// The pattern that all sparse ones of the values have; null if none is sparse.
  mlir::FailureOr<proc::SparseAttr> commonPattern(mlir::Location loc, llvm::ArrayRef<Typed> values,
                                                  llvm::StringRef what);
  /// A dense value at the stored entries; nothing if it does not broadcast to their matrix.
  std::optional<Typed> atEntries(mlir::Location loc, const Typed &value, proc::SparseAttr sparse);
  mlir::LogicalResult unifyEntries(mlir::Location loc, llvm::MutableArrayRef<Typed> values,
                                   proc::SparseAttr sparse, llvm::StringRef what);
  /// `value` in the form in which `what` is stored: entries, or a whole tensor if `sparse` is null.
  /// Values that do not broadcast are left as they are, for an error that says more.
  mlir::FailureOr<Typed> fitEntries(mlir::Location loc, const Typed &value, proc::SparseAttr sparse,
                                    const llvm::Twine &what);
  mlir::FailureOr<Typed> sparseMatmul(mlir::Location loc, const Typed &matrix, const Typed &vector);
  mlir::FailureOr<Typed> sparseDeliver(mlir::Location loc, const Typed &weights,
                                       const Typed &delays, const Typed &spikes, int64_t slots,
                                       const std::optional<Typed> &onto);

  //===--- Calls (TypeCalls.cpp, TypeReductions.cpp, TypeFunctions.cpp, TypePorts.cpp) ---===//
  /// Evaluated arguments of a call.
  struct Arguments {
    const behaviour::CallExpr &call;
    llvm::StringRef name;
    llvm::SmallVector<Typed> positional;
    llvm::StringMap<std::pair<Typed, mlir::Location>> keywords;
  };
  mlir::FailureOr<Typed> typeCall(const behaviour::CallExpr &expr);
  mlir::FailureOr<Arguments> typeArguments(const behaviour::CallExpr &expr, llvm::StringRef name,
                                           bool allowStrings);
  mlir::LogicalResult expectArguments(const Arguments &args, size_t least, size_t most,
                                      llvm::ArrayRef<llvm::StringRef> keywords = {});
  std::optional<mlir::FailureOr<Typed>> typeBuiltin(llvm::StringRef name,
                                                    const behaviour::CallExpr &call);
  mlir::FailureOr<Typed> typeWhere(const behaviour::CallExpr &call);
  mlir::FailureOr<Typed> typeElementwise(const Arguments &args);
  mlir::FailureOr<Typed> typeMinMax(const Arguments &args);
  mlir::FailureOr<Typed> typeReduction(const Arguments &args);
  mlir::FailureOr<Typed> reduceEntries(const Arguments &args);
  mlir::FailureOr<Typed> reduceFirst(const Arguments &args);
  static num::ReduceKind reduceKindOf(llvm::StringRef name);
  mlir::LogicalResult refuseSparse(const Arguments &args);
  /// Brings the arguments of a draw to the stored entries of the sparse ones; null if none is.
  mlir::FailureOr<proc::SparseAttr> takeEntries(Arguments &args);
  mlir::FailureOr<Typed> typeArgReduction(const Arguments &args);
  mlir::FailureOr<llvm::SmallVector<int64_t>> reducedAxes(const Arguments &args);
  mlir::FailureOr<Typed> typeFill(const Arguments &args);
  mlir::FailureOr<int64_t> typeAxis(const Arguments &args, int64_t rank, int64_t otherwise);
  mlir::FailureOr<Typed> typeRoll(const Arguments &args);
  mlir::FailureOr<Typed> typeConcat(const Arguments &args);
  mlir::FailureOr<Typed> typeTranspose(const Arguments &args);
  mlir::FailureOr<Typed> typeArange(const Arguments &args);
  mlir::FailureOr<Typed> typeDeliver(const Arguments &args); // TypeProducts.cpp, as the next ones
  mlir::FailureOr<std::optional<Typed>> ontoArgument(const Arguments &args,
                                                     llvm::ArrayRef<int64_t> shape);
  mlir::FailureOr<Typed> typeConv2D(const Arguments &args);
  mlir::FailureOr<llvm::SmallVector<int64_t>>
  pairArgument(const Arguments &args, llvm::StringRef name, int64_t least, int64_t otherwise);
  mlir::FailureOr<int64_t> groupsArgument(const Arguments &args, int64_t inputChannels,
                                          int64_t outputChannels, int64_t kernelChannels);
  mlir::FailureOr<Typed> typeCast(const behaviour::CallExpr &call, llvm::StringRef name,
                                  mlir::Type declared);
  mlir::FailureOr<Typed> typeSat(const behaviour::CallExpr &call);
  Typed castTo(mlir::Location loc, const Typed &value, mlir::Type declared, bool saturating);
  mlir::FailureOr<llvm::SmallVector<int64_t>> constantInts(const Typed &value, mlir::Location loc,
                                                           llvm::StringRef what);
  mlir::FailureOr<llvm::SmallVector<Typed>> inlineFunction(const behaviour::FunctionDecl &function,
                                                           const behaviour::CallExpr &call);
  mlir::LogicalResult bindParameters(const behaviour::FunctionDecl &function,
                                     const behaviour::CallExpr &call, Scope &scope);
  mlir::FailureOr<std::optional<Typed>> argumentFor(const behaviour::FunctionParam &param,
                                                    size_t position, const Arguments &args);
  mlir::FailureOr<llvm::SmallVector<Typed>>
  typeFunctionBody(const behaviour::FunctionDecl &function, const behaviour::CallExpr &call,
                   Scope parameters);
  mlir::FailureOr<Typed> typePortCall(const behaviour::CallExpr &call,
                                      const behaviour::MemberExpr &callee, bool isStatement);
  mlir::Type lookupType(llvm::StringRef name);

  //===--- Random draws (TypeRandom.cpp) ---===//
  struct Draw; ///< a call with its arguments bound
  /// Whether `base` of `base.name()` is the word `random` and not a name of the user.
  bool isRandom(const behaviour::Expr &base);
  mlir::FailureOr<Typed> typeRandom(const behaviour::CallExpr &call,
                                    const behaviour::MemberExpr &callee);
  mlir::LogicalResult requireDraws(mlir::Location loc);
  mlir::LogicalResult bindDraw(Draw &draw, const Arguments &args);
  mlir::LogicalResult shapeOfDraw(Draw &draw, const Arguments &args);
  void broadcastArguments(Draw &draw);
  llvm::SmallVector<mlir::Value> randomKeys(const Draw &draw);
  int64_t nextStream();
  mlir::Value randomBits(const Draw &draw);
  mlir::Value unitNumbers(const Draw &draw);
  mlir::Value drawIntegers(const Draw &draw);
  mlir::Value drawNormal(const Draw &draw);
  mlir::Value drawPoisson(const Draw &draw);
  mlir::Value drawUniform(const Draw &draw);
  mlir::LogicalResult checkExtents(mlir::Location loc, llvm::ArrayRef<int64_t> shape);

  //===--- Indexing (TypeIndexing.cpp) ---===//
  /// A basic index of a tensor, as num.extract and num.insert want it; one of its axes may be taken
  /// whole for a num.gather to pick from.
  struct BasicIndex {
    llvm::SmallVector<mlir::Value> dynamic;
    llvm::SmallVector<int64_t> offsets, sizes, strides, dropped;
    llvm::SmallVector<int64_t> partShape;   ///< without dropped axes
    llvm::SmallVector<int64_t> resultShape; ///< with new axes, and with those of `picks`
    std::optional<Typed> picks;             ///< the index that is a tensor
    size_t pickedAxis = 0;                  ///< of the part
    size_t pickedWhole = 0;                 ///< the same axis, of the whole
    size_t firstPick = 0;                   ///< where its axes begin in `resultShape`
    bool picksFirst = false; ///< its axes come first in the end, as NumPy has it where an integer
                             ///< stands apart from it
  };
  mlir::FailureOr<Typed> typeIndex(const behaviour::IndexExpr &expr);
  /// A mask, or a basic index.
  struct Index {
    std::optional<Typed> mask; ///< of the shape of what is indexed
    BasicIndex basic;
  };
  mlir::FailureOr<Index> typeItems(llvm::ArrayRef<behaviour::IndexItem> items, const Typed &whole,
                                   mlir::Location loc);
  mlir::FailureOr<llvm::SmallVector<std::optional<Typed>>>
  typeItemValues(llvm::ArrayRef<behaviour::IndexItem> items);
  mlir::FailureOr<Typed> fitMask(mlir::Location loc, const Typed &mask, const Typed &whole);
  mlir::FailureOr<BasicIndex> basicIndex(llvm::ArrayRef<behaviour::IndexItem> items,
                                         llvm::ArrayRef<std::optional<Typed>> values,
                                         mlir::ArrayRef<int64_t> shape, mlir::Location loc);
  mlir::LogicalResult indexAxis(const behaviour::IndexItem &item, const Typed &position,
                                int64_t extent, BasicIndex &index);
  mlir::LogicalResult pickAlong(const behaviour::IndexItem &item, const Typed &places,
                                int64_t extent, BasicIndex &index);
  Typed takePart(mlir::Location loc, const Typed &base, const BasicIndex &index);
  Typed gatherPart(mlir::Location loc, const Typed &base, const BasicIndex &index);
  Typed likePart(mlir::Location loc, const Typed &base, const BasicIndex &index);
  Typed scatterPart(mlir::Location loc, const Typed &old, const Typed &value,
                    const BasicIndex &index);
  mlir::LogicalResult sliceAxis(const behaviour::IndexItem &item, int64_t extent,
                                BasicIndex &index);
  mlir::FailureOr<std::optional<int64_t>> sliceBound(const behaviour::Expr *expr);

  //===--- Statements (TypeStatements.cpp, TypeControl.cpp) ---===//
  mlir::LogicalResult typeBlock(const behaviour::Block &block);
  mlir::LogicalResult typeStmt(const behaviour::Stmt &stmt);
  mlir::LogicalResult typeLet(const behaviour::LetStmt &stmt);
  mlir::LogicalResult typeLetCall(const behaviour::LetStmt &stmt,
                                  llvm::MutableArrayRef<std::optional<Typed>> values);
  mlir::LogicalResult typeAssign(const behaviour::AssignStmt &stmt);
  mlir::LogicalResult assignLocal(const behaviour::AssignStmt &stmt, const Typed &old);
  mlir::LogicalResult assignVar(const behaviour::AssignStmt &stmt);
  /// The whole new value of a variable; `declared` is the element type of a Var, or null.
  mlir::FailureOr<Typed> typeAssigned(const behaviour::AssignStmt &stmt, const Typed &old,
                                      mlir::Type declared);
  mlir::FailureOr<Typed> replacePart(const behaviour::AssignStmt &stmt, const Typed &old,
                                     mlir::Type declared);
  mlir::FailureOr<Typed> replacement(const behaviour::AssignStmt &stmt, const Typed &part,
                                     const llvm::Twine &what, mlir::Type declared);
  mlir::LogicalResult typeIf(const behaviour::IfStmt &stmt);
  mlir::LogicalResult typeFor(const behaviour::ForStmt &stmt);
  mlir::LogicalResult typeReturn(const behaviour::ReturnStmt &stmt);
  mlir::LogicalResult typeAssert(const behaviour::AssertStmt &stmt);
  mlir::LogicalResult typePrint(const behaviour::PrintStmt &stmt);
  /// The condition of an if or assert: one bool, of rank 0.
  mlir::FailureOr<Typed> typeCondition(const behaviour::Expr &expr, llvm::StringRef what);
  /// Names of outer locals that the blocks assign.
  llvm::SmallVector<llvm::StringRef>
  assignedLocals(llvm::ArrayRef<const behaviour::Block *> blocks);
  mlir::LogicalResult typeRegion(mlir::Region &region, const behaviour::Block *block,
                                 llvm::ArrayRef<llvm::StringRef> carried);
  /// `value` as a value of a declared type, ready for a Var or message; `what` names the place for
  /// errors. `sparse` is that of a Var that stores entries.
  mlir::FailureOr<mlir::Value> store(mlir::Location loc, const Typed &value,
                                     mlir::RankedTensorType declared, const llvm::Twine &what,
                                     proc::SparseAttr sparse = {});
  /// `value` converted to the type and shape of `old`. `what` and, for a Var, its declared element
  /// type are for errors.
  mlir::FailureOr<Typed> likeOld(mlir::Location loc, const Typed &value, const Typed &old,
                                 const llvm::Twine &what, mlir::Type declared = {});
  mlir::LogicalResult requireEffects(mlir::Location loc, llvm::StringRef what);

  Emitter emit;
  Place place;
  Names &names;
  const Functions &functions;
  llvm::SmallVector<Frame> frames;
  size_t draws = 0; ///< so far
  size_t inlinedCalls = 0;
  bool tooManyCalls = false; ///< has been reported
  size_t unrolledBodies = 0;
};

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_TYPING_TYPER_H
