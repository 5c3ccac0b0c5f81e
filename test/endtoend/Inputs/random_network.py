#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a network of processes with random elementwise behaviour: random_network.py SEED COUNT.

What it computes means nothing; the native simulator and the interpreter must agree on every bit of it.
The processes form a ring through ports, each sending before it receives.
"""

import random
import sys

SHAPE = 5
INTEGERS = ["i5", "i8", "i16", "i24", "i32", "i64", "u1", "u4", "u12", "u31"]
FLOATS = ["f32", "f64"]


class Behaviour:
    """Expressions of one process; `names` maps each kind to the Vars that have it."""

    def __init__(self, rng, names):
        self.rng, self.names = rng, names

    def integer(self, depth):
        rng = self.rng
        if depth == 0:
            return rng.choice([rng.choice(self.names["int"]), str(rng.randint(0, 70)), "time_step"])
        a, b = self.integer(depth - 1), self.integer(depth - 1)
        return rng.choice(
            [
                f"({a} {rng.choice('+-*&|^')} {b})",
                f"({a} {rng.choice(['//', '%'])} {rng.choice(self.names['int'])})",
                f"({a} {rng.choice(['<<', '>>'])} {rng.choice(self.names['int'])})",
                f"shift({a}, {rng.choice(self.names['int'])} % 9 - 4)",
                f"mulshr({a}, {b}, {rng.randint(0, 20)})",
                f"{rng.choice(['abs', 'sign'])}({a})",
                f"{rng.choice(['min', 'max'])}({a}, {b})",
                f"clip({a}, {rng.randint(-90, 0)}, {rng.randint(1, 900)})",
                f"where({self.truth(depth - 1)}, {a}, {b})",
                f"{rng.choice(INTEGERS)}({a})",
                f"sat({a}, {rng.choice(INTEGERS)})",
                f"i64({self.real(depth - 1)})",
                f"({a} + {self.truth(depth - 1)})",
                f"(~{a})",
                f"(-{a})",
                f"({a} + sum({b} + {rng.choice(self.names['int'])}))",
            ]
        )

    def real(self, depth):
        rng = self.rng
        if depth == 0:
            return rng.choice([rng.choice(self.names["float"]), str(rng.randint(1, 99) / 8)])
        a, b = self.real(depth - 1), self.real(depth - 1)
        return rng.choice(
            [
                f"({a} {rng.choice(['+', '-', '*', '/', '//', '%'])} {b})",
                f"{rng.choice(['abs', 'sign', 'floor', 'ceil', 'round', 'trunc'])}({a})",
                f"{rng.choice(['exp', 'sin', 'cos', 'tanh'])}({a})",
                f"{rng.choice(['sqrt', 'log'])}(abs({a}))",
                f"{rng.choice(['min', 'max'])}({a}, {b})",
                f"where({self.truth(depth - 1)}, {a}, {b})",
                f"{rng.choice(FLOATS)}({a})",
                f"({a} + {self.integer(depth - 1)})",
                f"(-{a})",
            ]
        )

    def truth(self, depth):
        rng = self.rng
        if depth == 0:
            return rng.choice(self.names["bool"])
        make = rng.choice([self.integer, self.real])
        comparison = rng.choice(["<", "<=", "==", "!=", ">", ">="])
        return rng.choice(
            [
                f"({make(depth - 1)} {comparison} {make(depth - 1)})",
                f"({self.truth(depth - 1)} {rng.choice(['and', 'or'])} {self.truth(depth - 1)})",
                f"(not {self.truth(depth - 1)})",
            ]
        )

    def assignment(self, name, kind):
        if kind == "int":
            value = self.integer(3)
        elif kind == "bool":
            value = self.truth(3)
        else:
            # Nothing but numbers of moderate size, or all would soon be nan.
            value = self.real(3)
            return [f"let {name}_new = {value}", f"{name} = where(abs({name}_new) < 1e4, {name}_new, 0.5)"]
        if self.rng.random() < 0.3:
            return [f"{name}[{self.truth(1)}] = {value}"]
        if self.rng.random() < 0.2:
            return [f"if any({self.truth(1)}) {{ {name} = {value} }}"]
        return [f"{name} = {value}"]


def initial(rng, element):
    """A Var's initial value, within its type."""
    if element == "bool":
        return rng.choice(["true", "false"])
    if element in FLOATS:
        return str(rng.randint(-99, 99) / 16)
    bits = min(int(element[1:]), 40)
    low, high = (0, 2**bits - 1) if element[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return str(rng.randint(low, high))


def process(rng, name):
    variables = [(f"i{k}", rng.choice(INTEGERS), "int") for k in range(4)]
    variables += [(f"f{k}", rng.choice(FLOATS), "float") for k in range(2)]
    variables += [(f"b{k}", "bool", "bool") for k in range(2)]
    names = {kind: [v for v, _, k in variables if k == kind] for kind in ("int", "float", "bool")}
    behaviour = Behaviour(rng, names)
    yield f"  {name}:"
    yield "    vars:"
    for variable, element, _ in variables:
        values = ", ".join(initial(rng, element) for _ in range(SHAPE))
        yield f"      {variable}: '{element}[{SHAPE}] = [{values}]'"
    yield "    ports:"
    yield f"      inp: in i32[{SHAPE}]"
    yield f"      out: out i32[{SHAPE}]"
    yield "    models:"
    yield "      - phases:"
    yield "          spk: |"
    yield f"            out.send({behaviour.integer(2)})"
    yield "            i0 += inp.recv()"
    for variable, _, kind in variables:
        for line in behaviour.assignment(variable, kind):
            yield f"            {line}"


def main():
    rng, count = random.Random(int(sys.argv[1])), int(sys.argv[2])
    lines = ["basalt: 1", "processes:"]
    for i in range(count):
        lines += process(rng, f"P{i}")
    lines += ["network:", "  instances:", *(f"    p{i}: P{i}" for i in range(count))]
    lines += ["  connections:", *(f"    - p{i}.out -> p{(i + 1) % count}.inp" for i in range(count))]
    probes = [f"p{i}.{v}" for i in range(count) for v in "i0 i1 i2 i3 f0 f1 b0 b1 out".split()]
    lines += ["run:", "  steps: 30", f"  probes: [{', '.join(probes)}]"]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
