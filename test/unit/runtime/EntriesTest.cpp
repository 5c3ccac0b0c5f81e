// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of sources and columns of targets that spike, against loops over all entries: sums, updates
// by kernels, and the index by target.
#include "runtime/native/Entries.h"
#include "runtime/native/TargetIndex.h"

#include <gtest/gtest.h>
#include <random>

using namespace basalt::rt;

namespace {

/// A random matrix of entries, some targets twice in a row.
struct Matrix {
  Matrix(int64_t targetCount, int64_t sourceCount, double density)
      : targetCount(targetCount), sourceCount(sourceCount) {
    std::bernoulli_distribution isThere(density);
    offsets.push_back(0);
    for (int64_t j = 0; j < sourceCount; ++j) {
      for (int64_t i = 0; i < targetCount; ++i)
        for (int copies = isThere(random) ? 1 + int(random() % 2) : 0; copies > 0; --copies) {
          targets.push_back(int32_t(i));
          sources.push_back(j);
        }
      offsets.push_back(int64_t(targets.size()));
    }
    for (size_t e = 0; e < targets.size(); ++e)
      entries.push_back(double(e % 91) + 0.25);
  }

  std::vector<uint8_t> spikes(int64_t size, double rate) {
    std::bernoulli_distribution spikes(rate);
    std::vector<uint8_t> result;
    for (int64_t i = 0; i < size; ++i)
      result.push_back(spikes(random));
    return result;
  }
  std::vector<double> numbers(int64_t size) {
    std::vector<double> result;
    for (int64_t i = 0; i < size; ++i)
      result.push_back(double(random() % 1000) / 8);
    return result;
  }

  std::mt19937 random{7};
  int64_t targetCount, sourceCount;
  std::vector<int64_t> offsets, sources;
  std::vector<int32_t> targets;
  std::vector<double> entries;
};

/// The index of a matrix, by way of the states of a program.
class Index {
public:
  explicit Index(const Matrix &matrix) : synapses{{matrix.targetCount, matrix.sourceCount}, 0, 1} {
    states[0].data = const_cast<int64_t *>(matrix.offsets.data());
    states[1].data = const_cast<int32_t *>(matrix.targets.data());
    stored = std::make_unique<StoredTargetIndex>(synapses, Table<StateInfo>{states, 2});
  }
  const TargetIndex &get() const { return stored->index(); }
  size_t bytes() const { return stored->bytes(); }

private:
  Synapses synapses;
  StateInfo states[2] = {};
  std::unique_ptr<StoredTargetIndex> stored;
};

// What a kernel of an update becomes: by source the elements of sources are scalars, by target
// those of targets.
double changed(double w, double e, double x, double y, double r) {
  return w * 0.5 + e + r * (x - y);
}
void bySource(size_t n, double *__restrict w, const double *__restrict e,
              const double *__restrict y, double x, double r) {
  for (size_t i = 0; i < n; ++i)
    w[i] = changed(w[i], e[i], x, y[i], r);
}
void byTarget(size_t n, double *__restrict w, const double *__restrict e,
              const double *__restrict x, double y, double r) {
  for (size_t i = 0; i < n; ++i)
    w[i] = changed(w[i], e[i], x[i], y, r);
}

/// Rows and columns from none to many pieces long, no spike to all.
class Entries : public testing::TestWithParam<std::tuple<double, double>> {};

TEST_P(Entries, AreUpdatedWhereThereAreSpikes) {
  auto [density, rate] = GetParam();
  Matrix matrix(150, 400, density);
  Index index(matrix);
  std::vector<double> expected = matrix.entries, others = matrix.numbers(int64_t(expected.size())),
                      x = matrix.numbers(400), y = matrix.numbers(150);
  const double r = 0.125;
  for (int step = 0; step < 3; ++step) {
    std::vector<uint8_t> pre = matrix.spikes(400, rate), post = matrix.spikes(150, rate);
    for (bool isByTarget : {false, true})
      for (size_t e = 0; e < expected.size(); ++e) {
        auto source = size_t(matrix.sources[e]), target = size_t(matrix.targets[e]);
        if (isByTarget ? post[target] : pre[source])
          expected[e] = changed(expected[e], others[e], x[source], y[target], r);
      }
    Updated<double> entries{matrix.entries.data()};
    // In two ranges, as threads would.
    for (size_t low : {0, 320})
      updateRows<bySource>(pre.data(), low, low ? 400 : 320, matrix.offsets.data(),
                           matrix.targets.data(), entries, OfEntry<double>{others.data()},
                           OfTarget<double>{y.data()}, OfSource<double>{x.data()}, r);
    for (size_t low : {0, 64})
      updateColumns<byTarget>(post.data(), low, low ? 150 : 64, index.get(), entries,
                              OfEntry<double>{others.data()}, OfSource<double>{x.data()},
                              OfTarget<double>{y.data()}, r);
    EXPECT_EQ(matrix.entries, expected);
  }
}

TEST_P(Entries, AreAddedWhereThereAreSpikes) {
  auto [density, rate] = GetParam();
  Matrix matrix(150, 400, density);
  std::vector<uint8_t> pre = matrix.spikes(400, rate);
  std::vector<double> sums = matrix.numbers(150), expected = sums;
  std::vector<int64_t> integerSums(150, INT64_MAX - 1), expectedIntegers = integerSums;
  std::vector<int8_t> integers;
  for (size_t e = 0; e < matrix.targets.size(); ++e) {
    integers.push_back(int8_t(e % 200));
    if (!pre[size_t(matrix.sources[e])])
      continue;
    expected[size_t(matrix.targets[e])] += matrix.entries[e];
    int64_t &sum = expectedIntegers[size_t(matrix.targets[e])];
    sum = add(sum, int64_t(integers[e])); // wraps
  }
  addRows<double, double>(sums.data(), matrix.entries.data(), matrix.offsets.data(),
                          matrix.targets.data(), pre.data(), 400);
  addRows<int64_t, int8_t>(integerSums.data(), integers.data(), matrix.offsets.data(),
                           matrix.targets.data(), pre.data(), 400);
  EXPECT_EQ(sums, expected);
  EXPECT_EQ(integerSums, expectedIntegers);
}

INSTANTIATE_TEST_SUITE_P(Of, Entries,
                         testing::Combine(testing::Values(0.0, 0.01, 0.2, 0.9),
                                          testing::Values(0.0, 0.02, 0.5, 1.0)));

TEST(TargetIndex, HasTheEntriesOfEachTargetInOrder) {
  Matrix matrix(40, 30, 0.3);
  Index index(matrix);
  const TargetIndex &view = index.get();
  size_t k = 0;
  for (uint32_t target = 0; target < 40; ++target) {
    EXPECT_EQ(view.offsets[target], k);
    for (size_t e = 0; e < matrix.targets.size(); ++e) {
      if (matrix.targets[e] != int32_t(target))
        continue;
      EXPECT_EQ(view.entries[k], e);
      EXPECT_EQ(view.sources[k], uint32_t(matrix.sources[e]));
      ++k;
    }
  }
  EXPECT_EQ(view.offsets[40], k);
  EXPECT_EQ(k, matrix.targets.size());
  EXPECT_GE(index.bytes(), 8 * k);
}

/// Entries behind the last offset do not exist: there is room for more than a rule made.
TEST(TargetIndex, LeavesOutWhatDoesNotExist) {
  Matrix matrix(10, 10, 0.5);
  size_t count = matrix.targets.size();
  matrix.targets.resize(count + 100, -1);
  Index index(matrix);
  EXPECT_EQ(index.get().offsets[10], count);
}

TEST(TargetIndex, OfNoEntries) {
  Matrix matrix(10, 10, 0);
  Index index(matrix);
  std::vector<uint8_t> all(10, 1);
  double nothing = 0;
  updateColumns<byTarget>(all.data(), 0, 10, index.get(), Updated<double>{&nothing},
                          OfEntry<double>{&nothing}, OfSource<double>{&nothing}, 1.0, 2.0);
  EXPECT_EQ(nothing, 0);
}

} // namespace
