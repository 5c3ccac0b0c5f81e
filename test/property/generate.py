# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random well-formed networks. What they compute means nothing."""

import random

from behaviour import Writer, random_array, random_element, random_value
from delays import delay_line
from expressions import KINDS, Scope, kind_of
from tree import Connection, Group, Instance, Network, Node, Port, Process, Var

FAMILIES = [
    [(), (3,), (2, 3)], [(), (4,), (4, 2)], [(), (1,), (2,), (2, 2)], [(), (5,)], [(), (2,), (3, 2), (2, 3, 2)], [(), (1,)], [(), (3, 1), (1, 3), (3, 3), (3,)],
]  # fmt: skip
PHASES = ["pre_mgmt", "lrn", "post_mgmt"]


def size(shape):
    return 1 if not shape else shape[0] * size(shape[1:])


class Generator:
    def __init__(self, seed, processes):
        self.rng, self.network, self.functions = random.Random(seed), Network(), []
        for _ in range(self.rng.randint(0, 2)):
            self.function()
        for index in range(processes):
            if self.rng.random() < 0.2:
                self.network.processes.append(delay_line(self.rng, index))
            else:
                self.process(index)
        self.instances = []
        for index, process in enumerate(self.network.processes):
            for copy in range(2 if self.rng.random() < 0.15 else 1):
                self.instances.append(Instance(f"p{index}{'ab'[copy]}", process.name, self.values(process)))
        self.network.children = list(self.instances)
        self.connect_messages()
        self.connect_references()
        self.group()
        self.stages()

    def function(self):
        name, arity = f"fn{len(self.functions)}", self.rng.randint(1, 3)
        names = ["a", "b", "c"][:arity]
        scope = Scope(self.rng, [()], [(n, "int", ()) for n in names] * 3, elementwise=True)
        parts = [f"fn {name}({', '.join(names)}) "]
        if self.rng.random() < 0.5:
            parts += ["= ", " + ".join(names), " + ", scope.make("int", (), 3)]
        else:
            parts += ["{ let t = ", scope.make("int", (), 2), f"; return t + {' + '.join(names)} }}"]
        self.network.functions.append(Node(*parts))
        self.functions.append((name, arity))

    def variable(self, name, kind, shape):
        rng, element, limits = self.rng, random_element(self.rng, kind), None
        if kind == "int" and rng.random() < 0.15 and element not in ("i1", "u1"):
            limits = (0 if element[0] == "u" else -4, 7)
        value = random_array(rng, element, shape, limits)
        return Var(name, element, shape, value, f"{limits[0]}..{limits[1]}" if limits else None)

    def process(self, index):
        rng, process = self.rng, Process(f"P{index}")
        process.shapes = rng.choice(FAMILIES)
        for shape in process.shapes:
            for kind in KINDS:
                for _ in range(2 if kind == "int" else 1):
                    process.vars.append(self.variable(f"{kind[0]}{len(process.vars)}", kind, shape))
        bindable = [var for var in process.vars if kind_of(var.element) == "int" and not var.limits]
        if bindable and rng.random() < 0.2:  # a type name, bound by the model
            chosen = rng.choice(bindable)
            process.types["num"], chosen.element = chosen.element, "num"
        names = [(var.name, self.kind(process, var), var.shape) for var in process.vars]
        self.writable = [name for name in names if rng.random() < 0.9] or names
        scope = Scope(rng, process.shapes, [*names, ("time_step", "int", ())], self.functions)
        self.special(process, scope)
        self.counter = [0]
        process.early = []
        if rng.random() < 0.25:
            process.code["init"] = self.statements(scope, 1, 3)
        process.code["spk"] = self.spiking(process, scope)
        for phase in PHASES:
            if rng.random() < (0.5 if phase == "post_mgmt" else 0.3):
                process.code[phase] = self.statements(scope, 1, 3)
            elif phase == "lrn" and rng.random() < 0.1:
                process.code["lrn_guard"] = self.guard(scope)
            if process.code.get(phase) and rng.random() < 0.6:
                process.code[phase.split("_")[0] + "_guard"] = self.guard(scope)
        if rng.random() < 0.15:
            process.code["host"] = self.statements(scope, 1, 2)
        self.network.processes.append(process)

    def special(self, process, scope):
        """Vars that only certain operations can use: kernels of conv2d, sparse matrices."""
        rng = self.rng
        images = [shape for shape in process.shapes if len(shape) == 3]
        if images and rng.random() < 0.7:
            kind, shape = rng.choice(["int", "float"]), images[0]
            element = random_element(rng, kind)
            extents = (shape[2], 3, 3, shape[2])
            process.vars.append(Var("kernel", element, extents, random_array(rng, element, extents)))
            scope.kernel = ("kernel", kind, shape)
        for shape in process.shapes:
            if len(shape) == 2 and rng.random() < 0.5:
                kind = rng.choice(["int", "float"])
                var = Var(f"sparse{len(process.vars)}", f"sparse {rng.choice(['i8', 'i24', 'u12', 'i64'] if kind == 'int' else ['f32', 'f64'])}", shape, None)
                rows = [[rng.choice(["0", "0", str(rng.randint(0, 1))]) for _ in range(shape[1])] for _ in range(shape[0])]
                rows[0][0] = "1"
                var.value = f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"
                process.vars.append(var)
                scope.sparse.append((var.name, kind, shape))

    @staticmethod
    def kind(process, var):
        return kind_of(process.types.get(var.element, var.element))

    def guard(self, scope):
        return Writer(scope.pure(), [("time_step", "int", ())], self.counter).truth()

    def statements(self, scope, low, high):
        writer = Writer(scope.inner(), self.writable, self.counter)
        return [writer.statement() for _ in range(self.rng.randint(low, high))]

    def spiking(self, process, scope):
        """Sends before anything is received, receives, sends after that."""
        rng, writer, result = self.rng, Writer(scope.inner(), self.writable, self.counter), []

        def some(high):
            for _ in range(rng.randint(0, high)):
                result.append(writer.statement())

        some(2)
        for _ in range(rng.randint(0, 2)):
            self.send(process, writer, result, early=True)
            some(1)
        for _ in range(rng.randint(0, 2)):
            kind, shape = rng.choice(KINDS), rng.choice(process.shapes)
            port = Port("in", f"in{len(process.ports)}", random_element(rng, kind), shape)
            process.ports.append(port)
            if rng.random() < 0.5:
                name = writer.fresh("x")
                result.append(Node(f"let {name} = {port.name}.recv()"))
                writer.scope.add(name, kind, shape)
            else:
                target = next(t for t in writer.targets + writer.scope.names if t[1:] == (kind, shape))
                operator = "+=" if kind != "bool" and rng.random() < 0.7 else "="
                result.append(Node(f"{target[0]} {operator} {port.name}.recv()"))
            some(2)
        for _ in range(rng.randint(0, 2)):
            self.send(process, writer, result, early=False)
        some(3)
        if rng.random() < 0.05:
            result.append(Node(f"if time_step == {rng.randint(2, 9)} {{ {rng.choice(['pause', 'stop'])}() }}"))
        if rng.random() < 0.2:
            result.append(writer.assertion())
        return result

    def send(self, process, writer, result, early):
        kind, shape = self.rng.choice(KINDS), self.rng.choice(process.shapes)
        port = Port("out", f"out{len(process.ports)}", random_element(self.rng, kind), shape)
        process.ports.append(port)
        if early:
            process.early.append(port.name)
        result.append(Node(f"{port.name}.send(", writer.value(kind, writer.scope.smaller(shape)), ")"))

    def values(self, process):
        """Values that an instance gives instead of the initial ones."""
        result = {}
        for var in process.vars:
            if self.rng.random() < 0.1 and self.is_plain(var):
                result[var.name] = self.fresh_value(process, var)
        return result

    @staticmethod
    def is_plain(var):
        """Whether any value of its type is one for the Var."""
        return not var.element.startswith("sparse") and not hasattr(var, "fresh_value")

    def fresh_value(self, process, var):
        if hasattr(var, "fresh_value"):
            return var.fresh_value(self.rng)
        element = process.types.get(var.element, var.element)
        limits = tuple(map(int, var.limits.split(".."))) if var.limits else None
        return random_array(self.rng, element, var.shape, limits)

    # ---- connections --------------------------------------------------------------------------

    def ports(self, direction):
        for order, instance in enumerate(self.instances):
            for port in self.network.process(instance.process).ports:
                if port.direction == direction:
                    yield order, instance, port

    def connect_messages(self):
        rng = self.rng
        for order, instance, port in self.ports("in"):
            goes = [
                (source, out)
                for at, source, out in self.ports("out")
                if (at < order or out.name in self.network.process(source.process).early)
                and (kind_of(out.element) != "float" or kind_of(port.element) != "int")
            ]
            rng.shuffle(goes)
            for source, out in goes[: rng.choice([0, 1, 1, 1, 2, 3])]:
                via, sources = self.message_chain([(source, out), *goes], port.shape)
                if via:
                    ends = [(s.name, o.name) for s, o in sources]
                    self.network.connections.append(Connection(ends, via, (instance.name, port.name), "message"))

    def message_chain(self, ports, wanted):
        """A format and the ports in it that together have the shape `wanted`."""
        (source, out), *others = ports
        if out.shape == wanted and self.rng.random() < 0.5:
            return "{}", [(source, out)]
        if not out.shape or not wanted:
            return ("{}", [(source, out)]) if out.shape == wanted else (None, None)
        text, count, used = "{}", size(out.shape), [(source, out)]
        text, shape = self.turned(text, out.shape)
        fitting = [o for o in others if o[1].shape and o[1] is not out and size(o[1].shape) + count >= size(wanted)]
        if count < size(wanted):
            if not fitting or out.element != fitting[0][1].element:
                return None, None
            used.append(fitting[0])
            count += size(fitting[0][1].shape)
            text = f"concat({text}.flatten(), {{}}.flatten(), axis=0)"
        elif shape == wanted:
            return text, used
        else:
            text += ".flatten()"
        if count > size(wanted):
            start = self.rng.randint(0, count - size(wanted))
            text += f"[{start}:{start + size(wanted)}]"
        return text + self.reshape(wanted), used

    def reshape(self, wanted):
        return "" if len(wanted) == 1 else f".reshape({', '.join(map(str, wanted))})"

    def turned(self, text, shape):
        """Perhaps with its axes in another order."""
        if len(shape) < 2 or self.rng.random() < 0.5:
            return text, shape
        axes = list(range(len(shape)))
        self.rng.shuffle(axes)
        return f"{text}.transpose({', '.join(map(str, axes))})", tuple(shape[axis] for axis in axes)

    def connect_references(self):
        """RefPorts: in an order of its own, so that nobody waits for somebody who waits for him."""
        rng, order = self.rng, list(self.network.processes)
        rng.shuffle(order)
        for at, process in enumerate(order):
            mine = [instance for instance in self.instances if instance.process == process.name]
            owners = [i for i in self.instances if self.network.process(i.process) in order[:at]]
            for number in range(rng.choice([0, 0, 1, 1, 2])):
                phases = [phase for phase in ("pre_mgmt", "post_mgmt", "host") if process.code.get(phase)]
                if not phases or not owners:
                    break
                owner = rng.choice(owners)
                self.reference(process, mine, owner, rng.choice(phases), number)

    def reference(self, process, mine, owner, phase, number):
        rng, owning = self.rng, self.network.process(owner.process)
        var = rng.choice([var for var in owning.vars if var.element != "num" and self.is_plain(var)])
        via, shape = self.reference_chain(var.shape)
        port = Port("ref", f"ref{number}", var.element, shape)
        process.ports.append(port)
        explicit = None
        if rng.random() < 0.4:
            explicit = next((p for p in owning.ports if p.var == var.name), None)
            if not explicit:
                explicit = Port("var", f"door{len(owning.ports)}", None, None, var.name)
                owning.ports.append(explicit)
        target = (owner.name, explicit.name if explicit else var.name)
        for instance in mine:
            connection = Connection([(instance.name, port.name)], via, target, "port" if explicit else "var")
            self.network.connections.append(connection)
        process.code[phase] += self.accesses(process, port)

    def reference_chain(self, wanted):
        """A format that makes `wanted` of the shape that is returned."""
        choice = self.rng.randrange(3)
        if choice == 0 or not wanted:
            return "{}", wanted
        if choice == 1 and len(wanted) >= 2:
            axes = list(range(len(wanted)))
            self.rng.shuffle(axes)
            inverse = tuple(wanted[axes.index(axis)] for axis in range(len(axes)))
            return f"{{}}.transpose({', '.join(map(str, axes))})", inverse
        return f"{{}}.reshape({', '.join(map(str, wanted))})", (size(wanted),)

    def accesses(self, process, port):
        rng, kind = self.rng, kind_of(port.element)
        holders = [v for v in process.vars if v.shape == port.shape and self.kind(process, v) == kind]
        read = Node(f"let {port.name}_value = {port.name}.read()")
        if holders and rng.random() < 0.6:
            read = Node(f"{rng.choice(holders).name} = {port.name}.read()")
        source = f"{holders[0].name}" if holders else random_value(rng, port.element)
        write = Node(f"{port.name}.write(", Node(source, kind=kind, shape=port.shape), ")")
        return rng.choice([[read], [write], [read, write]])

    # ---- groups, run --------------------------------------------------------------------------

    def group(self):
        for number in range(self.rng.choice([0, 0, 1, 1, 2])):
            children = self.network.children
            start = self.rng.randrange(len(children))
            stop = self.rng.randint(start + 1, min(start + 3, len(children)))
            children[start:stop] = [Group(f"g{number}", children[start:stop])]

    def stages(self):
        rng = self.rng
        for number in range(rng.choice([1, 1, 2, 3])):
            for _ in range(rng.randint(1, 2) if number else 0):
                instance = rng.choice(self.instances)
                process = self.network.process(instance.process)
                var = rng.choice([var for var in process.vars if self.is_plain(var) or hasattr(var, "fresh_value")])
                self.network.stages.append((instance.name, var.name, self.fresh_value(process, var)))
            self.network.stages.append(rng.randint(2, 8))


def generate(seed, processes):
    """A random network; the same for the same arguments."""
    return Generator(seed, processes).network
