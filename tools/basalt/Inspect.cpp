// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt inspect`: an image for people, and the differences of two. Embedded programs are
// disassembled with their source lines.
#include "tools/basalt/Commands.h"

#include "compiler/neurocore/embedded/Disassemble.h"
#include "runtime/native/Error.h"
#include "runtime/native/Output.h"
#include "runtime/neurocore/ImageFile.h"
#include "runtime/neurocore/Inspect.h"

#include "llvm/Support/MemoryBuffer.h"
#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;

static std::string disassembleEmbedded(const nc::Image &image, uint32_t number) {
  const std::vector<uint8_t> &bytes = image.embedded[number].object;
  std::string error;
  llvm::FailureOr<std::string> text =
      neurocore::disassemble({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, &error);
  return failed(text) ? error + "\n" : *text;
}

/// The bytes of the file that names the image.
static std::string idOf(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  return buffer ? nc::imageId((*buffer)->getBuffer()) : "";
}

int basalt::driver::inspect(const Arguments &arguments) {
  rt::FileOutput output(STDOUT_FILENO, "standard output");
  nc::Image image = nc::readImageFile(arguments.images[0]);
  int code = rt::kDone;
  if (arguments.images.size() == 2) {
    std::string differences = nc::compareImages(image, nc::readImageFile(arguments.images[1]));
    output.write(differences);
    code = differences.empty() ? rt::kDone : rt::kFailed;
  } else if (arguments.json) {
    output.write(nc::inspectJson(image, idOf(arguments.images[0])));
  } else {
    output.write(
        nc::inspectText(image, idOf(arguments.images[0]), {arguments.all, disassembleEmbedded}));
  }
  output.flush();
  return code;
}
