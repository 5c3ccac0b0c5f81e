// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is done for the stored entries of those sources or targets that spike: sums of rows, and
// kernels that update weights. Part of Generated.h, so it stays light.
//
// A kernel is a function `(size_t n, T *entries, ..., scalars)` with a loop over n elements that
// vectorises; here it is given pieces of at most kPiece entries. What lies scattered is gathered
// before, and entries are put back behind it. Entries of a source lie side by side, so only what
// belongs to their targets is scattered; those of a target are far apart in memory, so they are
// asked for a piece ahead.
#ifndef BASALT_RUNTIME_NATIVE_ENTRIES_H
#define BASALT_RUNTIME_NATIVE_ENTRIES_H

#include "runtime/native/Arithmetic.h"

#include <cstddef>
#include <cstdint>

namespace basalt::rt {

/// Where the entries of each target are: those of target i have the places `entries[k]` and the
/// sources `sources[k]` with `offsets[i] <= k < offsets[i + 1]`, in order of places. Behind the
/// last one there are kPiece more, which may be read and mean nothing.
struct TargetIndex {
  const uint32_t *offsets, *entries, *sources;
};

namespace detail {

inline constexpr size_t kPiece = 128;

/// Calls `visit(list, count)` with the places of the spikes from `low` to before `high`, in order,
/// in lists of at most 256.
template <typename Visit>
inline void forSpikeLists(const uint8_t *spikes, size_t low, size_t high, Visit visit) {
  constexpr size_t kLongest = 256, kWord = 8;
  uint32_t list[kLongest];
  size_t count = 0, i = low;
  auto flush = [&](size_t room) {
    if (count + room > kLongest) {
      visit(static_cast<const uint32_t *>(list), count);
      count = 0;
    }
  };
  for (; i + kWord <= high; i += kWord) { // most words are zero
    uint64_t word;
    __builtin_memcpy(&word, spikes + i, kWord);
    if (word == 0)
      continue;
    flush(kWord);
    for (size_t k = 0; k < kWord; ++k) {
      list[count] = uint32_t(i + k);
      count += spikes[i + k] != 0;
    }
  }
  for (; i < high; ++i) {
    if (!spikes[i])
      continue;
    flush(1);
    list[count++] = uint32_t(i);
  }
  if (count)
    visit(static_cast<const uint32_t *>(list), count);
}

inline constexpr size_t kLine = 64;

inline float plus(float a, float b) { return a + b; }
inline double plus(double a, double b) { return a + b; }
inline int64_t plus(int64_t a, int64_t b) { return add(a, b); }

/// Asks for rows some way ahead of the one that is worked on: where a row begins is what the
/// processor does not foresee.
template <typename Entry> class RowsAhead {
public:
  RowsAhead(const uint32_t *list, size_t count, const int64_t *offsets, const Entry *entries,
            const int32_t *targets)
      : next(list), end(list + count), offsets(offsets), entries(entries), targets(targets) {}

  /// To be called before each row of the list, with its number of entries.
  void advance(size_t size) {
    constexpr size_t kAhead = 1024; // entries
    for (; next != end && asked < kAhead + size; ++next) {
      size_t first = size_t(offsets[*next]), count = size_t(offsets[*next + 1]) - first;
      ask(reinterpret_cast<const char *>(entries + first), count * sizeof(Entry));
      ask(reinterpret_cast<const char *>(targets + first), count * sizeof(int32_t));
      asked += count;
    }
    asked -= size;
  }

private:
  static void ask(const char *memory, size_t bytes) {
    constexpr size_t kLongest = 2048; // what follows, the processor foresees
    for (size_t at = 0; at < bytes && at < kLongest; at += kLine)
      __builtin_prefetch(memory + at);
  }

  const uint32_t *next, *end;
  const int64_t *offsets;
  const Entry *entries;
  const int32_t *targets;
  size_t asked = 0;
};

} // namespace detail

//===-- Sums of rows
//------------------------------------------------------------------------------===//

/// Adds to the sum of each target the entries of the sources that spike, in order of sources, then
/// of entries. Integers are widened and wrap.
template <typename Sum, typename Entry>
inline void addRows(Sum *__restrict sums, const Entry *__restrict entries,
                    const int64_t *__restrict offsets, const int32_t *__restrict targets,
                    const uint8_t *__restrict spikes, size_t sources) {
  detail::forSpikeLists(spikes, 0, sources, [=](const uint32_t *list, size_t count) {
    detail::RowsAhead<Entry> ahead(list, count, offsets, entries, targets);
    for (size_t i = 0; i < count; ++i) {
      size_t first = size_t(offsets[list[i]]), end = size_t(offsets[list[i] + 1]);
      ahead.advance(end - first);
      for (size_t e = first; e < end; ++e) {
        Sum &sum = sums[targets[e]];
        sum = detail::plus(sum, Sum(entries[e]));
      }
    }
  });
}

//===-- Operands of kernels
//-----------------------------------------------------------------------===//
// Which element of an operand belongs to an entry. What is neither of these is the same for all.

/// The entries that are updated.
template <typename T> struct Updated {
  T *data;
};
/// An element for each entry, source or target.
template <typename T> struct OfEntry {
  const T *data;
};
template <typename T> struct OfSource {
  const T *data;
};
template <typename T> struct OfTarget {
  const T *data;
};

namespace detail {

/// A piece of a row.
struct RowPiece {
  size_t first, count; // places of entries
  const int32_t *targets;
  size_t source;
};

/// What a kernel is given of an operand in a piece of a row. It is made before the kernel runs and
/// destroyed behind it.
template <typename T> struct InRow {
  InRow(T value, const RowPiece &) : value(value) {}
  T get() const { return value; }
  T value;
};
template <typename T> struct InRow<Updated<T>> {
  InRow(Updated<T> operand, const RowPiece &piece) : first(operand.data + piece.first) {}
  T *get() const { return first; }
  T *first;
};
template <typename T> struct InRow<OfEntry<T>> {
  InRow(OfEntry<T> operand, const RowPiece &piece) : first(operand.data + piece.first) {}
  const T *get() const { return first; }
  const T *first;
};
template <typename T> struct InRow<OfSource<T>> {
  InRow(OfSource<T> operand, const RowPiece &piece) : value(operand.data[piece.source]) {}
  T get() const { return value; }
  T value;
};
template <typename T> struct InRow<OfTarget<T>> {
  InRow(OfTarget<T> operand, const RowPiece &piece) {
    const int32_t *targets = piece.targets + piece.first;
    for (size_t i = 0; i < piece.count; ++i)
      gathered[i] = operand.data[targets[i]];
  }
  const T *get() const { return gathered; }
  alignas(kLine) T gathered[kPiece];
};

/// A piece of a column; `ahead` are the places of entries that come next, as many.
struct ColumnPiece {
  const uint32_t *entries, *sources, *ahead;
  size_t count, target;
};

/// The same for a piece of a column.
template <typename T> struct InColumn {
  InColumn(T value, const ColumnPiece &) : value(value) {}
  T get() const { return value; }
  T value;
};
template <typename T> struct InColumn<Updated<T>> {
  InColumn(Updated<T> operand, const ColumnPiece &given) : data(operand.data), piece(given) {
    for (size_t i = 0; i < piece.count; ++i) {
      gathered[i] = data[piece.entries[i]];
      __builtin_prefetch(data + piece.ahead[i], 1);
    }
  }
  ~InColumn() {
    for (size_t i = 0; i < piece.count; ++i)
      data[piece.entries[i]] = gathered[i];
  }
  T *get() { return gathered; }
  T *data;
  const ColumnPiece &piece;
  alignas(kLine) T gathered[kPiece];
};
template <typename T> struct InColumn<OfEntry<T>> {
  InColumn(OfEntry<T> operand, const ColumnPiece &piece) {
    for (size_t i = 0; i < piece.count; ++i) {
      gathered[i] = operand.data[piece.entries[i]];
      __builtin_prefetch(operand.data + piece.ahead[i]);
    }
  }
  const T *get() const { return gathered; }
  alignas(kLine) T gathered[kPiece];
};
template <typename T> struct InColumn<OfSource<T>> {
  InColumn(OfSource<T> operand, const ColumnPiece &piece) {
    for (size_t i = 0; i < piece.count; ++i)
      gathered[i] = operand.data[piece.sources[i]];
  }
  const T *get() const { return gathered; }
  alignas(kLine) T gathered[kPiece];
};
template <typename T> struct InColumn<OfTarget<T>> {
  InColumn(OfTarget<T> operand, const ColumnPiece &piece) : value(operand.data[piece.target]) {}
  T get() const { return value; }
  T value;
};

/// The operands live until the kernel has returned.
template <auto kernel, typename... Operands>
inline void applyKernel(size_t count, Operands &&...operands) {
  kernel(count, operands.get()...);
}

} // namespace detail

//===-- Updates
//----------------------------------------------------------------------------------===//

/// Applies `kernel` to the entries of the sources from `low` to before `high` that spike.
template <auto kernel, typename T, typename... Operands>
inline void updateRows(const uint8_t *spikes, size_t low, size_t high, const int64_t *offsets,
                       const int32_t *targets, Updated<T> updated, Operands... operands) {
  using namespace detail;
  forSpikeLists(spikes, low, high, [=](const uint32_t *list, size_t count) {
    RowsAhead<T> ahead(list, count, offsets, updated.data, targets);
    for (size_t i = 0; i < count; ++i) {
      size_t first = size_t(offsets[list[i]]), end = size_t(offsets[list[i] + 1]);
      ahead.advance(end - first);
      for (; first < end; first += kPiece) {
        RowPiece piece{first, end - first < kPiece ? end - first : kPiece, targets, list[i]};
        applyKernel<kernel>(piece.count, InRow<Updated<T>>(updated, piece),
                            InRow<Operands>(operands, piece)...);
      }
    }
  });
}

/// Applies `kernel` to the entries of the targets from `low` to before `high` that spike.
template <auto kernel, typename T, typename... Operands>
inline void updateColumns(const uint8_t *spikes, size_t low, size_t high, const TargetIndex &index,
                          Updated<T> updated, Operands... operands) {
  using namespace detail;
  forSpikeLists(spikes, low, high, [=, &index](const uint32_t *list, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      size_t first = index.offsets[list[i]], end = index.offsets[list[i] + 1];
      const uint32_t *next = index.entries + (i + 1 < count ? index.offsets[list[i + 1]] : end);
      for (; first < end; first += kPiece) {
        bool isLast = end - first <= kPiece;
        ColumnPiece piece{index.entries + first, index.sources + first,
                          isLast ? next : index.entries + first + kPiece,
                          isLast ? end - first : kPiece, list[i]};
        applyKernel<kernel>(piece.count, InColumn<Updated<T>>(updated, piece),
                            InColumn<Operands>(operands, piece)...);
      }
    }
  });
}

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_ENTRIES_H
