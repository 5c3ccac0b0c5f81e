// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- SourceFiles.h - the texts that one compilation reads ---------------===//
//
// Owns the text of every source file of a compilation, each loaded once, with its hash: the cache
// key is made of them. Needs no MLIRContext, because the cache is looked up before there is one.
// Diagnostics about these texts are printed by DiagnosticPrinter.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SUPPORT_SOURCEFILES_H
#define BASALT_COMPILER_SUPPORT_SOURCEFILES_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include "llvm/Support/SourceMgr.h"
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace basalt {

/// One loaded text. Lives as long as its SourceFiles.
struct SourceFile {
  /// As first asked for; this is the file name in locations and diagnostics.
  std::string path;
  /// Without a byte-order mark. A zero byte follows the last character.
  llvm::StringRef text;
  /// SHA-256 of the bytes of the file (with the byte-order mark, if there is one).
  std::string sha256;
};

/// The source texts of one compilation.
class SourceFiles {
public:
  /// Larger files are refused: arrays of that size belong in tensor files.
  static constexpr uint64_t maxFileBytes = uint64_t(64) << 20;

  SourceFiles() = default;
  SourceFiles(const SourceFiles &) = delete;
  SourceFiles &operator=(const SourceFiles &) = delete;

  /// The text of the file at `path`, read at the first call for that file, whatever path (relative,
  /// through a link) leads to it. On failure `*error` says why.
  llvm::FailureOr<const SourceFile *> load(llvm::StringRef path, std::string *error);

  /// Takes over a text that is no file (standard input, a test) under `name`, which must be new.
  const SourceFile &addBuffer(llvm::StringRef name, llvm::StringRef text);

  /// All texts in the order of loading.
  llvm::ArrayRef<std::unique_ptr<SourceFile>> files() const { return loaded; }

  /// For the diagnostic handlers of LLVM and MLIR.
  llvm::SourceMgr &sourceMgr() { return mgr; }

private:
  const SourceFile &add(llvm::StringRef name, std::unique_ptr<llvm::MemoryBuffer> buffer);

  llvm::SourceMgr mgr;
  std::vector<std::unique_ptr<SourceFile>> loaded;
  /// By canonical path, and by name for buffers.
  llvm::StringMap<const SourceFile *> byPath;
};

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_SOURCEFILES_H
