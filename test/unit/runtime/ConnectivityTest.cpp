// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules of connectivity: counts, degrees and their distributions, and that any range of targets has
// the synapses that it has in the whole.
#include "runtime/native/Connectivity.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <ostream>
#include <set>
#include <tuple>

using namespace basalt::rt;

namespace {
struct Synapse {
  int64_t source, target;
  uint64_t id;

  auto tied() const { return std::tie(source, id, target); }
  bool operator<(const Synapse &other) const { return tied() < other.tied(); }
  bool operator==(const Synapse &other) const { return tied() == other.tied(); }
};

std::ostream &operator<<(std::ostream &out, const Synapse &synapse) {
  return out << synapse.source << " to " << synapse.target << " (" << synapse.id << ")";
}

using Network = std::vector<Synapse>;
} // namespace

static const RandomKey kKey = ruleKey(3, 14);

static Network realise(const Rule &rule, RandomKey key = kKey, int64_t low = 0, int64_t high = -1) {
  Network result;
  forEachSynapse(
      rule, key, low, high < 0 ? rule.targets : high,
      [&](int64_t source, int64_t target, uint64_t id) { result.push_back({source, target, id}); });
  return result;
}

static Rule make(RuleKind kind, int64_t targets, int64_t sources, int64_t number = 0,
                 double probability = 0, bool autapses = true, bool multapses = true) {
  return {kind, autapses, multapses, targets, sources, number, probability};
}

/// Each rule in each way, with extents that are not round.
static std::vector<Rule> allRules(int64_t targets, int64_t sources) {
  std::vector<Rule> result;
  for (bool autapses : {true, false})
    for (bool multapses : {true, false}) {
      if (!autapses && (targets != sources || targets == 1))
        continue;
      auto add = [&](RuleKind kind, int64_t number, double probability) {
        result.push_back(make(kind, targets, sources, number, probability, autapses, multapses));
      };
      add(RuleKind::AllToAll, 0, 0);
      if (targets == sources)
        add(RuleKind::OneToOne, 0, 0);
      for (double p : {0.0, 0.01, 0.3, 1.0})
        add(RuleKind::PairwiseBernoulli, 0, p);
      int64_t places = targets * (sources - !autapses);
      for (int64_t total : {int64_t(0), int64_t(1), places / 20, places / 2, places})
        add(RuleKind::FixedTotalNumber, total, 0);
      for (int64_t degree : {int64_t(0), int64_t(1), sources / 10, sources / 2 + 1, sources - 1})
        add(RuleKind::FixedIndegree, degree, 0);
      for (int64_t degree : {int64_t(0), int64_t(1), targets / 10, targets / 2 + 1, targets - 1})
        add(RuleKind::FixedOutdegree, degree, 0);
    }
  return result;
}

static std::string describe(const Rule &rule) {
  return "rule " + std::to_string(int(rule.kind)) + ", " + std::to_string(rule.targets) + " x " +
         std::to_string(rule.sources) + ", number " + std::to_string(rule.number) + ", p " +
         std::to_string(rule.probability) + (rule.autapses ? "" : ", no autapses") +
         (rule.multapses ? "" : ", no multapses");
}

template <typename Check> static void forAllRules(Check check) {
  for (auto [targets, sources] : {std::pair(1, 1), {7, 7}, {67, 67}, {130, 41}, {33, 700}})
    for (const Rule &rule : allRules(targets, sources)) {
      SCOPED_TRACE(describe(rule));
      check(rule);
    }
}

//===--- What every rule promises ---===//

TEST(Connectivity, rangesHaveWhatTheyHaveInTheWhole) {
  forAllRules([](const Rule &rule) {
    Network whole = realise(rule);
    std::sort(whole.begin(), whole.end());
    for (int64_t part : {int64_t(1), int64_t(3), int64_t(32), rule.targets - 1}) {
      if (part <= 0)
        continue;
      Network joined;
      for (int64_t low = 0; low < rule.targets; low += part) {
        int64_t high = std::min(low + part, rule.targets);
        for (const Synapse &synapse : realise(rule, kKey, low, high)) {
          EXPECT_TRUE(low <= synapse.target && synapse.target < high);
          joined.push_back(synapse);
        }
      }
      std::sort(joined.begin(), joined.end());
      ASSERT_EQ(joined, whole);
    }
    EXPECT_TRUE(realise(rule, kKey, 0, 0).empty());
  });
}

TEST(Connectivity, countsAndPlacesAreAsTheRuleSays) {
  forAllRules([](const Rule &rule) {
    Network network = realise(rule);
    if (hasExactCount(rule))
      EXPECT_EQ(int64_t(network.size()), synapseCapacity(rule));
    else
      EXPECT_LE(int64_t(network.size()), synapseCapacity(rule));
    std::set<std::pair<int64_t, int64_t>> places;
    std::set<uint64_t> ids;
    for (const Synapse &synapse : network) {
      EXPECT_TRUE(0 <= synapse.source && synapse.source < rule.sources);
      EXPECT_TRUE(0 <= synapse.target && synapse.target < rule.targets);
      EXPECT_TRUE(rule.autapses || synapse.source != synapse.target);
      EXPECT_TRUE(ids.insert(synapse.id).second);
      bool isFirst = places.insert({synapse.source, synapse.target}).second;
      EXPECT_TRUE(rule.multapses || isFirst);
    }
  });
}

TEST(Connectivity, synapsesOfASourceComeWithIncreasingIds) {
  forAllRules([](const Rule &rule) {
    std::map<int64_t, uint64_t> last;
    for (const Synapse &synapse : realise(rule)) {
      auto [it, isFirst] = last.try_emplace(synapse.source, synapse.id);
      EXPECT_TRUE(isFirst || it->second < synapse.id);
      it->second = synapse.id;
    }
  });
}

TEST(Connectivity, degreesAreAsTheRuleSays) {
  forAllRules([](const Rule &rule) {
    std::vector<int64_t> in(size_t(rule.targets)), out(size_t(rule.sources));
    for (const Synapse &synapse : realise(rule)) {
      ++in[size_t(synapse.target)];
      ++out[size_t(synapse.source)];
    }
    if (rule.kind == RuleKind::FixedIndegree)
      EXPECT_EQ(in, std::vector<int64_t>(in.size(), rule.number));
    if (rule.kind == RuleKind::FixedOutdegree)
      EXPECT_EQ(out, std::vector<int64_t>(out.size(), rule.number));
    if (rule.kind == RuleKind::OneToOne)
      EXPECT_EQ(in, std::vector<int64_t>(in.size(), rule.autapses));
  });
}

TEST(Connectivity, otherSeedsAndVarsGiveOtherNetworks) {
  Rule rule = make(RuleKind::FixedIndegree, 20, 50, 10);
  EXPECT_EQ(realise(rule, ruleKey(1, 2)), realise(rule, ruleKey(1, 2)));
  EXPECT_FALSE(realise(rule, ruleKey(1, 2)) == realise(rule, ruleKey(2, 2)));
  EXPECT_FALSE(realise(rule, ruleKey(1, 2)) == realise(rule, ruleKey(1, 3)));
}

/// A change of these changes everybody's networks.
TEST(Connectivity, networksStayWhatTheyAre) {
  auto first = [](const Rule &rule) {
    Network network = realise(rule);
    std::sort(network.begin(), network.end());
    return network.at(3);
  };
  EXPECT_EQ(first(make(RuleKind::PairwiseBernoulli, 30, 40, 0, 0.1)), (Synapse{2, 22, 882}));
  EXPECT_EQ(first(make(RuleKind::FixedTotalNumber, 30, 40, 100)), (Synapse{2, 13, 49}));
  EXPECT_EQ(first(make(RuleKind::FixedTotalNumber, 30, 40, 100, 0, true, false)),
            (Synapse{2, 27, 1082}));
  EXPECT_EQ(first(make(RuleKind::FixedIndegree, 30, 40, 10)), (Synapse{0, 17, 171}));
  EXPECT_EQ(first(make(RuleKind::FixedIndegree, 30, 40, 10, 0, true, false)),
            (Synapse{0, 21, 840}));
  EXPECT_EQ(first(make(RuleKind::FixedIndegree, 30, 40, 30, 0, true, false)), (Synapse{0, 5, 200}));
  EXPECT_EQ(first(make(RuleKind::FixedOutdegree, 30, 40, 10)), (Synapse{0, 16, 3}));
  EXPECT_EQ(first(make(RuleKind::FixedOutdegree, 30, 40, 10, 0, true, false)),
            (Synapse{0, 12, 480}));
}

//===--- Distributions ---===//

namespace {
/// Squared deviations of counts from what is expected, each relative to the expectation.
class ChiSquare {
public:
  void add(double count, double expected) {
    sum += (count - expected) * (count - expected) / expected;
    ++cells;
  }
  /// Deviations above or below what chance gives, in standard deviations.
  double excess() const { return (sum - cells) / std::sqrt(2 * cells); }

private:
  double sum = 0, cells = 0;
};
} // namespace

/// Where synapses may be, each place is as likely as any other.
TEST(Connectivity, placesAreEquallyLikely) {
  constexpr int64_t kRepetitions = 400;
  for (bool isSquare : {true, false})
    for (const Rule &rule : allRules(isSquare ? 23 : 19, isSquare ? 23 : 40)) {
      SCOPED_TRACE(describe(rule));
      std::vector<double> counts(size_t(rule.targets * rule.sources));
      double total = 0;
      for (int64_t seed = 0; seed < kRepetitions; ++seed)
        for (const Synapse &synapse : realise(rule, ruleKey(uint64_t(seed), 1))) {
          ++counts[size_t(synapse.target * rule.sources + synapse.source)];
          ++total;
        }
      if (total < 20 * double(placesOf(rule)) || rule.kind == RuleKind::OneToOne)
        continue;
      ChiSquare chi;
      for (int64_t target = 0; target < rule.targets; ++target)
        for (int64_t source = 0; source < rule.sources; ++source)
          if (rule.autapses || source != target)
            chi.add(counts[size_t(target * rule.sources + source)], total / double(placesOf(rule)));
      EXPECT_LT(chi.excess(), 5);
    }
}

namespace {
struct Moments {
  double mean, variance;
};
} // namespace

/// Of the synapses at each target (or from each source).
static Moments degreeMoments(const Rule &rule, bool ofTargets) {
  double sum = 0, squares = 0, count = 0;
  for (int64_t seed = 0; seed < 100; ++seed) {
    std::vector<double> degrees(size_t(ofTargets ? rule.targets : rule.sources));
    for (const Synapse &synapse : realise(rule, ruleKey(uint64_t(seed), 9)))
      ++degrees[size_t(ofTargets ? synapse.target : synapse.source)];
    for (double degree : degrees) {
      sum += degree;
      squares += degree * degree;
      ++count;
    }
  }
  return {sum / count, squares / count - sum / count * (sum / count)};
}

static void expectMoments(const Rule &rule, bool ofTargets, double mean, double variance) {
  SCOPED_TRACE(describe(rule) + (ofTargets ? ", targets" : ", sources"));
  Moments found = degreeMoments(rule, ofTargets);
  double count = 100.0 * double(ofTargets ? rule.targets : rule.sources);
  EXPECT_NEAR(found.mean, mean, 5 * std::sqrt(variance / count) + 1e-9);
  EXPECT_NEAR(found.variance, variance, 5 * variance * std::sqrt(2 / count));
}

static double binomialVariance(double n, double p) { return n * p * (1 - p); }
/// Of what falls to `part` of `whole` when `n` are drawn without replacement.
static double hypergeometricVariance(double n, double part, double whole) {
  return n * (part / whole) * (1 - part / whole) * (whole - n) / (whole - 1);
}

TEST(Connectivity, degreesVaryAsTheyShould) {
  constexpr double kTargets = 50, kSources = 80, kPlaces = kTargets * kSources;
  Rule bernoulli = make(RuleKind::PairwiseBernoulli, 50, 80, 0, 0.2);
  expectMoments(bernoulli, true, 16, binomialVariance(80, 0.2));
  expectMoments(bernoulli, false, 10, binomialVariance(50, 0.2));

  Rule total = make(RuleKind::FixedTotalNumber, 50, 80, 1200);
  expectMoments(total, true, 24, binomialVariance(1200, 1 / kTargets));
  expectMoments(total, false, 15, binomialVariance(1200, 1 / kSources));
  total.multapses = false;
  expectMoments(total, true, 24, hypergeometricVariance(1200, kSources, kPlaces));
  expectMoments(total, false, 15, hypergeometricVariance(1200, kTargets, kPlaces));

  Rule indegree = make(RuleKind::FixedIndegree, 50, 80, 20);
  expectMoments(indegree, false, 12.5, binomialVariance(1000, 1 / kSources));
  indegree.multapses = false;
  expectMoments(indegree, false, 12.5, binomialVariance(50, 0.25));

  Rule outdegree = make(RuleKind::FixedOutdegree, 50, 80, 20);
  expectMoments(outdegree, true, 32, binomialVariance(1600, 1 / kTargets));
  outdegree.multapses = false;
  expectMoments(outdegree, true, 32, binomialVariance(80, 0.4));
}
