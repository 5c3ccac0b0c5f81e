// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Port calls: recv, send, read, write.
#include "compiler/frontend/typing/Typer.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Lookup.h"
#include "dialect/proc/Types.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace basalt::frontend::behaviour;

namespace basalt::frontend {

/// Calls that a port understands.
static SmallVector<StringRef> callsOf(Operation *port) {
  if (isa<proc::InPortOp>(port))
    return {"recv"};
  if (isa<proc::OutPortOp>(port))
    return {"send"};
  if (isa<proc::RefPortOp>(port))
    return {"read", "write"};
  return {};
}

LogicalResult Typer::requireEffects(Location loc, StringRef what) {
  if (frame().function)
    return emitError(loc) << what << " cannot stand in a function; functions are pure";
  if (place == Place::Phase)
    return success();
  // In expressions of the YAML file there are neither ports nor statements.
  return emitError(loc) << what << " cannot stand in a guard";
}

FailureOr<Typed> Typer::typePortCall(const CallExpr &call, const MemberExpr &callee,
                                     bool isStatement) {
  const auto *base = dyn_cast<NameExpr>(callee.getBase());
  StringRef method = callee.getMember();
  if (isRandom(*callee.getBase())) {
    FailureOr<Typed> drawn = typeRandom(call, callee);
    if (failed(drawn) || !isStatement)
      return drawn;
    return emitError(call.getLoc(), "the result of this call is not used");
  }
  Meaning meaning = base && !findLocal(base->getName())
                        ? names.lookup(base->getName(), base->getLoc())
                        : Meaning();
  if (meaning.kind == Meaning::Poisoned)
    return failure();
  if (base && meaning.kind == Meaning::Unknown && !findLocal(base->getName()))
    return LogicalResult(unknownName(base->getLoc(), base->getName()));
  SmallVector<StringRef> known =
      meaning.member ? callsOf(meaning.member) : SmallVector<StringRef>();
  if (isa_and_nonnull<proc::VarPortOp>(meaning.member))
    return emitError(callee.getMemberLoc())
           << "a VarPort is for other processes; use the name of its Var";
  if (known.empty())
    return emitError(callee.getMemberLoc()) << "'" << method << "' can only be called on a port";
  if (!llvm::is_contained(known, method)) {
    InFlightDiagnostic diagnostic = emitError(callee.getMemberLoc())
                                    << "the " << proc::kindOf(meaning.member) << " '"
                                    << base->getName() << "' has no '" << method << "'; it has '"
                                    << llvm::join(known, "' and '") << "'"
                                    << didYouMean(method, known);
    diagnostic.attachNote(meaning.member->getLoc()) << "declared here";
    return diagnostic;
  }
  if (failed(requireEffects(call.getLoc(), "a port access")))
    return failure();
  bool takesValue = method == "send" || method == "write";
  if (call.getArgs().size() != takesValue || !call.getKeywords().empty())
    return emitError(call.getLoc())
           << "'" << method << "' expects " << (takesValue ? "one argument" : "no arguments");
  if (takesValue && !isStatement)
    return emitError(call.getLoc()) << "'" << method << "' has no value";
  RankedTensorType declared = declaredTypeOf(meaning.member);
  Location loc = call.getLoc();
  if (!takesValue) {
    Type type = proc::valueType(declared);
    Value value = method == "recv"
                      ? Value(proc::RecvOp::create(emit.builder, loc, type, base->getName()))
                      : Value(proc::ReadOp::create(emit.builder, loc, type, base->getName()));
    return Typed{emit.widen(loc, value, declared.getElementType()), {}, false};
  }
  FailureOr<Typed> argument = typeValue(*call.getArgs().front());
  if (failed(argument))
    return failure();
  FailureOr<Value> value =
      store(call.getArgs().front()->getLoc(), *argument, declared,
            "the " + proc::kindOf(meaning.member) + " '" + base->getName() + "'");
  if (failed(value))
    return failure();
  if (method == "send")
    proc::SendOp::create(emit.builder, loc, base->getName(), *value);
  else
    proc::WriteOp::create(emit.builder, loc, base->getName(), *value);
  return Typed{};
}

} // namespace basalt::frontend
