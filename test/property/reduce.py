# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a network smaller for as long as something stays true of it.

Delta debugging on the tree: lists lose parts, from halves down to single ones; groups are dissolved;
expressions become one of their operands or a constant. Candidates need not be well-formed: of those
that are not, what is asked for is not true.
"""

import time

from expressions import broadcasts
from layout import to_yaml
from tree import Block, Group, Node

CONSTANTS = {"int": ["0", "1"], "float": ["0.0", "0.5"], "bool": ["false", "true"]}


class Reducer:
    def __init__(self, network, holds, seconds):
        self.network, self.holds, self.end = network, holds, time.monotonic() + seconds
        self.seen = {to_yaml(network): True}

    def still(self):
        """Whether it still holds, after something was changed."""
        text = to_yaml(self.network)
        if text not in self.seen:
            if time.monotonic() > self.end:
                return False
            self.seen[text] = self.holds(text)
        return self.seen[text]

    def run(self):
        before = None
        while before != (before := to_yaml(self.network)) and time.monotonic() < self.end:
            for items in self.lists():
                self.shorten(items)
            self.dissolve(self.network.children)
            self.drop_code()
            for body in self.bodies():
                self.unwrap(body)
            for node in self.nodes():
                self.simplify(node)
            self.shorten_run()
        return self.network

    # ---- lists ----------------------------------------------------------------------------------

    def lists(self):
        network = self.network
        yield from self.child_lists(network.children)
        yield network.connections
        yield from self.bodies()
        yield network.stages
        for process in network.processes:
            yield process.ports
            yield process.vars
        yield network.functions

    def child_lists(self, children):
        yield children
        for child in children:
            if isinstance(child, Group):
                yield from self.child_lists(child.children)

    def bodies(self):
        """All lists of statements, the outer ones first."""
        todo = [body for process in self.network.processes for body in process.code.values() if isinstance(body, list)]
        while todo:
            body = todo.pop(0)
            yield body
            todo += [inner for statement in body if isinstance(statement, Block) for inner in statement.bodies]

    def shorten(self, items):
        """Takes away what can be spared, in ever smaller pieces."""
        width = len(items)
        while width:
            start = 0
            while start < len(items):
                saved = items[:]
                del items[start : start + width]
                if not self.still():
                    items[:] = saved
                    start += width
            width //= 2

    # ---- structure ------------------------------------------------------------------------------

    def dissolve(self, children):
        for place, child in enumerate(list(children)):
            if isinstance(child, Group):
                self.dissolve(child.children)
                saved = children[:]
                children[place : place + 1] = child.children
                if not self.still():
                    children[:] = saved

    def drop_code(self):
        for process in self.network.processes:
            for phase in list(process.code):
                saved = process.code.pop(phase)
                if not self.still():
                    process.code[phase] = saved
            for holder, attribute, plain in [(var, "limits", None) for var in process.vars] + [
                (var, "value", "false" if var.element == "bool" else "0") for var in process.vars
            ]:
                self.attempt(holder, attribute, plain)
        for _, instance in self.network.paths().values():
            for name in list(instance.values):
                saved = instance.values.pop(name)
                if not self.still():
                    instance.values[name] = saved

    def attempt(self, holder, attribute, value):
        saved = getattr(holder, attribute)
        setattr(holder, attribute, value)
        if saved != value and not self.still():
            setattr(holder, attribute, saved)

    def unwrap(self, body):
        """A block becomes what stands in it."""
        for place, statement in enumerate(list(body)):
            if isinstance(statement, Block):
                for inner in statement.bodies:
                    saved = body[:]
                    where = body.index(statement)
                    body[where : where + 1] = inner
                    if self.still():
                        break
                    body[:] = saved

    def shorten_run(self):
        stages = self.network.stages
        for place, stage in enumerate(stages):
            if isinstance(stage, int):
                for fewer in (1, 2, stage // 2):
                    if fewer < stage:
                        stages[place] = fewer
                        if self.still():
                            break
                        stages[place] = stage

    # ---- expressions ----------------------------------------------------------------------------

    def nodes(self):
        """Where expressions stand: all Nodes, the outer ones first."""
        todo = list(self.network.functions)
        for process in self.network.processes:
            todo += [guard for guard in process.code.values() if isinstance(guard, Node)]
        for body in self.bodies():
            todo += [s for s in body if isinstance(s, Node)]
            todo += [head for s in body if isinstance(s, Block) for head in s.heads]
        while todo:
            node = todo.pop(0)
            yield node
            todo += [part for part in node.parts if isinstance(part, Node)]

    def simplify(self, node):
        for place, part in enumerate(node.parts):
            if not isinstance(part, Node) or not part.kind:
                continue
            for candidate in [*self.constants(part), *self.operands(part)]:
                node.parts[place] = candidate
                if str(candidate) != str(part) and self.still():
                    break
                node.parts[place] = part

    def constants(self, part):
        for text in CONSTANTS[part.kind] if len(part.parts) > 1 else []:
            yield Node(text, kind=part.kind, shape=())

    def operands(self, part):
        """Expressions in `part` that could stand in its place."""
        todo = [inner for inner in part.parts if isinstance(inner, Node)]
        while todo:
            inner = todo.pop(0)
            if inner.kind == part.kind and broadcasts(inner.shape, part.shape):
                yield inner
            todo += [deeper for deeper in inner.parts if isinstance(deeper, Node)]
