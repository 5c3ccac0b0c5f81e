// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chips side by side as they stand on the board, routers row by row, cores of a router together.
#include "compiler/neurocore/report/CoreMap.h"

#include "compiler/neurocore/report/Table.h"
#include "runtime/neurocore/Verify.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <optional>
#include <set>

namespace basalt::neurocore {

/// More arcs than this are a blot: those with the least traffic are left out, and it is said.
static constexpr size_t kMostArcs = 1000;

namespace {
/// The cores of an image with what maps show of them.
class CoreMap {
public:
  CoreMap(const nc::Image &image, const nc::Target &target);

  std::string text() const;
  std::string svg(const Traffic &traffic) const;

private:
  struct Point {
    int64_t x, y;
  };

  std::string placeText(uint32_t number) const;
  std::string loadText(uint32_t number) const;
  std::string contentText(uint32_t number, const char *between) const;
  std::string chipText(int64_t chip) const;
  std::optional<uint32_t> numberAt(int64_t chip, int64_t core) const;
  Point cornerOf(int64_t chip, int64_t core) const;
  Point chipCorner(int64_t chip) const;
  std::string coreSvg(int64_t chip, int64_t core) const;
  std::string arcsSvg(const Traffic &traffic) const;
  int64_t routerWidth() const { return side * kCell + kGap; }
  int64_t chipWidth() const { return target.chip.gridX * routerWidth() + 2 * kGap; }
  int64_t chipHeight() const {
    return target.chip.gridY * (rows * kCell + kGap) + 2 * kGap + kTitle;
  }

  static constexpr int64_t kCell = 22, kGap = 10, kTitle = 18;

  const nc::Image &image;
  const nc::Target &target;
  std::vector<nc::Load> loads;
  std::set<int64_t> chips;
  std::map<std::pair<int64_t, int64_t>, uint32_t> numbers;
  int64_t side = 1, rows = 1; ///< of the cores of a router
};
} // namespace

CoreMap::CoreMap(const nc::Image &image, const nc::Target &target) : image(image), target(target) {
  for (auto [number, core] : llvm::enumerate(image.cores)) {
    loads.push_back(nc::loadOf(nc::usageOf(nc::useOf(image, core), target), target));
    chips.insert(core.chip);
    numbers[{core.chip, core.core}] = uint32_t(number);
  }
  int64_t each = std::max<int64_t>(1, target.chip.coresPerRouter);
  side = int64_t(std::ceil(std::sqrt(double(each))));
  rows = (each + side - 1) / side;
}

std::optional<uint32_t> CoreMap::numberAt(int64_t chip, int64_t core) const {
  auto it = numbers.find({chip, core});
  return it == numbers.end() ? std::nullopt : std::optional<uint32_t>(it->second);
}

std::string CoreMap::placeText(uint32_t number) const {
  const nc::Core &core = image.cores[number];
  return std::to_string(core.chip) + "." + std::to_string(core.core);
}

std::string CoreMap::loadText(uint32_t number) const {
  return numberText(100 * loads[number].share) + " % of " +
         nc::resourceName(loads[number].resource);
}

/// `a 0..99, b 0..7`.
std::string CoreMap::contentText(uint32_t number, const char *between) const {
  std::string text;
  for (const nc::Group &group : image.cores[number].groups) {
    text += (text.empty() ? "" : between) + group.name + " ";
    text += group.elements.empty()
                ? std::to_string(group.firstElement) + ".." +
                      std::to_string(uint64_t(group.firstElement) + group.count - 1)
                : std::to_string(group.count) + " neurons";
  }
  return text;
}

//===-- Text
//-------------------------------------------------------------------------------------===//

/// A character a core: tenths of its load, `#` if it is as good as full, `.` if nothing is there.
std::string CoreMap::chipText(int64_t chip) const {
  std::string text = "chip " + std::to_string(chip) + "\n";
  int64_t each = std::max<int64_t>(1, target.chip.coresPerRouter);
  for (int64_t y = 0; y < target.chip.gridY; ++y) {
    text += " ";
    for (int64_t x = 0; x < target.chip.gridX; ++x) {
      text += " ";
      for (int64_t i = 0; i < each; ++i) {
        int64_t core = (y * target.chip.gridX + x) * each + i;
        std::optional<uint32_t> number = numberAt(chip, core);
        auto tenths = number ? int(10 * loads[*number].share) : 0;
        text += core >= target.chip.cores ? ' '
                : !number                 ? '.'
                : tenths >= 10            ? '#'
                                          : char('0' + tenths);
      }
    }
    text += "\n";
  }
  return text;
}

std::string CoreMap::text() const {
  std::string text = "'" + image.name + "' on " + target.name +
                     ": routers with their cores, in tenths of the limit that a core is nearest "
                     "to; # full, . unused\n\n";
  for (int64_t chip : chips)
    text += chipText(chip) + "\n";
  Table table({"core", "load", "neurons"});
  for (uint32_t number = 0; number < image.cores.size(); ++number)
    table.add({placeText(number), loadText(number), contentText(number, ", ")});
  return text + table.text();
}

//===-- SVG
//--------------------------------------------------------------------------------------===//

static std::string escaped(llvm::StringRef text) {
  std::string result;
  for (char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

CoreMap::Point CoreMap::chipCorner(int64_t chip) const {
  int64_t chipsX = std::max<int64_t>(1, target.board.chipsX);
  return {kGap + chip % chipsX * (chipWidth() + kGap),
          kGap + chip / chipsX * (chipHeight() + kGap)};
}

CoreMap::Point CoreMap::cornerOf(int64_t chip, int64_t core) const {
  int64_t each = std::max<int64_t>(1, target.chip.coresPerRouter);
  int64_t router = core / each, inside = core % each;
  Point corner = chipCorner(chip);
  return {corner.x + kGap + router % target.chip.gridX * routerWidth() + inside % side * kCell,
          corner.y + kGap + kTitle + router / target.chip.gridX * (rows * kCell + kGap) +
              inside / side * kCell};
}

std::string CoreMap::coreSvg(int64_t chip, int64_t core) const {
  Point corner = cornerOf(chip, core);
  std::optional<uint32_t> number = numberAt(chip, core);
  std::string colour = "#fff",
              title = std::to_string(chip) + "." + std::to_string(core) + ": unused";
  if (number) {
    // One hue, darker with the load, so that it is seen without colours, too.
    double light = 92 - 60 * std::min(1.0, loads[*number].share);
    colour = llvm::formatv("hsl(212, 75%, {0}%)", int(light)).str();
    title = placeText(*number) + ": " + loadText(*number) + "\n" + contentText(*number, "\n");
  }
  return llvm::formatv("<rect class=\"core\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{2}\" "
                       "fill=\"{3}\"><title>{4}</title></rect>\n",
                       corner.x, corner.y, kCell - 2, colour, escaped(title))
      .str();
}

std::string CoreMap::arcsSvg(const Traffic &traffic) const {
  std::vector<std::pair<uint64_t, std::pair<uint32_t, uint32_t>>> arcs;
  for (const auto &[cores, messages] : traffic)
    if (cores.first != cores.second && messages > 0)
      arcs.push_back({messages, cores});
  llvm::stable_sort(arcs, [](const auto &a, const auto &b) { return a.first > b.first; });
  size_t all = arcs.size();
  arcs.resize(std::min(all, kMostArcs));
  std::string text;
  // Those with most traffic last, on top.
  for (const auto &[messages, cores] : llvm::reverse(arcs)) {
    const nc::Core &from = image.cores[cores.first], &to = image.cores[cores.second];
    Point a = cornerOf(from.chip, from.core), b = cornerOf(to.chip, to.core);
    int64_t half = kCell / 2 - 1;
    double share = double(messages) / double(arcs.front().first);
    // Bent to one side as seen from the source, so that both directions are apart.
    int64_t bendX = (a.x + b.x) / 2 + (b.y - a.y) / 5, bendY = (a.y + b.y) / 2 - (b.x - a.x) / 5;
    text +=
        llvm::formatv("<path class=\"arc\" d=\"M{0} {1}Q{2} {3} {4} {5}\" stroke-width=\"{6:f2}\" "
                      "stroke-opacity=\"{7:f2}\"><title>{8} to {9}: {10} messages</title></path>\n",
                      a.x + half, a.y + half, bendX + half, bendY + half, b.x + half, b.y + half,
                      0.5 + 2.5 * share, 0.15 + 0.5 * share, placeText(cores.first),
                      placeText(cores.second), messages)
            .str();
  }
  if (all > arcs.size())
    text +=
        llvm::formatv("<!-- the {0} arcs with most messages of {1} -->\n", arcs.size(), all).str();
  return text;
}

std::string CoreMap::svg(const Traffic &traffic) const {
  int64_t width = 0, height = 0;
  std::string chipsText;
  for (int64_t chip : chips) {
    Point corner = chipCorner(chip);
    width = std::max(width, corner.x + chipWidth() + kGap);
    height = std::max(height, corner.y + chipHeight() + kGap);
    chipsText += llvm::formatv("<rect class=\"chip\" x=\"{0}\" y=\"{1}\" width=\"{2}\" "
                               "height=\"{3}\"/><text x=\"{4}\" y=\"{5}\">chip {6}</text>\n",
                               corner.x, corner.y, chipWidth(), chipHeight(), corner.x + kGap,
                               corner.y + kTitle, chip)
                     .str();
    for (int64_t core = 0; core < target.chip.cores; ++core)
      chipsText += coreSvg(chip, core);
  }
  return llvm::formatv("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
                       "width=\"{0}\" height=\"{1}\">\n",
                       width, height)
             .str() +
         "<style>text{font:12px sans-serif;fill:#444}.chip{fill:#f6f6f6;stroke:#bbb}"
         ".core{stroke:#999;stroke-width:.5}.arc{fill:none;stroke:#c33}"
         ".arc:hover{stroke:#000;stroke-opacity:1}</style>\n" +
         chipsText + arcsSvg(traffic) + "</svg>\n";
}

std::string mapText(const nc::Image &image, const nc::Target &target) {
  return CoreMap(image, target).text();
}

std::string mapSvg(const nc::Image &image, const nc::Target &target, const Traffic &traffic) {
  return CoreMap(image, target).svg(traffic);
}

std::string mapHtml(const nc::Image &image, const nc::Target &target, const Traffic &traffic) {
  std::string title = escaped("'" + image.name + "' on " + target.name);
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title +
         "</title></head>\n<body style=\"font-family:sans-serif\">\n<h1>" + title +
         "</h1>\n<p>The darker a core, the nearer it is to one of its limits. Arcs are messages, "
         "bent to the left as seen from where they come from. Names are behind the mouse.</p>\n" +
         mapSvg(image, target, traffic) + "</body></html>\n";
}

} // namespace basalt::neurocore
