// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Up to the stage Neurocore, and from there to an image.
#include "tools/basalt/MakeImage.h"

#include "compiler/neurocore/image/BuildImage.h"

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

rt::ExitCode basalt::driver::makeImage(Session &session, nc::Image &image) {
  if (rt::ExitCode code = session.advance(Stage::Neurocore); code != rt::kDone)
    return code;
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
