// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt report`: how a network or an image fits its chip, what it costs, and where it is.
#include "tools/basalt/Commands.h"
#include "tools/basalt/MakeImage.h"

#include "compiler/neurocore/report/CoreMap.h"
#include "compiler/neurocore/report/Cost.h"
#include "compiler/neurocore/report/FitReport.h"
#include "compiler/support/Files.h"
#include "runtime/native/Error.h"
#include "runtime/native/Output.h"
#include "runtime/native/Run.h"
#include "runtime/neurocore/Emulator.h"
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
    if (!arguments.chip.empty() || arguments.neuronsPerCore > 0 || arguments.place != "traffic")
      throw rt::UsageError("an image has been made for a chip: --chip, --neurons-per-core and "
                           "--place are for networks");
    image = nc::readImageFile(arguments.input.file);
    return rt::kDone;
  }
  Session session(arguments);
  return makeImage(session, image);
}

static rt::ExitCode reportFit(const Arguments &arguments, const nc::Image &image,
                              const nc::Target &target) {
  neurocore::Fit fit = neurocore::fitOf(image, target);
  std::optional<neurocore::OtherFit> other;
  // Of an image nobody knows where first fit would have put it.
  if (!isImage(arguments) && arguments.place != "first-fit") {
    Arguments firstFit = arguments;
    firstFit.place = "first-fit";
    firstFit.diagnostics.warnings.silenceAll(); // they have been printed
    firstFit.input.explainSelection = false;
    nc::Image mapped;
    // Where it finds no room, another order of neurons has helped.
    Session session(firstFit, llvm::nulls());
    other.emplace();
    if (session.advance(Stage::Neurocore) == rt::kDone && makeImage(session, mapped) == rt::kDone)
      other->fit = neurocore::fitOf(mapped, target);
  }
  const neurocore::OtherFit *beside = other ? &*other : nullptr;
  writeOut(arguments.json ? neurocore::fitJson(image, target, fit, beside)
                          : neurocore::fitText(image, target, fit, beside));
  return rt::kDone;
}

/// What a run does, in the emulator; it prints and records nothing.
static neurocore::Activity runFor(const Arguments &arguments, const nc::Image &image) {
  rt::RunOptions options = defaultsOf(image, arguments.input.file);
  options.stages = {rt::StageItem{std::nullopt, arguments.reportSteps}};
  options.probes.clear();
  options.gets.clear();
  options.out.reset();
  options.print = false;
  nc::Emulator emulator(image, options.threads.value_or(1));
  rt::StringOutput printed;
  rt::execute(emulator, options, printed);
  neurocore::Activity activity;
  activity.steps = uint64_t(arguments.reportSteps);
  activity.isRun = true;
  for (size_t i = 0; i < image.cores.size(); ++i)
    activity.cores.push_back(emulator.countersOf(i));
  activity.embedded = emulator.embeddedCounters();
  for (const nc::Emulator::Messages &messages : emulator.messages())
    if (messages.from != nc::kNone)
      activity.traffic[{messages.from, messages.to}] += messages.count;
  return activity;
}

static rt::ExitCode reportMap(const Arguments &arguments, const nc::Image &image,
                              const nc::Target &target, const neurocore::Traffic &traffic) {
  writeOut(neurocore::mapText(image, target));
  if (arguments.output.empty())
    return rt::kDone;
  bool isSvg = llvm::StringRef(arguments.output).ends_with(".svg");
  std::string reason;
  if (failed(writeFile(arguments.output,
                       isSvg ? neurocore::mapSvg(image, target, traffic)
                             : neurocore::mapHtml(image, target, traffic),
                       &reason)))
    throw rt::InputError(reason);
  return rt::kDone;
}

/// Options that another report has.
static void checkOptions(const Arguments &arguments) {
  llvm::StringRef output = arguments.output;
  if (!output.empty() && arguments.report != "map")
    throw rt::UsageError("-o is for the picture of `basalt report map`");
  if (!output.empty() && !output.ends_with(".svg") && !output.ends_with(".html"))
    throw rt::UsageError("expected a file that ends in .html or .svg, found '" + output.str() +
                         "'");
  if (arguments.json && arguments.report == "map")
    throw rt::UsageError("--json is for `basalt report fit` and `basalt report cost`");
  if (arguments.reportSteps > 0 && arguments.report == "fit")
    throw rt::UsageError("--steps is for `basalt report cost` and `basalt report map`");
}

int basalt::driver::report(const Arguments &arguments) {
  checkOptions(arguments);
  nc::Image image;
  if (rt::ExitCode code = loadImage(arguments, image); code != rt::kDone)
    return code;
  nc::Target target = *nc::parseCanonicalText(image.target, nullptr); // has been verified
  if (arguments.report == "fit")
    return reportFit(arguments, image, target);
  neurocore::Activity activity =
      arguments.reportSteps > 0 ? runFor(arguments, image) : neurocore::fullStep(image);
  if (arguments.report == "map")
    return reportMap(arguments, image, target, activity.traffic);
  writeOut(arguments.json ? neurocore::costJson(image, target, activity)
                          : neurocore::costText(image, target, activity));
  return rt::kDone;
}
