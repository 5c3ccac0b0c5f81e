// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images as files: whole, damaged, and hostile.
#include "TestImages.h"
#include "runtime/native/Error.h"
#include "runtime/neurocore/Container.h"
#include "runtime/neurocore/Emulator.h"
#include "runtime/neurocore/ImageFile.h"
#include "runtime/neurocore/Manifest.h"
#include "runtime/neurocore/Microcode.h"
#include "runtime/neurocore/Regions.h"
#include "runtime/neurocore/Sha256.h"
#include "runtime/neurocore/Verify.h"

#include <cstdio>
#include <flatbuffers/flatbuffers.h>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

using namespace basalt;
using namespace basalt::nc;
using namespace basalt::nc::test;

namespace {
TEST(Sha256, OfTheStandard) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(ImageFile, RoundTrip) {
  for (bool delays : {false, true})
    for (unsigned cores : {1u, 3u, 6u}) {
      Image image = randomNet(50, 20, delays, 1).build(cores);
      ASSERT_EQ(verifyImage(image), "");
      std::string bytes = imageBytes(image);
      EXPECT_EQ(bytes, imageBytes(image));
      Image again;
      ASSERT_EQ(readImage(bytes, again), "");
      EXPECT_EQ(imageBytes(again), bytes);
      ASSERT_EQ(again.cores.size(), cores);
      EXPECT_EQ(again.cores[0].inAxons, image.cores[0].inAxons);
      EXPECT_EQ(again.cores[0].outAxons, image.cores[0].outAxons);
      EXPECT_EQ(again.cores[0].synapses, image.cores[0].synapses);
      EXPECT_EQ(again.cores[0].groups[0].state[0], image.cores[0].groups[0].state[0]);
      EXPECT_EQ(imageId(bytes).size(), 64u);
    }
}

TEST(ImageFile, Files) {
  std::string path = testing::TempDir() + "image.nci";
  Image image = randomNet(10, 10, false, 1).build(2);
  writeImageFile(path, image);
  EXPECT_EQ(imageBytes(readImageFile(path)), imageBytes(image));
  EXPECT_EQ(::truncate(path.c_str(), 5000), 0);
  try {
    readImageFile(path);
    FAIL();
  } catch (const rt::InputError &error) {
    EXPECT_NE(std::string(error.what()).find("cannot read '" + path + "': "), std::string::npos);
  }
  std::remove(path.c_str());
  EXPECT_THROW(readImageFile(path), rt::InputError);
  EXPECT_THROW(readImageFile(testing::TempDir()), rt::InputError); // "it is no regular file"
  EXPECT_THROW(writeImageFile("/nowhere/x.nci", image), rt::InputError);
}

TEST(ImageFile, SymbolsAreTheVars) {
  Image image = randomNet(10, 10, false, 1).build(2);
  std::vector<Symbol> symbols = readSymbols(imageBytes(image));
  size_t at = 0;
  for (const Var &var : image.vars)
    for (size_t i = 0; i < var.fragments.size(); ++i)
      EXPECT_EQ(symbols[at++].name, var.name);
  EXPECT_EQ(at, symbols.size());
}

TEST(ImageFile, Schema) {
  std::string path = std::string(BASALT_TEST_FOLDER) + "/../../../docs/image.fbs";
  if (std::getenv("BASALT_UPDATE"))
    std::ofstream(path) << manifestSchema();
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_TRUE(text == manifestSchema()) << "docs/image.fbs is old; set BASALT_UPDATE to write it";
}

// The compiler of FlatBuffers reads what was written, by that schema.
TEST(ImageFile, ManifestForOthers) {
  if (std::system("command -v flatc >/dev/null") != 0)
    GTEST_SKIP() << "flatc is not installed";
  Image image = randomNet(4, 3, false, 1).build(1);
  image.vars[0].fragments[0].copyStep = 7;
  image.options.push_back("--print");
  Manifest manifest;
  manifest.image = image;
  std::string folder = testing::TempDir() + "basalt_manifest";
  ASSERT_EQ(std::system(("mkdir -p " + folder).c_str()), 0);
  std::ofstream(folder + "/image.fbs") << manifestSchema();
  std::ofstream(folder + "/image.bin", std::ios::binary) << writeManifest(manifest);
  ASSERT_EQ(std::system(
                ("cd " + folder + " && flatc --json --strict-json image.fbs -- image.bin").c_str()),
            0);
  std::ifstream file(folder + "/image.json");
  std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_NE(json.find("\"copy_step\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"name\": \"forth.weights\""), std::string::npos);
  EXPECT_NE(json.find("\"--print\""), std::string::npos);
}

//===-- Damage
//-----------------------------------------------------------------------------------===//

/// The error of reading an image after `change`.
std::string errorAfter(const std::function<void(Image &)> &change) {
  Image image = randomNet(6, 5, true, 1).build(2);
  change(image);
  Image again;
  std::string bytes = imageBytes(image);
  std::string error = readImage(bytes, again);
  EXPECT_EQ(verifyImage(image), error);
  return error;
}

TEST(ImageFile, Containers) {
  std::string good = imageBytes(randomNet(6, 5, true, 1).build(2));
  auto error = [&](const std::function<void(std::string &)> &change) {
    std::string bytes = good;
    change(bytes);
    Image image;
    return readImage(bytes, image);
  };
  auto store = [](std::string &bytes, size_t at, uint64_t value, size_t size) {
    bytes.replace(at, size, reinterpret_cast<const char *>(&value), size);
  };
  uint64_t table = 0;
  memcpy(&table, good.data() + 40, 8);
  EXPECT_EQ(error([](std::string &b) { b.resize(10); }),
            "the file has 10 bytes, expected at least 64");
  EXPECT_EQ(error([](std::string &b) { b[0] = 'x'; }), "the file is no ELF file");
  EXPECT_EQ(error([](std::string &b) { b[4] = 1; }),
            "the file is no ELF file of 64 bits, little-endian, relocatable, of no machine");
  EXPECT_EQ(error([&](std::string &b) { store(b, 60, 0, 2); }),
            "the file has 0 sections, expected 1 to 4096");
  EXPECT_EQ(error([](std::string &b) { b.resize(b.size() - 1); }),
            "the table of sections ends at " + std::to_string(good.size()) + ", the file at " +
                std::to_string(good.size() - 1));
  EXPECT_EQ(error([&](std::string &b) { store(b, 62, 99, 2); }),
            "the names of sections are in section 99, where there are 11");
  EXPECT_EQ(error([&](std::string &b) { store(b, table + 64 + 4, 8, 4); }),
            "section 1 has no bytes in the file");
  EXPECT_EQ(error([&](std::string &b) { store(b, table + 64 + 32, ~uint64_t(0), 8); }),
            "section 1 has 18446744073709551615 bytes from 64 on, the file " +
                std::to_string(good.size()));
  EXPECT_EQ(error([&](std::string &b) { store(b, table + 128 + 24, 64, 8); }),
            "sections 1 and 2 overlap at 64");
  EXPECT_EQ(error([&](std::string &b) { store(b, table + 64, 9999, 4); }),
            "the name of section 1 is at 9999 of 106");
  EXPECT_EQ(error([&](std::string &b) { store(b, 62, 1, 2); }), "the names of sections do not end");
  EXPECT_EQ(error([&](std::string &b) { b[4096 + 100] ^= 1; }),
            "section '.nc.manifest' is damaged: its digest is another one");
}

TEST(ImageFile, Sections) {
  Image image = randomNet(6, 5, true, 1).build(2);
  std::vector<Section> regions = makeRegions(image);
  auto error = [&](const std::function<void(Manifest &, std::vector<Section> &)> &change) {
    Manifest manifest;
    manifest.image = image;
    std::vector<Section> sections = regions;
    for (const Section &section : sections)
      manifest.sections.push_back({section.name, section.bytes.size(), sha256(section.bytes)});
    change(manifest, sections);
    sections.push_back({".nc.manifest", SectionType::Manifest, 0, writeManifest(manifest)});
    sections.push_back({".note.nc.id", SectionType::Note, 0, ""});
    Image again;
    return readImage(writeContainer(sections, {}), again, {false});
  };
  using Sections = std::vector<Section>;
  EXPECT_EQ(error([](Manifest &, Sections &) {}), "");
  EXPECT_EQ(error([](Manifest &m, Sections &) { m.major = 2; }), "its format is 2.0, expected 1.x");
  EXPECT_EQ(error([](Manifest &m, Sections &) { m.required = 8; }),
            "it needs feature 3, which is not known here");
  EXPECT_EQ(error([](Manifest &m, Sections &) { m.optional = 8; }), "");
  EXPECT_EQ(error([](Manifest &, Sections &s) { s.push_back(s[0]); }),
            "section '.nc.prog' is there twice");
  EXPECT_EQ(error([](Manifest &, Sections &s) { s.pop_back(); }),
            "there are 6 sections, expected 7");
  EXPECT_EQ(error([](Manifest &, Sections &s) { s[0].name = ".nc.x"; }),
            "section '.nc.prog' is missing");
  EXPECT_EQ(error([](Manifest &, Sections &s) { s[0].bytes += "1234"; }),
            "section '.nc.prog' has 40 bytes, expected 36");
  EXPECT_EQ(error([](Manifest &m, Sections &) { m.image.programs[0].words.push_back(0); }),
            "section '.nc.prog': 40 bytes are needed where 36 are left");
  EXPECT_EQ(error([](Manifest &m, Sections &) { m.image.programs[0].words.pop_back(); }),
            "section '.nc.prog': 4 bytes are left over");
  std::vector<Section> none = {{".note.nc.id", SectionType::Note, 0, ""}};
  Image again;
  EXPECT_EQ(readImage(writeContainer(none, {}), again), "section '.nc.manifest' is missing");
}

TEST(Manifest, Damaged) {
  Manifest manifest;
  RawLengths lengths;
  EXPECT_EQ(readManifest("", manifest, lengths), "it has 0 bytes, expected 8 to 2147483646");
  EXPECT_EQ(readManifest(std::string(100, 'x'), manifest, lengths),
            "it is no FlatBuffer of its schema");
  // An enumeration with a member that is not there.
  Manifest other;
  other.image.vars.emplace_back();
  other.image.vars[0].kind = rt::Kind(7);
  EXPECT_EQ(readManifest(writeManifest(other), manifest, lengths),
            "Var.kind is 7, expected less than 4");
}

// Tables that are absent have their vectors, too: those of no elements.
TEST(Manifest, AbsentTables) {
  flatbuffers::FlatBufferBuilder builder;
  auto offsetOf = [](unsigned field) {
    return flatbuffers::FieldIndexToOffset(flatbuffers::voffset_t(field));
  };
  using Offset = flatbuffers::Offset<flatbuffers::Table>;
  auto finish = [&](flatbuffers::uoffset_t start) { return Offset(builder.EndTable(start)); };
  auto around = [&](unsigned field, Offset item) {
    auto items = builder.CreateVector(std::vector<Offset>{item});
    flatbuffers::uoffset_t start = builder.StartTable();
    builder.AddOffset(offsetOf(field), items);
    return finish(start);
  };
  Offset parameter = finish(builder.StartTable()); // has no `initial`
  Offset image = around(7, around(2, around(9, parameter)));
  flatbuffers::uoffset_t start = builder.StartTable();
  builder.AddOffset(offsetOf(5), image);
  builder.Finish(finish(start), kManifestId);
  std::string bytes(reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize());
  Manifest manifest;
  RawLengths lengths;
  EXPECT_EQ(readManifest(bytes, manifest, lengths), "");
  EXPECT_EQ(
      lengths.size(),
      5u); // of the parameter, of the elements of the group, of synapses, in-axons and out-axons
  EXPECT_EQ(readRegions({}, lengths, manifest.image), "");
  EXPECT_TRUE(manifest.image.cores[0].groups[0].parameters[0].initial.all.empty());
}

TEST(ImageVerifier, Groups) {
  using I = Image &;
  EXPECT_EQ(errorAfter([](I) {}), "");
  EXPECT_EQ(errorAfter([](I i) { i.cores[1].groups[0].layout = 4; }),
            "cores[1].groups[0].layout is 4, expected less than 1");
  EXPECT_EQ(errorAfter([](I i) { i.cores[1].groups[1].program = 1; }),
            "cores[1].groups[1].program is 1, expected less than 1");
  EXPECT_EQ(errorAfter([](I i) { i.cores[1].groups[0].count = 0; }),
            "cores[1].groups[0].count is 0, expected 1 to 1048576");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].state.pop_back(); }),
            "cores[0].groups[0].state has 1 entries, expected 2");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].state[0].all = {1, 2}; }),
            "cores[0].groups[0].state[0] has 2 values, expected 1 or 3");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].state[0].all[2] = 1 << 23; }),
            "cores[0].groups[0].state[0].all[2] is 8388608, expected -8388608 to 8388607");
  EXPECT_EQ(errorAfter([](I i) {
              i.layouts[0].slots[0].bits = 1;
              for (Core &core : i.cores)
                for (Group &group : core.groups)
                  group.state[0].all = {-1};
              i.cores[1].groups[0].state[0].all = {1};
            }),
            "cores[1].groups[0].state[0].all[0] is 1, expected -1 to 0");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].accumulators[0].slots = 3; }),
            "cores[0].groups[0].accumulators[0].slots is 3, expected a power of two");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].timers.push_back({"t", 0, 0}); }),
            "cores[0].groups[0].timers[0].interval is 0, expected 1 to 9223372036854775807");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].outputs[0].bits = 33; }),
            "cores[0].groups[0].outputs[0].bits is 33, expected 1 to 32");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].constants.clear(); }),
            "cores[0].groups[0] cannot run programs[0].words[0]: operand k0, where the group has 0 "
            "constants");
  EXPECT_EQ(errorAfter([](I i) { i.cores[1].core = 0; }),
            "cores[1] stands before or at the place of the core before it");
  EXPECT_EQ(errorAfter([](I i) { i.cores[1].core = 4; }),
            "cores[1].core is 4, expected less than 4");
  EXPECT_EQ(errorAfter([](I i) { i.layouts[0].slots[0].bits = 65; }),
            "layouts[0].slots[0].bits is 65, expected 1 to 64");
  EXPECT_EQ(errorAfter([](I i) { i.layouts[0].slots[1].isSigned = false; }),
            "layouts[0].slots[1] saturates symmetrically, but is not signed");
  EXPECT_EQ(errorAfter([](I i) {
              i.layouts[0].slots[1].store = StoreMode::WrapUp;
              i.layouts[0].slots[1].isSigned = false;
            }),
            "layouts[0].slots[1] wraps up, but is not signed");
  EXPECT_EQ(errorAfter([](I i) { i.programs[0].words.clear(); }),
            "programs[0].words has 0 entries, expected 1 to 4096");
  EXPECT_EQ(errorAfter([](I i) { i.programs[0].locations.resize(2); }),
            "programs[0].locations has 2 entries, expected one a word, or none");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].program = kNone; }),
            "cores[0].groups[0].program is none, and there is no cuba");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].cuba.resize(1); }),
            "cores[0].groups[0].cuba is there beside a program");
  EXPECT_EQ(errorAfter([](I i) {
              i.cores[0].groups[0].program = kNone;
              i.cores[0].groups[0].cuba.resize(1);
            }),
            "cores[0].groups[0].cuba does not fit the layout and the ports of its group");
  EXPECT_EQ(errorAfter([](I i) {
              i.cores[0].groups[0].program = kNone;
              i.cores[0].groups[0].cuba.resize(1);
              i.cores[0].groups[0].cuba[0].decayBits = 11;
            }),
            "cores[0].groups[0].cuba.decayBits is 11, expected 12 to 12");
  EXPECT_EQ(errorAfter([](I i) {
              i.cores[0].groups[0].program = kNone;
              i.cores[0].groups[0].cuba.resize(1);
              i.cores[0].groups[0].cuba[0].biasExponent = 8;
            }),
            "cores[0].groups[0].cuba.biasExponent is 8, expected 0 to 7");
  EXPECT_EQ(errorAfter([](I i) { i.target = "x"; }),
            "target: the text is of a version that is not known");
}

TEST(ImageVerifier, LimitsOfTheTarget) {
  auto error = [](const std::function<void(Target &)> &change) {
    return errorAfter([&](Image &image) {
      Target target = largeTarget();
      change(target);
      image.target = canonicalText(target);
    });
  };
  EXPECT_EQ(error([](Target &t) { t.core.neurons = 5; }),
            "cores[1] has 6 neurons, where 5 are there");
  EXPECT_EQ(error([](Target &t) { t.core.inAxons = 10; }),
            "cores[0] has 11 in-axons, where 10 are there");
  EXPECT_EQ(error([](Target &t) { t.weights.bits = {4}; }),
            "cores[0].formats[0].weightBits is 8, which weights of the target cannot have");
  EXPECT_EQ(error([](Target &t) { t.synapses.indexBits = {14}; }),
            "cores[0].formats[0].indexBits is 13, which indices of the target cannot have");
  EXPECT_EQ(error([](Target &t) { t.program.registers = 2; }),
            "cores[0].groups[0] uses 3 registers, where the target has 2");
}

TEST(ImageVerifier, WhatTheTargetDoesNotHave) {
  auto error = [](const std::function<void(Target &, Image &)> &change) {
    return errorAfter([&](Image &image) {
      Target target = largeTarget();
      change(target, image);
      image.target = canonicalText(target);
    });
  };
  using T = Target &;
  using I = Image &;
  EXPECT_EQ(error([](T t, I i) {
              t.spikes = {8, false};
              i.cores[0].groups[0].outputs[0].bits = 9;
            }),
            "cores[0].groups[0].outputs[0].bits is 9, where spikes of the target have 8");
  EXPECT_EQ(error([](T t, I i) {
              t.spikes = {8, false};
              i.cores[0].groups[0].outputs[0].isSigned = true;
            }),
            "cores[0].groups[0].outputs[0] is signed, which spikes of the target are not");
  EXPECT_EQ(error([](T t, I i) {
              t.neuron.kinds = NeuronProgram;
              i.cores[0].groups[0].program = kNone;
              i.cores[0].groups[0].cuba.resize(1);
            }),
            "cores[0].groups[0].cuba is there, but the target has no fixed neurons");
  EXPECT_EQ(error([](T t, I i) {
              t.program.features = 0;
              i.programs[0].words.insert(i.programs[0].words.begin(),
                                         assemble("ADD.d r0, s0, s0", nullptr)->front());
            }),
            "cores[0].groups[0] uses wide instructions, which programs of the target do not have");
  EXPECT_EQ(error([](T t, I i) { t.synapses.kinds = KindDense; }),
            "cores[0].formats[0].kind is one that the target does not have");
  EXPECT_EQ(error([](T t, I i) { t.weights.signModes = SignExcitatory; }),
            "cores[0].formats[0].sign is one that the target does not have");
  EXPECT_EQ(error([](T t, I i) {
              i.cores[0].formats[0].kind = SynapseKind::RunLength;
              i.cores[0].formats[0].skipBits = 8;
            }),
            "cores[0].formats[0].skipBits is 8, which skips of the target cannot have");
  EXPECT_EQ(error([](T t, I i) {
              t.spikes = {0, false};
              i.cores[0].formats[0].graded = true;
            }),
            "cores[0].formats[0].graded is set, but spikes of the target have no payload");
  EXPECT_EQ(error([](T t, I i) { t.axons.discreteSlots = 0; }),
            "cores[0].outAxons[0].kind is one that the target does not have");
}

TEST(ImageVerifier, SizesOfTheWhole) {
  EXPECT_EQ(errorAfter([](Image &image) {
              image.vars.clear();
              image.ports.clear();
              Group group = image.cores[0].groups[0];
              group.count = 1 << 20;
              for (Values &values : group.state)
                values.all = {0};
              group.parameters[0].initial.all = {0};
              image.cores.resize(1);
              image.cores[0] = {};
              image.cores[0].groups.assign(65, group);
            }),
            "cores[0].groups[64] is beyond 67108864 neurons of all cores");
}

TEST(ImageVerifier, Axons) {
  using I = Image &;
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].elements = {1, 2}; }),
            "cores[0].groups[0].elements has 2 entries, expected 3");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].elements = {1, 2, -1}; }),
            "cores[0].groups[0].elements is -1, expected 0 to 2147483647");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].elements = {1, 2, int64_t(1) << 31}; }),
            "cores[0].groups[0].elements is 2147483648, expected 0 to 2147483647");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].groups[0].elements = {1, 2, 1}; }),
            "cores[0].groups[0].elements has 1 twice");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].inAxons[3].group = 2; }),
            "cores[0].inAxons[3].group is 2, expected less than 2");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].inAxons[3].accumulator = 1; }),
            "cores[0].inAxons[3].accumulator is 1, expected less than 1");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].inAxons[3].base = 2; }),
            "cores[0].inAxons[3].base is 2, and its list goes to neuron 3 of 2");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].inAxons[3].base = (1 << 20) + 1; }),
            "cores[0].inAxons[3].base is 1048577, expected 0 to 1048576");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].inAxons[3].words = 2; }),
            "cores[0].inAxons[4].word is 4, which is in another list");
  EXPECT_EQ(errorAfter([](I i) {
              i.cores[0].inAxons[3] = i.cores[0].inAxons[0];
              i.cores[0].inAxons[3].words = 2;
            }),
            "cores[0].inAxons[3].words is 2, where another axon has 1 for the same list");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].inAxons[3].word = 99999; }),
            "cores[0].inAxons[3] has a bad list: words 99999..100000 of a synapse memory of 16");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].inAxons[0].continued = 1; }),
            "cores[0].inAxons[0].continued is 1, expected 0 to 0");
  std::string delay = errorAfter([](I i) {
    for (Group &group : i.cores[0].groups)
      group.accumulators[0].slots = 1;
  });
  EXPECT_EQ(delay.substr(0, 35), "cores[0].inAxons[0] has a delay of ");
  EXPECT_EQ(delay.substr(36), ", where the accumulator has 1 slots");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].outAxons[1].core = 2; }),
            "cores[0].outAxons[1].core is 2, expected less than 2");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].outAxons[1].axon = 10; }),
            "cores[0].outAxons[1].count is 3, expected 1 to 1");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].outAxons[1].first = 1; }),
            "cores[0].outAxons[1].count is 3, expected 1 to 2");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].outAxons[1].kind = AxonKind(9); }),
            "cores[0].outAxons[1].kind is 9, expected 0 to 3");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].outAxons[1].kind = AxonKind::Pop16; }),
            "cores[0].outAxons[1] goes to axon 1, which is not the atom that it should be");
  EXPECT_EQ(
      errorAfter([](I i) { std::swap(i.cores[0].outAxons.front(), i.cores[0].outAxons.back()); }),
      "cores[0].outAxons[1] is not in the order of groups and outputs");
  EXPECT_EQ(errorAfter([](I i) { i.cores[0].formats[0].delayBits = 7; }),
            "cores[0].formats[0].delayBits is 7, expected 0 to 6");
}

TEST(ImageVerifier, PopulationAxons) {
  auto after = [](const std::function<void(InAxon *, Image &)> &change) {
    return errorAfter([&](Image &image) {
      OutAxon &axon = image.cores[0].outAxons[1];
      axon.kind = AxonKind::Pop16;
      InAxon *atoms = &image.cores[axon.core].inAxons[axon.axon];
      for (uint32_t i = 1; i < axon.count; ++i)
        atoms[i].continued = 1;
      change(atoms, image);
    });
  };
  EXPECT_EQ(after([](InAxon *, Image &) {}), "");
  EXPECT_EQ(
      after([](InAxon *, Image &image) { image.cores[0].outAxons[1].kind = AxonKind::Discrete; }),
      "cores[0].outAxons[1] goes to axon 1, which is an atom of a population axon");
  // Another list than the next one, with and without another base.
  EXPECT_EQ(after([](InAxon *atoms, Image &) { std::swap(atoms[1].word, atoms[2].word); }),
            "cores[0].outAxons[1] goes to axon 1, which is not at the distance of the atom before");
  EXPECT_EQ(after([](InAxon *atoms, Image &) { atoms[1].word = atoms[0].word; }),
            "cores[0].outAxons[1] goes to axon 2, which is not at the distance of the atom before");
  EXPECT_EQ(after([](InAxon *atoms, Image &) { atoms[1].words = atoms[1].word = 0; }),
            "cores[0].outAxons[1] goes to axon 1, which is not of the kind of the atom before");
  EXPECT_EQ(after([](InAxon *atoms, Image &image) {
              image.vars.clear();
              image.ports.clear();
              atoms[2].word = atoms[1].word = atoms[0].word;
            }),
            "");
}

TEST(ImageVerifier, Vars) {
  using I = Image &;
  // 0: forth.weights, 1: back.weights, then u, v, a_in, vth, du of each layer
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].fragments[0].index = 2; }),
            "vars[2].fragments[0].index is 2, expected less than 2");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].fragments[0].first = 1; }),
            "vars[2].fragments[0] goes to neuron 3 of 3");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].fragments[0].start = 4; }),
            "vars[2].fragments[0] goes to element 6 of 6");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].fragments[0].stride = 0; }),
            "vars[2].fragments[0].stride is 0, expected 1 to 4294967295");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].fragments.pop_back(); }),
            "vars[2] has 6 elements, and fragments for 3");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].fragments[0].byElement = true; }), "");
  EXPECT_EQ(errorAfter([](I i) {
              i.vars[2].fragments[0].byElement = true;
              i.cores[0].groups[0].elements = {4, 0, 6};
            }),
            "vars[2].fragments[0] goes to element 6 of 6");
  EXPECT_EQ(errorAfter([](I i) {
              i.vars[2].fragments[0].byElement = true;
              i.vars[2].fragments[0].first = 1;
            }),
            "vars[2].fragments[0] goes to neuron 3 of 3");
  EXPECT_EQ(errorAfter([](I i) { i.vars[0].fragments[0].byElement = true; }),
            "vars[0].fragments[0].byElement is true, but these are no neurons");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].fragments[1].start = 2; }),
            "vars[2] has no fragment for element 5");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].kind = rt::Kind::Float; }),
            "vars[2].kind is a float, which no neurocore has");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].shape = {1u << 20, 1u << 20}; }),
            "vars[2].shape has more than 268435456 elements");
  EXPECT_EQ(errorAfter([](I i) { i.vars[4].fragments[0].slot = 8; }),
            "vars[4].fragments[0].slot is 8, expected less than 8");
  EXPECT_EQ(errorAfter([](I i) { i.vars[0].fragments[0].index = 9999; }),
            "vars[0].fragments[0].index is 9999, where no list begins");
  EXPECT_EQ(errorAfter([](I i) { i.vars[0].fragments[0].first = 9; }),
            "vars[0].fragments[0] goes to entry 10 of 2");
  EXPECT_EQ(errorAfter([](I i) { i.vars[0].fragments[0].transform.scale = 3; }),
            "vars[0].fragments[0].transform.scale is 3, expected 1 or -1");
  EXPECT_EQ(errorAfter([](I i) { i.vars[2].fragments[0].space = Space::Output; }),
            "vars[2].fragments[0].space is an output, but the Var is writable");
  EXPECT_EQ(errorAfter([](I i) { i.ports[0].fragments[0].space = Space::State; }),
            "ports[0].fragments[0].space is no output");
  EXPECT_EQ(errorAfter([](I i) { i.vars[3].name = "one.u"; }),
            "vars[3].name 'one.u' is there twice");
  EXPECT_EQ(errorAfter([](I i) { i.vars[3].name = ""; }),
            "vars[3].name is empty or has a zero in it");
  EXPECT_EQ(errorAfter([](I i) { i.aliases.push_back({"x.y", "z"}); }),
            "aliases[0].target 'z' is no Var");
  EXPECT_EQ(errorAfter([](I i) { i.vars[3].probe.call = 0; }),
            "vars[3].probe.call is 0, expected less than 0");
}

//===-- Embedded programs
//------------------------------------------------------------------------===//

TEST(ImageVerifier, Embedded) {
  auto error = [](const std::function<void(Image &)> &change) {
    return errorAfter([&](Image &image) {
      EmbeddedProgram program;
      program.memoryBytes = 4096;
      program.fuel = 100;
      image.embedded = {program, program};
      image.embedded[1].cpu = 1;
      image.processes = {{"a", 0}, {"b", 0}};
      image.calls = {{EntryPhase::PreManagement, 0, 0, 0}, {EntryPhase::Host, 1, 1, 0}};
      image.injectors.push_back({"in", 6, 1, false, {{0, 0, AxonKind::Discrete, 0, 6, 0, 0}}});
      Fragment fragment;
      fragment.space = Space::Embedded;
      fragment.count = 5;
      fragment.step = 8;
      fragment.bits = 64;
      Var var;
      var.name = "a.x";
      var.shape = {5};
      var.fragments = {fragment};
      image.vars.push_back(var);
      change(image);
    });
  };
  using I = Image &;
  EXPECT_EQ(error([](I) {}), "");
  EXPECT_EQ(error([](I i) { i.embedded[1].cpu = 0; }),
            "embedded[1].cpu is that of another program of the chip");
  EXPECT_EQ(error([](I i) { i.embedded[0].reads = {3, 3}; }), "embedded[0].reads has 3 behind 3");
  EXPECT_EQ(error([](I i) { i.embedded[0].reads = {99}; }),
            "embedded[0].reads is 99, expected less than 13");
  EXPECT_EQ(error([](I i) {
              i.vars[2].readable = false;
              i.embedded[0].reads = {2};
            }),
            "embedded[0].reads has 'one.u', which is not readable");
  EXPECT_EQ(error([](I i) {
              i.vars[2].writable = false;
              i.embedded[0].writes = {2};
            }),
            "embedded[0].writes has 'one.u', which is not writable");
  EXPECT_EQ(error([](I i) { i.vars[2].summed = true; }),
            "vars[2].summed is true, but the Var is writable");
  EXPECT_EQ(error([](I i) {
              i.vars[2].readable = i.vars[2].writable = false;
              i.vars[2].fragments.clear();
            }),
            "");
  EXPECT_EQ(error([](I i) { std::swap(i.calls[0], i.calls[1]); }),
            "calls[1].phase is one before that of the call before it");
  EXPECT_EQ(error([](I i) { i.calls[0].address = 4096; }),
            "calls[0].address is 4096, expected less than 4096");
  EXPECT_EQ(error([](I i) { i.vars[2].probe.call = 0; }),
            "vars[2].probe.call is of another phase than post_mgmt");
  EXPECT_EQ(error([](I i) { i.vars.back().fragments[0].bits = 12; }),
            "vars[12].fragments[0].bits is 12, expected 8, 16, 32 or 64");
  EXPECT_EQ(error([](I i) { i.vars.back().fragments[0].first = 4090; }),
            "vars[12].fragments[0] goes to byte 4130 of 4096");
  auto withChannel = [&](Channel channel) {
    return error([&](I i) { i.channels.push_back(std::move(channel)); });
  };
  EXPECT_EQ(withChannel({"c", 4, rt::Kind::Signed, 32, {4}, 0, 1}), "");
  EXPECT_EQ(withChannel({"c", 4, rt::Kind::Signed, 32, {1u << 23}, 0, 1}),
            "channels[0] holds 33554432 elements, expected at most 16777216");
  EXPECT_EQ(withChannel({"c", 0, rt::Kind::Signed, 32, {4}, 0, 1}),
            "channels[0].depth is 0, expected 1 to 16777216");
  EXPECT_EQ(withChannel({"c", 4, rt::Kind::Bool, 32, {4}, 0, 1}),
            "channels[0].bits is 32, expected 1 to 1");
  EXPECT_EQ(withChannel({"c", 4, rt::Kind::Float, 32, {4}, 0, 1}),
            "channels[0].kind is a float, which no neurocore has");
  EXPECT_EQ(withChannel({"c", 4, rt::Kind::Signed, 32, {4}, 2, 1}),
            "channels[0].source is 2, expected less than 2");
  EXPECT_EQ(withChannel({"c", 4, rt::Kind::Signed, 32, {4}, 1, 1}),
            "channels[0].target is the source, too");
  EXPECT_EQ(error([](I i) {
              i.embedded.push_back(i.embedded[0]);
              i.embedded[2].chip = 1;
              i.channels.push_back({"c", 1, rt::Kind::Signed, 32, {}, 1, 2});
              i.embedded[0].channels = {0};
            }),
            "embedded[0].channels has 'c', which connects others");
  EXPECT_EQ(error([](I i) { i.sites.push_back({{3, 1, 1}, 0}); }),
            "sites[0].location is 3, expected less than 0");
  EXPECT_EQ(error([](I i) {
              for (Fragment &fragment : i.ports[0].fragments) {
                fragment.core = kNone;
                fragment.first = 4;
              }
            }),
            "ports[0].fragments[0] goes to source 6 of 6");
  EXPECT_EQ(error([](I i) { i.injectors[0].axons[0].count = 7; }),
            "injectors[0].axons[0].count is 7, expected 1 to 6");
}

//===-- Many small damages
//-----------------------------------------------------------------------===//

// Digests are not looked at here, so damage gets as far as it can.
TEST(ImageFile, MutationsAreRefusedOrHarmless) {
  std::mt19937 random(1);
  std::string good = imageBytes(randomNet(6, 5, true, 1).build(2));
  std::vector<SectionView> sections;
  ASSERT_EQ(readContainer(good, sections), "");
  unsigned refused = 0, accepted = 0;
  for (int i = 0; i < 30000; ++i) {
    std::string bytes = good;
    unsigned changes = 1 + random() % 3;
    for (unsigned k = 0; k < changes; ++k) {
      // Mostly where something stands: the file has much padding.
      const SectionView &section = sections[random() % sections.size()];
      size_t at = size_t(section.bytes.data() - good.data()) + random() % section.bytes.size();
      if (random() % 8 == 0)
        at = random() % bytes.size();
      switch (random() % 4) {
      case 0:
        bytes[at] = char(bytes[at] ^ 1 << random() % 8);
        break;
      case 1:
        bytes[at] = char(random());
        break;
      case 2:
        bytes[at] = char(random() % 2 ? 0xff : 0);
        break;
      case 3:
        for (size_t b = at; b < std::min(bytes.size(), at + 4); ++b)
          bytes[b] = char(random() % 2 ? 0xff : 0x7f);
      }
    }
    if (random() % 50 == 0)
      bytes.resize(random() % bytes.size());
    Image image;
    std::string error = readImage(bytes, image, {false});
    (error.empty() ? accepted : refused) += 1;
    uint64_t neurons = 0;
    for (const Core &core : image.cores)
      for (const Group &group : core.groups)
        neurons += group.count;
    if (!error.empty() || neurons > 1000)
      continue;
    // What is accepted runs, and does no harm.
    Emulator emulator(image);
    rt::Context ctx;
    emulator.init(ctx);
    emulator.steps(ctx, 3);
    for (size_t var = 0; var < emulator.states().size(); ++var)
      if (image.vars[var].readable)
        emulator.refresh(var);
  }
  EXPECT_GT(refused, 5000u);
  EXPECT_GT(accepted, 1000u); // values, names, unused bits
}
} // namespace
