// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writing and reading the container of initial data. The reader believes nothing: the file may have
// been cut off or have been written by another version.
#include "runtime/native/InitialData.h"

#include "runtime/native/Error.h"
#include "runtime/native/Layout.h"
#include "runtime/native/Outside.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

using namespace basalt::rt;

static constexpr std::string_view kMagic = "BSLTDATA";
static constexpr std::string_view kTrailerMagic = "BSLTTAIL";
static constexpr size_t kHeaderSize = 32;
static constexpr size_t kEntrySize = 40;
static constexpr size_t kTrailerSize = 16;
static constexpr size_t kDataAlignment = 64;

static size_t alignTo(size_t offset, size_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

//===-- Writing
//----------------------------------------------------------------------------------===//

template <typename T> static void put(std::string &bytes, T value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof(T));
}

/// Everything before the data; `size` becomes that of the whole container.
static std::string layOut(const InitialContents &contents, size_t &size) {
  std::string defaults;
  for (const std::string &argument : contents.defaults) {
    put(defaults, uint32_t(argument.size()));
    defaults += argument;
  }
  size_t names = alignTo(kHeaderSize + defaults.size(), 8) + kEntrySize * contents.states.size();
  size_t data = names;
  for (const InitialValue &state : contents.states)
    data += state.name.size();

  std::string table, nameBytes;
  size = data;
  for (const InitialValue &state : contents.states) {
    size_t dataSize = state.mode == InitialValue::Zeros ? 0 : state.size;
    size_t offset = dataSize == 0 ? 0 : alignTo(size, kDataAlignment);
    put(table, uint64_t(names + nameBytes.size()));
    put(table, uint64_t(state.name.size()));
    put(table, uint32_t(state.mode));
    put(table, uint32_t(0));
    put(table, uint64_t(offset));
    put(table, uint64_t(dataSize));
    nameBytes += state.name;
    if (dataSize > 0)
      size = offset + dataSize;
  }

  std::string head(kMagic);
  put(head, kInitialDataVersion);
  put(head, kContractVersion);
  put(head, uint64_t(size));
  put(head, uint32_t(contents.defaults.size()));
  put(head, uint32_t(contents.states.size()));
  head += defaults;
  head.resize(alignTo(head.size(), 8), '\0');
  return head + table + nameBytes;
}

namespace {
/// A file being written; stdio for its buffer, with all errors noticed.
class File {
public:
  File(const std::string &path, const char *mode)
      : path(path), file(std::fopen(path.c_str(), mode)) {
    if (!file)
      throwSystemError("cannot write '" + path + "'", errno);
  }
  ~File() {
    if (file)
      std::fclose(file);
  }
  void write(const void *data, size_t size) {
    if (size > 0 && std::fwrite(data, 1, size, file) != size)
      throwSystemError("cannot write '" + path + "'", errno);
  }
  void close() {
    FILE *open = std::exchange(file, nullptr);
    if (std::fclose(open) != 0)
      throwSystemError("cannot write '" + path + "'", errno);
  }

private:
  std::string path;
  FILE *file;
};
} // namespace

/// Writes the container; returns its size.
static size_t writeContainer(File &file, const InitialContents &contents) {
  size_t size = 0;
  std::string head = layOut(contents, size);
  file.write(head.data(), head.size());
  size_t written = head.size();
  const char padding[kDataAlignment] = {};
  for (const InitialValue &state : contents.states) {
    if (state.mode == InitialValue::Zeros || state.size == 0)
      continue;
    size_t start = alignTo(written, kDataAlignment);
    file.write(padding, start - written);
    file.write(state.data, state.size);
    written = start + state.size;
  }
  return size;
}

void basalt::rt::writeInitialData(const std::string &path, const InitialContents &contents) {
  std::string temporary = path + ".tmp-" + std::to_string(::getpid());
  try {
    File file(temporary, "wb");
    writeContainer(file, contents);
    file.close();
    if (std::rename(temporary.c_str(), path.c_str()) != 0)
      throwSystemError("cannot write '" + path + "'", errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

void basalt::rt::appendInitialData(const std::string &path, const InitialContents &contents) {
  File file(path, "ab");
  uint64_t size = writeContainer(file, contents);
  file.write(&size, sizeof(size));
  file.write(kTrailerMagic.data(), kTrailerMagic.size());
  file.close();
}

//===-- Reading
//----------------------------------------------------------------------------------===//

namespace {
/// Reads the parts of a container, each checked against its size.
class Reader {
public:
  Reader(std::string_view bytes, const std::string &source) : bytes(bytes), source(source) {}

  [[noreturn]] void fail(const std::string &what) const {
    throw InputError("'" + source + "' has no usable initial data: " + what);
  }
  /// `size` bytes at `offset`.
  std::string_view piece(uint64_t offset, uint64_t size) const {
    if (offset > bytes.size() || size > bytes.size() - offset)
      fail("it is truncated or damaged");
    return bytes.substr(size_t(offset), size_t(size));
  }
  template <typename T> T take() {
    T value;
    std::memcpy(&value, piece(place, sizeof(T)).data(), sizeof(T));
    place += sizeof(T);
    return value;
  }
  std::string_view take(uint64_t size) {
    std::string_view result = piece(place, size);
    place += size_t(size);
    return result;
  }
  void align(size_t alignment) { place = alignTo(place, alignment); }

private:
  std::string_view bytes;
  const std::string &source;
  size_t place = 0;
};
} // namespace

InitialData::~InitialData() {
  if (mapping)
    ::munmap(mapping, mappingSize);
}

void InitialData::swap(InitialData &other) noexcept {
  std::swap(source, other.source);
  std::swap(mapping, other.mapping);
  std::swap(mappingSize, other.mappingSize);
  std::swap(arguments, other.arguments);
  std::swap(entries, other.entries);
}

void InitialData::map(const std::string &path) {
  source = path;
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    throwSystemError("cannot open '" + path + "'", errno);
  struct stat info;
  bool isFile = ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
  void *address = MAP_FAILED;
  if (isFile)
    address = ::mmap(nullptr, size_t(info.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0);
  ::close(descriptor);
  if (address == MAP_FAILED)
    throw InputError("'" + path +
                     "' has no usable initial data: it is not a file that can be mapped");
  mapping = address;
  mappingSize = size_t(info.st_size);
}

void InitialData::parse(std::string_view container) {
  Reader reader(container, source);
  if (reader.take(kMagic.size()) != kMagic)
    reader.fail("it does not start as such");
  uint32_t version = reader.take<uint32_t>(), contract = reader.take<uint32_t>();
  if (version != kInitialDataVersion || contract != kContractVersion)
    reader.fail("it has version " + std::to_string(version) + "." + std::to_string(contract) +
                ", expected " + std::to_string(kInitialDataVersion) + "." +
                std::to_string(kContractVersion));
  if (reader.take<uint64_t>() != container.size())
    reader.fail("it is truncated or damaged");
  uint32_t defaultCount = reader.take<uint32_t>(), stateCount = reader.take<uint32_t>();
  for (uint32_t i = 0; i < defaultCount; ++i)
    arguments.emplace_back(reader.take(reader.take<uint32_t>()));
  reader.align(8);
  for (uint32_t i = 0; i < stateCount; ++i) {
    uint64_t nameOffset = reader.take<uint64_t>(), nameSize = reader.take<uint64_t>();
    uint32_t mode = reader.take<uint32_t>();
    reader.take<uint32_t>();
    uint64_t offset = reader.take<uint64_t>(), size = reader.take<uint64_t>();
    entries.push_back({reader.piece(nameOffset, nameSize), mode, reader.piece(offset, size)});
  }
}

InitialData InitialData::fromFile(const std::string &path) {
  InitialData result;
  result.map(path);
  result.parse({static_cast<const char *>(result.mapping), result.mappingSize});
  return result;
}

InitialData InitialData::fromExecutable(const std::string &path) {
  InitialData result;
  result.map(path);
  std::string_view bytes(static_cast<const char *>(result.mapping), result.mappingSize);
  if (bytes.size() < kTrailerSize ||
      bytes.substr(bytes.size() - kTrailerMagic.size()) != kTrailerMagic)
    return {};
  bytes.remove_suffix(kTrailerSize);
  uint64_t size = 0;
  std::memcpy(&size, bytes.data() + bytes.size(), sizeof(size));
  if (size > bytes.size())
    throw InputError("'" + path + "' has no usable initial data: it is truncated or damaged");
  result.parse(bytes.substr(bytes.size() - size_t(size)));
  return result;
}

std::vector<std::pair<size_t, DrawnValue>> InitialData::drawnValues() const {
  std::vector<std::pair<size_t, DrawnValue>> result;
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry &entry = entries[i];
    if (entry.mode != InitialValue::ByRule && entry.mode != InitialValue::Drawn)
      continue;
    std::optional<DrawnValue> value =
        entry.mode == InitialValue::ByRule ? readRule(entry.data) : readDistribution(entry.data);
    if (!value)
      throw InputError("the initial data in '" + source + "' are damaged: the rule of '" +
                       std::string(entry.name) + "' cannot be used");
    result.emplace_back(i, std::move(*value));
  }
  return result;
}

void InitialData::check(Table<StateInfo> states) const {
  if (empty())
    return;
  auto fail = [&](const std::string &what) {
    throw InputError("the initial data in '" + source + "' are of another program: " + what);
  };
  if (entries.size() != states.size())
    fail("found " + std::to_string(entries.size()) + " states, expected " +
         std::to_string(states.size()));
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry &entry = entries[i];
    const StateInfo &state = states[i];
    if (entry.name != state.name)
      fail("found the state '" + std::string(entry.name) + "', expected '" + state.name + "'");
    size_t expected = entry.mode == InitialValue::Whole      ? stateBytes(state)
                      : entry.mode == InitialValue::Repeated ? storageSize(state.element)
                                                             : 0;
    bool isMade = entry.mode == InitialValue::ByRule || entry.mode == InitialValue::Drawn;
    if (entry.mode > InitialValue::Drawn || (!isMade && entry.data.size() != expected))
      fail("the value of '" + std::string(state.name) + "' does not have its size");
  }
}

void InitialData::apply(Table<StateInfo> states) const {
  check(states);
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry &entry = entries[i];
    size_t size = entry.data.size();
    char *to = static_cast<char *>(states[i].data);
    if (entry.mode == InitialValue::Whole && size > 0)
      std::memcpy(to, entry.data.data(), size);
    for (size_t at = 0; entry.mode == InitialValue::Repeated && at < stateBytes(states[i]);
         at += size)
      std::memcpy(to + at, entry.data.data(), size);
  }
  if (const char *name = findBadEntries(states))
    throw InputError("the initial data in '" + source + "' are damaged: entries of '" + name +
                     "' are outside of its matrix");
}
