// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Profiles as traces: a lane for each thread, on it the parts of the program; on that of the first
// also the steps and phases that they are parts of.
#include "runtime/native/Profile.h"

#include <fmt/format.h>

using namespace basalt::rt;

/// A JSON string.
static std::string quoted(const std::string &text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      result += fmt::format("\\u{:04x}", int(c));
    else
      result += c;
  }
  return result + "\"";
}

namespace {
class TraceWriter {
public:
  explicit TraceWriter(const Profile &profile) : profile(profile) {}

  std::string write();

private:
  void name(const char *what, unsigned thread, const std::string &name);
  void event(const std::string &name, const char *category, unsigned thread, uint64_t begin,
             uint64_t end);
  void step(size_t first, size_t last);
  void lane(unsigned thread);

  const Profile &profile;
  std::string text;
};
} // namespace

void TraceWriter::name(const char *what, unsigned thread, const std::string &name) {
  text += fmt::format(R"({{"ph":"M","pid":1,"tid":{},"name":"{}","args":{{"name":{}}}}},)"
                      "\n",
                      thread, what, quoted(name));
}

void TraceWriter::event(const std::string &name, const char *category, unsigned thread,
                        uint64_t begin, uint64_t end) {
  double from = profile.microseconds(begin), until = profile.microseconds(end);
  text +=
      fmt::format(R"({{"ph":"X","pid":1,"tid":{},"name":{},"cat":"{}","ts":{:.3f},"dur":{:.3f}}},)"
                  "\n",
                  thread, quoted(name), category, from, until - from);
}

/// The slices from `first` to before `last` of the first thread are a step: it, and its phases.
void TraceWriter::step(size_t first, size_t last) {
  const std::vector<Slice> &slices = profile.slices(0);
  event(fmt::format("time step {}", profile.stepOfSample(slices[first].sample)), "step", 0,
        slices[first].begin, slices[last - 1].end);
  std::string phase;
  uint64_t begin = 0, end = 0;
  auto finish = [&] {
    if (!phase.empty())
      event(phase, "phase", 0, begin, end);
  };
  for (size_t i = first; i < last; ++i) {
    std::string own = profile.partInfo(slices[i].part).phase;
    bool isWaiting = slices[i].part == profile.numberOf(CommonPart::Waiting);
    if (!isWaiting && own != phase) {
      finish();
      phase = own;
      begin = slices[i].begin;
    }
    end = slices[i].end;
  }
  finish();
}

void TraceWriter::lane(unsigned thread) {
  const std::vector<Slice> &slices = profile.slices(thread);
  for (size_t first = 0, last = 0; thread == 0 && first < slices.size(); first = last) {
    while (last < slices.size() && slices[last].sample == slices[first].sample)
      ++last;
    step(first, last);
  }
  for (const Slice &slice : slices) {
    PartInfo info = profile.partInfo(slice.part);
    std::string what = info.what;
    if (what.empty() || slice.part == profile.numberOf(CommonPart::Between))
      continue; // nothing but the phase, or the step
    bool isWaiting = slice.part == profile.numberOf(CommonPart::Waiting);
    event(*info.instance ? std::string(info.instance) + ": " + what : what,
          isWaiting ? "waiting" : "process", thread, slice.begin, slice.end);
  }
}

std::string TraceWriter::write() {
  text = "{\"traceEvents\":[\n";
  name("process_name", 0, profile.name());
  for (unsigned thread = 0; thread < profile.threads(); ++thread)
    name("thread_name", thread, "thread " + std::to_string(thread + 1));
  for (unsigned thread = 0; thread < profile.threads(); ++thread)
    lane(thread);
  text.resize(text.size() - 2); // the last comma
  text += fmt::format("\n],\n\"displayTimeUnit\":\"ns\",\n\"otherData\":{{\"steps\":\"{}\","
                      "\"measured\":\"{}\",\"traced\":\"1 of {} that were measured\"}}}}\n",
                      profile.steps(), profile.measuredSteps(), profile.traceStride());
  return text;
}

std::string basalt::rt::traceText(const Profile &profile) { return TraceWriter(profile).write(); }
