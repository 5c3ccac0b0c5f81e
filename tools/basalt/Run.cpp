// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt run`: from the cache if possible; else compiles, stores, and becomes the simulator.
#include "tools/basalt/Cache.h"
#include "tools/basalt/Commands.h"
#include "tools/basalt/NativeProgram.h"
#include "tools/basalt/Session.h"
#include "tools/basalt/Toolchain.h"

#include "compiler/support/Files.h"
#include "compiler/support/Hash.h"
#include "runtime/native/InitialData.h"
#include "runtime/native/Run.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;
namespace fs = llvm::sys::fs;

//===--- Keys ---===//

/// Appends a field so that no two lists of fields give the same text.
static void addField(std::string &text, llvm::StringRef name, llvm::StringRef value) {
  text += (name + " " + llvm::Twine(value.size()) + " " + value + "\n").str();
}

static std::string absolutePath(llvm::StringRef path) {
  llvm::SmallString<128> real;
  // A file that is not there has no manifest either.
  return fs::real_path(path, real) ? path.str() : real.str().str();
}

static void addImportFields(std::string &text, const import::ImportOptions &options) {
  const import::NirOptions &nir = options.nir;
  for (const import::InputFile &file : options.inputs)
    addField(text, "input", file.name + "=" + absolutePath(file.path));
  for (const std::string *choice :
       {&nir.preset, &nir.integrator, &nir.reset, &nir.cubaOrder, &nir.drive})
    addField(text, "nir", *choice);
  addField(text, "nir", nir.dt ? import::spell(*nir.dt) : "");
  addField(text, "nir", nir.latency ? std::to_string(*nir.latency) : "");
  const import::NetOptions &net = options.net;
  for (const std::optional<int64_t> *number : {&net.resetInterval, &net.resetOffset, &net.spikeExp,
                                               &net.layers, &net.skipLayers, &net.messageBits})
    addField(text, "net", *number ? std::to_string(**number) : "");
  addField(text, "net", import::spell(net.inputShape));
}

/// Of all that the result depends on, apart from the contents of files.
/// With the seed if initial values depend on it; which key a program has shows when it is compiled.
static std::string manifestKey(const Arguments &arguments, const Toolchain &toolchain,
                               bool usesSeed) {
  const InputArguments &input = arguments.input;
  std::string text = toolchain.identity();
  addField(text, "file", absolutePath(input.file));
  addField(text, "as", input.file); // run-time errors name it so
  for (const auto &[name, value] : input.params)
    addField(text, name, value);
  addField(text, "tag", input.tag ? "=" + *input.tag : "");
  addField(text, "sub-process", input.selectSubProcess ? "1" : "0");
  for (const std::string &exception : input.exceptions)
    addField(text, "select", exception);
  addField(text, "strict", input.strict ? "1" : "0");
  addField(text, "explain", input.explainSelection ? "1" : "0");
  for (auto [index, info] : llvm::enumerate(allWarnings()))
    addField(text, info.name,
             std::to_string(
                 int(arguments.diagnostics.warnings.treatmentOf(static_cast<Warning>(index)))));
  addField(text, "diagnostics",
           arguments.diagnostics.form == DiagnosticForm::Json ? "json" : "text");
  addImportFields(text, input.import);
  addField(text, "regions", arguments.native.allRegions ? "1" : "0");
  addField(text, "profile", arguments.runOptions.profile.empty() ? "0" : "1");
  const std::optional<uint64_t> &seed = arguments.runOptions.seed;
  if (usesSeed) // of the run section, if it is not given
    addField(text, "seed", seed ? std::to_string(*seed) : "");
  return sha256Hex(text);
}

/// Whether passes are watched: the user wants them to run then.
static bool mustCompile(const Arguments &arguments) {
  return !arguments.cache || arguments.watch.printIRAfterAll || arguments.watch.verifyRoundTrip ||
         !arguments.watch.crashAfter.empty() || !arguments.mlir.empty();
}

//===--- Compiling ---===//

static CachedProgram buildProgram(const Arguments &arguments, const std::string &cpp, Cache &cache,
                                  const Toolchain &toolchain) {
  std::string text = toolchain.identity();
  addField(text, "cpp", cpp);
  std::string key = sha256Hex(text);
  if (arguments.cache)
    if (std::optional<CachedProgram> program = cache.findProgram(key))
      return *program;
  TemporaryFolder folder(cache.scratchFolder());
  std::string source = folder.file("program.cpp"), reason;
  if (failed(writeFile(source, cpp, &reason)))
    throw rt::InputError(reason);
  toolchain.build(source, folder.file("program"), BinaryKind::Executable);
  return cache.storeProgram(key, folder);
}

static std::vector<std::pair<std::string, std::string>> inputsOf(Session &session) {
  std::vector<std::pair<std::string, std::string>> inputs;
  for (const auto &file : session.sources().files())
    if (file->path != session.importedText())
      inputs.emplace_back(absolutePath(file->path), file->sha256);
  for (const std::string &path : session.importedFiles()) {
    std::string reason;
    llvm::FailureOr<std::string> hash = sha256HexOfFile(path, &reason);
    if (failed(hash))
      throw rt::InputError(reason);
    inputs.emplace_back(absolutePath(path), *hash);
  }
  for (const auto &[path, hash] : session.defaults().dataFiles)
    inputs.emplace_back(absolutePath(path), hash);
  return inputs;
}

static rt::ExitCode compileInto(Cache &cache, const Arguments &arguments,
                                const Toolchain &toolchain, Manifest &manifest, bool &usesSeed) {
  Session session(arguments);
  NativeProgram program;
  if (rt::ExitCode code = makeNativeProgram(session, program); code != rt::kDone)
    return code;
  manifest.program = buildProgram(arguments, program.cpp, cache, toolchain);
  TemporaryFolder folder(cache.scratchFolder());
  std::string data = folder.file("data");
  rt::writeInitialData(data, program.initial);
  manifest.data = cache.storeData(data);
  manifest.inputs = inputsOf(session);
  manifest.messages = session.diagnostics();
  usesSeed = session.defaults().usesSeed;
  return rt::kDone;
}

//===--- Running ---===//

[[noreturn]] static void throwCannotRun(const std::string &path) {
  throw rt::InputError("cannot run '" + path + "': " + std::strerror(errno));
}

/// Replaces this process by the simulator. Both files are open before that, so the folder of a
/// temporary cache can go.
[[noreturn]] static void become(std::unique_ptr<Cache> cache, const Manifest &manifest,
                                const rt::RunOptions &options) {
  std::string program = cache->programPath(manifest.program);
  std::string data = cache->dataPath(manifest.data);
  int programFile = -1;
  if (cache->isTemporary()) {
    programFile = ::open(program.c_str(), O_RDONLY | O_CLOEXEC);
    int dataFile = ::open(data.c_str(), O_RDONLY);
    if (programFile < 0 || dataFile < 0)
      throwCannotRun(program);
    data = "/proc/self/fd/" + std::to_string(dataFile);
    cache.reset();
  }
  std::vector<std::string> arguments = {program, "--data=" + data};
  for (std::string &argument : formatRunOptions(options))
    arguments.push_back(std::move(argument));
  std::vector<char *> argv;
  for (std::string &argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  llvm::errs().flush();
  if (programFile >= 0)
    ::fexecve(programFile, argv.data(), environ);
  else
    ::execv(program.c_str(), argv.data());
  throwCannotRun(program);
}

int basalt::driver::run(const Arguments &arguments) {
  Toolchain toolchain(arguments.native);
  auto cache = std::make_unique<Cache>(arguments.diagnostics.form);
  std::optional<Manifest> manifest;
  for (bool usesSeed : {false, true})
    if (!manifest && !mustCompile(arguments))
      manifest = cache->find(manifestKey(arguments, toolchain, usesSeed));
  if (manifest) {
    llvm::errs() << manifest->messages;
  } else {
    manifest.emplace();
    bool usesSeed = false;
    rt::ExitCode code = compileInto(*cache, arguments, toolchain, *manifest, usesSeed);
    if (code != rt::kDone)
      return code;
    cache->store(manifestKey(arguments, toolchain, usesSeed), *manifest);
  }
  become(std::move(cache), *manifest, arguments.runOptions);
}
