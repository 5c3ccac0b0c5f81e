// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- DiagnosticPrinter.cpp - diagnostics as the user sees them ----------===//

#include "compiler/support/DiagnosticPrinter.h"
#include "compiler/support/EmitWarning.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include <algorithm>
#include <tuple>

using mlir::DiagnosticSeverity;
using mlir::Location;
using namespace basalt;

/// More instances around one place than this are not listed.
static constexpr size_t maxInstanceNotes = 8;

namespace {
/// Where a location leads: a place in a text with its name, and the instances that brought it
/// there.
struct Trail {
  struct Step {
    std::optional<mlir::FileLineColLoc> place;
    std::string name;
  };
  Step innermost;
  llvm::SmallVector<Step> instances;
};
} // namespace

static Trail follow(Location loc);

static Trail followCall(mlir::CallSiteLoc call) {
  Trail trail = follow(call.getCallee());
  Trail caller = follow(call.getCaller());
  if (!trail.innermost.place)
    return caller;
  if (caller.innermost.place) {
    trail.instances.push_back(std::move(caller.innermost));
    trail.instances.append(caller.instances);
  }
  return trail;
}

static Trail follow(Location loc) {
  if (auto call = mlir::dyn_cast<mlir::CallSiteLoc>(loc))
    return followCall(call);
  if (auto named = mlir::dyn_cast<mlir::NameLoc>(loc)) {
    Trail trail = follow(named.getChildLoc());
    // The name around a call is that of the instance.
    Trail::Step &step = trail.instances.empty() ? trail.innermost : trail.instances.front();
    if (step.name.empty())
      step.name = named.getName().str();
    return trail;
  }
  if (auto fused = mlir::dyn_cast<mlir::FusedLoc>(loc)) {
    for (Location part : fused.getLocations())
      if (Trail trail = follow(part); trail.innermost.place)
        return trail;
    return {};
  }
  Trail trail;
  if (auto range = mlir::dyn_cast<mlir::FileLineColRange>(loc))
    trail.innermost.place = mlir::FileLineColLoc::get(range.getFilename(), range.getStartLine(),
                                                      range.getStartColumn());
  return trail;
}

static Location placeOr(const Trail &trail, Location otherwise) {
  return trail.innermost.place ? Location(*trail.innermost.place) : otherwise;
}

bool basalt::wantsColors(const llvm::raw_ostream &os) {
  auto isSet = [](llvm::StringRef name) {
    std::optional<std::string> value = llvm::sys::Process::GetEnv(name);
    return value && !value->empty() && *value != "0";
  };
  return !isSet("NO_COLOR") && (isSet("CLICOLOR_FORCE") || os.has_colors());
}

DiagnosticPrinter::DiagnosticPrinter(SourceFiles &sources, mlir::MLIRContext *context,
                                     llvm::raw_ostream &os, DiagnosticOptions options)
    : SourceMgrDiagnosticHandler(sources.sourceMgr(), context, os), sources(sources), out(os),
      options(options) {
  llvm::WithColor::setAutoDetectFunction(wantsColors);
  setHandler([this](mlir::Diagnostic &diagnostic) { take(diagnostic); });
}

DiagnosticPrinter::~DiagnosticPrinter() { flush(); }

/// Whether a message of the same place and text has been taken; it has from now on.
bool DiagnosticPrinter::isKnown(const Message &message) {
  std::string key;
  llvm::raw_string_ostream(key) << message.place << '\n' << message.text;
  return !known.insert(key).second;
}

/// What is said of a diagnostic itself; nothing of a warning that is silenced.
std::optional<DiagnosticPrinter::Message>
DiagnosticPrinter::mainMessage(mlir::Diagnostic &diagnostic, Location place) const {
  Message message{place, diagnostic.getSeverity(), diagnostic.str(), warningOf(diagnostic)};
  if (!message.warning)
    return message;
  switch (options.warnings.treatmentOf(*message.warning)) {
  case WarningOptions::Treatment::Silent:
    return std::nullopt;
  case WarningOptions::Treatment::Warning:
    return message;
  case WarningOptions::Treatment::Error:
    message.severity = DiagnosticSeverity::Error;
    return message;
  }
  llvm_unreachable("all treatments are handled");
}

void DiagnosticPrinter::take(mlir::Diagnostic &diagnostic) {
  const Location loc = diagnostic.getLocation();
  const Trail trail = follow(loc);
  std::optional<Message> main = mainMessage(diagnostic, placeOr(trail, loc));
  if (!main || isKnown(*main))
    return;
  Held entry{std::move(*main), {}};
  for (const mlir::Diagnostic &note : diagnostic.getNotes())
    entry.notes.push_back({placeOr(follow(note.getLocation()), note.getLocation()),
                           DiagnosticSeverity::Note, note.str()});
  for (const Trail::Step &step : llvm::ArrayRef(trail.instances).take_front(maxInstanceNotes))
    entry.notes.push_back(
        {*step.place, DiagnosticSeverity::Note,
         step.name.empty() ? "in the instance made here" : "in instance '" + step.name + "'"});
  errors += entry.main.severity == DiagnosticSeverity::Error;
  warnings += entry.main.severity == DiagnosticSeverity::Warning;
  held.push_back(std::move(entry));
}

/// By file in the order of loading, line and column; what has no place comes last, and diagnostics
/// of one place keep their order.
void DiagnosticPrinter::sortHeld() {
  auto position = [&](const Held &entry) {
    size_t file = sources.files().size();
    auto place = mlir::dyn_cast<mlir::FileLineColLoc>(entry.main.place);
    if (!place)
      return std::make_tuple(file + 1, 0u, 0u);
    for (auto [index, source] : llvm::enumerate(sources.files()))
      if (source->path == place.getFilename().getValue())
        file = index;
    return std::make_tuple(file, place.getLine(), place.getColumn());
  };
  std::stable_sort(held.begin(), held.end(),
                   [&](const Held &a, const Held &b) { return position(a) < position(b); });
}

static llvm::SourceMgr::DiagKind kindOf(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Note:
    return llvm::SourceMgr::DK_Note;
  case DiagnosticSeverity::Warning:
    return llvm::SourceMgr::DK_Warning;
  case DiagnosticSeverity::Error:
    return llvm::SourceMgr::DK_Error;
  case DiagnosticSeverity::Remark:
    return llvm::SourceMgr::DK_Remark;
  }
  llvm_unreachable("all severities are handled");
}

static llvm::StringRef nameOf(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Note:
    return "note";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Remark:
    return "remark";
  }
  llvm_unreachable("all severities are handled");
}

/// What stands in place of a location that leads nowhere: MLIR would print `<unknown>:0`.
static void printWithoutPlace(llvm::raw_ostream &os, DiagnosticSeverity severity,
                              llvm::StringRef text) {
  llvm::SMDiagnostic("", kindOf(severity), text)
      .print(/*ProgName=*/nullptr, os, /*ShowColors=*/true);
}

/// How long the word or number is that begins at a place, with what a dot joins to it; at least one
/// character.
static unsigned lengthAt(llvm::StringRef text, unsigned line, unsigned column) {
  for (; line > 1; --line)
    text = text.split('\n').second;
  text = text.split('\n').first.drop_front(std::min<size_t>(column - 1, text.size()));
  auto isInWord = [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; };
  return std::max<size_t>(text.take_while(isInWord).rtrim('.').size(), 1);
}

void DiagnosticPrinter::addPlace(llvm::json::Object &object, Location place) const {
  auto range = mlir::dyn_cast<mlir::FileLineColRange>(place);
  if (!range)
    return;
  object["file"] = llvm::json::fixUTF8(range.getFilename().getValue());
  if (range.getStartLine() == 0)
    return; // the file as a whole
  object["line"] = range.getStartLine();
  object["column"] = range.getStartColumn();
  for (const auto &source : sources.files())
    if (source->path == range.getFilename().getValue() && range.getStartColumn() > 0)
      object["endColumn"] = range.getStartColumn() +
                            lengthAt(source->text, range.getStartLine(), range.getStartColumn());
}

static llvm::json::Object toJson(DiagnosticSeverity severity, llvm::StringRef text) {
  return llvm::json::Object{{"severity", nameOf(severity)}, {"message", llvm::json::fixUTF8(text)}};
}

static void printLine(llvm::raw_ostream &os, llvm::json::Object object) {
  os << llvm::json::Value(std::move(object)) << '\n';
}

void basalt::printMessage(llvm::raw_ostream &os, DiagnosticForm form, DiagnosticSeverity severity,
                          llvm::StringRef text, llvm::ArrayRef<std::string> notes) {
  if (form == DiagnosticForm::Json) {
    llvm::json::Object object = toJson(severity, text);
    llvm::json::Array list;
    for (const std::string &note : notes)
      list.push_back(toJson(DiagnosticSeverity::Note, note));
    object["notes"] = std::move(list);
    return printLine(os, std::move(object));
  }
  printWithoutPlace(os, severity, text);
  for (const std::string &note : notes)
    printWithoutPlace(os, DiagnosticSeverity::Note, note);
}

void DiagnosticPrinter::printText(const Message &message) {
  std::string text = message.text;
  if (message.warning) {
    bool isError = message.severity == DiagnosticSeverity::Error;
    text += (isError ? " [-Werror,-W" : " [-W") + infoOf(*message.warning).name.str() + "]";
  }
  if (mlir::isa<mlir::FileLineColLoc>(message.place))
    emitDiagnostic(message.place, text, message.severity);
  else
    printWithoutPlace(out, message.severity, text);
}

void DiagnosticPrinter::printJson(const Held &diagnostic) {
  auto convert = [this](const Message &message) {
    llvm::json::Object object = toJson(message.severity, message.text);
    addPlace(object, message.place);
    if (message.warning)
      object["warning"] = infoOf(*message.warning).name;
    return object;
  };
  llvm::json::Object object = convert(diagnostic.main);
  llvm::json::Array notes;
  for (const Message &note : diagnostic.notes)
    notes.push_back(convert(note));
  object["notes"] = std::move(notes);
  printLine(out, std::move(object));
}

void DiagnosticPrinter::print(const Held &diagnostic) {
  if (options.form == DiagnosticForm::Json)
    return printJson(diagnostic);
  printText(diagnostic.main);
  for (const Message &note : diagnostic.notes)
    printText(note);
}

void DiagnosticPrinter::flush() {
  sortHeld();
  const std::vector<Held> batch = std::move(held);
  held.clear();
  unsigned hidden = 0;
  for (const Held &diagnostic : batch) {
    const bool isError = diagnostic.main.severity == DiagnosticSeverity::Error;
    if (isError && options.errorLimit != 0 && printedErrors == options.errorLimit) {
      ++hidden;
      continue;
    }
    printedErrors += isError;
    print(diagnostic);
  }
  if (hidden != 0)
    printMessage(out, options.form, DiagnosticSeverity::Error,
                 std::to_string(hidden) + (hidden == 1 ? " more error is" : " more errors are") +
                     " not shown");
  out.flush();
}
