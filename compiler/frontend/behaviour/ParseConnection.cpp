// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Connections. The ends are read as expressions and then taken apart, since they look just like
// them.

#include "compiler/frontend/behaviour/ParserImpl.h"
#include "compiler/support/Suggest.h"

#include "llvm/ADT/StringSwitch.h"

using namespace basalt::frontend::behaviour;

mlir::FailureOr<Connection> Parser::parseWholeConnection() {
  mlir::Location loc = locOf(peek());
  llvm::SmallVector<const ConnectionEnd *, 4> sources;
  if (!parseEnds(sources, /*plain=*/false))
    return mlir::failure();
  Token arrow = peek();
  if (arrow.isAny(TokenKind::Less, TokenKind::Greater, TokenKind::Minus)) {
    error(arrow, "a connection is written 'source -> destination'");
    return mlir::failure();
  }
  if (!expect(TokenKind::Arrow, "',' or '->'"))
    return mlir::failure();
  llvm::SmallVector<const ConnectionEnd *, 4> destinations;
  if (!parseEnds(destinations, /*plain=*/true))
    return mlir::failure();
  if (at(TokenKind::Arrow)) {
    error(peek(), "a connection has one '->'");
    return mlir::failure();
  }
  if (!expectEnd("',' or the end of the connection"))
    return mlir::failure();
  return Connection{loc, locOf(arrow), save(sources), save(destinations)};
}

mlir::FailureOr<ConnectionEnd> Parser::parseWholePath() {
  llvm::SmallVector<const ConnectionEnd *, 1> ends;
  const Expr *expr = parsePostfix();
  mlir::Location loc = locOf(peek());
  ConnectionEnd end{{loc, {}}, {}, loc, {}, loc, {}, nullptr, {}};
  if (!expr || !convertEnd(expr, end) || !checkPlain(end) || !expectEnd("the end of the name"))
    return mlir::failure();
  return end;
}

bool Parser::parseEnds(llvm::SmallVectorImpl<const ConnectionEnd *> &ends, bool plain) {
  do {
    if (peek().isAny(TokenKind::Arrow, TokenKind::Eof, TokenKind::Comma)) {
      unexpected("a port");
      return false;
    }
    const Expr *expr = parsePostfix();
    if (!expr)
      return false;
    ConnectionEnd end{expr->getSpan(), {}, expr->getLoc(), {}, expr->getLoc(), {}, nullptr, {}};
    if (!convertEnd(expr, end) || (plain && !checkPlain(end)))
      return false;
    ends.push_back(ast.create<ConnectionEnd>(end));
  } while (takeIf(TokenKind::Comma));
  return true;
}

bool Parser::checkPlain(const ConnectionEnd &end) {
  if (end.transforms.empty() && !end.isConcat())
    return true;
  mlir::Location loc = end.transforms.empty() ? end.span.loc : end.transforms.front().loc;
  error(loc, "expected just a port or Var; virtual ports apply to the source of a connection");
  return false;
}

bool Parser::convertEnd(const Expr *expr, ConnectionEnd &end) {
  end.span = expr->getSpan();
  if (const auto *name = llvm::dyn_cast<NameExpr>(expr)) {
    end.member = name->getName();
    end.memberLoc = name->getLoc();
    return true;
  }
  if (const auto *member = llvm::dyn_cast<MemberExpr>(expr))
    return convertMember(member, end);
  if (const auto *call = llvm::dyn_cast<CallExpr>(expr))
    return convertCall(call, end);
  if (const auto *index = llvm::dyn_cast<IndexExpr>(expr)) {
    if (!convertEnd(index->getBase(), end))
      return false;
    end.span = expr->getSpan();
    return addTransform(
        end, {TransformKind::Slice, index->getItems().front().loc, {}, index->getItems()});
  }
  error(expr->getLoc(), "expected a port: 'instance.port', or 'port' of the process itself");
  return false;
}

bool Parser::convertMember(const MemberExpr *member, ConnectionEnd &end) {
  const auto *instance = llvm::dyn_cast<NameExpr>(member->getBase());
  if (!instance) {
    error(member->getMemberLoc(),
          "expected 'instance.port': '" + member->getMember() + "' is one step too far");
    return false;
  }
  end.instance = instance->getName();
  end.instanceLoc = instance->getLoc();
  end.member = member->getMember();
  end.memberLoc = member->getMemberLoc();
  return true;
}

bool Parser::convertCall(const CallExpr *call, ConnectionEnd &end) {
  if (const auto *method = llvm::dyn_cast<MemberExpr>(call->getCallee()))
    return convertTransform(call, method, end);
  if (call->getCalleeName() == "concat")
    return convertConcat(call, end);
  error(call->getLoc(), "expected 'concat', found '" + call->getCalleeName() + "'");
  return false;
}

bool Parser::convertConcat(const CallExpr *call, ConnectionEnd &end) {
  if (call->getArgs().empty()) {
    error(call->getLoc(), "'concat' needs at least one port");
    return false;
  }
  for (const KeywordArg &keyword : call->getKeywords()) {
    if (keyword.name != "axis") {
      error(keyword.loc, "'concat' has no argument '" + keyword.name + "'; expected 'axis'");
      return false;
    }
    end.axis = keyword.value;
  }
  llvm::SmallVector<const ConnectionEnd *, 4> parts;
  for (const Expr *arg : call->getArgs()) {
    ConnectionEnd part{arg->getSpan(), {}, arg->getLoc(), {}, arg->getLoc(), {}, nullptr, {}};
    if (!convertEnd(arg, part))
      return false;
    parts.push_back(ast.create<ConnectionEnd>(part));
  }
  end.parts = save(parts);
  return true;
}

bool Parser::convertTransform(const CallExpr *call, const MemberExpr *method, ConnectionEnd &end) {
  auto kind = llvm::StringSwitch<std::optional<TransformKind>>(method->getMember())
                  .Case("reshape", TransformKind::Reshape)
                  .Case("flatten", TransformKind::Flatten)
                  .Case("transpose", TransformKind::Transpose)
                  .Default(std::nullopt);
  mlir::Location loc = method->getMemberLoc();
  if (!kind) {
    error(loc, "unknown virtual port '" + method->getMember() +
                   "'; expected 'reshape', 'flatten' or 'transpose'" +
                   didYouMean(method->getMember(), {"reshape", "flatten", "transpose"}));
    return false;
  }
  if (!call->getKeywords().empty()) {
    const KeywordArg &keyword = call->getKeywords().front();
    error(keyword.loc,
          "'" + method->getMember() + "' has no named argument '" + keyword.name + "'");
    return false;
  }
  if (*kind == TransformKind::Reshape && call->getArgs().empty()) {
    error(loc, "'reshape' needs the extents of the new shape");
    return false;
  }
  if (*kind == TransformKind::Flatten && !call->getArgs().empty()) {
    error(call->getArgs().front()->getLoc(), "'flatten' takes no arguments");
    return false;
  }
  if (!convertEnd(method->getBase(), end))
    return false;
  end.span = call->getSpan();
  return addTransform(end, {*kind, loc, call->getArgs(), {}});
}

bool Parser::addTransform(ConnectionEnd &end, const Transform &transform) {
  llvm::SmallVector<Transform, 4> transforms(end.transforms.begin(), end.transforms.end());
  transforms.push_back(transform);
  end.transforms = save(transforms);
  return true;
}
