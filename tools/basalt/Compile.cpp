// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt compile`: a program, or the IR on the way to it, into a file.
#include "tools/basalt/Commands.h"
#include "tools/basalt/MakeImage.h"
#include "tools/basalt/NativeProgram.h"
#include "tools/basalt/Session.h"
#include "tools/basalt/TemporaryFolder.h"
#include "tools/basalt/Toolchain.h"

#include "compiler/support/Files.h"
#include "compiler/support/Suggest.h"
#include "runtime/native/InitialData.h"
#include "runtime/native/Output.h"
#include "runtime/neurocore/ImageFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <unistd.h>

using namespace basalt;
using namespace basalt::driver;
namespace fs = llvm::sys::fs;

static void writeText(const std::string &text, const std::string &path) {
  if (path.empty()) {
    rt::FileOutput output(STDOUT_FILENO, "standard output");
    output.write(text);
    output.flush();
    return;
  }
  std::string reason;
  if (failed(writeFile(path, text, &reason)))
    throw rt::InputError(reason);
}

static std::string printIR(mlir::ModuleOp module, bool locations) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  mlir::OpPrintingFlags flags; // as MLIR's own options say
  if (locations)
    flags.enableDebugInfo();
  module.print(stream, flags);
  return text;
}

static int compileText(const Arguments &arguments, Stage stage) {
  Session session(arguments);
  std::string text;
  if (stage == Stage::Cpp) {
    NativeProgram program;
    if (rt::ExitCode code = makeNativeProgram(session, program); code != rt::kDone)
      return code;
    text = std::move(program.cpp);
  } else {
    if (rt::ExitCode code = session.advance(stage); code != rt::kDone)
      return code;
    text = printIR(session.module(), arguments.watch.printLocations);
  }
  writeText(text, arguments.output);
  return rt::kDone;
}

/// A folder beside `output`, so that what is made there can be renamed. Fails early if nothing can
/// be written there.
static std::string folderFor(const std::string &output) {
  if (output.empty())
    throw rt::UsageError("a program needs a file to be written to: give one with -o");
  fs::file_status status;
  if (!fs::status(output, status) && !fs::is_regular_file(status))
    throw rt::InputError("cannot write '" + output + "': it exists and is not a regular file");
  llvm::StringRef parent = llvm::sys::path::parent_path(output);
  return parent.empty() ? "." : parent.str();
}

/// What a library has in the place of a main program.
static constexpr llvm::StringLiteral kLibraryDoor =
    "\n// For programs that load this library.\n"
    "extern \"C\" const rt::Program *basalt_program() { return &kProgram; }\n";

static int compileBinary(const Arguments &arguments, BinaryKind kind) {
  TemporaryFolder folder(folderFor(arguments.output));
  Toolchain toolchain(arguments.native);
  Session session(arguments);
  NativeProgram program;
  if (rt::ExitCode code = makeNativeProgram(session, program); code != rt::kDone)
    return code;
  if (kind == BinaryKind::Library)
    program.cpp += kLibraryDoor;
  std::string source = folder.file("program.cpp"), binary = folder.file("program");
  writeText(program.cpp, source);
  toolchain.build(source, binary, kind);
  rt::appendInitialData(binary, program.initial);
  if (std::error_code error = fs::rename(binary, arguments.output))
    throw rt::InputError("cannot write '" + arguments.output + "': " + error.message());
  return rt::kDone;
}

static Stage parseStage(const std::string &name) {
  if (std::optional<Stage> stage = stageNamed(name))
    return *stage;
  std::string names;
  for (Stage stage : allStages())
    names += (names.empty() ? "" : ", ") + nameOf(stage).str();
  throw rt::UsageError("unknown stage '" + name + "', expected one of " + names +
                       didYouMean(name, llvm::map_to_vector(allStages(), nameOf)));
}

static int compileImage(const Arguments &arguments) {
  if (arguments.output.empty())
    throw rt::UsageError("an image needs a file to be written to: give one with -o");
  Session session(arguments);
  nc::Image image;
  if (rt::ExitCode code = makeImage(session, image); code != rt::kDone)
    return code;
  nc::writeImageFile(arguments.output, image);
  return rt::kDone;
}

int basalt::driver::compile(const Arguments &arguments) {
  bool isImage = arguments.platform == "neurocore";
  Stage stage = parseStage(!arguments.emit.empty() ? arguments.emit : isImage ? "image" : "exe");
  if (isImage && stage >= Stage::Lowered && stage != Stage::Image)
    throw rt::UsageError("the stage '" + nameOf(stage).str() +
                         "' is one of --target=native; that of neurocore ends with neurocore and "
                         "image");
  if (stage == Stage::Image)
    return compileImage(arguments);
  if (stage == Stage::Exe || stage == Stage::Lib)
    return compileBinary(arguments,
                         stage == Stage::Exe ? BinaryKind::Executable : BinaryKind::Library);
  return compileText(arguments, stage);
}
