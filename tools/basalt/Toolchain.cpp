// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calling the C++ compiler.
#include "tools/basalt/Toolchain.h"

#include "tools/basalt/Config.h"
#include "tools/basalt/TemporaryFolder.h"
#include "tools/basalt/Version.h"

#include "compiler/support/Files.h"
#include "runtime/native/Error.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"
#include <cstdlib>

using namespace basalt;
using namespace basalt::driver;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// The path of an installed program, or nothing.
static std::string findProgram(llvm::StringRef name) {
  llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName(name);
  return found ? *found : "";
}

static std::string findCompiler(std::string asked) {
  if (const char *variable = std::getenv("BASALT_CXX"); asked.empty() && variable)
    asked = variable;
  if (!asked.empty()) {
    std::string found = findProgram(asked);
    if (found.empty() || !fs::can_execute(found))
      throw rt::InputError("cannot find the C++ compiler '" + asked + "'");
    return found;
  }
  for (const char *usual : {"clang++-22", "clang++", "g++"})
    if (std::string found = findProgram(usual); !found.empty())
      return found;
  throw rt::InputError("cannot find a C++ compiler: looked for clang++-22, clang++ and g++; "
                       "--cxx names another");
}

/// The folder of this executable's prefix, if Basalt is installed there.
static std::string installedPrefix() {
  std::string self = fs::getMainExecutable(nullptr, nullptr);
  return path::parent_path(path::parent_path(self)).str();
}

Toolchain::Toolchain(const NativeArguments &arguments)
    : compiler(findCompiler(arguments.cxx)), debug(arguments.debug) {
  std::string prefix = installedPrefix();
  includeFolder = prefix + "/include/basalt";
  runtime = prefix + "/lib/basalt/libbasalt_runtime.a";
  if (fs::exists(runtime))
    return;
  includeFolder = BASALT_BUILD_INCLUDE_DIR;
  runtime = BASALT_BUILD_RUNTIME;
  if (!fs::exists(runtime))
    throw rt::InputError("cannot find Basalt's run-time library: looked for '" + prefix +
                         "/lib/basalt/libbasalt_runtime.a' and '" + runtime + "'");
}

/// clang finds lld beside itself; another linker takes three times as long.
static bool canUseLld(llvm::StringRef compiler) {
  if (!path::filename(compiler).contains("clang"))
    return false;
  llvm::SmallString<128> real;
  if (fs::real_path(compiler, real))
    return false;
  path::remove_filename(real);
  path::append(real, "ld.lld");
  return fs::exists(real);
}

std::vector<std::string> Toolchain::flags(BinaryKind kind) const {
  // Those about floats are part of what a program means: every simulator gives the same bits.
  std::vector<std::string> result = {"-std=c++17",      "-march=native",      "-ffp-contract=off",
                                     "-fno-math-errno", "-fno-trapping-math", "-I" + includeFolder};
  if (debug)
    result.insert(result.end(), {"-O0", "-g"});
  else
    result.insert(result.end(), {"-O3", "-Wl,--gc-sections", "-Wl,--strip-all"});
  if (kind == BinaryKind::Library)
    result.insert(result.end(), {"-shared", "-fPIC", "-Dmain=basalt_main", "-Wl,-u,basalt_open"});
  if (canUseLld(compiler))
    result.push_back("-fuse-ld=lld");
  llvm::SmallVector<llvm::StringRef> more;
  llvm::StringRef(BASALT_RUNTIME_FLAGS).split(more, ' ', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef flag : more)
    result.push_back(flag.str());
  return result;
}

/// Which file `path` names, as far as its contents matter.
static std::string fileIdentity(llvm::StringRef file) {
  llvm::SmallString<128> real;
  fs::file_status status;
  if (fs::real_path(file, real) || fs::status(real, status))
    return file.str();
  return (real + " " + llvm::Twine(status.getSize()) + " " +
          llvm::Twine(status.getLastModificationTime().time_since_epoch().count()))
      .str();
}

static std::string cpuIdentity() {
  std::string result = llvm::sys::getHostCPUName().str();
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  std::vector<std::string> names;
  for (const auto &feature : features)
    if (feature.second)
      names.push_back(feature.first().str());
  llvm::sort(names);
  return result + " " + llvm::join(names, " ");
}

std::string Toolchain::identity() const {
  return "basalt " + buildId() + "\ncompiler " + fileIdentity(compiler) + "\nflags " +
         llvm::join(flags(BinaryKind::Executable), " ") + "\nruntime " + fileIdentity(runtime) +
         "\ncpu " + cpuIdentity() + "\n";
}

/// What the compiler said, indented, for the end of an error.
static std::string quoteOutput(const std::string &file) {
  std::string reason;
  auto text = readFile(file, uint64_t(1) << 20, &reason);
  if (failed(text))
    return "";
  llvm::StringRef said = (*text)->getBuffer().trim();
  std::string result;
  llvm::SmallVector<llvm::StringRef> lines;
  said.split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : llvm::ArrayRef(lines).take_front(40))
    result += "\n  " + line.str();
  return result;
}

void Toolchain::build(const std::string &source, const std::string &output, BinaryKind kind) const {
  TemporaryFolder scratch;
  std::string log = scratch.file("messages");
  std::vector<std::string> arguments = {compiler};
  for (std::string &flag : flags(kind))
    arguments.push_back(std::move(flag));
  arguments.insert(arguments.end(), {source, "-o", output, runtime});

  std::vector<llvm::StringRef> references(arguments.begin(), arguments.end());
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(), llvm::StringRef(log),
                                                llvm::StringRef(log)};
  std::string reason;
  int code =
      llvm::sys::ExecuteAndWait(compiler, references, std::nullopt, redirects, 0, 0, &reason);
  if (code == 0 && fs::exists(output))
    return;
  std::string how = code < 0    ? ": " + reason
                    : code == 0 ? ": it wrote no program"
                                : " with exit code " + std::to_string(code);
  throw rt::InputError("the C++ compiler '" + compiler + "' failed" + how + quoteOutput(log));
}
