// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memories into sections and back.
#include "runtime/neurocore/Regions.h"

#include <algorithm>
#include <cstring>
#include <map>

using namespace basalt::nc;

static_assert(sizeof(InAxon) == 16 && sizeof(OutAxon) == 20, "records are stored as they are");

std::string basalt::nc::sectionName(Region region, unsigned number) {
  static const char *const kNames[] = {"prog", "ecpu", "syn", "state", "axin", "axout"};
  std::string name = kNames[unsigned(region)];
  if (region == Region::Programs)
    return ".nc." + name;
  if (region == Region::Embedded)
    return ".nc." + name + std::to_string(number);
  return ".nc." + std::to_string(number) + "." + name;
}

/// 0 to 3: the bytes of the narrowest integer that holds each value are two to this power.
static unsigned widthOf(const std::vector<int64_t> &values) {
  unsigned width = 0;
  for (int64_t value : values)
    while (width < 3 && (value >> ((8 << width) - 1)) != value >> 63)
      ++width;
  return width;
}

uint32_t basalt::nc::rawLength(const std::vector<int64_t> &values) {
  return uint32_t(values.size()) * 4 + widthOf(values);
}

namespace {
/// Walks over an image and says of each raw vector where it belongs.
template <typename Derived> class RegionVisitor {
public:
  template <typename T> void operator()(const char *, T &field) {
    using Plain = std::remove_const_t<T>;
    if constexpr (IsTable<Plain>::value) {
      enter(field);
    } else if constexpr (IsVector<Plain>::value) {
      if constexpr (IsTable<typename IsVector<Plain>::Item>::value)
        for (auto &item : field)
          enter(item);
    }
  }
  template <typename T> void raw(const char *, T &vector, Region region) {
    unsigned number = region == Region::Programs   ? 0
                      : region == Region::Embedded ? embedded++
                                                   : chip;
    static_cast<Derived *>(this)->vector(vector, {region, number});
  }

private:
  friend Derived;
  RegionVisitor() = default;

  template <typename T> void enter(T &table) {
    if constexpr (std::is_same_v<std::remove_const_t<T>, Core>)
      chip = table.chip;
    Fields<std::remove_const_t<T>>::visit(table, *this);
  }

  unsigned chip = 0, embedded = 0;
};

using RegionKey = std::pair<Region, unsigned>;

class RegionWriter : public RegionVisitor<RegionWriter> {
public:
  std::map<RegionKey, std::string> regions;

  template <typename T> void vector(const std::vector<T> &values, RegionKey key) {
    if (!values.empty())
      regions[key].append(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  }
  void vector(const std::vector<int64_t> &values, RegionKey key) {
    size_t bytes = size_t(1) << widthOf(values);
    for (int64_t value : values) // the low bytes come first
      regions[key].append(reinterpret_cast<const char *>(&value), bytes);
  }
};

class RegionReader : public RegionVisitor<RegionReader> {
public:
  RegionReader(std::map<RegionKey, std::string_view> regions, const RawLengths &lengths)
      : regions(std::move(regions)), lengths(lengths) {}

  template <typename T> void vector(std::vector<T> &values, RegionKey key) {
    uint32_t length = lengths[at++];
    if (std::string_view bytes; take(key, uint64_t(length) * sizeof(T), bytes)) {
      values.resize(length);
      if (length > 0)
        std::memcpy(values.data(), bytes.data(), bytes.size());
    }
  }
  void vector(std::vector<int64_t> &values, RegionKey key) {
    uint32_t length = lengths[at++];
    unsigned bytesOfEach = 1u << (length & 3);
    length >>= 2;
    std::string_view bytes;
    if (!take(key, uint64_t(length) * bytesOfEach, bytes))
      return;
    values.resize(length);
    for (size_t i = 0; i < length; ++i) {
      uint64_t value = 0;
      std::memcpy(&value, bytes.data() + i * bytesOfEach, bytesOfEach);
      unsigned unused = 64 - 8 * bytesOfEach;
      values[i] = int64_t(value << unused) >> unused;
    }
  }

  std::string finish();

private:
  bool take(RegionKey key, uint64_t size, std::string_view &bytes);

  std::map<RegionKey, std::string_view> regions;
  const RawLengths &lengths;
  size_t at = 0;
  std::string error;
};
} // namespace

bool RegionReader::take(RegionKey key, uint64_t size, std::string_view &bytes) {
  std::string_view &rest = regions[key];
  if (size > rest.size() && error.empty())
    error = "section '" + sectionName(key.first, key.second) + "': " + std::to_string(size) +
            " bytes are needed where " + std::to_string(rest.size()) + " are left";
  if (!error.empty())
    return false;
  bytes = rest.substr(0, size);
  rest.remove_prefix(size);
  return true;
}

std::string RegionReader::finish() {
  for (const auto &[key, rest] : regions)
    if (!rest.empty() && error.empty())
      error = "section '" + sectionName(key.first, key.second) +
              "': " + std::to_string(rest.size()) + " bytes are left over";
  return error;
}

static SectionType typeOf(Region region) {
  switch (region) {
  case Region::Programs:
  case Region::Synapses:
    return SectionType::Words;
  case Region::State:
    return SectionType::Values;
  case Region::Embedded:
    return SectionType::Object;
  case Region::InAxons:
  case Region::OutAxons:
    return SectionType::Records;
  }
  return SectionType::Words;
}

static uint32_t entrySizeOf(Region region) {
  switch (region) {
  case Region::Programs:
    return 4;
  case Region::Synapses:
    return 8;
  case Region::InAxons:
    return sizeof(InAxon);
  case Region::OutAxons:
    return sizeof(OutAxon);
  default:
    return 0;
  }
}

std::vector<Section> basalt::nc::makeRegions(const Image &image) {
  RegionWriter writer;
  Fields<Image>::visit(image, writer);
  std::vector<Section> sections;
  for (auto &[key, bytes] : writer.regions)
    sections.push_back({sectionName(key.first, key.second), typeOf(key.first),
                        entrySizeOf(key.first), std::move(bytes)});
  return sections;
}

std::string basalt::nc::readRegions(const std::vector<SectionView> &sections,
                                    const RawLengths &lengths, Image &image) {
  std::map<std::string_view, std::string_view> byName;
  for (const SectionView &section : sections)
    byName[section.name] = section.bytes;
  std::map<RegionKey, std::string_view> regions;
  auto add = [&](Region region, unsigned number) {
    auto found = byName.find(sectionName(region, number));
    if (found != byName.end())
      regions[{region, number}] = found->second;
  };
  add(Region::Programs, 0);
  for (unsigned i = 0; i < image.embedded.size() && i < sections.size(); ++i)
    add(Region::Embedded, i);
  unsigned last = ~0u;
  for (const Core &core : image.cores) {
    if (core.chip == last)
      continue;
    last = core.chip;
    for (Region region : {Region::Synapses, Region::State, Region::InAxons, Region::OutAxons})
      add(region, core.chip);
  }
  RegionReader reader(std::move(regions), lengths);
  Fields<Image>::visit(image, reader);
  return reader.finish();
}
