// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt schema`: the keys of the language, for editors that check YAML with a JSON Schema.
#include "compiler/frontend/yaml/JsonSchema.h"
#include "runtime/native/Error.h"
#include "runtime/native/Output.h"
#include "tools/basalt/Commands.h"
#include "llvm/Support/FormatVariadic.h"
#include <unistd.h>

using namespace basalt;

int basalt::driver::schema() {
  rt::FileOutput output(STDOUT_FILENO, "standard output");
  output.write(llvm::formatv("{0:2}\n", frontend::yaml::jsonSchema()).str());
  output.flush();
  return rt::kDone;
}
