// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/build/Generator.h"
#include "compiler/frontend/build/Program.h"
#include "compiler/frontend/build/Records.h"
#include "compiler/frontend/build/RunSection.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace basalt::frontend {

/// The type that a parameter of a file declares.
static FailureOr<RankedTensorType> typeOfParam(const behaviour::Declaration &decl,
                                               const Constant &value, Environment &env) {
  Type element = proc::parseElement(env.getContext(), decl.typeName);
  if (!element)
    return LogicalResult(refuseType(decl.typeLoc, decl.typeName));
  if (!decl.shape)
    return RankedTensorType::get(value.shape(), element);
  SmallVector<int64_t> extents;
  for (const behaviour::Expr *extent : *decl.shape)
    if (failed(env.appendExtents(*extent, extents)))
      return failure();
  if (failed(checkShape(decl.loc, extents)))
    return failure();
  return RankedTensorType::get(extents, element);
}

/// A parameter of a file: a value, or a declaration whose default is the value. `given` is its
/// value from the command line, or null.
static FailureOr<Constant> readFileParam(const yaml::Entry &entry, const yaml::Node *given,
                                         Environment &env, DataFiles &files) {
  const yaml::Node &node = *entry.value;
  if (const yaml::Node &value = given ? *given : node; isGenerator(value))
    return generate(value, entry.key(),
                    RankedTensorType::get({}, Float64Type::get(env.getContext())), env, files);
  if (!node.isString() || node.isExpression() || node.style() != yaml::ScalarStyle::Plain)
    return readConstant(given ? *given : node, env, files);
  FailureOr<behaviour::Source> source = sourceOf(node, env.getContext(), "a parameter");
  if (failed(source))
    return failure();
  behaviour::AstContext ast;
  auto parsed = behaviour::parseDeclaration(*source, ast, behaviour::BareValues::Allowed);
  if (failed(parsed))
    return failure();
  bool isBare = parsed->isBareWord || !parsed->bareText.empty();
  bool isMissing = parsed->isRequired || (!isBare && !parsed->init);
  if (isMissing && !given)
    return emitError(node.loc(), "a parameter of a file must have a value");
  FailureOr<Constant> value = given || isBare ? readConstant(given ? *given : node, env, files)
                                              : env.evaluate(*parsed->init);
  if (failed(value) || isBare || parsed->typeName.empty())
    return value;
  FailureOr<RankedTensorType> type = typeOfParam(*parsed, *value, env);
  if (failed(type))
    return failure();
  return convertExactly(*value, *type, "'" + entry.key().str() + "'");
}

/// `--param name=value`, the value as YAML would have it.
static FailureOr<const yaml::Node *> readOverride(StringRef name, StringRef text,
                                                  const yaml::Node *params, SourceFiles &sources,
                                                  yaml::Reader &reader, MLIRContext *context) {
  if (params && params->findEntry(name))
    return reader.read(sources.addBuffer(("--param " + name).str(), text));
  SmallVector<StringRef> names;
  if (params)
    for (const yaml::Entry &entry : params->entries())
      names.push_back(entry.key());
  return emitError(UnknownLoc::get(context))
         << "--param " << name << ": the file has no parameter '" << name << "'"
         << didYouMean(name, names);
}

namespace {
/// Everything that lives during one import.
struct Import {
  SourceFiles &sources;
  MLIRContext *context;
  Program program;
  yaml::Reader overrides;
  Records records;
  Environment env;
  DataFiles files;

  Import(SourceFiles &sources, MLIRContext *context, StringRef library)
      : sources(sources), context(context), program(sources, context, library),
        overrides(sources, context), records(context, program.functions(), program.scopes()),
        env(context, program.functions()), files{sources, {}, nullptr, &records} {}

  LogicalResult addRecords();
  LogicalResult defineParams(const FrontendOptions &options);
  LogicalResult checkParams();
  LogicalResult build(ModuleOp module);

private:
  void addFunctions(OpBuilder &builder);
  void removeFunctions(ModuleOp module);
};
} // namespace

LogicalResult Import::addRecords() {
  for (const Program::Document &document : program.all())
    if (const yaml::Node *declared = document.root->find("records"))
      for (const yaml::Entry &entry : declared->entries())
        records.add(document.file(), entry, document.isStandard);
  return records.parseAll();
}

LogicalResult Import::defineParams(const FrontendOptions &options) {
  const yaml::Node *params = program.main().find("params");
  llvm::StringMap<const yaml::Node *> given;
  for (const auto &[name, text] : options.params) {
    auto value = readOverride(name, text, params, sources, overrides, context);
    if (failed(value))
      return failure();
    given[name] = *value; // the last of several counts
  }
  if (!params)
    return success();
  for (const yaml::Entry &entry : params->entries()) {
    const yaml::Node *value = given.lookup(entry.key());
    env.define(entry.key(), value ? value->loc() : entry.value->loc(),
               [this, &entry, value] { return readFileParam(entry, value, env, files); });
  }
  return success();
}

/// Also parameters that nothing uses must make sense.
LogicalResult Import::checkParams() {
  SmallVector<StringRef> names;
  env.list(names);
  LogicalResult result = success();
  for (StringRef name : names)
    if (failed(env.get(name, UnknownLoc::get(context))))
      result = failure();
  return result;
}

/// The functions of each file, and of a file without any what it imports.
void Import::addFunctions(OpBuilder &builder) {
  bool hasAny = llvm::any_of(program.all(), [](const Program::Document &document) {
    return document.root->find("functions");
  });
  for (const Program::Document &document : program.all()) {
    const yaml::Node *functions = document.root->find("functions");
    if (!functions && (!hasAny || document.imports.empty()))
      continue;
    ArrayAttr imports;
    if (!document.imports.empty())
      imports = builder.getStrArrayAttr(llvm::to_vector_of<StringRef>(document.imports));
    proc::FunctionsOp::create(builder,
                              functions ? Location(functions->textLoc()) : document.root->loc(),
                              builder.getStringAttr(functions ? functions->text() : ""), imports);
  }
}

/// Functions serve behaviours that are still text; without any they are done with.
void Import::removeFunctions(ModuleOp module) {
  WalkResult hasText = module.walk([](Operation *op) {
    return op->hasAttr("source") ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (!hasText.wasInterrupted())
    for (auto functions : llvm::make_early_inc_range(module.getOps<proc::FunctionsOp>()))
      functions.erase();
}

LogicalResult Import::build(ModuleOp module) {
  LogicalResult result = checkParams();
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  Builder types(module, files, program.functions(), program.scopes());
  addFunctions(builder);
  for (const Program::Document &document : program.all()) {
    if (const yaml::Node *processes = document.root->find("processes"))
      for (const yaml::Entry &entry : processes->entries())
        types.addClass(document.file(), entry, document.isStandard);
  }
  if (failed(types.parseClasses()))
    result = failure();
  auto network = proc::NetworkOp::create(builder, module.getLoc(), "net");
  network.getBody().emplaceBlock();
  if (const yaml::Node *node = program.main().find("network")) {
    network->setLoc(program.main().findEntry("network")->keyLoc());
    if (failed(types.buildNetwork(network, *node, env, nullptr)) || types.hasErrors())
      result = failure();
  }
  removeFunctions(module);
  return result;
}

FailureOr<OwningOpRef<ModuleOp>> importYaml(SourceFiles &sources, StringRef path,
                                            MLIRContext *context, const FrontendOptions &options,
                                            RunDefaults &defaults, OwningOpRef<ModuleOp> *rest) {
  Import import(sources, context, options.library);
  import.files.inMemory = options.arrays;
  if (failed(import.program.read(path)) || failed(import.addRecords()) ||
      failed(import.defineParams(options)))
    return failure();
  for (StringRef section : {"run", "target"})
    if (const yaml::Entry *entry = import.program.main().findEntry(section))
      defaults.sections.push_back(entry->keyLoc());
  const yaml::Node *runSection = import.program.main().find("run");
  FailureOr<uint64_t> seed = readSeed(runSection, import.env, import.files);
  if (failed(seed))
    return failure();
  import.files.seed = options.seed.value_or(*seed);
  OwningOpRef<ModuleOp> module = ModuleOp::create(FileLineColLoc::get(context, path, 1, 1));
  LogicalResult built = import.build(*module),
                run = readRunSection(runSection, import.env, import.files, defaults),
                target = readTargetSection(import.program.main().find("target"), import.env,
                                           import.files, defaults.target);
  defaults.dataFiles = import.files.read;
  defaults.usesSeed = import.files.usesSeed;
  bool isRight =
      succeeded(built) && succeeded(run) && succeeded(target) && !import.program.hasStrayKeys();
  if (isRight && succeeded(verify(*module)))
    return module;
  ScopedDiagnosticHandler silence(context, [](Diagnostic &) { return success(); });
  if (rest && succeeded(verify(*module)))
    *rest = std::move(module);
  return failure();
}

} // namespace basalt::frontend
