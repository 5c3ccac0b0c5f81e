# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random step.programs about memory: states that are read, written and swapped through tensor code in tasks.

Writes the program and, computed by NumPy with a copy at every get, the lines that it must print in three time steps. What is
tested is that no copy which the lowering leaves out is missed. Use: random_programs.py SEED PROGRAM EXPECTED
"""

import random
import sys

import numpy

SHAPES = [(), (1,), (4,), (3, 4), (4, 3), (2, 3, 2), (12,)]
STATES = {
    "p.a": (4,), "p.b": (4,), "q.m": (3, 4), "q.n": (3, 4), "q.t": (4, 3), "p.s": (), "p.o": (1,), "q.c": (2, 3, 2), "q.l": (12,),
    "q.k": (12,),
}
STEPS = 3


def array(values):
    """An array of its own, also of rank 0, for which NumPy's operators give scalars."""
    return numpy.array(values, dtype=numpy.int64)


def tensor(shape, element="i64"):
    return f"tensor<{''.join(str(extent) + 'x' for extent in shape)}{element}>"


def ints(values):
    return f"array<i64{': ' if values else ''}{', '.join(map(str, values))}>"


class Program:
    """Builds text, and a list of closures that do the same with arrays."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.lines = []
        self.count = 0

    def fresh(self):
        self.count += 1
        return f"%v{self.count}"

    def emit(self, depth, text):
        self.lines.append("  " * depth + text)

    # Each statement returns a function(env, states) that runs it. `scope` lists (name, shape) of the values that are visible.

    def value(self, scope, shape=None):
        fitting = [v for v in scope if shape is None or v[1] == shape]
        return self.rng.choice(fitting) if fitting else None

    def need(self, depth, scope, shape):
        """A value of `shape`: one that is there, or a new one."""
        actions = []
        found = self.value(scope, shape)
        if found and self.rng.random() < 0.8:
            return found, actions
        states = [name for name, s in STATES.items() if s == shape]
        if states and self.rng.random() < 0.7:
            actions.append(self.get(depth, scope, self.rng.choice(states)))
        else:
            actions.append(self.constant(depth, scope, shape))
        return scope[-1], actions

    def get(self, depth, scope, state=None):
        state = state or self.rng.choice(list(STATES))
        shape, wide, name = STATES[state], self.fresh(), self.fresh()
        self.emit(depth, f"{wide} = step.get @{state} : {tensor(shape, 'i24')}")
        self.emit(depth, f"{name} = arith.extsi {wide} : {tensor(shape, 'i24')} to {tensor(shape)}")
        scope.append((name, shape))

        def run(env, states):
            env[name] = states[state].copy()

        return run

    def set(self, depth, scope, state=None):
        state = state or self.rng.choice(list(STATES))
        shape = STATES[state]
        (source, _), actions = self.need(depth, scope, shape)
        narrow = self.fresh()
        self.emit(depth, f"{narrow} = arith.trunci {source} : {tensor(shape)} to {tensor(shape, 'i24')}")
        self.emit(depth, f"step.set @{state}, {narrow} : {tensor(shape, 'i24')}")

        def run(env, states):
            for action in actions:
                action(env, states)
            states[state] = wrap24(env[source]).copy()

        return run

    def move(self, depth, scope):
        """State to state without arithmetic: aliases reach furthest."""
        source, target = self.rng.choice([("p.a", "p.b"), ("p.b", "p.a"), ("q.m", "q.n"), ("q.n", "q.m"), ("q.l", "q.k")])
        first, second = self.fresh(), self.fresh()
        kind = tensor(STATES[source], "i24")
        swap = self.rng.random() < 0.5
        self.emit(depth, f"{first} = step.get @{source} : {kind}")
        if swap:
            self.emit(depth, f"{second} = step.get @{target} : {kind}")
        self.emit(depth, f"step.set @{target}, {first} : {kind}")
        if swap:
            self.emit(depth, f"step.set @{source}, {second} : {kind}")

        def run(env, states):
            old = states[target]
            states[target] = states[source].copy()
            if swap:
                states[source] = old

        return run

    def constant(self, depth, scope, shape):
        name = self.fresh()
        values = numpy.array([self.rng.randint(-9, 9) for _ in range(int(numpy.prod(shape)))], dtype=numpy.int64).reshape(shape)
        if self.rng.random() < 0.5:
            values[...] = self.rng.randint(-9, 9)
        text = str(values.tolist())
        self.emit(depth, f"{name} = arith.constant dense<{text}> : {tensor(shape)}")
        scope.append((name, shape))

        def run(env, states):
            env[name] = values.copy()

        return run

    def binary(self, depth, scope):
        a = self.value(scope)
        b, actions = self.need(depth, scope, a[1])
        op, function = self.rng.choice([("arith.addi", numpy.add), ("arith.subi", numpy.subtract), ("arith.muli", numpy.multiply),
                                        ("arith.maxsi", numpy.maximum), ("arith.minsi", numpy.minimum),
                                        ("num.floordiv", numpy.floor_divide), ("num.mod", numpy.mod)])
        name = self.fresh()
        self.emit(depth, f"{name} = {op} {a[0]}, {b[0]} : {tensor(a[1])}")
        scope.append((name, a[1]))

        def run(env, states):
            for action in actions:
                action(env, states)
            env[name] = array(function(env[a[0]], env[b[0]]))

        return run

    def scale(self, depth, scope):
        """a * b / 2^k toward zero, with an exact product."""
        a = self.value(scope)
        b, actions = self.need(depth, scope, a[1])
        places = self.rng.choice([0, 1, 7, 12, 40])
        name, k = self.fresh(), self.fresh()
        self.emit(depth, f"{k} = arith.constant dense<{places}> : {tensor(a[1])}")
        self.emit(depth, f"{name} = num.mul_shr {a[0]}, {b[0]}, {k} : {tensor(a[1])}")
        scope.append((name, a[1]))

        def scaled(x, y):
            product = int(x) * int(y)
            result = abs(product) >> places
            return wrap64(result if product >= 0 else -result)

        def run(env, states):
            for action in actions:
                action(env, states)
            pairs = zip(env[a[0]].flat, env[b[0]].flat)
            env[name] = array([scaled(x, y) for x, y in pairs]).reshape(a[1])

        return run

    def unary(self, depth, scope, text, source, shape, function):
        name = self.fresh()
        self.emit(depth, f"{name} = {text} : {tensor(source[1])} to {tensor(shape)}")
        scope.append((name, shape))

        def run(env, states):
            env[name] = array(function(env[source[0]]))

        return run

    def shape(self, depth, scope):
        source = self.value(scope)
        old = source[1]
        kind = self.rng.choice(["broadcast", "reshape", "transpose", "reduce"])
        if kind == "transpose" and len(old) >= 2:
            order = list(range(len(old)))
            self.rng.shuffle(order)
            text = f"num.transpose {source[0]} [{', '.join(map(str, order))}]"
            return self.unary(depth, scope, text, source, tuple(old[i] for i in order), lambda x: x.transpose(order))
        if kind == "reduce" and len(old) >= 1:
            axes = tuple(sorted(self.rng.sample(range(len(old)), self.rng.randint(1, len(old)))))
            rest = tuple(e for i, e in enumerate(old) if i not in axes)
            op, function = self.rng.choice([("sum", numpy.sum), ("max", numpy.max), ("min", numpy.min)])
            text = f"num.reduce {op} {source[0]} axes [{', '.join(map(str, axes))}]"
            return self.unary(depth, scope, text, source, rest, lambda x: function(x, axis=axes))
        if kind == "broadcast":
            targets = [s for s in SHAPES if len(s) >= len(old) and all(a in (1, b) for a, b in zip(old[::-1], s[::-1]))]
            if targets:
                target = self.rng.choice(targets)
                return self.unary(depth, scope, f"num.broadcast {source[0]}", source, target,
                                  lambda x: numpy.broadcast_to(x, target))
        target = self.rng.choice([s for s in SHAPES + [old] if numpy.prod(s) == numpy.prod(old)])
        return self.unary(depth, scope, f"num.reshape {source[0]}", source, target, lambda x: x.reshape(target))

    def part(self, shape):
        """Random offsets, sizes, strides, dropped axes; the shape of the part, and what to index with."""
        offsets, sizes, strides, dropped, rest, index = [], [], [], [], [], []
        for axis, extent in enumerate(shape):
            stride = self.rng.choice([1, 1, 2, -1])
            places = list(range(extent))[::stride]
            low = self.rng.randrange(len(places))
            places = places[low:self.rng.randint(low + 1, len(places))]
            drop = self.rng.random() < 0.3
            if drop:
                places = places[:1]
                dropped.append(axis)
            else:
                rest.append(len(places))
            offsets.append(places[0])
            sizes.append(len(places))
            strides.append(stride)
            index.append(places[0] if drop else slice(places[0], None if places[-1] + stride < 0 else places[-1] + stride, stride))
        return offsets, sizes, strides, dropped, tuple(rest), tuple(index)

    def dynamic(self, depth, offsets, sizes):
        """Makes some offsets of size 1 computed ones."""
        operands, actions, shown = [], [], list(offsets)
        for axis, size in enumerate(sizes):
            if size != 1 or self.rng.random() < 0.5:
                continue
            name = self.fresh()
            self.emit(depth, f"{name} = arith.constant dense<{offsets[axis]}> : tensor<i64>")
            operands.append(name)
            shown[axis] = -9223372036854775808
        listed = f"[{', '.join(operands)} : {', '.join(['tensor<i64>'] * len(operands))}]" if operands else ""
        return listed, shown

    def extract(self, depth, scope):
        source = self.value(scope)
        offsets, sizes, strides, dropped, rest, index = self.part(source[1])
        listed, shown = self.dynamic(depth, offsets, sizes)
        text = f"num.extract {source[0]} {listed} offsets {shown} sizes {sizes} strides {strides} drop {dropped}"
        return self.unary(depth, scope, text, source, rest, lambda x: x[index])

    def insert(self, depth, scope):
        dest = self.value(scope)
        offsets, sizes, strides, dropped, rest, index = self.part(dest[1])
        source, actions = self.need(depth, scope, rest)
        listed, shown = self.dynamic(depth, offsets, sizes)
        name = self.fresh()
        self.emit(depth, f"{name} = num.insert {source[0]} into {dest[0]} {listed} offsets {shown} sizes {sizes} strides {strides} "
                  f"drop {dropped} : {tensor(rest)} into {tensor(dest[1])}")
        scope.append((name, dest[1]))
        state = next((s for s, shape in STATES.items() if shape == dest[1]), None)
        store = self.set_exactly(depth, state, (name, dest[1])) if state and self.rng.random() < 0.5 else None

        def run(env, states):
            for action in actions:
                action(env, states)
            result = env[dest[0]].copy()
            result[index] = env[source[0]]
            env[name] = result
            if store:
                store(env, states)

        return run

    def set_exactly(self, depth, state, value):
        narrow = self.fresh()
        self.emit(depth, f"{narrow} = arith.trunci {value[0]} : {tensor(value[1])} to {tensor(value[1], 'i24')}")
        self.emit(depth, f"step.set @{state}, {narrow} : {tensor(value[1], 'i24')}")

        def run(env, states):
            states[state] = wrap24(env[value[0]]).copy()

        return run

    def poke(self, depth, scope):
        """v[i] = e; v[j] = f on a state, as a behaviour writes it: what is done in place."""
        state = self.rng.choice([s for s, shape in STATES.items() if len(shape) >= 1])
        shape, actions = STATES[state], []
        current = self.fresh()
        self.emit(depth, f"{current} = step.get @{state} : {tensor(shape, 'i24')}")
        first = current
        for _ in range(self.rng.randint(1, 3)):
            offsets, sizes, strides, dropped, rest, index = self.part(shape)
            source, needed = self.need(depth, scope, rest)
            narrow, result = self.fresh(), self.fresh()
            self.emit(depth, f"{narrow} = arith.trunci {source[0]} : {tensor(rest)} to {tensor(rest, 'i24')}")
            self.emit(depth, f"{result} = num.insert {narrow} into {current} offsets {offsets} sizes {sizes} strides {strides} "
                      f"drop {dropped} : {tensor(rest, 'i24')} into {tensor(shape, 'i24')}")
            actions.append((needed, source[0], index))
            current = result
        self.emit(depth, f"step.set @{state}, {current} : {tensor(shape, 'i24')}")

        def run(env, states):
            result = states[state].copy()
            for needed, source, index in actions:
                for action in needed:
                    action(env, states)
                result[index] = wrap24(env[source])
            states[state] = result

        return run

    def conditional(self, depth, scope):
        """scf.if with sets inside and, sometimes, results."""
        condition = self.need(depth, scope, ())
        flag, item, zero = self.fresh(), self.fresh(), self.fresh()
        self.emit(depth, f"{zero} = arith.constant dense<0> : tensor<i64>")
        self.emit(depth, f"{flag} = arith.cmpi sgt, {condition[0][0]}, {zero} : tensor<i64>")
        self.emit(depth, f"{item} = num.item {flag} : tensor<i1> to i1")
        shape = self.rng.choice([v[1] for v in scope])
        name = self.fresh()
        self.emit(depth, f"{name} = scf.if {item} -> ({tensor(shape)}) {{")
        branches = []
        for branch in range(2):
            inner = list(scope)
            actions = [self.statement(depth + 1, inner, False) for _ in range(self.rng.randint(1, 4))]
            result, needed = self.need(depth + 1, inner, shape)
            self.emit(depth + 1, f"scf.yield {result[0]} : {tensor(shape)}")
            self.emit(depth, "} else {" if branch == 0 else "}")
            branches.append((actions + needed, result[0]))
        scope.append((name, shape))

        def run(env, states):
            for action in condition[1]:
                action(env, states)
            actions, result = branches[0 if env[condition[0][0]] > 0 else 1]
            for action in actions:
                action(env, states)
            env[name] = env[result].copy()

        return run

    def loop(self, depth, scope):
        """scf.for that carries two arrays, which it may exchange."""
        shape = self.rng.choice([(4,), (3, 4), (12,), ()])
        first, actions = self.need(depth, scope, shape)
        second, more = self.need(depth, scope, shape)
        actions = actions + more
        count = self.rng.randint(0, 3)
        names = [self.fresh() for _ in range(7)]
        low, high, step, counter, a, b, pair = names
        self.emit(depth, f"{low} = arith.constant 0 : i64")
        self.emit(depth, f"{high} = arith.constant {count} : i64")
        self.emit(depth, f"{step} = arith.constant 1 : i64")
        self.emit(depth, f"{pair}:2 = scf.for {counter} = {low} to {high} step {step} iter_args({a} = {first[0]}, {b} = {second[0]}) -> "
                  f"({tensor(shape)}, {tensor(shape)}) : i64 {{")
        number = self.fresh()
        self.emit(depth + 1, f"{number} = num.from_scalar {counter} : i64 to tensor<i64>")
        inner = list(scope) + [(a, shape), (b, shape), (number, ())]
        body = [self.statement(depth + 1, inner, False) for _ in range(self.rng.randint(0, 4))]
        next_a, needed = self.need(depth + 1, inner, shape)
        next_b, needed_b = self.need(depth + 1, inner, shape)
        if self.rng.random() < 0.6:
            next_a, next_b = (b, shape), (a, shape)
        self.emit(depth + 1, f"scf.yield {next_a[0]}, {next_b[0]} : {tensor(shape)}, {tensor(shape)}")
        self.emit(depth, "}")
        scope += [(f"{pair}#0", shape), (f"{pair}#1", shape)]
        stores = [self.set_exactly(depth, state, value) for state, value in zip([s for s in STATES if STATES[s] == shape], scope[-2:])]

        def run(env, states):
            for action in actions:
                action(env, states)
            env[a], env[b] = env[first[0]].copy(), env[second[0]].copy()
            for k in range(count):
                env[number] = numpy.array(k, dtype=numpy.int64)
                for action in body + needed + needed_b:
                    action(env, states)
                env[a], env[b] = env[next_a[0]].copy(), env[next_b[0]].copy()
            env[f"{pair}#0"], env[f"{pair}#1"] = env[a], env[b]
            for store in stores:
                store(env, states)

        return run

    def statement(self, depth, scope, nested=True):
        if not scope:
            return self.get(depth, scope)
        kinds = [self.get, self.get, self.set, self.set, self.set, self.move, self.binary, self.binary, self.scale, self.shape,
                 self.shape, self.extract, self.insert, self.poke]
        if nested:
            kinds += [self.conditional, self.loop, self.loop]
        return self.rng.choice(kinds)(depth, scope)

    def build(self):
        self.emit(0, "step.program @net {")
        for name, shape in STATES.items():
            self.emit(1, f"step.state @{name} : {tensor(shape, 'si24')} = dense<0> : {tensor(shape, 'i24')}")
        self.emit(1, "step.phase spk {")
        actions, scope = [], []
        for task in range(4):
            header = len(self.lines)
            self.emit(2, "")
            inner, body = list(scope), []
            for _ in range(self.rng.randint(4, 14)):
                body.append(self.statement(3, inner))
            made = [v for v in inner if v not in scope]
            sent = self.rng.sample(made, min(len(made), self.rng.randint(0, 2)))
            results = [self.fresh() for _ in sent]
            names = ", ".join(v[0] for v in sent)
            types = ", ".join(tensor(v[1]) for v in sent)
            self.emit(3, f"step.yield {names} : {types}" if sent else "step.yield")
            self.emit(2, "}")
            arrow = f" -> {types}" if sent else ""
            self.lines[header] = f"    {', '.join(results) + ' = ' if sent else ''}step.task \"t{task}\" of \"T\"{arrow} {{"
            scope += [(result, v[1]) for result, v in zip(results, sent)]
            actions.append((body, list(zip(results, [v[0] for v in sent]))))
        self.emit(1, "}")
        self.emit(1, "step.phase post_mgmt {")
        self.emit(2, 'step.task "watch" of "W" {')
        for index, (name, shape) in enumerate(STATES.items()):
            self.emit(3, f"%s{index} = step.get @{name} : {tensor(shape, 'i24')}")
            self.emit(3, f"%w{index} = arith.extsi %s{index} : {tensor(shape, 'i24')} to {tensor(shape)}")
            self.emit(3, f'proc.print "{name} {{}}" (%w{index} : {tensor(shape)})')
        self.emit(3, "step.yield")
        self.emit(2, "}")
        self.emit(1, "}")
        self.emit(0, "}")
        return actions


def wrap64(number):
    return ((number + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)


def wrap24(values):
    return array(((values + (1 << 23)) & ((1 << 24) - 1)) - (1 << 23))


def expected(actions):
    states = {name: numpy.zeros(shape, dtype=numpy.int64) for name, shape in STATES.items()}
    lines = []
    for _ in range(STEPS):
        env = {}
        for body, sent in actions:
            for action in body:
                action(env, states)
            for result, value in sent:
                env[result] = env[value].copy()
        lines += [f"{name} {states[name]}" for name in STATES]
    return lines


def main():
    program = Program(int(sys.argv[1]))
    actions = program.build()
    numpy.seterr(all="ignore")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write("\n".join(program.lines) + "\n")
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        file.write("\n".join(expected(actions)) + "\n")


if __name__ == "__main__":
    main()
