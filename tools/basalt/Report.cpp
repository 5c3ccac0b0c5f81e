// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt report`: how a network or an image fits its chip, what it costs, and where it is.
#include "tools/basalt/Commands.h"
#include "tools/basalt/MakeImage.h"

#include "compiler/neurocore/report/FitReport.h"
#include "runtime/native/Error.h"
#include "runtime/native/Output.h"
#include "runtime/neurocore/ImageFile.h"

#include "llvm/ADT/StringRef.h"
#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;

static void writeOut(const std::string &text) {
  rt::FileOutput output(STDOUT_FILENO, "standard output");
  output.write(text);
  output.flush();
}

static bool isImage(const Arguments &arguments) {
  return llvm::StringRef(arguments.input.file).ends_with(".nci");
}

/// Reads the image, or compiles the network.
static rt::ExitCode loadImage(const Arguments &arguments, nc::Image &image) {
  if (isImage(arguments)) {
    if (!arguments.chip.empty() || arguments.neuronsPerCore > 0)
      throw rt::UsageError("an image has been made for a chip: --chip and --neurons-per-core are "
                           "for networks");
    image = nc::readImageFile(arguments.input.file);
    return rt::kDone;
  }
  Session session(arguments);
  return makeImage(session, image);
}

static rt::ExitCode reportFit(const Arguments &arguments, const nc::Image &image,
                              const nc::Target &target) {
  neurocore::Fit fit = neurocore::fitOf(image, target);
  writeOut(arguments.json ? neurocore::fitJson(image, target, fit, nullptr)
                          : neurocore::fitText(image, target, fit, nullptr));
  return rt::kDone;
}

int basalt::driver::report(const Arguments &arguments) {
  nc::Image image;
  if (rt::ExitCode code = loadImage(arguments, image); code != rt::kDone)
    return code;
  nc::Target target = *nc::parseCanonicalText(image.target, nullptr); // has been verified
  return reportFit(arguments, image, target);
}
