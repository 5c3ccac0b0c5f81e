# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a random network is made of, as a tree that can be printed and made smaller.

The lists and parts in here are what reduce.py takes away from; whatever refers to something that is
gone is left out when the tree is printed, or the compiler refuses the result, and then it is none.
"""


class Node:
    """Text in parts: strings and Nodes. An expression has a kind (int, float, bool) and a shape."""

    def __init__(self, *parts, kind=None, shape=None):
        self.parts, self.kind, self.shape = list(parts), kind, shape

    def __str__(self):
        return "".join(map(str, self.parts))


class Block:
    """A statement with blocks: `head {` body `} head {` body `}`."""

    def __init__(self, heads, bodies):
        self.heads, self.bodies = heads, bodies


def lines_of(statements, indent):
    """The lines of a list of statements: Nodes and Blocks."""
    for statement in statements:
        if isinstance(statement, Node):
            yield indent + str(statement)
            continue
        for number, (head, body) in enumerate(zip(statement.heads, statement.bodies)):
            yield f"{indent}{'} ' if number else ''}{head} {{"
            yield from lines_of(body, indent + "  ")
        yield indent + "}"


def spell_shape(shape):
    return f"[{', '.join(map(str, shape))}]" if shape else ""


class Var:
    def __init__(self, name, element, shape, value, limits=None):
        self.name, self.element, self.shape, self.value, self.limits = name, element, shape, value, limits

    def __str__(self):
        return f"{self.name}: '{self.element}{spell_shape(self.shape)} = {self.value}'"


class Port:
    """An in, out or ref port of an element type and a shape, or a VarPort of a Var."""

    def __init__(self, direction, name, element, shape, var=None):
        self.direction, self.name, self.element, self.shape, self.var = direction, name, element, shape, var

    @property
    def type(self):
        return f"{self.direction} {self.var or self.element + spell_shape(self.shape)}"

    def __str__(self):
        return f"{self.name}: '{self.type}'"


class Process:
    """Vars, ports, and code: phase or guard -> statements, or a Node for a guard."""

    def __init__(self, name):
        self.name, self.vars, self.ports, self.types = name, [], [], {}
        self.code, self.requires, self.spelled = {}, "cpu", name
        self.shown = True  # whether what it sends is probed

    def port(self, name):
        return next((port for port in self.ports if port.name == name), None)

    def var(self, name):
        return next((var for var in self.vars if var.name == name), None)

    def lines(self):
        yield f"  {self.name}:"
        if self.vars:
            yield "    vars:"
            yield from (f"      {var}" for var in self.vars)
        limits = [f"{var.name}: {var.limits}" for var in self.vars if var.limits]
        if limits:
            yield f"    limits: {{{', '.join(limits)}}}"
        if self.ports:
            yield "    ports:"
            yield from (f"      {port}" for port in self.ports)
        code = {phase: body for phase, body in self.code.items() if body}
        if not code:
            return
        types = ", ".join(f"{name}: {element}" for name, element in self.types.items())
        yield "    models:"
        yield f"      - types: {{{types}}}" if types else f"      - requires: {self.requires}"
        yield "        phases:"
        for phase, body in code.items():
            if isinstance(body, Node):
                yield f"          {phase}: '{body}'"
            else:
                yield f"          {phase}: |"
                yield from lines_of(body, " " * 12)


class Instance:
    def __init__(self, name, process, values=None):
        self.name, self.process, self.values = name, process, values or {}


class Group:
    """Instances and groups, next to each other, that become a hierarchical process of their own."""

    def __init__(self, name, children):
        self.name, self.children = name, children


class Connection:
    """From ports of some instances, through `via` (a format with a place for each), to a member of another."""

    def __init__(self, sources, via, target, kind):
        self.sources, self.via, self.target, self.kind = sources, via, target, kind


class Network:
    def __init__(self):
        self.functions, self.processes, self.children, self.connections = [], [], [], []
        self.stages, self.seed = [], None  # stages: a number of steps, or (instance, var, value)
        self.options = []  # lines of the run section

    def process(self, name):
        return next((process for process in self.processes if process.name == name), None)

    def paths(self):
        """Instance name -> (names of the groups around it, the instance)."""
        found = {}

        def walk(children, groups):
            for child in children:
                if isinstance(child, Group):
                    walk(child.children, (*groups, child.name))
                elif self.process(child.process):
                    found[child.name] = (groups, child)

        walk(self.children, ())
        return found
