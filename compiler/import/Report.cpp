// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names from a file have been made printable (Hdf5Tree.cpp).
#include "compiler/import/Report.h"

namespace basalt::import {

static constexpr size_t maxErrors = 20;

std::string format(const std::vector<Message> &messages, const std::string &file) {
  std::string result;
  size_t errors = 0;
  for (const Message &message : messages) {
    bool isError = message.kind == Message::Kind::Error;
    if (isError && ++errors > maxErrors)
      continue;
    const char *kind = isError                                  ? "error"
                       : message.kind == Message::Kind::Warning ? "warning"
                                                                : "remark";
    result += file + ": " + kind + ": " + message.text + "\n";
  }
  if (errors > maxErrors)
    result += "error: " + std::to_string(errors - maxErrors) +
              (errors - maxErrors == 1 ? " more error is" : " more errors are") + " not shown\n";
  return result;
}

} // namespace basalt::import
