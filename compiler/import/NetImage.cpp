// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All of them are Conv or NetxConvT; pools are these with one kernel for each channel.
#include "compiler/import/NetImage.h"

#include "compiler/import/NetWeights.h"

#include <algorithm>

namespace basalt::import {

using Shape = std::vector<int64_t>;

bool isImageType(const std::string &type) {
  return type == "conv" || type == "pool" || type == "convT" || type == "unpool";
}

namespace {
class ImageReader {
public:
  ImageReader(const NetReader &layer, const std::string &type, const Shape &input)
      : layer(layer), type(type), input(input), isPool(type == "pool" || type == "unpool"),
        isTransposed(type == "convT" || type == "unpool") {}

  std::optional<NetSynapse> read();

private:
  std::optional<rt::NpyArray> readWeight();
  bool checkChannels(const Shape &form);
  bool checkPool(const Shape &form);
  rt::NpyArray kernels(const rt::NpyArray &weight) const;
  int64_t extent(size_t axis, int64_t kernel) const;

  const NetReader &layer;
  const std::string &type;
  const Shape &input;
  bool isPool, isTransposed;
  Shape stride, padding, dilation;
  int64_t groups = 1;
};
} // namespace

/// Four axes: targets, sources of a group, height and width; of a transposed one sources come
/// first.
std::optional<rt::NpyArray> ImageReader::readWeight() {
  std::optional<rt::NpyArray> weight = layer.integers("weight");
  if (!weight)
    return std::nullopt;
  if (weight->shape.size() == 5 && weight->shape.back() == 1)
    weight->shape.pop_back();
  if (weight->shape.size() == 4)
    return weight;
  layer.error("weight", "has the shape " + spell(weight->shape) +
                            ", expected targets, sources of a group, height and width");
  return std::nullopt;
}

bool ImageReader::checkChannels(const Shape &form) {
  bool fits = input.size() == 3;
  if (isPool)
    fits = fits && form[0] == 1 && form[1] == 1;
  else if (isTransposed)
    fits = fits && input[2] == form[0] && form[0] % groups == 0;
  else
    fits = fits && input[2] == form[1] * groups && form[0] % groups == 0;
  if (!fits)
    layer.error("weight", "has the shape " + spell(form) + " with " + std::to_string(groups) +
                              " groups, which does not fit what comes, (x, y, channels) " +
                              spell(input));
  return fits;
}

/// slayer moves the window over all channels in one column. They stay apart if windows fill each of
/// them side by side, which is what a pool is. It adds zeros at the end if the last one would not
/// be full; here they are as well at the begin, where a larger kernel does not see them.
bool ImageReader::checkPool(const Shape &form) {
  for (size_t axis : {0, 1}) {
    int64_t kernel = form[3 - axis], more = isTransposed ? 0 : input[axis] % kernel;
    bool fits = stride[axis] == kernel && padding[axis] == 0 && dilation[axis] == 1 &&
                (input[axis] + more) % (isTransposed ? 1 : kernel) == 0;
    padding[axis] = more;
    if (fits)
      continue;
    layer.error("type", "is '" + type + "' with windows that do not fill (x, y) side by side: " +
                            std::to_string(kernel) + " of " + std::to_string(input[axis]) +
                            ", one each " + std::to_string(stride[axis]) +
                            "; slayer mixes channels then");
    return false;
  }
  return true;
}

/// (O, x, y, I) for the process, which turns kernels of Conv, and whose transposed ones are not
/// turned.
rt::NpyArray ImageReader::kernels(const rt::NpyArray &weight) const {
  const Shape &form = weight.shape;
  int64_t height = form[2], width = form[3];
  if (isPool) {
    int64_t top = padding[1], left = padding[0];
    std::vector<int64_t> values;
    for (int64_t channel = 0; channel < input[2]; ++channel)
      for (int64_t y = -top; y < height; ++y)
        for (int64_t x = -left; x < width; ++x)
          values.push_back(y < 0 || x < 0 ? 0 : weight.intAt(size_t(y * width + x)));
    return toLavaKernel(makeArray({input[2], 1, height + top, width + left}, values),
                        /*isTurned=*/!isTransposed);
  }
  if (!isTransposed)
    return toLavaKernel(weight, /*isTurned=*/true);
  // (I, O of a group, ...) as (O, I of a group, ...).
  int64_t sources = form[0] / groups, targets = form[1];
  std::vector<int64_t> values;
  for (int64_t target = 0; target < targets * groups; ++target)
    for (int64_t source = 0; source < sources; ++source)
      for (int64_t i = 0; i < height * width; ++i) {
        int64_t from = target / targets * sources + source;
        values.push_back(
            weight.intAt(size_t((from * targets + target % targets) * height * width + i)));
      }
  return toLavaKernel(makeArray({targets * groups, sources, height, width}, values),
                      /*isTurned=*/false);
}

/// What comes out along an axis; less than 1: nothing.
int64_t ImageReader::extent(size_t axis, int64_t kernel) const {
  int64_t reach = dilation[axis] * (kernel - 1);
  if (isTransposed)
    return (input[axis] - 1) * stride[axis] - 2 * padding[axis] + reach + 1;
  int64_t room = input[axis] + 2 * padding[axis] - reach - 1;
  return room < 0 ? 0 : room / stride[axis] + 1;
}

std::optional<NetSynapse> ImageReader::read() {
  padding = layer.pair("padding", 0, 0);
  dilation = layer.pair("dilation", 1, 1);
  stride = layer.pair("stride", 1, 1);
  std::optional<rt::NpyArray> weight = readWeight();
  groups = layer.has("groups") ? layer.integer("groups", 1, 1 << 20).value_or(1) : 1;
  if (!weight || !checkChannels(weight->shape) || (isPool && !checkPool(weight->shape)))
    return std::nullopt;
  const Shape &form = weight->shape;
  NetSynapse result;
  for (size_t axis : {0, 1}) {
    int64_t kernel = form[3 - axis] + (isPool ? padding[axis] : 0);
    result.output.push_back(extent(axis, kernel));
    if (result.output.back() < 1) {
      layer.error("weight", "is a kernel larger than what comes, (x, y, channels) " + spell(input));
      return std::nullopt;
    }
    if (isTransposed && padding[axis] > dilation[axis] * (kernel - 1)) {
      layer.error("padding", "is more than a kernel reaches, which is not supported");
      return std::nullopt;
    }
  }
  if (isPool)
    groups = input[2];
  result.output.push_back(isPool ? input[2] : isTransposed ? form[1] * groups : form[0]);
  if (isTooLarge(result.output)) {
    layer.error("padding",
                "makes (x, y, channels) " + spell(result.output) + ", which is too large");
    return std::nullopt;
  }
  result.className = isTransposed ? "NetxConvT" : "Conv";
  result.values = {{"input_shape", spell(input)}, {"weight", kernels(*weight)}};
  auto add = [&](const char *name, const Shape &value, int64_t usual) {
    if (value != Shape(2, usual))
      result.values.push_back({name, spell(value)});
  };
  add("stride", stride, 1);
  add("padding", padding, 0);
  add("dilation", dilation, 1);
  if (groups != 1)
    result.values.push_back({"groups", std::to_string(groups)});
  return result;
}

std::optional<NetSynapse> readNetImage(const NetReader &layer, const std::string &type,
                                       const Shape &input) {
  return ImageReader(layer, type, input).read();
}

} // namespace basalt::import
