// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes syntax trees as text, for tests and for messages. Every operation has its parentheses, so
// the text shows how things were grouped; parsed again it gives the same tree.

#ifndef BASALT_COMPILER_FRONTEND_BEHAVIOUR_ASTPRINTER_H
#define BASALT_COMPILER_FRONTEND_BEHAVIOUR_ASTPRINTER_H

#include "compiler/frontend/behaviour/Declarations.h"

#include <string>

namespace basalt::frontend::behaviour {

std::string toString(const Expr *expr);
/// One statement on one line, or several lines if it has blocks; ends with a newline.
std::string toString(const Stmt *stmt);
/// The statements, without braces.
std::string toString(const Block *block);
std::string toString(const FunctionDecl *function);
std::string toString(const Declaration &declaration);
std::string toString(const PortDeclaration &port);
std::string toString(const ConnectionEnd &end);
std::string toString(const Connection &connection);
std::string toString(const Limit &limit);

} // namespace basalt::frontend::behaviour

#endif // BASALT_COMPILER_FRONTEND_BEHAVIOUR_ASTPRINTER_H
