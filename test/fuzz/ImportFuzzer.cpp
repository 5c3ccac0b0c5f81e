// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libFuzzer on trained networks: files of NIR and lava-dl become text, and that goes through the
// front end. An input is such a file, or the text of a tree (TreeText.h), in which a group
// `options` stands for the command line.
#include "compiler/frontend/Frontend.h"
#include "compiler/import/Import.h"
#include "compiler/import/NetConvert.h"
#include "compiler/import/NirConvert.h"
#include "compiler/support/Resources.h"
#include "runtime/native/Error.h"
#include "test/fuzz/Compile.h"
#include "test/fuzz/MemoryFile.h"
#include "test/fuzz/TextMutator.h"
#include "test/fuzz/TreeText.h"

#include <algorithm>

using namespace basalt;
using namespace basalt::fuzz;
using llvm::StringRef;

static constexpr StringRef signature = "\x89HDF";

static StringRef textOf(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

/// As the command line would take it; else there is none.
static std::optional<int64_t> numberOf(const import::Hdf5Node &options, const char *name,
                                       int64_t least, int64_t most) {
  const import::Hdf5Node *node = options.find(name);
  if (!node || node->kind != import::Hdf5Node::Kind::Numbers || node->numbers.kind != 'i' ||
      node->numbers.size() == 0)
    return std::nullopt;
  return std::clamp(node->numbers.intAt(0), least, most);
}

static std::string choiceOf(const import::Hdf5Node &options, const char *name,
                            const std::vector<std::string> &choices) {
  auto number = numberOf(options, name, 0, int64_t(choices.size()) - 1);
  return number ? choices[size_t(*number)] : "";
}

static import::ImportOptions optionsOf(const import::Hdf5Node &root) {
  import::ImportOptions result;
  const import::Hdf5Node *options = root.find("options");
  if (!options)
    return result;
  result.nir.preset = choiceOf(*options, "preset", import::nirPresets);
  result.nir.integrator = choiceOf(*options, "integrator", import::nirIntegrators);
  result.nir.reset = choiceOf(*options, "reset", import::nirResets);
  result.nir.cubaOrder = choiceOf(*options, "cuba_order", import::nirCubaOrders);
  result.nir.drive = choiceOf(*options, "drive", import::nirDrives);
  if (auto latency = numberOf(*options, "latency", 0, 1))
    result.nir.latency = int(*latency);
  if (auto microseconds = numberOf(*options, "dt", 1, 1'000'000'000'000))
    result.nir.dt = double(*microseconds) / 1e6;
  constexpr int64_t many = 1 << 30;
  result.net.resetInterval = numberOf(*options, "reset_interval", 1, many);
  result.net.resetOffset = numberOf(*options, "reset_offset", 0, many);
  result.net.spikeExp = numberOf(*options, "spike_exp", 0, 25);
  result.net.layers = numberOf(*options, "layers", 1, many);
  result.net.skipLayers = numberOf(*options, "skip_layers", 0, many);
  result.net.messageBits = numberOf(*options, "message_bits", 0, 32);
  if (auto side = numberOf(*options, "input_side", 1, 1 << 20))
    result.net.inputShape = {*side, *side, 1};
  return result;
}

static import::Imported convert(StringRef text) {
  import::Hdf5Node root = parseTree(text);
  import::ImportOptions options = optionsOf(root);
  import::Report report;
  const import::Hdf5Node *layers = root.find("layer");
  bool isNet = layers && layers->isGroup() && !root.find("node");
  auto *convert = isNet ? import::convertNet : import::convertNir;
  import::Network network = convert(root, "net.nir", options, report);
  import::Imported result;
  if (!report.hasErrors())
    result.network = import::writeNetwork(network, "net_data");
  result.messages = report.messages();
  return result;
}

static import::Imported readFile(StringRef bytes) {
  static MemoryFile file({".nir"});
  return import::importFile(file.write(bytes, ".nir"), "net_data", {});
}

static void importNetwork(StringRef input) {
  import::Imported imported = input.starts_with(signature) ? readFile(input) : convert(input);
  bool failed = std::any_of(imported.messages.begin(), imported.messages.end(), [](auto &message) {
    return message.kind == import::Message::Kind::Error;
  });
  expect(failed == imported.hasErrors(), "a failure has an error, a success has none");
  if (failed)
    return;
  std::map<std::string, rt::NpyArray> arrays(imported.network.arrays.begin(),
                                             imported.network.arrays.end());
  frontend::FrontendOptions options;
  static const std::string library = findLibrary();
  options.library = library;
  options.arrays = &arrays;
  compile(imported.network.yaml, Until::Proc, options);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  try {
    importNetwork(textOf(data, size));
  } catch (const rt::InputError &error) {
    expect(*error.what() != 0, "an error says something");
  }
  return 0;
}

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t mostSize);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t mostSize,
                                          unsigned seed) {
  if (textOf(data, size).starts_with(signature))
    return LLVMFuzzerMutate(data, size, mostSize);
  return mutateText(data, size, mostSize, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t firstSize,
                                            const uint8_t *second, size_t secondSize, uint8_t *out,
                                            size_t mostSize, unsigned seed) {
  StringRef one = textOf(first, firstSize), other = textOf(second, secondSize);
  if (one.starts_with(signature) || other.starts_with(signature))
    return 0;
  return crossTexts(one, other, out, mostSize, seed);
}
