// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `basalt check`: all that can be said about a network without making a program of it.
#include "tools/basalt/Commands.h"
#include "tools/basalt/Session.h"

int basalt::driver::check(const Arguments &arguments) {
  Session session(arguments);
  return session.advance(Stage::Emitc);
}
