// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Errors and warnings as the protocol has them: with ranges, and notes as related information.
#include "tools/basalt/lsp/Features.h"

#include "llvm/ADT/StringSet.h"

using namespace basalt::lsp;
namespace protocol = llvm::lsp;

/// From the place of a message to the end of the word there, or of the one character.
static protocol::Range rangeOf(const Message &message, const Document &document) {
  size_t begin = document.offsetAt(message.line, message.column);
  Span word = document.wordAt(begin);
  size_t end = std::max(word.end, begin + 1);
  if (begin >= document.text().size() || document.text()[begin] == '\n')
    end = begin;
  return document.rangeOf({begin, end});
}

static void addNotes(protocol::Diagnostic &diagnostic, const Message &message,
                     Workspace &workspace) {
  std::vector<protocol::DiagnosticRelatedInformation> related;
  for (const Message &note : message.notes) {
    const Document *document = note.file.empty() ? nullptr : workspace.find(note.file);
    std::optional<protocol::URIForFile> uri = document ? uriOf(document->path()) : std::nullopt;
    if (uri)
      related.emplace_back(protocol::Location(*uri, rangeOf(note, *document)), note.text);
    else
      diagnostic.message += "\n" + note.text;
  }
  if (!related.empty())
    diagnostic.relatedInformation = std::move(related);
}

std::vector<protocol::Diagnostic>
basalt::lsp::diagnosticsOf(Workspace &workspace, const Reports &reports, llvm::StringRef file) {
  std::vector<protocol::Diagnostic> diagnostics;
  const Document *document = workspace.find(file);
  if (!document)
    return diagnostics;
  llvm::StringSet<> known; // several checks find the same
  for (const auto &[root, report] : reports)
    for (const Message &message : report.messages) {
      // What is about no text is said of the one that was checked.
      bool isHere = message.file.empty() ? root == file : workspace.find(message.file) == document;
      if (!isHere)
        continue;
      protocol::Diagnostic diagnostic;
      diagnostic.range = rangeOf(message, *document);
      diagnostic.severity = message.severity;
      diagnostic.source = "basalt";
      diagnostic.message = message.text;
      addNotes(diagnostic, message, workspace);
      std::string key = std::to_string(message.line) + ":" + std::to_string(message.column) + ":";
      if (known.insert(key + message.text).second)
        diagnostics.push_back(std::move(diagnostic));
    }
  return diagnostics;
}
