// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- FilesTest.cpp - files, hashes, source files ------------------------===//

#include "compiler/support/Files.h"
#include "compiler/support/Hash.h"
#include "compiler/support/SourceFiles.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace basalt;
namespace fs = llvm::sys::fs;

namespace {
/// Each test has a directory of its own.
class FilesTest : public testing::Test {
protected:
  void SetUp() override { ASSERT_FALSE(fs::createUniqueDirectory("basalt-files", directory)); }
  void TearDown() override { fs::remove_directories(directory); }

  std::string path(llvm::StringRef name) const { return (directory + "/" + name).str(); }
  std::string write(llvm::StringRef name, llvm::StringRef contents) {
    EXPECT_TRUE(llvm::succeeded(writeFile(path(name), contents, &error))) << error;
    return path(name);
  }
  std::string read(llvm::StringRef file, uint64_t limit = 1000) {
    auto buffer = readFile(file, limit, &error);
    return llvm::succeeded(buffer) ? (*buffer)->getBuffer().str() : "failed: " + error;
  }
  unsigned filesInDirectory() const {
    std::error_code code;
    unsigned count = 0;
    for (fs::directory_iterator it(directory, code), end; it != end; it.increment(code))
      ++count;
    return count;
  }

  llvm::SmallString<128> directory;
  std::string error;
};
} // namespace

TEST_F(FilesTest, RoundTrip) {
  const std::string bytes("a\0b\nc", 5);
  EXPECT_EQ(read(write("x", bytes)), bytes);
  EXPECT_EQ(read(write("x", "shorter")), "shorter");
  EXPECT_EQ(read(write("empty", "")), "");
  EXPECT_EQ(filesInDirectory(), 2u); // nothing temporary is left
}

TEST_F(FilesTest, ReadErrors) {
  EXPECT_EQ(read(path("no")),
            "failed: cannot read '" + path("no") + "': No such file or directory");
  EXPECT_EQ(read(directory),
            "failed: cannot read '" + directory.str().str() + "': it is a directory");
  const std::string file = write("x", "12345");
  EXPECT_EQ(read(file, 5), "12345");
  EXPECT_EQ(read(file, 4), "failed: cannot read '" + file + "': it has more than 4 bytes");
  EXPECT_EQ(read("/dev/zero"), "failed: cannot read '/dev/zero': it has more than 1000 bytes");
}

TEST_F(FilesTest, LargeFile) {
  const std::string bytes(300000, 'x');
  EXPECT_EQ(read(write("x", bytes), 300000), bytes);
}

TEST_F(FilesTest, WriteErrors) {
  EXPECT_TRUE(llvm::failed(writeFile(directory, "x", &error)));
  EXPECT_EQ(error, "cannot write '" + directory.str().str() + "': it is a directory");
  EXPECT_TRUE(llvm::failed(writeFile(path("no/such"), "x", &error)));
  EXPECT_EQ(error, "cannot write '" + path("no/such") + "': No such file or directory");
  EXPECT_TRUE(llvm::failed(writeFile("/dev/full", std::string(100, 'x'), &error)));
  EXPECT_EQ(error, "cannot write '/dev/full': No space left on device");
  EXPECT_TRUE(llvm::succeeded(writeFile("/dev/null", "x", &error)));
  EXPECT_EQ(filesInDirectory(), 0u);
}

TEST_F(FilesTest, Directories) {
  EXPECT_TRUE(llvm::succeeded(createDirectories(path("a/b/c"), &error)));
  EXPECT_TRUE(llvm::succeeded(createDirectories(path("a/b/c"), &error)));
  EXPECT_TRUE(fs::is_directory(path("a/b/c")));
  const std::string file = write("x", "1");
  EXPECT_TRUE(llvm::failed(createDirectories(file, &error)));
  EXPECT_EQ(error, "cannot create the directory '" + file + "': there is a file of that name");
}

TEST_F(FilesTest, Hash) {
  const char *const ofAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(sha256Hex("abc"), ofAbc);
  EXPECT_EQ(sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(*sha256HexOfFile(write("x", "abc"), &error), ofAbc);
  const std::string big(3000000, 'y');
  EXPECT_EQ(*sha256HexOfFile(write("y", big), &error), sha256Hex(big));
  EXPECT_TRUE(llvm::failed(sha256HexOfFile(path("no"), &error)));
  EXPECT_EQ(error, "cannot read '" + path("no") + "': No such file or directory");
}

TEST_F(FilesTest, SourceFilesLoadOnce) {
  const std::string file = write("a.yaml", "basalt: 1\n");
  SourceFiles sources;
  auto first = sources.load(file, &error);
  ASSERT_TRUE(llvm::succeeded(first)) << error;
  ASSERT_FALSE(fs::create_link(file, path("link.yaml")));
  write("a.yaml", "changed meanwhile");
  auto again = sources.load(path("./a.yaml"), &error);
  auto linked = sources.load(path("link.yaml"), &error);
  ASSERT_TRUE(llvm::succeeded(again) && llvm::succeeded(linked)) << error;
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(*first, *linked);
  EXPECT_EQ((*first)->text, "basalt: 1\n");
  EXPECT_EQ((*first)->path, file);
  EXPECT_EQ((*first)->sha256, sha256Hex("basalt: 1\n"));
  EXPECT_EQ(sources.files().size(), 1u);
}

TEST_F(FilesTest, SourceFilesErrorsAndMarks) {
  SourceFiles sources;
  EXPECT_TRUE(llvm::failed(sources.load(path("no"), &error)));
  EXPECT_EQ(error, "cannot read '" + path("no") + "': No such file or directory");
  EXPECT_TRUE(sources.files().empty());
  const std::string marked = "\xef\xbb\xbf"
                             "x";
  auto file = sources.load(write("m", marked), &error);
  ASSERT_TRUE(llvm::succeeded(file)) << error;
  EXPECT_EQ((*file)->text, "x");
  EXPECT_EQ((*file)->sha256, sha256Hex(marked));
  EXPECT_EQ(sources.addBuffer("<stdin>", "y").text, "y");
  EXPECT_EQ(sources.files().size(), 2u);
}
