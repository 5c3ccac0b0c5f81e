// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bindings of type names and shape names.
#include "compiler/resolve/InferenceState.h"
#include "dialect/proc/Types.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace basalt {

bool isOpen(proc::ProcessOp process) {
  return llvm::any_of(process.getBody().getOps(), [](Operation &member) {
    Type type = proc::declaredType(&member);
    return type && !proc::isConcrete(type);
  });
}

/// A VarPort is its Var.
static Operation *declarationOf(Operation *member) {
  if (auto port = dyn_cast<proc::VarPortOp>(member))
    return proc::varOf(port);
  return member;
}

//===--- Axes of a declaration ---===//

/// One entry for each axis of the declaration: a number, a name, or `*name`.
static SmallVector<std::string> axesOf(Operation *member) {
  auto type = cast<ShapedType>(proc::declaredType(member));
  auto names = member->getAttrOfType<ArrayAttr>("shape_names");
  std::string own =
      "#" + SymbolTable::getSymbolName(member).str(); // no user's name looks like that
  SmallVector<std::string> axes;
  if (!names && !type.hasRank())
    return {"*" + own};
  size_t count = names ? names.size() : type.getRank();
  bool aligned = type.hasRank() && count == static_cast<size_t>(type.getRank());
  for (size_t i = 0; i < count; ++i) {
    StringRef name = names ? cast<StringAttr>(names[i]).getValue() : "";
    if (!name.empty())
      axes.push_back(name.str());
    else if (aligned && !type.isDynamicDim(i))
      axes.push_back(std::to_string(type.getDimSize(i)));
    else
      axes.push_back(own + "." + std::to_string(i));
  }
  return axes;
}

static bool isStar(StringRef axis) { return axis.starts_with("*"); }

/// The extent of an axis that is declared as a number.
static std::optional<int64_t> numberOf(StringRef axis) {
  int64_t value;
  return axis.getAsInteger(10, value) ? std::nullopt : std::optional(value);
}

/// Calls `visit(axis, first, count)` for the axes of a shape of that rank; false if it does not
/// fit.
template <typename VisitT>
static bool alignAxes(ArrayRef<std::string> axes, size_t rank, VisitT visit) {
  bool star = llvm::any_of(axes, isStar);
  if (star ? rank + 1 < axes.size() : rank != axes.size())
    return false;
  size_t first = 0, rest = rank + 1 - axes.size();
  for (const std::string &axis : axes) {
    size_t count = isStar(axis) ? rest : 1;
    visit(axis, first, count);
    first += count;
  }
  return true;
}

//===--- Bindings ---===//

const InferenceState::Binding *InferenceState::find(InstanceNode &node, StringRef name) const {
  auto names = bindings.find(&node);
  if (names == bindings.end())
    return nullptr;
  auto found = names->second.find(name);
  return found == names->second.end() ? nullptr : &found->second;
}

bool InferenceState::bind(InstanceNode &node, StringRef name, Type element,
                          ArrayRef<int64_t> extents, Location loc) {
  Binding &binding = bindings[&node][name];
  if (binding.where)
    return false;
  binding = {element, llvm::to_vector(extents), loc};
  return true;
}

/// Key of a type name; `$` keeps it apart from shape names.
static std::string typeKey(proc::NamedType type) { return "$" + type.getName().str(); }

proc::PartialShape InferenceState::shapeOf(InstanceNode &node, Operation *member,
                                           ShapedType declared) const {
  SmallVector<int64_t> shape;
  for (const std::string &axis : axesOf(member)) {
    const Binding *binding = find(node, axis);
    if (binding)
      llvm::append_range(shape, binding->extents);
    else if (!isStar(axis))
      shape.push_back(numberOf(axis).value_or(ShapedType::kDynamic));
    else if (declared.hasRank())
      return SmallVector<int64_t>(declared.getShape());
    else
      return std::nullopt;
  }
  if (!declared.hasRank() || static_cast<size_t>(declared.getRank()) != shape.size())
    return shape;
  for (auto [axis, extent] : llvm::enumerate(declared.getShape()))
    if (!ShapedType::isDynamic(extent))
      shape[axis] = extent;
  return shape;
}

Type InferenceState::typeOf(InstanceNode &node, Operation *member) const {
  member = declarationOf(member);
  Type type = proc::declaredType(member);
  if (!type || proc::isConcrete(type))
    return type;
  Type element = getElementTypeOrSelf(type);
  if (auto named = dyn_cast<proc::NamedType>(element))
    if (const Binding *binding = find(node, typeKey(named)))
      element = binding->element;
  proc::PartialShape shape = shapeOf(node, member, cast<ShapedType>(type));
  if (!shape)
    return UnrankedTensorType::get(element);
  return RankedTensorType::get(*shape, element);
}

bool InferenceState::learn(InstanceNode &node, Operation *member, Type element,
                           const proc::PartialShape &shape, Location loc) {
  member = declarationOf(member);
  Type type = proc::declaredType(member);
  if (!type)
    return false;
  bool news = false;
  auto named = dyn_cast<proc::NamedType>(getElementTypeOrSelf(type));
  if (named && element && !isa<proc::NamedType>(element))
    news |= bind(node, typeKey(named), element, {}, loc);
  if (shape && (member->hasAttr("shape_names") || !cast<ShapedType>(type).hasStaticShape()))
    news |= learnShape(node, member, *shape, loc);
  return news;
}

bool InferenceState::learnShape(InstanceNode &node, Operation *member, ArrayRef<int64_t> shape,
                                Location loc) {
  bool news = false;
  alignAxes(axesOf(member), shape.size(), [&](StringRef axis, size_t first, size_t count) {
    ArrayRef<int64_t> extents = shape.slice(first, count);
    if (!numberOf(axis) && !llvm::is_contained(extents, ShapedType::kDynamic))
      news |= bind(node, axis, {}, extents, loc);
  });
  return news;
}

//===--- Reports ---===//

/// How the user knows a name; empty for an extent without a name.
static StringRef spellName(StringRef key) {
  key.consume_front("*");
  return key.starts_with("#") ? "" : key;
}

SmallVector<std::pair<StringAttr, Attribute>> InferenceState::extents(InstanceNode &node) const {
  SmallVector<std::pair<StringAttr, Attribute>> result;
  mlir::Builder builder(node.process.getContext());
  llvm::StringSet<> seen;
  for (Operation &member : node.process.getBody().getOps()) {
    if (!member.hasAttr("shape_names"))
      continue;
    for (const std::string &axis : axesOf(&member)) {
      StringRef name = spellName(axis);
      const Binding *binding = find(node, axis);
      if (name.empty() || numberOf(axis) || !binding || !seen.insert(name).second)
        continue;
      Attribute value = isStar(axis)
                            ? Attribute(builder.getI64TensorAttr(binding->extents))
                            : Attribute(builder.getI64IntegerAttr(binding->extents.front()));
      result.push_back({builder.getStringAttr(name), value});
    }
  }
  return result;
}

void InferenceState::explain(InstanceNode &node, Operation *member, Diagnostic &error) const {
  member = declarationOf(member);
  for (const std::string &axis : axesOf(member)) {
    const Binding *binding = find(node, axis);
    if (!binding || spellName(axis).empty())
      continue;
    error.attachNote(*binding->where) << "'" << spellName(axis) << "' of '" << node.path << "' is "
                                      << (isStar(axis) ? proc::spellShape(binding->extents)
                                                       : std::to_string(binding->extents.front()))
                                      << " because of this";
  }
}

/// Whether something in the scope around the instance names its port as a source.
static bool isSource(InstanceNode &node, StringAttr port) {
  auto ref = SymbolRefAttr::get(node.instance.getSymNameAttr(), FlatSymbolRefAttr::get(port));
  return llvm::any_of(bodyOf(node.parent->scope), [&](Operation &op) {
    if (auto seen = dyn_cast<proc::VirtualPortOp>(op))
      return llvm::is_contained(seen.getSources(), ref);
    auto connect = dyn_cast<proc::ConnectOp>(op);
    return connect && connect.getSourceAttr() == ref;
  });
}

void InferenceState::reportUnbound(InstanceNode &node, Operation *member) {
  Type declared = proc::declaredType(member);
  std::string name = node.nameOf(SymbolTable::getSymbolName(member).getValue());
  auto report = [&](StringRef key, const Twine &what) {
    if (!reported[&node].insert(key).second)
      return;
    InFlightDiagnostic error = member->emitError()
                               << what << " of '" << name << "' is bound neither by "
                               << (key.starts_with("$") ? "the model, nor by " : "")
                               << "a given value, nor by a connection";
    error.attachNote(node.instance.getLoc()) << "in this instance";
    if (auto ref = dyn_cast<proc::RefPortOp>(member); ref && !isSource(node, ref.getSymNameAttr()))
      error.attachNote(node.instance.getLoc()) << "'" << name << "' is connected to nothing";
  };
  if (auto named = dyn_cast<proc::NamedType>(getElementTypeOrSelf(declared)))
    if (std::string key = typeKey(named); !find(node, key))
      report(key, "type name '" + named.getName() + "'");
  if (cast<ShapedType>(declared).hasStaticShape())
    return;
  for (const std::string &axis : axesOf(member)) {
    if (numberOf(axis) || find(node, axis))
      continue;
    if (spellName(axis).empty())
      report(axis, "the shape");
    else
      report(axis, "shape name '" + spellName(axis) + "'");
  }
}

} // namespace basalt
