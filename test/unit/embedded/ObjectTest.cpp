// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects of unknown origin: refused with a reason, never trusted.
#include "Machine.h"

#include "runtime/native/Error.h"

#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>

using namespace basalt::nc;

namespace {

/// What is wrong with an object of one instruction after `change` to its headers.
template <typename Change> std::string wrong(Change change) {
  Image image;
  image.embedded.push_back(programOf({0x00008067, 0}));
  EmbeddedProgram &program = image.embedded.back();
  Elf64_Ehdr header;
  Elf64_Phdr segments[2];
  std::memcpy(&header, program.object.data(), sizeof(header));
  std::memcpy(segments, program.object.data() + sizeof(header), sizeof(segments));
  change(header, segments, program);
  if (program.object.size() >= sizeof(header) + sizeof(segments)) {
    std::memcpy(program.object.data(), &header, sizeof(header));
    std::memcpy(program.object.data() + sizeof(header), segments, sizeof(segments));
  }
  return verifyEmbeddedProgram(image, 0);
}

using Header = Elf64_Ehdr &;
using Segments = Elf64_Phdr *;
using Object = EmbeddedProgram &;

} // namespace

TEST(Object, Headers) {
  EXPECT_EQ(wrong([](Header, Segments, Object) {}), "");
  EXPECT_EQ(wrong([](Header, Segments, Object p) { p.object.clear(); }),
            "the object is no ELF file");
  EXPECT_EQ(wrong([](Header h, Segments, Object) { h.e_ident[1] = 'e'; }),
            "the object is no ELF file");
  EXPECT_EQ(wrong([](Header h, Segments, Object) { h.e_ident[EI_CLASS] = ELFCLASS32; }),
            "the object is not of 64 bits, little-endian");
  EXPECT_EQ(wrong([](Header h, Segments, Object) { h.e_machine = EM_X86_64; }),
            "the object is for machine 62, expected RISC-V");
  EXPECT_EQ(wrong([](Header h, Segments, Object) { h.e_type = ET_REL; }),
            "the object is not linked to fixed addresses");
  EXPECT_EQ(wrong([](Header h, Segments, Object) { h.e_flags = 1; }),
            "the object uses compressed instructions or floats");
  EXPECT_EQ(wrong([](Header h, Segments, Object) { h.e_phnum = 17; }),
            "the object has no usable table of segments");
  EXPECT_EQ(wrong([](Header h, Segments, Object) { h.e_phoff = uint64_t(-56); }),
            "the object ends within its table of segments");
}

TEST(Object, Segments) {
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[0].p_offset = uint64_t(-4); }),
            "a segment of the object is not in the file");
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[0].p_memsz = 4; }),
            "a segment of the object is not in the file");
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[0].p_vaddr = 0xffc; }),
            "the segment at address 4092 is not between the one before and the end of memory");
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[1].p_vaddr = 0x2004; }),
            "the segment at address 8196 is not between the one before and the end of memory");
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[1].p_memsz = 0x1001; }),
            "the segment at address 12288 is not between the one before and the end of memory");
  EXPECT_EQ(wrong([](Header, Segments, Object p) { p.memoryBytes = 0x2fff; }),
            "the segment at address 12288 is not between the one before and the end of memory");
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[0].p_flags = PF_R | PF_W | PF_X; }),
            "the object has more code than one aligned segment that cannot be written");
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[1].p_flags = PF_R | PF_X; }),
            "the object has more code than one aligned segment that cannot be written");
  EXPECT_EQ(wrong([](Header, Segments s, Object) {
              s[0].p_flags = PF_R | PF_W;
              s[1].p_flags = PF_R | PF_X;
            }),
            "a segment of the object behind the data cannot be written");
  // One that only holds Vars.
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[0].p_flags = PF_R; }), "");
  EXPECT_EQ(wrong([](Header, Segments s, Object) { s[0].p_type = s[1].p_type = PT_NOTE; }),
            "the object has nothing to load");
}

TEST(Object, Calls) {
  Image image;
  image.embedded.push_back(programOf({0x00008067}));
  image.calls.push_back({EntryPhase::Init, 0, 0, kCodeAt});
  EXPECT_EQ(verifyEmbeddedProgram(image, 0), "");
  image.calls.back().address = kCodeAt + 4;
  EXPECT_EQ(verifyEmbeddedProgram(image, 0), "a call goes to address 8196, where there is no code");
  image.calls.back().program = 1; // somebody else's
  EXPECT_EQ(verifyEmbeddedProgram(image, 0), "");
}

TEST(Object, WhatIsNotVerifiedIsNoProcessor) {
  EmbeddedProgram program = programOf({0x00008067});
  program.object.resize(10);
  EXPECT_THROW(makeEmbeddedCpu(program), basalt::rt::InputError);
}

/// Every cut and every changed byte of the headers is refused, or runs within its memory.
TEST(Object, Damage) {
  EmbeddedProgram good = programOf({0x00000513, 0x00008067});
  for (size_t i = 0; i < good.object.size(); ++i)
    for (unsigned bit = 0; bit < 8; ++bit) {
      Image image;
      image.embedded.push_back(good);
      image.embedded[0].object[i] ^= uint8_t(1 << bit);
      if (verifyEmbeddedProgram(image, 0).empty())
        (void)failureOf(image.embedded[0]);
      image.embedded[0].object.resize(i);
      EXPECT_NE(verifyEmbeddedProgram(image, 0), "");
    }
}

TEST(Object, WithoutLines) {
  EmbeddedProgram program = programOf({0x00008067});
  std::string_view text(reinterpret_cast<const char *>(program.object.data()),
                        program.object.size());
  EXPECT_TRUE(readLines(text).rows.empty());
  EXPECT_EQ(LineTable().describe(0x2000), "");
  LineTable table{{{0x2000, 0, 5, 3}, {0x2008, 0, 0, 0}}, {"net.yaml"}};
  EXPECT_EQ(table.describe(0x1ffc), "");
  EXPECT_EQ(table.describe(0x2004), "net.yaml:5:3");
  EXPECT_EQ(table.describe(0x2008), "");
}
