// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FlatBuffers made from the list of fields, without generated code. The default of each field is 0.
#include "runtime/neurocore/Manifest.h"

#include <cstring>
#include <flatbuffers/flatbuffers.h>

using namespace basalt::nc;
namespace fb = flatbuffers;

/// The type in the file of a number, a truth value or an enumeration.
template <typename T, bool = std::is_enum_v<T>> struct StoredType {
  using Type = T;
};
template <> struct StoredType<bool, false> {
  using Type = uint8_t;
};
template <typename T> struct StoredType<T, true> {
  using Type = std::underlying_type_t<T>;
};

template <typename T>
static constexpr bool kIsScalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

static fb::voffset_t offsetOfField(unsigned index) {
  return fb::FieldIndexToOffset(fb::voffset_t(index));
}

//===-- Writing
//----------------------------------------------------------------------------------===//

namespace {
class Writer {
public:
  fb::FlatBufferBuilder builder{1 << 16};

  template <typename S> fb::Offset<fb::Table> table(const S &s);
  template <typename T> fb::uoffset_t child(const T &field);
};

/// Makes what a table refers to: it must be there before the table.
struct ChildMaker {
  Writer &writer;
  std::vector<fb::uoffset_t> offsets;

  template <typename T> void operator()(const char *, const T &field) {
    offsets.push_back(writer.child(field));
  }
  template <typename T> void raw(const char *, const T &, Region) { offsets.push_back(0); }
};

struct FieldAdder {
  Writer &writer;
  const std::vector<fb::uoffset_t> &offsets;
  unsigned index = 0;

  template <typename T> void operator()(const char *, const T &field) {
    fb::voffset_t place = offsetOfField(index);
    if constexpr (kIsScalar<T>) {
      using U = typename StoredType<T>::Type;
      writer.builder.AddElement(place, U(field), U(0));
    } else {
      writer.builder.AddOffset(place, fb::Offset<void>(offsets[index]));
    }
    ++index;
  }
  template <typename T> void raw(const char *, const T &field, Region) {
    writer.builder.AddElement(offsetOfField(index++), rawLength(field), uint32_t(0));
  }
};
} // namespace

template <typename S> fb::Offset<fb::Table> Writer::table(const S &s) {
  ChildMaker children{*this, {}};
  Fields<S>::visit(s, children);
  fb::uoffset_t start = builder.StartTable();
  FieldAdder adder{*this, children.offsets};
  Fields<S>::visit(s, adder);
  return fb::Offset<fb::Table>(builder.EndTable(start));
}

/// The offset of a string, a vector or a table; 0 for what stands in the table itself, or is empty.
template <typename T> fb::uoffset_t Writer::child(const T &field) {
  if constexpr (kIsScalar<T>) {
    return 0;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return field.empty() ? 0 : builder.CreateString(field).o;
  } else if constexpr (IsTable<T>::value) {
    return table(field).o;
  } else {
    using Item = typename IsVector<T>::Item;
    if (field.empty())
      return 0;
    if constexpr (kIsScalar<Item>) {
      return builder.CreateVector(field).o;
    } else if constexpr (std::is_same_v<Item, std::string>) {
      return builder.CreateVectorOfStrings(field).o;
    } else {
      std::vector<fb::Offset<fb::Table>> items;
      for (const Item &item : field)
        items.push_back(table(item));
      return builder.CreateVector(items).o;
    }
  }
}

std::string basalt::nc::writeManifest(const Manifest &manifest) {
  Writer writer;
  writer.builder.Finish(writer.table(manifest), kManifestId);
  return {reinterpret_cast<const char *>(writer.builder.GetBufferPointer()),
          writer.builder.GetSize()};
}

//===-- Reading
//----------------------------------------------------------------------------------===//

namespace {
/// A table in a buffer that holds an S.
template <typename S> class TableView : private fb::Table {
public:
  bool Verify(fb::Verifier &verifier) const; // the name that fb::Verifier looks for
  template <typename T> T number(unsigned index) const {
    return GetField<T>(offsetOfField(index), T(0));
  }
  template <typename T> const T *pointer(unsigned index) const {
    return GetPointer<const T *>(offsetOfField(index));
  }
  const fb::Table &table() const { return *this; }
};

using Strings = fb::Vector<fb::Offset<fb::String>>;
template <typename S> using Tables = fb::Vector<fb::Offset<TableView<S>>>;

/// Whether a buffer has the form that the fields say.
struct FieldVerifier {
  const fb::Table &table;
  fb::Verifier &verifier;
  bool ok = true;
  unsigned index = 0;

  template <typename T> void operator()(const char *, const T &) {
    fb::voffset_t place = offsetOfField(index++);
    ok = ok && check(place, static_cast<const T *>(nullptr));
  }
  template <typename T> void raw(const char *, const T &, Region) {
    ok = ok && table.VerifyField<uint32_t>(verifier, offsetOfField(index++), 4);
  }

private:
  template <typename T> bool check(fb::voffset_t place, const T *);
};

/// Fills tables, within limits: parts of a buffer can refer to the same bytes again and again.
class Reader {
public:
  explicit Reader(size_t budget, RawLengths &lengths) : budget(budget), lengths(lengths) {}

  template <typename S> void fill(S &s, const TableView<S> &view);
  template <typename T, typename S>
  void read(T &field, const TableView<S> &view, unsigned index, const char *name);
  void addLength(uint32_t length) {
    spend(sizeof(length));
    lengths.push_back(length);
  }

  std::string error;

private:
  bool spend(size_t bytes) {
    if (bytes > budget && error.empty())
      error = "its tables are larger than it is";
    budget = bytes > budget ? 0 : budget - bytes;
    return error.empty();
  }

  size_t budget;
  RawLengths &lengths;
};

/// A table that is absent has empty vectors, of which the lengths count, too.
struct AbsentTable {
  Reader &reader;

  template <typename T> void operator()(const char *, const T &field) {
    if constexpr (IsTable<T>::value)
      Fields<T>::visit(field, *this);
  }
  template <typename T> void raw(const char *, const T &, Region) { reader.addLength(0); }
};

template <typename S> struct FieldReader {
  Reader &reader;
  const TableView<S> &view;
  unsigned index = 0;

  template <typename T> void operator()(const char *name, T &field) {
    reader.read(field, view, index++, name);
  }
  template <typename T> void raw(const char *, T &, Region) {
    reader.addLength(view.template number<uint32_t>(index++));
  }
};
} // namespace

template <typename T> bool FieldVerifier::check(fb::voffset_t place, const T *) {
  if constexpr (kIsScalar<T>) {
    return table.VerifyField<typename StoredType<T>::Type>(verifier, place, sizeof(T));
  } else {
    if (!table.VerifyOffset(verifier, place))
      return false;
    if constexpr (std::is_same_v<T, std::string>) {
      return verifier.VerifyString(table.GetPointer<const fb::String *>(place));
    } else if constexpr (IsTable<T>::value) {
      return verifier.VerifyTable(table.GetPointer<const TableView<T> *>(place));
    } else {
      using Item = typename IsVector<T>::Item;
      if constexpr (kIsScalar<Item>) {
        return verifier.VerifyVector(table.GetPointer<const fb::Vector<Item> *>(place));
      } else if constexpr (std::is_same_v<Item, std::string>) {
        const auto *vector = table.GetPointer<const Strings *>(place);
        return verifier.VerifyVector(vector) && verifier.VerifyVectorOfStrings(vector);
      } else {
        const auto *vector = table.GetPointer<const Tables<Item> *>(place);
        return verifier.VerifyVector(vector) && verifier.VerifyVectorOfTables(vector);
      }
    }
  }
}

template <typename S> bool TableView<S>::Verify(fb::Verifier &verifier) const {
  if (!VerifyTableStart(verifier))
    return false;
  FieldVerifier fields{*this, verifier};
  const S prototype{}; // only its types are looked at
  Fields<S>::visit(prototype, fields);
  return fields.ok && verifier.EndTable();
}

template <typename S> void Reader::fill(S &s, const TableView<S> &view) {
  FieldReader<S> fields{*this, view};
  Fields<S>::visit(s, fields);
}

template <typename T, typename S>
void Reader::read(T &field, const TableView<S> &view, unsigned index, const char *name) {
  if constexpr (kIsScalar<T>) {
    auto value = view.template number<typename StoredType<T>::Type>(index);
    if constexpr (std::is_enum_v<T>)
      if (value >= countOf(T()) && error.empty())
        error = std::string(Fields<S>::name) + "." + name + " is " + std::to_string(value) +
                ", expected less than " + std::to_string(countOf(T()));
    field = T(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    const auto *text = view.template pointer<fb::String>(index);
    if (text && spend(text->size()))
      field.assign(text->c_str(), text->size());
  } else if constexpr (IsTable<T>::value) {
    AbsentTable absent{*this};
    if (const auto *table = view.template pointer<TableView<T>>(index))
      fill(field, *table);
    else
      Fields<T>::visit(std::as_const(field), absent);
  } else {
    using Item = typename IsVector<T>::Item;
    if constexpr (kIsScalar<Item>) {
      const auto *vector = view.template pointer<fb::Vector<Item>>(index);
      if (vector && spend(vector->size() * sizeof(Item)))
        field.assign(vector->begin(), vector->end());
    } else if constexpr (std::is_same_v<Item, std::string>) {
      const auto *vector = view.template pointer<Strings>(index);
      if (vector && spend(vector->size() * sizeof(std::string)))
        for (const fb::String *text : *vector)
          if (spend(text->size()))
            field.emplace_back(text->c_str(), text->size());
    } else {
      const auto *vector = view.template pointer<Tables<Item>>(index);
      if (!vector || !spend(vector->size() * sizeof(Item)))
        return;
      field.resize(vector->size());
      for (fb::uoffset_t i = 0; i < vector->size() && error.empty(); ++i)
        fill(field[i], *vector->Get(i));
    }
  }
}

std::string basalt::nc::readManifest(std::string_view bytes, Manifest &manifest,
                                     RawLengths &lengths) {
  if (bytes.size() < 8 || bytes.size() >= FLATBUFFERS_MAX_BUFFER_SIZE)
    return "it has " + std::to_string(bytes.size()) + " bytes, expected 8 to 2147483646";
  // Numbers are read where they stand, so they must be aligned.
  std::vector<uint64_t> aligned((bytes.size() + 7) / 8);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto *data = reinterpret_cast<const uint8_t *>(aligned.data());
  fb::Verifier::Options options;
  options.max_tables = fb::uoffset_t(bytes.size() / 4);
  fb::Verifier verifier(data, bytes.size(), options);
  if (!verifier.VerifyBuffer<TableView<Manifest>>(kManifestId))
    return "it is no FlatBuffer of its schema";
  // Tables in memory are larger than in the file, in real images two or three times.
  Reader reader(bytes.size() * 32 + 65536, lengths);
  reader.fill(manifest, *fb::GetRoot<TableView<Manifest>>(data));
  return reader.error;
}
