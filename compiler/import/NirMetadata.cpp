// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Other tools may have keys of these names for something else, so what is not understood is no
// error, but for a time step that cannot be one.
#include "compiler/import/NirMetadata.h"

#include "compiler/import/Network.h"
#include "compiler/import/NirOptions.h"

#include <algorithm>

namespace basalt::import {

namespace {
class MetadataReader {
public:
  MetadataReader(const Hdf5Node &metadata, Report &report) : metadata(metadata), report(report) {}

  NirMetadata read();

private:
  std::optional<double> number(const std::string &name);
  void readWord(const NirWord &word);
  std::vector<std::string> names(const std::string &name, size_t columns);
  void ignore(const Hdf5Node &data, const std::string &expected) {
    report.warning("'" + data.path + "' is not " + expected + "; it is ignored");
  }

  const Hdf5Node &metadata;
  Report &report;
  NirMetadata result;
};
} // namespace

std::optional<double> MetadataReader::number(const std::string &name) {
  const Hdf5Node *data = metadata.find(name);
  if (!data)
    return std::nullopt;
  if (data->kind != Hdf5Node::Kind::Numbers || data->numbers.size() != 1) {
    ignore(*data, "a number");
    return std::nullopt;
  }
  return numberAt(data->numbers, 0);
}

void MetadataReader::readWord(const NirWord &word) {
  const Hdf5Node *data = metadata.find(word.name);
  if (!data)
    return;
  bool isString = data->kind == Hdf5Node::Kind::Strings && data->strings.size() == 1;
  if (isString && std::count(word.choices->begin(), word.choices->end(), data->strings.front())) {
    result.words[word.name] = data->strings.front();
    return;
  }
  std::string list;
  for (const std::string &choice : *word.choices)
    list += (list.empty() ? "'" : " or '") + choice + "'";
  ignore(*data, list);
}

std::vector<std::string> MetadataReader::names(const std::string &name, size_t columns) {
  const Hdf5Node *data = metadata.find(name);
  if (!data)
    return {};
  const std::vector<int64_t> &shape = data->numbers.shape;
  bool fits = data->kind == Hdf5Node::Kind::Strings && shape.size() == columns &&
              (columns == 1 || shape.back() == int64_t(columns));
  if (fits)
    return data->strings;
  ignore(*data, columns == 1 ? "a list of names" : "two columns of names, source and target");
  return {};
}

NirMetadata MetadataReader::read() {
  result.dt = number("dt");
  constexpr double longest = 1e6;
  if (result.dt && !(*result.dt > 0 && *result.dt <= longest)) {
    report.error("'" + metadata.path +
                 "/dt' must be the seconds of a time step, more than 0, found " +
                 spell(*result.dt));
    result.dt.reset();
  }
  if (std::optional<double> latency = number("latency")) {
    if (*latency == 0 || *latency == 1)
      result.latency = int(*latency);
    else
      ignore(*metadata.find("latency"), "0 or 1");
  }
  for (const NirWord &word : nirWords)
    readWord(word);
  result.feedback = names("feedback", 2);
  result.sources = names("sources", 1);
  return std::move(result);
}

NirMetadata readNirMetadata(const Hdf5Node &group, Report &report) {
  const Hdf5Node *metadata = group.find("metadata");
  if (!metadata)
    return {};
  if (!metadata->isGroup()) {
    report.warning("'" + metadata->path + "' is not a group; it is ignored");
    return {};
  }
  return MetadataReader(*metadata, report).read();
}

} // namespace basalt::import
