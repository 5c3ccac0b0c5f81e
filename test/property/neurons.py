# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random neurons: processes whose behaviour is elementwise and of integers of at most 32 bits."""

from behaviour import random_array
from expressions import Node
from tree import Block, Port, Process, Var

TYPES = ["i32", "i32", "i16", "i24", "i8", "u8", "u16", "u1", "u4"]


class Writer:
    """Expressions over the names of a neuron, each kept to 32 bits."""

    def __init__(self, rng, names):
        self.rng, self.names = rng, list(names)

    def leaf(self):
        if self.rng.random() < 0.3:
            low = self.rng.choice([0, -40, -5000])
            value = self.rng.randint(low, 5000 if low == -5000 else 60)
            return Node(f"({value})" if value < 0 else str(value), kind="int", shape=())
        return Node(self.rng.choice(self.names), kind="int", shape=())

    def make(self, depth):
        if depth <= 0:
            return self.leaf()
        rng, sub = self.rng, lambda: self.make(depth - 1)
        choice = rng.randrange(13)
        if choice < 4:
            # Most often kept to 32 bits: chips have wider numbers, but do less with them.
            parts = ["(" if rng.random() < 0.2 else "i32(", sub(), f" {rng.choice('+-*&|^+-')} ", sub(), ")"]
        elif choice == 4:
            parts = ["(", sub(), f" >> {rng.randint(0, 12)})"]
        elif choice == 5:
            parts = ["i32(", sub(), f" << {rng.randint(0, 6)})"]
        elif choice == 6:
            parts = [f"{rng.choice(['min', 'max'])}(", sub(), ", ", sub(), ")"]
        elif choice == 7:
            parts = ["i32(abs(", sub(), "))"]
        elif choice == 8:
            low = -rng.choice([0, 1, 128, 2**15, 2**23 - 1])
            parts = ["clip(", sub(), f", {low}, {rng.choice([1, 127, 255, 2**15 - 1, 2**23 - 1])})"]
        elif choice == 9:
            parts = ["i32(mulshr(", sub(), ", ", sub(), f", {rng.randint(0, 14)}))"]
        elif choice == 10:
            parts = ["i32(-", sub(), ")"]
        elif choice == 11:
            parts = ["i32(shift(", sub(), f", {rng.randint(-9, 5)}))"]
        else:
            parts = ["where(", self.truth(depth - 1), ", ", sub(), ", ", sub(), ")"]
        return Node(*parts, kind="int", shape=())

    def truth(self, depth):
        rng = self.rng
        if depth > 0 and rng.random() < 0.2:
            parts = ["(", self.truth(depth - 1), f" {rng.choice(['and', 'or', '^'])} ", self.truth(depth - 1), ")"]
        elif rng.random() < 0.1:
            parts = [f"time_step % {rng.randint(2, 5)} == {rng.randint(0, 1)}"]
        else:
            parts = ["(", self.make(depth), f" {rng.choice(['<', '<=', '==', '!=', '>', '>='])} ", self.make(depth), ")"]
        return Node(*parts, kind="bool", shape=())


def fitted(rng, var, expression):
    """The expression as a value of the Var: wrapped, or clipped."""
    bits = int(var.element[1:])
    low, high = (0, 2**bits - 1) if var.element[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if rng.random() < 0.3:
        return Node(f"{var.name} = clip(", expression, f", {low}, {high})")
    return Node(f"{var.name} = ", expression)


def draw(rng, process, n):
    """A random number for each neuron, from a range of all, or of its own, which can be empty."""
    if rng.random() < 0.5:
        low = rng.choice([0, -100, -(2**31)])
        return Node(f"let drawn = random.integers({low}, {low + rng.choice([1, 64, 1000, 2**32 - 1])}, size=[{n}])")
    low, high = (rng.choice([var.name for var in process.vars if var.shape]) for _ in range(2))
    return Node(f"let drawn = random.integers({low}, {high})")


def own_neuron(rng, index, n):
    process = Process(f"pop{index}")
    process.given, process.ranges = {}, {}
    for number in range(rng.randint(1, 4)):
        shape = (n,) if rng.random() < 0.7 or number == 0 else ()
        element = rng.choice(TYPES)
        process.vars.append(Var(f"x{number}", element, shape, random_array(rng, element, shape)))
        bits = int(element[1:])
        process.ranges[f"x{number}"] = (0, 2**bits - 1) if element[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    inputs = rng.randint(1, 2)
    process.ports = [Port("in", f"in{k}", "i32", (n,)) for k in range(inputs)]
    names = [var.name for var in process.vars]
    body = [Node(f"let a{k} = in{k}.recv()") for k in range(inputs)]
    names += [f"a{k}" for k in range(inputs)] * 2
    if rng.random() < 0.3:
        body.append(draw(rng, process, n))
        names.append("drawn")
    writer = Writer(rng, names)
    states = [var for var in process.vars if var.shape]
    for _ in range(rng.randint(1, 4)):
        var = rng.choice(states)
        if rng.random() < 0.2:
            body.append(Node(f"{var.name}[", writer.truth(1), f"] = ", writer.make(1)))
        elif rng.random() < 0.1:
            body.append(Block([f"if time_step % {rng.randint(2, 5)} == {rng.randint(0, 1)}"], [[fitted(rng, var, writer.make(2))]]))
        else:
            body.append(fitted(rng, var, writer.make(rng.randint(1, 3))))
    process.kind = rng.choice(["spike", "graded"])
    if process.kind == "spike":
        process.ports.append(Port("out", "o0", "u1", (n,)))
        body.append(Node("o0.send(", states[0].name, f" > ", writer.make(1), ")"))
    else:
        process.ports.append(Port("out", "o0", "i16", (n,)))
        body.append(Node("o0.send(", f"clip({states[0].name} - ", writer.make(1), ", -300, 300))"))
    process.code["spk"] = body
    process.requires = "neurocore"
    return process
