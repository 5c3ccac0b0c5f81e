// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Hash.cpp - SHA-256 of bytes and files ------------------------------===//

#include "compiler/support/Hash.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"
#include <vector>

using llvm::failure;
using llvm::FailureOr;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

std::string basalt::sha256Hex(StringRef bytes) {
  llvm::SHA256 hash;
  hash.update(bytes);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

int64_t basalt::keyOfText(StringRef text) {
  llvm::SHA256 hash;
  hash.update(text);
  return llvm::support::endian::read64le(hash.final().data());
}

FailureOr<std::string> basalt::sha256HexOfFile(StringRef path, std::string *error) {
  auto fail = [&](llvm::Error reason) {
    *error = "cannot read '" + path.str() + "': " + llvm::toString(std::move(reason));
    return failure();
  };
  llvm::Expected<fs::file_t> file = fs::openNativeFileForRead(path);
  if (!file)
    return fail(file.takeError());

  llvm::SHA256 hash;
  std::vector<char> piece(size_t(1) << 20);
  while (true) {
    llvm::Expected<size_t> got = fs::readNativeFile(*file, piece);
    if (!got) {
      fs::closeFile(*file);
      return fail(got.takeError());
    }
    if (*got == 0)
      break;
    hash.update(StringRef(piece.data(), *got));
  }
  fs::closeFile(*file);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}
