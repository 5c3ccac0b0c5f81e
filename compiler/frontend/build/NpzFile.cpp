// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy's .npz files: ZIP archives of .npy files.
#include "compiler/frontend/build/ArrayFiles.h"

#include <algorithm>
#include <memory>
#include <zip.h>

namespace basalt::frontend {

namespace {
struct CloseArchive {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
struct CloseMember {
  void operator()(zip_file_t *member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
using Member = std::unique_ptr<zip_file_t, CloseMember>;
} // namespace

static Archive openArchive(const std::string &path) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (archive)
    return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (code == ZIP_ER_NOENT || code == ZIP_ER_OPEN || code == ZIP_ER_READ)
    throw rt::InputError("cannot open '" + path + "': " + reason);
  throw rt::InputError("'" + path + "' is not a readable .npz file: " + reason);
}

/// `weights` of `weights.npy`.
static std::string withoutSuffix(std::string name) {
  const std::string suffix = ".npy";
  if (name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix)
    name.resize(name.size() - suffix.size());
  return name;
}

static std::vector<std::string> namesIn(zip_t *archive) {
  std::vector<std::string> names;
  for (zip_int64_t i = 0, count = zip_get_num_entries(archive, 0); i < count; ++i)
    if (const char *name = zip_get_name(archive, zip_uint64_t(i), ZIP_FL_ENC_GUESS))
      names.push_back(withoutSuffix(name));
  return names;
}

static zip_uint64_t findMember(zip_t *archive, const std::string &path, const std::string &member) {
  std::vector<std::string> names = namesIn(archive);
  if (member.empty()) {
    if (names.size() == 1)
      return 0;
    throw PartError("'" + path + "' has " + std::to_string(names.size()) +
                    " arrays, so 'member' must say which is meant" + describeNames("", names));
  }
  std::string wanted = withoutSuffix(member);
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == wanted)
      return i;
  throw PartError("'" + path + "' has no member '" + member + "'" + describeNames(wanted, names));
}

/// All bytes of a member. To its end: only then its checksum is compared.
static std::vector<char> readMember(zip_t *archive, zip_uint64_t number, const std::string &name,
                                    size_t maxBytes) {
  zip_stat_t info;
  zip_stat_init(&info);
  if (zip_stat_index(archive, number, 0, &info) != 0 || !(info.valid & ZIP_STAT_SIZE))
    throw rt::InputError("'" + name + "' cannot be read: " + zip_strerror(archive));
  if (info.size > maxBytes)
    throw PartError("'" + name + "' is too large");
  Member member(zip_fopen_index(archive, number, 0));
  if (!member)
    throw rt::InputError("'" + name + "' cannot be read: " + zip_strerror(archive));
  // What the archive says of the size need not be true, so memory grows with what is there.
  constexpr size_t kLeast = size_t(1) << 20;
  std::vector<char> bytes;
  size_t done = 0;
  while (done <= info.size) {
    if (done == bytes.size())
      bytes.resize(std::min<size_t>(info.size + 1, std::max(kLeast, 2 * done)));
    zip_int64_t count = zip_fread(member.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0)
      throw rt::InputError("'" + name + "' cannot be read: " + zip_file_strerror(member.get()));
    if (count == 0)
      break;
    done += size_t(count);
  }
  if (done != info.size)
    throw rt::InputError("'" + name +
                         "' cannot be read: it has another size than the archive says");
  bytes.resize(done);
  return bytes;
}

rt::NpyArray readNpz(const std::string &path, const std::string &member, size_t maxBytes) {
  constexpr size_t maxHeader = size_t(1) << 17;
  Archive archive = openArchive(path);
  zip_uint64_t number = findMember(archive.get(), path, member);
  std::string name = path + ":" + (member.empty() ? namesIn(archive.get())[number] : member);
  std::vector<char> bytes = readMember(archive.get(), number, name, maxBytes + maxHeader);
  return rt::parseNpy(bytes.data(), bytes.size(), name, maxBytes);
}

} // namespace basalt::frontend
