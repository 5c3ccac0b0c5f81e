// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Up to the stage Neurocore, and from there to an image.
#include "tools/basalt/MakeImage.h"

#include "compiler/neurocore/image/BuildImage.h"
#include "compiler/neurocore/target/TargetFile.h"
#include "dialect/neurocore/Neurocore.h"

using namespace basalt;
using namespace basalt::driver;

rt::RunOptions basalt::driver::defaultsOf(const nc::Image &image, const std::string &path) {
  rt::RunOptions defaults;
  try {
    defaults = rt::parseArguments(image.options, path).options;
  } catch (const rt::UsageError &error) {
    throw rt::InputError("the default options of '" + path + "' cannot be used: " + error.what());
  }
  if (!defaults.seed)
    defaults.seed = image.seed;
  return defaults;
}

/// Whether there are neurons, and what is wrong is that they find no cores.
static bool isUnplaced(Session &session) {
  if (!session.module())
    return false;
  auto networks = session.module().getOps<neurocore::NetworkOp>();
  return llvm::any_of(networks, [](neurocore::NetworkOp network) {
    return network.getBody().getOps<neurocore::CoreOp>().empty();
  });
}

/// Tries the chips that come with Basalt, and names the first that has room.
static void suggestChip(const Session &session) {
  for (const std::string &name : neurocore::listTargets()) {
    Arguments trial = session.given();
    if (trial.chip == name)
      continue;
    trial.chip = name;
    trial.mlir.clear();
    trial.watch = {};
    Session other(trial, llvm::nulls());
    if (other.advance(Stage::Neurocore) != rt::kDone)
      continue;
    printMessage(llvm::errs(), trial.diagnostics.form, mlir::DiagnosticSeverity::Note,
                 "it fits with --chip " + name);
    return;
  }
}

rt::ExitCode basalt::driver::makeImage(Session &session, nc::Image &image) {
  if (rt::ExitCode code = session.advance(Stage::Neurocore); code != rt::kDone) {
    if (code == rt::kFailed && isUnplaced(session))
      suggestChip(session);
    return code;
  }
  neurocore::ImageOptions options;
  options.runArguments = session.defaults().arguments;
  options.seed = session.seed();
  options.compiler = "Basalt";
  mlir::FailureOr<nc::Image> made = neurocore::buildImage(session.module(), options);
  session.flushDiagnostics();
  if (failed(made))
    return rt::kFailed;
  image = std::move(*made);
  return rt::kDone;
}
