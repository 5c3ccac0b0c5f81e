// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The run's own planning decides what is right: it sees the network's names and types without any
// memory behind them.
#include "tools/basalt/RunItems.h"

#include "compiler/interpret/Tensor.h"
#include "dialect/proc/Limits.h"
#include "dialect/proc/Lookup.h"
#include "runtime/native/Error.h"
#include "runtime/native/Plan.h"

#include <deque>

using namespace basalt;
using namespace mlir;

namespace {
/// What a resolved network has, as a simulation that cannot run.
class Names final : public rt::Simulation {
public:
  explicit Names(proc::NetworkOp network);

  rt::Table<rt::StateInfo> states() override { return {stateInfos.data(), stateInfos.size()}; }
  rt::Table<rt::PortInfo> ports() override { return {portInfos.data(), portInfos.size()}; }
  rt::Table<rt::AliasInfo> aliases() override { return {aliasInfos.data(), aliasInfos.size()}; }
  void init(rt::Context &ctx) override {}
  void step(rt::Context &ctx) override {}
  void host(rt::Context &ctx) override {}

private:
  const char *keep(std::string name) { return names.emplace_back(std::move(name)).c_str(); }
  void add(StringRef instance, proc::VarOp var);
  void add(StringRef instance, proc::OutPortOp port);

  std::deque<std::string> names;
  std::deque<rt::Limits> limits;
  std::vector<rt::StateInfo> stateInfos;
  std::vector<rt::PortInfo> portInfos;
  std::vector<rt::AliasInfo> aliasInfos;
};
} // namespace

Names::Names(proc::NetworkOp network) {
  for (Operation &op : network.getBody().front()) {
    if (auto alias = dyn_cast<proc::AliasOp>(op))
      aliasInfos.push_back(
          {keep(proc::spell(alias.getAlias())), keep(proc::spell(alias.getTarget()))});
    auto instance = dyn_cast<proc::InstanceOp>(op);
    if (!instance)
      continue;
    for (Operation &member : proc::lookupProcess(instance).getBody().front()) {
      if (auto var = dyn_cast<proc::VarOp>(member))
        add(instance.getSymName(), var);
      else if (auto port = dyn_cast<proc::OutPortOp>(member))
        add(instance.getSymName(), port);
    }
  }
}

void Names::add(StringRef instance, proc::VarOp var) {
  if (var.getSymName().contains('.')) // where the entries of a sparse Var are
    return;
  auto type = cast<RankedTensorType>(proc::outsideType(var));
  const rt::Limits *range = nullptr;
  // Of a sparse Var they hold where entries are, which the run itself looks at.
  if (var.getLimits() && !var.getSparse()) {
    proc::Bounds bounds = proc::boundsOf(*var.getLimits());
    range = &limits.emplace_back(
        rt::Limits{bounds.low, bounds.high, bounds.lowFloat, bounds.highFloat});
  }
  stateInfos.push_back({keep((instance + "." + var.getSymName()).str()),
                        interp::storageElement(type.getElementType()),
                        static_cast<uint8_t>(type.getRank()), type.getShape().data(), nullptr,
                        false, range});
}

void Names::add(StringRef instance, proc::OutPortOp port) {
  auto type = cast<RankedTensorType>(port.getType());
  portInfos.push_back({keep((instance + "." + port.getSymName()).str()),
                       interp::storageElement(type.getElementType()),
                       static_cast<uint8_t>(type.getRank()), type.getShape().data()});
}

/// The member that `--probe=lif.a_in`, `--set=lif.v=1` and the like are about, if there is one.
static Operation *memberOf(proc::NetworkOp network, StringRef argument) {
  StringRef name = argument.split('=').second.split('=').first.split('@').first;
  auto [instance, member] = name.rsplit('.');
  auto op = dyn_cast_or_null<proc::InstanceOp>(SymbolTable::lookupSymbolIn(network, instance));
  return op ? proc::lookupMember(proc::lookupProcess(op), member) : nullptr;
}

LogicalResult driver::checkRunItems(ModuleOp module, const std::vector<frontend::RunItem> &items) {
  proc::NetworkOp network = *module.getOps<proc::NetworkOp>().begin();
  Names names(network);
  LogicalResult result = success();
  for (const frontend::RunItem &item : items) {
    rt::RunOptions options = rt::parseArguments({item.argument}, "run").options;
    options.stages.emplace();
    options.out = "."; // nothing is written
    try {
      rt::makePlan(names, options);
    } catch (const rt::InputError &error) {
      InFlightDiagnostic diagnostic = emitError(item.loc) << error.what();
      Operation *member = memberOf(network, item.argument);
      if (member && !isa<proc::VarOp, proc::OutPortOp>(member))
        diagnostic.attachNote(member->getLoc())
            << "'" << SymbolTable::getSymbolName(member).getValue() << "' is of the kind "
            << proc::kindOf(member) << ", which has no value to look at";
      result = diagnostic;
    }
  }
  return result;
}
