// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading .npy files, good and bad, and writing them.
#include "runtime/native/Npy.h"
#include "runtime/native/Error.h"

#include "Support.h"

#include <fstream>
#include <gtest/gtest.h>

using namespace basalt::rt;

namespace {

/// The bytes of a file with this header text and data.
std::string npy(const std::string &header, const std::string &data, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += {char(version), char(0), char(header.size() & 255), char(header.size() >> 8)};
  if (version > 1)
    bytes += std::string(2, '\0');
  return bytes + header + data;
}

std::string header(const std::string &descr, const std::string &shape,
                   const char *order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

NpyArray parse(const std::string &bytes) { return parseNpy(bytes.data(), bytes.size(), "w.npy"); }

std::string parseError(const std::string &bytes) {
  return errorOf([&] { parse(bytes); });
}

TEST(Npy, ReadsEveryType) {
  NpyArray array = parse(npy(header("<i2", "(2,)"), std::string("\x01\x00\xfe\xff", 4)));
  EXPECT_EQ(array.shape, std::vector<int64_t>({2}));
  EXPECT_EQ(array.intAt(0), 1);
  EXPECT_EQ(array.intAt(1), -2);
  EXPECT_EQ(array.typeName(), "int16");
  array = parse(npy(header("|i1", "(1, 2)"), "\x05\xff"));
  EXPECT_EQ(array.shape, std::vector<int64_t>({1, 2}));
  EXPECT_EQ(array.intAt(1), -1);
  array = parse(npy(header("|u1", "(1,)"), "\xff"));
  EXPECT_EQ(array.intAt(0), 255);
  array = parse(npy(header("<u4", "()"), "\xff\xff\xff\xff"));
  EXPECT_EQ(array.shape.size(), 0u);
  EXPECT_EQ(array.intAt(0), 4294967295);
  array = parse(npy(header("<i8", "()"), std::string(8, '\xff')));
  EXPECT_EQ(array.intAt(0), -1);
  array = parse(npy(header("|b1", "(2,)"), std::string("\x00\x01", 2)));
  EXPECT_EQ(array.intAt(0), 0);
  EXPECT_EQ(array.intAt(1), 1);
  EXPECT_EQ(array.typeName(), "bool");
  float single = 0.25f;
  array = parse(npy(header("<f4", "(1,)"), std::string(reinterpret_cast<char *>(&single), 4)));
  EXPECT_EQ(array.floatAt(0), 0.25);
  double real = -1.5;
  array = parse(npy(header("<f8", "(1,)"), std::string(reinterpret_cast<char *>(&real), 8), 3));
  EXPECT_EQ(array.floatAt(0), -1.5);
}

TEST(Npy, FortranOrderBecomesRowMajor) {
  // [[0, 1, 2], [3, 4, 5]] by columns.
  NpyArray array =
      parse(npy(header("|u1", "(2, 3)", "True"), std::string("\x00\x03\x01\x04\x02\x05", 6), 2));
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(array.intAt(size_t(i)), i);
  // Three axes: element (i, j, k) of shape (2, 3, 2) lies at i + 2 j + 6 k.
  std::string data;
  for (int i = 0; i < 12; ++i)
    data += char(i);
  array = parse(npy(header("|u1", "(2, 3, 2)", "True"), data));
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 2; ++k)
        EXPECT_EQ(array.intAt(size_t(6 * i + 2 * j + k)), i + 2 * j + 6 * k);
  array = parse(npy(header("|u1", "(0, 3)", "True"), ""));
  EXPECT_EQ(array.size(), 0u);
}

TEST(Npy, RefusesWhatIsNotAnArray) {
  const std::string prefix = "'w.npy' is not a readable .npy file: ";
  EXPECT_EQ(parseError(""), prefix + "it does not start as one");
  EXPECT_EQ(parseError("PK\x03\x04 some zip file"), prefix + "it does not start as one");
  EXPECT_EQ(parseError(npy("", "", 4)), prefix + "its format version is 4, expected 1 to 3");
  std::string cut = npy(header("<i4", "(2,)"), "");
  EXPECT_EQ(parseError(cut.substr(0, 40)), prefix + "its header is truncated");
  EXPECT_EQ(parseError(cut.substr(0, 11)), prefix + "its header is truncated");
  EXPECT_EQ(parseError(npy("not a dictionary", "")), prefix + "expected '{' in its header");
  EXPECT_EQ(parseError(npy("{'descr': '<i4'}", "")),
            prefix + "its header lacks one of 'descr', 'fortran_order', 'shape'");
  EXPECT_EQ(parseError(npy("{'descr': '<i4", "")), prefix + "a string in its header does not end");
  EXPECT_EQ(parseError(npy("{4: '<i4'}", "")), prefix + "expected a string in its header");
  const std::string claimsMegabytes("\x93NUMPY\x02\x00\x00\x00\x7f\x00{}", 14);
  EXPECT_EQ(parseError(claimsMegabytes), prefix + "its header is longer than 65536 bytes");
  EXPECT_EQ(parseError(npy("{'color': 1}", "")), prefix + "its header has the unknown key 'color'");
  EXPECT_EQ(parseError(npy(header("<i4", "(-1,)"), "")),
            prefix + "its header has a shape with something other than an extent");
  EXPECT_EQ(parseError(npy(header("<i4", "(99999999999999999999,)"), "")),
            prefix + "its header has a shape with something other than an extent");
  std::string longShape = "(";
  for (int i = 0; i < 40; ++i)
    longShape += "1, ";
  EXPECT_EQ(parseError(npy(header("<i4", longShape + ")"), "")),
            prefix + "its shape has more than 32 axes");
}

TEST(Npy, RefusesTypesAndSizes) {
  EXPECT_EQ(
      parseError(npy(header("|O", "(2,)"), "")),
      "'w.npy' has elements of type '|O', which is not supported; expected integers, float32, "
      "float64 or bool");
  EXPECT_EQ(parseError(npy(header("<c16", "(2,)"), "")),
            "'w.npy' has elements of type '<c16', which is not supported; expected integers, "
            "float32, float64 or bool");
  EXPECT_EQ(parseError(npy(header("<f2", "(2,)"), "")).find("'w.npy' has elements of type '<f2'"),
            0u);
  EXPECT_EQ(parseError(npy(header(">i4", "(2,)"), "")),
            "'w.npy' is big-endian, which is not supported; expected little-endian");
  EXPECT_EQ(
      parseError(npy("{'descr': [('x', '<i4')], 'fortran_order': False, 'shape': (1,)}", "")),
      "'w.npy' has a structured type, which is not supported; expected numbers or truth values");
  EXPECT_EQ(parseError(npy(header("<i4", "(3,)"), "12345678")),
            "'w.npy' is truncated: its shape needs 12 bytes of data, found 8");
  EXPECT_EQ(parseError(npy(header("<i8", "(4611686018427387904, 4)"), "")),
            "'w.npy' has a shape that is too large");
  EXPECT_EQ(parseError(npy(header("<i8", "(1000000000000,)"), "")),
            "'w.npy' has a shape that is too large");
}

TEST(Npy, FilesThatCannotBeRead) {
  TemporaryFolder folder;
  EXPECT_EQ(errorOf([&] { readNpy(folder / "none.npy"); }),
            "cannot open '" + folder / "none.npy" + "': No such file or directory");
  EXPECT_EQ(errorOf([&] { readNpy(folder.path()); }),
            "cannot read '" + folder.path() + "': it is not a file");
}

TEST(Npy, WritesWholeOrNothing) {
  TemporaryFolder folder;
  std::string path = folder / "a.npy";
  {
    NpyWriter writer(path, NpyWriter::Type::Int64);
    std::vector<int64_t> rows(30000); // more than the buffer
    for (size_t i = 0; i < rows.size(); ++i)
      rows[i] = int64_t(i) - 5;
    writer.write(rows.data(), 16);
    writer.write(rows.data() + 2, (rows.size() - 2) * 8);
    EXPECT_EQ(folder.files().size(), 1u); // the temporary one
    writer.finish({15000, 2});
    writer.publish();
  }
  EXPECT_EQ(folder.files(), std::vector<std::string>({"a.npy"}));
  NpyArray array = readNpy(path);
  EXPECT_EQ(array.shape, std::vector<int64_t>({15000, 2}));
  EXPECT_EQ(array.intAt(0), -5);
  EXPECT_EQ(array.intAt(29999), 29994);
  {
    NpyWriter writer(folder / "b.npy", NpyWriter::Type::Float64);
    writer.finish({0});
  }
  EXPECT_EQ(folder.files(), std::vector<std::string>({"a.npy"}));
  EXPECT_EQ(errorOf([&] { NpyWriter(folder / "none" + "/b.npy", NpyWriter::Type::UInt8); }),
            "cannot write '" + folder / "none" + "/b.npy': No such file or directory");
  EXPECT_EQ(errorOf([&] { NpyWriter(folder.path(), NpyWriter::Type::UInt8); }),
            "cannot write '" + folder.path() + "': it is a folder");
}

} // namespace
