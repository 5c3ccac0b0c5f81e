// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "compiler/frontend/build/ProcessClass.h"
#include "compiler/support/Suggest.h"
#include "dialect/proc/Types.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace basalt::frontend {

const ValueDecl *ProcessClass::findValue(StringRef wanted) const {
  auto it = llvm::find_if(values, [&](const ValueDecl &value) { return value.name == wanted; });
  return it == values.end() ? nullptr : &*it;
}

const PortDecl *ProcessClass::findPort(StringRef wanted) const {
  auto it = llvm::find_if(ports, [&](const PortDecl &port) { return port.name == wanted; });
  return it == ports.end() ? nullptr : &*it;
}

const ValueDecl *ProcessClass::findPattern(const ValueDecl &decl) const {
  if (decl.isSparse)
    return &decl;
  if (!decl.isVar || !decl.shape || decl.shape->size() != 1)
    return nullptr;
  const auto *name = dyn_cast<behaviour::NameExpr>(decl.shape->front());
  const ValueDecl *other = name ? findValue(name->getName()) : nullptr;
  return other && other->isSparse ? other : nullptr;
}

std::optional<Location> ProcessClass::declaredAt(StringRef wanted) const {
  if (const ValueDecl *value = findValue(wanted))
    return value->loc;
  if (const PortDecl *port = findPort(wanted))
    return port->loc;
  return std::nullopt;
}

FailureOr<behaviour::Source> sourceOf(const yaml::Node &node, MLIRContext *context,
                                      StringRef what) {
  FileLineColLoc loc = node.textLoc();
  if (!node.hasExactText())
    return emitError(node.loc())
           << what
           << (node.isFolded() ? " of several lines needs a block scalar: '|'"
                               : " cannot have escapes; write it plain, or as a block scalar: '|'");
  return behaviour::Source{node.text(), context, loc.getFilename().getValue(), loc.getLine(),
                           loc.getColumn()};
}

LogicalResult refuseType(Location loc, StringRef name) {
  static constexpr StringRef usual[] = {"bool", "i8", "i16", "i24", "i32", "i64",
                                        "u1",   "u8", "u16", "u32", "f32", "f64"};
  return emitError(loc) << "unknown type '" << name
                        << "'; types are bool, i1 to i64, u1 to u63, f32 and f64"
                        << didYouMean(name, usual);
}

/// A type name may be anything that a model binds, but not what others take for a built-in type.
static LogicalResult checkTypeName(StringRef name, Location loc) {
  if (name.empty() || proc::parseElement(loc.getContext(), name))
    return success();
  StringRef word = name.take_while(llvm::isAlpha), digits = name.drop_front(word.size());
  bool looksBuiltIn = llvm::is_contained({"int", "uint", "float", "double"}, word) ||
                      (!digits.empty() && llvm::is_contained({"i", "u", "f", "bool"}, word));
  if (looksBuiltIn && llvm::all_of(digits, llvm::isDigit))
    return refuseType(loc, name);
  return success();
}

namespace {
/// Parses the declarations of one process.
class ClassParser {
public:
  ClassParser(ProcessClass &result, behaviour::AstContext &ast)
      : result(result), ast(ast), context(result.loc.getContext()) {}
  LogicalResult parse(const yaml::Node &node);
  LogicalResult parseRecord(const yaml::Node &node);

private:
  LogicalResult parseValues(const yaml::Node *node, bool areVars);
  LogicalResult parsePorts(const yaml::Node *node);
  FailureOr<ValueDecl> parseVar(const yaml::Entry &entry);
  FailureOr<ValueDecl> parseParam(const yaml::Entry &entry);
  FailureOr<ValueDecl> parseLongForm(const yaml::Entry &entry, bool isVar);
  FailureOr<PortDecl> parsePort(const yaml::Entry &entry);
  FailureOr<PortDecl> parseLongPort(const yaml::Entry &entry);
  FailureOr<SmallVector<const behaviour::Expr *>> parseShape(const yaml::Node &node);
  template <typename DeclT> LogicalResult add(std::deque<DeclT> &list, const DeclT &decl);
  void collectWords(const yaml::Node &node);
  static void collectWords(StringRef text, llvm::StringSet<> &words);
  LogicalResult checkLimits(const yaml::Node *limits);
  void collectAliases();
  void collectStarredNames();

  ProcessClass &result;
  behaviour::AstContext &ast;
  MLIRContext *context;
  llvm::StringMap<Location> own; ///< names declared here, not taken over
};
} // namespace

/// Adds a declaration; one that was taken over is replaced.
template <typename DeclT>
LogicalResult ClassParser::add(std::deque<DeclT> &list, const DeclT &decl) {
  auto [it, isNew] = own.try_emplace(decl.name, decl.loc);
  if (!isNew) {
    InFlightDiagnostic diagnostic =
        emitError(decl.loc) << "'" << decl.name << "' is declared twice in '" << result.name << "'";
    diagnostic.attachNote(it->second) << "first declared here";
    return diagnostic;
  }
  llvm::erase_if(result.values, [&](const ValueDecl &other) { return other.name == decl.name; });
  llvm::erase_if(result.ports, [&](const PortDecl &other) { return other.name == decl.name; });
  list.push_back(decl);
  return success();
}

void ClassParser::collectWords(StringRef text, llvm::StringSet<> &words) {
  auto isWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t i = 0; i < text.size(); ++i) {
    if (!isWord(text[i]))
      continue;
    StringRef word = text.drop_front(i).take_while(isWord);
    words.insert(word);
    i += word.size();
  }
}

void ClassParser::collectWords(const yaml::Node &node) {
  if (node.isScalar())
    collectWords(node.text(), result.structuralWords);
  if (node.isExpression())
    collectWords(node.text(), result.expressionWords);
  for (const yaml::Node *item : node.items())
    collectWords(*item);
  for (const yaml::Entry &entry : node.entries())
    collectWords(*entry.value);
}

FailureOr<SmallVector<const behaviour::Expr *>> ClassParser::parseShape(const yaml::Node &node) {
  SmallVector<const behaviour::Expr *> shape;
  SmallVector<const yaml::Node *> items;
  if (node.isSequence())
    llvm::append_range(items, node.items());
  else
    items.push_back(&node);
  for (const yaml::Node *item : items) {
    FailureOr<behaviour::Source> source = sourceOf(*item, context, "an extent");
    if (failed(source))
      return failure();
    source->text.consume_front("$");
    auto expr = behaviour::parseExpression(*source, ast);
    if (failed(expr))
      return failure();
    shape.push_back(*expr);
  }
  return shape;
}

/// A sparse Var is a matrix, and says so.
static FailureOr<ValueDecl> checkSparse(const ValueDecl &decl, Location loc) {
  if (decl.shape)
    return decl;
  return emitError(loc) << "the sparse Var '" << decl.name
                        << "' needs a shape, as in 'sparse f64[n, m]'";
}

FailureOr<ValueDecl> ClassParser::parseLongForm(const yaml::Entry &entry, bool isVar) {
  const yaml::Node &node = *entry.value;
  ValueDecl decl{entry.key(), entry.keyLoc(), isVar,   true, true,          {},
                 {},          nullptr,        nullptr, {},   entry.keyLoc()};
  decl.typeName = ast.copy(node.find("type")->text());
  if (failed(checkTypeName(decl.typeName, node.find("type")->loc())))
    return failure();
  if (const yaml::Node *shape = node.find("shape")) {
    auto parsed = parseShape(*shape);
    if (failed(parsed))
      return failure();
    decl.shape = std::move(*parsed);
  }
  if (const yaml::Node *init = node.find(isVar ? "init" : "value")) {
    decl.initNode = init;
    decl.initLoc = init->loc();
    decl.isRequired = false;
  }
  if (const yaml::Node *shareable = node.find("shareable")) {
    if (!shareable->asBool())
      return emitError(shareable->loc(),
                       "an expression for 'shareable' is not supported yet; write true or false");
    decl.isShareable = *shareable->asBool();
  }
  if (const yaml::Node *sparse = node.find("sparse"); sparse && sparse->asBool() == true) {
    decl.isSparse = true;
    return checkSparse(decl, sparse->loc());
  }
  return decl;
}

static ValueDecl fromDeclaration(const yaml::Entry &entry, const behaviour::Declaration &parsed,
                                 bool isVar) {
  ValueDecl decl{
      entry.key(), entry.keyLoc(), isVar, parsed.init == nullptr, true, parsed.typeName, {},
      parsed.init, nullptr,        {},    parsed.initLoc};
  if (parsed.shape)
    decl.shape = llvm::to_vector(*parsed.shape);
  return decl;
}

FailureOr<ValueDecl> ClassParser::parseVar(const yaml::Entry &entry) {
  if (entry.value->isMapping())
    return parseLongForm(entry, true);
  FailureOr<behaviour::Source> source = sourceOf(*entry.value, context, "a declaration");
  if (failed(source))
    return failure();
  auto parsed = behaviour::parseDeclaration(*source, ast, behaviour::BareValues::Forbidden);
  if (failed(parsed))
    return failure();
  if (failed(checkTypeName(parsed->typeName, parsed->typeLoc)))
    return failure();
  ValueDecl decl = fromDeclaration(entry, *parsed, true);
  decl.isSparse = parsed->isSparse;
  return decl.isSparse ? checkSparse(decl, parsed->loc) : FailureOr<ValueDecl>(decl);
}

FailureOr<ValueDecl> ClassParser::parseParam(const yaml::Entry &entry) {
  const yaml::Node &node = *entry.value;
  if (node.isMapping() && node.find("type"))
    return parseLongForm(entry, false);
  ValueDecl decl{entry.key(), entry.keyLoc(), false, false, true,      {},
                 {},          nullptr,        &node, {},    node.loc()};
  if (!node.isString() || node.isExpression())
    return decl;
  decl.initNode = nullptr;
  if (node.style() != yaml::ScalarStyle::Plain) { // quoted: a string, whatever it looks like
    decl.text = node.text();
    return decl;
  }
  FailureOr<behaviour::Source> source = sourceOf(node, context, "a declaration");
  if (failed(source))
    return failure();
  auto parsed = behaviour::parseDeclaration(*source, ast, behaviour::BareValues::Allowed);
  if (failed(parsed))
    return failure();
  bool isRule = parsed->typeName == "rule";
  bool isType = parsed->isBareWord && (isRule || parsed->typeName == kRecordType ||
                                       proc::parseElement(context, parsed->typeName));
  if (parsed->isRequired || isType) {
    decl.isRequired = true;
    decl.typeName = isType ? parsed->typeName : StringRef();
    return decl;
  }
  if (isRule && parsed->shape)
    return emitError(parsed->loc, "a rule has no shape");
  if (isRule) {
    decl.typeName = parsed->typeName;
    decl.text = parsed->initText;
    decl.initLoc = parsed->initLoc;
    return decl;
  }
  if (parsed->isSparse)
    return emitError(parsed->loc, "a parameter of type 'sparse' is not supported yet");
  if (parsed->isBareWord || !parsed->bareText.empty()) {
    decl.text = node.text();
    return decl;
  }
  if (failed(checkTypeName(parsed->typeName, parsed->typeLoc)))
    return failure();
  return fromDeclaration(entry, *parsed, false);
}

LogicalResult ClassParser::parseValues(const yaml::Node *node, bool areVars) {
  if (!node)
    return success();
  LogicalResult all = success();
  for (const yaml::Entry &entry : node->entries()) {
    FailureOr<ValueDecl> decl = areVars ? parseVar(entry) : parseParam(entry);
    if (failed(decl) || failed(add(result.values, *decl)))
      all = failure();
  }
  return all;
}

FailureOr<PortDecl> ClassParser::parseLongPort(const yaml::Entry &entry) {
  const yaml::Node &node = *entry.value;
  StringRef direction = node.find("direction")->text();
  PortDecl decl{entry.key(), entry.keyLoc(), behaviour::PortKind::Var, {}, {}, {}, entry.keyLoc()};
  if (direction == "var") {
    const yaml::Node *var = node.find("var");
    if (!var || node.find("type") || node.find("shape"))
      return emitError(node.loc(),
                       "a VarPort has 'var', the name of a Var, and neither type nor shape");
    decl.varName = var->text();
    decl.varLoc = var->loc();
    return decl;
  }
  decl.kind = direction == "in"    ? behaviour::PortKind::In
              : direction == "out" ? behaviour::PortKind::Out
                                   : behaviour::PortKind::Ref;
  const yaml::Node *type = node.find("type");
  if (!type || node.find("var"))
    return emitError(node.loc(), "a port that is no VarPort has a 'type' and no 'var'");
  decl.typeName = ast.copy(type->text());
  if (failed(checkTypeName(decl.typeName, type->loc())))
    return failure();
  if (const yaml::Node *shape = node.find("shape")) {
    auto parsed = parseShape(*shape);
    if (failed(parsed))
      return failure();
    decl.shape = std::move(*parsed);
  }
  return decl;
}

FailureOr<PortDecl> ClassParser::parsePort(const yaml::Entry &entry) {
  if (entry.value->isMapping())
    return parseLongPort(entry);
  FailureOr<behaviour::Source> source = sourceOf(*entry.value, context, "a declaration");
  if (failed(source))
    return failure();
  auto parsed = behaviour::parsePortDeclaration(*source, ast);
  if (failed(parsed) || failed(checkTypeName(parsed->typeName, parsed->typeLoc)))
    return failure();
  PortDecl decl{entry.key(), entry.keyLoc(),  parsed->kind,  parsed->typeName,
                {},          parsed->varName, parsed->varLoc};
  if (parsed->shape)
    decl.shape = llvm::to_vector(*parsed->shape);
  return decl;
}

LogicalResult ClassParser::parsePorts(const yaml::Node *node) {
  if (!node)
    return success();
  LogicalResult all = success();
  for (const yaml::Entry &entry : node->entries()) {
    FailureOr<PortDecl> decl = parsePort(entry);
    if (failed(decl) || failed(add(result.ports, *decl)))
      all = failure();
  }
  return all;
}

/// What is limited must be there. A parameter that a model limits is a part of its type.
LogicalResult ClassParser::checkLimits(const yaml::Node *limits) {
  LogicalResult all = success();
  for (const yaml::Entry &entry : limits ? limits->entries() : ArrayRef<yaml::Entry>()) {
    result.structuralWords.insert(entry.key());
    if (entry.value->isScalar())
      collectWords(entry.value->text(), result.limitWords);
    if (result.findValue(entry.key()))
      continue;
    SmallVector<StringRef> names;
    for (const ValueDecl &value : result.values)
      names.push_back(value.name);
    all = emitError(entry.keyLoc()) << "'" << result.name << "' has no parameter or Var '"
                                    << entry.key() << "'" << didYouMean(entry.key(), names);
  }
  return all;
}

void ClassParser::collectAliases() {
  if (!result.models)
    return;
  for (const yaml::Node *model : result.models->items())
    if (const yaml::Node *network = model->find("network"))
      if (const yaml::Node *aliases = network->find("aliases"))
        for (const yaml::Entry &entry : aliases->entries())
          result.aliases.insert(entry.key());
}

void ClassParser::collectStarredNames() {
  auto collect = [&](const std::optional<SmallVector<const behaviour::Expr *>> &shape) {
    if (!shape)
      return;
    for (const behaviour::Expr *expr : *shape)
      if (const auto *star = dyn_cast<behaviour::StarExpr>(expr))
        if (const auto *name = dyn_cast<behaviour::NameExpr>(star->getOperand()))
          result.starredNames.insert(name->getName());
  };
  for (const ValueDecl &value : result.values)
    collect(value.shape);
  for (const PortDecl &port : result.ports)
    collect(port.shape);
}

LogicalResult ClassParser::parse(const yaml::Node &node) {
  LogicalResult params = parseValues(node.find("params"), false),
                vars = parseValues(node.find("vars"), true);
  LogicalResult ports = parsePorts(node.find("ports"));
  if (const yaml::Node *limits = node.find("limits"))
    for (const yaml::Entry &entry : limits->entries())
      result.limits[entry.key()] = entry.value;
  result.models = node.find("models");
  collectAliases();
  collectStarredNames();
  for (StringRef key : {"params", "vars", "ports"})
    if (const yaml::Node *section = node.find(key))
      for (const yaml::Entry &entry : section->entries()) {
        // Of a declaration only the shape is structural; its default stands after '='.
        if (const yaml::Node *shape = entry.value->find("shape"))
          collectWords(*shape);
        else if (entry.value->isString())
          collectWords(key == "params" && entry.value->isExpression()
                           ? entry.value->text()
                           : entry.value->text().split('=').first,
                       result.structuralWords);
      }
  for (StringRef key : {"models", "limits"})
    if (const yaml::Node *section = node.find(key))
      collectWords(*section);
  LogicalResult limits = checkLimits(node.find("limits"));
  if (result.models)
    for (const yaml::Node *model : result.models->items())
      for (StringRef key : {"limits", "expects"})
        if (failed(checkLimits(model->find(key))))
          limits = failure();
  return success(succeeded(params) && succeeded(vars) && succeeded(ports) && succeeded(limits));
}

/// The parameters of a record stand beside its other keys.
LogicalResult ClassParser::parseRecord(const yaml::Node &node) {
  LogicalResult all = success();
  for (const yaml::Entry &entry : node.entries()) {
    if (llvm::is_contained({"doc", "extends", "limits"}, entry.key()))
      continue;
    if (entry.key() == "class") {
      all = emitError(entry.keyLoc(),
                      "'class' is the name of the record; a parameter cannot have it");
      continue;
    }
    FailureOr<ValueDecl> decl = parseParam(entry);
    if (failed(decl) || failed(add(result.values, *decl)))
      all = failure();
  }
  const yaml::Node *limits = node.find("limits");
  for (const yaml::Entry &entry : limits ? limits->entries() : ArrayRef<yaml::Entry>())
    result.limits[entry.key()] = entry.value;
  return failed(checkLimits(limits)) ? failure() : all;
}

/// What `parse` makes of the declarations, with those of `base` taken over.
static FailureOr<std::unique_ptr<ProcessClass>>
parseClass(StringRef name, Location nameLoc, const yaml::Node &node, const ProcessClass *base,
           behaviour::AstContext &ast, LogicalResult (ClassParser::*parse)(const yaml::Node &)) {
  auto result = std::make_unique<ProcessClass>(
      ProcessClass{name, nameLoc, {}, {}, {}, nullptr, {}, {}, {}, {}, {}});
  if (base) {
    result->values = base->values;
    result->ports = base->ports;
    result->limits = base->limits;
    for (const auto &word : base->structuralWords)
      result->structuralWords.insert(word.getKey());
    for (const auto &word : base->limitWords)
      result->limitWords.insert(word.getKey());
  }
  if (failed((ClassParser(*result, ast).*parse)(node)))
    return failure();
  return result;
}

FailureOr<std::unique_ptr<ProcessClass>> parseProcessClass(StringRef name, Location nameLoc,
                                                           const yaml::Node &node,
                                                           const ProcessClass *base,
                                                           behaviour::AstContext &ast) {
  return parseClass(name, nameLoc, node, base, ast, &ClassParser::parse);
}

FailureOr<std::unique_ptr<ProcessClass>> parseRecordClass(StringRef name, Location nameLoc,
                                                          const yaml::Node &node,
                                                          const ProcessClass *base,
                                                          behaviour::AstContext &ast) {
  return parseClass(name, nameLoc, node, base, ast, &ClassParser::parseRecord);
}

} // namespace basalt::frontend
