// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt emulate`: runs an image, of which it knows nothing but the file.
#include "tools/basalt/Commands.h"
#include "tools/basalt/MakeImage.h"

#include "runtime/native/Error.h"
#include "runtime/native/Output.h"
#include "runtime/native/Run.h"
#include "runtime/neurocore/Emulator.h"
#include "runtime/neurocore/ImageFile.h"

#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;

/// What nobody can read is said before the run, not behind it.
static void checkReadable(const nc::Image &image, const rt::RunOptions &options) {
  auto check = [&](const std::string &request) {
    std::string name = request.substr(0, request.find('@'));
    for (const nc::Alias &alias : image.aliases)
      if (alias.alias == name)
        name = alias.target;
    for (const nc::Var &var : image.vars)
      if (var.name == name && !var.readable)
        throw rt::InputError("cannot read '" + request + "': " + var.reason);
  };
  for (const std::string &request : options.probes)
    check(request);
  for (const std::string &request : options.gets)
    check(request);
}

static std::string countersText(const std::string &what, const nc::Counters &counters) {
  return what + ": " + std::to_string(counters.updates) + " updates of neurons (" +
         std::to_string(counters.idle) + " saved), " + std::to_string(counters.instructions) +
         " instructions, " + std::to_string(counters.spikes) + " spikes sent, " +
         std::to_string(counters.axons) + " received, " + std::to_string(counters.synapses) +
         " synaptic operations\n";
}

static void printCounters(const nc::Image &image, const nc::Emulator &emulator) {
  rt::FileOutput output(STDOUT_FILENO, "standard output");
  nc::Counters all;
  for (size_t i = 0; i < image.cores.size(); ++i) {
    const nc::Core &core = image.cores[i];
    nc::Counters counters = emulator.countersOf(i);
    output.write(countersText("core " + std::to_string(core.chip) + "." + std::to_string(core.core),
                              counters));
    all.add(counters);
  }
  output.write(countersText("all cores", all));
  nc::Counters embedded = emulator.embeddedCounters();
  output.write("embedded programs: " + std::to_string(embedded.instructions) + " instructions, " +
               std::to_string(embedded.reads) + " elements read, " +
               std::to_string(embedded.writes) + " written\n");
  output.flush();
}

int basalt::driver::emulate(const Arguments &arguments) {
  const std::string &path = arguments.images.front();
  nc::Image image = nc::readImageFile(path);
  rt::RunOptions options = rt::mergeOptions(defaultsOf(image, path), arguments.runOptions);
  checkReadable(image, options);
  if (options.memoryLimit)
    throw rt::UsageError("--memory-limit is for compiled programs and the interpreter");
  nc::Emulator emulator(image, options.threads.value_or(1));
  int code = rt::run(emulator, options);
  if (code == rt::kDone && arguments.counters)
    printCounters(image, emulator);
  return code;
}
