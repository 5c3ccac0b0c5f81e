// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- Files.cpp - reading and writing whole files ------------------------===//

#include "compiler/support/Files.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using llvm::failure;
using llvm::FailureOr;
using llvm::LogicalResult;
using llvm::StringRef;
using llvm::success;
using llvm::Twine;
namespace fs = llvm::sys::fs;

static LogicalResult fail(std::string *error, const Twine &what) {
  *error = what.str();
  return failure();
}

static LogicalResult fail(std::string *error, const Twine &what, std::error_code code) {
  return fail(error, what + ": " + code.message());
}

/// Reads to the end of the file or to one byte beyond the limit. The size that the file system
/// tells is no help: pipes and devices have none.
static LogicalResult readUpTo(fs::file_t file, StringRef path, uint64_t maxBytes,
                              llvm::SmallVectorImpl<char> &bytes, std::string *error) {
  constexpr size_t chunk = size_t(1) << 16;
  while (bytes.size() <= maxBytes) {
    const size_t have = bytes.size();
    bytes.resize_for_overwrite(have + chunk);
    llvm::Expected<size_t> got =
        fs::readNativeFile(file, llvm::MutableArrayRef<char>(bytes.data() + have, chunk));
    if (!got)
      return fail(error, "cannot read '" + path + "'", llvm::errorToErrorCode(got.takeError()));
    bytes.truncate(have + *got);
    if (*got == 0)
      return success();
  }
  return fail(error, "cannot read '" + path + "': it has more than " + Twine(maxBytes) + " bytes");
}

FailureOr<std::unique_ptr<llvm::MemoryBuffer>> basalt::readFile(StringRef path, uint64_t maxBytes,
                                                                std::string *error) {
  if (fs::is_directory(path))
    return fail(error, "cannot read '" + path + "': it is a directory");
  llvm::Expected<fs::file_t> file = fs::openNativeFileForRead(path);
  if (!file)
    return fail(error, "cannot read '" + path + "'", llvm::errorToErrorCode(file.takeError()));
  llvm::SmallVector<char, 0> bytes;
  const LogicalResult done = readUpTo(*file, path, maxBytes, bytes, error);
  fs::closeFile(*file);
  if (llvm::failed(done))
    return failure();
  return std::unique_ptr<llvm::MemoryBuffer>(std::make_unique<llvm::SmallVectorMemoryBuffer>(
      std::move(bytes), path, /*RequiresNullTerminator=*/true));
}

/// Writes to the open file; the caller closes it.
static LogicalResult writeAll(int fd, StringRef path, StringRef contents, std::string *error) {
  llvm::raw_fd_ostream out(fd, /*shouldClose=*/false);
  out << contents;
  out.flush();
  if (!out.has_error())
    return success();
  const std::error_code code = out.error();
  out.clear_error();
  return fail(error, "cannot write '" + path + "'", code);
}

static LogicalResult writeDirectly(StringRef path, StringRef contents, std::string *error) {
  int fd = -1;
  if (std::error_code code = fs::openFileForWrite(path, fd, fs::CD_OpenExisting))
    return fail(error, "cannot write '" + path + "'", code);
  const LogicalResult done = writeAll(fd, path, contents, error);
  fs::file_t file = fs::convertFDToNativeFile(fd);
  fs::closeFile(file);
  return done;
}

LogicalResult basalt::writeFile(StringRef path, StringRef contents, std::string *error) {
  fs::file_status status;
  const bool exists = !fs::status(path, status) && fs::exists(status);
  if (exists && fs::is_directory(status))
    return fail(error, "cannot write '" + path + "': it is a directory");
  if (exists && !fs::is_regular_file(status))
    return writeDirectly(path, contents, error);

  llvm::Expected<fs::TempFile> temporary = fs::TempFile::create(path + ".%%%%%%%%.tmp");
  if (!temporary)
    return fail(error, "cannot write '" + path + "'",
                llvm::errorToErrorCode(temporary.takeError()));
  if (llvm::failed(writeAll(temporary->FD, path, contents, error))) {
    llvm::consumeError(temporary->discard());
    return failure();
  }
  if (llvm::Error kept = temporary->keep(path))
    return fail(error, "cannot write '" + path + "'", llvm::errorToErrorCode(std::move(kept)));
  return success();
}

LogicalResult basalt::createDirectories(StringRef path, std::string *error) {
  if (std::error_code code = fs::create_directories(path))
    return fail(error, "cannot create the directory '" + path + "'", code);
  // create_directories is content with a file of that name.
  if (!fs::is_directory(path))
    return fail(error, "cannot create the directory '" + path + "': there is a file of that name");
  return success();
}
