#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes connect-kinds.test: a case for every pair of ends that a connection can name.

    make_kinds.py > connect-kinds.test

then check_cases.py --update. The pairs that are no error must be those of the table in
docs/language.md, section Connections; the script says so in the names of the cases.
"""

import itertools

HEAD = """\
# Every pair of kinds of ends: the legal ones are those of the table in docs/language.md.
# Made by Inputs/make_kinds.py.
# RUN: %python %S/Inputs/check_cases.py %s %t -- basalt check

=== template
basalt: 1
processes:
  Child:
    vars: {x: i32 = 0}
    ports: {i: in i32, o: out i32, r: ref i32, p: var x}
    models:
      - phases: {spk: o.send(i.recv())}
  Outer:
    ports: {i: in i32, o: out i32, r: ref i32, p: var y}
    models:
      - network:
          instances: {a: Child, b: Child}
          aliases: {y: a.x, x: b.x}
          connections:
            @
network:
  instances: {outer: Outer, other: Child}
  connections: [outer.r -> other.x]
"""
KINDS = {"i": "InPort", "o": "OutPort", "r": "RefPort", "p": "VarPort", "x": "Var"}
LEGAL = {
    ("OutPort", "InPort"),
    ("OutPort", "own OutPort"),
    ("own InPort", "InPort"),
    ("RefPort", "Var"),
    ("RefPort", "own Var"),
    ("RefPort", "VarPort"),
    ("RefPort", "own RefPort"),
    ("own VarPort", "VarPort"),
}

print(HEAD)
for (from_own, source), (to_own, target) in itertools.product(itertools.product((False, True), KINDS), repeat=2):
    names = [("own " if own else "") + KINDS[end] for own, end in ((from_own, source), (to_own, target))]
    legal = "" if tuple(names) in LEGAL else "no "
    print(f"=== {legal}{names[0]} to {names[1]}")
    print(f"- {source if from_own else 'a.' + source} -> {target if to_own else 'b.' + target}")
    print(">>>\n")
