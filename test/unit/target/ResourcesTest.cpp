// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The count of what stands on a core: by hand, and one below, at and one above each limit.
#include "runtime/neurocore/Resources.h"

#include "LoadTarget.h"

using namespace basalt;
using nc::Resource;
using neurocore::load;

namespace {
/// A core that uses some of everything.
nc::CoreUse sample() {
  nc::CoreUse core;
  core.groups = {{10, 48, 24, 1, 1, 2, 1, 5}, {4, 30, 0, 2, 4, 3, 0, 2}};
  core.programs = {{9, 9}, {20, 14}};
  core.lists = {3, 12, 5};
  core.formats = 2;
  core.inAxons = 7;
  core.learningInAxons = 2;
  core.outAxons = {5, 1, 2, 3, 4};
  core.profiles = 1;
  return core;
}
} // namespace

TEST(Resources, CountedByHand) {
  nc::Target target = load("tiny").target; // accumulators of 32 bits
  nc::Usage usage = nc::usageOf(sample(), target);
  EXPECT_EQ(usage[Resource::Neurons], 14);
  EXPECT_EQ(usage[Resource::StateBytes], 9); // 48 + 24 bits
  EXPECT_EQ(usage[Resource::SynapseWords], 20);
  EXPECT_EQ(usage[Resource::ListWords], 12);
  EXPECT_EQ(usage[Resource::Formats], 2);
  EXPECT_EQ(usage[Resource::InAxons], 7 + 2 * 2);
  EXPECT_EQ(usage[Resource::OutAxons], 5 + 1 + 2 * 2 + 3 + 4);
  EXPECT_EQ(usage[Resource::Ports], 2);
  EXPECT_EQ(usage[Resource::Slots], 10 * 1 + 4 * 2 * 4);
  EXPECT_EQ(usage[Resource::PortSlots], 4);
  EXPECT_EQ(usage[Resource::ProgramWords], 29);
  EXPECT_EQ(usage[Resource::ProgramPath], 14);
  EXPECT_EQ(usage[Resource::StateSlots], 3);
  EXPECT_EQ(usage[Resource::Constants], 5);
  EXPECT_EQ(usage[Resource::Parameters], 1);
  EXPECT_EQ(usage[Resource::Profiles], 1);
  // Neurons with their accumulators, constants, axons, synapses, programs.
  EXPECT_EQ(usage[Resource::PoolBytes],
            10 * (72 + 32) / 8 + 4 * 36 + 7 * 4 + 11 * 4 + 17 * 5 + 20 * 8 + 29 * 4);
  EXPECT_FALSE(nc::findExcess(usage, target));
}

TEST(Resources, FixedMemoriesHaveNoSum) {
  nc::Target target = load("loihi1-like").target;
  nc::CoreUse core;
  core.groups = {{1024, 48, 0, 1, 1, 2, 0, 0}};
  core.lists.assign(64, 256);
  nc::Usage usage = nc::usageOf(core, target);
  EXPECT_EQ(usage[Resource::Slots], 8192); // eight slots each, however few are asked for
  EXPECT_FALSE(nc::findExcess(usage, target));
  core.lists.push_back(1);
  auto excess = nc::findExcess(nc::usageOf(core, target), target);
  ASSERT_TRUE(excess);
  EXPECT_EQ(excess->resource, Resource::SynapseWords);
  EXPECT_EQ(nc::describe(*excess), "16385 synapse words, where 16384 are there");
}

TEST(Resources, EachLimitIsExact) {
  for (const char *name : {"tiny", "loihi1-like", "loihi2-like"}) {
    nc::Target target = load(name).target;
    for (size_t i = 0; i < nc::kResourceCount; ++i) {
      auto resource = Resource(i);
      EXPECT_NE(nc::findField(nc::fieldOf(resource)), nullptr) << nc::fieldOf(resource);
      for (int64_t distance : {-1, 0, 1}) {
        nc::Usage usage;
        usage[resource] = nc::limitOf(target, resource) + distance;
        auto excess = nc::findExcess(usage, target);
        EXPECT_EQ(excess.has_value(), distance > 0) << name << " " << nc::resourceName(resource);
        if (excess) {
          EXPECT_EQ(excess->resource, resource);
        }
      }
    }
  }
}

TEST(Resources, TheWorstIsNamedAndAllAreThere) {
  nc::Target target = load("tiny").target;
  nc::CoreUse core = sample();
  core.groups[0].neurons = 17; // 21 of 16
  core.lists.push_back(1024);  // 1044 of 512, and 1024 of 16 in one list
  nc::Usage usage = nc::usageOf(core, target);
  auto excess = nc::findExcess(usage, target);
  ASSERT_TRUE(excess);
  EXPECT_EQ(nc::describe(*excess), "1024 words of a list of synapses, where 16 are there");
  std::vector<Resource> all;
  for (const nc::Excess &excess : nc::allExcesses(usage, target))
    all.push_back(excess.resource);
  EXPECT_EQ(all, (std::vector<Resource>{Resource::Neurons, Resource::PoolBytes,
                                        Resource::SynapseWords, Resource::ListWords}));
}

TEST(Resources, NumbersOfUnknownOriginDoNotWrap) {
  nc::Target target = load("loihi2-like").target;
  nc::CoreUse core;
  core.groups = {{INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, -1, -1, -1},
                 {INT64_MAX, INT64_MIN, 0, 1, 1, 0, 0, 0}};
  core.lists = {INT64_MAX, INT64_MAX, -5};
  core.inAxons = INT64_MIN;
  nc::Usage usage = nc::usageOf(core, target);
  for (int64_t amount : usage.amounts)
    EXPECT_GE(amount, 0);
  for (Resource resource : {Resource::Neurons, Resource::StateBytes, Resource::PoolBytes,
                            Resource::SynapseWords, Resource::InAxons, Resource::StateSlots})
    EXPECT_GT(usage[resource], nc::limitOf(target, resource)) << nc::resourceName(resource);
}
