// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the proc module of a program: process types as instances need them, then the network.
#ifndef BASALT_COMPILER_FRONTEND_BUILD_BUILDER_H
#define BASALT_COMPILER_FRONTEND_BUILD_BUILDER_H

#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/build/ClassTable.h"
#include "compiler/frontend/build/Environment.h"
#include "compiler/frontend/build/ProcessClass.h"
#include "dialect/proc/Proc.h"
#include "dialect/proc/Transforms.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace basalt::frontend {

class Builder {
public:
  Builder(mlir::ModuleOp module, DataFiles &files, const Functions &functions,
          const FileScopes &scopes)
      : module(module), context(module.getContext()), files(files), functions(functions),
        classes(ClassTable::Process, scopes) {}

  /// Makes a process of a file known.
  void addClass(llvm::StringRef file, const yaml::Entry &entry, bool isStandard) {
    classes.add(file, entry, isStandard);
  }
  /// Parses every process of the program's own files, also those without instances.
  mlir::LogicalResult parseClasses() { return classes.parseAll(); }
  /// Whether errors have been reported in processes that were built all the same, so that what
  /// uses them could be checked.
  bool hasErrors() const { return foundErrors; }

  /// Builds instances, virtual ports, connections and aliases of a `network:` into `scope`, a
  /// NetworkOp or a ModelOp. `own` are the declarations of the enclosing process, or null.
  mlir::LogicalResult buildNetwork(mlir::Operation *scope, const yaml::Node &network,
                                   Environment &env, const ProcessClass *own);

private:
  //===--- Process types (BuildProcess.cpp) ---===//

  /// One use of a class: what is given for it and what follows from that.
  struct Use {
    const ProcessClass *cls;
    mlir::Location loc;
    std::string path; ///< of the instance, for messages
    std::unique_ptr<Environment> env;
    /// Given parameters and Vars by name.
    llvm::StringMap<const yaml::Entry *> given;
    /// Parameters and shape names, in order, whose values make the type.
    llvm::SmallVector<std::string> structural;
    /// Declared types.
    llvm::SmallVector<mlir::Type> valueTypes, portTypes;
    llvm::SmallVector<mlir::ArrayAttr> valueShapeNames, portShapeNames;
    /// Which entries a Var stores; null if all elements.
    llvm::SmallVector<proc::SparseAttr> valueSparse;
    /// Of sparse Vars whose synapses are listed: which of the list each entry is.
    llvm::StringMap<llvm::SmallVector<int64_t>> listed = {};
  };
  mlir::LogicalResult collectGiven(Use &use, const yaml::Node &node, Environment &outer);
  void defineDefaults(Use &use);
  /// The node that gives a value for `decl`, also as its default; null if it is not in YAML.
  static const yaml::Node *nodeOf(const Use &use, const ValueDecl &decl);
  mlir::FailureOr<Constant> givenValue(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                       Environment &scope);
  mlir::FailureOr<Constant> generatedValue(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                           Environment &scope);
  mlir::FailureOr<Constant> defaultOf(const ValueDecl &decl, Environment &env);
  mlir::FailureOr<Constant> typedParameter(Use &use, const ValueDecl &decl, Constant value);
  mlir::LogicalResult bindShapeNames(Use &use);
  mlir::LogicalResult bindShapeNames(Use &use, const ValueDecl &decl, const Constant &value);
  mlir::FailureOr<llvm::SmallVector<size_t>> matchShape(Use &use, const ValueDecl &decl,
                                                        const Constant &value);
  mlir::LogicalResult checkParameters(Use &use);
  mlir::LogicalResult checkRequired(Use &use, const ValueDecl &decl);
  mlir::LogicalResult checkValue(Use &use, const ValueDecl &decl);
  mlir::LogicalResult convertParameters(Use &use);
  mlir::LogicalResult checkLimit(Use &use, const ValueDecl &decl, const Constant &value);
  /// The limit that `node` declares for `decl`: `#proc.limits` or an array.
  mlir::FailureOr<mlir::Attribute> limitOf(Use &use, const ValueDecl &decl, const yaml::Node &node);
  mlir::FailureOr<proc::LimitsAttr> limitsOfVar(Use &use, const ValueDecl &decl);
  mlir::LogicalResult declareTypes(Use &use);
  mlir::FailureOr<mlir::Type>
  declaredType(Use &use, llvm::StringRef typeName,
               const std::optional<llvm::SmallVector<const behaviour::Expr *>> &shape,
               llvm::ArrayRef<int64_t> otherwise, mlir::ArrayAttr &shapeNames);
  mlir::FailureOr<mlir::Type> declaredValueType(Use &use, const ValueDecl &decl,
                                                mlir::ArrayAttr &names);
  std::string keyOf(Use &use);
  mlir::FailureOr<proc::ProcessOp> buildProcess(Use &use);
  mlir::LogicalResult refuseUnfinished(Use &use);
  bool isHierarchical(const ProcessClass &cls);
  /// Whether its Vars are not only those of children: some model has code, or it has none.
  static bool hasStorage(const ProcessClass &cls);
  /// Whether the default of a Var is the same for all uses.
  static bool isLiteral(const ValueDecl &decl);

  //===--- Declarations (BuildMembers.cpp) ---===//
  mlir::LogicalResult buildMembers(Use &use, proc::ProcessOp process);
  mlir::LogicalResult buildVar(Use &use, mlir::OpBuilder &builder, const ValueDecl &decl,
                               mlir::Type type, mlir::ArrayAttr shapeNames,
                               proc::SparseAttr sparse);
  mlir::LogicalResult buildPort(Use &use, mlir::OpBuilder &builder, const PortDecl &port,
                                mlir::Type type, mlir::ArrayAttr shapeNames);
  mlir::LogicalResult buildVarPort(Use &use, mlir::OpBuilder &builder, const PortDecl &port);
  mlir::FailureOr<mlir::ElementsAttr> literalInit(Use &use, const ValueDecl &decl, mlir::Type type);

  //===--- Sparse Vars (BuildSparse.cpp) ---===//
  /// Names of the Vars that say where the entries of a sparse Var are; no user's name has a dot.
  static std::string offsetsName(llvm::StringRef var);
  static std::string targetsName(llvm::StringRef var);
  /// Of a value for a Var that stores entries these, of another one all.
  mlir::FailureOr<Constant> storedEntries(Use &use, const ValueDecl &decl,
                                          mlir::FailureOr<Constant> value);
  mlir::FailureOr<Constant> makePattern(Use &use, const ValueDecl &decl, const Constant &value);
  mlir::FailureOr<Constant> atEntries(Use &use, const ValueDecl &decl, const ValueDecl &pattern,
                                      const Constant &value);
  mlir::FailureOr<llvm::SmallVector<int64_t>> shapeWithoutMatrix(Use &use, const ValueDecl &decl,
                                                                 mlir::Location loc);
  proc::SparseAttr sparseAttr(const ValueDecl &var, llvm::ArrayRef<int64_t> shape,
                              bool isCapacity = false);
  bool storesEntries(Use &use, const ValueDecl &decl);
  mlir::FailureOr<mlir::Type> sparseType(Use &use, const ValueDecl &decl, proc::SparseAttr &sparse);
  void buildPattern(Use &use, mlir::OpBuilder &builder, const ValueDecl &decl);
  void buildPatternValues(Use &use, proc::InstanceOp instance);
  void addValue(proc::InstanceOp instance, llvm::StringRef name, const Constant &value,
                mlir::ElementsAttr elements, bool isPassedOn);

  //===--- Connectivity by rule (BuildConnectivity.cpp) ---===//
  /// Targets are stored as i32, and entries are counted by them.
  static constexpr int64_t maxEntries = (int64_t(1) << 31) - 1;
  mlir::FailureOr<Constant> ruleValue(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                      Environment &scope);
  mlir::FailureOr<llvm::SmallVector<int64_t>>
  shapeOfRule(Use &use, const ValueDecl &decl, const yaml::Node &node, Environment &scope);
  mlir::FailureOr<Constant> synapseValue(const yaml::Node &rule, int64_t count, Environment &scope);
  mlir::FailureOr<Constant> drawnValue(const yaml::Node &node, const Constant &entries,
                                       Environment &scope);
  mlir::FailureOr<Constant> blockValues(llvm::ArrayRef<const yaml::Node *> nodes, int64_t count,
                                        mlir::Location loc, Environment &scope);
  mlir::FailureOr<Constant> valueOfBlocks(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                          Environment &scope);
  mlir::LogicalResult refuseRule(Use &use, const ValueDecl &decl, const ValueDecl &pattern,
                                 mlir::Location loc);
  mlir::FailureOr<Constant> placeByRule(Use &use, const ValueDecl &decl, Constant value);
  mlir::FailureOr<Constant> atSynapses(Use &use, const ValueDecl &decl, const ValueDecl &pattern,
                                       const Constant &value, const Constant &entries);

  //===--- Models (BuildModels.cpp) ---===//
  mlir::LogicalResult buildModels(Use &use, proc::ProcessOp process);
  mlir::LogicalResult buildModel(Use &use, proc::ProcessOp process, const yaml::Node &node,
                                 llvm::StringRef name);
  mlir::LogicalResult buildPhases(proc::ModelOp model, const yaml::Node &phases);
  mlir::FailureOr<mlir::DictionaryAttr> bindTypes(const yaml::Node *types);
  mlir::FailureOr<mlir::DictionaryAttr> modelLimits(Use &use, const yaml::Node *limits);

  //===--- Connectivity that is listed (BuildList.cpp) ---===//
  mlir::FailureOr<Constant> listedValue(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                        llvm::ArrayRef<int64_t> shape, Environment &scope);
  mlir::FailureOr<Constant> listedNumbers(Use &use, const ValueDecl &decl, const yaml::Node &node,
                                          int64_t count, Environment &scope);
  mlir::FailureOr<Constant> atListed(Use &use, const ValueDecl &decl, const ValueDecl &pattern,
                                     const Constant &value);

  //===--- Extents that only connections say (BuildExtents.cpp) ---===//
  /// An instance may have to wait until others are there.
  struct Waiting {
    const yaml::Node &network;
    std::optional<llvm::SmallVector<behaviour::Connection>> &connections; ///< once they are needed
    bool mayWait;
    bool waits; ///< nothing has been built
  };
  mlir::LogicalResult buildInstances(mlir::Operation *scope, const yaml::Node &network,
                                     Environment &env, const ProcessClass *own);
  /// Whether a rule is given for a matrix whose extents nothing says yet.
  static bool lacksExtents(Use &use);
  llvm::SmallVector<behaviour::Connection> parseConnections(const yaml::Node &network);
  void bindFromConnections(Use &use, llvm::StringRef name, mlir::Operation *scope,
                           llvm::ArrayRef<behaviour::Connection> connections, Environment &env);
  void bindFromConnection(Use &use, llvm::StringRef name, mlir::Operation *scope,
                          const behaviour::Connection &connection, Environment &env);
  void bindPort(Use &use, llvm::StringRef name, const proc::PartialShape &known,
                mlir::Location loc);
  proc::PartialShape shapeOfEnd(mlir::Operation *scope, const behaviour::ConnectionEnd &end,
                                Environment &env);

  //===--- Networks (BuildNetwork.cpp, BuildConnections.cpp) ---===//
  mlir::LogicalResult buildInstance(mlir::Operation *scope, const yaml::Entry &entry,
                                    Environment &env, const ProcessClass *own, Waiting &waiting);
  mlir::LogicalResult buildValues(Use &use, proc::InstanceOp instance, proc::ProcessOp process);
  mlir::LogicalResult buildConnection(mlir::Operation *scope, const yaml::Node &node,
                                      Environment &env);
  mlir::FailureOr<mlir::SymbolRefAttr>
  buildEnd(mlir::Operation *scope, const behaviour::ConnectionEnd &end, Environment &env);
  mlir::FailureOr<mlir::SymbolRefAttr> memberRef(mlir::Operation *scope,
                                                 const behaviour::ConnectionEnd &end);
  mlir::FailureOr<mlir::Attribute> transformAttr(const behaviour::Transform &transform,
                                                 Environment &env);
  mlir::FailureOr<mlir::Attribute> sliceAttr(const behaviour::Transform &transform,
                                             Environment &env);
  mlir::FailureOr<llvm::SmallVector<int64_t>>
  constantInts(llvm::ArrayRef<const behaviour::Expr *> exprs, Environment &env);
  mlir::SymbolRefAttr addVirtualPort(mlir::Operation *scope, mlir::Location loc,
                                     mlir::Attribute transform,
                                     llvm::ArrayRef<mlir::SymbolRefAttr> sources);
  mlir::LogicalResult buildAlias(mlir::Operation *scope, const yaml::Entry &entry);
  mlir::FailureOr<mlir::SymbolRefAttr> aliasTarget(proc::ModelOp model, const yaml::Node &node);

  mlir::ModuleOp module;
  mlir::MLIRContext *context;
  DataFiles &files;
  const Functions &functions;
  behaviour::AstContext ast;
  ClassTable classes;
  /// Process types that have been built, by what makes them.
  llvm::StringMap<proc::ProcessOp> built;
  llvm::StringMap<unsigned> nameCounts;
  /// Classes whose hierarchical models are being built, to find a process that contains itself.
  llvm::SetVector<const ProcessClass *> building;
  bool foundErrors = false;
  /// Instances that could not be built, by the operation whose network they belong to.
  llvm::DenseMap<mlir::Operation *, llvm::StringSet<>> broken;
  /// Of the networks whose connections are built.
  mlir::SymbolTableCollection instances;
  /// Path of the enclosing instance, for messages.
  std::string path;
};

/// The elements of a tensor at row-major positions, along one axis.
mlir::DenseElementsAttr pickElements(mlir::DenseElementsAttr values,
                                     llvm::ArrayRef<int64_t> positions);

} // namespace basalt::frontend

#endif // BASALT_COMPILER_FRONTEND_BUILD_BUILDER_H
