// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Hash.h - SHA-256 of bytes and files --------------------------------===//
//
// The one content hash of the project: cache keys, file attributes in the IR, reports.
//
//===----------------------------------------------------------------------===//
#ifndef BASALT_COMPILER_SUPPORT_HASH_H
#define BASALT_COMPILER_SUPPORT_HASH_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/LogicalResult.h"
#include <cstdint>
#include <string>

namespace basalt {

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
std::string sha256Hex(llvm::StringRef bytes);

/// The first 64 bits of the SHA-256 of `text`, little-endian: a key of random draws.
int64_t keyOfText(llvm::StringRef text);

/// SHA-256 of the contents of the file at `path`, read in pieces: the file may be larger than
/// memory. On failure `*error` says why.
llvm::FailureOr<std::string> sha256HexOfFile(llvm::StringRef path, std::string *error);

} // namespace basalt

#endif // BASALT_COMPILER_SUPPORT_HASH_H
