// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of the run-time contract as text. They change with runtime/native/Contract.h.
#include "compiler/native/Tables.h"

#include "compiler/native/Types.h"
#include "dialect/proc/Limits.h"
#include "runtime/native/Contract.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;

namespace basalt::native {

/// `{rt::Kind::Signed, 24}` of a declared element type.
static std::string elementText(Type element) {
  std::string kind = "Signed";
  if (isa<FloatType>(element))
    kind = "Float";
  else if (element.isUnsignedInteger())
    kind = "Unsigned";
  else if (element.isSignlessInteger(1))
    kind = "Bool";
  return "{rt::Kind::" + kind + ", " + std::to_string(element.getIntOrFloatBitWidth()) + "}";
}

std::string ProgramTables::shape(llvm::raw_ostream &out, RankedTensorType type) {
  if (type.getRank() == 0)
    return "nullptr";
  std::string name =
      "kShape" + llvm::join(llvm::map_range(type.getShape(),
                                            [](int64_t extent) { return std::to_string(extent); }),
                            "x");
  if (shapes.insert(name).second) {
    out << "constexpr int64_t " << name << "[] = {";
    llvm::interleaveComma(type.getShape(), out);
    out << "};\n";
  }
  return name;
}

static std::string boundText(int64_t bound) {
  return bound == INT64_MIN   ? "INT64_MIN"
         : bound == INT64_MAX ? "INT64_MAX"
                              : std::to_string(bound);
}

static std::string boundText(double bound) {
  if (std::isinf(bound))
    return bound < 0 ? "-__builtin_inf()" : "__builtin_inf()";
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%a", bound); // exact
  return text;
}

/// The limits of states, which their rows point to; of equal ones there is one.
std::string ProgramTables::limits(llvm::raw_ostream &out, proc::LimitsAttr limits) {
  auto [it, isNew] = limitNames.try_emplace(limits, "kLimits" + std::to_string(limitNames.size()));
  if (isNew) {
    proc::Bounds bounds = proc::boundsOf(limits);
    out << "constexpr rt::Limits " << it->second << " = {" << boundText(bounds.low) << ", "
        << boundText(bounds.high) << ", " << boundText(bounds.lowFloat) << ", "
        << boundText(bounds.highFloat) << "}; // " << proc::spellLimit(limits) << "\n";
  }
  return it->second;
}

std::string ProgramTables::synapses(llvm::raw_ostream &out, proc::SparseAttr sparse) {
  auto [it, isNew] =
      synapseNames.try_emplace(sparse, "kSynapses" + std::to_string(synapseNames.size()));
  if (isNew) {
    out << "constexpr rt::Synapses " << it->second << " = {{";
    llvm::interleaveComma(sparse.getShape(), out);
    out << "}, " << numbers.lookup(sparse.getOffsets().getValue()) << ", "
        << numbers.lookup(sparse.getTargets().getValue()) << "};\n";
  }
  return it->second;
}

void ProgramTables::writeStates(llvm::raw_ostream &out, Names &names) {
  std::string rows, offsets;
  unsigned count = 0;
  for (auto state : program.getBody().getOps<step::StateOp>())
    numbers.try_emplace(state.getSymName(), numbers.size());
  for (auto state : program.getBody().getOps<step::StateOp>()) {
    auto type = cast<RankedTensorType>(state.getType());
    StringRef name = state.getSymName();
    rows += "    {" + quote(name) + ", " + elementText(type.getElementType()) + ", " +
            std::to_string(type.getRank()) + ", " + shape(out, type) + ", nullptr, " +
            (probed.contains(name) ? "true" : "false");
    if (state.getLimits())
      rows += ", &" + limits(out, *state.getLimits());
    else if (state.getSparse() || state.getBySource())
      rows += ", nullptr";
    if (state.getSparse())
      rows += ", &" + synapses(out, *state.getSparse());
    if (state.getBySource())
      rows += ", nullptr, true";
    rows += "},\n";
    offsets += ("    offsetof(" + className + ", " + names.of(name) + "),\n").str();
    ++count;
  }
  if (count == 0) {
    out << "size_t states(void *, const rt::StateInfo **) { return 0; }\n\n";
    return;
  }
  out << "const rt::StateInfo kStates[] = {\n" << rows << "};\n";
  out << "constexpr size_t kStateOffsets[] = {\n" << offsets << "};\n\n";
  out << "size_t states(void *object, const rt::StateInfo **table) {\n"
      << "  " << className << " &self = *static_cast<" << className << " *>(object);\n"
      << "  for (size_t i = 0; i < " << count << "; ++i) {\n"
      << "    self.stateTable[i] = kStates[i];\n"
      << "    self.stateTable[i].data = static_cast<char *>(object) + kStateOffsets[i];\n"
      << "  }\n"
      << "  *table = self.stateTable;\n"
      << "  return " << count << ";\n"
      << "}\n\n";
}

void ProgramTables::writePorts(llvm::raw_ostream &out) {
  std::string rows;
  unsigned count = 0;
  for (auto port : program.getBody().getOps<step::PortOp>()) {
    auto type = cast<RankedTensorType>(port.getType());
    rows += "    {" + quote(port.getSymName()) + ", " + elementText(type.getElementType()) + ", " +
            std::to_string(type.getRank()) + ", " + shape(out, type) + "},\n";
    ++count;
  }
  if (count == 0) {
    out << "size_t ports(void *, const rt::PortInfo **) { return 0; }\n\n";
    return;
  }
  out << "const rt::PortInfo kPorts[] = {\n" << rows << "};\n\n";
  out << "size_t ports(void *, const rt::PortInfo **table) {\n"
      << "  *table = kPorts;\n"
      << "  return " << count << ";\n"
      << "}\n\n";
}

void ProgramTables::writeAliases(llvm::raw_ostream &out) {
  auto aliases = program.getBody().getOps<step::AliasOp>();
  if (aliases.empty())
    return;
  out << "const rt::AliasInfo kAliases[] = {\n";
  for (step::AliasOp alias : aliases)
    out << "    {" << quote(alias.getAlias()) << ", " << quote(alias.getState()) << "},\n";
  out << "};\n\n";
}

/// Projections and the histories of the spikes that they are given.
void ProgramTables::writeProjections(llvm::raw_ostream &out, Names &names) {
  struct History {
    int64_t sources, columns;
  };
  llvm::MapVector<StringRef, History> histories;
  std::string rows;
  SymbolTable symbols(program);
  for (auto projection : program.getBody().getOps<step::ProjectionOp>()) {
    auto weights = symbols.lookup<step::StateOp>(projection.getWeights());
    auto line =
        cast<RankedTensorType>(symbols.lookup<step::StateOp>(projection.getLine()).getType());
    int64_t sources = weights.getSparse()->getShape()[1];
    auto [history, isNew] = histories.insert({projection.getHistory(), {sources, 1}});
    if (line.getRank() == 2)
      history->second.columns = std::max(history->second.columns, line.getDimSize(1));
    rows += "    {" + std::to_string(numbers.lookup(projection.getLine())) + ", " +
            std::to_string(numbers.lookup(projection.getWeights())) + ", " +
            (projection.getDelays() ? std::to_string(numbers.lookup(*projection.getDelays()))
                                    : "rt::kNoState") +
            ", " + boundText(int64_t(projection.getFirst())) + ", " +
            std::to_string(history - histories.begin()) +
            (projection.getAlone() ? ", true" : ", false") + ", offsetof(" + className + ", " +
            names.of(projection.getSymName()).str() + ")";
    if (auto axis = axisOf.find(projection.getSymName()); axis != axisOf.end())
      rows += ", " + std::to_string(axis->second);
    rows += "},\n";
    ++projectionCount;
  }
  historyCount = histories.size();
  if (rows.empty())
    return;
  out << "const rt::HistoryInfo kHistories[] = {\n";
  for (auto &[name, history] : histories)
    out << "    {" << history.sources << ", " << history.columns << ", offsetof(" << className
        << ", " << names.of((name + ".history").str()) << ")},\n";
  out << "};\n\nconst rt::ProjectionInfo kProjections[] = {\n" << rows << "};\n\n";
}

void ProgramTables::writeTargetIndexes(llvm::raw_ostream &out, Names &names) {
  if (targetIndexes.empty())
    return;
  out << "const rt::TargetIndexInfo kTargetIndexes[] = {\n";
  for (auto &[index, state] : targetIndexes)
    out << "    {" << numbers.lookup(state) << ", offsetof(" << className << ", " << names.of(index)
        << ")},\n";
  out << "};\n\n";
}

void ProgramTables::writeParts(llvm::raw_ostream &out) {
  if (!parts.empty())
    out << "// Of which profiles tell the time.\nconst rt::PartInfo kParts[] = {\n    "
        << llvm::join(parts, ",\n    ") << ",\n};\n\n";
}

void ProgramTables::writeProgram(llvm::raw_ostream &out) {
  auto aliases = program.getBody().getOps<step::AliasOp>();
  size_t aliasCount = std::distance(aliases.begin(), aliases.end());
  auto method = [&](StringRef function) -> std::string {
    if (!methods.contains(function))
      return "nullptr";
    return "[](void *object, rt::Context &ctx) { return static_cast<" + className +
           " *>(object)->" + function.str() + "(ctx); }";
  };
  out << "const rt::Program kProgram = {\n"
      << "    " << rt::kContractVersion << ", // of the compiler; the runtime compares\n"
      << "    " << quote(program.getSymName()) << ",\n"
      << "    rt::createObject<" << className << ">,\n"
      << "    rt::destroyObject<" << className << ">,\n"
      << "    sizeof(" << className << "),\n"
      << "    states,\n"
      << "    ports,\n"
      << "    " << (aliasCount ? "kAliases" : "nullptr") << ",\n"
      << "    " << aliasCount << ",\n"
      << "    " << constantGuards << ", // guards that are constant\n";
  for (StringRef function : {"init", "spk", "guards_after_spk", "pre_mgmt", "lrn",
                             "guards_before_post", "post_mgmt", "host"})
    out << "    " << method(function) << ", // " << function << "\n";
  auto table = [&](StringRef name, size_t count) {
    out << "    " << (count ? name : "nullptr") << ",\n    " << count << ",\n";
  };
  if (historyCount || !axes.empty() || !targetIndexes.empty() ||
      !parts.empty()) { // else the contract has them as nothing
    table("kHistories", historyCount);
    table("kProjections", projectionCount);
    table("kAxes", axes.size());
    table("kTargetIndexes", targetIndexes.size());
    if (!parts.empty())
      table("kParts", parts.size());
  }
  out << "};\n";
}

std::string ProgramTables::text(Names &names) {
  std::string result;
  llvm::raw_string_ostream out(result);
  writeStates(out, names);
  writePorts(out);
  writeAliases(out);
  writeProjections(out, names);
  writeTargetIndexes(out, names);
  writeParts(out);
  writeProgram(out);
  return result;
}

std::string sitesText(ArrayRef<std::string> sites) {
  if (sites.empty())
    return "";
  return "// Where something can fail.\nconst rt::Site kSites[] = {\n    " +
         llvm::join(sites, ",\n    ") + ",\n};\n";
}

std::string axesText(ArrayRef<rtop::AxisOp> axes) {
  std::string rows, whole;
  for (rtop::AxisOp axis : axes) {
    std::string extent = std::to_string(axis.getExtent());
    rows += "    {" + extent + ", " + std::to_string(axis.getGrain()) + "},";
    StringRef instance = axis.getSymName();
    instance.consume_front("axis.");
    // A backslash at the end of a // comment would take in the next line.
    rows += (" // " + instance.rtrim("\\") + "\n").str();
    whole += (whole.empty() ? "{0, " : ", {0, ") + extent + "}";
  }
  return "// Elements that threads share: how many, and of how many a range is a multiple.\n"
         "const rt::Axis kAxes[] = {\n" +
         rows + "};\nconst rt::Range kWhole[] = {" + whole + "};\n";
}

} // namespace basalt::native
