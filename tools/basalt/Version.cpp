// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Version text and build id.
#include "tools/basalt/Version.h"

#include "tools/basalt/Config.h"
#include "tools/basalt/RuntimeId.h"

#include "runtime/native/Contract.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include <cstring>
#include <link.h>

std::string basalt::driver::versionText() {
  return std::string("basalt ") + BASALT_VERSION + " (LLVM " LLVM_VERSION_STRING +
         ", run-time contract " + std::to_string(rt::kContractVersion) + ")";
}

/// Looks for the linker's build id in the notes of the first object, which is this executable.
static int findBuildId(dl_phdr_info *info, size_t, void *result) {
  for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE)
      continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as integers.
    const char *note = reinterpret_cast<const char *>(info->dlpi_addr + segment.p_vaddr);
    const char *end = note + segment.p_memsz;
    while (note + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) header;
      std::memcpy(&header, note, sizeof(header));
      const char *name = note + sizeof(header);
      const char *bytes = name + (header.n_namesz + 3) / 4 * 4;
      if (header.n_type == NT_GNU_BUILD_ID &&
          llvm::StringRef(name, header.n_namesz) == llvm::StringRef("GNU\0", 4)) {
        *static_cast<std::string *>(result) =
            llvm::toHex(llvm::StringRef(bytes, header.n_descsz), /*LowerCase=*/true);
        return 1;
      }
      note = bytes + (header.n_descsz + 3) / 4 * 4;
    }
  }
  return 1; // no further objects
}

/// For linkers that write no build id.
static std::string fileIdentity() {
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status("/proc/self/exe", status))
    return "unknown";
  return std::to_string(status.getSize()) + "-" +
         std::to_string(status.getLastModificationTime().time_since_epoch().count());
}

std::string basalt::driver::buildId() {
  std::string id;
  dl_iterate_phdr(findBuildId, &id);
  if (id.empty())
    id = fileIdentity();
  return id + "-" + BASALT_RUNTIME_ID;
}
