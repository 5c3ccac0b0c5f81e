// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes syntax trees as text with all parentheses.

#include "compiler/frontend/behaviour/AstPrinter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace basalt::frontend::behaviour;
using llvm::StringRef;

namespace {

class Printer {
public:
  explicit Printer(llvm::raw_ostream &os) : os(os) {}

  void print(const Expr *expr);
  void print(const Stmt *stmt);
  void print(const Block *block);
  void print(const FunctionDecl *function);
  void print(const Declaration &declaration);
  void print(const PortDeclaration &port);
  void print(const ConnectionEnd &end);
  void printItems(llvm::ArrayRef<IndexItem> items);
  void printShape(std::optional<Shape> shape);

  template <typename Range> void printList(const Range &list) {
    llvm::interleaveComma(list, os, [&](const auto &element) { print(element); });
  }

private:
  void printString(StringRef value);
  void printFloat(double value);
  /// An operand on the left, where the lowest integer must not fall apart into sign and digits.
  void printBase(const Expr *base);
  void printMember(const MemberExpr *member);
  void printCompare(const CompareExpr *compare);
  void printCall(const CallExpr *call);
  void printListExpr(const ListExpr *list);
  void printIf(const IfStmt *stmt);
  void printAssert(const AssertStmt *stmt);
  void printPrint(const PrintStmt *stmt);
  void printBraces(const Block *block);
  void printNames(llvm::ArrayRef<NameDecl> names);

  llvm::raw_ostream &os;
  unsigned indent = 0;
};

template <typename NodeT> std::string printToString(const NodeT &node) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Printer(os).print(node);
  return text;
}

} // namespace

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

void Printer::print(const Expr *expr) {
  llvm::TypeSwitch<const Expr *>(expr)
      .Case([&](const IntLiteral *literal) { os << literal->getValue(); })
      .Case([&](const FloatLiteral *literal) { printFloat(literal->getValue()); })
      .Case([&](const StringLiteral *literal) { printString(literal->getValue()); })
      .Case([&](const BoolLiteral *literal) { os << (literal->getValue() ? "true" : "false"); })
      .Case([&](const NameExpr *name) { os << name->getName(); })
      .Case([&](const UnaryExpr *unary) {
        os << '(' << getSpelling(unary->getOp()) << (unary->getOp() == UnaryOp::Not ? " " : "");
        printBase(unary->getOperand());
        os << ')';
      })
      .Case<BinaryExpr, LogicalExpr>([&](auto *binary) {
        os << '(';
        printBase(binary->getLhs());
        os << ' ' << getSpelling(binary->getOp()) << ' ';
        print(binary->getRhs());
        os << ')';
      })
      .Case([&](const CompareExpr *compare) { printCompare(compare); })
      .Case([&](const CallExpr *call) { printCall(call); })
      .Case([&](const MemberExpr *member) { printMember(member); })
      .Case([&](const IndexExpr *index) {
        printBase(index->getBase());
        printItems(index->getItems());
      })
      .Case([&](const ListExpr *list) { printListExpr(list); })
      .Case([&](const StarExpr *star) {
        os << '*';
        print(star->getOperand());
      });
}

void Printer::printBase(const Expr *base) {
  const auto *integer = llvm::dyn_cast<IntLiteral>(base);
  bool needsParens = integer && integer->getValue() < 0;
  os << (needsParens ? "(" : "");
  print(base);
  os << (needsParens ? ")" : "");
}

void Printer::printMember(const MemberExpr *member) {
  // The dot must not become a decimal point.
  bool needsParens = llvm::isa<IntLiteral, FloatLiteral>(member->getBase());
  os << (needsParens ? "(" : "");
  print(member->getBase());
  os << (needsParens ? ")." : ".") << member->getMember();
}

void Printer::printCompare(const CompareExpr *compare) {
  os << '(';
  print(compare->getFirst());
  for (const CompareLink &link : compare->getLinks()) {
    os << ' ' << getSpelling(link.op) << ' ';
    print(link.operand);
  }
  os << ')';
}

void Printer::printCall(const CallExpr *call) {
  print(call->getCallee());
  os << '(';
  printList(call->getArgs());
  StringRef separator = call->getArgs().empty() ? "" : ", ";
  for (const KeywordArg &keyword : call->getKeywords()) {
    os << separator << keyword.name << '=';
    print(keyword.value);
    separator = ", ";
  }
  os << ')';
}

void Printer::printItems(llvm::ArrayRef<IndexItem> items) {
  os << '[';
  llvm::interleaveComma(items, os, [&](const IndexItem &item) {
    switch (item.kind) {
    case IndexItemKind::Expr:
      return print(item.expr);
    case IndexItemKind::Ellipsis:
      os << "...";
      return;
    case IndexItemKind::NewAxis:
      os << "newaxis";
      return;
    case IndexItemKind::Slice:
      break;
    }
    if (item.start)
      print(item.start);
    os << ':';
    if (item.stop)
      print(item.stop);
    if (!item.step)
      return;
    os << ':';
    print(item.step);
  });
  os << ']';
}

void Printer::printListExpr(const ListExpr *list) {
  os << (list->isTuple() ? '(' : '[');
  printList(list->getElements());
  if (list->isTuple() && list->getElements().size() == 1)
    os << ',';
  os << (list->isTuple() ? ')' : ']');
}

void Printer::printString(StringRef value) {
  os << '"';
  for (char c : value) {
    if (c == '"' || c == '\\')
      os << '\\' << c;
    else if (c == '\n')
      os << "\\n";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      os << llvm::formatv("\\x{0:X-2}", static_cast<unsigned>(c));
    else
      os << c;
  }
  os << '"';
}

void Printer::printFloat(double value) {
  // The shortest digits that give the same number again; always recognisable as a float.
  std::string digits;
  for (int precision : {15, 16, 17}) {
    digits.clear();
    llvm::raw_string_ostream(digits) << llvm::format("%.*g", precision, value);
    double again;
    if (!StringRef(digits).getAsDouble(again) && again == value)
      break;
  }
  os << digits;
  if (StringRef(digits).find_first_of(".eE") == StringRef::npos)
    os << ".0";
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void Printer::print(const Block *block) {
  for (const Stmt *stmt : block->getStatements()) {
    os.indent(indent);
    print(stmt);
    os << '\n';
  }
}

void Printer::printBraces(const Block *block) {
  os << "{\n";
  indent += 2;
  print(block);
  indent -= 2;
  os.indent(indent) << '}';
}

void Printer::printNames(llvm::ArrayRef<NameDecl> names) {
  llvm::interleaveComma(names, os, [&](const NameDecl &name) { os << name.name; });
}

void Printer::print(const Stmt *stmt) {
  llvm::TypeSwitch<const Stmt *>(stmt)
      .Case([&](const LetStmt *let) {
        os << "let ";
        printNames(let->getNames());
        os << " = ";
        printList(let->getValues());
      })
      .Case([&](const AssignStmt *assign) {
        print(assign->getTarget());
        os << ' ' << (assign->getOp() ? getSpelling(*assign->getOp()) : "") << "= ";
        print(assign->getValue());
      })
      .Case([&](const IfStmt *ifStmt) { printIf(ifStmt); })
      .Case([&](const ForStmt *loop) {
        os << "for " << loop->getVariable().name << " in ";
        print(loop->getIterable());
        os << ' ';
        printBraces(loop->getBody());
      })
      .Case([&](const ReturnStmt *ret) {
        os << "return ";
        printList(ret->getValues());
      })
      .Case([&](const AssertStmt *assertion) { printAssert(assertion); })
      .Case([&](const PrintStmt *print) { printPrint(print); })
      .Case([&](const ControlStmt *control) {
        os << (control->getControl() == ControlKind::Pause ? "pause()" : "stop()");
      })
      .Case([&](const CallStmt *call) { print(call->getCall()); });
}

void Printer::printIf(const IfStmt *stmt) {
  os << "if ";
  print(stmt->getCondition());
  os << ' ';
  printBraces(stmt->getThen());
  if (!stmt->getElse())
    return;
  os << " else ";
  printBraces(stmt->getElse());
}

void Printer::printAssert(const AssertStmt *stmt) {
  os << "assert ";
  print(stmt->getCondition());
  if (!stmt->getMessage())
    return;
  os << ", ";
  print(stmt->getMessage());
}

void Printer::printPrint(const PrintStmt *stmt) {
  os << "print(";
  print(stmt->getFormat());
  for (const Expr *arg : stmt->getArgs()) {
    os << ", ";
    print(arg);
  }
  os << ')';
}

void Printer::print(const FunctionDecl *function) {
  os << "fn " << function->getName() << '(';
  llvm::interleaveComma(function->getParams(), os, [&](const FunctionParam &param) {
    os << param.name;
    if (!param.defaultValue)
      return;
    os << '=';
    print(param.defaultValue);
  });
  os << ") ";
  printBraces(function->getBody());
}

//===----------------------------------------------------------------------===//
// Declarations and connections
//===----------------------------------------------------------------------===//

void Printer::printShape(std::optional<Shape> shape) {
  if (!shape)
    return;
  os << '[';
  printList(*shape);
  os << ']';
}

void Printer::print(const Declaration &declaration) {
  if (declaration.isRequired) {
    os << "required";
    return;
  }
  if (!declaration.bareText.empty()) {
    os << (declaration.isBareWord ? "word " : declaration.init ? "value " : "text ");
    if (declaration.init)
      print(declaration.init);
    else
      os << declaration.bareText;
    return;
  }
  os << (declaration.isSparse ? "sparse " : "") << declaration.typeName;
  printShape(declaration.shape);
  if (declaration.init) {
    os << " = ";
    print(declaration.init);
  } else if (!declaration.initText.empty()) {
    os << " = text " << declaration.initText;
  }
}

void Printer::print(const PortDeclaration &port) {
  constexpr StringRef kinds[] = {"in", "out", "ref", "var"};
  os << kinds[static_cast<size_t>(port.kind)] << ' ' << port.typeName << port.varName;
  printShape(port.shape);
}

void Printer::print(const ConnectionEnd &end) {
  if (end.isConcat()) {
    os << "concat(";
    llvm::interleaveComma(end.parts, os, [&](const ConnectionEnd *part) { print(*part); });
    if (end.axis) {
      os << ", axis=";
      print(end.axis);
    }
    os << ')';
  } else {
    os << end.instance << (end.instance.empty() ? "" : ".") << end.member;
  }
  for (const Transform &transform : end.transforms) {
    if (transform.kind == TransformKind::Slice) {
      printItems(transform.items);
      continue;
    }
    os << (transform.kind == TransformKind::Reshape   ? ".reshape("
           : transform.kind == TransformKind::Flatten ? ".flatten("
                                                      : ".transpose(");
    printList(transform.args);
    os << ')';
  }
}

namespace basalt::frontend::behaviour {

std::string toString(const Expr *expr) { return printToString(expr); }
std::string toString(const Stmt *stmt) { return printToString(stmt) + "\n"; }
std::string toString(const Block *block) { return printToString(block); }
std::string toString(const FunctionDecl *function) { return printToString(function); }
std::string toString(const Declaration &declaration) { return printToString(declaration); }
std::string toString(const PortDeclaration &port) { return printToString(port); }
std::string toString(const ConnectionEnd &end) { return printToString(end); }

std::string toString(const Connection &connection) {
  auto join = [](llvm::ArrayRef<const ConnectionEnd *> ends) {
    return llvm::join(llvm::map_range(ends, [](auto *end) { return toString(*end); }), ", ");
  };
  return join(connection.sources) + " -> " + join(connection.destinations);
}

std::string toString(const Limit &limit) {
  return (limit.lower ? toString(limit.lower) : "") + ".." +
         (limit.upper ? toString(limit.upper) : "");
}

} // namespace basalt::frontend::behaviour
