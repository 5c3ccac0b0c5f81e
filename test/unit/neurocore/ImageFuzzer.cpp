// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on the loader of images: whatever it accepts is run for some steps. Digests are not
// looked at, and changes are made inside of sections, so that they get past the container.
//
//   ./dev fuzz --target image
#include "runtime/native/Error.h"
#include "runtime/neurocore/Container.h"
#include "runtime/neurocore/Emulator.h"
#include "runtime/neurocore/ImageFile.h"
#include "runtime/neurocore/Inspect.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace basalt;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t mostSize);

static std::string_view textOf(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t mostSize,
                                          unsigned seed) {
  std::vector<nc::SectionView> sections;
  bool isWhole = nc::readContainer(textOf(data, size), sections).empty() && !sections.empty();
  if (!isWhole || seed % 16 == 0)
    return LLVMFuzzerMutate(data, size, mostSize);
  const nc::SectionView &section = sections[seed / 16 % sections.size()];
  if (section.bytes.empty())
    return size;
  size_t at = size_t(section.bytes.data() - reinterpret_cast<const char *>(data));
  LLVMFuzzerMutate(data + at, section.bytes.size(), section.bytes.size());
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  nc::Image image;
  if (!nc::readImage(textOf(data, size), image, {false}).empty())
    return 0;
  uint64_t neurons = 0;
  for (const nc::Core &core : image.cores)
    for (const nc::Group &group : core.groups)
      neurons += group.count;
  if (neurons > 5000)
    return 0;
  for (nc::EmbeddedProgram &program : image.embedded)
    program.fuel = std::min<uint64_t>(program.fuel, 20000);
  nc::inspectText(image, "", {true, nullptr});
  nc::inspectJson(image, "");
  nc::Emulator emulator(image, 1 + size % 2);
  rt::Context ctx;
  try {
    emulator.init(ctx);
    emulator.steps(ctx, 4);
    for (size_t var = 0; var < emulator.states().size(); ++var) {
      if (image.vars[var].readable)
        emulator.refresh(var);
      if (image.vars[var].writable)
        emulator.written(var);
    }
    emulator.steps(ctx, 2);
  } catch (const rt::InputError &) {
  } catch (const rt::RunError &) {
    return 0; // that such an image ends with an error is as it should be
  }
  return 0;
}
