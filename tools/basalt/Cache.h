// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Cache.h - programs that have been compiled before ------------------===//
//
// Two keys. The first is made of what can be known without reading the network: its path, the
// options, the tools. It leads to a *manifest*, which lists every input file with the hash of its
// contents, and so says whether the result is still good. The second key is made of the emitted C++
// and the tools: networks that differ in initial values only share an executable.
//
//   manifests/<key>           text; its last line is the hash of the rest
//   programs/<key>/program    the executable; beside it, program.cpp
//   data/<hash>               initial values and default options, for its option --data
//   tmp/                      what is being written
//   cleaned                   empty; its time is that of the last cleaning
//
// Everything is written below tmp/ and then renamed, so that there is nothing half done and many
// processes can use one cache. Everything is checked against its hash before it is used. What has
// not been used for a month is removed.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_TOOLS_BASALT_CACHE_H
#define BASALT_TOOLS_BASALT_CACHE_H

#include "compiler/support/DiagnosticPrinter.h"
#include "tools/basalt/TemporaryFolder.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace basalt::driver {

/// An executable in the cache, with the hash of its bytes.
struct CachedProgram {
  std::string key, hash;
};

/// What a manifest says.
struct Manifest {
  std::vector<std::pair<std::string, std::string>> inputs; ///< path and hash
  CachedProgram program;
  std::string data;     ///< the hash of the file
  std::string messages; ///< the warnings of the compilation
};

class Cache {
public:
  /// The cache in the folder ${XDG_CACHE_HOME:-~/.cache}/basalt. If that cannot be written to, one
  /// that lasts as long as this object, after a warning.
  explicit Cache(DiagnosticForm form);

  /// The folder is gone with this object; what runs from it must be open by then.
  bool isTemporary() const { return temporary != nullptr; }

  /// The manifest at `key`, if all it names is there and as it was.
  std::optional<Manifest> find(const std::string &key) const;
  void store(const std::string &key, const Manifest &manifest);

  /// The program at `key`, if it is there and whole.
  std::optional<CachedProgram> findProgram(const std::string &key) const;
  /// Moves a folder that was made below scratchFolder() and holds a file `program`.
  CachedProgram storeProgram(const std::string &key, TemporaryFolder &folder);

  /// Moves a file with initial data; returns its hash.
  std::string storeData(const std::string &file);

  std::string programPath(const CachedProgram &program) const {
    return programFolder(program.key) + "/program";
  }
  std::string programFolder(const std::string &key) const { return root + "/programs/" + key; }
  std::string dataPath(const std::string &hash) const { return root + "/data/" + hash; }
  /// Where to make what is to be stored.
  std::string scratchFolder() const { return root + "/tmp"; }

private:
  bool open(const std::string &folder, std::string &reason);
  bool isGood(const CachedProgram &program) const;
  void removeUnused() const;

  void warn(const std::string &text) const;

  DiagnosticForm form;
  std::string root;
  std::unique_ptr<TemporaryFolder> temporary;
};

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_CACHE_H
