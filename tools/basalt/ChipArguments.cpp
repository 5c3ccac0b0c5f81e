// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges and choices are checked here; what does not go together, in Report.cpp.
#include "tools/basalt/ChipArguments.h"

#include <CLI/CLI.hpp>

using namespace basalt;
using namespace basalt::driver;

void basalt::driver::addChipArguments(CLI::App &app, Arguments &arguments) {
  app.add_option(
         "--chip", arguments.chip,
         "of neurocore: the chip, by a name of `basalt targets` or a YAML file (else as the "
         "network says, else loihi2-like)")
      ->type_name("CHIP");
  app.add_option("--neurons-per-core", arguments.neuronsPerCore,
                 "of neurocore: at most so many neurons on a core (else as the network says, else "
                 "as many as fit)")
      ->type_name("N")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 20));
  app.add_option("--place", arguments.place,
                 "of neurocore: how neurons get their cores: traffic (default), evenly and near to "
                 "those that they talk with; first-fit, in order; or shuffle, anyhow, for tests")
      ->type_name("HOW")
      ->check(CLI::IsMember({"traffic", "first-fit", "shuffle"}).description(""));
  app.add_option("--place-seed", arguments.placeSeed, "of --place=shuffle: which of all ways")
      ->type_name("N");
}

void basalt::driver::addReportArguments(CLI::App &app, Arguments &arguments) {
  app.add_option(
         "WHAT", arguments.report,
         "fit: what the limits of the chip have left; cost: what runs cost; map: which core "
         "has what")
      ->required()
      ->type_name("")
      ->check(CLI::IsMember({"fit", "cost", "map"}));
  app.add_flag("--json", arguments.json, "of fit and cost: print all numbers as JSON");
  app.add_option("--steps", arguments.reportSteps,
                 "of cost and map: run so many time steps in the emulator, and count what happens")
      ->type_name("N")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 40));
  app.add_option("-o,--output", arguments.output,
                 "of map: also write a picture, as a page (.html) or alone (.svg)")
      ->type_name("FILE");
}
