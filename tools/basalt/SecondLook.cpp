// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an error is about is found by its place: the instance, connection or process that begins
// last before it. Too much may be left out, so that errors go unreported until the next run; but
// what is reported is wrong whatever becomes of the rest.
#include "tools/basalt/SecondLook.h"

#include "tools/basalt/RunItems.h"

#include "compiler/schedule/Passes.h"
#include "dialect/proc/Lookup.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/SetVector.h"

#include <tuple>

using namespace mlir;
using namespace basalt;

driver::ErrorPlaces::ErrorPlaces(MLIRContext *context)
    : handler(context, [this](Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
          places.push_back(diagnostic.getLocation());
        return failure(); // to the next handler
      }) {}

namespace {
/// What has a place of its own in the text, and the op that stands or falls with it; null if none
/// does.
struct Part {
  FileLineColLoc loc;
  Operation *op;
};

/// A network whose parts are taken out where errors are.
class Remains {
public:
  Remains(ModuleOp module, ArrayRef<Location> others) : module(module), others(others) {}

  /// Whether something has been taken out.
  bool takeOut(ArrayRef<Location> errors);
  /// Whether there is a connection or a given value at that place, which an error there would be
  /// about alone.
  bool standsAlone(Location loc);
  /// Whether a process may be incomplete because something was taken out of its network.
  bool hasGaps() const { return gaps; }

private:
  SmallVector<Part> parts();
  SmallVector<Operation *> partsAt(FileLineColLoc place, ArrayRef<Part> all);
  SmallVector<Operation *> instancesOf(proc::ProcessOp process);
  void erase(Operation *op);
  bool dropLoose();

  ModuleOp module;
  ArrayRef<Location> others; ///< sections that are not about the network
  bool gaps = false;
};
} // namespace

static auto positionOf(FileLineColLoc loc) {
  return std::make_tuple(loc.getLine(), loc.getColumn());
}

/// Networks: of the program, and of hierarchical models.
static SmallVector<Operation *> scopesIn(ModuleOp module) {
  SmallVector<Operation *> scopes;
  module.walk([&](Operation *op) {
    auto model = dyn_cast<proc::ModelOp>(op);
    if (isa<proc::NetworkOp>(op) || (model && model.isHierarchical()))
      scopes.push_back(op);
  });
  return scopes;
}

SmallVector<Part> Remains::parts() {
  SmallVector<Part> result;
  auto addAt = [&](Location place, Operation *stands) {
    if (auto loc = place->findInstanceOf<FileLineColLoc>())
      result.push_back({loc, stands});
  };
  auto add = [&](Operation *op, Operation *stands) { addAt(op->getLoc(), stands); };
  for (Location section : others)
    addAt(section, nullptr);
  for (auto process : module.getOps<proc::ProcessOp>()) {
    add(process, process);
    process.walk([&](Operation *op) {
      if (isa<proc::ModelOp, proc::PhaseOp, proc::GuardOp>(op) || op->getParentOp() == process)
        add(op, process);
    });
  }
  for (Operation *scope : scopesIn(module))
    for (Operation &op : scope->getRegion(0).front())
      if (isa<proc::InstanceOp, proc::ConnectOp, proc::VirtualPortOp, proc::AliasOp>(op))
        add(&op, &op);
  return result;
}

bool Remains::standsAlone(Location loc) {
  auto place = loc->findInstanceOf<FileLineColLoc>();
  auto isThere = [&](Operation *op) {
    return isa<proc::ConnectOp, proc::ValueOp>(op) &&
           op->getLoc()->findInstanceOf<FileLineColLoc>() == place;
  };
  return module
      .walk([&](Operation *op) {
        return isThere(op) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

SmallVector<Operation *> Remains::instancesOf(proc::ProcessOp process) {
  SmallVector<Operation *> instances;
  for (Operation *scope : scopesIn(module))
    for (auto instance : scope->getRegion(0).front().getOps<proc::InstanceOp>())
      if (instance.getProcess() == process.getSymName())
        instances.push_back(instance);
  return instances;
}

/// What an error at `place` is about; of several uses of a class, all.
SmallVector<Operation *> Remains::partsAt(FileLineColLoc place, ArrayRef<Part> all) {
  FileLineColLoc nearest;
  for (const Part &part : all)
    if (part.loc.getFilename() == place.getFilename() &&
        positionOf(part.loc) <= positionOf(place) &&
        (!nearest || positionOf(nearest) < positionOf(part.loc)))
      nearest = part.loc;
  SmallVector<Operation *> result;
  for (const Part &part : all) {
    if (part.loc != nearest || !part.op)
      continue;
    // A connection on another line is whole, and what is wrong with this one has kept it out.
    if (isa<proc::ConnectOp>(part.op) && part.loc.getLine() != place.getLine())
      gaps |= isa<proc::ModelOp>(part.op->getParentOp());
    else
      result.push_back(part.op);
  }
  return result;
}

bool Remains::takeOut(ArrayRef<Location> errors) {
  SmallVector<Part> all = parts();
  llvm::SmallSetVector<Operation *, 8> wrong;
  for (Location error : errors)
    if (auto place = error->findInstanceOf<FileLineColLoc>())
      for (Operation *op : partsAt(place, all)) {
        if (auto process = dyn_cast<proc::ProcessOp>(op))
          wrong.insert_range(instancesOf(process));
        else
          wrong.insert(op);
      }
  for (Operation *op : wrong)
    erase(op);
  while (dropLoose())
    ;
  return !wrong.empty();
}

void Remains::erase(Operation *op) {
  gaps |= isa<proc::ModelOp>(op->getParentOp());
  op->erase();
}

/// Takes out what leads to nothing now; whether there was any.
bool Remains::dropLoose() {
  SmallVector<Operation *> loose;
  for (Operation *scope : scopesIn(module)) {
    auto isThere = [&](Attribute ref) {
      return proc::lookupEnd(scope, cast<SymbolRefAttr>(ref)).member != nullptr;
    };
    for (Operation &op : scope->getRegion(0).front()) {
      SmallVector<Attribute, 2> ends;
      if (auto connect = dyn_cast<proc::ConnectOp>(op))
        ends = {connect.getSourceAttr(), connect.getTargetAttr()};
      else if (auto port = dyn_cast<proc::VirtualPortOp>(op))
        ends.append(port.getSources().begin(), port.getSources().end());
      else if (auto alias = dyn_cast<proc::AliasOp>(op))
        ends = {alias.getAliasAttr(), alias.getTargetAttr()};
      if (!llvm::all_of(ends, isThere))
        loose.push_back(&op);
    }
  }
  for (Operation *op : loose)
    erase(op);
  return !loose.empty();
}

/// Runs passes without a word; notes in `errors` where there are errors.
static LogicalResult runSilently(ModuleOp module, const ResolveOptions &options,
                                 std::vector<Diagnostic> &errors) {
  ScopedDiagnosticHandler handler(module.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      errors.push_back(std::move(diagnostic));
    return success();
  });
  PassManager manager(module.getContext(), ModuleOp::getOperationName());
  buildResolvePipeline(manager, options);
  return manager.run(module);
}

static llvm::StringSet<> rootInstances(ModuleOp module) {
  llvm::StringSet<> names;
  for (auto network : module.getOps<proc::NetworkOp>())
    for (auto instance : network.getBody().getOps<proc::InstanceOp>())
      names.insert(instance.getSymName().split('.').first);
  return names;
}

/// The items that name nothing that is not there because of an error. `before` are the instances of
/// the whole network, if that is known.
static std::vector<frontend::RunItem> checkable(ArrayRef<frontend::RunItem> items,
                                                const std::optional<llvm::StringSet<>> &before,
                                                ModuleOp resolved) {
  llvm::StringSet<> now = rootInstances(resolved);
  std::vector<frontend::RunItem> result;
  llvm::copy_if(items, std::back_inserter(result), [&](const frontend::RunItem &item) {
    StringRef name = StringRef(item.argument).split('=').second.split('=').first;
    name = name.split('.').first;
    return now.contains(name) || (before && !before->contains(name));
  });
  return result;
}

/// Of models that are chosen by name, those for what is there still.
static ResolveOptions withoutLostNames(ResolveOptions options, ModuleOp module) {
  llvm::StringSet<> names = rootInstances(module);
  for (Operation *scope : scopesIn(module))
    for (auto instance : scope->getRegion(0).front().getOps<proc::InstanceOp>())
      names.insert(instance.getProcess());
  llvm::erase_if(options.exceptions, [&](StringRef exception) {
    return !names.contains(exception.split('=').first.split('.').first);
  });
  return options;
}

void driver::lookAgain(ModuleOp module, bool isWhole, ArrayRef<Location> errors,
                       const ResolveOptions &options, const frontend::RunDefaults &run) {
  constexpr int mostRounds = 8;
  std::optional<llvm::StringSet<>> before;
  if (isWhole)
    before = rootInstances(module);
  Remains remains(module, run.sections);
  bool any = true;
  remains.takeOut(errors);
  for (int round = 0; round < mostRounds && any; ++round) {
    OwningOpRef<ModuleOp> resolved = module.clone();
    std::vector<Diagnostic> found;
    if (succeeded(runSilently(*resolved, withoutLostNames(options, module), found))) {
      if (!remains.hasGaps())
        (void)checkRunItems(*resolved, checkable(run.items, before, *resolved));
      PassManager manager(module->getContext(), ModuleOp::getOperationName());
      manager.addPass(createCheckDeadlocks());
      (void)manager.run(*resolved);
      return;
    }
    std::vector<Location> places;
    for (Diagnostic &error : found) {
      places.push_back(error.getLocation());
      if (!remains.hasGaps() && remains.standsAlone(error.getLocation()))
        module->getContext()->getDiagEngine().emit(std::move(error));
    }
    any = remains.takeOut(places);
  }
}
