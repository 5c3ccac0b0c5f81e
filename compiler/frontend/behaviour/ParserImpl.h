// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The recursive-descent parser behind Parser.h. Its parse functions return null (or failure) after
// they have reported an error; statements recover, everything else lets the failure through.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_PARSERIMPL_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_PARSERIMPL_H

#include "compiler/frontend/behaviour/Lexer.h"
#include "compiler/frontend/behaviour/Parser.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/SmallVector.h"

namespace basalt::frontend::behaviour {

/// Where newlines end a statement, and where they are only space.
enum class Newlines { EndStatements, Ignored };

/// Whether the statements are those of a function or of a phase.
enum class Place { Phase, Function };

class Parser {
public:
  /// Deeper nesting of brackets, blocks and prefixes is an error, for the sake of the stack.
  static constexpr unsigned maxNesting = 200;
  /// A higher tree (a long chain of operators) is an error, for the sake of those who walk it.
  static constexpr unsigned maxHeight = 1000;

  Parser(const Source &source, AstContext &ast, Newlines newlines, Place place = Place::Phase);

  // ParseStatement.cpp
  const Block *parseWholeBlock();
  // ParseFunction.cpp
  mlir::FailureOr<llvm::ArrayRef<const FunctionDecl *>> parseWholeFunctions();
  // ParseExpression.cpp, ParseOperand.cpp
  const Expr *parseWholeExpression();
  // ParseDeclaration.cpp
  mlir::FailureOr<Declaration> parseWholeDeclaration(BareValues bareValues);
  mlir::FailureOr<PortDeclaration> parseWholePort();
  mlir::FailureOr<Limit> parseWholeLimit();
  // ParseConnection.cpp
  mlir::FailureOr<Connection> parseWholeConnection();
  mlir::FailureOr<ConnectionEnd> parseWholePath();
  // ParseRule.cpp
  mlir::FailureOr<Rule> parseWholeRule();

  /// Errors are not reported any more: the text is only tried.
  void beQuiet() { quiet = true; }
  bool hasFailed() const { return failed; }

private:
  /// Counts a level of nesting while it lives.
  class NestingScope {
  public:
    explicit NestingScope(Parser &parser) : parser(parser) { ++parser.nesting; }
    ~NestingScope() { --parser.nesting; }
    /// Reports an error if this level is one too many.
    bool isTooDeep() const;

  private:
    Parser &parser;
  };

  // The cursor (Parser.cpp).
  const Token &peek(unsigned ahead = 0) const;
  const Token &previous() const { return tokens[lastTaken]; }
  bool at(TokenKind kind) const { return peek().is(kind); }
  bool atName(llvm::StringRef name) const { return at(TokenKind::Name) && peek().text == name; }
  /// Whether a statement may end here.
  bool atStatementEnd() const {
    return peek().isAny(TokenKind::Newline, TokenKind::Semicolon, TokenKind::RBrace,
                        TokenKind::Eof);
  }
  Token take();
  bool takeIf(TokenKind kind);
  /// Takes the token or reports that `what` was expected.
  bool expect(TokenKind kind, const llvm::Twine &what);
  bool expectEnd(const llvm::Twine &what);
  /// Takes an opening bracket; newlines are space until it is closed.
  Token open();
  /// Takes the bracket that closes `opening`.
  bool close(TokenKind kind, const Token &opening, const llvm::Twine &alternatives = "");
  void skipNewlines();

  // Places (Parser.cpp).
  mlir::Location locOf(Position position) const;
  mlir::Location locOf(const Token &token) const { return locOf(token.start); }
  /// From the token to the last one taken.
  SourceSpan spanFrom(const Token &first) const { return {locOf(first), previous().end}; }
  NameDecl declName(const Token &name) { return {ast.copy(name.text), locOf(name)}; }

  // Errors. They return null, so that callers can return them. `opening` is a bracket that waits to
  // be closed, which a note then shows.
  std::nullptr_t error(mlir::Location loc, const llvm::Twine &message,
                       const Token *opening = nullptr);
  std::nullptr_t error(const Token &token, const llvm::Twine &message,
                       const Token *opening = nullptr) {
    return error(locOf(token), message, opening);
  }
  /// Reports "expected ..., found ..." at the next token, or what is known to be meant
  /// (Habits.cpp).
  std::nullptr_t unexpected(const llvm::Twine &expected, const Token *opening = nullptr);
  /// The same without a guess at what was meant.
  std::nullptr_t mismatch(const llvm::Twine &expected, const Token *opening = nullptr);
  std::optional<std::string> explainHabit(const Token &token) const;
  std::optional<std::string> explainWord(const Token &word) const;
  std::optional<std::string> explainStatementStart() const;
  std::optional<std::string> explainMissingOperand() const;
  static std::string describe(const Token &token);

  // Expressions.
  const Expr *parseExpr() { return parseOr(); }
  const Expr *parseOr();
  const Expr *parseAnd();
  const Expr *parseNot();
  const Expr *parseComparison();
  const Expr *parseBinary(unsigned minPrecedence);
  const Expr *parseUnary();
  const Expr *parsePower();
  const Expr *parsePostfix();
  const Expr *parseMember(const Expr *base, const Token &first);
  const Expr *parseCall(const Expr *callee, const Token &first);
  const Expr *parseIndex(const Expr *base, const Token &first);
  mlir::LogicalResult parseIndexItems(llvm::SmallVectorImpl<IndexItem> &items);
  bool parseIndexItem(llvm::SmallVectorImpl<IndexItem> &items);
  bool parseArgument(llvm::SmallVectorImpl<const Expr *> &args,
                     llvm::SmallVectorImpl<KeywordArg> &keywords);
  const Expr *parsePrimary();
  const Expr *parseName();
  using Elements = llvm::SmallVector<const Expr *, 8>;
  std::optional<bool> parseElements(TokenKind closing, Elements &elements);
  const Expr *parseParenthesised();
  const Expr *parseList();
  const Expr *parseIntLiteral(const Token &token);
  const Expr *parseFloatLiteral(const Token &token);
  /// `-9223372036854775808`, or null, with nothing reported, if that is not what comes.
  const Expr *parseLowestInt();
  /// One expression or several with commas.
  bool parseExprList(llvm::SmallVectorImpl<const Expr *> &list);

  /// Makes a node that spans from `first` to the last token taken; null if the tree gets too high.
  template <typename NodeT, typename... Args> const Expr *make(const Token &first, Args &&...args) {
    const NodeT *node = ast.create<NodeT>(spanFrom(first), std::forward<Args>(args)...);
    if (node->getHeight() > maxHeight)
      return error(first, "expression has more than " + llvm::Twine(maxHeight) +
                              " levels; split it with 'let'");
    return node;
  }
  template <typename T> llvm::ArrayRef<T> save(const llvm::SmallVectorImpl<T> &list) {
    return ast.copy(llvm::ArrayRef<T>(list));
  }

  // Statements.
  const Block *parseBraces(const llvm::Twine &after);
  /// Reads statements up to `}` or the end of the text.
  void parseStatements(llvm::SmallVectorImpl<const Stmt *> &statements, const Token *brace);
  const Stmt *parseStatement();
  const Stmt *parseLet();
  bool parseLetNames(llvm::SmallVectorImpl<NameDecl> &names);
  const Stmt *parseIf();
  const Block *parseElse(bool &ok);
  const Stmt *parseFor();
  const Stmt *parseReturn();
  const Stmt *parseAssert();
  const Stmt *parsePrint();
  const Stmt *parseControl();
  const Stmt *parseSimple();
  const Stmt *parseAssign(const Token &first, const Expr *target);
  /// Goes to the end of the statement that starts at the token of this number.
  void recover(size_t statementStart);
  bool startsStatementInBrackets(size_t token) const;

  // Functions.
  const FunctionDecl *parseFunction();
  bool parseFunctionParams(llvm::SmallVectorImpl<FunctionParam> &params);
  const Block *parseFunctionBody();

  // Declarations.
  bool looksTyped() const;
  mlir::LogicalResult parseTyped(Declaration &declaration);
  mlir::LogicalResult parseBare(Declaration &declaration);
  mlir::FailureOr<std::optional<Shape>> parseOptionalShape();
  llvm::StringRef textFrom(const Token &token) const;

  // Connections.
  bool parseEnds(llvm::SmallVectorImpl<const ConnectionEnd *> &ends, bool plain);
  bool convertEnd(const Expr *expr, ConnectionEnd &end);
  bool convertMember(const MemberExpr *member, ConnectionEnd &end);
  bool convertCall(const CallExpr *call, ConnectionEnd &end);
  bool convertConcat(const CallExpr *call, ConnectionEnd &end);
  bool convertTransform(const CallExpr *call, const MemberExpr *method, ConnectionEnd &end);
  bool addTransform(ConnectionEnd &end, const Transform &transform);
  bool checkPlain(const ConnectionEnd &end);

  // Rules.
  bool parseRuleProduct(RuleProduct &product);
  bool parseRuleFactor(RuleFactor &factor);
  bool parseRuleOperand(RuleFactor &factor, bool isNegative);
  bool parseRuleLiteral(RuleLiteral &literal);

  llvm::StringRef text;
  AstContext &ast;
  mlir::StringAttr file;
  std::vector<Token> tokens;
  size_t cursor = 0;
  size_t lastTaken = 0;
  /// Greater than zero where newlines are space.
  unsigned ignoreNewlines;
  unsigned nesting = 0;
  Place place;
  bool quiet = false;
  bool failed = false;
  bool reportedMissingBrace = false;
  /// A block began with ':', so its 'else' will not fit either.
  bool sawColonBlock = false;
};

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_PARSERIMPL_H
