// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of legal connections, and the rules for shapes and element types.
#include "compiler/resolve/Fit.h"
#include "compiler/resolve/Scopes.h"
#include "compiler/support/EmitWarning.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace basalt {

//===--- Kinds ---===//

/// What an end is, and on which side of the enclosing process it stands: a connection sees ports of
/// instances from outside and those of the enclosing process from inside.
enum class Kind {
  OutPort,
  InPort,
  RefPort,
  VarPort,
  Var,
  OwnOutPort,
  OwnInPort,
  OwnRefPort,
  OwnVarPort,
  OwnVar,
  Other,
};

static Kind kindOfEnd(const proc::End &end) {
  bool own = !end.instance;
  return llvm::TypeSwitch<Operation *, Kind>(end.member)
      .Case([&](proc::OutPortOp) { return own ? Kind::OwnOutPort : Kind::OutPort; })
      .Case([&](proc::InPortOp) { return own ? Kind::OwnInPort : Kind::InPort; })
      .Case([&](proc::RefPortOp) { return own ? Kind::OwnRefPort : Kind::RefPort; })
      .Case([&](proc::VarPortOp) { return own ? Kind::OwnVarPort : Kind::VarPort; })
      .Case([&](proc::VarOp) { return own ? Kind::OwnVar : Kind::Var; })
      .Default([](Operation *) { return Kind::Other; });
}

static bool isLegal(Kind from, Kind to) {
  switch (from) {
  case Kind::OutPort:
    return to == Kind::InPort || to == Kind::OwnOutPort;
  case Kind::OwnInPort:
    return to == Kind::InPort;
  case Kind::RefPort:
    return to == Kind::Var || to == Kind::OwnVar || to == Kind::VarPort || to == Kind::OwnRefPort;
  case Kind::OwnVarPort:
    return to == Kind::VarPort;
  default:
    return false;
  }
}

/// What a connection from an end of this kind may go to.
static StringRef allowedFrom(Kind kind) {
  switch (kind) {
  case Kind::OutPort:
    return "an OutPort goes to an InPort of an instance or to an OutPort of the enclosing process";
  case Kind::InPort:
    return "an InPort of an instance can only be a target";
  case Kind::RefPort:
    return "a RefPort goes to a Var or VarPort of another instance, or to a RefPort of the "
           "enclosing process";
  case Kind::VarPort:
    return "a VarPort of an instance can only be a target";
  case Kind::Var:
  case Kind::OwnVar:
    return "a Var can only be a target";
  case Kind::OwnOutPort:
    return "an OutPort of the enclosing process can only be a target here";
  case Kind::OwnInPort:
    return "an InPort of the enclosing process goes to an InPort of an instance";
  case Kind::OwnRefPort:
    return "a RefPort of the enclosing process can only be a target here";
  case Kind::OwnVarPort:
    return "a VarPort of the enclosing process goes to a VarPort of an instance";
  case Kind::Other:
    return "only ports can be connected";
  }
  llvm_unreachable("all kinds are listed");
}

/// What a connection to an end of this kind may come from.
static StringRef allowedInto(Kind kind) {
  switch (kind) {
  case Kind::OutPort:
    return "an OutPort of an instance can only be a source";
  case Kind::InPort:
    return "an InPort takes an OutPort of an instance or an InPort of the enclosing process";
  case Kind::RefPort:
    return "a RefPort of an instance can only be a source";
  case Kind::VarPort:
    return "a VarPort takes a RefPort of another instance or a VarPort of the enclosing process";
  case Kind::Var:
  case Kind::OwnVar:
    return "a Var takes a RefPort of another instance";
  case Kind::OwnOutPort:
    return "an OutPort of the enclosing process takes an OutPort of an instance";
  case Kind::OwnInPort:
    return "an InPort of the enclosing process can only be a source here";
  case Kind::OwnRefPort:
    return "a RefPort of the enclosing process takes a RefPort of an instance";
  case Kind::OwnVarPort:
    return "a VarPort of the enclosing process can only be a source here";
  case Kind::Other:
    return "only ports and Vars can be connected to";
  }
  llvm_unreachable("all kinds are listed");
}

/// `'a.s_out' (OutPort)`.
static std::string describe(SymbolRefAttr ref, const proc::End &end) {
  return ("'" + proc::spell(ref) + "' (" + proc::kindOf(end.member) + ")").str();
}

static void attachDeclaration(Diagnostic &error, Operation *member) {
  Type type = proc::outsideType(member);
  Diagnostic &note = error.attachNote(member->getLoc());
  note << "'" << SymbolTable::getSymbolName(member).getValue() << "' is declared here";
  if (type)
    note << " as " << proc::kindOf(member) << " " << proc::spellType(type);
}

LogicalResult checkKinds(proc::ConnectOp connect, const Origin &source, const proc::End &target) {
  Kind from = kindOfEnd(source.end), to = kindOfEnd(target);
  if (!isLegal(from, to)) {
    InFlightDiagnostic error = connect.emitError()
                               << "cannot connect " << describe(source.ref, source.end) << " to "
                               << describe(connect.getTargetAttr(), target) << ": "
                               << allowedFrom(from) << "; " << allowedInto(to);
    attachDeclaration(*error.getUnderlyingDiagnostic(), source.end.member);
    attachDeclaration(*error.getUnderlyingDiagnostic(), target.member);
    return error;
  }
  if (from == Kind::RefPort && source.end.instance == target.instance) {
    InFlightDiagnostic error = connect.emitError()
                               << "RefPort '" << proc::spell(source.ref) << "' and "
                               << proc::kindOf(target.member) << " '"
                               << proc::spell(connect.getTargetAttr())
                               << "' belong to the same process; it can use its Var directly";
    return error;
  }
  return success();
}

//===--- Element types ---===//

/// Whether a port of type `to` holds every number of type `from`.
static bool holds(Type to, Type from) {
  if (to == from)
    return true;
  auto source = dyn_cast<IntegerType>(from);
  if (isa<FloatType>(to))
    return source || from.getIntOrFloatBitWidth() <= to.getIntOrFloatBitWidth();
  auto target = cast<IntegerType>(to);
  if (!source)
    return false;
  // A bool counts as 0 or 1, like u1.
  unsigned bits = source.getWidth() - source.isSigned(),
           room = target.getWidth() - target.isSigned();
  return bits <= room && (!source.isSigned() || target.isSigned());
}

static bool isBool(Type element) { return element.isSignlessInteger(1); }

namespace {
/// One source of a connection and its target, with element types.
struct Pair {
  proc::ConnectOp connect;
  const Origin &source;
  proc::End target;
  Type from, to;

  std::string sourceName() { return "'" + proc::spell(source.ref) + "'"; }
  std::string targetName() { return "'" + proc::spell(connect.getTargetAttr()) + "'"; }
  std::string fromType() { return proc::spellElement(from); }
  std::string toType() { return proc::spellElement(to); }
  /// Fails with the declarations of both ends as notes.
  LogicalResult fail(InFlightDiagnostic error) {
    attachDeclaration(*error.getUnderlyingDiagnostic(), source.end.member);
    attachDeclaration(*error.getUnderlyingDiagnostic(), target.member);
    return error;
  }
};
} // namespace

/// Whether the end is a port of a hierarchical process, which has no value of its own.
static bool onlyPassesOn(const proc::End &end) {
  if (!end.instance)
    return true;
  proc::ProcessOp process = proc::lookupProcess(end.instance);
  return process && hierarchicalModel(process);
}

static LogicalResult checkMessageTypes(Pair pair) {
  if (isa<FloatType>(pair.from) && isa<IntegerType>(pair.to) && !isBool(pair.to))
    return pair.fail(pair.connect.emitError()
                     << "element types do not fit: " << pair.sourceName() << " sends "
                     << pair.fromType() << ", but " << pair.targetName() << " is " << pair.toType()
                     << "; a float becomes an integer only by a cast, as in `" << pair.toType()
                     << "(x)`");
  if (holds(pair.to, pair.from))
    return success();
  if (onlyPassesOn(pair.target))
    return pair.fail(pair.connect.emitError()
                     << "element types do not fit: " << pair.targetName() << " (" << pair.toType()
                     << ") cannot pass on all that " << pair.sourceName() << " (" << pair.fromType()
                     << ") sends; a port of a hierarchical process converts nothing");
  if (isBool(pair.to))
    return success(); // what is not zero is true
  InFlightDiagnostic warning = emitWarning(pair.connect.getLoc(), Warning::LossyConnection);
  if (isa<FloatType>(pair.to))
    warning << "values of " << pair.sourceName() << " (" << pair.fromType() << ") are rounded to "
            << pair.toType() << " in " << pair.targetName();
  else
    warning << "values of " << pair.sourceName() << " (" << pair.fromType()
            << ") wrap where they do not fit the type of " << pair.targetName() << " ("
            << pair.toType() << ")";
  return success();
}

static LogicalResult checkElements(Pair pair) {
  if (isa<proc::InPortOp, proc::OutPortOp>(pair.target.member))
    return checkMessageTypes(pair);
  if (pair.from == pair.to)
    return success();
  return pair.fail(pair.connect.emitError()
                   << "element types do not match: " << pair.sourceName() << " is "
                   << pair.fromType() << ", but " << pair.targetName() << " is " << pair.toType()
                   << "; what is read and written through a RefPort is not converted");
}

//===--- Shapes ---===//

bool shapesAgree(const proc::PartialShape &a, const proc::PartialShape &b) {
  if (!a || !b)
    return true;
  return a->size() == b->size() && llvm::all_of(llvm::zip(*a, *b), [](auto pair) {
           auto [x, y] = pair;
           return x == y || ShapedType::isDynamic(x) || ShapedType::isDynamic(y);
         });
}

bool reachesOneElement(const Origin &source, const proc::End &target,
                       const proc::PartialShape &from, const proc::PartialShape &to) {
  return isa<proc::RefPortOp>(source.end.member) &&
         isa<proc::VarOp, proc::VarPortOp>(target.member) && from && to &&
         from->size() + to->size() == 1 && (from->empty() ? to : from)->front() == 1;
}

static LogicalResult checkShape(proc::ConnectOp connect, ArrayRef<Origin> origins,
                                const proc::End &target, const proc::PartialShape &from,
                                const proc::PartialShape &to, Explain explain) {
  if (shapesAgree(from, to) || reachesOneElement(origins.front(), target, from, to))
    return success();
  bool transformed = !origins.front().through.empty() || connect.getVia();
  InFlightDiagnostic error = connect.emitError()
                             << "shapes do not match: '" << proc::spell(origins.front().ref)
                             << "' is " << proc::spellShape(*from);
  if (transformed)
    error << " behind its virtual port";
  error << ", but '" << proc::spell(connect.getTargetAttr()) << "' is " << proc::spellShape(*to);
  Diagnostic &diagnostic = *error.getUnderlyingDiagnostic();
  for (const Origin &origin : origins)
    attachDeclaration(diagnostic, origin.end.member);
  attachDeclaration(diagnostic, target.member);
  explain(diagnostic);
  return error;
}

LogicalResult checkTypes(proc::ConnectOp connect, TypeOfEnd typeOf, SymbolTableCollection &tables,
                         Explain explain) {
  Operation *scope = connect->getParentOp();
  FailureOr<SmallVector<Origin>> origins = originsOf(scope, connect.getSourceAttr(), tables);
  if (failed(origins))
    return failure();
  proc::End target = proc::lookupEnd(scope, connect.getTargetAttr(), &tables);
  Type to = typeOf(target);
  FailureOr<proc::PartialShape> shape = SourceShapes(scope, typeOf, tables, true).of(connect);
  if (failed(shape) ||
      failed(checkShape(connect, *origins, target, *shape, partialShape(to), explain)))
    return failure();
  for (const Origin &origin : *origins) {
    Type from = getElementTypeOrSelf(typeOf(origin.end)), element = getElementTypeOrSelf(to);
    if (isa<proc::NamedType>(from) || isa<proc::NamedType>(element))
      continue;
    if (failed(checkElements({connect, origin, target, from, element})))
      return failure();
  }
  return success();
}

} // namespace basalt
