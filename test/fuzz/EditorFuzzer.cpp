// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on the language server: all that an editor may ask of a text, at several places of it.
#include "tools/basalt/lsp/Features.h"

using namespace basalt::lsp;

/// The spans of an entry lie in the text and within each other.
static void check(const Entry &entry, size_t size) {
  for (Span span : {entry.keySpan, entry.valueSpan, entry.whole})
    if (span.begin > span.end || span.end > size)
      abort();
  for (const auto &child : entry.children)
    check(*child, size);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text(reinterpret_cast<const char *>(data), size);
  Workspace workspace("");
  workspace.open("/net.yaml", text);
  const Document &document = *workspace.find("/net.yaml");
  check(document.tree().root(), size);
  outline(document);
  size_t step = std::max<size_t>(size / 16, 1);
  for (size_t offset = 0; offset <= size; offset += step) {
    if (document.offsetOf(document.positionOf(offset)) > size)
      abort();
    definition(workspace, document, offset);
    hover(workspace, {}, document, offset);
    complete(workspace, document, offset);
  }
  return 0;
}
