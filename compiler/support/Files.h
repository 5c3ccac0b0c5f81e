// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Files.h - reading and writing whole files --------------------------===//
//
// Reads with a limit, so that a wrong path (a device, a core dump) is a message and not a machine
// out of memory; writes whole or not at all, so that nobody ever sees half a result. As in MLIR's
// FileUtilities, a failing function puts the reason into `*error`, without a location: the caller
// knows the place in the user's text that named the file.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SUPPORT_FILES_H
#define BASALT_COMPILER_SUPPORT_FILES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstdint>
#include <memory>
#include <string>

namespace basalt {

/// Reads the file at `path` into memory (never maps it: it may change under us); fails if it has
/// more than `maxBytes` bytes. The buffer's identifier is `path`.
llvm::FailureOr<std::unique_ptr<llvm::MemoryBuffer>>
readFile(llvm::StringRef path, uint64_t maxBytes, std::string *error);

/// Writes `contents` to a temporary file beside `path` and renames it to `path`. Something that
/// exists there and is not a regular file (a terminal, a pipe) is written to directly.
llvm::LogicalResult writeFile(llvm::StringRef path, llvm::StringRef contents, std::string *error);

/// Creates the directory `path` with all its parents; it may exist already.
llvm::LogicalResult createDirectories(llvm::StringRef path, std::string *error);

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_FILES_H
