// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- SourceFiles.cpp - the texts that one compilation reads -------------===//

#include "compiler/support/SourceFiles.h"
#include "compiler/support/Files.h"
#include "compiler/support/Hash.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include <cassert>

using llvm::failure;
using llvm::FailureOr;
using llvm::StringRef;
using namespace basalt;

static constexpr StringRef byteOrderMark = "\xef\xbb\xbf";

const SourceFile &SourceFiles::add(StringRef name, std::unique_ptr<llvm::MemoryBuffer> buffer) {
  auto file = std::make_unique<SourceFile>();
  file->path = name.str();
  file->sha256 = sha256Hex(buffer->getBuffer());
  // A mark would shift the columns of the first line and make the caret line look wrong.
  if (buffer->getBuffer().starts_with(byteOrderMark))
    buffer = llvm::MemoryBuffer::getMemBufferCopy(
        buffer->getBuffer().drop_front(byteOrderMark.size()), name);
  file->text = buffer->getBuffer();
  mgr.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  loaded.push_back(std::move(file));
  return *loaded.back();
}

FailureOr<const SourceFile *> SourceFiles::load(StringRef path, std::string *error) {
  if (const SourceFile *buffer = byPath.lookup(path))
    return buffer; // whatever file there is of that name
  llvm::SmallString<256> canonical;
  if (llvm::sys::fs::real_path(path, canonical))
    canonical = path; // reading it will say why
  if (const SourceFile *file = byPath.lookup(canonical))
    return file;
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = readFile(path, maxFileBytes, error);
  if (llvm::failed(buffer))
    return failure();
  const SourceFile &file = add(path, std::move(*buffer));
  byPath[canonical] = &file;
  return &file;
}

const SourceFile &SourceFiles::addBuffer(StringRef name, StringRef text) {
  assert(!byPath.contains(name) && "a text of that name is loaded already");
  const SourceFile &file = add(name, llvm::MemoryBuffer::getMemBufferCopy(text, name));
  byPath[name] = &file;
  return file;
}
