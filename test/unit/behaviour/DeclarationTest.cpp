// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations, ports, connections, limits.

#include "test/unit/behaviour/ParserTest.h"

using namespace basalt::test;

namespace {

class DeclarationTest : public ParserTest {
protected:
  std::string param(llvm::StringRef text) { return declaration(text, BareValues::Allowed); }
  std::string declarationErrors(llvm::StringRef text, BareValues bare = BareValues::Forbidden) {
    EXPECT_EQ(declaration(text, bare), "") << text.str();
    return takeErrors();
  }
  std::string connectionErrors(llvm::StringRef text) {
    EXPECT_EQ(connection(text), "") << text.str();
    return takeErrors();
  }
};

TEST_F(DeclarationTest, Typed) {
  for (const char *text : {"i32[1] = 5", "num[shape, 3]", "sparse num[n, m]", "i32[weights] = 0",
                           "i64 = 1", "num", "sparse num", "num[*shape, n]", "num[]"}) {
    EXPECT_EQ(declaration(text), text);
    if (llvm::StringRef(text) != "num")
      EXPECT_EQ(param(text), text);
  }
  EXPECT_EQ(declaration("num = fixed((1 - alpha) * 2, bits)"),
            "num = fixed(((1 - alpha) * 2), bits)");
  EXPECT_EQ(declaration("num[2 * n]"), "num[(2 * n)]");
}

TEST_F(DeclarationTest, Fields) {
  auto result = parseDeclaration(source("sparse num[n] = 1 + 2 "), ast, BareValues::Forbidden);
  ASSERT_TRUE(mlir::succeeded(result));
  EXPECT_TRUE(result->isSparse);
  EXPECT_EQ(result->typeName, "num");
  EXPECT_EQ(toText(result->typeLoc), "1:8");
  ASSERT_TRUE(result->shape.has_value());
  EXPECT_EQ(result->shape->size(), 1u);
  EXPECT_EQ(result->initText, "1 + 2");
  EXPECT_EQ(toText(result->initLoc), "1:17");
  EXPECT_TRUE(result->bareText.empty());
}

TEST_F(DeclarationTest, BareValues) {
  EXPECT_EQ(param("required"), "required");
  EXPECT_EQ(param("0"), "value 0");
  EXPECT_EQ(param("-1.5"), "value (-1.5)");
  EXPECT_EQ(param("true"), "value true");
  EXPECT_EQ(param("[1, [2, -3]]"), "value [1, [2, (-3)]]");
  EXPECT_EQ(param("RELU"), "word RELU");
  // Any other string is a string, whatever is in it.
  EXPECT_EQ(param("two words"), "text two words");
  EXPECT_EQ(param("2024-01-01"), "text 2024-01-01");
  EXPECT_EQ(param("5 * n"), "text 5 * n");
  EXPECT_EQ(param("-x? $ \xFF"), "text -x? $ \xFF");
  EXPECT_EQ(param("data/w.npy"), "text data/w.npy");
}

TEST_F(DeclarationTest, RulesKeepTheirText) {
  auto result = parseDeclaration(source("rule = 2^-2 * x1 * y0 - u$"), ast, BareValues::Allowed);
  ASSERT_TRUE(mlir::succeeded(result));
  EXPECT_EQ(result->init, nullptr);
  EXPECT_EQ(result->initText, "2^-2 * x1 * y0 - u$");
  EXPECT_EQ(toText(result->initLoc), "1:8");
}

TEST_F(DeclarationTest, Errors) {
  EXPECT_EQ(declarationErrors("0"), "1:1: expected a type, as in 'f64[3] = 0', found '0'");
  EXPECT_EQ(declarationErrors("f64[3 = 0"),
            "1:7: expected ',' or ']', found '='\nnote 1:4: to match this '['");
  EXPECT_EQ(declarationErrors("f64[3] 0"),
            "1:8: expected '=' or the end of the declaration, found '0'");
  EXPECT_EQ(declarationErrors("f64 ="),
            "1:6: expected a value after '=', found the end of the text");
  EXPECT_EQ(declarationErrors("f64 = 1 2"),
            "1:9: expected an operator or the end of the value, found '2'");
  EXPECT_EQ(declarationErrors("required"),
            "1:1: 'required' is for parameters; a Var without '=' must "
            "be given anyway, so write its type");
  EXPECT_EQ(declarationErrors("", BareValues::Allowed),
            "1:1: expected a type or a value, found the end of the text");
  EXPECT_TRUE(failed(parseDeclaration(source("None"), ast, BareValues::Allowed)));
  EXPECT_EQ(takeErrors(), "1:1: 'None' is not in the language; in an index write 'newaxis'");
}

TEST_F(DeclarationTest, Ports) {
  for (const char *text :
       {"in num[shape]", "out u1[shape]", "ref i32[1]", "ref num[*shape]", "var weights", "in num"})
    EXPECT_EQ(port(text), text);
  EXPECT_EQ(port("num[3]"), "");
  EXPECT_EQ(port("in"), "");
  EXPECT_EQ(port("in num[3] = 0"), "");
  EXPECT_EQ(port("var w[3]"), "");
  EXPECT_EQ(port("in sparse num[3]"), "");
  EXPECT_EQ(takeErrors(), "1:1: expected 'in', 'out', 'ref' or 'var', found 'num'\n"
                          "1:3: expected the type of the port, found the end of the text\n"
                          "1:11: a port has no initial value\n"
                          "1:6: expected the end of the port, found '['\n"
                          "1:4: ports are not sparse");
}

TEST_F(DeclarationTest, Connections) {
  for (const char *text :
       {"a.s_out -> b.a_in", "s_in -> dense.s_in", "a.s_out, b.s_out -> c.a_in",
        "a.s_out.reshape(2, 5) -> b.s_in", "a.s_out.flatten() -> b.s_in",
        "a.s_out.transpose(1, 0) -> b.s_in", "a.s_out[:800] -> e.s_in",
        "concat(a.s_out, b.s_out, axis=0) -> c.s_in", "s_out.reshape([2, 5])[0] -> b.in",
        "concat(a.x[1:], concat(b, c.y)).flatten() -> d, e.z"})
    EXPECT_EQ(connection(text), text);
}

TEST_F(DeclarationTest, ConnectionFields) {
  auto result = parseConnection(source("a.s_out[:8].flatten() -> b"), ast);
  ASSERT_TRUE(mlir::succeeded(result));
  EXPECT_EQ(toText(result->arrowLoc), "1:23");
  const ConnectionEnd &from = *result->sources[0];
  EXPECT_EQ(from.instance, "a");
  EXPECT_EQ(from.member, "s_out");
  EXPECT_EQ(toText(from.memberLoc), "1:3");
  EXPECT_EQ(toText(from.span.end), "1:22");
  ASSERT_EQ(from.transforms.size(), 2u);
  EXPECT_EQ(from.transforms[0].kind, TransformKind::Slice);
  EXPECT_EQ(from.transforms[1].kind, TransformKind::Flatten);
  EXPECT_EQ(toText(from.transforms[1].loc), "1:13");
  const ConnectionEnd &to = *result->destinations[0];
  EXPECT_EQ(to.instance, "");
  EXPECT_EQ(to.member, "b");
}

TEST_F(DeclarationTest, ConnectionErrors) {
  EXPECT_EQ(connectionErrors("a.b"), "1:4: expected ',' or '->', found the end of the text");
  EXPECT_EQ(connectionErrors("a.b ->"), "1:7: expected a port, found the end of the text");
  EXPECT_EQ(connectionErrors("-> a"), "1:1: expected a port, found '->'");
  EXPECT_EQ(connectionErrors("a > b"), "1:3: a connection is written 'source -> destination'");
  EXPECT_EQ(connectionErrors("a -> b -> c"), "1:8: a connection has one '->'");
  EXPECT_EQ(connectionErrors("a.b.c -> d"),
            "1:5: expected 'instance.port': 'c' is one step too far");
  EXPECT_EQ(connectionErrors("3 -> d"),
            "1:1: expected a port: 'instance.port', or 'port' of the process itself");
  EXPECT_EQ(connectionErrors("a.b.sort() -> d"),
            "1:5: unknown virtual port 'sort'; expected 'reshape', "
            "'flatten' or 'transpose'");
  EXPECT_EQ(connectionErrors("sum(a, b) -> d"), "1:1: expected 'concat', found 'sum'");
  EXPECT_EQ(connectionErrors("concat() -> d"), "1:1: 'concat' needs at least one port");
  EXPECT_EQ(connectionErrors("concat(a, dim=1) -> d"),
            "1:11: 'concat' has no argument 'dim'; expected 'axis'");
  EXPECT_EQ(connectionErrors("a.reshape() -> d"),
            "1:3: 'reshape' needs the extents of the new shape");
  EXPECT_EQ(connectionErrors("a.flatten(2) -> d"), "1:11: 'flatten' takes no arguments");
  EXPECT_EQ(connectionErrors("a -> d[1:]"),
            "1:8: expected just a port or Var; virtual ports apply to "
            "the source of a connection");
  EXPECT_EQ(connectionErrors("[a, b] -> d"),
            "1:1: expected a port: 'instance.port', or 'port' of the process itself");
}

TEST_F(DeclarationTest, Paths) {
  EXPECT_EQ(path("lif.v"), "lif.v");
  EXPECT_EQ(path("v"), "v");
  EXPECT_EQ(path("a.v[0]"), "");
  EXPECT_EQ(path("a b"), "");
  EXPECT_EQ(takeErrors(),
            "1:5: expected just a port or Var; virtual ports apply to the source of a "
            "connection\n"
            "1:3: expected the end of the name, found 'b'");
}

TEST_F(DeclarationTest, Limits) {
  EXPECT_EQ(limit("0..4095"), "0..4095");
  EXPECT_EQ(limit("1.."), "1..");
  EXPECT_EQ(limit("..5"), "..5");
  EXPECT_EQ(limit("-1.5 .. 2*n"), "(-1.5)..(2 * n)");
  EXPECT_EQ(limit(".."), "");
  EXPECT_EQ(limit("5"), "");
  EXPECT_EQ(limit("1..2..3"), "");
  EXPECT_EQ(takeErrors(),
            "1:1: a limit needs a number before or after '..'\n"
            "1:2: expected '..' of a range such as 0..4095, found the end of the text\n"
            "1:5: expected the end of the limit, found '..'");
}

} // namespace
