// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The choices of an option are those that the importer knows.
#include "tools/basalt/ImportArguments.h"

#include <CLI/CLI.hpp>

using namespace basalt;
using namespace basalt::driver;

static void addChoice(CLI::App &app, const char *name, std::string &value, const char *type,
                      const std::vector<std::string> &choices, const std::string &text) {
  std::string list;
  for (const std::string &choice : choices)
    list += (list.empty() ? "" : ", ") + choice;
  app.add_option(name, value, text + ": " + list)
      ->type_name(type)
      ->check(CLI::IsMember(choices).description(""))
      ->group("Files of NIR");
}

static std::string checkDt(const std::string &text) {
  double value = 0;
  if (CLI::detail::lexical_cast(text, value) && value > 0 && value <= 1e6)
    return "";
  return "expected seconds, more than 0, found '" + text + "'";
}

static void addNetNumber(CLI::App &app, const char *name, std::optional<int64_t> &value,
                         int64_t least, int64_t most, const std::string &text) {
  app.add_option(name, value, text)
      ->type_name("N")
      ->check(CLI::Range(least, most).description(""))
      ->group("Files of lava-dl");
}

static void addNetArguments(CLI::App &app, import::NetOptions &net) {
  constexpr int64_t many = 1 << 30;
  addNetNumber(app, "--net-reset-interval", net.resetInterval, 1, many,
               "clear the state of CUBA neurons every N steps");
  addNetNumber(app, "--net-reset-offset", net.resetOffset, 0, many,
               "of these steps, for the first layer");
  addNetNumber(app, "--net-spike-exp", net.spikeExp, 0, 25,
               "scale of messages of sigma-delta neurons, a power of two (6)");
  addNetNumber(app, "--net-layers", net.layers, 1, many, "take the first N layers of the file");
  addNetNumber(app, "--net-skip-layers", net.skipLayers, 0, many,
               "leave out the first N layers of the file");
  addNetNumber(app, "--net-message-bits", net.messageBits, 0, 32,
               "of the input: 0 for spikes (the default), more for numbers");
  app.add_option("--net-input-shape", net.inputShape,
                 "x, y and channels of the input, if the file does not say")
      ->type_name("X,Y,C")
      ->delimiter(',')
      ->expected(3)
      ->check(CLI::Range(int64_t(1), int64_t(1) << 20).description(""))
      ->group("Files of lava-dl");
}

void basalt::driver::addImportArguments(CLI::App &app, import::ImportOptions &options) {
  app.add_option_function<std::vector<std::string>>(
         "--input",
         [&options](const std::vector<std::string> &values) {
           for (const std::string &value : values)
             options.inputs.push_back(import::parseInputFile(value));
         },
         "of a trained network: what is played into its input, or into that of this name; an .npy "
         "file, a table, a list of events or NIRData")
      ->type_name("[NAME=]FILE")
      ->type_size(1)
      ->expected(1, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  addNetArguments(app, options.net);
  import::NirOptions &nir = options.nir;
  addChoice(app, "--nir-preset", nir.preset, "NAME", import::nirPresets,
            "run the graph as this simulator does");
  app.add_option("--nir-dt", nir.dt, "seconds of a time step (else as the file says, else 0.0001)")
      ->type_name("SECONDS")
      ->check(checkDt)
      ->group("Files of NIR");
  addChoice(app, "--nir-integrator", nir.integrator, "NAME", import::nirIntegrators,
            "how leaky neurons are integrated");
  addChoice(app, "--nir-reset", nir.reset, "NAME", import::nirResets, "what a spike does to v");
  addChoice(app, "--nir-cuba-order", nir.cubaOrder, "NAME", import::nirCubaOrders,
            "whether v takes in the new current or the old one");
  addChoice(app, "--nir-drive", nir.drive, "NAME", import::nirDrives,
            "whether inputs of I and IF count as they are or times dt");
  app.add_option("--nir-latency", nir.latency, "time steps that weights take: 0 or 1")
      ->type_name("STEPS")
      ->check(CLI::Range(0, 1).description(""))
      ->group("Files of NIR");
}
