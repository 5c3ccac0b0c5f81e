// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Targets as text of one form: a line for each number, parts of a line with tabs between them.
#include "runtime/neurocore/Target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace basalt::nc {

static constexpr std::string_view kFirstLine = "basalt-target 1";
/// Far above that of any target that fits the table of fields.
static constexpr size_t kMostBytes = size_t(1) << 20;

/// Control characters have a meaning in the text, so they are not in its parts.
static std::string plain(std::string_view text) {
  std::string result(text);
  for (char &c : result)
    if ((unsigned char)c < 0x20)
      c = ' ';
  return result;
}

/// The shortest text that brings the number back.
static std::string formatCost(double value) {
  char buffer[40];
  for (int digits = 6; digits <= 17; ++digits) {
    std::snprintf(buffer, sizeof(buffer), "%.*g", digits, value);
    if (std::strtod(buffer, nullptr) == value)
      break;
  }
  return buffer;
}

static std::string provenanceText(const Provenance &provenance) {
  return std::string("\t") + statusName(provenance.status) + "\t" + plain(provenance.source);
}

std::string canonicalText(const Target &target) {
  std::string text = std::string(kFirstLine) + "\nname\t" + plain(target.name) + "\ndoc\t" +
                     plain(target.doc) + "\n";
  for (const auto &[tag, source] : target.sources)
    text += "source\t" + plain(tag) + "\t" + plain(source) + "\n";
  for (const Field &field : fields()) {
    auto known = target.provenance.find(field.path);
    text += std::string("field\t") + field.path + "\t" + field.get(target) +
            provenanceText(known == target.provenance.end() ? Provenance() : known->second) + "\n";
  }
  for (const CostTable &table : target.costs)
    for (const auto &[name, cost] : table.costs)
      text += "cost\t" + plain(table.name) + "\t" + name + "\t" + formatCost(cost.value) +
              provenanceText(cost.provenance) + "\n";
  return text;
}

namespace {
class Parser {
public:
  Parser(std::string_view text, std::string &error) : text(text), error(error) {}
  std::optional<Target> parse();

private:
  using Parts = std::vector<std::string_view>;

  bool parseLine(std::string_view line);
  bool parseField(const Parts &parts);
  bool parseCost(const Parts &parts);
  bool parseProvenance(const Parts &parts, size_t at, Provenance &provenance);
  bool fail(const std::string &message) {
    error = "target: line " + std::to_string(line) + ": " + message;
    return false;
  }

  std::string_view text;
  std::string &error;
  unsigned line = 0;
  Target target;
};
} // namespace

static std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (true) {
    size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + separator.size());
  }
}

bool Parser::parseProvenance(const Parts &parts, size_t at, Provenance &provenance) {
  std::optional<Status> status = statusNamed(parts[at]);
  if (!status)
    return fail("unknown status '" + std::string(parts[at]) + "'");
  provenance = {*status, std::string(parts[at + 1])};
  return true;
}

bool Parser::parseField(const Parts &parts) {
  const Field *field = findField(parts[1]);
  if (!field)
    return fail("unknown field '" + std::string(parts[1]) + "'");
  std::string_view value = parts[2];
  bool isList = value.size() >= 2 && value.front() == '[' && value.back() == ']';
  if (isList)
    value = value.substr(1, value.size() - 2);
  std::vector<int64_t> values;
  for (std::string_view item : split(value, ", ")) {
    if (isList && value.empty())
      break;
    std::optional<int64_t> number = numberOf(*field, item);
    if (!number)
      return fail("'" + std::string(item) + "' is no value of '" + field->path + "'");
    values.push_back(*number);
  }
  if (!isAllowed(*field, values))
    return fail("expected " + describeValues(*field) + " for '" + field->path + "', found " +
                std::string(parts[2]));
  field->set(target, values);
  return parseProvenance(parts, 3, target.provenance[field->path]);
}

bool Parser::parseCost(const Parts &parts) {
  const auto &known = costQuantities();
  if (std::none_of(known.begin(), known.end(),
                   [&](const CostQuantity &quantity) { return parts[2] == quantity.name; }))
    return fail("unknown cost '" + std::string(parts[2]) + "'");
  if (target.costs.empty() || target.costs.back().name != parts[1])
    target.costs.push_back({std::string(parts[1]), {}});
  CostTable::Cost &cost = target.costs.back().costs[std::string(parts[2])];
  cost.value = std::strtod(std::string(parts[3]).c_str(), nullptr);
  if (!(cost.value >= 0 && cost.value < 1e18))
    return fail("'" + std::string(parts[3]) + "' is no cost");
  return parseProvenance(parts, 4, cost.provenance);
}

bool Parser::parseLine(std::string_view content) {
  Parts parts = split(content, "\t");
  if (parts[0] == "name" && parts.size() == 2)
    target.name = parts[1];
  else if (parts[0] == "doc" && parts.size() == 2)
    target.doc = parts[1];
  else if (parts[0] == "source" && parts.size() == 3)
    target.sources[std::string(parts[1])] = parts[2];
  else if (parts[0] == "field" && parts.size() == 5)
    return parseField(parts);
  else if (parts[0] == "cost" && parts.size() == 6)
    return parseCost(parts);
  else
    return fail("unknown entry '" + std::string(parts[0].substr(0, 40)) + "'");
  return true;
}

std::optional<Target> Parser::parse() {
  if (text.size() > kMostBytes) {
    error = "target: " + std::to_string(text.size()) + " bytes are too many";
    return std::nullopt;
  }
  std::vector<std::string_view> lines = split(text, "\n");
  if (lines[0] != kFirstLine) {
    error = "target: the text is of a version that is not known";
    return std::nullopt;
  }
  for (line = 2; line < lines.size(); ++line)
    if (!parseLine(lines[line - 1]))
      return std::nullopt;
  // Whatever is missing, there twice, in another order or written in another way.
  if (canonicalText(target) != text) {
    error = "target: the text is not in the canonical form";
    return std::nullopt;
  }
  for (const Contradiction &contradiction : contradictions(target)) {
    error = "target: '" + contradiction.path + "': " + contradiction.message;
    return std::nullopt;
  }
  return std::move(target);
}

std::optional<Target> parseCanonicalText(std::string_view text, std::string *error) {
  std::string ignored;
  return Parser(text, error ? *error : ignored).parse();
}

} // namespace basalt::nc
