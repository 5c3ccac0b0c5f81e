// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/RunSection.h"

#include "runtime/native/Team.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace basalt::frontend {

static FailureOr<int64_t> readCount(const yaml::Node &node, Environment &env, DataFiles &files,
                                    StringRef what) {
  FailureOr<Constant> value = readConstant(node, env, files);
  if (failed(value))
    return failure();
  auto integer = dyn_cast<IntegerAttr>(value->value);
  if (!integer || integer.getType().isInteger(1))
    return emitError(node.loc()) << "'" << what << "' must be an integer";
  if (integer.getInt() < 0)
    return emitError(node.loc()) << "'" << what << "' is " << integer.getInt()
                                 << "; it cannot be negative";
  return integer.getInt();
}

/// A tensor as nested lists, as `--set` takes them.
static void printElements(llvm::raw_ostream &out, ArrayRef<Attribute> elements,
                          ArrayRef<int64_t> shape) {
  if (shape.empty()) {
    if (auto integer = dyn_cast<IntegerAttr>(elements.front()))
      out << (integer.getType().isInteger(1)
                  ? static_cast<int64_t>(integer.getValue().getZExtValue())
                  : integer.getInt());
    else
      out << llvm::format("%.17g", cast<FloatAttr>(elements.front()).getValueAsDouble());
    return;
  }
  size_t each = shape.front() == 0 ? 0 : elements.size() / shape.front();
  out << '[';
  for (int64_t i = 0; i < shape.front(); ++i) {
    out << (i ? ", " : "");
    printElements(out, elements.slice(i * each, each), shape.drop_front());
  }
  out << ']';
}

/// `NAME=VALUE` for each setting of a mapping.
static FailureOr<SmallVector<std::string>> readSettings(const yaml::Node &node, Environment &env,
                                                        DataFiles &files, RunDefaults &defaults) {
  SmallVector<std::string> settings;
  for (const yaml::Entry &entry : node.entries()) {
    FailureOr<Constant> value = readConstant(*entry.value, env, files);
    if (failed(value))
      return failure();
    if (value->isString())
      return emitError(entry.value->loc())
             << "'" << entry.key() << "' is a Var, which holds numbers, found a string";
    std::string text;
    llvm::raw_string_ostream out(text);
    out << entry.key() << '=';
    SmallVector<Attribute> elements(value->elements().getValues<Attribute>());
    printElements(out, elements, value->shape());
    settings.push_back(text);
    defaults.items.push_back({"--set=" + text, entry.value->loc()});
  }
  return settings;
}

/// The text form of stages has `;` between items and `\\` before characters that are meant as they
/// are.
static std::string escape(StringRef text) {
  std::string result;
  for (char c : text) {
    if (c == ';' || c == '\\')
      result += '\\';
    result += c;
  }
  return result;
}

static LogicalResult readStages(const yaml::Node &stages, Environment &env, DataFiles &files,
                                RunDefaults &defaults, std::string &text) {
  SmallVector<std::string> items;
  LogicalResult result = success();
  for (const yaml::Node *stage : stages.items()) {
    if (const yaml::Node *set = stage->find("set")) {
      auto settings = readSettings(*set, env, files, defaults);
      if (failed(settings))
        result = failure();
      else
        for (StringRef setting : *settings)
          items.push_back("set " + escape(setting));
    }
    if (const yaml::Node *steps = stage->find("steps")) {
      FailureOr<int64_t> count = readCount(*steps, env, files, "steps");
      if (failed(count))
        result = failure();
      else
        items.push_back(std::to_string(*count));
    }
  }
  text = llvm::join(items, "; ");
  return result;
}

/// Keys whose lists become one option each.
static void addList(const yaml::Node *list, StringRef option, RunDefaults &defaults) {
  if (!list)
    return;
  for (const yaml::Node *item : list->items()) {
    std::string argument = (option + "=" + item->text()).str();
    defaults.arguments.push_back(argument);
    defaults.items.push_back({argument, item->loc()});
  }
}

static LogicalResult readSelection(const yaml::Node &run, RunDefaults &defaults) {
  if (const yaml::Node *tag = run.find("select_tag"))
    defaults.selectTag = tag->text().str();
  if (const yaml::Node *sub = run.find("select_sub_proc_model"))
    defaults.selectSubProcess = sub->asBool().value_or(false);
  if (const yaml::Node *strict = run.find("strict"))
    defaults.strict = strict->asBool().value_or(false);
  if (const yaml::Node *map = run.find("exception_proc_model_map"))
    for (const yaml::Entry &entry : map->entries()) {
      if (!entry.value->isString())
        return emitError(entry.value->loc(), "expected the name of a model");
      defaults.exceptions.push_back((entry.key() + "=" + entry.value->text()).str());
    }
  return success();
}

FailureOr<uint64_t> readSeed(const yaml::Node *run, Environment &env, DataFiles &files) {
  const yaml::Node *seed = run ? run->find("seed") : nullptr;
  if (!seed)
    return 0;
  FailureOr<int64_t> count = readCount(*seed, env, files, "seed");
  if (failed(count))
    return failure();
  return static_cast<uint64_t>(*count);
}

static LogicalResult readSteps(const yaml::Node &run, Environment &env, DataFiles &files,
                               RunDefaults &defaults) {
  if (const yaml::Node *steps = run.find("steps")) {
    FailureOr<int64_t> count = readCount(*steps, env, files, "steps");
    if (failed(count))
      return failure();
    defaults.arguments.push_back("--stages=" + std::to_string(*count));
  }
  if (const yaml::Node *stages = run.find("stages")) {
    std::string text;
    if (failed(readStages(*stages, env, files, defaults, text)))
      return failure();
    defaults.arguments.push_back("--stages=" + text);
  }
  if (run.find("seed")) {
    FailureOr<uint64_t> seed = readSeed(&run, env, files);
    if (failed(seed))
      return failure();
    defaults.arguments.push_back("--seed=" + std::to_string(*seed));
  }
  return success();
}

/// A path as seen from the file that `node` stands in.
static std::string besideFile(const yaml::Node &node, StringRef path) {
  if (llvm::sys::path::is_absolute(path))
    return path.str();
  SmallString<128> result = llvm::sys::path::parent_path(node.loc().getFilename().getValue());
  llvm::sys::path::append(result, path);
  return result.str().str();
}

static LogicalResult readSets(const yaml::Node &run, Environment &env, DataFiles &files,
                              RunDefaults &defaults) {
  const yaml::Node *set = run.find("set");
  if (!set)
    return success();
  auto settings = readSettings(*set, env, files, defaults);
  if (failed(settings))
    return failure();
  for (StringRef setting : *settings)
    defaults.arguments.push_back(("--set=" + setting).str());
  return success();
}

static LogicalResult readThreads(const yaml::Node &run, Environment &env, DataFiles &files,
                                 RunDefaults &defaults) {
  const yaml::Node *threads = run.find("threads");
  if (!threads)
    return success();
  FailureOr<int64_t> count = readCount(*threads, env, files, "threads");
  if (failed(count))
    return failure();
  if (*count < 1 || *count > rt::kMaxThreads)
    return emitError(threads->loc(), "'threads' is ")
           << *count << "; expected a number from 1 to " << rt::kMaxThreads;
  defaults.arguments.push_back("--threads=" + std::to_string(*count));
  return success();
}

LogicalResult readRunSection(const yaml::Node *run, Environment &env, DataFiles &files,
                             RunDefaults &defaults) {
  if (!run)
    return success();
  LogicalResult selection = readSelection(*run, defaults),
                steps = readSteps(*run, env, files, defaults),
                sets = readSets(*run, env, files, defaults);
  addList(run->find("probes"), "--probe", defaults);
  addList(run->find("get"), "--get", defaults);
  if (const yaml::Node *out = run->find("out"))
    defaults.arguments.push_back("--out=" + besideFile(*out, out->text()));
  if (const yaml::Node *print = run->find("print"); print && print->asBool() == false)
    defaults.arguments.push_back("--no-print");
  LogicalResult threads = readThreads(*run, env, files, defaults);
  return success(succeeded(selection) && succeeded(steps) && succeeded(sets) && succeeded(threads));
}

static LogicalResult readCores(const yaml::Node &node, Environment &env, DataFiles &files,
                               std::vector<int64_t> &cores) {
  for (const yaml::Node *item : node.items()) {
    FailureOr<int64_t> core = readCount(*item, env, files, "cores");
    if (failed(core))
      return failure();
    if (llvm::is_contained(cores, *core))
      return emitError(item->loc()) << "'cores' has core " << *core << " twice";
    cores.push_back(*core);
  }
  if (cores.empty())
    return emitError(node.loc(), "'cores' is empty; there must be at least one");
  return success();
}

static LogicalResult readPlace(const yaml::Entry &entry, Environment &env, DataFiles &files,
                               TargetDefaults &defaults) {
  PlaceDefault place{entry.key().str(), 0, {}, entry.keyLoc()};
  const yaml::Node &node = *entry.value;
  if (node.entries().empty())
    return emitError(node.loc()) << "expected 'core', 'cores' or 'chip' for '" << entry.key()
                                 << "'";
  if (const yaml::Node *chip = node.find("chip")) {
    FailureOr<int64_t> count = readCount(*chip, env, files, "chip");
    if (failed(count))
      return failure();
    place.chip = *count;
  }
  if (const yaml::Node *core = node.find("core")) {
    FailureOr<int64_t> count = readCount(*core, env, files, "core");
    if (failed(count))
      return failure();
    place.cores = {*count};
  }
  if (const yaml::Node *cores = node.find("cores"))
    if (failed(readCores(*cores, env, files, place.cores)))
      return failure();
  defaults.places.push_back(std::move(place));
  return success();
}

LogicalResult readTargetSection(const yaml::Node *target, Environment &env, DataFiles &files,
                                TargetDefaults &defaults) {
  if (!target)
    return success();
  if (const yaml::Node *chip = target->find("chip")) {
    FailureOr<Constant> value = readConstant(*chip, env, files);
    if (failed(value))
      return failure();
    if (!value->isString())
      return emitError(chip->loc())
             << "'chip' is the name of a target or a file, found " << describe(*value);
    StringRef name = cast<StringAttr>(value->value).getValue();
    // As the command line tells files from names.
    bool isFile = name.contains('/') || name.ends_with(".yaml");
    defaults.chip = isFile ? besideFile(*chip, name) : name.str();
    defaults.chipLoc = chip->loc();
  }
  if (const yaml::Node *neurons = target->find("neurons_per_core")) {
    FailureOr<int64_t> count = readCount(*neurons, env, files, "neurons_per_core");
    if (failed(count))
      return failure();
    if (*count == 0)
      return emitError(neurons->loc(), "'neurons_per_core' is 0; there must be at least one");
    defaults.neuronsPerCore = *count;
  }
  LogicalResult result = success();
  if (const yaml::Node *place = target->find("place"))
    for (const yaml::Entry &entry : place->entries())
      if (failed(readPlace(entry, env, files, defaults)))
        result = failure();
  return result;
}

} // namespace basalt::frontend
