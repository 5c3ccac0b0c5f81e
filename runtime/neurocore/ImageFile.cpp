// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parts of the file brought together: memories, then the manifest with their digests, then
// names for tools.
#include "runtime/neurocore/ImageFile.h"

#include "runtime/native/Error.h"
#include "runtime/native/TemporaryFile.h"
#include "runtime/neurocore/Regions.h"
#include "runtime/neurocore/Sha256.h"
#include "runtime/neurocore/Verify.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace basalt::nc;

static constexpr const char *kManifestSection = ".nc.manifest";
static constexpr const char *kIdSection = ".note.nc.id";

//===-- Writing
//----------------------------------------------------------------------------------===//

/// An ELF note with the digits of the id.
static std::string idNote(const std::string &id) {
  static constexpr char kOwner[8] = "Basalt"; // with its zero, padded to words
  uint32_t sizes[3] = {7, uint32_t(id.size()), 1};
  std::string note(reinterpret_cast<const char *>(sizes), sizeof(sizes));
  note.append(kOwner, sizeof(kOwner));
  return note + id;
}

/// A name for each fragment of each Var that has bytes of its own in a section; the others are in
/// the manifest.
static std::vector<Symbol> makeSymbols(const Image &image, const std::vector<Section> &sections) {
  std::map<std::string, uint32_t> byName;
  for (uint32_t i = 0; i < sections.size(); ++i)
    byName[sections[i].name] = i;
  std::map<unsigned, uint64_t> wordsOfChip;
  std::vector<uint64_t> firstWord; // of each core, in the section of its chip
  for (const Core &core : image.cores) {
    firstWord.push_back(wordsOfChip[core.chip]);
    wordsOfChip[core.chip] += core.synapses.size();
  }
  std::vector<Symbol> symbols;
  for (const Var &var : image.vars)
    for (const Fragment &fragment : var.fragments) {
      bool isSynapse = fragment.space == Space::Weight || fragment.space == Space::Delay;
      Symbol symbol{var.name, byName[kManifestSection], 0, 0};
      if (isSynapse) {
        symbol.section = byName[sectionName(Region::Synapses, image.cores[fragment.core].chip)];
        symbol.offset = 8 * (firstWord[fragment.core] + fragment.index);
      } else if (fragment.space == Space::Embedded) {
        symbol.section = byName[sectionName(Region::Embedded, fragment.index)];
      } else if (fragment.space == Space::State || fragment.space == Space::Parameter) {
        symbol.section = byName[sectionName(Region::State, image.cores[fragment.core].chip)];
      }
      symbols.push_back(symbol);
    }
  return symbols;
}

std::string basalt::nc::imageBytes(const Image &image) {
  std::vector<Section> sections = makeRegions(image);
  Manifest manifest;
  manifest.image = image;
  for (const Section &section : sections)
    manifest.sections.push_back({section.name, section.bytes.size(), sha256(section.bytes)});
  Section section{kManifestSection, SectionType::Manifest, 0, writeManifest(manifest)};
  Section note{kIdSection, SectionType::Note, 0, idNote(sha256(section.bytes))};
  sections.insert(sections.begin(), {std::move(note), std::move(section)});
  std::vector<Symbol> symbols = makeSymbols(image, sections);
  return writeContainer(sections, symbols);
}

//===-- Reading
//----------------------------------------------------------------------------------===//

static const SectionView *find(const std::vector<SectionView> &sections, std::string_view name) {
  for (const SectionView &section : sections)
    if (section.name == name)
      return &section;
  return nullptr;
}

/// Features by name, so that a refusal can say which.
static std::string checkVersion(const Manifest &manifest) {
  if (manifest.major != kFormatMajor)
    return "its format is " + std::to_string(manifest.major) + "." +
           std::to_string(manifest.minor) + ", expected " + std::to_string(kFormatMajor) + ".x";
  for (unsigned i = 0; i < 64; ++i)
    if (manifest.required >> i & 1)
      return "it needs feature " + std::to_string(i) + ", which is not known here";
  return "";
}

static std::string checkSections(const std::vector<SectionView> &sections, const Manifest &manifest,
                                 bool digests) {
  for (size_t i = 0; i < sections.size(); ++i)
    for (size_t k = 0; k < i; ++k)
      if (sections[i].name == sections[k].name)
        return "section '" + std::string(sections[i].name) + "' is there twice";
  if (sections.size() != manifest.sections.size() + 2)
    return "there are " + std::to_string(sections.size()) + " sections, expected " +
           std::to_string(manifest.sections.size() + 2);
  for (const SectionDigest &digest : manifest.sections) {
    const SectionView *section = find(sections, digest.name);
    if (!section)
      return "section '" + digest.name + "' is missing";
    if (section->bytes.size() != digest.size)
      return "section '" + digest.name + "' has " + std::to_string(section->bytes.size()) +
             " bytes, expected " + std::to_string(digest.size);
    if (digests && sha256(section->bytes) != digest.sha256)
      return "section '" + digest.name + "' is damaged: its digest is another one";
  }
  return "";
}

std::string basalt::nc::readImage(std::string_view file, Image &image, const ReadOptions &options) {
  std::vector<SectionView> sections;
  if (std::string error = readContainer(file, sections); !error.empty())
    return error;
  const SectionView *manifestSection = find(sections, kManifestSection);
  const SectionView *note = find(sections, kIdSection);
  if (!manifestSection || !note)
    return std::string("section '") + (manifestSection ? kIdSection : kManifestSection) +
           "' is missing";
  if (options.checkDigests && note->bytes != idNote(sha256(manifestSection->bytes)))
    return std::string("section '") + kManifestSection + "' is damaged: its digest is another one";
  Manifest manifest;
  RawLengths lengths;
  std::string error = readManifest(manifestSection->bytes, manifest, lengths);
  if (!error.empty())
    return std::string("section '") + kManifestSection + "': " + error;
  if (error = checkVersion(manifest); !error.empty())
    return error;
  if (error = checkSections(sections, manifest, options.checkDigests); !error.empty())
    return error;
  image = std::move(manifest.image);
  if (error = readRegions(sections, lengths, image); !error.empty())
    return error;
  return verifyImage(image);
}

std::string basalt::nc::imageId(std::string_view file) {
  std::vector<SectionView> sections;
  if (!readContainer(file, sections).empty())
    return "";
  const SectionView *manifest = find(sections, kManifestSection);
  return manifest ? sha256(manifest->bytes) : "";
}

//===-- Files
//------------------------------------------------------------------------------------===//

namespace {
/// A file in memory, read only.
class Mapping {
public:
  explicit Mapping(const std::string &path) {
    int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info = {};
    if (descriptor < 0 || ::fstat(descriptor, &info) != 0)
      fail(path, descriptor);
    if (!S_ISREG(info.st_mode)) {
      ::close(descriptor);
      throw basalt::rt::InputError("cannot read '" + path + "': it is no regular file");
    }
    size = size_t(info.st_size);
    data = size ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : nullptr;
    if (data == MAP_FAILED)
      fail(path, descriptor);
    ::close(descriptor);
  }
  Mapping(const Mapping &) = delete;
  Mapping &operator=(const Mapping &) = delete;
  ~Mapping() {
    if (data)
      ::munmap(data, size);
  }
  std::string_view bytes() const { return {static_cast<const char *>(data), size}; }

private:
  [[noreturn]] static void fail(const std::string &path, int descriptor) {
    int error = errno;
    if (descriptor >= 0)
      ::close(descriptor);
    basalt::rt::throwSystemError("cannot read '" + path + "'", error);
  }

  void *data = nullptr;
  size_t size = 0;
};
} // namespace

Image basalt::nc::readImageFile(const std::string &path) {
  Mapping file(path);
  Image image;
  if (std::string error = readImage(file.bytes(), image); !error.empty())
    throw rt::InputError("cannot read '" + path + "': " + error);
  return image;
}

void basalt::nc::writeImageFile(const std::string &path, const Image &image) {
  std::string bytes = imageBytes(image), name = path + ".XXXXXX";
  int descriptor = ::mkstemp(name.data());
  if (descriptor < 0)
    rt::throwSystemError("cannot write '" + path + "'", errno);
  rt::TemporaryFile temporary;
  temporary.adopt(name);
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t count = ::write(descriptor, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0) {
      int error = errno;
      ::close(descriptor);
      rt::throwSystemError("cannot write '" + path + "'", error);
    }
    done += size_t(count);
  }
  mode_t mask = ::umask(0);
  ::umask(mask);
  bool failed = ::fchmod(descriptor, 0666 & ~mask) != 0;
  failed |= ::close(descriptor) != 0;
  if (failed || ::rename(name.c_str(), path.c_str()) != 0)
    rt::throwSystemError("cannot write '" + path + "'", errno);
  temporary.release();
}
