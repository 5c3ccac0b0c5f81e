// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A check that has become needless is stopped.
#include "tools/basalt/lsp/Checks.h"

#include "llvm/ADT/STLExtras.h"

using namespace basalt::lsp;

/// For so long nobody must have typed.
static constexpr auto pauseBefore = std::chrono::milliseconds(150);

bool Checks::reads(const std::string &root, const std::string &file) const {
  auto it = found.find(root);
  return root == file || it == found.end() || llvm::is_contained(it->second.files, file);
}

void Checks::request(const std::string &file) {
  for (const auto &[root, document] : workspace.opened())
    if (reads(root, file)) {
      waiting.insert(root);
      if (running && running->file() == root)
        running.reset();
    }
  due = Clock::now() + pauseBefore;
}

void Checks::changed(const std::string &file) { request(file); }

void Checks::closed(const std::string &file) {
  waiting.erase(file);
  if (running && running->file() == file)
    running.reset();
  replace(file, {});
  found.erase(file);
  request(file); // from now on the file counts
}

std::optional<Background::Clock::time_point> Checks::deadline() const {
  if (running)
    return running->deadline();
  return waiting.empty() ? std::nullopt : std::optional(due);
}

void Checks::start() {
  CheckRequest request;
  request.file = *waiting.begin();
  waiting.erase(waiting.begin());
  for (const auto &[path, document] : workspace.opened())
    request.buffers.emplace_back(path, document->text().str());
  running = std::make_unique<Check>(request, checker);
}

void Checks::replace(const std::string &root, Report report) {
  std::set<std::string> files;
  auto note = [&](const Report &of) {
    for (const Message &message : of.messages)
      if (!message.file.empty())
        files.insert(Workspace::canonical(message.file));
  };
  note(found[root]);
  note(report);
  // While there are errors less is known of instances; what was known before helps more.
  if (report.members.empty())
    report.members = std::move(found[root].members);
  found[root] = std::move(report);
  // The text that was checked comes last: then all has been said.
  files.erase(root);
  for (const std::string &file : files)
    publish(file);
  publish(root);
}

void Checks::finish() {
  std::unique_ptr<Check> done = std::move(running);
  replace(done->file(), done->report());
}

void Checks::wake() {
  if (running && running->read())
    finish();
  // Too long is as if it had crashed: what has been said until then counts.
  if (running && Clock::now() >= running->deadline())
    finish();
  if (!running && !waiting.empty() && Clock::now() >= due)
    start();
}
