// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The .npy format: magic, version, header length, a Python dictionary as text, data.
#include "runtime/native/Npy.h"

#include "runtime/native/Error.h"

#include <cassert>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace basalt::rt;

static constexpr char kMagic[] = "\x93NUMPY";
static constexpr size_t kMagicSize = 6;
static constexpr size_t kMaxHeader = 1 << 16;
static constexpr size_t kMaxFileRank = 32; // as in NumPy

//===-- The header
//-------------------------------------------------------------------------------===//

namespace {
struct Header {
  std::string descr;
  bool fortranOrder = false;
  std::vector<int64_t> shape;
};

/// Parses the dictionary of a header. Not a Python parser: what NumPy writes, with any spacing.
class HeaderParser {
public:
  HeaderParser(std::string_view text, const std::string &name) : rest(text), name(name) {}
  Header parse();

private:
  [[noreturn]] void fail(const std::string &what) {
    throw InputError("'" + name + "' is not a readable .npy file: " + what);
  }
  void skipSpace() {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\n' || rest.front() == '\t'))
      rest.remove_prefix(1);
  }
  bool consume(std::string_view token) {
    skipSpace();
    if (rest.substr(0, token.size()) != token)
      return false;
    rest.remove_prefix(token.size());
    return true;
  }
  void expect(std::string_view token) {
    if (!consume(token))
      fail("expected '" + std::string(token) + "' in its header");
  }
  std::string string();
  std::vector<int64_t> shape();
  bool truth();

  std::string_view rest;
  const std::string &name;
};
} // namespace

std::string HeaderParser::string() {
  skipSpace();
  if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
    fail("expected a string in its header");
  size_t end = rest.find(rest.front(), 1);
  if (end == std::string_view::npos)
    fail("a string in its header does not end");
  std::string result(rest.substr(1, end - 1));
  rest.remove_prefix(end + 1);
  return result;
}

bool HeaderParser::truth() {
  if (consume("True"))
    return true;
  expect("False");
  return false;
}

std::vector<int64_t> HeaderParser::shape() {
  std::vector<int64_t> result;
  expect("(");
  while (!consume(")")) {
    skipSpace();
    int64_t extent = 0;
    auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), extent);
    if (error != std::errc() || extent < 0)
      fail("its header has a shape with something other than an extent");
    rest.remove_prefix(size_t(end - rest.data()));
    consume("L"); // Python 2
    result.push_back(extent);
    if (result.size() > kMaxFileRank)
      fail("its shape has more than " + std::to_string(kMaxFileRank) + " axes");
    if (!consume(",")) {
      expect(")");
      break;
    }
  }
  return result;
}

Header HeaderParser::parse() {
  Header header;
  bool hasDescr = false, hasOrder = false, hasShape = false;
  expect("{");
  while (!consume("}")) {
    std::string key = string();
    expect(":");
    if (key == "descr") {
      skipSpace();
      if (!rest.empty() && rest.front() == '[')
        throw InputError("'" + name +
                         "' has a structured type, which is not supported; expected "
                         "numbers or truth values");
      header.descr = string();
      hasDescr = true;
    } else if (key == "fortran_order") {
      header.fortranOrder = truth();
      hasOrder = true;
    } else if (key == "shape") {
      header.shape = shape();
      hasShape = true;
    } else {
      fail("its header has the unknown key '" + key + "'");
    }
    if (!consume(",")) {
      expect("}");
      break;
    }
  }
  if (!hasDescr || !hasOrder || !hasShape)
    fail("its header lacks one of 'descr', 'fortran_order', 'shape'");
  return header;
}

/// Sets the element type from `descr`, e.g. `<i4`.
static void readType(const std::string &descr, const std::string &name, NpyArray &array) {
  char order = descr.size() >= 3 ? descr[0] : 0, kind = descr.size() >= 3 ? descr[1] : 0;
  std::string size = descr.size() >= 3 ? descr.substr(2) : "";
  bool isNumber = (std::strchr("iu", kind) && kind &&
                   (size == "1" || size == "2" || size == "4" || size == "8")) ||
                  (kind == 'f' && (size == "4" || size == "8")) || (kind == 'b' && size == "1");
  if (!isNumber || !std::strchr("<>|=", order))
    throw InputError("'" + name + "' has elements of type '" + descr +
                     "', which is not supported; expected integers, float32, float64 or bool");
  array.kind = kind;
  array.itemSize = unsigned(size[0] - '0');
  if (order == '>' && array.itemSize > 1)
    throw InputError("'" + name +
                     "' is big-endian, which is not supported; expected little-endian");
}

//===-- Reading
//----------------------------------------------------------------------------------===//

static size_t dataSize(const NpyArray &array, const std::string &name, size_t maxBytes) {
  size_t bytes = array.itemSize;
  bool tooLarge = false;
  for (int64_t extent : array.shape)
    tooLarge |= __builtin_mul_overflow(bytes, size_t(extent), &bytes);
  if (tooLarge || bytes > maxBytes)
    throw InputError("'" + name + "' has a shape that is too large");
  return bytes;
}

/// Copies column-major elements to row-major order.
static void fromFortranOrder(NpyArray &array, const char *data) {
  size_t rank = array.shape.size(), count = array.size();
  std::vector<size_t> stride(rank, 1), place(rank, 0);
  for (size_t axis = 1; axis < rank; ++axis)
    stride[axis] = stride[axis - 1] * size_t(array.shape[axis - 1]);
  size_t from = 0;
  for (size_t to = 0; to < count; ++to) {
    std::memcpy(array.data.data() + to * array.itemSize, data + from * array.itemSize,
                array.itemSize);
    for (size_t axis = rank; axis-- > 0;) { // the next place, last axis fastest
      from += stride[axis];
      if (++place[axis] < size_t(array.shape[axis]))
        break;
      from -= stride[axis] * place[axis];
      place[axis] = 0;
    }
  }
}

/// The text of the header; `bytes` and `size` are moved behind it.
static std::string_view headerText(const char *&bytes, size_t &size, const std::string &name) {
  auto fail = [&](const std::string &what) -> std::string_view {
    throw InputError("'" + name + "' is not a readable .npy file: " + what);
  };
  if (size < kMagicSize + 4 || std::memcmp(bytes, kMagic, kMagicSize) != 0)
    return fail("it does not start as one");
  const auto *raw = reinterpret_cast<const unsigned char *>(bytes);
  unsigned version = raw[6];
  if (version < 1 || version > 3)
    return fail("its format version is " + std::to_string(version) + ", expected 1 to 3");
  size_t start = version == 1 ? 10 : 12;
  if (size < start)
    return fail("its header is truncated");
  size_t length = size_t(raw[8]) | size_t(raw[9]) << 8;
  if (version > 1)
    length |= size_t(raw[10]) << 16 | size_t(raw[11]) << 24;
  if (length > kMaxHeader)
    return fail("its header is longer than " + std::to_string(kMaxHeader) + " bytes");
  if (size - start < length)
    return fail("its header is truncated");
  std::string_view text(bytes + start, length);
  bytes += start + length;
  size -= start + length;
  return text;
}

NpyArray basalt::rt::parseNpy(const char *bytes, size_t size, const std::string &name,
                              size_t maxBytes) {
  Header header = HeaderParser(headerText(bytes, size, name), name).parse();
  NpyArray array;
  readType(header.descr, name, array);
  array.shape = header.shape;
  size_t needed = dataSize(array, name, maxBytes);
  if (needed > size)
    throw InputError("'" + name + "' is truncated: its shape needs " + std::to_string(needed) +
                     " bytes of data, found " + std::to_string(size));
  array.data.resize(needed);
  if (header.fortranOrder && array.shape.size() > 1)
    fromFortranOrder(array, bytes);
  else if (needed > 0)
    std::memcpy(array.data.data(), bytes, needed);
  return array;
}

/// All of a file that is not larger than `limit`.
static std::vector<char> readFile(const std::string &path, size_t limit) {
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    throwSystemError("cannot open '" + path + "'", errno);
  struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }
  } closer{descriptor};
  struct stat info;
  if (::fstat(descriptor, &info) != 0)
    throwSystemError("cannot read '" + path + "'", errno);
  if (!S_ISREG(info.st_mode))
    throw InputError("cannot read '" + path + "': it is not a file");
  if (size_t(info.st_size) > limit)
    throw InputError("'" + path + "' is too large");
  std::vector<char> contents(size_t(info.st_size), 0);
  size_t done = 0;
  while (done < contents.size()) {
    ssize_t count = ::read(descriptor, contents.data() + done, contents.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      throwSystemError("cannot read '" + path + "'", errno);
    if (count == 0)
      break;
    done += size_t(count);
  }
  contents.resize(done);
  return contents;
}

NpyArray basalt::rt::readNpy(const std::string &path, size_t maxBytes) {
  std::vector<char> contents = readFile(path, maxBytes + kMaxHeader + 16);
  return parseNpy(contents.data(), contents.size(), path, maxBytes);
}

int64_t NpyArray::intAt(size_t i) const {
  const char *place = data.data() + i * itemSize;
  uint64_t bits = 0;
  std::memcpy(&bits, place, itemSize);
  if (kind == 'b')
    return bits != 0;
  if (kind == 'u' || itemSize == 8)
    return int64_t(bits);
  unsigned unused = 64 - 8 * itemSize;
  return int64_t(bits << unused) >> unused;
}

double NpyArray::floatAt(size_t i) const {
  if (itemSize == 4) {
    float value;
    std::memcpy(&value, data.data() + i * 4, 4);
    return value;
  }
  double value;
  std::memcpy(&value, data.data() + i * 8, 8);
  return value;
}

std::string NpyArray::typeName() const {
  if (kind == 'b')
    return "bool";
  const char *word = kind == 'i' ? "int" : kind == 'u' ? "uint" : "float";
  return word + std::to_string(8 * itemSize);
}

//===-- Writing
//----------------------------------------------------------------------------------===//

/// Room for the header of any array we write; a multiple of 64, as NumPy aligns data.
static constexpr size_t kHeaderRoom = 384;
static constexpr size_t kBufferSize = 1 << 16;

static std::string headerFor(NpyWriter::Type type, const std::vector<int64_t> &shape) {
  const char *descr = type == NpyWriter::Type::Int64     ? "<i8"
                      : type == NpyWriter::Type::Float64 ? "<f8"
                                                         : "|u1";
  std::string text = std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < shape.size(); ++i)
    text += std::to_string(shape[i]) + (i + 1 < shape.size() ? ", " : shape.size() == 1 ? "," : "");
  text += "), }";
  size_t length = kHeaderRoom - 10;
  assert(text.size() < length && "values have at most 8 axes, and a row axis");
  text.resize(length - 1, ' ');
  std::string header(kMagic, kMagicSize);
  header += {char(1), char(0), char(length & 255), char(length >> 8)};
  return header + text + "\n";
}

NpyWriter::NpyWriter(std::string path, Type type) : file(std::move(path)), type(type) {
  buffer.reserve(kBufferSize);
  buffer.assign(kHeaderRoom, ' '); // the header follows when the shape is known
}

void NpyWriter::flush() {
  file.write(buffer.data(), buffer.size());
  buffer.clear();
}

void NpyWriter::write(const void *data, size_t bytes) {
  if (buffer.size() + bytes > kBufferSize)
    flush();
  if (bytes > kBufferSize)
    return file.write(static_cast<const char *>(data), bytes);
  const char *first = static_cast<const char *>(data);
  buffer.insert(buffer.end(), first, first + bytes);
}

void NpyWriter::finish(const std::vector<int64_t> &shape) {
  flush();
  file.rewind();
  std::string header = headerFor(type, shape);
  file.write(header.data(), header.size());
  file.close();
}

void NpyWriter::publish() { file.publish(); }
