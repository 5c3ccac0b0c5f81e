// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// select-models: one model for each process, by Lava's rules; see Passes.td.
#include "compiler/resolve/Checks.h"
#include "compiler/resolve/InitialValues.h"
#include "compiler/resolve/MixedModels.h"
#include "compiler/resolve/Passes.h"
#include "compiler/resolve/Scopes.h"
#include "compiler/support/EmitWarning.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Limits.h"
#include "dialect/proc/Rules.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_SELECTMODELS
#include "compiler/resolve/Passes.h.inc"

namespace {

/// What is asked for, from the options of the pass.
struct Wishes {
  StringRef tag;
  bool selectSubProcess = false;
  bool explain = false;
  /// Process name or instance path to model name, and whether there is such a thing.
  struct Exception {
    StringRef model;
    bool used = false;
  };
  llvm::StringMap<Exception> exceptions;

  /// Whether an exception is about the instance `path` or one below it.
  bool reachBelow(StringRef path) const;
};

/// Selects from the root down.
class Selection {
public:
  Selection(ModuleOp module, Wishes &wishes) : symbols(module), wishes(wishes) {}

  /// Gives the instances that exceptions by path are about a copy of their process, and selects for
  /// it, while the process still has all its models. `path` is the path of the scope.
  LogicalResult selectExceptions(Operation *scope, StringRef path);
  /// Selects for all other instances of a scope and below.
  LogicalResult select(Operation *scope, StringRef path);
  /// Warns of models that do not go together.
  void warnOfMixture() const { mixed.warn(); }
  /// Whether a model has been found for each process; what was wrong is then with values.
  bool hasAllModels() const { return hasAll; }

private:
  LogicalResult selectFor(proc::InstanceOp instance, StringRef path);
  FailureOr<proc::ModelOp> choose(proc::ProcessOp process, proc::InstanceOp instance,
                                  StringRef path);
  /// What kind of models the tag was looked for in, if there are models of both kinds.
  StringRef kindLookedFor(proc::ProcessOp process) const;
  proc::ModelOp chooseByTag(ArrayRef<proc::ModelOp> models) const;
  Wishes::Exception *findException(proc::ProcessOp process, StringRef path);
  LogicalResult reportNone(proc::ProcessOp process, proc::InstanceOp instance,
                           const Wishes::Exception *exception);

  SymbolTable symbols;
  Wishes &wishes;
  MixedModels mixed;
  llvm::DenseSet<proc::ProcessOp> selected, visited;
  bool hasAll = true;
};

struct SelectModelsPass : impl::SelectModelsBase<SelectModelsPass> {
  using SelectModelsBase::SelectModelsBase;
  void runOnOperation() override;

private:
  FailureOr<Wishes> readOptions();
};

} // namespace

//===--- Rules ---===//

bool Wishes::reachBelow(StringRef path) const {
  return llvm::any_of(exceptions.keys(), [&](StringRef key) {
    return key.consume_front(path) && (key.empty() || key.front() == '.');
  });
}

static StringRef sourceName(proc::ProcessOp process) {
  return process.getSourceName().value_or(process.getSymName());
}

static bool hasTag(proc::ModelOp model, StringRef tag) {
  std::optional<ArrayAttr> tags = model.getTags();
  return tags && llvm::is_contained(tags->getAsValueRange<StringAttr>(), tag);
}

static proc::ModelOp firstWithTag(ArrayRef<proc::ModelOp> models, StringRef tag) {
  for (proc::ModelOp model : models)
    if (tag.empty() || hasTag(model, tag))
      return model;
  return {};
}

StringRef Selection::kindLookedFor(proc::ProcessOp process) const {
  auto models = process.getBody().getOps<proc::ModelOp>();
  auto isHierarchical = [](proc::ModelOp model) { return model.isHierarchical(); };
  if (llvm::all_of(models, isHierarchical) || llvm::none_of(models, isHierarchical))
    return "";
  return wishes.selectSubProcess
             ? " among the hierarchical ones, which are preferred"
             : " among those with code; hierarchical ones are not preferred, nor asked for by name";
}

proc::ModelOp Selection::chooseByTag(ArrayRef<proc::ModelOp> models) const {
  proc::ModelOp only = models.front();
  if (models.size() == 1)
    return wishes.tag.empty() || !only.getTags() || hasTag(only, wishes.tag) ? only
                                                                             : proc::ModelOp();
  SmallVector<proc::ModelOp> networks, codes;
  for (proc::ModelOp model : models)
    (model.isHierarchical() ? networks : codes).push_back(model);
  if (wishes.selectSubProcess && networks.size() == 1)
    return networks.front();
  if (codes.empty() || (wishes.selectSubProcess && !networks.empty()))
    return firstWithTag(networks, wishes.tag);
  return firstWithTag(codes, wishes.tag);
}

Wishes::Exception *Selection::findException(proc::ProcessOp process, StringRef path) {
  for (StringRef key : {path, sourceName(process)})
    if (auto found = wishes.exceptions.find(key); found != wishes.exceptions.end()) {
      found->second.used = true;
      return &found->second;
    }
  return nullptr;
}

FailureOr<proc::ModelOp> Selection::choose(proc::ProcessOp process, proc::InstanceOp instance,
                                           StringRef path) {
  auto models = llvm::to_vector(process.getBody().getOps<proc::ModelOp>());
  Wishes::Exception *exception = findException(process, path);
  if (models.empty() && !exception)
    return proc::ModelOp(); // no behaviour
  proc::ModelOp chosen;
  if (exception) {
    auto *named = llvm::find_if(
        models, [&](proc::ModelOp model) { return model.getSymName() == exception->model; });
    chosen = named == models.end() ? proc::ModelOp() : *named;
  } else {
    chosen = chooseByTag(models);
  }
  if (!chosen)
    return reportNone(process, instance, exception);
  if (!exception && wishes.tag.empty())
    mixed.add(instance, path, sourceName(process), models, chosen);
  if (wishes.explain)
    chosen.emitRemark() << "model '" << chosen.getSymName() << "' is selected for '" << path
                        << "' (" << sourceName(process) << "): "
                        << (exception            ? "it is asked for by name"
                            : models.size() == 1 ? "it is the only one"
                            : wishes.tag.empty()
                                ? "it is the first that fits"
                                : "it is the first that fits the tag '" + wishes.tag.str() + "'");
  return chosen;
}

/// `'a' (tags fixed_pt, bit_accurate_loihi)`.
static std::string describe(proc::ModelOp model) {
  std::string text = "'" + model.getSymName().str() + "'";
  if (!model.getTags() || model.getTags()->empty())
    return text + " (no tags)";
  return text + " (" + (model.getTags()->size() == 1 ? "tag " : "tags ") +
         llvm::join(model.getTags()->getAsValueRange<StringAttr>(), ", ") + ")";
}

LogicalResult Selection::reportNone(proc::ProcessOp process, proc::InstanceOp instance,
                                    const Wishes::Exception *exception) {
  InFlightDiagnostic error = instance.emitError()
                             << "process '" << sourceName(process) << "' has no model ";
  if (exception)
    error << "'" << exception->model << "'";
  else
    error << "with the tag '" << wishes.tag << "'" << kindLookedFor(process);
  auto models = llvm::map_to_vector(process.getBody().getOps<proc::ModelOp>(), describe);
  if (models.empty())
    error << "; it has none at all";
  else
    error << "; it has " << llvm::join(models, ", ");
  SmallVector<StringRef> names;
  for (auto model : process.getBody().getOps<proc::ModelOp>()) {
    if (exception)
      names.push_back(model.getSymName());
    else if (model.getTags())
      llvm::append_range(names, model.getTags()->getAsValueRange<StringAttr>());
  }
  error << didYouMean(exception ? StringRef(exception->model) : wishes.tag, names);
  error.attachNote(process.getLoc()) << "the process is declared here";
  return error;
}

//===--- Walk ---===//

static std::string join(StringRef path, StringRef name) {
  return path.empty() ? name.str() : (path + "." + name).str();
}

/// Names of Vars of `process` that instances give values for, or that connections and aliases use.
static llvm::StringSet<> namesUsedOutside(proc::ProcessOp process) {
  llvm::StringSet<> names;
  auto addEnd = [&](Operation *op, SymbolRefAttr ref) {
    proc::End end = proc::lookupEnd(op->getParentOp(), ref);
    if (end.instance && end.instance.getProcess() == process.getSymName())
      names.insert(ref.getLeafReference());
  };
  process->getParentOfType<ModuleOp>().walk([&](Operation *op) {
    if (auto value = dyn_cast<proc::ValueOp>(op)) {
      if (value->getParentOfType<proc::InstanceOp>().getProcess() == process.getSymName())
        names.insert(value.getVar());
    } else if (auto connect = dyn_cast<proc::ConnectOp>(op)) {
      addEnd(op, connect.getTargetAttr());
    } else if (auto alias = dyn_cast<proc::AliasOp>(op)) {
      addEnd(op, alias.getTarget());
    }
  });
  for (auto port : process.getBody().getOps<proc::VarPortOp>())
    names.insert(port.getVar());
  return names;
}

/// Removes the Vars that exist in other models only: aliases there, without a value of their own.
static void eraseAliasesOfOthers(proc::ProcessOp process, proc::ModelOp chosen) {
  if (!chosen || chosen.isHierarchical())
    return;
  llvm::SetVector<proc::VarOp> candidates;
  for (auto model : process.getBody().getOps<proc::ModelOp>())
    for (auto alias : model.getBody().getOps<proc::AliasOp>()) {
      Operation *member = proc::lookupMember(process, alias.getAlias().getLeafReference());
      auto var = dyn_cast_or_null<proc::VarOp>(member);
      if (var && !var.getInit() && SymbolTable::symbolKnownUseEmpty(var.getSymNameAttr(), chosen))
        candidates.insert(var);
    }
  if (candidates.empty())
    return;
  llvm::StringSet<> used = namesUsedOutside(process);
  for (proc::VarOp var : candidates)
    if (!used.contains(var.getSymName()))
      var.erase();
}

/// Removes the other models of the process and binds names and values.
static LogicalResult keepOnly(proc::ProcessOp process, proc::ModelOp chosen) {
  eraseAliasesOfOthers(process, chosen);
  for (auto model : llvm::make_early_inc_range(process.getBody().getOps<proc::ModelOp>()))
    if (model != chosen)
      model.erase();
  for (Operation &member : process.getBody().getOps())
    if (auto type = member.getAttrOfType<TypeAttr>("type"); type && chosen)
      member.setAttr("type", TypeAttr::get(chosen.bind(type.getValue())));
  return convertDeclaredValues(process);
}

/// Moves the limits of the selected model to the Vars, and checks parameters.
static LogicalResult applyLimits(proc::ProcessOp process, proc::ModelOp chosen, StringRef path) {
  LogicalResult result = success();
  for (NamedAttribute limit :
       chosen.getLimits().value_or(DictionaryAttr::get(process.getContext()))) {
    Operation *member = proc::lookupMember(process, limit.getName());
    if (auto var = dyn_cast_or_null<proc::VarOp>(member))
      var.setLimitsAttr(
          proc::intersect(var.getLimitsAttr(), dyn_cast<proc::LimitsAttr>(limit.getValue())));
    auto param = dyn_cast_or_null<proc::ParamOp>(member);
    std::optional<std::string> found =
        param ? proc::findOutside(param.getValue(), limit.getValue()) : std::nullopt;
    if (!found)
      continue;
    InFlightDiagnostic diagnostic =
        proc::emitOutside(param.getLoc(), param.getSymName(), path, *found, limit.getValue());
    diagnostic.attachNote(chosen.getLoc()) << "of the model '" << chosen.getSymName() << "'";
    result = failure();
  }
  chosen.removeLimitsAttr();
  return result;
}

/// The front end lets Vars of processes that may be hierarchical go without a value. A model with
/// code needs one.
static LogicalResult checkGiven(proc::InstanceOp instance, StringRef path) {
  proc::ProcessOp process = proc::lookupProcess(instance);
  proc::ModelOp model = proc::modelOf(process);
  if (!model || model.isHierarchical())
    return success();
  llvm::StringSet<> given;
  if (!instance.getValues().empty())
    for (auto value : instance.getValues().getOps<proc::ValueOp>())
      given.insert(value.getVar());
  for (auto var : process.getBody().getOps<proc::VarOp>()) {
    if (var.getInit() || given.contains(var.getSymName()))
      continue;
    InFlightDiagnostic error = instance.emitError()
                               << "the Var '" << var.getSymName() << "' of '" << path
                               << "' must be given for the model '" << model.getSymName() << "'";
    error.attachNote(var.getLoc())
        << "'" << var.getSymName() << "' is declared here, without a value";
    return error;
  }
  return success();
}

/// What of an initial value, given or declared, a limit does not allow.
static std::optional<std::string> findOutside(proc::VarOp var, proc::ValueOp given,
                                              Attribute limit) {
  if (given && given.getDistribution())
    return proc::findOutside(*given.getDistribution(), limit);
  bool isUnsigned = getElementTypeOrSelf(var.getType()).isUnsignedInteger();
  return proc::findOutside(given ? given.getValue() : *var.getInit(), limit, isUnsigned,
                           !var.getSparse());
}

/// Warns of an initial value that the model will not use as it was given.
static void checkExpected(proc::VarOp var, proc::ValueOp given, StringRef path) {
  proc::ModelOp model = proc::modelOf(cast<proc::ProcessOp>(var->getParentOp()));
  DictionaryAttr expects = model ? model.getExpects().value_or(DictionaryAttr()) : DictionaryAttr();
  Attribute range = expects ? expects.get(var.getSymName()) : Attribute();
  std::optional<std::string> found = range ? findOutside(var, given, range) : std::nullopt;
  if (!found)
    return;
  InFlightDiagnostic warning =
      emitWarning(given ? given.getLoc() : var.getLoc(), Warning::UnexpectedValue)
      << "'" << var.getSymName() << "' of '" << path << "' is " << *found << ", which is beyond "
      << proc::spellLimit(range) << ": the process changes it before the first step";
  warning.attachNote(model.getLoc()) << "the model '" << model.getSymName() << "' expects that";
}

/// Checks the initial values of an instance.
static LogicalResult checkLimits(proc::InstanceOp instance, StringRef path) {
  proc::ProcessOp process = proc::lookupProcess(instance);
  llvm::DenseMap<StringAttr, proc::ValueOp> given;
  if (!instance.getValues().empty())
    for (auto value : instance.getValues().getOps<proc::ValueOp>())
      given[value.getVarAttr().getAttr()] = value;
  LogicalResult result = success();
  for (auto var : process.getBody().getOps<proc::VarOp>()) {
    proc::ValueOp value = given.lookup(var.getSymNameAttr());
    if (!value && !var.getInit())
      continue;
    checkExpected(var, value, path);
    std::optional<std::string> found =
        var.getLimits() ? findOutside(var, value, *var.getLimits()) : std::nullopt;
    if (!found)
      continue;
    InFlightDiagnostic diagnostic = proc::emitOutside(
        value ? value.getLoc() : var.getLoc(), var.getSymName(), path, *found, *var.getLimits());
    if (proc::ModelOp model = proc::modelOf(process))
      diagnostic.attachNote(model.getLoc()) << "of the model '" << model.getSymName() << "'";
    result = failure();
  }
  return result;
}

LogicalResult Selection::selectFor(proc::InstanceOp instance, StringRef path) {
  proc::ProcessOp process = proc::lookupProcess(instance);
  if (!selected.insert(process).second)
    return success();
  FailureOr<proc::ModelOp> chosen = choose(process, instance, path);
  if (failed(chosen) || failed(keepOnly(process, *chosen)))
    return failure();
  return *chosen ? applyLimits(process, *chosen, path) : success();
}

LogicalResult Selection::selectExceptions(Operation *scope, StringRef path) {
  for (auto instance : bodyOf(scope).getOps<proc::InstanceOp>()) {
    std::string name = join(path, instance.getSymName());
    if (!wishes.reachBelow(name))
      continue;
    proc::ProcessOp process = proc::lookupProcess(instance);
    proc::ProcessOp copy = process.clone();
    copy.setSourceName(sourceName(process));
    symbols.insert(copy, std::next(process->getIterator()));
    instance.setProcess(copy.getSymName());
    if (failed(selectFor(instance, name)))
      return failure();
    if (proc::ModelOp model = hierarchicalModel(copy))
      if (failed(selectExceptions(model, name)))
        return failure();
  }
  return success();
}

LogicalResult Selection::select(Operation *scope, StringRef path) {
  bool ok = true;
  for (auto instance : bodyOf(scope).getOps<proc::InstanceOp>()) {
    std::string name = join(path, instance.getSymName());
    proc::ProcessOp process = proc::lookupProcess(instance);
    if (failed(selectFor(instance, name))) {
      ok = hasAll = false;
      continue;
    }
    settlePassedOnValues(instance);
    if (failed(convertGivenValues(instance)) || failed(checkGiven(instance, name)) ||
        failed(checkLimits(instance, name)))
      ok = false;
    proc::ModelOp model = hierarchicalModel(process);
    if (model && visited.insert(process).second)
      ok &= succeeded(select(model, name));
  }
  return success(ok);
}

FailureOr<Wishes> SelectModelsPass::readOptions() {
  Wishes wishes;
  wishes.tag = tag;
  wishes.selectSubProcess = selectSubProcess;
  wishes.explain = explain;
  for (const std::string &text : exceptions) {
    auto [key, model] = StringRef(text).split('=');
    if (key.empty() || model.empty())
      return emitError(getOperation().getLoc())
             << "expected Process=model or instance.path=model in the exceptions, found '" << text
             << "'";
    wishes.exceptions[key].model = model;
  }
  return wishes;
}

void SelectModelsPass::runOnOperation() {
  proc::NetworkOp network = rootNetwork(getOperation());
  FailureOr<Wishes> wishes = readOptions();
  if (failed(wishes))
    return signalPassFailure();
  if (!network)
    return;
  Selection selection(getOperation(), *wishes);
  if (failed(selection.selectExceptions(network, "")))
    return signalPassFailure();
  if (failed(selection.select(network, ""))) {
    if (selection.hasAllModels()) { // values are wrong
      (void)checkConnections(getOperation());
      (void)checkCode(getOperation());
    }
    return signalPassFailure();
  }
  selection.warnOfMixture();
  for (auto &entry : wishes->exceptions)
    if (!entry.second.used) {
      SmallVector<StringRef> names;
      for (Operation &op : *getOperation().getBody())
        if (auto process = dyn_cast<proc::ProcessOp>(op))
          names.push_back(sourceName(process));
      for (auto instance : network.getBody().getOps<proc::InstanceOp>())
        names.push_back(instance.getSymName());
      network.emitError() << "the model exception for '" << entry.first()
                          << "' names neither a process in use nor an instance"
                          << didYouMean(entry.first(), names);
      return signalPassFailure();
    }
  eraseUnusedProcesses(getOperation());
}

} // namespace basalt
