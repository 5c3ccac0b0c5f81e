# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random statements of a process."""

from expressions import KINDS, INTEGERS, kind_of
from tree import Block, Node

DEPTH = 3


class Writer:
    """Writes statements of one block. `scope` has what they can read, `targets` what they can assign."""

    def __init__(self, scope, targets, counter):
        self.rng, self.scope, self.targets, self.counter = scope.rng, scope, list(targets), counter

    def inner(self):
        return Writer(self.scope.inner(), self.targets, self.counter)

    def fresh(self, letter):
        self.counter[0] += 1
        return f"{letter}{self.counter[0]}"

    def value(self, kind, shape, depth=DEPTH):
        """An expression for a Var; of floats most often one that stays finite."""
        expression = self.scope.make(kind, shape, self.rng.randint(1, depth))
        if kind == "float" and self.rng.random() < 0.8:
            return Node("where(abs(", expression, ") < 1e6, ", expression, ", 0.5)", kind=kind, shape=shape)
        return expression

    def statement(self, nested=True):
        kinds = [self.assignment] * 4 + [self.part, self.mask, self.update, self.local, self.printing, self.synapses]
        if nested:
            kinds += [self.condition, self.condition, self.loop]
        return self.rng.choice(kinds)()

    def body(self, low, high):
        """Statements of a block of its own."""
        inner = self.inner()
        return [inner.statement(nested=False) for _ in range(self.rng.randint(low, high))]

    def target(self, *kinds):
        return self.rng.choice([t for t in self.targets if not kinds or t[1] in kinds])

    def assignment(self):
        name, kind, shape = self.target()
        return Node(f"{name} = ", self.value(kind, self.scope.smaller(shape)))

    def update(self):
        name, kind, shape = self.target("int", "float")
        operators = ["+", "-", "*"] + (["&", "|", "^", ">>"] if kind == "int" else [])
        return Node(f"{name} {self.rng.choice(operators)}= ", self.value(kind, self.scope.smaller(shape), 2))

    def mask(self):
        name, kind, shape = self.target()
        if not shape:
            return self.assignment()
        mask = self.scope.make("bool", shape, self.rng.randint(0, 2))
        operator = self.rng.choice(["=", "+="]) if kind != "bool" else "="
        return Node(f"{name}[", mask, f"] {operator} ", self.value(kind, self.scope.smaller(shape), 2))

    def part(self):
        name, kind, shape = self.target()
        if not shape:
            return self.assignment()
        index, rest = self.scope.index(shape, reading=False)
        source = rest if rest in self.scope.shapes else ()
        operator = self.rng.choice(["=", "=", "+="]) if kind != "bool" else "="
        return Node(f"{name}[", *index, f"] {operator} ", self.value(kind, source, 2))

    def synapses(self):
        """What is done to the entries of a sparse Var."""
        if not self.scope.sparse:
            return self.assignment()
        name, kind, shape = self.rng.choice(self.scope.sparse)
        scalar = self.scope.make(kind, (), 1)
        if self.rng.random() < 0.3:
            return Node(f"{name}[{name} > ", scalar, f"] = {name} - 1")
        operator = self.rng.choice(["+", "-", "*"])
        value = Node(f"{name} {operator} ", scalar, kind=kind, shape=shape)
        if kind == "float":
            return Node(f"{name} = where(abs(", value, ") < 1e6, ", value, ", 0.5)")
        return Node(f"{name} = ", value)

    def local(self):
        kind, shape = self.rng.choice(KINDS), self.rng.choice(self.scope.shapes)
        name = self.fresh("x")
        # A bare literal would take its type from what it meets later.
        leaf = self.rng.choice([t for t, k, s in self.scope.names if k == kind and s == shape] or [""])
        if not leaf:
            return self.assignment()
        joined = {"int": " + ", "float": " + ", "bool": " ^ "}[kind]
        node = Node(f"let {name} = {leaf}{joined}", self.scope.make(kind, shape, 2))
        if kind == "float":
            node = Node(f"let {name} = f64({leaf}) + ", self.scope.make(kind, shape, 2))
        self.scope.add(name, kind, shape)
        self.targets.append((name, kind, shape))
        return node

    def printing(self):
        values = [self.scope.make(self.rng.choice(KINDS), self.rng.choice(self.scope.shapes), 1) for _ in range(self.rng.randint(1, 3))]
        parts = [part for value in values for part in (", ", value)]
        return Node(f'print("{self.fresh("print ")}{" {}" * len(values)}"', *parts, ")")

    def truth(self):
        """A condition: of one element."""
        kind = self.rng.choice(["scalar", "any", "step"])
        if kind == "step":
            return Node(f"time_step % {self.rng.randint(2, 5)} == {self.rng.randint(0, 3)}", kind="bool", shape=())
        if kind == "any":
            return Node(f"{self.rng.choice(['any', 'all'])}(", self.scope.make("bool", self.rng.choice(self.scope.shapes), 2), ")", kind="bool", shape=())
        return self.scope.make("bool", (), 2)

    def condition(self):
        heads, bodies = [Node("if ", self.truth())], [self.body(1, 3)]
        if self.rng.random() < 0.3:
            heads.append(Node("else if ", self.truth()))
            bodies.append(self.body(1, 2))
        if self.rng.random() < 0.5:
            heads.append(Node("else"))
            bodies.append(self.body(1, 2))
        return Block(heads, bodies)

    def loop(self):
        counter = self.fresh("k")
        low = self.rng.randint(-1, 2)
        inner = self.inner()
        inner.scope.add(counter, "int", ())
        body = [inner.statement(nested=False) for _ in range(self.rng.randint(1, 3))]
        return Block([Node(f"for {counter} in range({low}, {low + self.rng.randint(0, 3)})")], [body])

    def assertion(self):
        name, kind, shape = self.target("int", "bool")
        return Node(f'assert all({name} == {name}), "never"' if kind == "int" else "assert 1 < 2")


def random_element(rng, kind):
    if kind == "bool":
        return "bool"
    return rng.choice(["f32", "f64"]) if kind == "float" else rng.choice(INTEGERS)


def bounds(element):
    """The least and the greatest value of an integer type."""
    bits = int(element[1:])
    return (0, 2**bits - 1) if element[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def random_value(rng, element, limits=None):
    """A literal that the type holds exactly."""
    kind = kind_of(element)
    if kind == "bool":
        return rng.choice(["true", "false"])
    if kind == "float":
        return str(rng.randint(-99, 99) / 16)
    low, high = limits or bounds(element)
    value = rng.choice([low, high, rng.randint(low, high), rng.randint(max(low, -50), min(high, 50)), rng.randint(max(low, -50), min(high, 50))])
    return str(value)


def random_array(rng, element, shape, limits=None):
    """An initial value: one for all, or one for each element."""
    if not shape or rng.random() < 0.2:
        return random_value(rng, element, limits)

    def nested(extents):
        if not extents:
            return random_value(rng, element, limits)
        return f"[{', '.join(nested(extents[1:]) for _ in range(extents[0]))}]"

    return nested(shape)
