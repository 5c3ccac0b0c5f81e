// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of values against NumPy's own (format_golden.txt, from make_format_golden.py).
#include "runtime/native/Format.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <vector>

using namespace basalt::rt;

namespace {

/// A case of the golden table.
struct Golden {
  std::string type, text;
  std::vector<char> bytes;
  View view;
};

Element elementNamed(const std::string &type) {
  if (type == "bool")
    return {Kind::Bool, 1};
  return {type[0] == 'f' ? Kind::Float : Kind::Signed, uint8_t(std::stoi(type.substr(1)))};
}

std::string unescape(const std::string &text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    bool newline = text.compare(i, 2, "\\n") == 0;
    result += newline ? '\n' : text[i];
    i += newline;
  }
  return result;
}

Golden parseCase(const std::string &line) {
  std::istringstream stream(line);
  Golden golden;
  std::string shape, hex;
  stream >> golden.type >> shape >> hex;
  stream.get(); // one space
  std::getline(stream, golden.text);
  golden.text = unescape(golden.text);
  if (hex != "-")
    for (size_t i = 0; i < hex.size(); i += 2)
      golden.bytes.push_back(char(std::stoi(hex.substr(i, 2), nullptr, 16)));
  golden.view = {nullptr, elementNamed(golden.type), 0, {}}; // the bytes may move: see the test
  if (shape != "-") {
    std::istringstream extents(shape);
    for (std::string extent; std::getline(extents, extent, ',');)
      golden.view.shape[golden.view.rank++] = std::stoll(extent);
  }
  return golden;
}

TEST(Format, AgreesWithNumPy) {
  std::ifstream file(BASALT_TEST_FOLDER "/format_golden.txt");
  ASSERT_TRUE(file.is_open());
  int cases = 0, line = 0;
  for (std::string text; std::getline(file, text);) {
    ++line;
    Golden golden = parseCase(text);
    golden.view.data = golden.bytes.data();
    EXPECT_EQ(formatValue(golden.view), golden.text) << "format_golden.txt:" << line;
    ++cases;
  }
  EXPECT_GT(cases, 700);
}

// NumPy 2 compares with 0.0001 in the type of the array, NumPy 1 did in double.
TEST(Format, SmallestFixedSingle) {
  float value = 1e-4f;
  EXPECT_EQ(formatValue(view(&value, 1)), "[0.0001]");
  EXPECT_EQ(formatValue(scalar(value)), "1e-04");
}

TEST(Format, ScalarsInside) {
  EXPECT_EQ(formatValue(scalar(int64_t(-7))), "-7");
  EXPECT_EQ(formatValue(scalar(true)), "True");
  EXPECT_EQ(formatValue(scalar(uint8_t(0))), "False");
  EXPECT_EQ(formatValue(scalar(0.1f)), "0.1");
  EXPECT_EQ(formatValue(scalar(1e-5)), "1e-05");
  EXPECT_EQ(formatValue(scalar(100.0)), "100.0");
}

TEST(Format, NarrowStorage) {
  // Held sign-extended, whatever the kind: an unsigned read masks.
  int16_t twelve[2] = {-1, 5};
  View unsignedView = {twelve, {Kind::Unsigned, 12}, 1, {2}};
  EXPECT_EQ(formatValue(unsignedView), "[4095    5]");
  View signedView = {twelve, {Kind::Signed, 12}, 1, {2}};
  EXPECT_EQ(formatValue(signedView), "[-1  5]");
  uint8_t spikes[3] = {1, 0, 1};
  View spikeView = {spikes, {Kind::Unsigned, 1}, 1, {3}};
  EXPECT_EQ(formatValue(spikeView), "[1 0 1]");
  EXPECT_EQ(formatValue(view(spikes, 3)), "[ True False  True]");
}

TEST(Format, Text) {
  int64_t five = 5;
  View operands[] = {view(&five, 1), scalar(int64_t(1))};
  EXPECT_EQ(formatText("Value of var: {} at time step: {}", operands, 2),
            "Value of var: [5] at time step: 1");
  EXPECT_EQ(formatText("{{{}}} {{}}", operands, 2), "{[5]} {}");
  EXPECT_EQ(formatText("no operands {}", operands, 0), "no operands {}");
  EXPECT_EQ(formatText("", operands, 0), "");
}

} // namespace
