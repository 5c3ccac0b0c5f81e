// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/build/Builder.h"
#include "compiler/frontend/build/Program.h"
#include "compiler/frontend/build/RunSection.h"
#include "compiler/support/Suggest.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace basalt::frontend {

/// A parameter of a file: a value, or a declaration whose default is the value.
static FailureOr<Constant> readFileParam(const yaml::Node &node, Environment &env,
                                         DataFiles &files) {
  if (!node.isString() || node.isExpression() || node.style() != yaml::ScalarStyle::Plain)
    return readConstant(node, env, files);
  FailureOr<behaviour::Source> source = sourceOf(node, env.getContext(), "a parameter");
  if (failed(source))
    return failure();
  behaviour::AstContext ast;
  auto parsed = behaviour::parseDeclaration(*source, ast, behaviour::BareValues::Allowed);
  if (failed(parsed))
    return failure();
  if (parsed->isRequired)
    return emitError(node.loc(), "a parameter of a file must have a value");
  if (!parsed->bareText.empty())
    return readConstant(node, env, files);
  if (!parsed->init)
    return emitError(node.loc(), "a parameter of a file must have a value");
  return env.evaluate(*parsed->init);
}

/// `--param name=value`, the value as YAML would have it.
static LogicalResult overrideParam(StringRef name, StringRef text, const yaml::Node *params,
                                   SourceFiles &sources, yaml::Reader &reader, Environment &env,
                                   DataFiles &files) {
  Location nowhere = UnknownLoc::get(env.getContext());
  if (!params || !params->findEntry(name)) {
    SmallVector<StringRef> names;
    if (params)
      for (const yaml::Entry &entry : params->entries())
        names.push_back(entry.key());
    return emitError(nowhere) << "--param " << name << ": the file has no parameter '" << name
                              << "'" << didYouMean(name, names);
  }
  const SourceFile &source = sources.addBuffer(("--param " + name).str(), text);
  FailureOr<const yaml::Node *> node = reader.read(source);
  if (failed(node))
    return failure();
  const yaml::Node *value = *node;
  env.define(name, value->loc(),
             [value, &env, &files] { return readConstant(*value, env, files); });
  return success();
}

namespace {
/// Everything that lives during one import.
struct Import {
  SourceFiles &sources;
  MLIRContext *context;
  Program program;
  yaml::Reader overrides;
  Environment env;
  DataFiles files;

  Import(SourceFiles &sources, MLIRContext *context)
      : sources(sources), context(context), program(sources, context), overrides(sources, context),
        env(context, program.functions()), files{sources, {}} {}

  LogicalResult defineParams(const FrontendOptions &options);
  LogicalResult checkParams();
  LogicalResult build(ModuleOp module);
};
} // namespace

LogicalResult Import::defineParams(const FrontendOptions &options) {
  const yaml::Node *params = program.main().find("params");
  for (const auto &[name, text] : options.params)
    if (failed(overrideParam(name, text, params, sources, overrides, env, files)))
      return failure();
  if (!params)
    return success();
  for (const yaml::Entry &entry : params->entries()) {
    const yaml::Node *value = entry.value;
    env.define(entry.key(), value->loc(),
               [this, value] { return readFileParam(*value, env, files); });
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

LogicalResult Import::build(ModuleOp module) {
  LogicalResult result = checkParams();
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  Builder types(module, files, program.functions());
  for (const Program::Document &document : program.all()) {
    if (const yaml::Node *functions = document.root->find("functions"))
      proc::FunctionsOp::create(builder, functions->textLoc(), functions->text());
    if (const yaml::Node *records = document.root->find("records"))
      result = emitError(records->loc(), "records are not supported yet");
    if (const yaml::Node *processes = document.root->find("processes"))
      for (const yaml::Entry &entry : processes->entries())
        types.addClass(entry);
  }
  if (failed(types.parseClasses()))
    result = failure();
  auto network = proc::NetworkOp::create(builder, module.getLoc(), "net");
  network.getBody().emplaceBlock();
  if (const yaml::Node *node = program.main().find("network")) {
    network->setLoc(program.main().findEntry("network")->keyLoc());
    if (succeeded(result) && failed(types.buildNetwork(network, *node, env, nullptr)))
      result = failure();
  }
  // Functions serve behaviours that are still text; without any they are done with.
  WalkResult hasText = module.walk([](Operation *op) {
    return op->hasAttr("source") ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (!hasText.wasInterrupted())
    for (auto functions : llvm::make_early_inc_range(module.getOps<proc::FunctionsOp>()))
      functions.erase();
  return result;
}

FailureOr<OwningOpRef<ModuleOp>> importYaml(SourceFiles &sources, StringRef path,
                                            MLIRContext *context, const FrontendOptions &options,
                                            RunDefaults &defaults) {
  Import import(sources, context);
  if (failed(import.program.read(path)) || failed(import.defineParams(options)))
    return failure();
  OwningOpRef<ModuleOp> module = ModuleOp::create(FileLineColLoc::get(context, path, 1, 1));
  LogicalResult built = import.build(*module),
                run = readRunSection(import.program.main().find("run"), import.env, import.files,
                                     defaults);
  defaults.dataFiles = import.files.read;
  if (failed(built) || failed(run) || failed(verify(*module)))
    return failure();
  return module;
}

} // namespace basalt::frontend
