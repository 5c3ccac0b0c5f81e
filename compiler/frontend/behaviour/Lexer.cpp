// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Splits a text of the behaviour language into tokens. Input is untrusted: bytes that are not
// UTF-8, control characters and unfinished strings end as messages.

#include "compiler/frontend/behaviour/Lexer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"

using namespace basalt::frontend::behaviour;
using llvm::StringRef;
using llvm::Twine;

namespace {

struct Punctuation {
  StringRef spelling;
  TokenKind kind;
};

/// Longer spellings before their own beginnings.
constexpr Punctuation punctuations[] = {
    {"...", TokenKind::Ellipsis},
    {"**=", TokenKind::StarStarEqual},
    {"//=", TokenKind::SlashSlashEqual},
    {"<<=", TokenKind::LessLessEqual},
    {">>=", TokenKind::GreaterGreaterEqual},
    {"..", TokenKind::DotDot},
    {"->", TokenKind::Arrow},
    {"**", TokenKind::StarStar},
    {"//", TokenKind::SlashSlash},
    {"<<", TokenKind::LessLess},
    {">>", TokenKind::GreaterGreater},
    {"<=", TokenKind::LessEqual},
    {">=", TokenKind::GreaterEqual},
    {"==", TokenKind::EqualEqual},
    {"!=", TokenKind::NotEqual},
    {"+=", TokenKind::PlusEqual},
    {"-=", TokenKind::MinusEqual},
    {"*=", TokenKind::StarEqual},
    {"/=", TokenKind::SlashEqual},
    {"%=", TokenKind::PercentEqual},
    {"@=", TokenKind::AtEqual},
    {"&=", TokenKind::AmpEqual},
    {"|=", TokenKind::PipeEqual},
    {"^=", TokenKind::CaretEqual},
    {"&&", TokenKind::AmpAmp},
    {"||", TokenKind::PipePipe},
    {"(", TokenKind::LParen},
    {")", TokenKind::RParen},
    {"[", TokenKind::LBracket},
    {"]", TokenKind::RBracket},
    {"{", TokenKind::LBrace},
    {"}", TokenKind::RBrace},
    {",", TokenKind::Comma},
    {";", TokenKind::Semicolon},
    {":", TokenKind::Colon},
    {".", TokenKind::Dot},
    {"+", TokenKind::Plus},
    {"-", TokenKind::Minus},
    {"*", TokenKind::Star},
    {"/", TokenKind::Slash},
    {"%", TokenKind::Percent},
    {"@", TokenKind::At},
    {"&", TokenKind::Amp},
    {"|", TokenKind::Pipe},
    {"^", TokenKind::Caret},
    {"~", TokenKind::Tilde},
    {"<", TokenKind::Less},
    {">", TokenKind::Greater},
    {"=", TokenKind::Equal},
    {"!", TokenKind::Bang},
    {"?", TokenKind::Question},
};

bool isWordStart(char c) { return llvm::isAlpha(c) || c == '_'; }
bool isWordChar(char c) { return llvm::isAlnum(c) || c == '_'; }

/// Each underscore has a letter or digit on both sides.
bool hasGoodUnderscores(StringRef number) {
  return !number.ends_with("_") && !number.contains("__") && !number.contains("._") &&
         !number.contains("_.");
}

TokenKind classifyWord(StringRef word) {
  return llvm::StringSwitch<TokenKind>(word)
      .Case("let", TokenKind::Let)
      .Case("if", TokenKind::If)
      .Case("else", TokenKind::Else)
      .Case("for", TokenKind::For)
      .Case("return", TokenKind::Return)
      .Case("fn", TokenKind::Fn)
      .Case("assert", TokenKind::Assert)
      .Case("true", TokenKind::True)
      .Case("false", TokenKind::False)
      .Case("and", TokenKind::And)
      .Case("or", TokenKind::Or)
      .Case("not", TokenKind::Not)
      .Default(TokenKind::Name);
}

/// What to type for a character that word processors and languages with other operators put in.
StringRef adviceFor(uint32_t codePoint) {
  switch (codePoint) {
  case 0x00A0:
  case 0x2003:
  case 0x3000:
    return "; write a plain space";
  case 0x2010:
  case 0x2013:
  case 0x2014:
  case 0x2212:
    return "; write '-'";
  case 0x2018:
  case 0x2019:
    return "; write a plain quote (')";
  case 0x201C:
  case 0x201D:
    return "; write a plain quote (\")";
  case 0x00D7:
  case 0x00B7:
    return "; write '*'";
  case 0x2264:
    return "; write '<='";
  case 0x2265:
    return "; write '>='";
  case 0x2260:
    return "; write '!='";
  case 0x2192:
    return "; write '->'";
  case '$':
    return "; a '$' starts an expression in a YAML value, and in here everything is one already";
  case '\\':
    return "; a line inside brackets goes on without it";
  default:
    return "";
  }
}

} // namespace

std::vector<Token> Lexer::lexAll() {
  std::vector<Token> tokens;
  do
    tokens.push_back(next());
  while (!tokens.back().is(TokenKind::Eof));
  return tokens;
}

Token Lexer::next() {
  if (std::optional<Token> error = skipBlanks())
    return *error;
  if (cursor >= text.size())
    return make(TokenKind::Eof, cursor);

  char c = text[cursor];
  if (c == '\n') {
    size_t begin = cursor++;
    Token token = make(TokenKind::Newline, begin);
    ++line;
    lineStart = cursor;
    return token;
  }
  if (llvm::isDigit(c) || (c == '.' && llvm::isDigit(charAt(cursor + 1))))
    return lexNumber();
  if (isWordStart(c))
    return lexWord();
  if (c == '"' || c == '\'')
    return lexString();
  return lexPunctuation();
}

std::optional<Token> Lexer::skipBlanks() {
  while (cursor < text.size()) {
    char c = text[cursor];
    if (c == ' ' || c == '\t' || (c == '\r' && charAt(cursor + 1) == '\n')) {
      ++cursor;
      continue;
    }
    if (c != '#')
      return std::nullopt;
    while (cursor < text.size() && text[cursor] != '\n') {
      unsigned size = printableSize(cursor);
      if (size == 0 && text[cursor] != '\r')
        return lexStranger();
      cursor += std::max(size, 1u);
    }
  }
  return std::nullopt;
}

Token Lexer::lexNumber() {
  if (text[cursor] == '0' && StringRef("xXbBoO").contains(charAt(cursor + 1)))
    return lexPrefixedInt();

  size_t begin = cursor;
  bool isFloat = false;
  auto skipDigits = [&] {
    while (llvm::isDigit(charAt(cursor)) || charAt(cursor) == '_')
      ++cursor;
  };
  auto startsExponent = [&](size_t at) {
    if (charAt(at) != 'e' && charAt(at) != 'E')
      return false;
    char sign = charAt(at + 1);
    return llvm::isDigit(sign) || ((sign == '+' || sign == '-') && llvm::isDigit(charAt(at + 2)));
  };

  skipDigits();
  // `1..5` is a range, and `5.name` no number.
  char after = charAt(cursor + 1);
  if (charAt(cursor) == '.' && after != '.' &&
      (!isWordStart(after) || startsExponent(cursor + 1))) {
    isFloat = true;
    ++cursor;
    skipDigits();
  }
  if (startsExponent(cursor)) {
    isFloat = true;
    cursor += 2;
    skipDigits();
  }
  bool hasTail = isWordChar(charAt(cursor));
  while (isWordChar(charAt(cursor)))
    ++cursor;

  StringRef number = text.slice(begin, cursor);
  if (hasTail)
    return makeError(begin, begin,
                     "invalid number '" + number + "'; numbers have no suffix, write 'f32(x)'");
  if (!hasGoodUnderscores(number))
    return makeError(begin, begin,
                     "invalid number '" + number + "'; '_' stands between two digits only");
  if (!isFloat && number.size() > 1 && number[0] == '0' &&
      number.find_first_not_of("0_") != StringRef::npos)
    return makeError(begin, begin, "number '" + number + "' starts with a zero");
  return make(isFloat ? TokenKind::Float : TokenKind::Int, begin);
}

Token Lexer::lexPrefixedInt() {
  size_t begin = cursor;
  StringRef digits = llvm::StringSwitch<StringRef>(text.substr(begin, 2))
                         .CasesLower({"0x"}, "0123456789abcdefABCDEF_")
                         .CasesLower({"0b"}, "01_")
                         .Default("01234567_");
  cursor += 2;
  while (isWordChar(charAt(cursor)))
    ++cursor;
  StringRef number = text.slice(begin, cursor);
  StringRef body = number.drop_front(2);
  if (body.find_first_not_of(digits) != StringRef::npos || !hasGoodUnderscores(number) ||
      body.empty())
    return makeError(begin, begin, "invalid number '" + number + "'");
  return make(TokenKind::Int, begin);
}

Token Lexer::lexWord() {
  size_t begin = cursor;
  while (isWordChar(charAt(cursor)))
    ++cursor;
  return make(classifyWord(text.slice(begin, cursor)), begin);
}

Token Lexer::lexString() {
  size_t begin = cursor;
  char quote = text[cursor++];
  std::string value;
  while (cursor < text.size() && text[cursor] != '\n' && text[cursor] != quote) {
    size_t at = cursor;
    if (text[cursor] == '\\') {
      if (std::optional<StringRef> message = lexEscape(value)) {
        skipToLineEnd();
        return makeError(begin, at, *message);
      }
      continue;
    }
    unsigned size = printableSize(cursor);
    if (size == 0 && text[cursor] == '\r' && charAt(cursor + 1) == '\n')
      break;
    if (size == 0) {
      std::string message = describeStranger(at) + " in a string";
      skipToLineEnd();
      return makeError(begin, at, message);
    }
    value += text.substr(cursor, size);
    cursor += size;
  }
  if (charAt(cursor) != quote || cursor >= text.size())
    return makeError(begin, begin, "unterminated string: expected a closing " + Twine(quote));
  ++cursor;
  Token token = make(TokenKind::String, begin);
  token.value = ast.copy(StringRef(value));
  return token;
}

std::optional<StringRef> Lexer::lexEscape(std::string &value) {
  char c = charAt(cursor + 1);
  constexpr StringRef letters = "ntr0\\\"'";
  constexpr StringRef meanings("\n\t\r\0\\\"'", 7);
  size_t index = cursor + 1 < text.size() ? letters.find(c) : StringRef::npos;
  if (index != StringRef::npos) {
    value += meanings[index];
    cursor += 2;
    return std::nullopt;
  }
  unsigned length = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (length == 0)
    return StringRef("unknown escape in a string; expected one of \\n \\t \\r \\0 \\\\ \\\" \\' "
                     "\\xhh \\uhhhh \\Uhhhhhhhh");
  StringRef digits = text.substr(cursor + 2, length);
  uint32_t codePoint;
  char buffer[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *end = buffer;
  if (digits.size() != length || !llvm::all_of(digits, llvm::isHexDigit) ||
      digits.getAsInteger(16, codePoint) || !llvm::ConvertCodePointToUTF8(codePoint, end))
    return StringRef("invalid escape in a string: expected the hexadecimal digits of a character");
  value.append(buffer, end);
  cursor += 2 + length;
  return std::nullopt;
}

Token Lexer::lexPunctuation() {
  StringRef rest = text.substr(cursor);
  for (const Punctuation &punctuation : punctuations)
    if (rest.starts_with(punctuation.spelling)) {
      size_t begin = cursor;
      cursor += punctuation.spelling.size();
      return make(punctuation.kind, begin);
    }
  return lexStranger();
}

Token Lexer::lexStranger() {
  size_t begin = cursor;
  std::string message = describeStranger(cursor);
  cursor += std::max(printableSize(cursor), 1u);
  return makeError(begin, begin, message);
}

unsigned Lexer::printableSize(size_t at) const {
  unsigned char c = text[at];
  if (c < 0x80)
    return (c >= 0x20 && c != 0x7F) || c == '\t' ? 1 : 0;
  unsigned size = llvm::getNumBytesForUTF8(c);
  if (at + size > text.size())
    return 0;
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data() + at);
  return llvm::isLegalUTF8Sequence(begin, begin + size) ? size : 0;
}

std::string Lexer::describeStranger(size_t at) const {
  unsigned char c = text[at];
  unsigned size = printableSize(at);
  if (size == 0)
    return c < 0x80 ? llvm::formatv("control character U+{0:X-4}", c).str()
                    : llvm::formatv("invalid UTF-8: byte 0x{0:X-2}", c).str();
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data() + at);
  llvm::UTF32 codePoint = c;
  if (size > 1)
    llvm::convertUTF8Sequence(&begin, begin + size, &codePoint, llvm::strictConversion);
  std::string message = llvm::formatv("unexpected character '{0}'", text.substr(at, size)).str();
  if (size > 1)
    message += llvm::formatv(" (U+{0:X-4})", codePoint).str();
  return message + adviceFor(codePoint).str();
}

Token Lexer::make(TokenKind kind, size_t begin) const {
  Token token;
  token.kind = kind;
  token.text = text.slice(begin, cursor);
  token.start = positionOf(begin);
  token.end = positionOf(cursor);
  return token;
}

Token Lexer::makeError(size_t begin, size_t at, const Twine &message) {
  Token token = make(TokenKind::Error, begin);
  token.start = positionOf(at);
  token.value = ast.copy(StringRef(message.str()));
  return token;
}

void Lexer::skipToLineEnd() {
  while (cursor < text.size() && text[cursor] != '\n')
    ++cursor;
}
