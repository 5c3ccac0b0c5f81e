# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random expressions of a given kind and shape."""

from tree import Node

INTEGERS = ["i1", "i5", "i8", "i13", "i16", "i24", "i32", "i33", "i63", "i64", "u1", "u4", "u8", "u12", "u16", "u31", "u32", "u63"]
FLOATS = ["f32", "f64"]
KINDS = ("int", "float", "bool")


def kind_of(element):
    return "bool" if element == "bool" else "float" if element in FLOATS else "int"


def broadcasts(shape, to):
    """Whether `shape` can be repeated to the shape `to`."""
    return len(shape) <= len(to) and all(a in (1, b) for a, b in zip(shape[::-1], to[::-1]))


def number(rng, low=-3, high=70):
    """A literal; small ones, and those around powers of two."""
    if rng.random() < 0.7:
        value = rng.randint(low, high)
    else:
        value = 2 ** rng.choice([7, 8, 15, 16, 23, 24, 31, 32, 47, 62]) + rng.randint(-2, 1)
        value = rng.choice([value, -value])
    return f"({value})" if value < 0 else str(value)


class Scope:
    """What can be read at a place: (text, kind, shape); for which shapes expressions can be made."""

    def __init__(self, rng, shapes, names, functions=(), elementwise=False):
        self.rng, self.shapes, self.names, self.functions = rng, shapes, list(names), functions
        self.elementwise = elementwise  # for any shape, as in a function
        self.draws = not elementwise  # whether random draws are allowed
        self.kernel = None  # name and type of a Var for conv2d, its shape
        self.sparse = []  # (name, kind, shape) of sparse Vars

    def inner(self):
        scope = Scope(self.rng, self.shapes, self.names, self.functions, self.elementwise)
        scope.draws, scope.kernel, scope.sparse = self.draws, self.kernel, self.sparse
        return scope

    def pure(self):
        """The same without draws: for guards."""
        scope = self.inner()
        scope.draws = False
        return scope

    def add(self, text, kind, shape):
        self.names.append((text, kind, shape))

    def leaf(self, kind, shape):
        fitting = [text for text, k, s in self.names if k == kind and s == shape]
        if shape == () and (not fitting or self.rng.random() < 0.4):
            return self.literal(kind)
        assert fitting, (kind, shape)
        return Node(self.rng.choice(fitting), kind=kind, shape=shape)

    def literal(self, kind):
        rng = self.rng
        if kind == "int":
            return Node(number(rng), kind=kind, shape=())
        if kind == "bool":
            return Node(rng.choice(["true", "false"]), kind=kind, shape=())
        return Node(rng.choice(["0.5", "1.5", "3.0", "100.25", "0.001", "2.0", "(-0.75)", "1e9"]), kind=kind, shape=())

    def smaller(self, shape):
        """A shape that broadcasts to `shape`; most often itself."""
        if self.rng.random() < 0.6:
            return shape
        return self.rng.choice([s for s in self.shapes if broadcasts(s, shape)])

    def make(self, kind, shape, depth):
        """An expression of exactly this kind and shape."""
        if depth <= 0:
            return self.leaf(kind, shape)
        makers = [getattr(self, f"make_{kind}")] * 5
        if not self.elementwise:
            makers += [self.reduction, self.structure, self.product]
        if self.draws and self.rng.random() < 0.1:
            makers += [self.draw] * 3
        for _ in range(4):
            parts = self.rng.choice(makers)(kind, shape, depth)
            if parts:
                return Node(*parts, kind=kind, shape=shape)
        return self.leaf(kind, shape)

    def pair(self, kind, shape, depth):
        """Two operands that make `shape` together."""
        pair = [self.make(kind, shape, depth - 1), self.make(kind, self.smaller(shape), depth - 1)]
        self.rng.shuffle(pair)
        return pair

    def variable(self, kind, shape):
        """A name, for where a constant would be refused; or none."""
        fitting = [t for t, k, s in self.names if k == kind and broadcasts(s, shape) and t.isidentifier()]
        return self.rng.choice(fitting) if fitting else None

    def divisor(self, kind, shape):
        """What can be divided by: not a constant that might be zero."""
        literal = self.rng.choice(["5", "(-16)", "1"] if kind == "int" else ["2.5", "(-0.125)"])
        return self.rng.choice([self.variable(kind, shape) or literal, literal])

    def make_int(self, kind, shape, depth):
        rng = self.rng
        a, b = self.pair("int", shape, depth)
        choice = rng.randrange(21)
        if choice < 4:
            return ["(", a, f" {rng.choice('+-*&|^')} ", b, ")"]
        if choice == 4:
            return ["(", self.make("int", shape, depth - 1), f" {rng.choice(['//', '%'])} ", self.divisor("int", shape), ")"]
        if choice == 5:
            return ["(", a, f" {rng.choice(['<<', '>>'])} ", b, ")"]
        if choice == 6:
            return ["(", self.make("int", shape, depth - 1), f" ** {rng.randint(0, 5)})"]
        if choice == 7:
            return ["shift(", *([a, ", ", b] if rng.random() < 0.5 else [self.make("int", shape, depth - 1), ", ", number(rng, -70)]), ")"]
        if choice in (8, 9):
            return ["mulshr(", a, ", ", b, ", ", rng.choice([number(rng, -2), self.make("int", self.smaller(shape), 0)]), ")"]
        if choice == 10:
            return [f"{rng.choice(['abs', 'sign', 'floor'])}(", self.make("int", shape, depth - 1), ")"]
        if choice == 11:
            return [f"{rng.choice(['min', 'max'])}(", a, ", ", b, ")"]
        if choice == 12:
            return ["clip(", self.make("int", shape, depth - 1), f", {number(rng, -90, 0)}, {number(rng, 1, 900)})"]
        if choice == 13:
            # Of the whole shape both: a constant condition leaves only one of them.
            branches = [self.make("int", shape, depth - 1) for _ in range(2)]
            return ["where(", self.make("bool", self.smaller(shape), depth - 1), *(part for b in branches for part in (", ", b)), ")"]
        if choice == 14:
            return [f"{rng.choice(INTEGERS)}(", self.make(rng.choice(KINDS), shape, depth - 1), ")"]
        if choice == 15:
            return ["sat(", self.make(rng.choice(["int", "float"]), shape, depth - 1), f", {rng.choice(INTEGERS)})"]
        if choice == 16:
            return ["(", self.make("int", shape, depth - 1), f" {rng.choice('+*')} ", self.make("bool", self.smaller(shape), depth - 1), ")"]
        if choice == 17:
            return [f"({rng.choice('-~')}", self.make("int", shape, depth - 1), ")"]
        if choice == 18 and self.functions:
            name, arity = rng.choice(self.functions)
            arguments = [a, b, self.make("int", self.smaller(shape), depth - 2)][:arity]
            return [f"{name}(", *separated(arguments), ")"] if broadcaststo(*arguments, shape) else None
        if choice == 19 and not self.elementwise and len(shape) == 1 and shape[0] <= 4:
            return ["[", *separated([self.make("int", (), depth - 1) for _ in range(shape[0])]), "]"] if () in self.shapes else None
        return ["(", a, " - ", b, ")"]

    def make_float(self, kind, shape, depth):
        rng = self.rng
        a, b = self.pair("float", shape, depth)
        choice = rng.randrange(15)
        if choice < 4:
            operator = rng.choice(["+", "-", "*", "/", "//", "%"])
            if operator in "+-*":
                return ["(", a, f" {operator} ", b, ")"]
            return ["(", self.make("float", shape, depth - 1), f" {operator} ", self.divisor("float", shape), ")"]
        if choice == 4:
            return [f"{rng.choice(['abs', 'sign', 'floor', 'ceil', 'round', 'trunc'])}(", self.make("float", shape, depth - 1), ")"]
        if choice == 5:
            return [f"{rng.choice(['exp', 'sin', 'cos', 'tanh'])}(", self.make("float", shape, depth - 1), ")"]
        if choice == 6:
            return [f"{rng.choice(['sqrt', 'log'])}(", self.make("float", shape, depth - 1), ")"]
        if choice == 7:
            return [f"{rng.choice(['min', 'max'])}(", a, ", ", b, ")"]
        if choice == 8:
            # Of the whole shape both: a constant condition leaves only one of them.
            branches = [self.make("float", shape, depth - 1) for _ in range(2)]
            return ["where(", self.make("bool", self.smaller(shape), depth - 1), *(part for b in branches for part in (", ", b)), ")"]
        if choice == 9:
            return [f"{rng.choice(FLOATS)}(", self.make(rng.choice(KINDS), shape, depth - 1), ")"]
        if choice == 10:
            return ["(", self.make("float", shape, depth - 1), f" {rng.choice('+-*')} ", self.make("int", self.smaller(shape), depth - 1), ")"]
        if choice == 11:
            return ["clip(", self.make("float", shape, depth - 1), ", -8.5, 1e3)"]
        if choice == 12:
            return ["(", self.make("float", shape, depth - 1), f" ** {rng.choice(['2', '3', '0.5', '(-1)'])})"]
        if choice == 13:
            return ["(", self.make("int", shape, depth - 1), " / ", self.divisor("int", shape), ")"]
        return ["(-", self.make("float", shape, depth - 1), ")"]

    def spread(self, kind, shape, depth, operator):
        a, b = self.pair(kind, shape, depth)
        return [a, operator, b]

    def make_bool(self, kind, shape, depth):
        rng = self.rng
        choice = rng.randrange(9)
        compare = rng.choice(["<", "<=", "==", "!=", ">", ">="])
        if choice < 4:
            return ["(", *self.spread(rng.choice(["int", "float"]), shape, depth, f" {compare} "), ")"]
        if choice == 4:
            middle = self.make("int", shape, depth - 1)
            low, high = (self.make("int", self.smaller(shape), 0) for _ in range(2))
            return ["(", low, " <= ", middle, f" {compare} ", high, ")"]
        if choice in (5, 6):
            return ["(", *self.spread("bool", shape, depth, f" {rng.choice(['and', 'or', '&', '|', '^', '+', '*'])} "), ")"]
        if choice == 7:
            return [rng.choice(["(not ", "(~"]), self.make("bool", shape, depth - 1), ")"]
        return ["bool(", self.make(rng.choice(["int", "float"]), shape, depth - 1), ")"]

    def reduction(self, kind, shape, depth):
        """Of a larger shape along one axis, or of all."""
        rng = self.rng
        names = {"int": ["sum", "prod", "min", "max"], "float": ["sum", "prod", "min", "max", "mean"], "bool": ["any", "all"]}[kind]
        larger = [(s, axis) for s in self.shapes for axis in range(len(s)) if s[:axis] + s[axis + 1 :] == shape]
        if larger and (shape != () or rng.random() < 0.7):
            source, axis = rng.choice(larger)
            axis = rng.choice([axis, axis - len(source)])
            if kind == "int" and rng.random() < 0.2:
                extreme = rng.choice(["argmin", "argmax"])
                return [f"{extreme}(", self.make(rng.choice(["int", "float"]), source, depth - 1), f", axis={axis})"]
            return [f"{rng.choice(names)}(", self.make(kind, source, depth - 1), f", axis={axis})"]
        if shape == ():
            return [f"{rng.choice(names)}(", self.make(kind, rng.choice(self.shapes), depth - 1), ")"]
        return None

    def draw(self, kind, shape, depth):
        """Random numbers."""
        size = f"size=[{', '.join(map(str, shape))}]" if shape else "size=1"
        real = self.rng.choice([f"random.uniform({size})", f"random.normal(1.5, 0.25, {size})"])
        integer = self.rng.choice([f"random.integers(-5, 100, {size})", f"random.poisson(3.5, {size})"])
        text = {"int": integer, "float": real, "bool": f"({real} < 0.5)"}[kind]
        return [text if shape else f"{text}[0]"]

    def product(self, kind, shape, depth):
        """Products of matrices and vectors, of sparse Vars, convolutions."""
        rng, choice = self.rng, self.rng.randrange(4)
        if kind == "bool":
            return None
        if choice == 0 and self.kernel and shape == self.kernel[2] and kind == self.kernel[1]:
            padding = rng.choice(["padding=1", "padding=[1, 1], stride=1"])
            return ["conv2d(", self.make(rng.choice([kind, "bool"]), shape, depth - 1), f", {self.kernel[0]}, {padding})"]
        if choice == 1 and len(shape) == 1:
            fitting = [s for s in self.shapes if len(s) == 2 and s[1:] == shape and s[:1] in self.shapes]
            if fitting:
                matrix = rng.choice(fitting)
                return ["(", self.make(kind, matrix[:1], depth - 1), " @ ", self.make(kind, matrix, depth - 1), ")"]
        sparse = [(n, s) for n, k, s in self.sparse if k == kind and s[:1] == shape and s[1:] in self.shapes]
        if sparse:
            name, matrix = rng.choice(sparse)
            factor = rng.choice([name, f"abs({name})", f"({name} + 1)"])
            vector = self.make(rng.choice([kind, "bool"]), matrix[1:], depth - 1)
            if choice == 2:
                return [f"({factor} @ ", vector, ")"]
            return [f"deliver({factor}, i32({name} != 0), ", vector, f", 2)[:, {rng.randint(0, 1)}]"]
        return None

    def structure(self, kind, shape, depth):
        """Parts, rolls and the like: what moves elements."""
        rng = self.rng
        choice = rng.randrange(6)
        if choice < 2:
            return self.part(kind, shape)
        if choice == 5:
            return self.gather(kind, shape, depth)
        if choice == 2 and shape:
            axis = rng.randrange(len(shape))
            return ["roll(", self.make(kind, shape, depth - 1), f", {rng.randint(-3, 3)}, axis={axis})"]
        if choice == 3 and shape and shape[0] >= 2:
            names = [t for t, k, s in self.names if k == kind and s == shape and t.isidentifier()]
            cut = rng.randint(1, shape[0] - 1)
            if names:
                return ["concat(", f"{rng.choice(names)}[{cut}:], ", f"{rng.choice(names)}[:{cut}], axis=0)"]
        if choice == 4 and kind != "bool" and len(shape) == 1:
            matrices = [(t, s) for t, k, s in self.names if k == kind and len(s) == 2 and s[0] == shape[0] and t.isidentifier()]
            fitting = [(t, s[1:]) for t, s in matrices if s[1:] in self.shapes]
            if fitting:
                matrix, vector = rng.choice(fitting)
                return ["(", matrix, " @ ", self.make(rng.choice([kind, "bool"]), vector, depth - 1), ")"]
        return None

    def gather(self, kind, shape, depth):
        """The elements of a name that a tensor of integers picks."""
        names = [(t, s) for t, k, s in self.names if k == kind and len(s) == 1 and t.isidentifier()]
        if not names or not shape:
            return None
        name, source = self.rng.choice(names)
        return [f"{name}[(", self.make("int", shape, depth - 1), f") % {source[0]}]"]

    def part(self, kind, shape):
        """A part of a name that has this shape."""
        for _ in range(6):
            names = [(t, s) for t, k, s in self.names if k == kind and s and t.isidentifier()]
            if not names:
                return None
            name, source = self.rng.choice(names)
            index, rest = self.index(source, reading=True)
            if rest == shape:
                return [name, "[", *index, "]"]
        return None

    def index(self, shape, reading):
        """Parts of a random basic index of an array of this shape, and the shape it leaves."""
        rng, items, rest = self.rng, [], []
        for extent in shape[: rng.randint(1, len(shape))]:
            choice = rng.randrange(5)
            if choice == 0:
                items.append([str(rng.randint(-extent, extent - 1))])
            elif choice == 1:
                items.append(["(", self.make("int", (), 1), f") % {extent}"])
            else:
                start, stop, step = rng.choice(["", rng.randint(-extent, extent)]), rng.choice(["", rng.randint(-extent, extent)]), rng.choice(["", 2, -1])
                count = len(range(extent)[slice(*(None if x == "" else x for x in (start, stop, step)))])
                if count == 0:
                    start = stop = step = ""
                    count = extent
                items.append([f"{start}:{stop}" + (f":{step}" if step != "" else "")])
                rest.append(count)
        if reading and rng.random() < 0.1:
            items.insert(0, ["newaxis"])
            rest.insert(0, 1)
        elif len(items) < len(shape) and rng.random() < 0.3:
            items.append(["..."])
        return [part for item in separated(items) for part in (item if isinstance(item, list) else [item])], (*rest, *shape[len([i for i in items if i not in (["newaxis"], ["..."])]) :])


def broadcaststo(*operands_and_shape):
    """Whether one of the operands has the shape."""
    *operands, shape = operands_and_shape
    return any(isinstance(operand, Node) and operand.shape == shape for operand in operands)


def separated(items):
    result = []
    for item in items:
        result += [", ", item] if result else [item]
    return result
