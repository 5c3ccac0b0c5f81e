// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The cache of `basalt run`.
#include "tools/basalt/Cache.h"

#include "compiler/support/Files.h"
#include "compiler/support/Hash.h"
#include "runtime/native/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;
namespace fs = llvm::sys::fs;

static constexpr uint64_t kMaxManifest = uint64_t(16) << 20;
static constexpr llvm::StringLiteral kManifestTitle = "basalt-manifest 1";

//===--- The folder ---===//

static std::string userFolder() {
  // The XDG specification has relative paths ignored.
  if (const char *folder = std::getenv("XDG_CACHE_HOME"); folder && folder[0] == '/')
    return std::string(folder) + "/basalt";
  llvm::SmallString<128> home;
  if (!llvm::sys::path::home_directory(home))
    return "";
  return (home + "/.cache/basalt").str();
}

bool Cache::open(const std::string &folder, std::string &reason) {
  for (const char *part : {"/manifests", "/programs", "/data", "/tmp"}) {
    std::string path = folder + part;
    if (failed(createDirectories(path, &reason)))
      return false;
    if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
      reason = "no permission to write to '" + path + "'";
      return false;
    }
  }
  root = folder;
  return true;
}

void Cache::warn(const std::string &text) const {
  printMessage(llvm::errs(), form, mlir::DiagnosticSeverity::Warning, text);
}

Cache::Cache(DiagnosticForm form) : form(form) {
  std::string folder = userFolder(), reason = "there is no home folder";
  if (!folder.empty() && open(folder, reason))
    return;
  warn("the cache cannot be used, so nothing is kept: " + reason);
  temporary = std::make_unique<TemporaryFolder>();
  if (!open(temporary->path(), reason))
    throw rt::InputError(reason);
}

/// Makes the time of the file or folder `path` the present one.
static void touch(const std::string &path) { ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0); }

/// Removes what is in the folder and has not been touched for so long.
static void removeOlder(const std::string &folder, std::chrono::hours age) {
  std::error_code error;
  auto limit = std::chrono::system_clock::now() - age;
  for (fs::directory_iterator it(folder, error), end; it != end && !error; it.increment(error)) {
    llvm::ErrorOr<fs::basic_file_status> status = it->status();
    if (!status || status->getLastModificationTime() >= limit)
      continue;
    if (fs::is_directory(*status))
      fs::remove_directories(it->path(), /*IgnoreErrors=*/true);
    else
      fs::remove(it->path());
  }
}

void Cache::removeUnused() const {
  constexpr std::chrono::hours day(24), month(30 * 24);
  std::string stamp = root + "/cleaned";
  fs::file_status status;
  if (!fs::status(stamp, status) &&
      status.getLastModificationTime() > std::chrono::system_clock::now() - day)
    return;
  std::string reason;
  if (failed(writeFile(stamp, "", &reason)))
    return;
  removeOlder(scratchFolder(), std::chrono::hours(1)); // of processes that were killed
  for (const char *part : {"/manifests", "/programs", "/data"})
    removeOlder(root + part, month);
}

//===--- Manifests ---===//

static std::string formatManifest(const Manifest &manifest) {
  std::string text = (kManifestTitle + "\n").str();
  for (const auto &[path, hash] : manifest.inputs)
    text += "input " + hash + " " + path + "\n";
  text += "program " + manifest.program.key + " " + manifest.program.hash + "\n";
  text += "data " + manifest.data + "\n";
  text += "messages " + std::to_string(manifest.messages.size()) + "\n" + manifest.messages;
  return text + "end " + sha256Hex(text) + "\n";
}

/// Takes the line at the front of `text`, which must be `word` and something; returns that.
static std::optional<llvm::StringRef> takeLine(llvm::StringRef &text, llvm::StringRef word) {
  auto [line, rest] = text.split('\n');
  if (!line.consume_front(word) || !line.consume_front(" "))
    return std::nullopt;
  text = rest;
  return line;
}

static std::optional<Manifest> parseManifest(llvm::StringRef text) {
  if (text.empty())
    return std::nullopt;
  size_t lastLine = text.drop_back().rfind('\n') + 1; // 0 if there is no other
  llvm::StringRef end = text.substr(lastLine), body = text.take_front(lastLine);
  if (end.trim() != "end " + sha256Hex(body) || !body.consume_front(kManifestTitle) ||
      !body.consume_front("\n"))
    return std::nullopt;
  // From here on it is as it was written.
  Manifest result;
  while (auto input = takeLine(body, "input")) {
    auto [hash, path] = input->split(' ');
    result.inputs.emplace_back(path.str(), hash.str());
  }
  auto [key, hash] = takeLine(body, "program").value_or("").split(' ');
  result.program = {key.str(), hash.str()};
  result.data = takeLine(body, "data").value_or("").str();
  takeLine(body, "messages");
  result.messages = body.str();
  return result;
}

static bool hasHash(const std::string &path, const std::string &hash) {
  std::string reason;
  llvm::FailureOr<std::string> actual = sha256HexOfFile(path, &reason);
  return succeeded(actual) && *actual == hash;
}

std::optional<Manifest> Cache::find(const std::string &key) const {
  std::string reason;
  auto text = readFile(root + "/manifests/" + key, kMaxManifest, &reason);
  if (failed(text))
    return std::nullopt;
  std::optional<Manifest> manifest = parseManifest((*text)->getBuffer());
  if (!manifest)
    return std::nullopt;
  for (const auto &[path, hash] : manifest->inputs)
    if (!hasHash(path, hash))
      return std::nullopt;
  if (!isGood(manifest->program) || !hasHash(dataPath(manifest->data), manifest->data))
    return std::nullopt;
  for (const std::string &used :
       {root + "/manifests/" + key, programFolder(manifest->program.key), dataPath(manifest->data)})
    touch(used);
  return manifest;
}

void Cache::store(const std::string &key, const Manifest &manifest) {
  removeUnused();
  for (const auto &[path, hash] : manifest.inputs)
    if (path.find('\n') != std::string::npos)
      return; // no line of the manifest could name it
  std::string reason;
  if (failed(writeFile(root + "/manifests/" + key, formatManifest(manifest), &reason)))
    warn("the cache cannot be written to: " + reason);
}

//===--- Programs and data ---===//

bool Cache::isGood(const CachedProgram &program) const {
  return fs::can_execute(programPath(program)) && hasHash(programPath(program), program.hash);
}

std::optional<CachedProgram> Cache::findProgram(const std::string &key) const {
  std::string reason;
  auto hash = readFile(programFolder(key) + "/hash", 1024, &reason);
  if (failed(hash))
    return std::nullopt;
  CachedProgram program{key, (*hash)->getBuffer().trim().str()};
  if (!isGood(program))
    return std::nullopt;
  touch(programFolder(key));
  return program;
}

static void throwCannotMove(const std::string &to, std::error_code error) {
  throw rt::InputError("cannot write '" + to + "': " + error.message());
}

CachedProgram Cache::storeProgram(const std::string &key, TemporaryFolder &folder) {
  std::string reason;
  llvm::FailureOr<std::string> hash = sha256HexOfFile(folder.path() + "/program", &reason);
  if (failed(hash) || failed(writeFile(folder.file("hash"), *hash + "\n", &reason)))
    throw rt::InputError(reason);
  std::string target = programFolder(key);
  std::error_code error = fs::rename(folder.path(), target);
  if (error) {
    // Another process was quicker, or what is there is damaged.
    if (std::optional<CachedProgram> theirs = findProgram(key))
      return *theirs;
    TemporaryFolder damaged(scratchFolder());
    (void)fs::rename(target, damaged.path() + "/damaged");
    error = fs::rename(folder.path(), target);
  }
  if (error)
    throwCannotMove(target, error);
  folder.release();
  return {key, *hash};
}

std::string Cache::storeData(const std::string &file) {
  std::string reason;
  llvm::FailureOr<std::string> hash = sha256HexOfFile(file, &reason);
  if (failed(hash))
    throw rt::InputError(reason);
  if (std::error_code error = fs::rename(file, dataPath(*hash)))
    throwCannotMove(dataPath(*hash), error);
  return *hash;
}
